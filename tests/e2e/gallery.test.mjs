// Each example does what its sentence says, in both languages, with the stages that come with the site. The page
// itself checks the sentence against the run (`data-holds`); what it checks is in `web/gallery`.
import assert from 'node:assert/strict';
import { columns, firstRun, waitColumns } from './lib/compare.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const LANGUAGES = ['en', 'zh'];

pageTest('the gallery', { webgpu: 'none', page: { backend: 'cpu' } }, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  const ids = (await glassbox.all('gallery-example')).map(({ id }) => id);
  assert.ok(ids.length >= 16, `${ids.length} examples`);
  for (const language of LANGUAGES) {
    await step(language, async () => {
      if ((await glassbox.data('language')).value !== language) {
        const mark = await glassbox.mark();
        await glassbox.click('language');
        // The example that is shown runs again in the other language.
        await waitColumns(glassbox, mark);
      }
      const wrong = [];
      for (const id of ids) {
        const verdict = await tryExample(glassbox, id);
        if (verdict) wrong.push(`${id}: ${verdict}`);
      }
      assert.deepEqual(wrong, []);
    });
  }
});

/** Runs an example; returns what came out if its sentence does not hold. */
async function tryExample(glassbox, id) {
  const mark = await glassbox.mark();
  await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `[data-testid="gallery-example"][data-id="${id}"]`);
  const drawn = await waitColumns(glassbox, mark);
  const look = await until(`the verdict on ${id}`, async () => {
    const now = await glassbox.data('look-for');
    return now?.example === id && now.holds !== undefined ? now : null;
  }, { deadline: 30_000 }).catch(() => ({ holds: 'not told' }));
  return look.holds === 'true' ? null : `${look.holds}; ${drawn.map(({ stage, text, reason, reward }) => `${stage} (${reason}, ${reward}): ${text}`).join(' | ')}`;
}

pageTest('an example says what it says of another run too', { webgpu: 'none', page: { backend: 'cpu' } }, async ({ glassbox }) => {
  await firstRun(glassbox);
  assert.equal((await glassbox.data('look-for')).holds, 'true');
  // Cut off after one token, no assistant has named the capital or ended by itself.
  await glassbox.settings({ max_tokens: 1 });
  await waitColumns(glassbox, await glassbox.startRun());
  await until('the sentence to be denied', async () => (await glassbox.data('look-for')).holds === 'false');
});

pageTest('an example that is picked while columns write takes their place and runs', { webgpu: 'none', page: { backend: 'cpu' } }, async ({ glassbox }) => {
  await firstRun(glassbox);
  // Both in one task, so that the first run cannot have ended.
  const id = await glassbox.page.evaluate(() => {
    document.querySelector('[data-testid="run"]').click();
    const other = document.querySelector('[data-testid="example"][aria-pressed="false"]');
    other.click();
    return other.dataset.id;
  });
  await until('the picked example to be written in every column', async () => {
    const drawn = await columns(glassbox);
    return drawn.length === 3 && drawn.every(({ state, ids }) => state === 'finished' && ids.length > 0);
  });
  assert.equal((await glassbox.data('look-for')).example, id);
});
