/** Talks to the API: one answer saved, one file sent or removed. */
const TIMEOUT = 20000;

/** Returns the value of the CSRF cookie: it changes when a person signs in. */
export function csrfToken(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Saves one answer; never throws. See `outbox.js` for what it resolves to. */
export async function saveAnswer(data, id, { content, revision, key }) {
  let response;
  let body;
  try {
    response = await fetch(data.answer_url.replace("question-id", id), {
      method: "PUT",
      headers: {
        "Content-Type": "application/json",
        "If-Match": `"${revision}"`,
        "Idempotency-Key": key,
        "X-CSRFToken": csrfToken(data.csrf_cookie),
      },
      body: JSON.stringify(content),
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    body = await response.json();
  } catch {
    return { kind: "retry" };
  }
  return outcome(response, body);
}

function outcome(response, body) {
  const { status } = response;
  if (response.ok) return { kind: "saved", revision: body.answer.revision, body };
  if (status === 401) return { kind: "signed-out" };
  if (status === 412 && body.current) return { kind: "conflict", current: body.current };
  if (status === 429 || status >= 500) return { kind: "retry", after: waitOf(response) };
  if (status === 409) return { kind: "stopped", reason: "sealed" };
  if (status === 404) return { kind: "stopped", reason: "gone" };
  if (status === 400) return { kind: "refused", errors: errorsOf(body) };
  return { kind: "stopped", reason: "forbidden" };
}

function waitOf(response) {
  return Number(response.headers.get("Retry-After") ?? 0) * 1000;
}

function errorsOf(body) {
  const rows = body.errors ?? [];
  if (!rows.length) return [["value", body.title]];
  const controls = ["reason", "note", "document"];
  return rows.map(({ field, message }) => [
    controls.includes(field) ? field : "value",
    message,
  ]);
}

/**
 * Sends one file with progress. Returns {done, cancel}: `done` resolves to
 * {evidence} | {problem} | {signedOut} | {cancelled}.
 */
export function sendFile(data, id, file, onProgress, words) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve) => {
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
    request.onerror = () => resolve({ problem: words.network });
    request.onabort = () => resolve({ cancelled: true });
    request.onload = () => resolve(fileOutcome(request, words));
  });
  const form = new FormData();
  form.append("file", file, file.name);
  request.open("POST", data.evidence_url.replace("question-id", id));
  request.setRequestHeader("X-CSRFToken", csrfToken(data.csrf_cookie));
  request.responseType = "json";
  request.send(form);
  return { done, cancel: () => request.abort() };
}

function fileOutcome(request, words) {
  if (request.status === 201) return { evidence: request.response };
  if (request.status === 401) return { signedOut: true, problem: words.signed_out };
  const first = request.response?.errors?.[0]?.message;
  return { problem: first ?? request.response?.title ?? words.network };
}

/** Removes one file; resolves to "" or what went wrong. */
export async function removeFile(data, id, words) {
  try {
    const response = await fetch(data.file_api.replace(/[0-]{36}/, id), {
      method: "DELETE",
      headers: { "X-CSRFToken": csrfToken(data.csrf_cookie) },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.ok || response.status === 404) return "";
    return response.status === 401 ? words.signed_out : (await response.json()).title;
  } catch {
    return words.network;
  }
}
