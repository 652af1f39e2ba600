// Links: from one browser to another, with branches, old, broken and hostile.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { clickInColumn, columns, firstRun, inColumn, runColumns, waitColumns } from './lib/compare.mjs';
import { follow as followToken, lookInto, openInside, pressed } from './lib/inside.mjs';
import { hook } from './lib/page.mjs';
import { encodeIds, follow, inFreshBrowser, pack, packText, prompt, replayed, shareLink, unpack } from './lib/share.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const QUESTION = 'What is the capital of China?';
const options = { webgpu: 'none', page: { backend: 'cpu' } };
const golden = (name) => readFile(new URL(`../../crates/share/tests/golden/${name}.link`, import.meta.url), 'utf8');
const fragmentOf = (link) => link.trim().slice(link.indexOf('#'));

pageTest('a link opens in another browser as it was', options, async ({ glassbox, server, step }) => {
  await firstRun(glassbox);
  const drawn = await runColumns(glassbox, QUESTION, { maxTokens: 16 });
  const made = await shareLink(glassbox);

  await step('it is short, and holds all of it', () => {
    assert.ok(made.chars < 1000 && made.chars === made.link.length, `${made.chars} characters`);
    assert.equal(made.size, 'short');
    const { scene } = unpack(made.link);
    assert.equal(scene.prompt.text, QUESTION);
    assert.equal(scene.sampler.temperature, 0);
    assert.deepEqual(scene.columns.map(({ stage }) => stage), ['base', 'sft', 'rlhf']);
    assert.ok(scene.columns.every(({ file }) => /^[0-9a-f]{16}$/.test(file)), 'hashes of the files');
    assert.equal(scene.expected.columns[1], encodeIds(drawn[1].ids));
    assert.equal(scene.language, 'en');
  });

  await step('the same greedy text comes out', () =>
    inFreshBrowser(server, { fragment: made.fragment }, async (fresh) => {
      assert.equal(await replayed(fresh), 'same');
      const again = await columns(fresh);
      assert.deepEqual(again.map(({ text }) => text), drawn.map(({ text }) => text));
      await sameTokens(fresh, drawn);
      assert.equal(await prompt(fresh), QUESTION);
      assert.ok(!JSON.stringify(server.log).includes('v1='), 'the fragment is not sent');
    }));

  await step('in the language it was made in', async () => {
    const chinese = pack({ scene: { ...unpack(made.link).scene, language: 'zh' } });
    await follow(glassbox, chinese);
    await until('Chinese', () => glassbox.page.evaluate(() => document.documentElement.lang === 'zh-CN'));
    assert.equal(await replayed(glassbox), 'same');
  });

  await step('what came out differently is shown, with the reasons', () => checkDivergence(glassbox, made, drawn));
  await step('another file of the model is named', async () => {
    const { scene } = unpack(made.link);
    for (const column of scene.columns) column.file = '0123456789abcdef';
    await follow(glassbox, pack({ scene }));
    await until('the difference', async () => (await glassbox.data('difference'))?.kind === 'file');
    assert.equal(await replayed(glassbox), 'same', 'it runs nevertheless');
  });
  await step('a model that is not here is asked for', async () => {
    const { scene } = unpack(made.link);
    scene.columns = [{ model: 'somebody.gguf', stage: 'model' }];
    delete scene.expected;
    await follow(glassbox, pack({ scene }));
    await until('the notice', async () => (await glassbox.data('difference'))?.kind === 'no_model');
  });
});

/** Waits until the columns show the tokens of these. */
const sameTokens = (glassbox, drawn) =>
  until('the same tokens', async () => JSON.stringify((await columns(glassbox)).map(({ ids }) => ids)) === JSON.stringify(drawn.map(({ ids }) => ids)), { deadline: 30_000 });

async function checkDivergence(glassbox, made, drawn) {
  const { scene } = unpack(made.link);
  const ids = [...drawn[1].ids];
  const at = Math.min(3, ids.length - 1);
  ids[at] += 1;
  scene.expected.columns[1] = encodeIds(ids);
  scene.expected.backend = 'Another graphics card';
  await follow(glassbox, pack({ scene }));
  assert.equal(await replayed(glassbox), 'diverged');
  const verdicts = await until('three verdicts', async () => {
    const found = await glassbox.all('verdict');
    return found.length === 3 && found.every(({ verdict }) => verdict !== 'so_far') ? found : null;
  });
  assert.deepEqual(verdicts.map(({ verdict }) => verdict), ['same', 'diverged', 'same']);
  assert.equal((await glassbox.data('diverged-at')).at, String(at));
  assert.match(verdicts[1].textContent, /hardware/, verdicts[1].textContent);
  await glassbox.click('show-parting');
  await until('the place', () => glassbox.page.evaluate(() => document.querySelectorAll('[data-testid="token"][data-mark="locked"]').length === 1));
}

pageTest('a branch travels along', options, async ({ glassbox, server, step }) => {
  await firstRun(glassbox);
  const before = await runColumns(glassbox, QUESTION, { maxTokens: 12 });
  const mark = await glassbox.mark();
  const rows = await inColumn(glassbox, 1, 'alternative');
  await clickInColumn(glassbox, 1, 'alternative', rows.findIndex(({ id }) => Number(id) !== before[1].ids[0]));
  const branched = await waitColumns(glassbox, mark);
  assert.notEqual(branched[1].text, before[1].text);
  const { link, fragment } = await shareLink(glassbox);
  assert.deepEqual(unpack(link).scene.columns[1].branch.chosen, [0]);
  await step('and is gone again from choice to choice', () =>
    inFreshBrowser(server, { fragment }, async (fresh) => {
      assert.equal(await replayed(fresh), 'same');
      await sameTokens(fresh, branched);
    }));
});

pageTest('what is inside and the lab travel too', options, async ({ glassbox, server, step }) => {
  await firstRun(glassbox);
  // All stages get the same text, which the link has to know also where no column is in view.
  const drawn = await runColumns(glassbox, QUESTION, { mode: 'raw', maxTokens: 8 });
  await openInside(glassbox, 'attention');
  await lookInto(glassbox, 'sft');
  await followToken(glassbox, 1);
  const inside = await shareLink(glassbox);

  await step('the panel, the token and the text', async () => {
    const { scene } = unpack(inside.link);
    assert.equal(scene.view.page, 'inside');
    assert.equal(scene.view.same_text, true);
    assert.equal(scene.expected.columns[1], encodeIds(drawn[1].ids), 'it promises its answers');
    await inFreshBrowser(server, { fragment: inside.fragment }, async (fresh) => {
      assert.equal(await replayed(fresh), 'same');
      const shown = await until('the text inside', async () => ((await fresh.data('inside'))?.ready === '' ? fresh.data('inside') : null));
      assert.deepEqual([shown.panel, shown.stage], ['attention', 'sft']);
      assert.equal(await until('the token', () => pressed(fresh)), 1);
      await fresh.click('close-inside');
      await sameTokens(fresh, drawn);
      assert.equal(await isChecked(fresh, 'mode-raw'), true, 'and back in the columns it is the same text');
    });
  });

  await step('in a frame there is the panel and nothing else', () =>
    inFreshBrowser(server, { fragment: inside.fragment, embed: true }, async (fresh) => {
      await until('the text inside', async () => (await fresh.data('inside'))?.ready === '');
      for (const id of ['prompt', 'close-inside', 'inside-tab', 'inside-column']) assert.equal(await fresh.isVisible(id), false, id);
    }));

  await step('an experiment that is planned', async () => {
    await openTab(glassbox, 'lab');
    await glassbox.click('lab-measure');
    const count = `${hook('lab-figure')}[data-figure="count"]`;
    await until('the plan', () => glassbox.page.$(count));
    await glassbox.page.evaluate((selector) => {
      const input = document.querySelector(selector);
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, '7');
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }, count);
    const made = await until('the link to know of it', async () => {
      const link = await shareLink(glassbox);
      return unpack(link.link).scene.view.problems === 7 ? link : null;
    });
    const { view } = unpack(made.link).scene;
    assert.deepEqual([view.page, view.measure], ['lab', true]);
    await inFreshBrowser(server, { fragment: made.fragment }, async (fresh) => {
      await fresh.waitEvent('loaded', 0);
      await until('the plan', () => fresh.page.evaluate((selector) => document.querySelector(selector)?.value === '7', count));
    });
  });

  await step('a link without a prompt comes with a model', () =>
    inFreshBrowser(server, { fragment: pack({ scene: { max_tokens: 5 } }) }, async (fresh) => {
      await fresh.waitEvent('loaded', 0);
      assert.equal(await prompt(fresh), '');
    }));
});

const isChecked = (glassbox, id) => glassbox.page.evaluate((selector) => document.querySelector(selector).checked, hook(id));

/** Opens a part of the page. */
const openTab = (glassbox, name) =>
  until(`the tab ${name}`, () =>
    glassbox.page.evaluate((selector) => {
      const tab = document.querySelector(selector);
      tab?.click();
      return tab !== null;
    }, `${hook('tab')}[data-tab="${name}"]`),
  );

pageTest('old, broken and hostile links', options, async ({ glassbox, server, step }) => {
  await firstRun(glassbox);
  const text = await prompt(glassbox);
  const whole = fragmentOf(await golden('small-v1'));
  const hostile = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>';
  const cases = {
    damaged: whole.slice(0, -9),
    future: '#v7=whatever',
    too_large: packText(`{"scene":{"prompt":{"text":"${'x'.repeat(4 << 20)}"}}}`),
    unreadable: packText(`{"scene":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
    scene: pack({ scene: { max_tokens: 4_000_000 } }),
  };
  for (const [kind, fragment] of Object.entries(cases)) {
    await step(kind, async () => {
      await follow(glassbox, fragment);
      await until(`the message ${kind}`, async () => (await glassbox.data('link-refused'))?.kind === kind);
      assert.equal(await prompt(glassbox), text, 'the page is as it was');
      await glassbox.click('dismiss-link');
      await until('no message', async () => (await glassbox.data('link-refused')) === null);
    });
  }
  await step('wrong types and huge numbers', async () => {
    for (const scene of ['{"embed":"yes"}', '{"sampler":{"temperature":1e999}}', '{"columns":[{"model":{}}]}', '{"sampler":{"seed":-1}}']) {
      await follow(glassbox, packText(`{"scene":${scene}}`));
      await until(`${scene} is refused`, async () => (await glassbox.data('link-refused'))?.kind === 'unreadable');
      await glassbox.click('dismiss-link');
    }
  });
  await step('markup is text', async () => {
    const mark = await glassbox.mark();
    await follow(glassbox, pack({ scene: { prompt: { text: hostile }, max_tokens: 4 } }));
    await until('the prompt', async () => (await prompt(glassbox)) === hostile);
    await waitColumns(glassbox, mark);
    assert.equal(await glassbox.page.evaluate(() => window.hacked ?? false), false);
    assert.deepEqual(server.violations, []);
  });
  await step('the golden link of version 1 opens', async () => {
    await follow(glassbox, whole);
    await until('its prompt', async () => (await prompt(glassbox)) === QUESTION);
    assert.deepEqual((await columns(glassbox)).map(({ stage }) => stage), ['base', 'sft']);
    await replayed(glassbox);
  });
  await step('and the page works', async () => {
    const drawn = await runColumns(glassbox, QUESTION, { maxTokens: 4 });
    assert.ok(drawn.every(({ text: answer }) => answer !== ''));
  });
});
