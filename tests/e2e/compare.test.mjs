// The front page: three stages of Sprout, which comes with the site, answer the same prompt.
import assert from 'node:assert/strict';
import {
  catchDownloads, choose, clickInColumn, columns, firstRun, hoverToken, inColumn, openTool, runColumns, slide, waitColumns, waitDownload,
} from './lib/compare.mjs';
import { GREEDY } from './lib/page.mjs';
import { pageTest } from './lib/suite.mjs';
import { recordMainThreadTasks } from './lib/tasks.mjs';
import { until } from './lib/wait.mjs';

const STAGES = ['base', 'sft', 'rlhf'];
const QUESTION = 'What is the capital of China?';
const FIRST_VISIT_MS = 5_000;
const options = { webgpu: 'none', page: { backend: 'cpu' } };

pageTest('a first visit', options, async ({ glassbox, step }) => {
  await step('three stages stream different texts within five seconds', async () => {
    // The best of three visits: the machine may be busy with something else.
    const times = [];
    for (let visit = 0; visit < 3 && !times.some((ms) => ms < FIRST_VISIT_MS); visit += 1) {
      if (visit > 0) await glassbox.reload();
      times.push(await until('a token in each column', () =>
        glassbox.page.evaluate(() => {
          const written = [...document.querySelectorAll('[data-testid="column"]')].filter((column) => column.querySelector('[data-testid="token"]'));
          return written.length === 3 ? performance.now() : null;
        }), { interval: 20 }));
    }
    console.log(`three columns write after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    assert.ok(Math.min(...times) < FIRST_VISIT_MS, `after ${times} ms`);
  });
  const drawn = await firstRun(glassbox);
  assert.deepEqual(drawn.map(({ stage }) => stage), STAGES);
  assert.notEqual(drawn[0].text, drawn[1].text);
  assert.notEqual(drawn[0].text, drawn[2].text);
  assert.match((await glassbox.all('stage-line'))[0].textContent, /base.+fine-tun.+RLHF/i, 'one line says what they are');
  assert.ok(drawn.every(({ reward }) => Number.isFinite(reward)), `a reward for each answer: ${drawn.map(({ reward }) => reward)}`);
  assert.equal((await glassbox.data('look-for')).holds, 'true', 'what to look for is so');

  await step('no task of the page takes over 50 ms while three columns stream', async () => {
    const { tasks } = await recordMainThreadTasks(glassbox.page, () => runColumns(glassbox, QUESTION, { maxTokens: 64, settings: { ...GREEDY, temperature: 1 } }));
    console.log(`longest task of the page while three columns stream: ${tasks[0].cpuMs.toFixed(1)} ms of CPU`);
    // The first layout of the chips and a garbage collection are single events.
    const long = tasks.filter(({ cpuMs }) => cpuMs > 50);
    assert.ok(long.length <= 2, JSON.stringify(long.slice(0, 10)));
  });

  await step('hover previews, click locks, the arrow keys step in all columns, Escape frees', () => checkInspection(glassbox));
});

async function checkInspection(glassbox) {
  await runColumns(glassbox, QUESTION, { maxTokens: 12 });
  const places = async () => (await glassbox.all('alternatives')).map(({ place }) => place);
  const marks = (mark) => glassbox.page.evaluate((selector) => document.querySelectorAll(selector).length, `[data-testid="token"][data-mark="${mark}"]`);
  const all = (place) => until(`all columns at place ${place}`, async () => (await places()).every((own) => own === String(place)));
  await all(0);
  await hoverToken(glassbox, 0, 2);
  await all(2);
  const rows = await inColumn(glassbox, 0, 'alternative');
  assert.equal(rows.length, 10);
  const sum = rows.reduce((total, { probability }) => total + Number(probability), 0);
  assert.ok(sum > 0 && sum <= 1.001, `ten of a full distribution: ${sum}`);
  await glassbox.page.mouse.click(...(await centre(glassbox, 0, 2)));
  await until('a lock', async () => (await marks('locked')) === 1);
  await glassbox.page.mouse.move(1, 1);
  await all(2);
  await glassbox.page.keyboard.press('ArrowRight');
  await all(3);
  await glassbox.page.keyboard.press('ArrowLeft');
  await glassbox.page.keyboard.press('ArrowLeft');
  await all(1);
  await glassbox.page.keyboard.press('ArrowDown');
  const column = await glassbox.page.evaluate(() => document.activeElement.closest('[data-testid="column"]').dataset.column);
  assert.equal(column, '1', 'the arrow down goes to the next column');
  await glassbox.page.keyboard.press('Escape');
  await until('no lock', async () => (await marks('locked')) === 0);
}

/** The middle of a token on the screen. */
const centre = (glassbox, column, index) =>
  glassbox.page.evaluate(
    (at, nth) => {
      const box = document.querySelectorAll('[data-testid="column"]')[at].querySelectorAll('[data-testid="token"]')[nth].getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    },
    column,
    index,
  );

pageTest('what can be done with the answers', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  await step('a column in a batch writes what it writes alone, and again the same', () => checkBatch(glassbox));
  await step('a branch, and the way back', () => checkBranch(glassbox));
  await step('the temperature redraws the distribution without a run', () => checkTemperature(glassbox));
  await step('many answers, counted; greedy there is one', () => checkSamples(glassbox));
  await step('one text through all stages', () => checkScore(glassbox));
  await step('the same raw text for all, shown as it went in', () => checkExact(glassbox));
  await step('columns come and go and change their stage', () => checkColumns(glassbox));
  await step('Markdown, JSON, CSV and PNG', () => checkExport(glassbox));
});

async function checkBatch(glassbox) {
  const together = await runColumns(glassbox, QUESTION, { maxTokens: 16 });
  const again = await runColumns(glassbox, QUESTION, { maxTokens: 16 });
  assert.deepEqual(again.map(({ ids }) => ids), together.map(({ ids }) => ids), 'equal settings and seed');
  for (const removed of [2, 1]) await clickInColumn(glassbox, removed, 'remove-column');
  for (const [at, stage] of STAGES.entries()) {
    await switchStage(glassbox, 0, stage);
    const [alone] = await runColumns(glassbox, QUESTION, { maxTokens: 16 });
    assert.equal(alone.stage, stage);
    assert.deepEqual(alone.ids, together[at].ids, `${stage} alone`);
  }
  await switchStage(glassbox, 0, 'base');
  await glassbox.click('add-column');
  await glassbox.click('add-column');
  await until('three columns', async () => (await columns(glassbox)).map(({ stage }) => stage).join() === STAGES.join());
}

const switchStage = (glassbox, column, stage) =>
  glassbox.page.evaluate(
    (at, name) => {
      const select = document.querySelectorAll('[data-testid="column"]')[at].querySelector('[data-testid="column-stage"]');
      select.value = [...select.options].find(({ value }) => value.startsWith(`${name}:`)).value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    },
    column,
    stage,
  );

async function checkBranch(glassbox) {
  const before = await runColumns(glassbox, QUESTION, { maxTokens: 16 });
  const other = (await inColumn(glassbox, 1, 'alternative')).findIndex(({ id }) => Number(id) !== before[1].ids[0]);
  const { id } = (await inColumn(glassbox, 1, 'alternative'))[other];
  const mark = await glassbox.mark();
  await clickInColumn(glassbox, 1, 'alternative', other);
  const after = await waitColumns(glassbox, mark);
  assert.equal(after[1].ids[0], Number(id), 'the alternative was taken');
  assert.notEqual(after[1].text, before[1].text);
  assert.deepEqual([after[0].ids, after[2].ids], [before[0].ids, before[2].ids], 'the others stay as they were');
  const paths = await inColumn(glassbox, 1, 'path');
  assert.equal(paths.length, 2);
  await clickInColumn(glassbox, 1, 'path', 0);
  await until('the first path again', async () => (await columns(glassbox))[1].text === before[1].text);
  await clickInColumn(glassbox, 1, 'path', 1);
  await until('the branch again', async () => (await columns(glassbox))[1].text === after[1].text);
}

async function checkTemperature(glassbox) {
  await runColumns(glassbox, QUESTION, { maxTokens: 8, settings: { ...GREEDY, temperature: 1 } });
  await clickInColumn(glassbox, 0, 'token', 0);
  await until('the slider', () => glassbox.data('tune'));
  const drawnWith = async () => Number((await inColumn(glassbox, 0, 'alternative'))[0].filtered);
  const mark = await glassbox.mark();
  const at = {};
  for (const temperature of [0.25, 1, 2]) {
    await slide(glassbox, 'tune', temperature);
    await until('the logits', async () => (await glassbox.data('tune')).ready === '');
    await until('the bars', async () => {
      at[temperature] = await drawnWith();
      return Object.values(at).filter((value) => value === at[temperature]).length === 1;
    });
  }
  assert.ok(at[0.25] > at[1] && at[1] > at[2], JSON.stringify(at));
  const types = (await glassbox.eventsSince(mark)).map(({ type }) => type);
  assert.deepEqual(types, ['distribution'], 'asked once, and nothing ran');
  await glassbox.click('untune');
}

async function checkSamples(glassbox) {
  await glassbox.prepare('One day,', { mode: 'chat', maxTokens: 12, settings: { ...GREEDY, temperature: 1 } });
  await openTool(glassbox, 'samples');
  await choose(glassbox, 'sample-column', 0);
  await slide(glassbox, 'sample-count', 8);
  const drawn = async (button, greedy) => {
    await glassbox.click(button);
    return until(`eight answers (${button})`, async () => (await glassbox.all('samples')).find((draw) => (draw.greedy === '') === greedy && draw.ended === '' && draw.came === '8'));
  };
  const byChance = await drawn('draw', false);
  const counts = (await glassbox.all('sample-group')).map(({ count }) => Number(count));
  assert.equal(counts.reduce((sum, count) => sum + count, 0), 8, 'every answer is counted once');
  assert.deepEqual(counts, counts.toSorted((a, b) => b - a), 'the most frequent first');
  assert.ok(Number(byChance.groups) > 1, 'a story goes on in more than one way');
  const greedy = await drawn('draw-greedy', true);
  assert.equal(greedy.groups, '1');
}

async function checkScore(glassbox) {
  await runColumns(glassbox, QUESTION, { maxTokens: 16 });
  await openTool(glassbox, 'score');
  await choose(glassbox, 'score-column', 1);
  await glassbox.click('score');
  const stages = await until('the scores', async () => {
    const found = await glassbox.all('scored-stage');
    return found.length === 3 ? found : null;
  });
  assert.deepEqual(stages.map(({ stage }) => stage), STAGES);
  const [base, sft] = stages.map(({ bits }) => Number(bits));
  assert.ok(sft < base, `the stage that wrote it is the least surprised: ${sft} < ${base} bits`);
  assert.ok(stages.every(({ bitsPerCharacter, compressed }) => Number(bitsPerCharacter) >= 0 && Number(compressed) >= 0));
  const tokens = await glassbox.all('scored-token');
  assert.equal(tokens.length, (await columns(glassbox))[1].ids.length, 'the same ids');
  for (const { kl, bits } of tokens) {
    assert.equal(bits.split(' ').length, 3);
    const divergences = kl.split(' ').map(Number);
    assert.equal(divergences.length, 2, 'base‖SFT and SFT‖RLHF');
    assert.ok(divergences.every((value) => value >= 0), kl);
  }
  assert.ok(tokens.some(({ kl }) => kl.split(' ').some((value) => Number(value) > 0)), 'the stages differ somewhere');
}

async function checkExact(glassbox) {
  await glassbox.click('exact');
  await runColumns(glassbox, QUESTION, { maxTokens: 4 });
  const texts = async () => (await glassbox.all('exact-text')).map(({ textContent }) => textContent);
  const [base, sft, rlhf] = await texts();
  assert.ok(base.includes(QUESTION) && !base.includes('<|im_start|>'), `raw for the base: ${base}`);
  assert.ok(sft.includes(QUESTION) && sft.includes('<|im_start|>'), `through the template: ${sft}`);
  assert.equal(rlhf, sft);
  await runColumns(glassbox, QUESTION, { mode: 'raw', maxTokens: 4 });
  assert.equal(new Set(await texts()).size, 1, 'the same raw text');
  const ids = await Promise.all([0, 1, 2].map(async (at) => (await inColumn(glassbox, at, 'prompt-token')).map(({ id }) => id).join(' ')));
  assert.equal(new Set(ids).size, 1, 'the same ids');
  await glassbox.click('exact');
  await glassbox.click('mode-auto');
}

async function checkColumns(glassbox) {
  await glassbox.click('add-column');
  await until('four columns', async () => (await columns(glassbox)).length === 4);
  assert.equal(await glassbox.isVisible('add-column'), false, 'four are the most');
  await switchStage(glassbox, 3, 'base');
  const drawn = await runColumns(glassbox, 'One day,', { maxTokens: 8 });
  assert.deepEqual(drawn[3].ids, drawn[0].ids, 'the same stage with the same settings');
  await clickInColumn(glassbox, 3, 'remove-column');
  await until('three columns', async () => (await columns(glassbox)).length === 3);
}

async function checkExport(glassbox) {
  await catchDownloads(glassbox);
  const drawn = await runColumns(glassbox, QUESTION, { maxTokens: 6 });
  await openTool(glassbox, 'export');
  const save = async (format) => {
    await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `[data-testid="export"][data-format="${format}"]`);
    return waitDownload(glassbox, `glassbox-compare.${format}`);
  };
  const json = JSON.parse((await save('json')).text);
  assert.deepEqual(json.columns.map(({ tokens }) => tokens.map(({ id }) => id)), drawn.map(({ ids }) => ids));
  assert.equal(json.scene.prompt.text, QUESTION);
  assert.equal(json.columns[0].asked.sampler.temperature, 0);
  const csv = (await save('csv')).text.trim().split('\r\n');
  assert.equal(csv.length, 1 + 10 * drawn.reduce((sum, { ids }) => sum + ids.length, 0), 'a row for each alternative of each token');
  const markdown = (await save('md')).text;
  for (const { text } of drawn) assert.ok(markdown.includes(text), markdown);
  const png = await save('png');
  assert.deepEqual(png.head.slice(1, 4), [...Buffer.from('PNG')]);
  assert.ok(png.length > 10_000, `${png.length} bytes`);
}
