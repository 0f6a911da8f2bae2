// The page without a network: which articles are on this phone, newest first, and what was not sent.
const list = document.querySelector("[data-kept-list]"), row = document.querySelector("template");

function fill(pages) {
  for (const page of pages) {
    const item = row.content.cloneNode(true);
    item.querySelector("a").href = page.path;
    item.querySelector("[data-title]").textContent = page.title;
    list.append(item);
  }
  list.closest("section").hidden = !pages.length;
}

if ("unsent" in document.documentElement.dataset) {
  document.querySelector("[data-unsent-words]").hidden = false;
  document.querySelector("[data-offline-words]").hidden = true;
}
document.querySelector("[data-again]").addEventListener("click", () => location.reload());
if (navigator.serviceWorker && navigator.serviceWorker.controller) {
  const line = new MessageChannel();
  line.port1.onmessage = (event) => fill(event.data);
  navigator.serviceWorker.controller.postMessage("list", [line.port2]);
}
