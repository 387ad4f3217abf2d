/**
 * One question on the page: reads and writes its controls, shows and hides it.
 * The server reads the same controls in frontend/pages/answering/typed.py.
 */
const NUMBER = /^[+-]?\d{1,15}(\.\d{1,6})?$/;
const DATE = /^(19|2[01])\d{2}-\d{2}-\d{2}$/;
const RADIO_KINDS = ["level", "yesno", "choice"];

export class Question {
  constructor(article, spec, words) {
    this.article = article;
    this.spec = spec;
    this.id = spec.id;
    this.kind = spec.kind;
    this.words = words;
    this.body = article.querySelector("[data-body]");
    this.inputs = [...this.body.querySelectorAll(`[name="a-${this.id}"]`)];
    this.states = [...this.body.querySelectorAll(`[name="state-${this.id}"]`)];
  }

  get revision() {
    return Number(this.field("revision").value);
  }

  get applies() {
    return this.article.dataset.state === "applies";
  }

  get isAnswered() {
    const { content } = this.read();
    const isHalf = content?.state === "not_occurred" && content.value === null;
    return !content || (content.state !== "unanswered" && !isHalf);
  }

  /** What asks for the confirmation of a carried answer, null when nothing does. */
  get confirmation() {
    return this.body.querySelector("[data-to-confirm]");
  }

  /** Takes the request away: any save confirms. */
  confirmed() {
    const hadFocus = this.confirmation?.contains(document.activeElement);
    this.confirmation?.remove();
    if (hadFocus) this.focus();
  }

  field(name) {
    return this.body.querySelector(`#${name}-${this.id}, [name="${name}-${this.id}"]`);
  }

  /** Returns {content} ready to send, or {control, problem} when it can't be. */
  read() {
    const texts = { note: this.line("note"), document: this.line("document") };
    const states = this.chosenStates();
    const outside = states.filter((state) => state !== "not_occurred");
    const { value, problem } = this.value();
    const isTyped = problem || value !== null;
    if (outside.length > 1 || (outside.length && isTyped && !this.isRadio)) {
      return { control: "value", problem: this.words.both };
    }
    if (outside[0] === "not_applicable") {
      const reason = this.line("reason");
      if (!reason) return { control: "reason", problem: this.words.reason };
      return { content: { state: "not_applicable", reason, ...texts } };
    }
    if (outside[0]) return { content: { state: outside[0], ...texts } };
    if (problem) return { control: "value", problem };
    if (states.includes("not_occurred")) {
      return { content: { state: "not_occurred", value, ...texts } };
    }
    if (value === null) return { content: { state: "unanswered", ...texts } };
    return { content: { state: "answered", value, ...texts } };
  }

  get isRadio() {
    return RADIO_KINDS.includes(this.kind);
  }

  line(name) {
    const field = this.field(name);
    return field ? field.value.replace(/\r\n/g, "\n").trim().normalize("NFC") : "";
  }

  chosenStates() {
    const ticked = this.states.filter((box) => box.checked).map((box) => box.value);
    const radio = this.inputs.find((i) => i.checked && i.value.startsWith("~"));
    return radio ? [...ticked, radio.value.slice(1)] : ticked;
  }

  value() {
    if (this.kind === "choices") {
      const ids = this.inputs.filter((box) => box.checked).map((box) => box.value);
      return { value: ids.length ? ids.sort() : null };
    }
    if (this.isRadio) return { value: this.radioValue() };
    const typed = this.inputs[0]?.value.trim() ?? "";
    if (this.inputs[0]?.validity.badInput) return { value: null, problem: this.words.date };
    if (!typed) return { value: null };
    if (this.kind === "number") return this.numberValue(typed);
    if (this.kind === "date" && !DATE.test(typed)) {
      return { value: null, problem: this.words.date };
    }
    return { value: typed.replace(/\r\n/g, "\n").normalize("NFC") };
  }

  radioValue() {
    const chosen = this.inputs.find((i) => i.checked && !i.value.startsWith("~"));
    if (!chosen) return null;
    if (this.kind === "level") return Number(chosen.value);
    return this.kind === "yesno" ? chosen.value === "yes" : chosen.value;
  }

  numberValue(typed) {
    const plain = typed.normalize("NFKC").replace(/[, ]/g, "");
    if (!NUMBER.test(plain)) return { value: null, problem: this.words.number };
    return { value: Number(plain) };
  }

  /** Returns what rules read: the value, {na: true}, or null for unknown. */
  ruleValue() {
    const { content } = this.read();
    if (!content) return null;
    if (content.state === "not_applicable") return { na: true };
    if (content.state === "dont_know") return this.kind === "level" ? 0 : null;
    return content.value ?? null;
  }

  /** Puts a content into the controls. */
  write(content) {
    const wanted = new Set(this.rawValues(content.value ?? null));
    for (const input of this.inputs) {
      if (input.type === "radio" || input.type === "checkbox") {
        input.checked = wanted.has(input.value) || input.value === `~${content.state}`;
      } else {
        input.value = [...wanted][0] ?? "";
      }
    }
    for (const box of this.states) box.checked = box.value === content.state;
    for (const name of ["reason", "note", "document"]) {
      const field = this.field(name);
      if (field) field.value = content[name] ?? "";
    }
    this.refresh();
  }

  /** Returns the content that a raw value of the data sheet stands for. */
  adopted(raw) {
    const value = { yesno: raw === "yes", number: Number(raw) }[this.kind] ?? raw;
    return { state: "answered", value };
  }

  rawValues(value) {
    if (value === null) return [];
    if (this.kind === "yesno") return [value ? "yes" : "no"];
    return Array.isArray(value) ? value : [String(value)];
  }

  /** Shows, hides or parks the question: "applies", "hidden" or "unknown". */
  show(state) {
    if (this.article.dataset.state === state) return false;
    this.article.dataset.state = state;
    this.article.hidden = state === "hidden";
    this.article.querySelector("[data-waits]").hidden = state !== "unknown";
    this.body.hidden = this.body.disabled = state !== "applies";
    return true;
  }

  /** Brings what depends on the controls up to date. */
  refresh() {
    const { content } = this.read();
    const clear = this.body.querySelector("[data-clear]");
    clear.hidden = content?.state === "unanswered";
  }

  /** Shows a message at a control, or takes all messages away. */
  complain(control = "", message = "") {
    for (const old of this.body.querySelectorAll("[data-complaint]")) old.remove();
    for (const marked of this.body.querySelectorAll("[data-complained]")) {
      marked.removeAttribute("aria-invalid");
      marked.removeAttribute("data-complained");
      const ids = (marked.getAttribute("aria-describedby") ?? "").split(" ");
      const rest = ids.filter((id) => id !== `complaint-${this.id}`).join(" ");
      if (rest) marked.setAttribute("aria-describedby", rest);
      else marked.removeAttribute("aria-describedby");
    }
    this.article.classList.toggle("has-error", Boolean(message));
    if (message) this.mark(control, message);
  }

  mark(control, message) {
    const row = document.getElementById("error-row").content.cloneNode(true);
    const text = row.firstElementChild;
    text.dataset.complaint = control;
    text.id = `complaint-${this.id}`;
    text.querySelector("[data-text]").textContent = message;
    const target = this.target(control);
    const group = target.closest(".with-unit") ?? target;
    if (target.tagName === "FIELDSET") target.querySelector("legend").after(text);
    else group.before(text);
    target.closest("details")?.setAttribute("open", "");
    if (target.tagName !== "FIELDSET") target.setAttribute("aria-invalid", "true");
    target.dataset.complained = "";
    const known = target.getAttribute("aria-describedby");
    target.setAttribute("aria-describedby", `${known ? `${known} ` : ""}${text.id}`);
  }

  target(control) {
    return (control !== "value" && this.field(control)) || this.body.querySelector(`#a-${this.id}`);
  }

  /** Moves the focus to the first control of the answer. */
  focus() {
    const chosen = this.inputs.find((input) => input.checked) ?? this.inputs[0];
    (chosen ?? this.article).focus();
    this.article.scrollIntoView({ block: "nearest" });
  }

  /** Returns rows [label, text] that say a content in words. */
  say(content) {
    const words = this.words;
    const rows = [[words.answer, this.sayAnswer(content)]];
    if (content.document) rows.push([words.document, content.document]);
    if (content.note) rows.push([words.note, content.note]);
    return rows;
  }

  sayAnswer({ state, value, reason }) {
    const words = this.words;
    if (state === "unanswered") return words.unanswered;
    if (state === "dont_know") return words.dont_know;
    if (state === "not_applicable") return words.not_applicable.replace("{reason}", reason);
    const said = this.rawValues(value ?? null).map((raw) => this.sayValue(raw));
    const text = said.join(words.list_comma) || words.unanswered;
    return state === "not_occurred" ? words.not_occurred.replace("{level}", text) : text;
  }

  sayValue(raw) {
    const input = this.inputs.find((i) => i.value === raw && i.type !== "text");
    const label = input?.closest("label");
    if (!label) return `${raw} ${this.body.querySelector(".unit")?.textContent ?? ""}`.trim();
    const anchor = label.querySelector(".scale-anchor");
    return anchor ? `${raw} · ${anchor.textContent}` : label.textContent.trim();
  }
}
