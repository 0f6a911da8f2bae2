// The task grid adds up while one types; the server adds up again when it is saved.
"use strict";

for (const grid of document.querySelectorAll("[data-sums]")) {
  const fields = (name) => [...grid.querySelectorAll(`tbody input[name$=".${name}"]`)];
  const number = (text) => (/^\d{1,12}$/.test(text.replace(/[,\s]/g, "")) ? Number(text.replace(/[,\s]/g, "")) : 0);
  const add = () => {
    for (const sum of grid.querySelectorAll("[data-sum]")) {
      const total = fields(sum.dataset.sum).reduce((all, field) => all + number(field.value), 0);
      const declared = grid.querySelector(`tfoot input[name$="total.${sum.dataset.sum}"]`);
      sum.textContent = total;
      sum.classList.toggle("off", declared.value.trim() !== "" && number(declared.value) !== total);
    }
  };
  grid.addEventListener("input", add);
  add();
}
