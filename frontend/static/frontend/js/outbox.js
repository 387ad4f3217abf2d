/**
 * Answers on their way to the server: in memory only, one request at a time.
 *
 * A request that got no answer is repeated with the same key until the server says
 * what became of it; what was typed meanwhile waits and goes next. `send(id, flight)`
 * resolves to {kind: "saved", revision, body} | {kind: "conflict", current} |
 * {kind: "refused", errors} | {kind: "retry", after} | {kind: "signed-out"} |
 * {kind: "stopped", reason}.
 */
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30000;
const SIGN_IN_DELAY = 15000;

export class Outbox {
  constructor({ send, onChange, onSaved, onConflict, onRefused }) {
    this.send = send;
    this.listeners = { onChange, onSaved, onConflict, onRefused };
    this.entries = new Map();
    this.flight = null;
    this.sending = false;
    this.failures = 0;
    this.timer = null;
    this.signedOut = false;
    this.stopped = "";
  }

  /** Registers a question with the revision and content the page was made with. */
  know(id, revision, content) {
    this.entries.set(id, { revision, saved: text(content), waiting: null, conflict: null });
  }

  /**
   * Queues the newest content of a question; what is saved already is dropped, unless
   * saving it again is what the person wants: that confirms it.
   */
  put(id, content, { confirms = false } = {}) {
    const entry = this.entries.get(id);
    const inFlight = this.flight?.id === id ? text(this.flight.content) : null;
    const isSame = text(content) === (inFlight ?? entry.saved);
    entry.waiting = isSame && !confirms ? null : content;
    this.listeners.onChange();
    if (!entry.conflict) this.pump();
  }

  /** Takes back what was queued for a question and isn't on its way yet. */
  drop(id) {
    const entry = this.entries.get(id);
    if (!entry.conflict) entry.waiting = null;
    this.listeners.onChange();
  }

  /** Settles a conflict: `content` is what the person keeps, null for the stored. */
  settle(id, content) {
    const entry = this.entries.get(id);
    const current = entry.conflict;
    entry.conflict = null;
    entry.revision = current.revision;
    entry.saved = text(contentOf(current));
    entry.waiting = null;
    if (content) this.put(id, content);
    this.listeners.onChange();
    this.pump();
  }

  /** Tries again at once, for instance when the network or the sign-in is back. */
  wake() {
    clearTimeout(this.timer);
    this.timer = null;
    this.pump();
  }

  get conflicts() {
    return [...this.entries].filter(([, entry]) => entry.conflict).map(([id]) => id);
  }

  get isEmpty() {
    const waits = [...this.entries.values()].some((e) => e.waiting || e.conflict);
    return !this.flight && !waits;
  }

  get isRetrying() {
    return this.failures > 0;
  }

  async pump() {
    if (this.sending || this.timer || this.stopped) return;
    this.flight ??= this.next();
    if (!this.flight) return;
    this.sending = true;
    this.listeners.onChange();
    const { id, ...flight } = this.flight;
    const outcome = await this.send(id, flight);
    this.sending = false;
    this.handle(id, outcome);
    this.listeners.onChange();
    this.pump();
  }

  next() {
    for (const [id, entry] of this.entries) {
      if (!entry.waiting || entry.conflict) continue;
      const content = entry.waiting;
      entry.waiting = null;
      return { id, content, revision: entry.revision, key: newKey() };
    }
    return null;
  }

  handle(id, outcome) {
    if (outcome.kind === "retry" || outcome.kind === "signed-out") {
      this.signedOut = outcome.kind === "signed-out";
      this.delay(this.signedOut ? SIGN_IN_DELAY : outcome.after);
      return;
    }
    if (outcome.kind === "stopped") {
      this.stopped = outcome.reason;
      return;
    }
    const { content } = this.flight;
    this.flight = null;
    this.failures = 0;
    this.signedOut = false;
    const entry = this.entries.get(id);
    if (outcome.kind === "saved") {
      this.accept(id, entry, content, outcome);
    } else if (outcome.kind === "refused") {
      this.listeners.onRefused(id, outcome.errors, entry.waiting !== null);
    } else {
      this.oppose(id, entry, content, outcome.current);
    }
  }

  accept(id, entry, content, outcome) {
    entry.revision = outcome.revision;
    entry.saved = text(content);
    if (entry.waiting && text(entry.waiting) === entry.saved) entry.waiting = null;
    this.listeners.onSaved(id, content, outcome.body);
  }

  /** Somebody else was first: harmless when they saved the very same. */
  oppose(id, entry, content, current) {
    const mine = entry.waiting ?? content;
    if (text(contentOf(current)) === text(mine)) {
      entry.revision = current.revision;
      entry.saved = text(mine);
      entry.waiting = null;
      return;
    }
    entry.waiting = mine;
    entry.conflict = current;
    this.listeners.onConflict(id, mine, current);
  }

  delay(after) {
    this.failures += 1;
    const backoff = FIRST_DELAY * 2 ** Math.min(this.failures - 1, 5);
    const jitter = 1 + Math.random() / 4;
    const wait = after || Math.min(backoff, LONGEST_DELAY) * jitter;
    this.timer = setTimeout(() => this.wake(), wait);
  }
}

/** Returns what a stored answer says, in the shape in which answers are sent. */
export function contentOf({ state, value, reason, note, document }) {
  const said = { state };
  if (state === "answered" || state === "not_occurred") said.value = value;
  if (state === "not_applicable") said.reason = reason;
  return { ...said, note, document };
}

/** Returns one text for a content, whatever the order of its keys. */
export function text(content) {
  return JSON.stringify(content, Object.keys(content).sort());
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
