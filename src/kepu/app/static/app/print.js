// A button that prints the page; shown only where a script can do that.
const button = document.querySelector("[data-print]");
button.hidden = !window.print;
button.addEventListener("click", () => window.print());
