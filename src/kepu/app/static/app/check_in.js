// Without a network the check-in is kept on the phone; with one the form does it.
import {deliver, freshId, waiting} from "./queue.js";

const form = document.querySelector("form[data-check-in]");
const isOff = () => navigator.onLine === false || Boolean(document.documentElement.dataset.kept);

async function keep(event) {
  if (!isOff()) return;
  event.preventDefault();
  const sent = await deliver("/v1/activities", {event_id: freshId(), kind: "check_in"});
  if (sent.kept) sayKept();
  else location.reload();
}

function sayKept() {
  form.querySelector("button").hidden = true;
  form.querySelector("[data-kept-words]").hidden = false;
  addEventListener("kepu:recorded", () => { form.querySelector("[data-kept-words]").hidden = true; });
}

if (form && form.querySelector("button")) {
  form.addEventListener("submit", keep);
  waiting().then((acts) => { if (acts.some((one) => one.body.kind === "check_in")) sayKept(); }).catch(() => {});
}
