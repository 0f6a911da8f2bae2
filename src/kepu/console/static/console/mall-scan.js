// Handing over: the camera looks for the buyer's code where the browser can, and photos are made small first.
const SIDE_MAX = 1600;
const view = document.getElementById("scan-view");
const said = document.getElementById("scan-said");

function say(words) {
  said.textContent = words;
  said.hidden = false;
}

function stop() {
  for (const track of view.srcObject?.getTracks() ?? []) track.stop();
  view.hidden = true;
}

function found(text) {
  stop();
  const form = document.getElementById("code-form");
  form.code.value = text;
  form.submit();
}

async function look(detector) {
  if (!view.srcObject?.active) return;
  const codes = await detector.detect(view).catch(() => []);
  // Our codes are addresses of this page; anything else in the picture is passed over.
  const ours = codes.find((code) => code.rawValue.includes(location.pathname));
  if (ours) found(ours.rawValue);
  else setTimeout(() => look(detector), 150);
}

async function start() {
  try {
    view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    view.hidden = false;
    await view.play();
  } catch {
    stop();
    say(said.dataset.noCamera);
    return;
  }
  document.getElementById("scan-start").hidden = true;
  say(said.dataset.looking);
  look(new BarcodeDetector({ formats: ["qr_code"] }));
}

async function canScan() {
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

if (await canScan().catch(() => false)) {
  document.getElementById("scan").hidden = false;
  document.getElementById("scan-start").addEventListener("click", start);
  addEventListener("pagehide", stop);
}

// A photo of many megabytes would take minutes over a village's line: what is read of it fits in a few hundred KB.
async function small(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE_MAX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
  return new File([blob], "code.jpg", { type: "image/jpeg" });
}

const form = document.getElementById("photo-form");
form.photo.addEventListener("change", async () => {
  if (!form.photo.files.length) return;
  const button = form.querySelector("button");
  const words = button.textContent;
  button.textContent = button.dataset.reading;
  addEventListener("pageshow", () => { button.textContent = words; });
  try {
    const sent = new DataTransfer();
    sent.items.add(await small(form.photo.files[0]));
    form.photo.files = sent.files;
  } catch {
    // It goes as it is.
  }
  form.requestSubmit();
});
