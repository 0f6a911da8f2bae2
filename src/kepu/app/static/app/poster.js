// Print the poster, or turn its drawing into a picture that can be kept by pressing it for long.
const poster = document.querySelector("[data-poster]"), drawing = poster.querySelector("svg");
const save = document.querySelector("[data-save]"), print = document.querySelector("[data-print]");
const WIDTH = 1240, HEIGHT = 1754;  // A4 at 150 dots an inch
save.hidden = print.hidden = false;
print.addEventListener("click", () => window.print());
save.addEventListener("click", async () => {
  save.disabled = true;
  const cover = drawing.querySelector("image");
  const copy = drawing.cloneNode(true);
  copy.setAttribute("width", WIDTH);
  copy.setAttribute("height", HEIGHT);
  const file = await (await fetch(cover.getAttribute("href"))).blob();
  copy.querySelector("image").setAttribute("href", await asData(file));
  const picture = await loaded("data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy)));
  const canvas = Object.assign(document.createElement("canvas"), {width: WIDTH, height: HEIGHT});
  canvas.getContext("2d").drawImage(picture, 0, 0, WIDTH, HEIGHT);
  const kept = await loaded(canvas.toDataURL("image/png"));
  kept.alt = drawing.getAttribute("aria-label");
  drawing.replaceWith(kept);
  save.hidden = true;
  document.querySelector("[data-said]").textContent = save.dataset.done;
});

function asData(file) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(file);
  });
}

function loaded(address) {
  return new Promise((done, failed) => {
    const picture = new Image();
    picture.onload = () => done(picture);
    picture.onerror = failed;
    picture.src = address;
  });
}
