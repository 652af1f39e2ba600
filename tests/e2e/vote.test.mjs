// Which answer is better? Names hidden, votes kept in the browser and taken away as preference data.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { catchDownloads, columns, firstRun, openTool, runColumns, waitColumns, waitDownload } from './lib/compare.mjs';
import { GREEDY } from './lib/page.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const STAGES = ['base', 'sft', 'rlhf'];
const QUESTION = 'What is the capital of China?';
const options = { webgpu: 'none', page: { backend: 'cpu' } };

pageTest('a blind vote', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  await openTool(glassbox, 'vote');
  await glassbox.click('blind');
  // Sampled, so that two assistants do not happen to say the same.
  const hidden = await runColumns(glassbox, QUESTION, { maxTokens: 24, settings: { ...GREEDY, temperature: 1, seed: 5 } });
  assert.ok(hidden.every(({ stage, model, reward }) => stage === undefined && model === undefined && reward === null), 'nothing tells who is who');
  assert.deepEqual(await glassbox.all('column-stage'), []);
  const told = await glassbox.page.evaluate(() => ({
    leads: document.querySelectorAll('.lead').length,
    tools: [...document.querySelectorAll('[data-testid^="tool-"]')].map(({ dataset }) => dataset.testid).join(),
    // But for the sentence that says what votes are for.
    text: [document.querySelector('.columns'), ...document.querySelectorAll('.tool-body > * > :not(.tool-intro)')].map((element) => element.innerText).join('\n'),
  }));
  assert.deepEqual([told.leads, told.tools], [0, 'tool-token,tool-vote'], 'neither the prompt before an answer nor a tool that names stages');
  assert.doesNotMatch(told.text, /Base|Fine-tuned|RLHF/);
  await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), '[data-testid="vote"][data-verdict="0"]');
  await until('the names', async () => (await columns(glassbox)).map(({ stage }) => stage).toSorted().join() === STAGES.toSorted().join());
  assert.equal((await glassbox.data('votes')).votes, '1');

  await step('the export is read by a loader that knows only JSON', async () => {
    await catchDownloads(glassbox);
    await glassbox.click('export-votes');
    const { text } = await waitDownload(glassbox, 'glassbox-preferences.jsonl');
    const rows = text.trim().split('\n').map((line) => JSON.parse(line));
    const others = hidden.slice(1).filter(({ text: other }) => other !== hidden[0].text);
    assert.deepEqual(rows.map(({ rejected }) => rejected[0].content), others.map(({ text: other }) => other));
    assert.ok(rows.length > 0 && rows.every(({ prompt, chosen }) => prompt.at(-1).content === QUESTION && chosen[0].content === hidden[0].text));
    const folder = await mkdtemp(join(tmpdir(), 'glassbox-votes-'));
    try {
      const path = join(folder, 'preferences.jsonl');
      await writeFile(path, text);
      const loader = fileURLToPath(new URL('./lib/read_preferences.py', import.meta.url));
      const { stdout } = await promisify(execFile)('python3', [loader, path]);
      assert.equal(Number(stdout), rows.length);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  await step('votes and signals stay in the browser until they are deleted', async () => {
    const mark = await glassbox.mark();
    await glassbox.click('ask-again');
    await waitColumns(glassbox, mark);
    await glassbox.click('keep-signal');
    await until('the signals', async () => Number((await glassbox.data('votes')).signals) > 0);
    await glassbox.reload();
    await openTool(glassbox, 'vote');
    await until('the vote after a reload', async () => (await glassbox.data('votes'))?.votes === '1');
    await glassbox.click('clear-votes');
    await glassbox.reload();
    await openTool(glassbox, 'vote');
    await until('nothing kept', async () => (await glassbox.data('votes'))?.votes === '0');
  });
});
