// A button that copies the link beside it; shown only where copying can work.
const button = document.querySelector("[data-copy]"), field = document.querySelector("[data-copy-from]");
button.hidden = false;
button.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch (refusal) {
    field.focus();
    field.select();
    if (!document.execCommand("copy")) return;
  }
  button.textContent = button.dataset.done;
});
