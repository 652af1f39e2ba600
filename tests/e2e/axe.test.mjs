// Accessibility: axe-core finds nothing serious, everything is reachable by keyboard, and streaming text is announced.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { serveCatalogue } from './lib/catalogue.mjs';
import { firstRun, waitColumns } from './lib/compare.mjs';
import { everywhere, openAll } from './lib/everywhere.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { hook } from './lib/page.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const AXE = await readFile(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const SERIOUS = ['serious', 'critical'];
const LOOKS = [['light', 'en'], ['dark', 'en'], ['light', 'zh'], ['dark', 'zh']];

const emulate = (page, theme) =>
  page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: theme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);

/** What axe finds serious on the page as it stands, one line each. */
async function findings(page) {
  // Evaluated by the debugger, which no policy of the page hinders.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations', 'passes'] }));
  assert.ok(passes.length > 10, `axe looked at the page: ${passes.length} rules`);
  return violations
    .filter(({ impact }) => SERIOUS.includes(impact))
    .flatMap(({ id, help, nodes }) => nodes.slice(0, 4).map(({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`));
}

for (const [theme, language] of LOOKS) {
  pageTest(`nothing serious, ${theme}, ${language}`, { webgpu: 'none', page: { backend: 'cpu' } }, async ({ glassbox, step }) => {
    const { page } = glassbox;
    await emulate(page, theme);
    await firstRun(glassbox);
    if ((await glassbox.data('language')).value !== language) {
      const mark = await glassbox.mark();
      await glassbox.click('language');
      await waitColumns(glassbox, mark);
    }
    await everywhere(glassbox, (name) =>
      step(name, async () => {
        // Colours may be on their way from one theme to the other.
        let found = [];
        await until('no serious finding', async () => {
          found = await findings(page);
          return found.length === 0;
        }, { deadline: 10_000 }).catch(() => {});
        assert.deepEqual(found, []);
      }),
    );
  });
}

const bytes = tinyModel();
const options = {
  webgpu: 'none',
  page: { model: 'tiny', backend: 'cpu' },
  prepare: (server) => serveCatalogue(server, [{ id: 'tiny', bytes, mustAccept: true }]),
};

pageTest('axe would find something', options, async ({ glassbox }) => {
  await glassbox.page.evaluate(() => {
    const button = document.createElement('button');
    button.id = 'nameless';
    document.querySelector('main').append(button);
  });
  const found = await findings(glassbox.page);
  assert.ok(found.some((line) => line.startsWith('button-name') && line.includes('nameless')), found.join('\n'));
});

pageTest('by keyboard alone', options, async ({ glassbox, step }) => {
  const { page } = glassbox;
  await step('the licence dialog takes the focus, keeps it and gives it back', async () => {
    await openAll(glassbox);
    await page.focus(hook('load'));
    await page.keyboard.press('Enter');
    await until('the dialog', () => glassbox.isVisible('licence-dialog'));
    assert.deepEqual(await findings(page), []);
    const inside = () => page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null);
    for (let press = 0; press < 12; press += 1) {
      assert.ok(await inside(), `after ${press} tabs`);
      await page.keyboard.press('Tab');
    }
    await page.focus(hook('licence-accept'));
    const mark = await glassbox.mark();
    await page.keyboard.press('Enter');
    await glassbox.waitLoaded(mark);
  });

  await step('a run, with nothing but keys', async () => {
    await glassbox.prepare('the cat', { maxTokens: 4 });
    await page.focus(hook('prompt'));
    const mark = await glassbox.mark();
    await page.keyboard.down('Control');
    await page.keyboard.press('Enter');
    await page.keyboard.up('Control');
    await glassbox.waitRun(mark);
  });

  await step('every control can be reached, in order, and shows its focus', async () => {
    await openAll(glassbox);
    await page.evaluate(() => {
      document.activeElement?.blur();
      scrollTo(0, 0);
    });
    const wanted = await page.evaluate(controls);
    assert.ok(wanted > 20, `${wanted} controls`);
    const reached = new Set();
    // Once round: a browser goes on at the beginning, past its own controls.
    for (let press = 0; press < wanted * 3 && reached.size < wanted; press += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(focused);
      if (at === null) continue;
      assert.ok(at.visible, `the focus cannot be seen on ${at.name}`);
      reached.add(at.index);
    }
    const missed = await page.evaluate(names, [...reached]);
    assert.deepEqual(missed, [], 'controls that no key leads to');
  });
});

pageTest('what streams is announced once it is there, and progress is named', options, async ({ glassbox }) => {
  const { page } = glassbox;
  const regions = await page.evaluate(() => [...document.querySelectorAll('[aria-live], [role="status"], [role="log"], [role="alert"]')].map((element) => element.getAttribute('aria-live') ?? element.getAttribute('role')));
  assert.ok(regions.length > 0, 'there are live regions before anything happens');
  const mark = await glassbox.startLoad();
  await until('the licence dialog', () => glassbox.isVisible('licence-dialog'));
  await glassbox.click('licence-accept');
  await glassbox.waitLoaded(mark);
  // What a screen reader is told: text that changes inside of a polite region.
  await page.evaluate(() => {
    window.spoken = [];
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
        const region = element?.closest('[aria-live="polite"], [role="status"], [role="log"]');
        if (region && region.getAttribute('aria-busy') !== 'true') window.spoken.push(region.textContent);
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  await glassbox.run('the cat', { maxTokens: 6 });
  const text = (await glassbox.text()).trim();
  await until('the answer to be announced', () => page.evaluate((answer) => window.spoken.some((said) => said.includes(answer)), text));
});

// Everything that can be operated and is shown, radio buttons of a group but one. Runs in the page.
function controls() {
  const groups = new Set();
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((element) => {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled || element.tabIndex < 0) return false;
    if (element.type !== 'radio') return true;
    if (groups.has(element.name)) return false;
    groups.add(element.name);
    return true;
  });
  window.controls = all;
  return all.length;
}

// The control that has the focus. Runs in the page.
function focused() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const same = (other) => other === element || (element.type === 'radio' && other.type === 'radio' && other.name === element.name);
  const index = window.controls.findIndex(same);
  if (index < 0) return null;
  // The mark may be drawn on what stands for a hidden input.
  const marked = [element, element.parentElement, ...element.parentElement.children].map((candidate) => getComputedStyle(candidate));
  const visible = marked.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1);
  return { index, visible, name: element.dataset.testid ?? element.id ?? element.textContent.slice(0, 40) };
}

// The controls that are not among these. Runs in the page.
function names(reached) {
  return window.controls.map((element, index) => (reached.includes(index) ? null : `${element.localName} ${element.dataset.testid ?? element.id} ${element.textContent.trim().slice(0, 30)}`)).filter(Boolean);
}
