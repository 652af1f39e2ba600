// Several columns: what a test of the front page does, through the page's hooks.
import { GiveUp, until } from './wait.mjs';

/** Has an event of this type come after `mark`? Looks in the page: runs of several columns have many events. */
export const hasEvent = (glassbox, type, mark) =>
  glassbox.page.evaluate((name, from) => window.e2e.events.slice(from).some((event) => event.type === name), type, mark);

/** The columns from left to right, as they are drawn: `{ model, stage, state, text, reason, ids, reward }`. */
export const columns = (glassbox) =>
  glassbox.page.evaluate(() =>
    [...document.querySelectorAll('[data-testid="column"]')].map((column) => {
      const { model, stage, state } = column.dataset;
      const { text, reason } = column.querySelector('[data-testid="output"]').dataset;
      const ids = [...column.querySelectorAll('[data-testid="token"]')].map((chip) => Number(chip.dataset.id));
      const reward = column.querySelector('[data-testid="reward"]')?.dataset.reward;
      return { model, stage, state, text, reason, ids, reward: reward === undefined ? null : Number(reward) };
    }),
  );

/** Waits until all columns have ended after `mark`, rewards and chips included; returns `columns()`. */
export async function waitColumns(glassbox, mark) {
  await until('the run to end', async () => {
    const failed = await glassbox.page.evaluate((from) => window.e2e.events.slice(from).find((event) => event.type === 'failed'), mark);
    if (failed) throw new GiveUp(`the worker reported ${failed.kind}: ${failed.detail}`);
    return hasEvent(glassbox, 'run_ended', mark);
  });
  await glassbox.waitEnabled('run');
  // Of the last run: one that was broken off may still have been writing at the mark.
  const tokens = () =>
    glassbox.page.evaluate((from) => {
      const written = window.e2e.events.slice(from).filter((event) => event.type === 'token');
      return written.filter(({ run }) => run === written.at(-1).run).length;
    }, mark);
  return until('every column to show all its tokens', async () => {
    const drawn = await columns(glassbox);
    const shown = drawn.reduce((sum, { ids }) => sum + ids.length, 0);
    return drawn.every(({ state }) => state === 'finished') && shown >= (await tokens()) ? drawn : null;
  });
}

/** Waits for the example that a first visit runs by itself. */
export const firstRun = (glassbox) => waitColumns(glassbox, 0);

/** Runs a prompt through the columns that are there, each as its stage expects it. */
export async function runColumns(glassbox, prompt, options = {}) {
  await glassbox.prepare(prompt, { mode: 'chat', ...options });
  return waitColumns(glassbox, await glassbox.startRun());
}

/** Every element of a hook within one column: `data-*` attributes and text. */
export const inColumn = (glassbox, column, id) =>
  glassbox.page.evaluate(
    (at, selector) =>
      [...document.querySelectorAll('[data-testid="column"]')[at].querySelectorAll(selector)].map((element) => ({ ...element.dataset, textContent: element.textContent })),
    column,
    `[data-testid="${id}"]`,
  );

/** Clicks the `index`-th element of a hook within one column; of a row, the button in it. */
export const clickInColumn = (glassbox, column, id, index = 0) =>
  glassbox.page.evaluate(
    (at, selector, nth) => {
      const element = document.querySelectorAll('[data-testid="column"]')[at].querySelectorAll(selector)[nth];
      (element.querySelector('button') ?? element).click();
    },
    column,
    `[data-testid="${id}"]`,
    index,
  );

/** Moves the mouse onto the `index`-th token of a column. */
export async function hoverToken(glassbox, column, index) {
  const handle = await glassbox.page.evaluateHandle(
    (at, nth) => document.querySelectorAll('[data-testid="column"]')[at].querySelectorAll('[data-testid="token"]')[nth],
    column,
    index,
  );
  await handle.hover();
}

/** Sets a slider as dragging would. */
export const slide = (glassbox, id, value) =>
  glassbox.page.evaluate(
    (selector, text) => {
      const input = document.querySelector(selector);
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, text);
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    },
    `[data-testid="${id}"]`,
    String(value),
  );

/** Chooses one of several radio buttons of a hook by its `data-value`. */
export const choose = (glassbox, id, value) =>
  glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `[data-testid="${id}"][data-value="${value}"]`);

/** Opens a tool under the columns, unless it is open. */
export const openTool = (glassbox, name) =>
  glassbox.page.evaluate((selector) => {
    const button = document.querySelector(selector);
    if (button.getAttribute('aria-expanded') !== 'true') button.click();
  }, `[data-testid="tool-${name}"]`);

/** Files that the page offers from now on are kept instead of saved; see `waitDownload`. */
export const catchDownloads = (glassbox) =>
  glassbox.page.evaluate(() => {
    window.e2e.files = [];
    const blobs = new Map();
    const original = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const address = original.call(URL, blob);
      blobs.set(address, blob);
      return address;
    };
    HTMLAnchorElement.prototype.click = async function () {
      const buffer = await blobs.get(this.href).arrayBuffer();
      const head = [...new Uint8Array(buffer.slice(0, 32))];
      window.e2e.files.push({ name: this.download, text: new TextDecoder().decode(buffer), head, length: buffer.byteLength });
    };
  });

/** The file of this name, once it was offered: `{ name, text, head, length }`. */
export const waitDownload = (glassbox, name) =>
  until(`the file ${name}`, () => glassbox.page.evaluate((wanted) => window.e2e.files.find((file) => file.name === wanted) ?? null, name));
