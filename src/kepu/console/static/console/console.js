// What moves in the back office: long work is asked after every second until it has ended.
"use strict";

async function askAgain(part) {
  const answer = await fetch(part.dataset.again, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.firstElementChild;
  part.replaceWith(fresh);
  watch(fresh);
}

function watch(part) {
  if (part.dataset.again) setTimeout(() => askAgain(part).catch(() => watch(part)), 1000);
}

document.querySelectorAll(".console-job").forEach(watch);

// A form with data-in-place is answered by a part that takes the place of the nearest data-place around it.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const place = form.closest("[data-place]");
  if (!("inPlace" in form.dataset) || !place) return;
  event.preventDefault();
  const answer = await fetch(form.action, {
    method: "POST", body: new FormData(form), headers: { "HX-Request": "true" },
  }).catch(() => null);
  if (!answer || !answer.ok) { form.submit(); return; }
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  place.replaceWith(holder.content);
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
