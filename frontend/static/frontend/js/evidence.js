/** Evidence files: several at once, by choosing or dropping, with progress. */
import { removeFile, sendFile } from "./server.js";

let uploads = 0;

/** Returns whether a file is on its way. */
export function isUploading() {
  return uploads > 0;
}

export function manageEvidence(question, { data, words, onSignedOut }) {
  const area = question.body.querySelector("[data-upload]");
  if (!area) return;
  const context = { area, question, data, words, onSignedOut };
  const drop = area.querySelector("[data-file-drop]");
  const input = area.querySelector("input[type=file]");
  area.querySelector("[data-without-script]").hidden = true;
  input.addEventListener("change", () => {
    take(context, [...input.files]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("is-over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take(context, [...event.dataTransfer.files]);
  });
  area.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=remove]");
    if (!button) return;
    event.preventDefault();
    askToRemove(context, button);
  });
}

async function take(context, files) {
  complain(context, []);
  const problems = [];
  for (const file of files) {
    const problem = refuse(context, file) ?? (await upload(context, file));
    if (problem) problems.push(problem);
    complain(context, problems);
  }
}

/** Says at once what the server would refuse after the whole way. */
function refuse({ data, words }, file) {
  const name = file.name.toLowerCase();
  if (!data.endings.some((ending) => name.endsWith(ending))) {
    return words.wrong_kind.replace("{name}", file.name);
  }
  if (file.size <= data.max_bytes) return null;
  const limit = Math.floor(data.max_bytes / 1024 / 1024);
  return words.too_large.replace("{name}", file.name).replace("{limit}", limit);
}

async function upload(context, file) {
  const { area, question, data, words } = context;
  const row = addRow(area, "upload-row");
  const bar = row.querySelector("progress");
  const note = row.querySelector("[data-progress]");
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("[data-about]").textContent = ` ${file.name}`;
  const show = (loaded, total) => {
    bar.value = total ? Math.floor((loaded / total) * 100) : 0;
    const isSent = loaded === total;
    note.textContent = isSent ? words.checking : words.uploading.replace("{percent}", bar.value);
  };
  const { done, cancel } = sendFile(data, question.id, file, show, words);
  row.querySelector("button").addEventListener("click", cancel);
  uploads += 1;
  const outcome = await done;
  uploads -= 1;
  row.remove();
  if (outcome.evidence) addFile(context, outcome.evidence);
  if (outcome.signedOut) context.onSignedOut();
  update(context);
  if (!outcome.problem) return null;
  return words.upload_failed.replace("{name}", file.name).replace("{problem}", outcome.problem);
}

function addRow(area, template) {
  const list = area.querySelector("[data-files]");
  list.append(document.getElementById(template).content.cloneNode(true));
  list.hidden = false;
  return list.lastElementChild;
}

function addFile({ area, data, words }, evidence) {
  const row = addRow(area, "file-row");
  const link = row.querySelector("a");
  row.dataset.file = evidence.id;
  link.href = data.file_url.replace(/[0-]{36}/, evidence.id);
  link.textContent = evidence.name;
  row.querySelector("[data-size]").textContent = sizeWords(evidence.size);
  row.querySelector("button").value = evidence.id;
  row.querySelector("[data-name]").textContent = ` ${evidence.name}`;
  say(area, words.uploaded.replace("{name}", evidence.name));
}

function sizeWords(size) {
  const mega = size / 1024 / 1024;
  return mega < 1 ? `${Math.max(1, Math.round(size / 1024))} KB` : `${mega.toFixed(1)} MB`;
}

function askToRemove(context, button) {
  const dialog = document.getElementById("remove-file");
  const row = button.closest("li");
  const name = row.querySelector("a").textContent;
  dialog.querySelector("[data-name]").textContent = name;
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => dialog.returnValue === "remove" && remove(context, row, button.value, name),
    { once: true },
  );
  dialog.showModal();
}

async function remove(context, row, id, name) {
  const { area, data, words } = context;
  const problem = await removeFile(data, id, words);
  complain(context, problem ? [problem] : []);
  if (problem) return;
  row.remove();
  update(context);
  area.querySelector("input[type=file]").focus();
  say(area, words.removed.replace("{name}", name));
}

function update({ area, question, words }) {
  const list = area.querySelector("[data-files]");
  list.hidden = !list.children.length;
  showStrength(question, words);
}

/** Says in the summary whether anything proves the answer. */
export function showStrength(question, words) {
  const tag = question.body.querySelector("[data-evidence-state]");
  if (!tag) return;
  const isProven = question.body.querySelector("[data-file]") || question.line("document");
  tag.textContent = isProven ? words.has_evidence : words.no_evidence;
  tag.classList.toggle("tag-green", Boolean(isProven));
}

function complain({ area }, problems) {
  for (const old of area.querySelectorAll("[data-upload-problem]")) old.remove();
  const input = area.querySelector("input[type=file]");
  input.toggleAttribute("aria-invalid", false);
  if (!problems.length) return;
  const row = document.getElementById("error-row").content.cloneNode(true);
  row.firstElementChild.dataset.uploadProblem = "";
  row.firstElementChild.setAttribute("role", "alert");
  row.querySelector("[data-text]").textContent = problems.join(" ");
  input.before(row);
  input.setAttribute("aria-invalid", "true");
}

function say(area, text) {
  area.querySelector("[data-upload-state]").textContent = text;
}
