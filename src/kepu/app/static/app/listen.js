// Reads the article aloud, sentence by sentence, where the browser can; the sentence being read is marked.
// A pause ends the sentence and goes on from its beginning: pause() of the browsers on Android is no pause.
const speech = window.speechSynthesis, RATE = "kepu.rate", SILENT_MS = 4000, TABS_PX = 110;
const tools = document.querySelector("[data-tools]"), player = tools.querySelector("[data-player]");
const start = tools.querySelector("[data-listen]"), pause = tools.querySelector("[data-pause]");
const goOn = tools.querySelector("[data-resume-listening]"), mute = tools.querySelector("[data-mute-words]");
const dock = document.querySelector(".dock");
const rates = [...tools.querySelectorAll("[data-rate]")];
const SENTENCE = /[^。！？；!?;\n]+[。！？；!?;]*[”’」』）)]*/g;
let sentences = [], at = 0, turn = 0, silent = 0, rate = storedRate();

if (speech && window.SpeechSynthesisUtterance) {
  start.hidden = false;
  start.addEventListener("click", () => { sentences = collected(); at = 0; open(true); speak(); });
  pause.addEventListener("click", () => { hush(); swap(true); goOn.focus(); });
  goOn.addEventListener("click", () => { swap(false); pause.focus(); speak(); });
  tools.querySelector("[data-stop]").addEventListener("click", () => { stop(); start.focus(); });
  for (const button of rates) button.addEventListener("click", () => setRate(button.dataset.rate));
  addEventListener("pagehide", stop);
  setRate(rate);
}

// [{piece, text}]: every sentence with the element it stands in.
function collected() {
  const pieces = [...document.querySelectorAll("[data-reading] [data-aloud], [data-reading] .prose > *")]
    .flatMap((piece) => /^(UL|OL)$/.test(piece.tagName) ? [...piece.children] : [piece]);
  return pieces.flatMap((piece) => (piece.textContent.match(SENTENCE) || [])
    .filter((text) => /[\p{L}\p{N}]/u.test(text)).map((text) => ({piece, text: text.trim()})));
}

function speak() {
  const mine = ++turn, sentence = sentences[at];
  speech.cancel();
  if (!sentence) return stop();
  const words = new SpeechSynthesisUtterance(sentence.text);
  words.lang = "zh-CN";
  words.rate = Number(rate);
  words.voice = speech.getVoices().find((voice) => /^(zh|cmn)([-_](CN|Hans))?/i.test(voice.lang)) || null;
  words.onstart = () => clearTimeout(silent);
  words.onend = () => { if (mine === turn) { clearTimeout(silent); at += 1; speak(); } };
  words.onerror = (event) => { if (mine === turn && !/canceled|interrupted/.test(event.error)) giveUp(); };
  clearTimeout(silent);
  silent = setTimeout(() => { if (mine === turn && !speech.speaking) giveUp(); }, SILENT_MS);
  mark(sentence);
  speech.speak(words);
}

function mark(sentence) {
  unmark();
  const {piece, text} = sentence, range = window.Highlight && CSS.highlights && rangeOf(piece, text);
  if (range) CSS.highlights.set("aloud", new Highlight(range));
  else piece.classList.add("aloud-now");
  if (tools.compareDocumentPosition(piece) & Node.DOCUMENT_POSITION_PRECEDING) return;  // the player stays in sight
  const box = (range || piece).getBoundingClientRect(), top = tools.getBoundingClientRect().bottom;
  if (box.top < top || box.bottom > innerHeight - TABS_PX) scrollBy({top: box.top - top - 24});
}

function unmark() {
  if (CSS.highlights) CSS.highlights.delete("aloud");
  for (const piece of document.querySelectorAll(".aloud-now")) piece.classList.remove("aloud-now");
}

// Where the sentence stands in its element, across bold words and links; null when it cannot be found.
function rangeOf(piece, text) {
  const from = piece.textContent.indexOf(text), range = document.createRange();
  if (from < 0) return null;
  const walker = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
  let seen = 0, isBegun = false;
  while (walker.nextNode()) {
    const node = walker.currentNode, end = seen + node.length;
    if (!isBegun && from < end) { range.setStart(node, from - seen); isBegun = true; }
    if (from + text.length <= end) { range.setEnd(node, from + text.length - seen); return range; }
    seen = end;
  }
  return null;
}

function hush() {
  turn += 1;
  clearTimeout(silent);
  speech.cancel();
}

function stop() {
  hush();
  unmark();
  open(false);
}

function open(isOpen) {
  tools.classList.toggle("playing", isOpen);
  player.hidden = !isOpen;
  if (dock) dock.hidden = isOpen;  // room for the text between player and tabs
  start.hidden = isOpen;
  mute.hidden = true;
  swap(false);
  if (isOpen) pause.focus();
}

function swap(isPaused) {
  pause.hidden = isPaused;
  goOn.hidden = !isPaused;
}

function giveUp() {
  stop();
  mute.textContent = player.dataset.mute;
  mute.hidden = false;
  mute.scrollIntoView({block: "center"});  // not behind the share button
}

function setRate(wanted) {
  rate = wanted;
  for (const button of rates) button.setAttribute("aria-pressed", String(button.dataset.rate === rate));
  try {
    localStorage.setItem(RATE, rate);
  } catch (refused) { /* a private window keeps nothing */ }
  if (!player.hidden && goOn.hidden) speak();
}

function storedRate() {
  try {
    const kept = localStorage.getItem(RATE);
    return ["0.75", "1", "1.25"].includes(kept) ? kept : "1";
  } catch (refused) {
    return "1";
  }
}
