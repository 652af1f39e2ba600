// The inside view: opening it, selecting in it, and asking the worker the same a second time.
import { until } from './wait.mjs';

/** Opens the inside view at a panel, and waits until it knows the text. */
export async function openInside(glassbox, panel) {
  if (!(await glassbox.isVisible('inside'))) await glassbox.click('open-inside');
  await until('the facts of the text', async () => (await glassbox.data('inside'))?.ready === '');
  await openPanel(glassbox, panel);
}

export async function openPanel(glassbox, panel) {
  await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `[data-testid="inside-tab"][data-panel="${panel}"]`);
  await until(`the panel ${panel}`, async () => (await glassbox.data('inside')).panel === panel);
}

/** Looks into the column of this stage. */
export async function lookInto(glassbox, stage) {
  await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `[data-testid="inside-column"][data-stage="${stage}"]`);
  await until(`the text of ${stage}`, async () => {
    const { stage: shown, ready } = await glassbox.data('inside');
    return shown === stage && ready === '';
  });
}

/** Clicks the token at a place, unless it is followed already. */
export async function follow(glassbox, place) {
  await glassbox.page.evaluate((selector) => {
    const chip = document.querySelector(selector);
    if (chip.getAttribute('aria-pressed') !== 'true') chip.click();
  }, `[data-testid="inside-token"][data-place="${place}"]`);
  await until(`the token ${place}`, async () => (await pressed(glassbox)) === place);
}

/** Place of the token that is followed. */
export const pressed = (glassbox) =>
  glassbox.page.evaluate(() => Number(document.querySelector('[data-testid="inside-token"][aria-pressed="true"]')?.dataset.place));

/** Goes to a cell of a picture with the keys, as a reader without a mouse does; returns the picture's data. */
export async function goToCell(glassbox, picture, row, column) {
  await until(`the picture ${picture}`, async () => (await glassbox.data(picture))?.rows !== undefined);
  await glassbox.page.evaluate(
    (id, down, right) => {
      const target = document.querySelector(`[data-testid="${id}"] .heatmap-picture`);
      target.focus();
      const press = (key) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      press('ArrowDown');
      press('PageUp');
      press('Home');
      for (let at = 0; at < down; at += 1) press('ArrowDown');
      for (let at = 0; at < right; at += 1) press('ArrowRight');
    },
    picture,
    row,
    column,
  );
  return until(`the cell ${row}, ${column}`, async () => {
    const found = await glassbox.data(picture);
    return found.row === String(row) && found.column === String(column) ? found : null;
  });
}

/** The text as the page asks about it: prompt as the stage expects it, and the ids of the answer. */
export const textOf = ({ model, stage, ids }, prompt) => ({
  model,
  stage,
  prompt: stage === 'base' || stage === 'model' ? { raw: { text: prompt } } : { chat: { messages: [{ role: 'user', content: prompt }] } },
  answer: ids,
});

/** Asks the worker and gives the answer; arrays of numbers are plain arrays. */
export const ask = async (glassbox, text, question) => (await askParts(glassbox, text, question))[0];

/** As `ask`, for a question that is answered in parts: all of them. */
export const askParts = (glassbox, text, question) =>
  glassbox.page.evaluate(
    (about, asked) =>
      new Promise((resolve, reject) => {
        const { flat, wire } = window.e2e;
        window.e2e.asked = (window.e2e.asked ?? 900_000) + 1;
        const run = window.e2e.asked;
        const { worker } = window.glassbox;
        const inParts = ['lens', 'influence'].includes(asked.kind);
        const parts = [];
        const floats = (value) => {
          if (ArrayBuffer.isView(value)) return [...new Float32Array(value.slice().buffer)];
          if (Array.isArray(value)) return value.map(floats);
          if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? Number(value) : value;
          return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, floats(item)]));
        };
        const listen = ({ data }) => {
          const event = flat(data);
          if (event.run !== run || !['inside', 'failed'].includes(event.type)) return;
          const kind = event.answer?.kind;
          if (kind === 'progress') return;
          if (event.type === 'inside' && kind !== 'ended') {
            parts.push(floats(event.answer));
            if (inParts) return;
          }
          worker.removeEventListener('message', listen);
          if (event.type === 'failed') reject(new Error(event.detail));
          else resolve(parts);
        };
        worker.addEventListener('message', listen);
        worker.postMessage({ request: { inside: { run, text: about, ask: wire(asked) } } });
      }),
    text,
    question,
  );

/** A whole number below `end`, drawn anew in every run; failures print it. */
export const below = (end) => Math.floor(Math.random() * end);

/** The bars of a chart: `{ name, values, chosen }`, a value that has not come as null. */
export const bars = (glassbox, chart) =>
  glassbox.page.evaluate(
    (selector) =>
      [...document.querySelectorAll(selector)].map(({ dataset }) => ({
        name: dataset.name,
        chosen: dataset.chosen === '',
        values: dataset.values.split(' ').map((value) => (value === '-' ? null : Number(value))),
      })),
    `[data-testid="${chart}"] [data-testid="bar"]`,
  );

/** Softmax of logits over all of them. */
export function softmax(logits) {
  const highest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logits.map((logit) => Math.exp(logit - highest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
