// Keeps the site's own files, so that the page opens without a network. `cargo xtask build` puts a line in
// front that defines BUILD: `files` (path → SHA-256 in hexadecimal digits, 32 of them) and `first`, the paths
// that are kept before this worker takes over. A file is kept under its hash: a new build fetches what has
// changed and nothing else, and an open page goes on with the build it came from.
//
// Fetched models are not in the list: the page keeps them in the browser's private file system.
/* global BUILD */

const SCOPE = self.registration.scope;
// One origin may hold several sites.
const CACHE = `glassbox ${SCOPE}`;
const FILES = new Map(Object.entries(BUILD.files));
// Files that are fetched at a time.
const LANES = 4;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const path = pathOf(event.request);
  if (path !== null) event.respondWith(answer(path, event));
});
self.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(takeOver(event.ports[0]));
});

const addressOf = (path) => new URL(path === 'index.html' ? './' : encodeURI(path), SCOPE).href;
const keyOf = (path) => `${addressOf(path)}?sha256=${FILES.get(path)}`;

/** The file a request is about, if it is one of the list. */
function pathOf({ method, url, headers }) {
  // Whoever wants a part of a file asks the server.
  if (method !== 'GET' || headers.has('range')) return null;
  const bare = url.split(/[?#]/)[0];
  if (!bare.startsWith(SCOPE)) return null;
  try {
    const path = decodeURIComponent(bare.slice(SCOPE.length)) || 'index.html';
    return FILES.has(path) ? path : null;
  } catch {
    return null;
  }
}

async function install() {
  const cache = await caches.open(CACHE);
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  const missing = BUILD.first.filter((path) => !kept.has(keyOf(path)));
  const lane = async () => {
    for (let path = missing.shift(); path !== undefined; path = missing.shift()) await fetchFile(cache, path);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Fetches and keeps a file, unless it is of another build: then nothing of this one is used. */
async function fetchFile(cache, path) {
  // The page has just fetched most of them: the browser's own copy will do if its hash is right.
  for (const mode of ['force-cache', 'reload']) {
    const response = await fetch(addressOf(path), { cache: mode });
    if (response.status === 200 && (await keep(cache, path, response))) return;
  }
  throw new Error(`${path} is not the file of this build`);
}

async function keep(cache, path, response) {
  const bytes = await response.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const digits = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (!digits.startsWith(FILES.get(path))) return false;
  const headers = new Headers(response.headers);
  // The body is unpacked, and no longer what these describe.
  for (const name of ['content-encoding', 'content-length', 'vary']) headers.delete(name);
  await cache.put(keyOf(path), new Response(bytes, { headers }));
  return true;
}

async function activate() {
  const cache = await caches.open(CACHE);
  const wanted = new Set([...FILES.keys()].map(keyOf));
  const old = (await cache.keys()).filter(({ url }) => !wanted.has(url));
  await Promise.all(old.map((request) => cache.delete(request)));
  await self.clients.claim();
}

async function answer(path, event) {
  const cache = await caches.open(CACHE).catch(() => null);
  const kept = await cache?.match(keyOf(path));
  if (kept) return kept;
  const response = await fetch(event.request);
  // The rest of the site, such as the stages of a fetched model, is kept once it was used.
  if (cache && response.status === 200) event.waitUntil(keep(cache, path, response.clone()).catch(() => false));
  return response;
}

/** A page that opens alone asks for the newest build; where another one is open, this worker goes on waiting. */
async function takeOver(port) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const alone = pages.filter(({ url }) => url.startsWith(SCOPE)).length <= 1;
  if (alone) await self.skipWaiting();
  port.postMessage(alone);
}
