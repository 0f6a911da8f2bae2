// On every page: the worker that keeps pages, the acts that wait, and an honest word about both.
import {drain, locked, told, waiting} from "./queue.js";

const strip = document.getElementById("strip");
const network = strip.querySelector("[data-network]"), acts = strip.querySelector("[data-acts]");
const again = strip.querySelector("[data-locked]");
again.querySelector("a").search = `?next=${encodeURIComponent(location.pathname)}`;
const keptAt = document.documentElement.dataset.kept;
const RETRY_MS = [15e3, 30e3, 60e3, 300e3];
const news = {};
let tries = 0, timer = 0;

function show(line, text) {
  (line.querySelector("[data-words]") || line.lastElementChild).textContent = text;
  line.hidden = !text;
  strip.hidden = network.hidden && acts.hidden && again.hidden;
}

function sayNetwork() {
  if (keptAt) {
    const at = new Date(Number(keptAt)).toLocaleString("zh-CN", {
      month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
    });
    show(network, network.dataset.kept.replace("{time}", at));
  } else {
    show(network, navigator.onLine === false ? network.dataset.gone : "");
  }
}

// News stay on screen until the page is left; the worker and other tabs may have told some of it before.
async function sayActs() {
  const shut = await locked(), now = await told();
  const waits = (await waiting()).filter((one) => !one.locked).length;
  for (const name of Object.keys(now)) news[name] = (news[name] || 0) + now[name];
  const words = ["recorded", "uncounted", "refused", "lost"].filter((name) => news[name])
    .map((name) => acts.dataset[name].replace("{n}", news[name]));
  if (waits) words.unshift(acts.dataset.waiting.replace("{n}", waits));
  show(acts, words.join(""));
  show(again, shut && !/^\/sign-in\//.test(location.pathname) ? again.dataset.locked.replace("{n}", shut) : "");
}

async function deliverAll() {
  clearTimeout(timer);
  timer = 0;
  try {
    const done = await drain();
    await sayActs();
    if (!done) timer = setTimeout(deliverAll, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
    else tries = 0;
  } catch (missing) { /* a browser that keeps nothing has nothing to say */ }
}

async function startWorker() {
  if (!navigator.serviceWorker || location.pathname.startsWith("/s/")) return;  // a reader came for one page
  const wasControlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("message", (event) => { if (event.data === "kepu:acts") sayActs(); });
  try {
    await navigator.serviceWorker.register("/sw.js", {updateViaCache: "none"});
    const {active} = await navigator.serviceWorker.ready;
    if (wasControlled) return;
    const files = performance.getEntriesByType("resource").map((one) => one.name);
    active.postMessage({keep: [location.pathname + location.search, "/"], files});
  } catch (refused) { /* private windows and old browsers: the site works without */ }
}

sayNetwork();
deliverAll();
addEventListener("online", () => { sayNetwork(); deliverAll(); });
addEventListener("offline", sayNetwork);
document.addEventListener("visibilitychange", () => { if (!document.hidden) deliverAll(); });
document.addEventListener("kepu:acts", () => {
  sayActs().catch(() => {});
  if (!timer) timer = setTimeout(deliverAll, RETRY_MS[0]);  // what was kept a moment ago is tried from this page too
});
if (document.readyState === "complete") startWorker();
else addEventListener("load", startWorker);
