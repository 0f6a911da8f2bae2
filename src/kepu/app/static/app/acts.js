// Acts this phone keeps until the server has them, for the pages (queue.js) and the worker (worker.js) alike:
// hence no import and no export. An act is stored before it is sent and leaves the store with a final answer.
self.acts = (() => {
  const SEND_MS = 8000, LIFE_MS = 30 * 86400e3, ACTS_MAX = 500;
  const LATER = [401, 403, 408, 425, 429];  // sign in, sign in as the one who did it, slow, busy
  const STOPPING = [0, 429, 503];  // no network or a full house: the others would fare no better
  const UNSENT = {status: 0, answer: {}, at: 0};
  let line = Promise.resolve();

  function open() {
    return new Promise((done, failed) => {
      const asked = indexedDB.open("kepu", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("acts", {keyPath: "id"});
        asked.result.createObjectStore("told");
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = asked.onblocked = () => failed(asked.error);
    });
  }

  async function ask(store, mode, work) {
    const base = await open();
    try {
      return await new Promise((done, failed) => {
        const change = base.transaction(store, mode, {durability: "strict"});
        const asked = work(change.objectStore(store));
        change.oncomplete = () => done(asked && asked.result);
        change.onerror = change.onabort = () => failed(change.error);
      });
    } finally {
      base.close();
    }
  }

  const act = (id) => ask("acts", "readonly", (store) => store.get(id));
  const put = (one) => ask("acts", "readwrite", (store) => store.put(one));
  const remove = (id) => ask("acts", "readwrite", (store) => store.delete(id));
  const all = async () => (await ask("acts", "readonly", (store) => store.getAll())).sort((a, b) => a.at - b.at);
  const tally = (name) => ask("told", "readwrite", (store) => {
    const asked = store.get(name);
    asked.onsuccess = () => store.put((asked.result || 0) + 1, name);
  });

  // One delivery at a time in all tabs and the worker; where the browser has no locks, in this one.
  // Two that meet all the same do no harm: the server knows an event id it has seen.
  function alone(work) {
    if (navigator.locks) return navigator.locks.request("kepu-acts", work);
    line = line.then(work, work);
    return line;
  }

  async function send(one) {
    const gone = new AbortController(), alarm = setTimeout(() => gone.abort(), SEND_MS);
    const headers = {"Content-Type": "application/json"};
    if (one.account) headers["Kepu-Account"] = one.account;  // the server refuses it for anybody else
    try {
      const response = await fetch(one.path, {
        method: "POST", headers, body: JSON.stringify(one.body), credentials: "same-origin",
        redirect: "error", keepalive: one.path === "/v1/reads", signal: gone.signal,
      });
      // A public hotspot answers everything with its own sign-in page: that is no answer of ours.
      if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) return UNSENT;
      const at = Date.parse(response.headers.get("Date")) || 0;  // the server's clock: a phone's may be wrong
      return {status: response.status, answer: await response.json(), at};
    } catch (trouble) {
      return UNSENT;
    } finally {
      clearTimeout(alarm);
    }
  }

  function isFinal({status, answer}) {
    return status >= 200 && status < 500 && !LATER.includes(status) && answer.error !== "too_soon" || answer.error === "switched_off";
  }

  // null: it is not here any more, because it was delivered meanwhile.
  const settle = (id) => alone(async () => {
    const one = await act(id);
    if (!one) return null;
    const sent = await send(one);
    if (isFinal(sent)) {
      await remove(id);
      if (one.waited) await tell(one, sent);
    } else if (sent.status === 401) {
      await lock(one, sent.at);
    } else if (!one.waited || (one.locked && sent.status)) {
      await put({...one, waited: true, locked: null});
    }
    return sent;
  });

  // It waits until whose it is signs in again, thirty days at most by the server's clock.
  async function lock(one, at) {
    const {since} = one.locked || {since: at};
    if (since && at - since > LIFE_MS) await lose(one);
    else await put({...one, waited: true, locked: {since: since || at}});
  }

  const lockToo = (id, at) => alone(async () => {
    const one = await act(id);
    if (one) await lock(one, at);
  });

  async function tell(one, {status, answer}) {
    if (one.path === "/v1/reads") return;  // a reader did not ask for anything to be recorded
    if (one.body.kind === "browse" && status >= 400) return;  // nor did who read on a page that was kept too long
    await tally(status < 300 ? "recorded" : "refused");
    if (status < 300 && answer.reason !== "credited") await tally("uncounted");
    if (self.document) self.dispatchEvent(new CustomEvent("kepu:recorded", {detail: {id: one.body.event_id, answer}}));
  }

  async function lose(one) {
    await remove(one.id);
    if (one.account) await tally("lost");
  }

  return {
    // {status, answer, kept}: what the server said (status 0: nothing), and whether the act waits here now.
    async deliver(path, body, account) {
      const id = `${account} ${body.event_id || body.stamp}`;  // whose it is belongs to it: nobody's act hides another's
      const fresh = {id, path, body, account, at: Date.now(), waited: false};
      try {
        if (path === "/v1/activities" && !account) throw new Error("nobody's");
        if (await ask("acts", "readonly", (store) => store.count()) >= ACTS_MAX) throw new Error("full");
        if (!await act(fresh.id)) await put(fresh);  // what a first attempt said stays said
      } catch (unkept) {
        return {...await send(fresh), kept: false};
      }
      const sent = await settle(fresh.id) || await send(fresh);
      return {...sent, kept: !isFinal(sent)};
    },

    // Send what waits, oldest first; true when nothing is left that a network would help.
    async drain(account) {
      const silent = new Set(), signedOut = new Map();
      let done = true;
      for (const one of await all()) {
        if (signedOut.has(one.account)) {
          await lockToo(one.id, signedOut.get(one.account));
          continue;
        }
        const isOld = Date.now() - one.at > LIFE_MS;  // or the phone's clock was wrong: so it is tried all the same
        if (!silent.has(one.account)) {
          if (!isOld && account !== undefined && one.account && one.account !== account) continue;
          const sent = await settle(one.id);
          if (!sent || isFinal(sent)) continue;
          if (STOPPING.includes(sent.status)) return false;
          if (sent.status === 401) {
            signedOut.set(one.account, sent.at);
            continue;
          }
          if (sent.status === 403) silent.add(one.account);
          else if (sent.answer.error !== "too_soon" && !isOld) done = false;
        }
        if (isOld) await lose(one);
      }
      return done;
    },

    // The acts of this account that wait, oldest first.
    async waiting(account) {
      return (await all()).filter((one) => one.waited && account && one.account === account);
    },

    // How many acts wait until this account signs in again; with "" of whichever account.
    async locked(account) {
      return (await all()).filter((one) => one.locked && one.account && (!account || one.account === account)).length;
    },

    // {recorded, uncounted, refused, lost} since this was asked last.
    async told() {
      const told = {};
      await ask("told", "readwrite", (store) => {
        for (const name of ["recorded", "uncounted", "refused", "lost"]) {
          store.get(name).onsuccess = (event) => { told[name] = event.target.result || 0; };
        }
        store.clear();
      });
      return told;
    },
  };
})();
