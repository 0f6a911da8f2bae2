// The share sheet: each button records the share first, then hands out the personal link.
const form = document.querySelector("form[data-share]");
const sentences = JSON.parse(document.getElementById("share-sentences").textContent);
const said = form.querySelector("[data-said]"), words = form.querySelector("[data-words]"), field = form.querySelector("[data-link]");
const inWeChat = /MicroMessenger/i.test(navigator.userAgent);
const system = form.querySelector("[value=system]"), wechat = form.querySelector("[value=wechat]");
let eventId = newId();

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
  button.disabled = true;
  const answer = await post({event_id: eventId, kind: "share", article: Number(form.dataset.article), channel, parent: form.dataset.via});
  button.disabled = false;
  if (!answer.link) return say(answer.message || sentences[answer.error] || sentences.offline);
  eventId = newId();
  const link = new URL(answer.link, location.href).href;
  const counted = answer.reason === "credited" && answer.left_today === null ? sentences.counted
    : (sentences[answer.reason] || "").replace("{left}", answer.left_today);
  if (channel === "poster") return location.assign(answer.link.replace("/s/", "/poster/"));
  field.value = link;
  field.hidden = false;
  say(`${counted} ${await handOut(channel, button, link)}`, answer.reason === "credited");
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

async function post(report) {
  try {
    const response = await fetch("/v1/activities", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(report)});
    return await response.json();
  } catch (gone) {
    return {message: sentences.offline};
  }
}

function say(text, good = false) {
  words.textContent = text;
  said.hidden = false;
  said.firstElementChild.className = good ? "notice good" : "notice";
  form.querySelector("[data-before]").hidden = good;  // it said how many counted before this one
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));  // randomUUID is missing on old phones and without https
  bytes[6] = bytes[6] & 15 | 64;
  bytes[8] = bytes[8] & 63 | 128;
  return [...bytes].map((byte, place) => ([4, 6, 8, 10].includes(place) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}

function browse() {
  const page = document.querySelector("[data-browse]");
  setTimeout(() => {
    if (document.visibilityState === "visible") {
      post({event_id: page.dataset.browse, kind: "browse", article: Number(page.dataset.article), channel: "page"});
    }
  }, 8000);
}
