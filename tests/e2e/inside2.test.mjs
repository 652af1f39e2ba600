// From the feed-forward to the next token, and what can be asked of the whole: what is on screen is compared with what
// the worker answers to a request of the test's own, at layers, neurons and places drawn anew in every run.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catchDownloads, choose, firstRun, runColumns, slide, waitDownload } from './lib/compare.mjs';
import { ask, askParts, bars, below, follow, goToCell, lookInto, openInside, openPanel, pressed, softmax, textOf } from './lib/inside.mjs';
import { overflowing } from './lib/look.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const QUESTION = 'What is the capital of China?';
const FOLDER = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));
const PANELS = ['feed_forward', 'residual', 'output', 'influence', 'switches'];
const options = { webgpu: 'none', page: { backend: 'cpu' } };

const near = (found, expected, tolerance, what) => {
  const error = Math.abs(Number(found) - expected);
  assert.ok(error <= tolerance, `${what}: ${found} on screen, ${expected} from the worker`);
};

/** A formula on screen. */
const formula = async (glassbox, id) => (await glassbox.all(id))[0]?.textContent.trim() ?? '';

const quiet = (glassbox) => until('nothing to be under way', () => glassbox.page.evaluate(() => document.querySelector('.inside [data-waiting]') === null));

pageTest('Sprout’s later stations', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  const drawn = await runColumns(glassbox, QUESTION, { maxTokens: 12 });
  const texts = Object.fromEntries(drawn.map((column) => [column.stage, textOf(column, QUESTION)]));
  await openInside(glassbox, 'feed_forward');
  await lookInto(glassbox, 'sft');
  const facts = await ask(glassbox, texts.sft, { kind: 'text' });

  await step('feed-forward: gate, up and product of every stage', () => checkFeedForward(glassbox, texts));
  await step('a neuron pushes what its column says', () => checkNeuron(glassbox, texts.sft, facts));
  await step('the lens at drawn places, and its end is the model’s own guess', () => checkLens(glassbox, texts.sft, facts));
  await step('contributions add up to the logit', () => checkContributions(glassbox, texts.sft, facts));
  await step('lengths of the stream', () => checkLengths(glassbox, texts.sft, facts));
  await step('output: logits to probabilities, and the draw', () => checkOutput(glassbox, texts.sft, facts));
  await step('influence: without a token, measured', () => checkInfluence(glassbox, texts.sft, facts));
  await step('switches: nothing, a head, a layer', () => checkSwitches(glassbox, texts.sft, facts));
  await step('a patch from another prompt', () => checkPatch(glassbox, facts));
  await step('bars saved as PNG, SVG and CSV', () => checkFiles(glassbox));
  await step('screenshots, light and dark, at three widths', () => takePictures(glassbox));
});

async function pickLayer(glassbox, layer) {
  await slide(glassbox, 'inside-layer', layer);
  await until(`layer ${layer}`, async () => (await glassbox.data('inside-layer')).value === String(layer));
}

async function checkFeedForward(glassbox, texts) {
  for (const [stage, text] of Object.entries(texts)) {
    await lookInto(glassbox, stage);
    const { shape, tokens } = await ask(glassbox, text, { kind: 'text' });
    const [layer, token] = [below(shape.layers), below(tokens.length)];
    await follow(glassbox, token);
    await pickLayer(glassbox, layer);
    const { gate, up, product, most_active: active } = await ask(glassbox, text, { kind: 'feed_forward', layer, token });
    assert.equal(shape.gate, 'silu');
    for (const [at, value] of product.entries()) {
      const expected = (gate[at] / (1 + Math.exp(-gate[at]))) * up[at];
      assert.ok(Math.abs(value - expected) <= 1e-4 * Math.max(1, Math.abs(expected)), `neuron ${at}: ${value} for ${expected}`);
    }
    // The keys walk to it cell by cell.
    const neuron = below(Math.min(64, product.length));
    for (const [row, values] of [gate, up, product].entries()) {
      await until(`${stage}, layer ${layer}, token ${token}, neuron ${neuron}, row ${row}`, async () => {
        const cell = await goToCell(glassbox, 'feed-forward-map', row, neuron);
        return Math.abs(Number(cell.value) - values[neuron]) <= 1e-5 * Math.max(1, Math.abs(values[neuron]));
      }, { deadline: 60_000 });
    }
    const listed = await bars(glassbox, 'neurons');
    for (const [rank, bar] of listed.entries()) near(bar.values[0], product[active[rank]], 1e-5 * Math.max(1, Math.abs(bar.values[0])), `rank ${rank}`);
  }
}

async function checkNeuron(glassbox, text, facts) {
  await lookInto(glassbox, 'sft');
  const [layer, token] = [below(facts.shape.layers), below(facts.tokens.length)];
  await follow(glassbox, token);
  await pickLayer(glassbox, layer);
  const { product, most_active: active } = await ask(glassbox, text, { kind: 'feed_forward', layer, token });
  await until('the list', async () => Math.abs((await bars(glassbox, 'neurons'))[1].values[0] - product[active[1]]) < 1e-6 * Math.max(1, Math.abs(product[active[1]])));
  await glassbox.page.evaluate(() => document.querySelectorAll('[data-testid="neurons"] [data-testid="bar"] button')[1].click());
  await until('the neuron', async () => (await glassbox.data('neuron')).neuron === String(active[1]));
  const { up, down } = await ask(glassbox, text, { kind: 'neuron', layer, neuron: active[1], count: 10 });
  const strength = product[active[1]];
  const [more, less] = strength < 0 ? [down, up] : [up, down];
  for (const [chart, expected] of [['neuron-up', more], ['neuron-down', less]]) {
    const shown = await until(`what ${chart} lists`, async () => {
      const found = await bars(glassbox, chart);
      return found.length === expected.length && Math.abs(found[0].values[0] - expected[0].value * strength) < 1e-4 ? found : null;
    });
    for (const [rank, bar] of shown.entries()) near(bar.values[0], expected[rank].value * strength, 1e-4, `${chart}, rank ${rank}`);
  }
}

async function checkLens(glassbox, text, facts) {
  await openPanel(glassbox, 'residual');
  const { layers } = facts.shape;
  await until('the whole lens', async () => (await glassbox.data('lens-part')).come === String(layers + 1));
  const { first } = await glassbox.data('lens-part');
  const count = Number((await glassbox.data('lens')).rows);
  const parts = await askParts(glassbox, text, { kind: 'lens', first: Number(first), count, target: null });
  assert.equal(parts.length, layers + 1, 'a part for each number of blocks');
  for (let draw = 0; draw < 4; draw += 1) {
    const [row, blocks] = [below(count), below(layers + 1)];
    const part = parts.find((candidate) => candidate.blocks === blocks);
    const cell = await goToCell(glassbox, 'lens', row, blocks);
    near(cell.value, part.probabilities[row], 1e-5, `lens at token ${Number(first) + row} after ${blocks} blocks`);
  }
  // After the last block the lens is the model itself.
  const row = below(count);
  const end = parts.find(({ blocks }) => blocks === layers);
  const { logits, top } = await ask(glassbox, text, { kind: 'logits', token: Number(first) + row });
  const shares = softmax(logits);
  near(end.probabilities[row], shares[top[0].id], 1e-4, 'the likeliest token’s probability');
  assert.equal(end.top[row].id, top[0].id);
  await goToCell(glassbox, 'lens', row, layers);
  await until('the softmax of the cell, written out', async () => {
    const numbers = (await formula(glassbox, 'lens-formula')).match(/exp\((−?[\d.]+) − \(?(−?[\d.]+)\)?\) = ([\d.]+)%$/);
    if (numbers === null) return false;
    const [logit, sum, percent] = numbers.slice(1).map((number) => Number(number.replace('−', '-')));
    const fits = Math.abs(Math.exp(logit - sum) - percent / 100) < 2e-3;
    return fits && Math.abs(logit - logits[top[0].id]) < 0.01;
  });
  await glassbox.page.keyboard.press('Enter');
  await until('the token of the cell to be followed', async () => (await pressed(glassbox)) === Number(first) + row);
  await choose(glassbox, 'lens-mode', 'target');
  const { target } = await until('a target', async () => {
    const found = await glassbox.data('inside-target');
    return found.target === undefined ? null : found;
  });
  const ranked = await askParts(glassbox, text, { kind: 'lens', first: Number(first), count, target: Number(target) });
  const blocks = below(layers + 1);
  await until('the probability of the target', async () => {
    const cell = await goToCell(glassbox, 'lens', row, blocks);
    return Math.abs(Number(cell.value) - ranked.find((part) => part.blocks === blocks).target_probabilities[row]) <= 1e-6;
  }, { deadline: 60_000 });
  await choose(glassbox, 'lens-mode', 'top');
}

async function checkContributions(glassbox, text, facts) {
  for (let draw = 0; draw < 3; draw += 1) {
    const token = below(facts.tokens.length - 1);
    await follow(glassbox, token);
    const options = await until('tokens to explain', () =>
      glassbox.page.evaluate(() => {
        const found = [...document.querySelector('[data-testid="inside-target"]').options].map(({ value }) => value).filter(Boolean);
        return found.length > 6 ? found : null;
      }));
    const target = options[below(options.length)];
    await glassbox.fill('inside-target', target);
    const shown = await until(`the parts of ${target} after ${token}`, async () => {
      const found = await glassbox.data('contributions');
      return found.token === String(token) && found.target === target ? found : null;
    });
    near(shown.sum, Number(shown.logit), 1e-3, `parts of ${target} after ${token}`);
    const { logits } = await ask(glassbox, text, { kind: 'logits', token });
    near(shown.logit, logits[Number(target)], 1e-3, 'the model’s own logit');
    near(shown.probability, softmax(logits)[Number(target)], 1e-4, 'its probability');
    const rows = await bars(glassbox, 'contributions-chart');
    assert.equal(rows.length, facts.shape.layers + 1);
    const sum = rows.flatMap(({ values }) => values).reduce((total, value) => total + (value ?? 0), 0);
    near(sum, Number(shown.logit), 1e-3, 'the bars together');
  }
  await glassbox.fill('inside-target', '');
}

async function checkLengths(glassbox, text, facts) {
  const token = await pressed(glassbox);
  const { residual } = await ask(glassbox, text, { kind: 'norms' });
  const rows = await until('the lengths', async () => {
    const found = await bars(glassbox, 'lengths');
    return found.length === facts.shape.layers + 1 ? found : null;
  });
  for (const [blocks, bar] of rows.entries()) {
    const expected = residual[blocks * facts.tokens.length + token];
    near(bar.values[0], expected, 1e-4 * Math.max(1, expected), `length after ${blocks} blocks`);
  }
}

async function checkOutput(glassbox, text, facts) {
  await openPanel(glassbox, 'output');
  const token = below(facts.tokens.length);
  await follow(glassbox, token);
  await until('the logits', async () => (await glassbox.data('output-panel')).token === String(token));
  const { logits } = await ask(glassbox, text, { kind: 'logits', token });
  const raw = softmax(logits);
  await slide(glassbox, 'knob-temperature', 0.5);
  await slide(glassbox, 'knob-top_k', 5);
  await slide(glassbox, 'knob-top_p', 1);
  await slide(glassbox, 'knob-min_p', 0);
  const kept = [...logits].sort((a, b) => b - a).slice(0, 5);
  const sum = kept.reduce((total, logit) => total + Math.exp((logit - kept[0]) / 0.5), 0);
  await until('five to be left', async () => (await glassbox.all('way-row')).filter(({ filtered }) => Number(filtered) > 0).length === 5);
  const rows = await glassbox.all('way-row');
  for (const { id, logit, scaled, probability, filtered } of rows) {
    near(logit, logits[Number(id)], 1e-5, `logit of ${id}`);
    near(scaled, logits[Number(id)] / 0.5, 1e-4, `scaled logit of ${id}`);
    near(probability, raw[Number(id)], 1e-5, `probability of ${id}`);
    const expected = logits[Number(id)] >= kept[4] ? Math.exp((logits[Number(id)] - kept[0]) / 0.5) / sum : 0;
    near(filtered, expected, 1e-4, `${id} is drawn with`);
  }
  const [, drawnWith] = (await formula(glassbox, 'way-formula')).match(/ = ([\d.]+)%$/) ?? [];
  near(Number(drawnWith) / 100, Math.max(...rows.map(({ filtered }) => Number(filtered))), 1e-3, 'the likeliest, written out');
  const mark = await glassbox.mark();
  await glassbox.click('draw-one');
  const { drawn, own } = await until('a draw', async () => {
    const found = await glassbox.data('draw-part');
    return found.draws === '1' ? found : null;
  });
  assert.equal(drawn, own, 'the seed of the settings draws what the sampler draws');
  await glassbox.click('draw-many');
  await until('a hundred more', async () => (await glassbox.data('draw-part')).draws === '101');
  const shares = (await bars(glassbox, 'draws-chart')).map(({ values }) => values[1]);
  near(shares.reduce((total, share) => total + share, 0), 1, 1e-5, 'every draw is one of the five');
  assert.deepEqual(await glassbox.eventsSince(mark), [], 'nothing ran');
  await slide(glassbox, 'knob-temperature', 1);
  await until('another distribution to be drawn from anew', async () => (await glassbox.data('draw-part')).draws === '0');
}

async function checkInfluence(glassbox, text, facts) {
  await openPanel(glassbox, 'influence');
  // A token of the answer stands next, and one of the answer before it can be left out in another way, too.
  const token = facts.tokens.length - 2;
  await follow(glassbox, token);
  assert.ok(token > facts.prompt_tokens, 'an answer of some tokens');
  await glassbox.click('influence-run');
  await until('every token to be measured', async () => {
    const { measured, waiting } = await glassbox.data('influence');
    return Number(measured) === token + 1 && waiting === undefined;
  });
  const target = facts.tokens[token + 1].id;
  const shown = await glassbox.data('influence');
  assert.equal(shown.target, String(target));
  const { logits } = await ask(glassbox, text, { kind: 'logits', token });
  near(shown.untouched, softmax(logits)[target], 1e-4, 'probability in the whole text');
  const left = facts.prompt_tokens + below(token - facts.prompt_tokens);
  const without = { ...text, answer: text.answer.filter((_, at) => at !== left - facts.prompt_tokens) };
  const other = await ask(glassbox, without, { kind: 'logits', token: token - 1 });
  const rows = await bars(glassbox, 'influence-chart');
  near(rows[left].values[0], Number(shown.untouched) - softmax(other.logits)[target], 2e-4, `worth of token ${left}`);
  const [, whole] = (await formula(glassbox, 'influence-formula')).match(/^<?([\d.]+)% − <?[\d.]+% = [+−]?<?[\d.]+%$/) ?? [];
  near(Number(whole) / 100, Number(shown.untouched), 1e-3, 'the whole text’s probability, written out');
  const { tokens, weights } = await ask(glassbox, text, { kind: 'rollout', layer: facts.shape.layers - 1 });
  await until('the rollout', async () => (await bars(glassbox, 'influence-chart'))[left].values[1] !== null);
  const rollout = (await bars(glassbox, 'influence-chart')).map(({ values }) => values[1]);
  for (const [key, weight] of rollout.entries()) near(weight, weights[token * tokens + key], 1e-6, `rollout of ${key}`);
  const { value } = await glassbox.data('influence-agreement');
  assert.ok(Number(value) >= -1 && Number(value) <= 1, `rank correlation ${value}`);
}

const cellOf = (part, layer, index) => `[data-testid="board-cell"][data-part="${part}"][data-layer="${layer}"][data-index="${index}"]`;
const toggle = (glassbox, part, layer, index) => glassbox.page.evaluate((selector) => document.querySelector(selector).click(), cellOf(part, layer, index));

/** The bars once the page's last question is answered, which has so many changes. */
async function compared(glassbox, changes) {
  await until(`${changes} changes`, async () => (await glassbox.data('switches')).changes === String(changes));
  await quiet(glassbox);
  return { rows: await bars(glassbox, 'switches-chart'), ...(await glassbox.data('compared')) };
}

async function checkSwitches(glassbox, text, facts) {
  await openPanel(glassbox, 'switches');
  // A token that is followed in the answer would be where both go on from.
  await glassbox.page.evaluate(() => document.querySelector('[data-testid="inside-token"]').focus());
  await glassbox.page.keyboard.press('Escape');
  const nothing = await until('the untouched run', async () => {
    const found = await compared(glassbox, 0);
    return found.rows.length > 0 ? found : null;
  });
  assert.ok(nothing.rows.every(({ values }) => values[0] === values[1]), 'nothing changed, nothing differs');
  assert.equal(Number(nothing.divergence), 0);
  const [layer, head] = [below(facts.shape.layers), below(facts.shape.heads)];
  await toggle(glassbox, 'head', layer, head);
  const one = await compared(glassbox, 1);
  const prompt = { ...text, answer: [] };
  const question = { kind: 'switches', switches: [{ part: 'head', layer, index: head, scale: 0 }], patch: null, max_tokens: 24 };
  const { untouched, changed } = await ask(glassbox, prompt, question);
  const shares = [softmax(untouched.logits), softmax(changed.logits)];
  const best = shares[1].indexOf(Math.max(...shares[1]));
  assert.ok(one.rows.some(({ values }) => Math.abs(values[1] - shares[1][best]) < 1e-5 && Math.abs(values[0] - shares[0][best]) < 1e-5), `layer ${layer}, head ${head}: ${JSON.stringify(one.rows)}`);
  const [, bits] = (await formula(glassbox, 'divergence-formula')).match(/Σ = ([\de.-]+)$/) ?? [];
  near(bits, Number(one.divergence), Math.max(1e-4, Number(one.divergence) * 0.01), 'the divergence, written out');
  const written = await glassbox.page.evaluate(() => [...document.querySelectorAll('[data-testid="text-changed"] [data-id]')].map(({ dataset }) => Number(dataset.id)));
  assert.deepEqual(written, changed.continuation.map(({ id }) => id));
  await glassbox.click('switches-reset');
  for (let other = 0; other < facts.shape.heads; other += 1) await toggle(glassbox, 'head', layer, other);
  const heads = await compared(glassbox, facts.shape.heads);
  await glassbox.click('switches-reset');
  await toggle(glassbox, 'attention', layer, 0);
  const whole = await compared(glassbox, 1);
  assert.deepEqual(heads.rows.map(({ name }) => name), whole.rows.map(({ name }) => name));
  for (const [at, bar] of whole.rows.entries()) near(heads.rows[at].values[1], bar.values[1], 1e-5, `all heads of layer ${layer} and its attention: ${bar.name}`);
  await glassbox.click('switches-reset');
  await compared(glassbox, 0);
}

async function checkPatch(glassbox, facts) {
  await glassbox.fill('patch-source', 'What is the capital of France?');
  await until('the other prompt’s tokens', async () => (await glassbox.all('patch-token')).length > 4);
  await glassbox.page.evaluate(() => [...document.querySelectorAll('[data-testid="patch-token"]')].at(-1).click());
  await slide(glassbox, 'patch-layer', facts.shape.layers - 1);
  await follow(glassbox, facts.prompt_tokens - 1);
  await glassbox.click('patch-here');
  const { rows } = await compared(glassbox, 1);
  // After the last layer the vector of the prompt's end is all that the output gets.
  assert.ok(rows.some(({ values }) => Math.abs(values[0] - values[1]) > 1e-4), 'another prompt, another distribution');
  await glassbox.click('patch-remove');
  await compared(glassbox, 0);
}

async function checkFiles(glassbox) {
  await catchDownloads(glassbox);
  const rows = await bars(glassbox, 'switches-chart');
  const save = async (format) => {
    await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `[data-testid="switches-chart"] [data-format="${format}"]`);
    return waitDownload(glassbox, `glassbox-switches.${format}`);
  };
  const csv = (await save('csv')).text.trim().split('\r\n');
  assert.equal(csv.length, rows.length + 1);
  for (const [at, line] of csv.slice(1).entries()) near(line.split(',').at(-1), rows[at].values[1], 1e-6, `line ${at}`);
  const svg = (await save('svg')).text;
  assert.ok(svg.startsWith('<svg ') && svg.includes('<title>'));
  assert.deepEqual((await save('png')).head.slice(1, 4), [...Buffer.from('PNG')]);
}

async function takePictures(glassbox) {
  const { page } = glassbox;
  await mkdir(FOLDER, { recursive: true });
  const wrong = [];
  for (const theme of ['light', 'dark']) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: theme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    for (const panel of PANELS) {
      await openPanel(glassbox, panel);
      await quiet(glassbox);
      if (panel === 'influence') {
        await glassbox.click('influence-run');
        await until('something measured', async () => (await glassbox.data('influence')).measured !== undefined);
        await quiet(glassbox);
      }
      if (panel === 'output') await glassbox.click('draw-many');
      for (const width of [360, 1024, 1920]) {
        await page.setViewport({ width, height: width < 600 ? 740 : 900 });
        await until('the page to take the new width', () => page.evaluate((expected) => innerWidth === expected, width));
        await page.screenshot({ path: join(FOLDER, `inside-${panel}-${width}-${theme}.png`), fullPage: true });
        const out = await page.evaluate(overflowing);
        wrong.push(...out.map((sentence) => `${panel}, ${width} px: ${sentence}`));
      }
    }
  }
  assert.deepEqual(wrong, []);
  await page.setViewport({ width: 1024, height: 900 });
}

pageTest('SmolLM2’s lens', { webgpu: 'none', page: { model: 'smollm2-135m-instruct', backend: 'cpu' } }, async ({ glassbox }) => {
  const prompt = 'A banana is a fruit, and an apple is';
  await glassbox.load();
  const { ids } = await glassbox.run(prompt, { maxTokens: 3 });
  const text = textOf({ model: 'smollm2-135m-instruct', stage: 'model', ids }, prompt);
  await openInside(glassbox, 'residual');
  const { shape } = await ask(glassbox, text, { kind: 'text' });
  await until('the whole lens', async () => (await glassbox.data('lens-part')).come === String(shape.layers + 1), { deadline: 180_000 });
  const { first } = await glassbox.data('lens-part');
  const count = Number((await glassbox.data('lens')).rows);
  const parts = await askParts(glassbox, text, { kind: 'lens', first: Number(first), count, target: null });
  const [row, blocks] = [below(count), below(shape.layers + 1)];
  const cell = await goToCell(glassbox, 'lens', row, blocks);
  near(cell.value, parts.find((part) => part.blocks === blocks).probabilities[row], 1e-5, `token ${row} after ${blocks} blocks`);
  const shown = await until('the contributions', async () => {
    const found = await glassbox.data('contributions');
    return found.logit === undefined ? null : found;
  }, { deadline: 120_000 });
  near(shown.sum, Number(shown.logit), 1e-3, 'contributions');
});
