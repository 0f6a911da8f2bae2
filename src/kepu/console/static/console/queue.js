// The certification queue by keyboard: j next, k previous, a approve, r return, x tick, Enter open, ? help.
"use strict";

const rows = Array.from(document.querySelectorAll("table.queue tbody tr"));
const PLACE = "kepu-queue-place";
let current = -1;

function linkOf(row) { return row.querySelector("a"); }

function goTo(place) {
  if (!rows.length) return;
  const next = Math.min(Math.max(place, 0), rows.length - 1);
  if (current >= 0) rows[current].classList.remove("is-current");
  current = next;
  rows[current].classList.add("is-current");
  linkOf(rows[current]).focus({ preventScroll: true });
  rows[current].scrollIntoView({ block: "nearest" });
  sessionStorage.setItem(PLACE, String(current));
}

function press(key) {
  const part = document.querySelector(`[data-key="${key}"]`);
  if (!part) return false;
  if (part.type === "checkbox") part.focus(); else part.click();
  return true;
}

const KEYS = {
  j: () => (rows.length ? goTo(current + 1) : press("j")),
  k: () => (rows.length ? goTo(current - 1) : press("k")),
  a: () => (rows.length ? rows[current]?.querySelector("button[name=only]")?.click() : press("a")),
  r: () => {
    if (!rows.length) press("r");
    else rows[current]?.querySelector("[data-return]")?.click();
  },
  x: () => rows[current]?.querySelector("input[type=checkbox]:not(:disabled)")?.click(),
  "?": () => { const help = document.getElementById("queue-help"); if (help) help.hidden = !help.hidden; },
};

function isTyping(part) {
  return part.closest("textarea, select, input:not([type=checkbox]):not([type=radio]), [contenteditable]") !== null;
}

// Before Wagtail's own keys hear it.
document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
}, { capture: true });

const all = document.getElementById("tick-all");
if (all) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    document.querySelectorAll("input[name=ticked]:not(:disabled)").forEach((each) => { each.checked = all.checked; });
  });
}
if (rows.length) goTo(location.hash === "#queue" ? Number(sessionStorage.getItem(PLACE)) || 0 : 0);
// Wagtail's own scripts take the focus once while the page comes up.
if (location.hash === "#return") {
  press("r");
  addEventListener("load", () => press("r"));
}
