// What a reader keeps: saved scenes, undo, files; and the page in a frame and on a projector.
import assert from 'node:assert/strict';
import { catchDownloads, clickInColumn, columns, firstRun, runColumns, waitColumns, waitDownload } from './lib/compare.mjs';
import { GREEDY, hook } from './lib/page.mjs';
import { dropFile, follow, giveFile, pack, prompt, replayed, shareLink, unpack } from './lib/share.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const QUESTION = 'What is the capital of China?';
const options = { webgpu: 'none', page: { backend: 'cpu' } };
const press = async (glassbox, key, ...held) => {
  for (const modifier of held) await glassbox.page.keyboard.down(modifier);
  await glassbox.page.keyboard.press(key);
  for (const modifier of held) await glassbox.page.keyboard.up(modifier);
};

pageTest('undo and redo', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  const first = await prompt(glassbox);
  await glassbox.fill('prompt', 'One day,');
  const temperature = await glassbox.page.evaluate((selector) => document.querySelector(selector).value, hook('setting-temperature'));
  await glassbox.fill('setting-temperature', '0.33');
  await clickInColumn(glassbox, 2, 'remove-column');
  const shown = async () => [await prompt(glassbox), (await columns(glassbox)).length, await glassbox.page.evaluate((s) => document.querySelector(s).value, hook('setting-temperature'))];
  await until('the changes', async () => (await shown()).join('|') === 'One day,|2|0.33');
  const expect = (what, state) => until(what, async () => JSON.stringify(await shown()) === JSON.stringify(state));
  await step('by keys', async () => {
    await press(glassbox, 'z', 'Control');
    await expect('three columns', ['One day,', 3, '0.33']);
    await press(glassbox, 'z', 'Control', 'Shift');
    await expect('two columns', ['One day,', 2, '0.33']);
  });
  await step('by buttons, as far as it goes', async () => {
    await glassbox.click('undo');
    await glassbox.click('undo');
    await expect('the temperature as it was', ['One day,', 3, temperature]);
    await glassbox.click('undo');
    await until('the first prompt', async () => (await prompt(glassbox)) === first);
    await glassbox.click('redo');
    await until('the second prompt', async () => (await prompt(glassbox)) === 'One day,');
  });
  await step('in a field, the browser undoes what was typed', async () => {
    await glassbox.page.focus(hook('prompt'));
    await glassbox.page.keyboard.type(' x');
    await press(glassbox, 'z', 'Control');
    assert.equal((await columns(glassbox)).length, 3);
  });
});

pageTest('scenes are kept, named, copied, deleted and carried away', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  const names = async () => (await glassbox.all('saved-scene')).map(({ name }) => name);
  const kept = (list) => until(`the scenes ${list}`, async () => JSON.stringify(await names()) === JSON.stringify(list));
  await runColumns(glassbox, 'One day,', { maxTokens: 4 });
  await glassbox.click('scenes');
  await glassbox.fill('scene-name', 'A day');
  await glassbox.click('save-scene');
  await kept(['A day']);
  await step('duplicate, rename, delete, bring back', async () => {
    await glassbox.click('duplicate-scene');
    await kept(['A day 2', 'A day']);
    await glassbox.click('rename-scene');
    await glassbox.fill('new-name', '另一天');
    await glassbox.click('keep-name');
    await kept(['另一天', 'A day']);
    await glassbox.click('delete-scene');
    await kept(['A day']);
    await glassbox.click('restore-scene');
    await kept(['另一天', 'A day']);
  });
  await step('they are there after a reload, and open', async () => {
    await glassbox.reload();
    await firstRun(glassbox);
    await glassbox.click('scenes');
    await kept(['另一天', 'A day']);
    await glassbox.click('open-scene');
    await until('the prompt', async () => (await prompt(glassbox)) === 'One day,');
    assert.equal(await replayed(glassbox), 'same');
  });
  await step('as a set, step by step', async () => {
    await glassbox.click('scenes');
    await glassbox.click('present-scenes');
    await until('the first of two', async () => {
      const set = await glassbox.data('set');
      return set?.place === '1' && set.count === '2';
    });
    await glassbox.click('set-next');
    await until('the second', async () => (await glassbox.data('set')).place === '2');
    await glassbox.click('set-close');
  });
  await step('in a file and back', async () => {
    await catchDownloads(glassbox);
    await glassbox.click('scenes');
    await glassbox.click('export-scenes');
    const { text } = await waitDownload(glassbox, 'glassbox-scenes.glassbox.json');
    assert.equal(JSON.parse(text).scenes.scenes.length, 2);
    for (const left of [1, 0]) {
      await glassbox.click('delete-scene');
      await until('one less', async () => (await names()).length === left);
    }
    await giveFile(glassbox, 'import-scenes', 'glassbox-scenes.glassbox.json', text);
    await kept(['另一天', 'A day']);
  });
});

pageTest('what is too long for a link, and for a QR code', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  await step('a short link is drawn as a QR code', async () => {
    await glassbox.click('share');
    await glassbox.click('show-qr');
    const { modules } = await until('the code', () => glassbox.data('qr'));
    assert.ok(Number(modules) >= 21);
    await glassbox.click('share-close');
  });
  await step('a dialog opened again at once stays open', async () => {
    await glassbox.click('share');
    await until('the dialog', () => glassbox.isVisible('share-dialog'));
    // The browser reports a closing a moment later. Opened before that report, the dialog must not be closed by it.
    const { closed, open } = await glassbox.page.evaluate(
      async (share, close, pane) => {
        const dialog = document.querySelector(pane);
        const reported = new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
        document.querySelector(close).click();
        for (let turn = 0; turn < 1000 && dialog.open; turn += 1) await Promise.resolve();
        const closed = !dialog.open;
        document.querySelector(share).click();
        await reported;
        await new Promise((resolve) => setTimeout(resolve, 50));
        return { closed, open: dialog.open };
      },
      ...['share', 'share-close', 'share-dialog'].map(hook),
    );
    assert.ok(closed, 'closed before its report');
    assert.ok(open, 'open after the report');
    await glassbox.click('share-close');
    await until('the dialog to close', async () => !(await glassbox.isVisible('share-dialog')));
  });
  // Text that does not pack.
  const noise = Array.from({ length: 2200 }, (_, n) => ((n * 2_654_435_769) >>> 0).toString(16)).join('');
  await glassbox.fill('prompt', noise);
  const { size, link } = await shareLink(glassbox);
  assert.equal(size, 'too_long');
  await step('a file is saved and dropped instead', async () => {
    await catchDownloads(glassbox);
    await glassbox.click('share');
    await glassbox.click('save-file');
    const { text } = await waitDownload(glassbox, 'glassbox-scene.glassbox.json');
    assert.equal(JSON.parse(text).scene.prompt.text, unpack(link).scene.prompt.text);
    await glassbox.click('share-close');
    await glassbox.fill('prompt', 'x');
    const small = JSON.parse(text);
    small.scene.prompt.text = 'One day,';
    small.scene.max_tokens = 4;
    delete small.scene.expected;
    const mark = await glassbox.mark();
    await dropFile(glassbox, 'mine.glassbox.json', JSON.stringify(small));
    await until('its prompt', async () => (await prompt(glassbox)) === 'One day,');
    await waitColumns(glassbox, mark);
  });
  await step('a file that is none says so', async () => {
    await dropFile(glassbox, 'other.json', '{"name":"package"}');
    await until('the message', async () => (await glassbox.data('link-refused'))?.kind === 'unreadable');
  });
});

pageTest('in a frame', { webgpu: 'none', page: { backend: 'cpu', embed: true } }, async ({ glassbox }) => {
  const drawn = await firstRun(glassbox);
  assert.equal(drawn.length, 3);
  for (const id of ['language', 'share', 'status', 'example', 'tool-token']) {
    assert.equal(await glassbox.isVisible(id), false, id);
  }
  assert.equal(await glassbox.isVisible('prompt'), true);
  const address = await glassbox.page.evaluate((selector) => document.querySelector(selector).href, hook('open-page'));
  assert.ok(!address.includes('embed') && unpack(address).scene.columns.length === 3, address);
});

pageTest('on a projector', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  const sizes = () => glassbox.page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  const before = await sizes();
  await glassbox.click('present');
  await until('large type', async () => (await sizes()) > before * 1.2);
  assert.equal(await glassbox.page.evaluate(() => document.getElementById('settings').getClientRects().length), 0, 'settings are hidden');
  await step('Page Down runs, Escape leaves', async () => {
    const mark = await glassbox.mark();
    await press(glassbox, 'PageDown');
    await waitColumns(glassbox, mark);
    await press(glassbox, 'Escape');
    await until('the page as it was', async () => (await sizes()) === before);
  });
  await step('a set goes on and back by keys', async () => {
    const scene = (text) => ({ name: text, scene: { prompt: { text }, max_tokens: 4, presenter: true, sampler: { ...GREEDY } } });
    await follow(glassbox, pack({ scenes: { title: 'Two', scenes: [scene('One day,'), scene(QUESTION)] } }));
    await until('the first', async () => (await prompt(glassbox)) === 'One day,');
    await press(glassbox, 'PageDown');
    await until('the second', async () => (await prompt(glassbox)) === QUESTION);
    await press(glassbox, 'PageUp');
    await until('the first again', async () => (await prompt(glassbox)) === 'One day,');
  });
});
