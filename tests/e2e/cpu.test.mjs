// Without WebGPU the same page works on the CPU and says so.
import assert from 'node:assert/strict';
import { serveCatalogue } from './lib/catalogue.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { hook } from './lib/page.mjs';
import { engineWorker } from './lib/prelude.mjs';
import { goldenCase, pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const page = { model: 'smollm2-135m-instruct', backend: 'auto' };
const english = await goldenCase('smollm2', 'A banana is');
const chinese = await goldenCase('smollm2', '香蕉是');
const HALF_CHARACTER = '\uFFFD';

async function saysCpuAndHowToEnable(glassbox, loaded) {
  assert.equal(loaded.backend.gpu, false, 'the CPU is used');
  assert.ok(loaded.backend.fallback_reason, 'the worker says why');
  assert.equal((await glassbox.data('status')).backend, 'cpu');
  const { text } = await glassbox.waitMessage('no_web_gpu');
  assert.match(text, /WebGPU/);
  assert.match(text, /\bCPU\b/, 'says what is used instead');
  assert.match(text, /enable|turn on|switch/i, 'says how to enable it');
}

pageTest('SmolLM2 without WebGPU', { page, webgpu: 'hidden' }, async ({ glassbox, step }) => {
  const noGpu = () => navigator.gpu === undefined;
  assert.ok(await glassbox.page.evaluate(noGpu), 'navigator.gpu is hidden from the page');
  assert.ok(await engineWorker(glassbox.page).evaluate(noGpu), 'navigator.gpu is hidden from the worker');
  const loaded = await glassbox.load();
  await saysCpuAndHowToEnable(glassbox, loaded);

  await step('greedy text equals the golden one for 8 tokens', async () => {
    const run = await glassbox.run(english.text, { maxTokens: 8 });
    assert.deepEqual(run.ids, english.greedy_ids.slice(0, 8));
    assert.ok(run.text !== '' && english.greedy_text.startsWith(run.text), `"${run.text}" begins "${english.greedy_text}"`);
  });

  await step('Chinese appears in whole characters', async () => {
    await glassbox.click('exact');
    const run = await glassbox.run(chinese.text, { maxTokens: 8 });
    assert.deepEqual(run.ids, chinese.greedy_ids.slice(0, 8));
    assert.ok(run.text.length > 4 && chinese.greedy_text.startsWith(run.text), `"${run.text}" begins "${chinese.greedy_text}"`);
    const prompt = run.events.find((event) => event.type === 'prompt_tokens').tokens;
    assert.deepEqual(prompt.map(({ id }) => id), chinese.ids);
    assert.equal(prompt.map(({ text }) => text).join(''), chinese.text);
    assert.equal((await glassbox.all('prompt-token')).length, chinese.ids.length, 'a chip for each token of the prompt');
    for (const id of ['prompt-token', 'token', 'output']) {
      for (const { textContent } of await glassbox.all(id)) assert.ok(!textContent.includes(HALF_CHARACTER), `half a character in ${id}: ${textContent}`);
    }
  });

  await step('Ctrl+Enter runs', async () => {
    await glassbox.prepare(english.text, { maxTokens: 2 });
    const mark = await glassbox.mark();
    await glassbox.page.focus(hook('prompt'));
    await glassbox.page.keyboard.down('Control');
    await glassbox.page.keyboard.press('Enter');
    await glassbox.page.keyboard.up('Control');
    const run = await glassbox.waitRun(mark);
    assert.deepEqual(run.ids, english.greedy_ids.slice(0, 2));
  });

  await step('a chat goes through the template', async () => {
    const question = 'What is the capital of China?';
    const run = await glassbox.run(question, { mode: 'chat', maxTokens: 8 });
    const prompt = run.events.find((event) => event.type === 'prompt_tokens').tokens;
    const start = 1; // <|im_start|>
    assert.equal(prompt[0].id, start);
    assert.equal(prompt.filter(({ id, special }) => id === start && special).length, 3, 'system, user and assistant each begin');
    const plain = prompt.filter(({ special }) => !special).map(({ text }) => text).join('');
    assert.ok(plain.includes(`user\n${question}`) && plain.endsWith('assistant\n'), `the template was applied: ${plain}`);
    assert.ok(run.ids.length > 0 && run.text.trim() !== '', 'there is an answer');
  });

  await step('the same seed gives the same text, another seed another', async () => {
    const settings = { temperature: 1, top_k: 0, top_p: 1, min_p: 0, repeat_penalty: 1 };
    const sample = async (seed) => (await glassbox.run(english.text, { maxTokens: 8, settings: { ...settings, seed } })).ids.join(' ');
    const first = await sample(7);
    assert.equal(await sample(7), first, 'the same seed');
    const others = [await sample(8), await sample(9), await sample(10)];
    assert.ok(others.some((other) => other !== first), `four seeds, one text: ${first}`);
  });

  await step('settings outside their range are refused or corrected', () => checkSettings(glassbox));
});

const tiny = tinyModel();
pageTest(
  'a browser that has WebGPU but no adapter',
  { webgpu: 'none', page: { model: 'tiny' }, prepare: (server) => serveCatalogue(server, [{ id: 'tiny', bytes: tiny }]) },
  async ({ glassbox, step }) => {
    await saysCpuAndHowToEnable(glassbox, await glassbox.load());
    await step('runs on the CPU', async () => {
      const run = await glassbox.run('the cat', { maxTokens: 4 });
      assert.equal(run.ids.length, 4);
    });
    await step('WebGPU asked for by name: its own message, and the CPU still works', async () => {
      await glassbox.startLoad({ backend: 'gpu' });
      const message = await glassbox.waitMessage('no_web_gpu');
      assert.match(message.text, /WebGPU/);
      const loaded = await glassbox.load({ backend: 'cpu' });
      assert.equal(loaded.backend.gpu, false);
    });
  },
);

// Either the field says that it is invalid, or it has put itself right.
async function checkSettings(glassbox) {
  const wrong = [
    ['temperature', -1, (value) => value >= 0],
    ['top_p', 1.5, (value) => value >= 0 && value <= 1],
    ['min_p', -0.5, (value) => value >= 0 && value <= 1],
  ];
  for (const [name, value, inRange] of wrong) {
    await glassbox.fill(`setting-${name}`, value);
    const state = () =>
      glassbox.page.evaluate((selector) => {
        const input = document.querySelector(selector);
        return { value: input.value, invalid: input.matches(':invalid') || input.getAttribute('aria-invalid') === 'true' };
      }, hook(`setting-${name}`));
    await until(`${name} = ${value} to be refused or corrected`, async () => {
      const now = await state();
      return now.invalid || (now.value !== '' && inRange(Number(now.value)));
    }, { deadline: 30_000 });
  }
  const run = await glassbox.run(english.text, { maxTokens: 2 });
  assert.deepEqual(run.ids, english.greedy_ids.slice(0, 2), 'valid settings work again');
}
