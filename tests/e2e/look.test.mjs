// Screenshots for people to look at, and the facts about them that a program can judge.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveCatalogue } from './lib/catalogue.mjs';
import { clickInColumn, firstRun, waitColumns } from './lib/compare.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { contrasts, overflowing, pageLuminance } from './lib/look.mjs';
import { hook } from './lib/page.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const WIDTHS = [360, 1024, 1920];
const THEMES = ['light', 'dark'];
const FOLDER = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));
const HAN = /\p{Script=Han}/u;

const bytes = tinyModel();
const options = {
  webgpu: 'none',
  page: { model: 'tiny', backend: 'cpu' },
  prepare: (server) => serveCatalogue(server, [{ id: 'tiny', bytes }]),
};

pageTest('the page at three widths, in two themes', options, async ({ glassbox, step }) => {
  const { page } = glassbox;
  await mkdir(FOLDER, { recursive: true });
  await glassbox.load();
  await glassbox.run('the cat sat on the mat and', { maxTokens: 24 });
  const luminance = {};
  for (const theme of THEMES) {
    // The page follows the system's theme unless told otherwise.
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: theme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    for (const width of WIDTHS) {
      await step(`${width} px, ${theme}`, async () => {
        await page.setViewport({ width, height: width < 600 ? 740 : 900 });
        await until('the page to take the new width', () => page.evaluate((expected) => innerWidth === expected, width));
        await page.evaluate((selector) => document.querySelector(selector).focus(), hook('token'));
        await page.screenshot({ path: join(FOLDER, `${width}-${theme}.png`), fullPage: true });
        // Colours may be on their way from one theme to the other.
        await until('the facts to hold', async () => {
          const wrong = await facts(page);
          if (wrong.length > 0) throw new Error(wrong.join('; '));
          return true;
        }, { deadline: 20_000 });
        luminance[theme] = await page.evaluate(pageLuminance);
      });
    }
  }
  await step('the dark theme is darker than the light one', async () => {
    assert.ok(luminance.dark < 0.2 && luminance.light > 0.6, `luminance of the background: ${JSON.stringify(luminance)}`);
  });

  await step('the focus is visible', async () => {
    await page.keyboard.press('Tab'); // from now on the keyboard is in use
    const style = await page.evaluate((selector) => {
      const button = document.querySelector(selector);
      button.focus({ focusVisible: true });
      const { outlineStyle, outlineWidth } = getComputedStyle(button);
      return { focused: document.activeElement === button, outlineStyle, outlineWidth };
    }, hook('run'));
    assert.ok(style.focused, 'Run takes the focus');
    assert.ok(style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1, `outline: ${JSON.stringify(style)}`);
  });

  await step('both languages', () => checkLanguages(glassbox));
});

// The front page as a first visitor has it, on a phone, a laptop and a projector, with a token locked.
pageTest('three columns at three widths, in two themes and both languages', { webgpu: 'none', page: { backend: 'cpu' } }, async ({ glassbox, step }) => {
  const { page } = glassbox;
  await mkdir(FOLDER, { recursive: true });
  await firstRun(glassbox);
  await clickInColumn(glassbox, 1, 'token', 0);
  for (const [theme, language] of [['light', 'en'], ['dark', 'zh']]) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: theme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    if ((await glassbox.data('language')).value !== language) {
      const mark = await glassbox.mark();
      await glassbox.click('language');
      await waitColumns(glassbox, mark);
      await clickInColumn(glassbox, 1, 'token', 0);
    }
    for (const width of WIDTHS) {
      await step(`${width} px, ${theme}, ${language}`, async () => {
        await page.setViewport({ width, height: width < 600 ? 740 : 900 });
        await until('the page to take the new width', () => page.evaluate((expected) => innerWidth === expected, width));
        await page.screenshot({ path: join(FOLDER, `compare-${width}-${theme}-${language}.png`), fullPage: true });
        await until('the facts to hold', async () => {
          const wrong = await facts(page);
          if (wrong.length > 0) throw new Error(wrong.join('; '));
          return true;
        }, { deadline: 20_000 });
      });
    }
  }
});

// What is wrong with the page as it stands.
async function facts(page) {
  const wrong = [];
  const scroll = await page.evaluate(() => [document.scrollingElement.scrollWidth, document.documentElement.clientWidth]);
  if (scroll[0] > scroll[1]) wrong.push(`the page scrolls sideways: ${scroll.join(' > ')}`);
  wrong.push(...(await page.evaluate(overflowing)));
  const read = await page.evaluate(contrasts, ['prompt', 'output', 'token', 'alternative', 'status', 'run', 'stage-line'].map(hook));
  if (read.length < 4) wrong.push(`contrast could be read of ${read.length} elements only`);
  for (const { selector, ratio, colours } of read) {
    if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(2)} of ${selector} (${colours})`);
  }
  return wrong;
}

async function checkLanguages(glassbox) {
  const { page } = glassbox;
  const seen = () => page.evaluate((selector) => ({ run: document.querySelector(selector).textContent.trim(), lang: document.documentElement.lang, body: document.body.innerText }), hook('run'));
  const toggle = () =>
    page.evaluate((selector) => {
      const control = document.querySelector(selector);
      if (control instanceof HTMLSelectElement) {
        control.selectedIndex = 1 - control.selectedIndex;
        control.dispatchEvent(new Event('change', { bubbles: true }));
        return;
      }
      const choices = [...control.querySelectorAll('button, input')];
      const isChosen = (choice) => choice.checked || choice.getAttribute('aria-pressed') === 'true' || choice.getAttribute('aria-checked') === 'true';
      (choices.find((choice) => !isChosen(choice)) ?? control).click();
    }, hook('language'));
  const first = await seen();
  await toggle();
  const second = await until('the other language', async () => {
    const now = await seen();
    return now.run !== first.run && now.lang !== first.lang ? now : null;
  });
  await page.screenshot({ path: join(FOLDER, `language-${second.lang}.png`), fullPage: true });
  const [english, chinese] = HAN.test(second.run) ? [first, second] : [second, first];
  assert.match(english.run, /^[\p{Script=Latin}\p{P}\p{S}\s+]+$/u, 'the Run button in English');
  assert.match(chinese.run, HAN, 'the Run button in Chinese');
  assert.match(english.lang, /^en/);
  assert.match(chinese.lang, /^zh/);
  assert.ok((chinese.body.match(/\p{Script=Han}/gu) ?? []).length > 40, 'the page is in Chinese, not its buttons only');
  await toggle();
  await until('the first language again', async () => (await seen()).run === first.run);
}
