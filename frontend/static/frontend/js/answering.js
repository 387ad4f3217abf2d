/**
 * An answering page that saves by itself: each answer 0.6 s after a choice, texts when
 * typing pauses or the field is left. Without this script the page is a plain form.
 */
import { clock } from "./clock.js";
import { askWhich } from "./conflict.js";
import { isUploading, manageEvidence, showStrength } from "./evidence.js";
import { listenToKeys } from "./keys.js";
import { contentOf, Outbox } from "./outbox.js";
import { Question } from "./question.js";
import { resolve } from "./rules.js";
import { saveAnswer } from "./server.js";

const CHOICE_DELAY = 600;
const TYPING_DELAY = 1500;

const data = json("page-data");
const words = json("page-words");
const form = document.getElementById("answers");
const stateLine = document.getElementById("save-state");
// Computed figures take no answer; rules still read them from data.questions.
const questions = data.questions
  .filter((spec) => spec.kind !== "calculated")
  .map((spec) => new Question(document.getElementById(`q-${spec.id}`), spec, words));
const byId = new Map(questions.map((question) => [question.id, question]));
const done = new Set(data.done);
const timers = new Map();
const problems = new Map();
let leaving = "";
let isLeaving = false;

const outbox = new Outbox({
  send: (id, flight) => saveAnswer(data, id, flight),
  onChange: showState,
  onSaved: noteSaved,
  onConflict: askAboutConflict,
  onRefused: (id, errors, isNewer) => isNewer || refuse(byId.get(id), ...errors[0]),
});

function json(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/* --- From the controls to the outbox ------------------------------------------- */

function changed(question, delay) {
  leaving = "";
  question.refresh();
  showFollowUps();
  clearTimeout(timers.get(question.id));
  timers.set(question.id, setTimeout(() => queue(question), delay));
  showState();
}

/** Hands a question to the outbox; with `strict` also says what is wrong with it. */
function queue(question, strict = false) {
  clearTimeout(timers.get(question.id));
  timers.delete(question.id);
  const { content, control, problem } = question.read();
  if (content) {
    if (problems.delete(question.id)) question.complain();
    outbox.put(question.id, content);
  } else {
    outbox.drop(question.id);
    problems.set(question.id, problem);
    if (strict || isLeft(question, control)) question.complain(control, problem);
  }
  showState();
}

/** Whether the person has left the control: nobody is corrected while typing. */
function isLeft(question, control) {
  return !question.target(control).contains(document.activeElement) && control !== "reason";
}

function refuse(question, control, message) {
  problems.set(question.id, message);
  question.complain(control, message);
}

for (const question of questions) {
  question.article.addEventListener("input", ({ target }) => {
    if (target.type === "file" || target.name?.startsWith("keep-")) return;
    const isChoice = target.type === "radio" || target.type === "checkbox";
    changed(question, isChoice ? CHOICE_DELAY : TYPING_DELAY);
  });
  question.article.addEventListener("change", ({ target }) => {
    const isChoice = target.type === "radio" || target.type === "checkbox";
    if (isChoice && target.value.endsWith("not_applicable")) question.field("reason")?.focus();
    showStrength(question, words);
  });
  // A date being typed changes with every digit of its year: wait for the end.
  question.article.addEventListener("focusout", ({ target }) => {
    const isTyped = target.matches("textarea, input:not([type=radio], [type=checkbox])");
    if (isTyped && timers.has(question.id)) queueMicrotask(() => queue(question));
  });
  question.body.querySelector("[data-clear]").addEventListener("click", (event) => {
    event.preventDefault();
    const { note, document } = { note: question.line("note"), document: question.line("document") };
    question.write({ state: "unanswered", note, document });
    question.focus();
    changed(question, 0);
  });
}

/** An answer of an earlier assessment is confirmed by saving it as it stands. */
function confirm(question) {
  const { content, control, problem } = question.read();
  clearTimeout(timers.get(question.id));
  timers.delete(question.id);
  if (content) outbox.put(question.id, content, { confirms: true });
  else refuse(question, control, problem);
}

for (const question of questions) {
  question.confirmation?.querySelector("[data-confirm]").addEventListener("click", (event) => {
    event.preventDefault();
    confirm(question);
  });
}

/** The data sheet's value is put into the control and saved like a typed one. */
for (const question of questions) {
  question.body.querySelector("[data-adopt]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const { note, document } = { note: question.line("note"), document: question.line("document") };
    question.write({ ...question.adopted(event.currentTarget.dataset.adopt), note, document });
    event.currentTarget.closest("[data-suggestion]").remove();
    question.focus();
    changed(question, 0);
  });
}

/* --- Which questions are asked -------------------------------------------------- */

function showFollowUps() {
  const answers = Object.fromEntries(questions.map((q) => [q.id, q.ruleValue()]));
  const { states } = resolve(data.questions, data.values, answers);
  show((id) => states[id]);
}

function show(stateOf) {
  let appeared = 0;
  for (const question of questions) {
    const state = stateOf(question.id);
    if (question.show(state) && state === "applies") appeared += 1;
  }
  if (appeared) announce(words.appeared.replace("{number}", appeared));
}

/** The server's word counts as soon as it knows everything that is typed here. */
function obey({ applicable, unknown }) {
  if (!outbox.isEmpty || timers.size) return;
  const applies = new Set(applicable);
  const isUnknown = new Set(unknown);
  show((id) => (applies.has(id) ? "applies" : isUnknown.has(id) ? "unknown" : "hidden"));
}

/* --- From the server ------------------------------------------------------------ */

function noteSaved(id, content, body) {
  const isDone =
    content.state !== "unanswered" && !(content.state === "not_occurred" && content.value === null);
  if (isDone) done.add(id);
  else done.delete(id);
  stateLine.dataset.time = clock(body.answer.updated_at);
  byId.get(id).confirmed();
  showProgress(body);
  queueMicrotask(() => obey(body));
}

function showProgress({ progress, applicable }) {
  const whole = document.getElementById("whole");
  const text = document.getElementById("whole-text");
  whole.max = progress.total || 1;
  whole.value = progress.done;
  whole.classList.toggle("is-done", progress.done === progress.total);
  const figures = [progress.done, progress.total];
  text.textContent = text.textContent.replace(/\d+/g, (number) => figures.shift() ?? number);
  const applies = new Set(applicable);
  for (const note of document.querySelectorAll("[data-section]")) {
    const asked = data.sections[note.dataset.section].filter((id) => applies.has(id));
    const answered = asked.filter((id) => done.has(id));
    note.textContent = asked.length ? `${answered.length} / ${asked.length}` : "";
  }
}

let asking = false;

async function askAboutConflict(id) {
  if (asking) return;
  asking = true;
  const entry = outbox.entries.get(id);
  const question = byId.get(id);
  const mine = question.read().content ?? entry.waiting;
  const choice = await askWhich(question, mine, entry.conflict, words);
  asking = false;
  if (choice === "mine") outbox.settle(id, mine);
  if (choice === "theirs") {
    question.write(contentOf(entry.conflict));
    clearTimeout(timers.get(id));
    timers.delete(id);
    problems.delete(id);
    question.complain();
    outbox.settle(id, null);
    showFollowUps();
  }
  if (choice && outbox.conflicts.length) askAboutConflict(outbox.conflicts[0]);
}

/* --- The state in words ---------------------------------------------------------- */

function showState() {
  document.getElementById("signed-out").hidden = !outbox.signedOut;
  const [state, text] = stateAndText();
  if (stateLine.textContent !== text) stateLine.textContent = text;
  stateLine.dataset.state = state;
  if (leaving && state === "saved" && outbox.isEmpty) leave();
}

function stateAndText() {
  if (outbox.stopped) return ["failed", words[outbox.stopped]];
  if (outbox.signedOut) return ["failed", words.signed_out];
  if (outbox.conflicts.length) return ["failed", words.conflict];
  if (outbox.isRetrying) return ["failed", words.retrying];
  if (problems.size) return ["failed", words.invalid.replace("{number}", problems.size)];
  if (!outbox.isEmpty || timers.size) return ["saving", words.saving];
  const { time } = stateLine.dataset;
  return ["saved", time ? words.saved.replace("{time}", time) : ""];
}

function announce(text) {
  document.getElementById("announce").textContent = text;
}

/* --- Leaving the page ------------------------------------------------------------ */

function isUnsaved() {
  return !outbox.isEmpty || timers.size > 0 || problems.size > 0 || isUploading();
}

function leave() {
  isLeaving = true;
  location.assign(leaving);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  for (const question of questions) {
    if (question.applies && (timers.has(question.id) || problems.has(question.id))) {
      queue(question, true);
    }
  }
  const [wrong] = questions.filter((q) => q.applies && problems.has(q.id));
  if (outbox.conflicts.length) {
    askAboutConflict(outbox.conflicts[0]);
  } else if (wrong) {
    const { control } = wrong.read();
    wrong.target(control ?? "value").focus();
  } else {
    leaving = event.submitter?.value === "next" ? data.next_url : "";
    outbox.wake();
    showState();
  }
});

window.addEventListener("beforeunload", (event) => {
  if (!isUnsaved() || isLeaving) return;
  for (const question of questions) if (timers.has(question.id)) queue(question);
  event.preventDefault();
});

window.addEventListener("online", () => outbox.wake());
for (const name of ["focus", "pageshow"]) {
  window.addEventListener(name, () => outbox.signedOut && outbox.wake());
}

/* --- Start ------------------------------------------------------------------------ */

function start() {
  stateLine.dataset.time = stateLine.textContent.match(/\d\d:\d\d/)?.[0] ?? "";
  for (const question of questions) {
    outbox.know(question.id, question.revision, question.read().content ?? { state: "" });
    manageEvidence(question, {
      data,
      words,
      onSignedOut: () => {
        document.getElementById("signed-out").hidden = false;
      },
    });
  }
  for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;
  listenToKeys(questions, { onChosen: (q) => changed(q, CHOICE_DELAY), announce, words });
}

start();
