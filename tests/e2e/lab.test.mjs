// The prompt lab on Sprout: a prompt from parts, votes, an experiment, its files, and going on after a reload.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catchDownloads, waitDownload } from './lib/compare.mjs';
import { hook } from './lib/page.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const options = { webgpu: 'none', page: { backend: 'cpu', view: 'lab' } };
const Z = 1.959963984540054;

/** Wilson's interval, written down once more. */
function wilson(hits, n) {
  const share = hits / n;
  const centre = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return [centre - half, centre + half];
}

/** Clicks the first element of a selector, once it is there and enabled. */
const press = (glassbox, selector) =>
  until(`${selector} to be pressed`, () =>
    glassbox.page.evaluate((wanted) => {
      const element = document.querySelector(wanted);
      if (!element || element.disabled) return false;
      element.click();
      return true;
    }, selector),
  );

/** Types into a field, or moves a slider. */
const type = (glassbox, selector, value) =>
  until(`${selector} to take ${value}`, () =>
    glassbox.page.evaluate(
      (wanted, text) => {
        const element = document.querySelector(wanted);
        if (!element) return false;
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), 'value').set.call(element, text);
        element.dispatchEvent(new InputEvent('input', { bubbles: true }));
        element.dispatchEvent(new Event('change', { bubbles: true }));
        return true;
      },
      selector,
      String(value),
    ),
  );

const knob = (name) => `${hook('knob')}[data-knob="${name}"]`;
const figure = (name) => `${hook('lab-figure')}[data-figure="${name}"]`;
const technique = (id) => `${hook('lab-technique')}[data-id="${id}"]`;
const parts = async (glassbox, kind) => (await glassbox.all('lab-part')).filter((part) => part.kind === kind);
const promptText = async (glassbox) => (await glassbox.all('lab-prompt'))[0].textContent;
const replies = (glassbox, mark) =>
  glassbox.page.evaluate((from) => window.e2e.events.slice(from).filter((event) => event.type === 'lab' && event.lab === 'reply').length, mark);

/** The newest answer, once it is there. */
const answered = (glassbox, id, count) =>
  until(`answer ${count}, of ${id}`, async () => {
    const answers = await glassbox.all('lab-answer');
    return answers.length === count && answers[0].technique === id && answers[0].state === 'done' ? answers[0] : null;
  });

const progress = (glassbox) => glassbox.data('lab-progress');
const inState = (glassbox, state) => until(`the run to be ${state}`, async () => ((await progress(glassbox))?.state === state ? progress(glassbox) : null));

/** The bars by technique. */
async function bars(glassbox) {
  const drawn = await glassbox.page.evaluate(
    (selector) => [...document.querySelectorAll(selector)].map((element) => ({ ...element.dataset, textContent: element.textContent })),
    `${hook('lab-results')} ${hook('lab-bar')}`,
  );
  return Object.fromEntries(
    drawn.map(({ technique: id, n, hits, low, high, textContent }) => [id, { n: Number(n), hits: Number(hits), low: Number(low), high: Number(high), textContent }]),
  );
}

/** What a run says of each problem, without what depends on the moment. */
function answersOf(log) {
  const lines = log.trim().split('\n').map((line) => JSON.parse(line));
  const said = lines.filter(({ line }) => line === 'reply').map(({ problem, technique: id, stage, call, asked, reply }) => ({ problem, id, stage, call, asked, text: reply.text, tokens: reply.tokens }));
  return { start: lines[0], said, lines };
}

/** Opens the third row of the table when it comes, and leaves the focus there. Runs in the page. */
function openThird(rows, button) {
  const observer = new MutationObserver(() => {
    const row = document.querySelectorAll(rows)[2];
    if (!row) return;
    observer.disconnect();
    window.openRow = row;
    row.querySelector(button).focus();
    row.querySelector(button).click();
  });
  observer.observe(document.body, { childList: true, subtree: true });
}

async function exported(glassbox, format) {
  await catchDownloads(glassbox);
  await press(glassbox, `${hook('lab-export')}[data-format="${format}"]`);
  const { id } = await progress(glassbox);
  return waitDownload(glassbox, `glassbox-lab-${id}.${format}`);
}

pageTest('a prompt is built and asked', options, async ({ glassbox, step }) => {
  await glassbox.waitEvent('loaded', 0);

  await step('few-shot: examples come with one click, and their number follows the slider', async () => {
    await press(glassbox, technique('few_shot'));
    await until('four examples', async () => (await parts(glassbox, 'example')).length === 4);
    await type(glassbox, knob('shots'), 2);
    await until('two examples', async () => (await parts(glassbox, 'example')).length === 2);
    const tokens = await until('the tokens', async () => Number((await glassbox.data('lab-tokens'))?.tokens) || null);
    assert.ok(tokens > 40, `${tokens} tokens`);
    const coloured = await glassbox.page.evaluate((selector) => new Set([...document.querySelectorAll(`${selector} [data-part]`)].map((piece) => piece.dataset.part)).size, hook('lab-prompt'));
    assert.equal(coloured, 2, 'examples and question have colours of their own');
  });

  await step('a part that is switched off leaves the prompt, and comes back', async () => {
    const before = await promptText(glassbox);
    await press(glassbox, `${hook('lab-part')} ${hook('lab-part-on')}`);
    await until('a shorter prompt', async () => (await promptText(glassbox)).length < before.length);
    await press(glassbox, `${hook('lab-part')} ${hook('lab-part-on')}`);
    await until('the whole prompt', async () => (await promptText(glassbox)) === before);
  });

  await step('the focus stays with a part that is moved, and near one that is removed', async () => {
    const button = (place, name) => `${hook('lab-part')}:nth-child(${place}) ${hook(`lab-part-${name}`)}`;
    const focused = (place, name) =>
      until(`the focus on "${name}" of part ${place}`, () => glassbox.page.evaluate((selector) => document.activeElement.matches(selector), button(place, name)));
    await press(glassbox, `${hook('lab-add-part')}[data-kind="instruction"]`);
    await press(glassbox, button(1, 'down'));
    await focused(2, 'down');
    await press(glassbox, button(2, 'up'));
    await focused(1, 'down');
    await press(glassbox, button(1, 'remove'));
    await focused(1, 'remove');
    assert.equal((await parts(glassbox, 'instruction')).length, 0);
  });

  await step('every call is shown, and the weights stay as they were', async () => {
    const mark = await glassbox.mark();
    await press(glassbox, hook('lab-ask'));
    const answer = await answered(glassbox, 'few_shot', 1);
    assert.equal(await replies(glassbox, mark), 1);
    assert.ok(['right', 'wrong'].includes(answer.verdict), 'the question came with its answer');
    assert.equal((await glassbox.data('lab-calls')).calls, '1');
    await until('the weights afterwards', async () => (await glassbox.data('lab-weights'))?.state === 'same');
    const sums = (await glassbox.all('lab-weights-sums'))[0].textContent.match(/[0-9a-f]{64}/g);
    assert.equal(sums.length, 2);
    assert.equal(sums[0], sums[1]);
  });

  await step('answers vote, and what their prompts share is computed once', async () => {
    await press(glassbox, technique('self_consistency'));
    await type(glassbox, knob('votes'), 6);
    await press(glassbox, hook('lab-ask'));
    await answered(glassbox, 'self_consistency', 2);
    const votes = await glassbox.all('lab-vote');
    assert.equal(votes.reduce((sum, vote) => sum + Number(vote.votes), 0), 6);
    assert.ok(Number((await glassbox.data('lab-saved')).reused) > 0);
  });

  await step('a tree is drawn within its bounds', async () => {
    await press(glassbox, technique('tree'));
    await type(glassbox, knob('depth'), 1);
    await press(glassbox, hook('lab-ask'));
    await answered(glassbox, 'tree', 3);
    const thoughts = await glassbox.all('lab-thought');
    assert.ok(thoughts.length >= 1 && thoughts.length <= 2, `${thoughts.length} thoughts`);
  });

  await step('the reader chooses who speaks and who decides', async () => {
    await press(glassbox, technique('discussion'));
    await type(glassbox, knob('rounds'), 1);
    await press(glassbox, `${hook('lab-speaker')}[data-key="base"]`);
    await glassbox.fill('lab-judge', 'rlhf');
    await press(glassbox, hook('lab-ask'));
    await answered(glassbox, 'discussion', 4);
    const took = await glassbox.page.$$eval(`${hook('lab-turn')} b`, (names) => names.map((name) => name.textContent));
    assert.deepEqual(took, ['base', 'rlhf']);
  });
});

pageTest('two techniques on twenty problems', options, async ({ glassbox, step }) => {
  await glassbox.waitEvent('loaded', 0);
  await press(glassbox, hook('lab-measure'));
  await type(glassbox, figure('count'), 20);
  await type(glassbox, figure('max_tokens'), 48);
  await glassbox.page.evaluate(openThird, hook('lab-row'), hook('lab-row-open'));
  await press(glassbox, hook('lab-run'));
  const done = await inState(glassbox, 'finished');
  assert.equal(done.settled, '40');
  const measured = await bars(glassbox);

  await step('an open row stays as it is while others come before it', async () => {
    const row = await glassbox.page.evaluate((selector) => {
      const { openRow } = window;
      const place = [...document.querySelectorAll(selector)].indexOf(openRow);
      return { place, open: openRow.nextElementSibling?.className, focused: openRow.contains(document.activeElement) };
    }, hook('lab-row'));
    assert.deepEqual(row, { place: 4, open: 'row-calls', focused: true });
  });

  await step('bars have their n and their interval', async () => {
    assert.deepEqual(Object.keys(measured), ['plain', 'few_shot_cot-4']);
    for (const { n, hits, low, high, textContent } of Object.values(measured)) {
      assert.equal(n, 20);
      const [expectedLow, expectedHigh] = wilson(hits, n);
      assert.ok(Math.abs(low - expectedLow) < 1e-5 && Math.abs(high - expectedHigh) < 1e-5, `${hits} of ${n}: ${low} to ${high}`);
      assert.match(textContent, /n = 20/);
    }
    assert.equal((await glassbox.all('lab-comparison')).length, 1);
  });

  const log = await exported(glassbox, 'jsonl');
  const { start, said } = answersOf(log.text);
  await step('the table has every answer, and shows where techniques differ', async () => {
    assert.equal((await glassbox.data('lab-table-results')).lines, '40');
    await glassbox.fill('lab-filter', 'techniques_differ');
    const lines = await until('the filter', async () => {
      const own = Number((await glassbox.data('lab-table-results')).lines);
      return own < 40 ? { own } : null;
    });
    const rows = await glassbox.all('lab-row');
    const verdicts = new Map();
    for (const { problem, verdict } of rows) verdicts.set(problem, new Set([...(verdicts.get(problem) ?? []), verdict]));
    assert.equal(verdicts.size * 2, lines.own);
    assert.ok([...verdicts.values()].every((own) => own.size === 2), 'one is right and one is wrong');
    await glassbox.fill('lab-filter', 'all');
  });

  await step('the file has every setting, problem, prompt and answer', async () => {
    assert.equal(start.experiment.seed, 1);
    assert.equal(start.problems.length, 20);
    assert.equal(said.length, 40);
    assert.ok(said.every(({ asked }) => asked.input.form !== undefined && asked.max_tokens === 48));
    const csv = (await exported(glassbox, 'csv')).text;
    assert.match(csv, /^problem,lang,kind,pair,technique,stage,question,/);
    const png = await exported(glassbox, 'png');
    assert.deepEqual(png.head.slice(0, 4), [0x89, 0x50, 0x4e, 0x47]);
  });

  await step('the reader overrules, and the figure follows', async () => {
    const row = (await glassbox.all('lab-row')).find(({ verdict }) => verdict === 'wrong');
    await press(glassbox, `${hook('lab-row')}[data-verdict="wrong"] ${hook('lab-say-right')}`);
    await until('one more right answer', async () => (await bars(glassbox))[row.technique].hits === measured[row.technique].hits + 1);
    await press(glassbox, `${hook('lab-row')}[data-overruled] ${hook('lab-say-rule')}`);
    await until('the rule again', async () => (await bars(glassbox))[row.technique].hits === measured[row.technique].hits);
  });

  await step('the file is replayed without a model', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'glassbox-lab-'));
    try {
      const path = join(folder, 'run.jsonl');
      await writeFile(path, log.text);
      await press(glassbox, hook('lab-forget'));
      await until('no run', async () => (await progress(glassbox)) === null);
      const mark = await glassbox.mark();
      await (await glassbox.page.$(hook('lab-open-file'))).uploadFile(path);
      await until('the run', async () => (await progress(glassbox))?.replayed === '');
      assert.deepEqual(await bars(glassbox), measured);
      assert.equal(await replies(glassbox, mark), 0, 'no model was asked');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  await step('a run that is held goes on after a reload, to the same answers', async () => {
    await press(glassbox, hook('lab-run'));
    await until('a first batch', async () => Number((await progress(glassbox))?.settled) > 0);
    await press(glassbox, hook('lab-pause'));
    await inState(glassbox, 'paused');
    await until('the batch to end', async () => {
      const before = (await progress(glassbox)).settled;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return (await progress(glassbox)).settled === before;
    });
    const held = Number((await progress(glassbox)).settled);
    await glassbox.reload();
    await press(glassbox, hook('lab-measure'));
    const found = await inState(glassbox, 'paused');
    assert.ok(Number(found.settled) > 0 && Number(found.settled) <= held && held < 40, `${found.settled} of ${held}`);
    await press(glassbox, hook('lab-go-on'));
    await inState(glassbox, 'finished');
    const again = answersOf((await exported(glassbox, 'jsonl')).text);
    // The form forgets what was typed, the run does not.
    assert.deepEqual(again.start.experiment.max_tokens, 48);
    assert.deepEqual(again.said, said);
  });
});

pageTest('worked steps are worth it on word problems', options, async ({ glassbox }) => {
  await glassbox.waitEvent('loaded', 0);
  await press(glassbox, hook('lab-measure'));
  await press(glassbox, `${hook('lab-shipped-open')}[data-id="direct-or-steps"]`);
  await type(glassbox, hook('lab-shipped-count'), 20);
  await press(glassbox, hook('lab-shipped-run'));
  await inState(glassbox, 'finished');
  const { direct, steps } = await bars(glassbox);
  assert.deepEqual([direct.n, steps.n], [40, 40]);
  assert.ok(steps.hits > direct.hits, `${steps.hits} against ${direct.hits}`);
});

pageTest('what was measured with both trios is there without a run, with its tests', options, async ({ glassbox, step }) => {
  await glassbox.waitEvent('loaded', 0);
  await press(glassbox, hook('lab-measure'));
  await press(glassbox, `${hook('lab-shipped-open')}[data-id="direct-or-steps"]`);
  /** The bars and tests of the stored run, once they are those of another model than `before`. */
  const stored = (before) =>
    until('the stored run', async () => {
      const [bars, tests] = await Promise.all(
        ['lab-bar', 'lab-comparison'].map((id) =>
          glassbox.page.evaluate((selector) => [...document.querySelectorAll(selector)].map(({ dataset }) => ({ ...dataset })), `${hook('lab-stored')} ${hook(id)}`),
        ),
      );
      const found = { bars, tests };
      return bars.length > 0 && JSON.stringify(found) !== JSON.stringify(before) ? found : null;
    });
  const better = ({ bars: [direct, steps], tests }) => {
    assert.deepEqual([direct.technique, steps.technique, direct.n, steps.n], ['direct', 'steps', '168', '168']);
    assert.ok(Number(steps.hits) > Number(direct.hits));
    assert.deepEqual(tests.map(({ beyond }) => beyond), ['']);
  };
  const sprout = await stored(null);
  await step("Sprout's bars and test", () => better(sprout));
  await step("Gemma's, which is not loaded, and all of its answers", async () => {
    await glassbox.fill('lab-shipped-model', 'gemma-3-270m');
    better(await stored(sprout));
    await press(glassbox, hook('lab-replay'));
    const { direct, steps } = await until('its results', async () => {
      const drawn = await bars(glassbox);
      return drawn.steps?.n === 168 ? drawn : null;
    });
    assert.ok(steps.low > direct.high, 'the intervals lie apart');
    const loaded = (await glassbox.eventsSince(0)).filter(({ type }) => type === 'loaded');
    assert.deepEqual(loaded.map(({ id }) => id), ['sprout']);
  });
});
