/**
 * Opens dialogs. A link or button with `data-dialog="id"` opens that <dialog>
 * instead of following its address; without this script the address, a page that
 * asks the same question, is followed.
 */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  dialog.showModal();
});
