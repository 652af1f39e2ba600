// Links: what a test makes of them, and how a reader comes by them.
import { deflateSync, inflateSync } from 'node:zlib';
import { startBrowser } from './browser.mjs';
import { hook, newPage } from './page.mjs';
import { until } from './wait.mjs';

/** What a link holds, as plain data. */
export function unpack(link) {
  const data = link.slice(link.indexOf('#v1=') + 4);
  return JSON.parse(inflateSync(Buffer.from(data, 'base64url')).toString());
}

/** The fragment of a link that holds this, written as anybody might write it. */
export const pack = (shared) => packText(JSON.stringify(shared));

export const packText = (text) => `#v1=${deflateSync(Buffer.from(text)).toString('base64url')}`;

/** Token ids in the short form of a link. */
export function encodeIds(ids) {
  const bytes = [];
  for (let id of ids) {
    for (; id >= 128; id = Math.floor(id / 128)) bytes.push((id % 128) | 128);
    bytes.push(id);
  }
  return Buffer.from(bytes).toString('base64url');
}

/** The link that the page gives for what stands on it. */
export async function shareLink(glassbox) {
  await glassbox.click('share');
  const link = await until('the link', () =>
    glassbox.page.evaluate(() => {
      const value = document.querySelector('[data-testid="share-link"]')?.value ?? '';
      return value.includes('#v1=') ? value : null;
    }),
  );
  const { size, chars } = await glassbox.data('share-length');
  await glassbox.click('share-close');
  await until('the dialog to close', async () => !(await glassbox.isVisible('share-dialog')));
  return { link, size, chars: Number(chars), fragment: link.slice(link.indexOf('#')) };
}

/** Follows a link within the page that is open. */
export const follow = (glassbox, fragment) =>
  glassbox.page.evaluate((hash) => {
    window.location.hash = hash;
  }, fragment);

/** Opens a link in a browser that has never been here. `body` gets the page; the browser is gone afterwards. */
export async function inFreshBrowser(server, options, body) {
  const { browser, stop } = await startBrowser({ webgpu: 'none' });
  try {
    const glassbox = await newPage(browser, server, options);
    await glassbox.open({ backend: 'cpu', ...options });
    return await body(glassbox);
  } finally {
    await stop();
  }
}

/** How the replay ended: `same` or `diverged`. */
export const replayed = (glassbox) =>
  until('the replay to end', async () => {
    const state = (await glassbox.data('replay'))?.state;
    return state === 'same' || state === 'diverged' ? state : null;
  });

/** The prompt as it stands in its field. */
export const prompt = (glassbox) => glassbox.page.evaluate((selector) => document.querySelector(selector).value, hook('prompt'));

/** Gives a file input a file with this text. */
export const giveFile = (glassbox, id, name, text) =>
  glassbox.page.evaluate(
    (selector, fileName, content) => {
      const input = document.querySelector(selector);
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], fileName, { type: 'application/json' }));
      input.files = transfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    hook(id),
    name,
    text,
  );

/** Drops a file onto the page. */
export const dropFile = (glassbox, name, text) =>
  glassbox.page.evaluate(
    (fileName, content) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], fileName));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    name,
    text,
  );
