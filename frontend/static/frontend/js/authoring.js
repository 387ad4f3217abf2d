/** The editor of a bank's part: checks what is typed, soon after the typing stops. */
const DELAY = 600;
const TIMEOUT = 20000;

const form = document.getElementById("part-form");
const state = document.getElementById("lint-state");
const list = document.getElementById("lint-list");
const preview = document.getElementById("preview");
const ICON = { error: "problem", warning: "attention" };

let timer = 0;
let running = null;

/** Returns the icon the page itself uses for that severity, if it shows one. */
function iconFor(severity) {
  const shown = document.querySelector(`template[data-icon="${ICON[severity]}"]`);
  return shown ? shown.content.cloneNode(true) : document.createTextNode("");
}

function line(problem) {
  const shown = document.createElement("p");
  shown.className = `lint lint-${problem.severity}`;
  const text = document.createElement("span");
  text.textContent = [problem.text, problem.hint].filter(Boolean).join(" ");
  shown.append(iconFor(problem.severity), text);
  return shown;
}

function entry(problem) {
  const item = document.createElement("li");
  item.className = `lint-${problem.severity}`;
  if (!document.getElementById(problem.control)) {
    item.textContent = problem.text;
    return item;
  }
  const link = document.createElement("a");
  link.href = `#${problem.control}`;
  link.textContent = problem.text;
  item.append(link);
  return item;
}

/** Shows the problems at their controls, in the list and in one sentence. */
function show(found) {
  for (const place of form.querySelectorAll(".lint-lines")) {
    const own = found.problems.filter((p) => `lint-${p.control}` === place.id);
    place.replaceChildren(...own.map(line));
    const field = place.closest(".control");
    const wrong = own.some((p) => p.severity === "error");
    field.classList.toggle("has-error", wrong);
    const control = field.querySelector("input, select, textarea");
    if (wrong) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
  list.replaceChildren(...found.problems.map(entry));
  if (state.textContent !== found.summary) state.textContent = found.summary;
  if (preview && found.preview) showPreview(found.preview);
}

/** The preview is the server's own template; open parts stay open. */
function showPreview(html) {
  const open = [...preview.querySelectorAll("details")].map((part) => part.open);
  preview.innerHTML = html;
  preview.querySelectorAll("details").forEach((part, at) => {
    part.open = open[at] ?? part.open;
  });
}

/** Asks the server; null when there is no answer or a later question was asked. */
async function ask() {
  running?.abort();
  running = new AbortController();
  const signal = AbortSignal.any([running.signal, AbortSignal.timeout(TIMEOUT)]);
  try {
    const response = await fetch(form.dataset.lintUrl, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      redirect: "error",
      signal,
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** Without an answer the last word stays: saving checks again. */
async function check() {
  const found = await ask();
  if (found) show(found);
}

function checkSoon() {
  clearTimeout(timer);
  timer = setTimeout(check, DELAY);
}

/** Whether something was typed, or put back by the browser, before this ran. */
function isTouched() {
  const texts = [...form.querySelectorAll("input[type=text], textarea")];
  return texts.some((control) => control.value !== control.defaultValue);
}

form.addEventListener("input", checkSoon);
if (isTouched()) checkSoon();
