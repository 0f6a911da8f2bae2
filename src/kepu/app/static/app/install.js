// Where the browser offers to put the site on the home screen itself, a button does it in one tap.
const button = document.querySelector("[data-install]"), done = document.querySelector("[data-installed]");
const byHand = document.querySelector("[data-by-hand]");
let offer = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  button.hidden = false;
});
addEventListener("appinstalled", sayDone);
button.addEventListener("click", async () => {
  offer.prompt();
  const {outcome} = await offer.userChoice;
  button.hidden = true;  // an offer can be taken up once; by hand it still works
  if (outcome === "accepted") sayDone();
});
if (matchMedia("(display-mode: standalone)").matches || navigator.standalone) sayDone();

function sayDone() {
  done.hidden = false;
  button.hidden = byHand.hidden = true;
}
