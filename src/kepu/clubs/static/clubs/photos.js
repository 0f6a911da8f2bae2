// Photos become smaller before they are sent, and are shown. Without this they are sent as they are.
const SIDE = 1600;
const QUALITY = 0.82;

for (const input of document.querySelectorAll("input[data-photos]")) {
  const most = Number(input.dataset.photos) || 1;
  const shots = document.createElement("div");
  shots.className = "club-shots";
  shots.setAttribute("aria-live", "polite");
  input.after(shots);
  input.addEventListener("change", async () => {
    const chosen = [...input.files].slice(0, most);
    shots.replaceChildren();
    const smaller = new DataTransfer();
    for (const file of chosen) {
      smaller.items.add(await shrunk(file, shots));
    }
    input.files = smaller.files;
  });
}

async function shrunk(file, shots) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = drawn(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
    const shot = document.createElement("img");
    shot.alt = "";
    const little = Math.min(1, 240 / Math.max(picture.width, picture.height));
    const small = drawn(picture, Math.ceil(picture.width * little), Math.ceil(picture.height * little));
    shot.src = small.toDataURL("image/jpeg");
    shots.append(shot);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // the site says what is wrong with it
  }
}

function drawn(picture, width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  return canvas;
}
