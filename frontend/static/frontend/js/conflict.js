/** The dialog that shows two versions of one answer and asks which to keep. */
import { clock } from "./clock.js";

const dialog = document.getElementById("conflict");

/** Resolves to "mine", "theirs", or "" when the person closes the dialog. */
export function askWhich(question, mine, current, words) {
  const said = [question.say(current), question.say(mine)];
  const [theirs, own] = said.map((rows, side) => different(rows, said[1 - side]));
  dialog.querySelector("[data-question-text]").textContent = question.spec.text;
  dialog.querySelector("[data-time]").textContent = clock(current.updated_at);
  fill("[data-theirs]", theirs, own, words);
  fill("[data-mine]", own, theirs, words);
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.onclick = ({ target }) => target.matches("button") && dialog.close(target.value);
    dialog.onclose = () => resolve(dialog.returnValue);
    dialog.showModal();
  });
}

/** Leaves out what both sides say alike: it needs no choice. */
function different(rows, others) {
  const theirs = new Map(others);
  return rows.filter(([label, text]) => theirs.get(label) !== text);
}

/** Lists rows; a row that only the other side has is shown as not filled in. */
function fill(selector, rows, others, words) {
  const list = dialog.querySelector(selector);
  const labels = new Set([...rows, ...others].map(([label]) => label));
  const texts = new Map(rows);
  list.replaceChildren();
  for (const label of labels) {
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    term.textContent = label;
    text.textContent = texts.get(label) ?? words.nothing;
    list.append(term, text);
  }
}
