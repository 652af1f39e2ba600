// A walk through everything the page can show, for tests that look at all of it.
import { choose, openTool, runColumns, waitColumns } from './compare.mjs';
import { openLesson, openLessons } from './lessons.mjs';
import { hook } from './page.mjs';
import { until } from './wait.mjs';

const TOOLS = ['samples', 'score', 'vote', 'export'];
const LESSON = 'tokens';

/** Opens every disclosure of the page. */
export const openAll = (glassbox) =>
  glassbox.page.evaluate(() => {
    for (const details of document.querySelectorAll('details:not([open])')) details.open = true;
  });

/**
 * Shows one part of the page after the other and calls `look(name)` at each: the columns with a token locked,
 * every tool, all drawers, every dialog, the page's other parts, a lesson, and the page as it is presented.
 */
export async function everywhere(glassbox, look) {
  const { page } = glassbox;
  await page.evaluate((selector) => document.querySelector(selector)?.click(), hook('token'));
  await look('columns');
  for (const tool of TOOLS) {
    await openTool(glassbox, tool);
    await look(tool);
  }
  await openAll(glassbox);
  await look('drawers');
  for (const opener of await page.evaluate(openers)) {
    await page.evaluate((selector) => document.querySelector(selector).click(), opener);
    await until(`the dialog behind ${opener}`, () => page.evaluate(() => document.querySelector('dialog[open]') !== null));
    await openAll(glassbox);
    await look(opener);
    await page.keyboard.press('Escape');
    await until('the dialog to be closed', () => page.evaluate(() => document.querySelector('dialog[open]') === null));
  }
  const [first, ...others] = await page.evaluate(parts);
  for (const part of [...others, first]) {
    await page.evaluate((selector) => document.querySelector(selector).click(), part);
    await until(`the part ${part}`, () => page.evaluate((selector) => document.querySelector(selector).matches('[aria-current="page"]'), part));
    if (part !== first) await look(part);
  }
  await openLessons(glassbox);
  await look('lessons');
  await openLesson(glassbox, LESSON);
  await look('a lesson');
  await glassbox.click('lessons');
  await until('the lessons to be closed', async () => !(await glassbox.isVisible('lessons-panel')));
  await glassbox.click('present');
  await until('the bar of the presenter', () => glassbox.isVisible('leave-presenter'));
  await look('presenter');
  await glassbox.click('leave-presenter');
}

// Selectors of the buttons that open a dialog. Runs in the page.
function openers() {
  return [...document.querySelectorAll('button[aria-haspopup="dialog"]')].filter((button) => button.checkVisibility() && !button.disabled).map(({ dataset }) => `[data-testid="${dataset.testid}"]`);
}

// Selectors of the tabs, the one that is shown first. Runs in the page.
function parts() {
  const tabs = [...document.querySelectorAll('[data-testid="tab"]')].toSorted((a, b) => Number(b.matches('[aria-current]')) - Number(a.matches('[aria-current]')));
  return tabs.map(({ dataset }) => `[data-testid="tab"][data-tab="${dataset.tab}"]`);
}

/** What a reader does in a long session on the front page. */
export async function longSession(glassbox, question) {
  await runColumns(glassbox, question, { maxTokens: 8 });
  await runColumns(glassbox, question, { mode: 'raw', maxTokens: 8 });
  await openTool(glassbox, 'samples');
  await choose(glassbox, 'sample-column', 0);
  await glassbox.click('draw');
  await until('the answers', async () => (await glassbox.all('samples')).some((draw) => draw.ended === ''));
  await openTool(glassbox, 'score');
  await choose(glassbox, 'score-column', 0);
  await glassbox.click('score');
  await until('the scores', async () => (await glassbox.all('scored-stage')).length > 0);
  const mark = await glassbox.mark();
  await glassbox.click('language');
  // An example that is shown is run again in the other language; the reader's own words are not.
  if (!(await glassbox.page.evaluate((selector) => document.querySelector(selector)?.disabled ?? true, hook('run')))) await glassbox.click('run');
  await waitColumns(glassbox, mark);
  await glassbox.click('theme');
}
