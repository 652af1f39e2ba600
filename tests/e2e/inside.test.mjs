// From text to next token: tokens, embedding, attention. What is on screen is compared with what the worker answers to
// a request of the test's own, at layers, heads and places drawn anew in every run.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catchDownloads, choose, firstRun, runColumns, slide, waitDownload } from './lib/compare.mjs';
import { ask, below, follow, goToCell, lookInto, openInside, openPanel, pressed, textOf } from './lib/inside.mjs';
import { overflowing } from './lib/look.mjs';
import { pageTest } from './lib/suite.mjs';
import { recordMainThreadTasks } from './lib/tasks.mjs';
import { until } from './lib/wait.mjs';

const QUESTION = 'What is the capital of China?';
const FOLDER = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));
const FRAME_MS = 33;
const options = { webgpu: 'none', page: { backend: 'cpu' } };

const near = (found, expected, tolerance, what) => {
  const error = Math.abs(Number(found) - expected);
  assert.ok(error <= tolerance, `${what}: ${found} on screen, ${expected} from the worker`);
};

/** A formula on screen. */
const formula = async (glassbox, id) => (await glassbox.all(id))[0]?.textContent.trim() ?? '';

pageTest('Sprout from the inside', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  const drawn = await runColumns(glassbox, QUESTION, { maxTokens: 12 });
  const texts = Object.fromEntries(drawn.map((column) => [column.stage, textOf(column, QUESTION)]));
  await openInside(glassbox, 'tokens');
  await lookInto(glassbox, 'sft');
  const facts = await ask(glassbox, texts.sft, { kind: 'text' });

  await step('tokens: ids, merges, characters per token', () => checkTokens(glassbox, texts.sft, facts));
  await step('embedding: the row, its neighbours, the cloud, places', () => checkEmbedding(glassbox, texts, facts));
  await step('attention at drawn layers, heads and cells of every stage', () => checkAttention(glassbox, texts));
  await step('three steps lead to the weight', () => checkSteps(glassbox, texts.sft, facts));
  await step('all heads at a glance are the picker too', () => checkThumbs(glassbox, facts));
  await step('mean, rollout and difference between stages', () => checkMaps(glassbox, texts, facts));
  await step('the same head in all stages', () => checkStages(glassbox, texts, facts));
  await step('saved as PNG, SVG and CSV', () => checkFiles(glassbox));
  await step('the selection stays across panels; Escape frees', () => checkSelection(glassbox, facts));
  await step('a head is one click from being switched off', async () => {
    await openPanel(glassbox, 'attention');
    await glassbox.click('switch-head-off');
    await until('the switches', async () => (await glassbox.data('inside')).panel === 'switches');
  });
  await step('screenshots, light and dark, at three widths', () => takePictures(glassbox));
});

async function checkTokens(glassbox, text, facts) {
  const chips = await glassbox.all('id-chip');
  assert.deepEqual(chips.map(({ id }) => Number(id)), facts.tokens.map(({ id }) => id));
  const word = facts.tokens.findIndex(({ text: part }) => part.trim() === 'capital' || part.includes('apital'));
  await follow(glassbox, word < 0 ? facts.prompt_tokens - 1 : word);
  const { piece } = await until('a piece', async () => {
    const found = await glassbox.data('merges');
    return found.piece ? found : null;
  });
  const { steps } = await ask(glassbox, text, { kind: 'merges', piece });
  const shown = await until('the merges', async () => {
    const found = await glassbox.all('merge-step');
    return found.length === steps.length ? found : null;
  });
  assert.deepEqual(shown.map(({ parts }) => Number(parts)), steps.map(({ parts }) => parts.length));
  assert.ok(steps.every(({ parts }, at) => at === 0 || parts.length === steps[at - 1].parts.length - 1), 'each merge joins two');
  const rows = await until('three packings', async () => {
    const found = await glassbox.all('packing');
    return found.length === 3 ? found : null;
  });
  const plain = facts.tokens.filter(({ special }) => !special);
  assert.equal(Number(rows[0].tokens), plain.length);
  assert.equal(Number(rows[0].characters), [...plain.map(({ text: part }) => part).join('')].length);
}

async function checkEmbedding(glassbox, { sft: text }, facts) {
  await openPanel(glassbox, 'embedding');
  const place = below(facts.tokens.length);
  await follow(glassbox, place);
  const { id } = facts.tokens[place];
  const { width, rows } = await ask(glassbox, text, { kind: 'embedding_rows', ids: [id] });
  assert.equal(rows.length, width);
  const at = below(width);
  const { columns } = await until('the row', async () => {
    const found = await glassbox.data('embedding-row');
    return found?.columns ? found : null;
  });
  await until('the numbers of this token', async () => {
    const cell = await goToCell(glassbox, 'embedding-row', Math.floor(at / columns), at % columns);
    return Math.abs(Number(cell.value) - rows[at]) <= 1e-6;
  }, { deadline: 30_000 });
  const nearest = await ask(glassbox, text, { kind: 'nearest', id, count: 12 });
  await until('the neighbours', async () => {
    const shown = await glassbox.all('near');
    return shown.map((near) => Number(near.id)).join() === nearest.tokens.map(({ token }) => token.id).join();
  });
  assert.ok(nearest.tokens.every(({ value }, rank) => rank === 0 || value <= nearest.tokens[rank - 1].value), 'best first');
  await until('the cosine of the nearest, written out', async () => {
    const [, found] = (await formula(glassbox, 'near-formula')).match(/ = (-?[\d.]+)$/) ?? [];
    return found !== undefined && Math.abs(Number(found) - nearest.tokens[0].value) < 5e-3;
  });
  await until('points for tokens and neighbours', async () => Number((await glassbox.data('scatter')).points) > facts.tokens.length);
  await slide(glassbox, 'cloud-blocks', 1);
  const after = await ask(glassbox, text, { kind: 'nearest_after', blocks: 1, token: place, count: 8 });
  assert.ok(after.tokens.every(({ value }, rank) => rank === 0 || value <= after.tokens[rank - 1].value), 'best first');
  await until('the vectors and their neighbours after a block', async () => {
    const { blocks } = await glassbox.data('cloud');
    const { ids } = await glassbox.data('cloud-near');
    const points = Number((await glassbox.data('scatter')).points);
    return blocks === '1' && ids === after.tokens.map(({ token }) => token.id).join(' ') && points === facts.tokens.length + 8;
  }, { deadline: 30_000 });
  await checkHands(glassbox, facts, place);
  await checkSwap(glassbox, text, facts);
}

async function checkHands(glassbox, { shape }, place) {
  const layer = Number((await glassbox.data('inside-layer')).value);
  const { rope_base: base } = shape.attention[layer];
  const hands = await glassbox.all('hand');
  assert.ok(hands.length >= Math.min(16, shape.head_width / 2));
  for (const { pair, degrees } of hands) {
    const radians = place * base ** ((-2 * Number(pair)) / shape.head_width);
    const off = Math.abs((((radians * 180) / Math.PI) % 360) - Number(degrees)) % 360;
    assert.ok(Math.min(off, 360 - off) < 0.01, `pair ${pair} at place ${place}: ${degrees}`);
  }
  const pair = below(shape.head_width / 2);
  await slide(glassbox, 'rope-pair', pair);
  const turned = (place * base ** ((-2 * pair) / shape.head_width) * 180) / Math.PI;
  await until(`pair ${pair} at place ${place}, written out`, async () => {
    const [, found] = (await formula(glassbox, 'rope-result')).match(/ = ([\d.]+)°$/) ?? [];
    return found !== undefined && Math.abs(Number(found) - turned) < 0.06;
  });
}

async function checkSwap(glassbox, text, facts) {
  const question = facts.segments.find(({ kind }) => kind === 'question');
  assert.ok(question.end - question.start > 4, 'words to change places');
  // Two in the middle: both begin with a space.
  await follow(glassbox, question.start + 1);
  const partners = await until('partners', async () => {
    const found = await glassbox.page.evaluate(() => [...document.querySelectorAll('[data-testid="swap-with"] option')].map(({ value }) => value).filter(Boolean));
    return found.length > 0 ? found : null;
  });
  await glassbox.fill('swap-with', partners.includes(String(question.start + 3)) ? question.start + 3 : partners[0]);
  const shown = await until('the vectors of both texts', async () => {
    const found = await glassbox.all('swapped');
    return found.length >= 2 ? found : null;
  });
  assert.ok(shown.every(({ cosine }) => Number(cosine) < 0.99999), `another order, other vectors: ${JSON.stringify(shown)}`);
}

/** Sets layer and head, and waits for their picture. */
async function pick(glassbox, layer, head) {
  await slide(glassbox, 'inside-layer', layer);
  await slide(glassbox, 'inside-head', head);
  await until(`layer ${layer}, head ${head}`, async () => {
    const shown = await glassbox.data('attention');
    return shown.layer === String(layer) && shown.head === String(head) && shown.waiting === undefined;
  });
}

async function checkAttention(glassbox, texts) {
  await openPanel(glassbox, 'attention');
  for (const [stage, text] of Object.entries(texts)) {
    await lookInto(glassbox, stage);
    const { shape } = await ask(glassbox, text, { kind: 'text' });
    const [layer, head] = [below(shape.layers), below(shape.heads)];
    await pick(glassbox, layer, head);
    const { tokens, width, scale, weights, queries, keys } = await ask(glassbox, text, { kind: 'attention', layer, head });
    for (let query = 0; query < tokens; query += 1) {
      const sum = weights.slice(query * tokens, (query + 1) * tokens).reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - 1) <= 1e-5, `${stage}, layer ${layer}, head ${head}: row ${query} sums to ${sum}`);
    }
    const query = below(tokens);
    const key = below(query + 1);
    const where = `${stage}, layer ${layer}, head ${head}, query ${query}, key ${key}`;
    await until(`the numbers of ${where}`, async () => {
      const cell = await goToCell(glassbox, 'attention-map', query, key);
      return Math.abs(Number(cell.value) - weights[query * tokens + key]) <= 1e-6;
    }, { deadline: 60_000 });
    const pair = await glassbox.data('attention-pair');
    const score = queries.slice(query * width, (query + 1) * width).reduce((sum, q, at) => sum + q * keys[key * width + at], 0);
    near(pair.score, score, 1e-3 * Math.max(1, Math.abs(score)), `score of ${where}`);
    near(pair.scaled, score * scale, 1e-3 * Math.max(1, Math.abs(score)), `scaled score of ${where}`);
    near(pair.weight, weights[query * tokens + key], 1e-6, `weight of ${where}`);
    const shares = (await glassbox.all('mass')).map(({ share }) => Number(share));
    near(shares.reduce((sum, share) => sum + share, 0), 1, 1e-4, `attention on all segments, ${where}`);
  }
}

async function checkSteps(glassbox, text, facts) {
  await lookInto(glassbox, 'sft');
  const [layer, head] = [below(facts.shape.layers), below(facts.shape.heads)];
  await pick(glassbox, layer, head);
  const { tokens, weights } = await ask(glassbox, text, { kind: 'attention', layer, head });
  const query = tokens - 1;
  const scaled = [];
  await choose(glassbox, 'attention-step', 'scaled');
  await until('scaled scores', async () => (await glassbox.data('attention')).step === 'scaled');
  for (let key = 0; key < tokens; key += 1) scaled.push(Number((await goToCell(glassbox, 'attention-map', query, key)).value));
  const largest = Math.max(...scaled);
  const sum = scaled.reduce((total, score) => total + Math.exp(score - largest), 0);
  for (const [key, score] of scaled.entries()) near(Math.exp(score - largest) / sum, weights[query * tokens + key], 1e-4, `softmax of the scores on screen, layer ${layer}, head ${head}, key ${key}`);
  const masked = await goToCell(glassbox, 'attention-map', 0, tokens - 1);
  assert.equal(masked.value, undefined, 'a masked cell has no number');
  await choose(glassbox, 'attention-step', 'score');
  await until('scores', async () => (await goToCell(glassbox, 'attention-map', 0, tokens - 1)).value !== undefined);
  await choose(glassbox, 'attention-step', 'weight');
}

async function checkThumbs(glassbox, { shape }) {
  const count = shape.layers * shape.heads;
  const thumbs = await until('a picture of each head', async () => {
    const found = await glassbox.all('thumb');
    return found.length === count ? found : null;
  });
  const { layer, head } = thumbs[below(count)];
  await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `[data-testid="thumb"][data-layer="${layer}"][data-head="${head}"]`);
  await until('the head that was clicked', async () => {
    const shown = await glassbox.data('attention');
    return shown.layer === layer && shown.head === head;
  });
  await glassbox.page.keyboard.press('Home');
}

async function checkMaps(glassbox, texts, { shape }) {
  const layer = below(shape.layers);
  const head = below(shape.heads);
  await pick(glassbox, layer, head);
  for (const [mode, kind] of [['mean', 'attention_mean'], ['rollout', 'rollout']]) {
    await choose(glassbox, 'attention-mode', mode);
    const { tokens, weights } = await ask(glassbox, texts.sft, { kind, layer });
    const query = below(tokens);
    const key = below(query + 1);
    await until(`${mode} of layer ${layer} at ${query}, ${key}`, async () => {
      const cell = await goToCell(glassbox, 'attention-map', query, key);
      return Math.abs(Number(cell.value) - weights[query * tokens + key]) <= 1e-6;
    }, { deadline: 60_000 });
  }
  await choose(glassbox, 'attention-mode', 'difference');
  const against = await until('a stage to compare with', () =>
    glassbox.page.evaluate(() => {
      const select = document.querySelector('[data-testid="attention-against"]');
      return select.options.length === 2 ? select.value : null;
    }));
  assert.ok(against !== '');
  const other = { ...texts.sft, stage: against };
  const [own, twin] = await Promise.all([texts.sft, other].map((text) => ask(glassbox, text, { kind: 'attention', layer, head })));
  const query = below(own.tokens);
  const key = below(query + 1);
  const at = query * own.tokens + key;
  await until(`the difference to ${other.stage} at ${query}, ${key}`, async () => {
    const cell = await goToCell(glassbox, 'attention-map', query, key);
    return Math.abs(Number(cell.value) - (own.weights[at] - twin.weights[at])) <= 2e-6;
  }, { deadline: 60_000 });
  const { heads } = await ask(glassbox, texts.sft, { kind: 'head_changes', against: other });
  const shown = await until('the heads that changed most', async () => {
    const found = await glassbox.all('head-change');
    return found.length > 0 ? found : null;
  });
  for (const [rank, row] of shown.entries()) near(row.difference, heads[rank].difference, 1e-6, `change of rank ${rank}`);
  await choose(glassbox, 'attention-mode', 'head');
}

async function checkStages(glassbox, texts, { shape }) {
  const layer = below(shape.layers);
  const head = below(shape.heads);
  await pick(glassbox, layer, head);
  await glassbox.click('stages-open');
  const maps = await until('the head in all stages', async () => {
    const found = await glassbox.all('stage-map');
    const are = found.every((map) => map.layer === String(layer) && map.head === String(head) && map.waiting === undefined);
    return found.length === 3 && are ? found : null;
  }, { deadline: 60_000 });
  assert.deepEqual(maps.map(({ stage }) => stage).sort(), ['base', 'rlhf', 'sft']);
  const { stage } = maps[0];
  const { tokens, weights } = await ask(glassbox, { ...texts.sft, stage }, { kind: 'attention', layer, head });
  const query = below(tokens);
  const key = below(query + 1);
  const cell = await goToCell(glassbox, 'stage-attention', query, key);
  near(cell.value, weights[query * tokens + key], 1e-6, `layer ${layer}, head ${head} of ${stage} at ${query}, ${key}`);
  await glassbox.click('stages-open');
}

async function checkFiles(glassbox) {
  await catchDownloads(glassbox);
  const { rows, columns } = await glassbox.data('attention-map');
  const save = async (format) => {
    await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `[data-testid="attention-map"] [data-format="${format}"]`);
    return waitDownload(glassbox, `glassbox-attention.${format}`);
  };
  const csv = (await save('csv')).text.trim().split('\r\n');
  assert.equal(csv.length, Number(rows) + 1);
  // Names may hold commas: the numbers are the last fields of a line.
  const cells = csv.slice(1).map((line) => line.split(',').slice(-Number(columns)));
  for (const [query, row] of cells.entries()) {
    near(row.reduce((sum, cell) => sum + Number(cell), 0), 1, 1e-4, `row ${query} of the file`);
    assert.ok(row.slice(query + 1).every((cell) => cell === ''), 'masked cells are empty');
  }
  const svg = (await save('svg')).text;
  assert.equal(svg.match(/<rect x=/g).length, Number(rows) * Number(columns));
  const png = await save('png');
  assert.deepEqual(png.head.slice(1, 4), [...Buffer.from('PNG')]);
  const heads = (await glassbox.all('thumb')).length;
  const parts = (await glassbox.all('mass')).length;
  await checkPicture(glassbox, 'masses', 'glassbox-attention-parts', (lines) => assert.equal(lines.length, parts + 1));
  await checkPicture(glassbox, 'thumbs', 'glassbox-attention-heads', (lines) => {
    const places = new Set(lines.slice(1).map((line) => line.split(',').slice(0, 2).join()));
    assert.equal(places.size, heads, 'every head is in the table');
  });
}

/** What a picture's bar saves. */
async function checkPicture(glassbox, hook, name, checkLines) {
  const save = async (format) => {
    await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `[data-testid="${hook}"] [data-format="${format}"]`);
    return waitDownload(glassbox, `${name}.${format}`);
  };
  checkLines((await save('csv')).text.trim().split('\r\n'));
  assert.ok((await save('svg')).text.startsWith('<svg '), `${name} as SVG`);
  assert.deepEqual((await save('png')).head.slice(1, 4), [...Buffer.from('PNG')], `${name} as PNG`);
}

async function checkSelection(glassbox, facts) {
  const query = facts.tokens.length - 2;
  await goToCell(glassbox, 'attention-map', query, 1);
  await glassbox.page.keyboard.press('Enter');
  await until('the query to be followed', async () => (await pressed(glassbox)) === query);
  await openPanel(glassbox, 'embedding');
  await until('the same token', async () => (await glassbox.data('rope')).place === String(query));
  await openPanel(glassbox, 'attention');
  const pair = await until('the locked pair', async () => {
    const found = await glassbox.data('attention-pair');
    return found.query === String(query) ? found : null;
  });
  assert.equal(pair.key, '1');
  await glassbox.page.evaluate(() => document.querySelector('[data-testid="inside-token"]').focus());
  await glassbox.page.keyboard.press('Escape');
  await until('the last token, as before any choice', async () => (await pressed(glassbox)) === facts.tokens.length - 1);
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
    for (const panel of ['tokens', 'embedding', 'attention']) {
      await openPanel(glassbox, panel);
      await until('nothing to be under way', () => page.evaluate(() => document.querySelector('.inside [data-waiting]') === null));
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

pageTest('a long text', options, async ({ glassbox }) => {
  await firstRun(glassbox);
  await glassbox.fill('prompt', 'The cat sat on the mat and the dog ran to the big tree. '.repeat(24));
  await glassbox.click('mode-raw');
  await glassbox.settings({ max_tokens: 2 });
  await runColumnsAsTheyAre(glassbox);
  await openInside(glassbox, 'attention');
  const { rows } = await until('the table', async () => {
    const found = await glassbox.data('attention-map');
    return found?.rows ? found : null;
  });
  await until('nothing to be under way', () => glassbox.page.evaluate(() => document.querySelector('.inside [data-waiting]') === null));
  const { tasks } = await recordMainThreadTasks(glassbox.page, () =>
    glassbox.page.evaluate(async () => {
      const target = document.querySelector('[data-testid="attention-map"] .heatmap-picture');
      const press = async (key, shiftKey = false) => {
        target.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }));
        await new Promise((resolve) => requestAnimationFrame(resolve));
      };
      for (let at = 0; at < 6; at += 1) await press('+');
      for (let at = 0; at < 12; at += 1) await press(at % 2 === 0 ? 'ArrowRight' : 'ArrowDown', true);
      for (let at = 0; at < 6; at += 1) await press('-');
    }));
  console.log(`${rows} × ${rows} cells: longest tasks ${tasks.slice(0, 3).map(({ cpuMs }) => cpuMs.toFixed(1)).join(', ')} ms of CPU in pan and zoom`);
  assert.ok(Number(rows) > 300, `${rows} tokens`);
  // A garbage collection is a single event.
  assert.ok(tasks.filter(({ cpuMs }) => cpuMs > FRAME_MS).length <= 1, JSON.stringify(tasks.slice(0, 6)));
  assert.equal((await glassbox.data('attention-map')).zoom, '1.000', 'back to the whole');
});

/** Runs what stands there and waits for the end of all columns. */
async function runColumnsAsTheyAre(glassbox) {
  const mark = await glassbox.startRun();
  await until('the run to end', () => glassbox.page.evaluate((from) => window.e2e.events.slice(from).some(({ type }) => type === 'run_ended'), mark));
}

pageTest('SmolLM2 from the inside', { webgpu: 'none', page: { model: 'smollm2-135m-instruct', backend: 'cpu' } }, async ({ glassbox }) => {
  const prompt = 'A banana is a fruit, and an apple is';
  await glassbox.load();
  const { ids } = await glassbox.run(prompt, { maxTokens: 4 });
  const text = textOf({ model: 'smollm2-135m-instruct', stage: 'model', ids }, prompt);
  await openInside(glassbox, 'attention');
  const { shape } = await ask(glassbox, text, { kind: 'text' });
  await checkThumbs(glassbox, { shape });
  const [layer, head] = [below(shape.layers), below(shape.heads)];
  await pick(glassbox, layer, head);
  const { tokens, weights } = await ask(glassbox, text, { kind: 'attention', layer, head });
  const query = below(tokens);
  const key = below(query + 1);
  await until(`layer ${layer}, head ${head}, query ${query}, key ${key}`, async () => {
    const cell = await goToCell(glassbox, 'attention-map', query, key);
    return Math.abs(Number(cell.value) - weights[query * tokens + key]) <= 1e-6;
  });
});
