// The share sheet: each button records the share first, then hands out the personal link.
import {deliver, freshId} from "./queue.js";

const form = document.querySelector("form[data-share]");
const sentences = JSON.parse(document.getElementById("share-sentences").textContent);
const said = form.querySelector("[data-said]"), words = form.querySelector("[data-words]"), field = form.querySelector("[data-link]");
const inWeChat = /MicroMessenger/i.test(navigator.userAgent);
const system = form.querySelector("[value=system]"), wechat = form.querySelector("[value=wechat]");
let eventId = freshId();
const waiting = new Set();

system.hidden = !navigator.share || inWeChat;
wechat.hidden = !system.hidden;
for (const button of form.querySelectorAll("button[name=channel]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    share(button);
  });
}
browse();

async function share(button) {
  const channel = button.value;
  if (channel === "poster" && navigator.onLine === false) return say(sentences.poster_offline);
  button.disabled = true;
  const {answer, kept, status} = await deliver("/v1/activities", {event_id: eventId, kind: "share", article: Number(form.dataset.article), channel, parent: form.dataset.via});
  button.disabled = false;
  if (kept) return keptForLater(status, answer);
  if (!answer.link) return say(answer.message || sentences[answer.error] || sentences.offline);
  eventId = freshId();
  const link = new URL(answer.link, location.href).href;
  dispatchEvent(new CustomEvent("kepu:shared", {detail: link}));
  const counted = answer.reason === "credited" && answer.left_today === null ? sentences.counted
    : (sentences[answer.reason] || "").replace("{left}", answer.left_today);
  if (channel === "poster") return location.assign(answer.link.replace("/s/", "/poster/"));
  field.value = link;
  field.hidden = false;
  say(joined(counted, await handOut(channel, button, link)), answer.reason === "credited");
}

async function handOut(channel, button, link) {
  if (channel === "system") {
    try {
      await navigator.share({title: button.dataset.title, text: button.dataset.text, url: link});
    } catch (refusal) { /* closed by the person: the share was an intent and stays one */ }
    return "";
  }
  if (channel === "wechat" && inWeChat) {
    history.replaceState(null, "", link);  // WeChat forwards the address of the page
    return sentences.wechat;
  }
  try {
    await navigator.clipboard.writeText(link);
    return sentences.copied;
  } catch (refusal) {
    field.focus();
    field.select();
    return document.execCommand("copy") ? sentences.copied : sentences.press;
  }
}

// The personal link is made by the server: until it has the share there is only the article's plain address.
function keptForLater(status, answer) {
  waiting.add(eventId);
  eventId = freshId();
  field.value = new URL(`/a/${form.dataset.article}/`, location.href).href;
  field.hidden = false;
  if (!status) say(sentences.kept);
  else if (status === 401) say(sentences.kept_signed_out);
  else say(joined(status === 403 && answer.message || "", sentences.kept_unanswered));
}

addEventListener("kepu:recorded", ({detail: {id, answer}}) => {
  if (!waiting.delete(id) || !answer.link) return;
  field.value = new URL(answer.link, location.href).href;
  field.hidden = false;
  say(sentences.recorded, true);
});

// Chinese sentences stand side by side without a space.
function joined(first, second) {
  return /[。！？]$/.test(first) ? first + second : `${first} ${second}`.trim();
}

function say(text, good = false) {
  words.textContent = text;
  said.hidden = false;
  said.firstElementChild.className = good ? "notice good" : "notice";
  form.querySelector("[data-before]").hidden = good;  // it said how many counted before this one
}

// Told once the page was seen for as long as its stamp says. Hidden time does not count. The server holds it
// against its own clock: too early it answers too_soon, and the queue tries again.
function browse() {
  const page = document.querySelector("[data-browse]").dataset;
  let left = page.seconds * 1000, since = 0, timer = 0;

  async function send() {
    document.removeEventListener("visibilitychange", turn);
    await deliver("/v1/activities", {event_id: page.browse, kind: "browse", article: Number(page.article), channel: "page", stamp: page.stamp});
  }

  function turn() {
    clearTimeout(timer);
    if (document.visibilityState === "visible") {
      since = performance.now();
      timer = setTimeout(send, left);
    } else if (since) {
      left -= performance.now() - since;
      since = 0;
    }
  }
  document.addEventListener("visibilitychange", turn);
  turn();
}
