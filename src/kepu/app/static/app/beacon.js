// Reports a read once the page has been seen for as long as the campaign asks. Hidden time does not count.
const page = document.getElementById("beacon");
let left = page.dataset.seconds * 1000, since = 0, timer = 0, tries = 5;
const send = () => {
  left = 3000;
  since = performance.now();
  if (tries-- > 0) {
    fetch("/v1/reads", {
      method: "POST", keepalive: true, headers: {"Content-Type": "application/json"},
      body: JSON.stringify({stamp: page.dataset.stamp}),
    }).then((answer) => { if (answer.status === 409 || answer.status === 503) throw answer; tries = 0; }).catch(turn);
  }
};
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
