// The page without a network: `sw.js` keeps its files. Browsers have no such workers outside secure pages
// (https, or this machine); the page then needs its server.
const workers = navigator.serviceWorker;
const scope = new URL('./', import.meta.url).href;
// In milliseconds: how long a waiting worker may take to answer; how long after the first model is there, and after
// the start of the page at the latest, keeping files begins.
const PATIENCE = 2_000;
const PAUSE = 3_000;
const LATEST = 30_000;

/**
 * If a newer build is waiting and this is the only page, has it take over and loads the page anew. True if so:
 * then nothing else may be started.
 */
export async function takeNewest() {
  if (!workers?.controller) return false;
  try {
    const waiting = (await workers.getRegistration(scope))?.waiting;
    if (!waiting) return false;
    const { port1, port2 } = new MessageChannel();
    const taken = new Promise((resolve) => workers.addEventListener('controllerchange', () => resolve(true), { once: true }));
    const refused = new Promise((resolve) => {
      port1.onmessage = ({ data }) => {
        if (data !== true) resolve(false);
      };
    });
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, false));
    waiting.postMessage('take over', [port2]);
    if (!(await Promise.race([taken, refused, late]))) return false;
  } catch {
    return false;
  }
  location.reload();
  return true;
}

/** Begins to keep the site's files a while after the first model is there: neither fetched twice nor in its way. */
export function keepFiles() {
  if (!workers) return;
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    // A browser that keeps nothing is no error.
    workers.register(new URL('sw.js', scope), { scope, updateViaCache: 'none' }).catch(() => {});
  };
  window.glassbox?.worker?.addEventListener('message', ({ data }) => {
    if (data?.type === 'loaded' || data?.type === 'failed') setTimeout(begin, PAUSE);
  });
  setTimeout(begin, LATEST);
}
