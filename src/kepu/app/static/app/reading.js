// Comforts of reading that a page can do without: text size at once, large pictures, "read on where you stopped".
const PLACES = "kepu.places", KEPT_MAX = 50, SIZE_MAX = 4;
const article = document.querySelector("[data-reading]");
const said = () => [...article.querySelectorAll("[data-aloud], .prose > *")];

sizes(document.querySelector("[data-sizes]"));
zoom(document.querySelector("[data-zoomed]"));
resume(document.querySelector("[data-resume]"));

// The same form as without a script, sent aside: the place on the page is not lost.
function sizes(form) {
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) {
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const wanted = new URLSearchParams(new FormData(form));
      wanted.set(button.name, button.value);
      const here = firstSeen();
      try {
        await fetch(form.action, {method: "POST", body: wanted, redirect: "manual"});
      } catch (gone) { /* this page still changes; the next one asks again */ }
      change(buttons, Number(wanted.get("size")));
      if (here) here.scrollIntoView();
    });
  }
}

function change([smaller, larger], size) {
  const words = document.documentElement.classList;
  words.remove("text-2", "text-3", "text-4");
  if (size > 1) words.add(`text-${size}`);
  smaller.value = size - 1;
  larger.value = size + 1;
  smaller.disabled = size <= 1;
  larger.disabled = size >= SIZE_MAX;
}

function zoom(dialog) {
  const links = article.querySelectorAll("[data-zoom]");
  if (!links.length || !dialog.showModal) return;
  const picture = document.createElement("img");
  picture.addEventListener("click", () => picture.classList.toggle("twice"));
  dialog.append(picture);
  dialog.hidden = false;
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      picture.src = link.href;
      picture.alt = link.firstElementChild.alt;
      picture.className = "";
      dialog.showModal();
    });
  }
}

// The place is the piece of text on top of the window, so that it holds in every text size.
function resume(offer) {
  const pieces = said(), id = article.dataset.reading, places = stored();
  const stopped = places[id] && pieces[places[id][0]];
  if (stopped && !location.hash) {
    offer.hidden = false;
    offer.firstElementChild.addEventListener("click", () => {
      offer.hidden = true;
      stopped.scrollIntoView();
    });
  }
  let timer = 0;
  addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  }, {passive: true});

  function keep() {
    const place = pieces.indexOf(firstSeen());
    const over = pieces[pieces.length - 1].getBoundingClientRect().bottom < innerHeight;
    if (stopped && place >= places[id]?.[0]) offer.hidden = true;
    if (place < 3 && !over) return;
    const now = stored();
    delete now[id];
    if (!over) now[id] = [place, Date.now()];
    const newest = Object.entries(now).sort((one, other) => other[1][1] - one[1][1]).slice(0, KEPT_MAX);
    store(Object.fromEntries(newest));
  }
}

function firstSeen() {
  return said().find((piece) => piece.getBoundingClientRect().bottom > 80);
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(PLACES)) || {};
  } catch (refused) {
    return {};
  }
}

function store(places) {
  try {
    localStorage.setItem(PLACES, JSON.stringify(places));
  } catch (refused) { /* a private window keeps nothing */ }
}
