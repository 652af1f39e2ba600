// Builds of the site, as its service worker knows them.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { needEnv } from './server.mjs';
import { until } from './wait.mjs';

const DIGITS = 32;
const MARK = 'const BUILD = ';

export const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, DIGITS);

export const siteFile = (path) => readFile(join(needEnv('GLASSBOX_SITE', 'the built site (target/site)'), path));

/** What the service worker of the built site begins with (`{ first, files }`), and the rest of it. */
export async function builtSite() {
  const text = (await siteFile('sw.js')).toString();
  const end = text.indexOf(';\n');
  if (!text.startsWith(MARK) || end < 0) throw new Error('sw.js does not begin with the files of its build');
  return { build: JSON.parse(text.slice(MARK.length, end)), script: text.slice(end + 2) };
}

/** Makes `server` offer another build of the site: the same but for these files (path → text or bytes). */
export async function serveBuild(server, changed) {
  const { build, script } = await builtSite();
  for (const [path, content] of Object.entries(changed)) {
    server.files.set(path === 'index.html' ? '/' : `/${path}`, content);
    build.files[path] = hashOf(content);
  }
  server.files.set('/sw.js', `${MARK}${JSON.stringify(build)};\n${script}`);
}

/** Waits until the page's files are kept and the page is served from them. */
export const waitKept = (glassbox) =>
  until('the service worker to serve the page', () => glassbox.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated' && navigator.serviceWorker.controller !== null));

/** Addresses of all files that the page's service worker keeps, by the name of their cache. */
export const keptFiles = (glassbox) =>
  glassbox.page.evaluate(async () => {
    const out = {};
    for (const name of await caches.keys()) out[name] = (await (await caches.open(name)).keys()).map(({ url }) => url);
    return out;
  });
