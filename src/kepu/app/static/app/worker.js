// Beside the pages: home, discover and the last articles open without a network, and acts that wait are sent.
// /sw.js says SITE = {version, shell, offline} and loads this. Pages of an account are kept under its mark and
// served to it alone; everything not named in isKept() is never kept. See docs/decisions/0019.
const PAGES = "kepu-pages-", STATIC = "kepu-static-", PICTURES = "kepu-pictures", STATE = "kepu-state";
const VISITOR = "-", UNSURE = "?";  // whose pages may be served: an account's mark, a visitor's, nobody's
const ARTICLES_MAX = 50, PICTURES_MAX = 150, RETIRED_MAX = 3;
const PATIENCE_MS = 3000, LIFE_MS = 30 * 86400e3;
const ARTICLE = /^\/a\/\d+\/$/, FILE = /^\/static\/(?!wagtail|ninja)/, HASHED = /\.[0-9a-f]{12}\.\w+$/, PICTURE = /^\/media\/images\//;
const NOT_OURS = /^\/(admin|v1|outbox|gallery|sw\.js)(\/|$)/;
const ENTRY = /^\/(sign-in|sign-up|reset-password|me)\//, EXIT = /^\/(sign-out|me\/close)\//;
const HEADERS = ["Content-Type", "Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"];
const {version, shell, offline} = self.SITE;
let known = null;  // whose pages may be served, once it was read
let epoch = 0;     // grows when the account may have changed: answers asked for before are not kept

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("sync", (event) => {
  if (event.tag === "kepu-acts") event.waitUntil(deliver());
});
self.addEventListener("message", (event) => {
  if (event.data === "list") event.waitUntil(kept().then((pages) => event.ports[0].postMessage(pages)));
  else if (event.data.keep) event.waitUntil(keepNow(event.data));
});
self.addEventListener("fetch", (event) => {
  const request = event.request, address = new URL(request.url);
  if (address.origin !== location.origin || NOT_OURS.test(address.pathname)) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? page(event, address) : posted(event, address));
  } else if (request.method === "GET" && !request.referrer.startsWith(location.origin + "/admin/")) {
    if (FILE.test(address.pathname)) event.respondWith(file(request, address));
    else if (PICTURE.test(address.pathname)) event.respondWith(picture(event, request));
  }
});

async function install() {
  await (await caches.open(STATIC + version)).addAll(shell);
  await fetchOffline();
  await self.skipWaiting();
}

// The static files of an older version stay as long as a kept page may need them.
async function activate() {
  const retired = [];
  for (const name of await caches.keys()) {
    if (name.startsWith(STATIC) && name !== STATIC + version) retired.push({name, since: await retiredSince(name)});
    else if (name.startsWith("kepu-") && ![PAGES, STATIC, PICTURES, STATE].some((start) => name.startsWith(start))) await caches.delete(name);
  }
  retired.sort((a, b) => b.since - a.since);
  for (const [place, {name, since}] of retired.entries()) {
    if (place >= RETIRED_MAX || Date.now() - since > LIFE_MS) await caches.delete(name);
  }
  await self.clients.claim();
}

async function retiredSince(name) {
  const cache = await caches.open(name), mark = await cache.match("/~retired");
  if (mark) return Number(await mark.text());
  await cache.put("/~retired", new Response(String(Date.now())));
  return Date.now();
}

async function deliver() {
  const done = await self.acts.drain();
  for (const client of await self.clients.matchAll()) client.postMessage("kepu:acts");
  if (!done) throw new Error("again later");  // the browser chooses when
}

/* Pages: from the network; from the phone when it is gone, or slow and there is something to show. */

function isKept({pathname, search}) {
  return ARTICLE.test(pathname) || (search === "" && (pathname === "/" || pathname === "/discover/"));
}

async function page(event, address) {
  const began = epoch;
  const network = fetch(event.request).then((answer) => received(answer, address, began)).catch(() => null);
  event.waitUntil(network.then((got) => got && got.storing));
  const soon = isKept(address) ? await Promise.race([network, after(PATIENCE_MS)]) : await network;
  if (soon && soon.answer.status < 500) return soon.answer;
  const found = isKept(address) ? await stored(address) : null;
  if (found) return found;
  const late = soon || await network;
  return late ? late.answer : offlinePage("");
}

// {answer, storing}: the answer of the network once it is known whose it is, and the keeping of it.
async function received(answer, address, began) {
  const account = answer.headers.get("Kepu-Account");
  if (began !== epoch) return {answer};
  if (account) await settle(account);
  if (!isKept(address) || answer.redirected) return {answer};
  if (answer.status === 404 || answer.status === 410) return {answer, storing: drop(address)};
  const owner = account || await whose();  // a page that asks nobody who they are is everybody's
  const fits = answer.ok && owner !== UNSURE && (answer.headers.get("Content-Type") || "").startsWith("text/html");
  return fits ? {answer, storing: store(answer.clone(), address, owner, began)} : {answer};
}

async function store(answer, address, owner, began) {
  const html = await answer.text();
  const headers = copied(answer.headers);
  headers.set("Kepu-Kept", String(Date.now()));
  headers.set("Kepu-Title", encodeURIComponent(titleOf(html)));
  if (began !== epoch || known !== owner) return;
  const cache = await caches.open(PAGES + owner);
  await cache.put(address.pathname, new Response(html, {headers}));
  if (began !== epoch || known !== owner) {  // the account went while this was being written
    await cache.delete(address.pathname);
    return;
  }
  const articles = (await cache.keys()).filter((one) => ARTICLE.test(new URL(one.url).pathname));
  if (articles.length > ARTICLES_MAX) {
    const aged = await Promise.all(articles.map(async (one) => ({one, at: keptAt(await cache.match(one))})));
    aged.sort((a, b) => b.at - a.at);
    for (const {one} of aged.slice(ARTICLES_MAX)) await cache.delete(one);
  }
}

async function drop(address) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES)) await (await caches.open(name)).delete(address.pathname);
  }
}

async function stored(address) {
  const cache = await mine(), found = cache && await cache.match(address.pathname);
  if (!found || Date.now() - keptAt(found) > LIFE_MS) return null;
  const html = (await found.text()).replace("<html ", `<html data-kept="${keptAt(found)}" `);
  return new Response(html, {headers: copied(found.headers)});
}

async function kept() {
  const cache = await mine();
  if (!cache) return [];
  const pages = [];
  for (const one of await cache.keys()) {
    const path = new URL(one.url).pathname, found = await cache.match(one);
    if (ARTICLE.test(path) && found) pages.push({path, at: keptAt(found), title: decodeURIComponent(found.headers.get("Kepu-Title"))});
  }
  return pages.sort((a, b) => b.at - a.at);
}

// What was on screen before there was a worker, and home, so that they open without a network from now on.
async function keepNow({keep, files}) {
  for (const path of new Set(keep)) {
    const address = new URL(path, location.origin);
    if (!isKept(address)) continue;
    const began = epoch;
    const got = await received(await fetch(address.href, {credentials: "same-origin"}), address, began);
    await got.storing;
  }
  for (const each of files) {
    const address = new URL(each);
    if (address.origin !== location.origin) continue;
    if (FILE.test(address.pathname)) await once(STATIC + version, new Request(each));
    else if (PICTURE.test(address.pathname)) await once(PICTURES, new Request(each));
  }
}

/* Forms: a sign-in may change whose pages these are, a sign-out takes them away. */

async function posted(event, address) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch (gone) {
    return offlinePage("data-unsent ");
  }
  if (EXIT.test(address.pathname)) await forget();
  else if (ENTRY.test(address.pathname)) await say(UNSURE);
  event.waitUntil(fetchOffline().catch(() => {}));  // it may look different now: larger, darker
  return answer;
}

async function settle(account) {
  if (await whose() === account) return;
  known = account;  // first, so that what is being stored for another is not left behind
  await forgetAllBut(account);
  await say(account);
}

async function forget() {
  await say(UNSURE);
  await forgetAllBut(VISITOR);
}

async function forgetAllBut(account) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && name !== PAGES + account && name !== PAGES + VISITOR) await caches.delete(name);
  }
}

async function say(account) {
  if (account === UNSURE) epoch += 1;
  known = account;
  await (await caches.open(STATE)).put("/~account", new Response(account));
}

async function whose() {
  if (known === null) {
    const found = await (await caches.open(STATE)).match("/~account");
    const read = found ? await found.text() : UNSURE;
    if (known === null) known = read;
  }
  return known;
}

async function mine() {
  const account = await whose();
  return account === UNSURE ? null : caches.open(PAGES + account);
}

/* Files whose name changes with their content, and pictures. */

async function once(name, request) {
  const found = await caches.match(request, {ignoreVary: true});
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(name)).put(request, answer.clone()).catch(() => {});  // the phone may be full
  return answer;
}

// In development names carry no digest: the network first, so that a change is seen.
async function file(request, address) {
  if (HASHED.test(address.pathname)) return once(STATIC + version, request);
  const network = fetch(request).catch(() => null);
  return await Promise.race([network, after(PATIENCE_MS)]) || await caches.match(request, {ignoreVary: true})
    || await network || Response.error();
}

async function picture(event, request) {
  const answer = await once(PICTURES, request);
  event.waitUntil(trimPictures());
  return answer;
}

async function trimPictures() {
  const cache = await caches.open(PICTURES), pictures = await cache.keys();  // oldest first
  for (const one of pictures.slice(0, Math.max(0, pictures.length - PICTURES_MAX))) await cache.delete(one);
}

/* The page that says there is no network; nobody's, so that everybody may see it. */

async function fetchOffline() {
  const answer = await fetch(offline, {credentials: "same-origin", cache: "no-store"});
  if (answer.ok) await (await caches.open(STATIC + version)).put(offline, answer);
}

async function offlinePage(mark) {
  const found = await caches.match(offline);
  if (!found) return Response.error();
  const html = (await found.text()).replace("<html ", `<html ${mark}`);
  return new Response(html, {status: 503, headers: copied(found.headers)});
}

function copied(from) {
  const headers = new Headers();
  for (const name of [...HEADERS, "Kepu-Kept", "Kepu-Title"]) if (from.has(name)) headers.set(name, from.get(name));
  return headers;
}

function titleOf(html) {
  const found = /<h1[^>]*>([^<]*)<\/h1>/.exec(html) || /<title>([^<]*)<\/title>/.exec(html);
  const plain = {amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'"};
  return found ? found[1].trim().replace(/&(#?\w+);/g, (whole, name) => plain[name] || whole).slice(0, 120) : "";
}

const keptAt = (answer) => Number(answer.headers.get("Kepu-Kept"));
const after = (ms) => new Promise((done) => setTimeout(done, ms, null));
