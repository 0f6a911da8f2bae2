// The one way out for what a person did: kept on the phone first, sent once, again and again until it is there.
import "./acts.js";

const account = document.body.dataset.account || "";
const changed = () => document.dispatchEvent(new Event("kepu:acts"));

// {status, answer, kept}. `body` carries its event_id (or the stamp of a read), so that sending twice is once.
export async function deliver(path, body) {
  const sent = await self.acts.deliver(path, body, path === "/v1/activities" ? account : "");
  if (sent.kept) wake();
  changed();
  return sent;
}

export const drain = () => self.acts.drain(account);
export const waiting = () => self.acts.waiting(account);
export const locked = () => self.acts.locked(account);
export const told = () => self.acts.told();

// randomUUID is missing on old phones and without https.
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 15 | 64;
  bytes[8] = bytes[8] & 63 | 128;
  return [...bytes].map((byte, place) => ([4, 6, 8, 10].includes(place) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}

// Where the browser can, it wakes the worker when the network is back, even with no page open.
async function wake() {
  try {
    await (await navigator.serviceWorker.ready).sync.register("kepu-acts");
  } catch (missing) { /* then the next page does it */ }
}
