// A real model on WebGPU: right text, right figures, and a way back from every accident.
import assert from 'node:assert/strict';
import { serveCatalogue } from './lib/catalogue.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { GREEDY, hook } from './lib/page.mjs';
import { countWebGpuCalls, difference, readCounts } from './lib/prelude.mjs';
import { goldenCase, pageTest } from './lib/suite.mjs';
import { blockMainThread, recordMainThreadTasks } from './lib/tasks.mjs';
import { until } from './lib/wait.mjs';

const MODEL = 'smollm2-135m-instruct';
const WEIGHTS = '/weights/';
const PROMPT = 'A banana is';
const LAYERS = 30;
const TINY_LAYERS = 3;

const golden = await goldenCase('smollm2', PROMPT);
const page = { model: MODEL, backend: 'gpu' };

pageTest('SmolLM2 on WebGPU', { page, prepare: countWebGpuCalls }, async ({ glassbox, server, step }) => {
  const loaded = await glassbox.load();
  assert.equal(loaded.backend.gpu, true, 'the GPU is used');
  assert.equal(loaded.layers, LAYERS);
  assert.ok(server.requestsUnder(WEIGHTS).length > 0, 'the weights came from the server');

  await step('greedy text equals the golden one for 8 tokens', async () => {
    const run = await glassbox.run(PROMPT, { maxTokens: 8 });
    assert.deepEqual(run.ids, golden.greedy_ids.slice(0, 8));
    assert.ok(run.text !== '' && golden.greedy_text.startsWith(run.text), `"${run.text}" begins "${golden.greedy_text}"`);
    assert.equal(run.finished.reason, 'max_tokens');
    const chips = await glassbox.all('token');
    assert.deepEqual(chips.map((chip) => Number(chip.id)), run.ids, 'the chips carry the ids');
    const status = await glassbox.data('status');
    assert.ok(Number(status.firstTokenMs) > 0 && Number(status.tokensPerSecond) > 0, `speed is shown: ${JSON.stringify(status)}`);
  });

  await step('a focused chip shows its ten alternatives', async () => {
    await until('ten alternatives of the first token', async () => {
      // Another chip first, so that this is a change of focus each time it is tried.
      await glassbox.page.evaluate((selector) => document.querySelectorAll(selector)[1].focus(), hook('token'));
      await glassbox.page.evaluate((selector) => document.querySelectorAll(selector)[0].focus(), hook('token'));
      const rows = await glassbox.all('alternative');
      return rows.length === 10 && Number(rows[0].id) === golden.greedy_ids[0];
    });
    checkAlternatives(await glassbox.all('alternative'), golden.positions.at(-1));
  });

  await step('after a reload the model comes from the browser, not from the server', async () => {
    const before = server.log.length;
    await glassbox.reload();
    await glassbox.load({ model: MODEL, backend: 'gpu' });
    assert.deepEqual(server.requestsUnder(WEIGHTS, before), [], 'no second download');
    const run = await glassbox.run(PROMPT, { maxTokens: 4 });
    assert.deepEqual(run.ids, golden.greedy_ids.slice(0, 4));
  });
});

// The rest needs a GPU, but not a large model: on a software adapter that is the difference between
// seconds and minutes.
const tiny = tinyModel({ layers: TINY_LAYERS });
const TINY = { page: { model: 'tiny', backend: 'gpu' }, prepare: prepareTiny };

function prepareTiny(server) {
  serveCatalogue(server, [{ id: 'tiny', bytes: tiny }]);
  countWebGpuCalls(server);
}

pageTest('a tiny model on WebGPU', TINY, async ({ glassbox, step }) => {
  const loaded = await glassbox.load();
  assert.equal(loaded.backend.gpu, true, 'the GPU is used');

  await step('the engine counts what it really does', () => checkCounters(glassbox));

  await step('Stop ends a run and the next one works', async () => {
    await glassbox.prepare(PROMPT, { maxTokens: 400 });
    await glassbox.arm({ type: 'token', after: 3, click: 'stop' });
    const stopped = await glassbox.waitRun(await glassbox.startRun());
    assert.equal(stopped.finished.reason, 'stopped');
    assert.ok(stopped.ids.length >= 3 && stopped.ids.length < 400, `stopped after ${stopped.ids.length} tokens`);
    const next = await glassbox.run(PROMPT, { maxTokens: 8 });
    assert.equal(next.ids.length, 8);
    assert.deepEqual(stopped.ids.slice(0, 3), next.ids.slice(0, 3), 'the same text as far as it went');
  });

  await step('the page stays responsive while tokens stream', () => checkResponsive(glassbox));

  await step('a device destroyed in mid-generation is rebuilt and the run goes on', async () => {
    const tokens = 16;
    const undisturbed = await glassbox.run(PROMPT, { maxTokens: tokens });
    await glassbox.prepare(PROMPT, { maxTokens: tokens });
    await glassbox.arm({ type: 'token', after: 4, request: 'destroy_device' });
    // The loss may be told as a failure from which the run recovers: only the outcome counts.
    const disturbed = await glassbox.waitRun(await glassbox.startRun(), { ignoreFailed: true });
    const kinds = disturbed.events.map((event) => event.type);
    assert.ok(kinds.includes('device_restored'), `the device was rebuilt: ${kinds.join(' ')}`);
    assert.equal(disturbed.finished.reason, undisturbed.finished.reason);
    assert.deepEqual(disturbed.ids, undisturbed.ids);
    assert.equal(disturbed.text, undisturbed.text);
  });

  await step('a worker that breaks down is replaced', async () => {
    const [worker] = glassbox.page.workers();
    // What a panic looks like from outside: an error that nothing catches.
    await worker.evaluate(() => {
      setTimeout(() => {
        throw new WebAssembly.RuntimeError('a test');
      });
    });
    await until('the message', async () => (await glassbox.messages()).some(({ kind }) => kind === 'internal'));
    await glassbox.load({ model: 'tiny', backend: 'gpu' });
    const run = await glassbox.run(PROMPT, { maxTokens: 4 });
    assert.equal(run.ids.length, 4);
  });
});

function checkAlternatives(rows, expected) {
  const probabilities = rows.map((row) => Number(row.probability));
  for (const [index, probability] of probabilities.entries()) {
    assert.ok(probability > 0 && probability <= 1, `probability ${probability} of alternative ${index}`);
    if (index > 0) assert.ok(probability <= probabilities[index - 1], `alternatives are in order: ${probabilities.join(', ')}`);
  }
  assert.ok(probabilities.reduce((sum, probability) => sum + probability, 0) <= 1.001, 'probabilities add up to at most 1');
  for (const [index, id] of expected.top_ids.entries()) {
    const at = rows.findIndex((row) => Number(row.id) === id);
    // The last places may go to close competitors.
    if (at < 0) assert.ok(index >= 7, `golden alternative ${id} is shown`);
    else {
      const difference = Math.abs(Math.log(probabilities[at]) - expected.top_logprobs[index]);
      assert.ok(difference <= 0.05, `log-probability of ${id} is off by ${difference}`);
    }
  }
}

// Counts from outside and the engine's own must agree for a short run and a longer one; what the
// longer one adds is the steady state.
async function checkCounters(glassbox) {
  const measure = async (maxTokens) => {
    const before = await readCounts(glassbox.page);
    const run = await glassbox.run(PROMPT, { maxTokens, settings: GREEDY });
    const outside = difference(await readCounts(glassbox.page), before);
    const engine = run.finished.stats.counters;
    assert.equal(run.ids.length, maxTokens);
    const context = `${maxTokens} tokens; outside ${JSON.stringify(outside)}; engine ${JSON.stringify(engine)}`;
    assert.ok(outside.dispatches > 0 && outside.submits > 0 && outside.bytesMapped > 0, `the wrappers see the engine: ${context}`);
    assert.equal(engine.dispatches, outside.dispatches, `dispatches: ${context}`);
    assert.equal(engine.submits, outside.submits, `submits: ${context}`);
    assert.equal(engine.objects_created, outside.objects, `objects created: ${context}`);
    assert.equal(engine.bytes_read_back, outside.bytesMapped, `bytes read back: ${context}`);
    assert.deepEqual(JSON.parse((await glassbox.data('status')).counters), engine, 'the status line carries the counters');
    return outside;
  };
  await glassbox.run(PROMPT, { maxTokens: 2 });
  const short = await measure(4);
  const long = await measure(8);
  const per = difference(long, short);
  const context = `for 4 more tokens: ${JSON.stringify(per)}`;
  assert.ok(per.dispatches > 0 && per.dispatches <= 4 * (8 * TINY_LAYERS + 8), `at most 8 dispatches per block and 8 more per token; ${context}`);
  assert.equal(per.submits, 4, `one submit per token; ${context}`);
  assert.equal(per.objects, 0, `no object is made in the steady state; ${context}`);
  assert.ok(per.bytesMapped <= 4 * 256, `at most 256 bytes read back per token; ${context}`);
}

// Up to two tasks may be longer: the first layout of the chips and a garbage collection are single
// events. A page that does the engine's work, or redraws everything for each token, has one such
// task per token.
async function checkResponsive(glassbox) {
  const LIMIT_MS = 50;
  const long = ({ tasks }) => tasks.filter((task) => task.cpuMs > LIMIT_MS);
  const streaming = await recordMainThreadTasks(glassbox.page, () => glassbox.run(PROMPT, { maxTokens: 16 }));
  const [longest] = streaming.tasks;
  console.log(`longest task of the page while streaming: ${longest.cpuMs.toFixed(1)} ms of CPU, ${longest.wallMs.toFixed(1)} ms in all`);
  assert.ok(long(streaming).length <= 2, `tasks longer than ${LIMIT_MS} ms: ${JSON.stringify(long(streaming).slice(0, 20))}`);
  const blocked = await recordMainThreadTasks(glassbox.page, () => glassbox.page.evaluate(blockMainThread, { times: 4, ms: 400 }));
  assert.ok(long(blocked).length > 2, 'a page that is blocked would be noticed');
}
