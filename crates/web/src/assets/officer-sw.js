// The officer's page without a connection: keeps the page and the last job card, and nothing else.
// What may be kept the server says with each answer. It goes when the job ends, when the session
// ends or belongs to nobody, on signing off, and after a shift.
"use strict";

const CACHE = "callbox-officer-1";
const SHIFT_MS = 12 * 3600 * 1000;
const WAIT_MS = 6000;
const SHELL = ["callbox.css", "look.css", "officer.css", "console.js", "officer.js", "session.js",
  "htmx.js", "lamp.svg", "inter-latin.woff2"].map((name) => `/assets/${name}`);
const CARDS = ["/officer", "/officer/now"];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
});

async function forget() {
  const cache = await caches.open(CACHE);
  await Promise.all(CARDS.map((card) => cache.delete(card)));
}

async function tell(kept) {
  for (const client of await self.clients.matchAll()) client.postMessage({ kept });
}

async function fromNetwork(request) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), WAIT_MS);
  try {
    return await fetch(request, { signal: stop.signal });
  } finally {
    clearTimeout(late);
  }
}

async function keep(path, response) {
  const cache = await caches.open(CACHE);
  const headers = new Headers(response.headers);
  headers.set("callbox-kept-at", String(Date.now()));
  headers.delete("content-encoding");
  const body = await response.blob();
  await cache.put(path, new Response(body, { status: 200, headers }));
  // A part from before the page is not newer than it.
  if (path === "/officer") await cache.delete("/officer/now");
}

async function kept(path) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(path, { ignoreVary: true });
  if (!found) return null;
  const at = Number(found.headers.get("callbox-kept-at"));
  if (Date.now() - at < SHIFT_MS) return { found, at };
  await cache.delete(path);
  return null;
}

async function card(event, path) {
  let response = null;
  try {
    response = await fromNetwork(event.request);
  } catch {
    // No connection: what was kept, below.
  }
  if (response && response.status < 500) {
    if (response.ok && response.headers.get("callbox-keep") === "yes") {
      event.waitUntil(keep(path, response.clone()));
    } else {
      event.waitUntil(forget());
    }
    event.waitUntil(tell(null));
    return response;
  }
  const copy = await kept(path);
  if (!copy) {
    // The page itself is as new as its part: it says how old it is.
    const page = path === "/officer/now" ? await kept("/officer") : null;
    if (page) event.waitUntil(tell(page.at));
    return response ?? Response.error();
  }
  event.waitUntil(tell(copy.at));
  return copy.found;
}

async function asset(event) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fromNetwork(event.request);
    if (response.ok) event.waitUntil(cache.put(event.request, response.clone()));
    return response;
  } catch {
    return (await cache.match(event.request, { ignoreVary: true })) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (CARDS.includes(pathname)) event.respondWith(card(event, pathname));
  else if (pathname.startsWith("/assets/")) event.respondWith(asset(event));
});
