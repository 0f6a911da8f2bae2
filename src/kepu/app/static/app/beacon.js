// Reports a read once the page has been seen for as long as the campaign asks. Hidden time does not count.
import {deliver} from "./queue.js";

// The page is the same for every reader; what is this reader's own came beside it, in a cookie of this address.
const page = document.getElementById("beacon").dataset;
const [, seconds, stamp] = document.cookie.match(/(?:^|; )kepu_stamp=(\d+)\.([^;]+)/) || [];
const own = page.stamp ? page : {seconds, stamp};
let left = own.seconds * 1000, since = 0, timer = 0, tries = 5;

// Without a network the read waits on the phone and is sent by whichever page comes next. The server takes it
// for six hours after the page was opened; later it answers 410 and the read is lost, without a word to the reader.
async function send() {
  left = 3000;
  since = performance.now();
  if (tries-- <= 0) return;
  const sent = await deliver("/v1/reads", {stamp: own.stamp});
  if (sent.kept) turn();
  else tries = 0;
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
if (own.stamp) {
  document.addEventListener("visibilitychange", turn);
  turn();
}
