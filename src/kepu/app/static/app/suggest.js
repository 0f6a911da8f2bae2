// Arrow keys through the suggestions under a search box; Escape, or a tap elsewhere, puts them away.
const list = document.querySelector("[data-suggestions]"), box = list.parentElement, input = box.querySelector("input");

box.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && list.firstElementChild) {
    event.preventDefault();
    list.textContent = "";
    input.focus();
  }
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  const stops = [input, ...list.querySelectorAll("a")], here = stops.indexOf(document.activeElement);
  if (!step || here < 0 || stops.length < 2) return;
  event.preventDefault();
  stops[(here + step + stops.length) % stops.length].focus();
});
document.addEventListener("click", (event) => { if (!box.contains(event.target)) list.textContent = ""; });
document.addEventListener("htmx:beforeSwap", (event) => {
  // An answer that comes after the search was sent, or after leaving the box, is late.
  if (event.detail.target === list && !box.contains(document.activeElement)) event.detail.shouldSwap = false;
});
