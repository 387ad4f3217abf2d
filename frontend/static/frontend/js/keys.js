/**
 * Keys: 1–5 choose level 0–4, n goes to the next unanswered question, ? shows the
 * keys. They are silent while something is typed, and can be switched off.
 */
const SWITCH = "keys-off";
const TYPING = "textarea, select, input:not([type=radio], [type=checkbox], [type=file])";

export function listenToKeys(questions, { onChosen, announce, words }) {
  const dialog = document.getElementById("keys");
  const toggle = document.getElementById("keys-on");
  toggle.checked = sessionStorage.getItem(SWITCH) === null;
  toggle.addEventListener("change", () => {
    if (toggle.checked) sessionStorage.removeItem(SWITCH);
    else sessionStorage.setItem(SWITCH, "1");
    if (!toggle.checked) announce(words.keys_off);
  });
  document.getElementById("keys-open").addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || !isFree(event)) return;
    if (event.key === "?") dialog.showModal();
    else if (event.key === "n") goToNext(questions, announce, words);
    else if (/^[1-5]$/.test(event.key)) choose(questions, Number(event.key) - 1, onChosen);
    else return;
    event.preventDefault();
  });
}

function isFree(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (document.querySelector("dialog[open]")) return false;
  return !event.target.matches(TYPING);
}

function shown(questions) {
  return questions.filter((question) => question.applies);
}

function focused(questions) {
  return shown(questions).find((q) => q.article.contains(document.activeElement));
}

/** The focused question, else the first level question that is in view. */
function current(questions) {
  const inView = (q) => q.article.getBoundingClientRect().bottom > 120;
  const levels = shown(questions).filter((q) => q.kind === "level");
  return focused(questions) ?? levels.find(inView);
}

function choose(questions, level, onChosen) {
  const question = current(questions);
  const radio = question?.inputs.find((input) => input.value === String(level));
  if (question?.kind !== "level" || !radio) return;
  radio.checked = true;
  radio.focus({ preventScroll: true });
  question.article.scrollIntoView({ block: "nearest" });
  onChosen(question);
}

function goToNext(questions, announce, words) {
  const all = shown(questions);
  const here = all.indexOf(focused(questions));
  const order = [...all.slice(here + 1), ...all.slice(0, here + 1)];
  const next = order.find((question) => question.spec.asked && !question.isAnswered);
  if (next) next.focus();
  else {
    announce(words.all_answered);
    document.querySelector("button[name=then][value=next]").focus();
  }
}
