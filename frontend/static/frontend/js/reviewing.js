/**
 * Keys of the split view: n and p go to the next and previous open question, 1–4
 * choose a verdict, j and k turn the pages of a PDF, ? shows the keys. They are silent while something is typed, and
 * can be switched off. Without this module the page works by links and radios.
 */
const SWITCH = "keys-off";
const TYPING = "textarea, select, input:not([type=radio], [type=checkbox])";
const VERDICTS = ["agree", "partly", "disagree", "evidence_insufficient"];

const dialog = document.getElementById("keys");
const toggle = document.getElementById("keys-on");
const opener = document.getElementById("keys-open");

opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());
toggle.checked = sessionStorage.getItem(SWITCH) === null;
toggle.addEventListener("change", () => {
  if (toggle.checked) sessionStorage.removeItem(SWITCH);
  else sessionStorage.setItem(SWITCH, "1");
});

function isFree(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (document.querySelector("dialog[open]")) return false;
  return !event.target.matches(TYPING);
}

function choose(verdict) {
  const radio = document.querySelector(`#mark input[name=verdict][value=${verdict}]`);
  if (!radio) return;
  radio.checked = true;
  radio.focus();
}

document.addEventListener("keydown", (event) => {
  if (!toggle.checked || !isFree(event)) return;
  if (event.key === "?") dialog.showModal();
  else if (/^[npjk]$/.test(event.key)) {
    document.querySelector(`a[data-key=${event.key}]:not([hidden])`)?.click();
  } else if (/^[1-4]$/.test(event.key)) choose(VERDICTS[Number(event.key) - 1]);
  else return;
  event.preventDefault();
});
