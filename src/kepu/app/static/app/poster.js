// A poster that is not painted yet is asked for again; and it is printed from this page: the picture for paper
// takes the place of the one for the phone first.
const poster = document.querySelector("[data-poster]"), button = document.querySelector("[data-print]");
const words = button.querySelector("[data-words]"), usual = words.textContent;
const AGAIN_MS = 1500, TRIES = 8;

// True once the picture of this address is here. One of each person's is painted at a time: others say 503.
async function shown(image, address) {
  for (let tried = 0; tried < TRIES; tried++) {
    if (tried) await new Promise((done) => { setTimeout(done, AGAIN_MS); });
    image.src = address;
    try {
      await image.decode();
      return true;
    } catch (unpainted) { /* again */ }
  }
  return false;
}

if (poster.complete && !poster.naturalWidth) shown(poster, poster.src);
else poster.addEventListener("error", () => shown(poster, poster.src), {once: true});

button.addEventListener("click", async (event) => {
  if (/MicroMessenger/i.test(navigator.userAgent)) return;  // cannot print: the link opens the picture
  event.preventDefault();
  words.textContent = button.dataset.busy;
  const paper = new Image();
  if (await shown(paper, button.href) && await shown(poster, paper.src)) window.print();
  else location.assign(button.href);
  words.textContent = usual;
});
