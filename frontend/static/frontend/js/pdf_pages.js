/**
 * Turn the pages of a PDF without loading the page anew, so that nothing typed beside
 * it is lost. Without this module the same links and the same form load the page.
 */
for (const view of document.querySelectorAll("[data-pdf]")) turnable(view);

function turnable(view) {
  const last = Number(view.dataset.last);
  const image = view.querySelector("img");
  const link = view.querySelector(".pdf-page");
  const place = view.querySelector(".pdf-place");
  const problem = view.querySelector(".pdf-problem");
  const turns = { prev: view.querySelector("[rel=prev]"), next: view.querySelector("[rel=next]") };
  const jump = view.querySelector(".pdf-jump");
  let page = Number(view.dataset.page);

  function words(text) {
    return text
      .replace("{name}", () => view.dataset.name)
      .replace("{page}", page)
      .replace("{pages}", view.dataset.pages);
  }

  function failed() {
    problem.hidden = false;
    link.hidden = true;
  }

  function show(wanted) {
    page = Math.min(Math.max(wanted, 1), last);
    const source = new URL(image.src);
    source.searchParams.set("page", page);
    problem.hidden = true;
    link.hidden = false;
    link.href = image.src = source.href;
    image.alt = words(view.dataset.alt);
    place.textContent = words(view.dataset.place);
    if (jump) jump.elements.page.value = page;
    const focused = document.activeElement;
    turns.prev.hidden = page <= 1;
    turns.next.hidden = page >= last;
    if (focused === turns.next && turns.next.hidden) turns.prev.focus();
    if (focused === turns.prev && turns.prev.hidden) turns.next.focus();
  }

  image.addEventListener("error", failed);
  if (image.complete && image.naturalWidth === 0 && problem.hidden) failed();
  for (const [name, step] of [["prev", -1], ["next", 1]]) {
    turns[name].addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(page + step);
    });
  }
  jump?.addEventListener("submit", (event) => {
    event.preventDefault();
    show(Number(jump.elements.page.value) || 1);
  });
}
