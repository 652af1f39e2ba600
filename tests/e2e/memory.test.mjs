// How much the engine takes: a large file never lies in its memory as a whole, and models come and go.
import assert from 'node:assert/strict';
import { serveCatalogue } from './lib/catalogue.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const MB = 1e6;

/** Bytes of the worker's WebAssembly memory. */
async function heap(glassbox) {
  const [worker] = glassbox.page.workers();
  return worker.evaluate(() => self.engineMemory.buffer.byteLength);
}

const gemma = { page: { model: 'gemma-3-270m', backend: 'gpu' } };
pageTest('Gemma (253 MB) loads on WebGPU with less than 200 MB of engine memory', gemma, async ({ glassbox }) => {
  const before = await heap(glassbox);
  const mark = await glassbox.startLoad();
  await until('the licence dialog', () => glassbox.isVisible('licence-dialog'));
  await glassbox.click('licence-accept');
  const loaded = await glassbox.waitLoaded(mark);
  assert.equal(loaded.backend.gpu, true, 'the GPU is used');
  assert.ok(loaded.weight_bytes <= 1.25 * loaded.file_bytes, `weights on the GPU: ${loaded.weight_bytes} of ${loaded.file_bytes}`);
  const after = await heap(glassbox);
  console.log(`engine memory ${(before / MB).toFixed(1)} MB before, ${(after / MB).toFixed(1)} MB after; it never shrinks`);
  assert.ok(after > before && after < 200 * MB, `engine memory is ${after}`);
});

for (const model of ['smollm2-135m-instruct', 'gemma-3-270m']) {
  const options = { webgpu: 'none', page: { model, backend: 'cpu' } };
  pageTest(`${model} on the CPU: its weights once, and at most 64 MB beside`, options, async ({ glassbox }) => {
    const mark = await glassbox.startLoad();
    if (model.startsWith('gemma')) {
      await until('the licence dialog', () => glassbox.isVisible('licence-dialog'));
      await glassbox.click('licence-accept');
    }
    const loaded = await glassbox.waitLoaded(mark);
    // The key/value cache of these few tokens is among the 64 MB.
    await glassbox.run('The sky is', { maxTokens: 4 });
    const after = await heap(glassbox);
    console.log(`engine memory ${(after / MB).toFixed(1)} MB for a file of ${(loaded.file_bytes / MB).toFixed(1)} MB`);
    assert.ok(after > loaded.file_bytes * 0.9, `the weights are in it: ${after}`);
    assert.ok(after <= 1.1 * loaded.file_bytes + 64 * MB, `engine memory is ${after}`);
  });
}

const bytes = tinyModel({ layers: 4, heads: 4, kvHeads: 2, ff: 1024 });
const tiny = {
  page: { model: 'tiny', backend: 'cpu' },
  prepare: (server) => serveCatalogue(server, [{ id: 'tiny', bytes }]),
};
pageTest('loading ten times in a row takes no more memory than loading twice', tiny, async ({ glassbox }) => {
  const sizes = [];
  for (let i = 0; i < 10; i += 1) {
    await glassbox.load();
    await glassbox.run('the cat', { maxTokens: 4 });
    sizes.push(await heap(glassbox));
  }
  console.log(`engine memory in MB: ${sizes.map((size) => (size / MB).toFixed(1)).join(' ')}`);
  assert.ok(sizes[0] > bytes.length, 'the model is in it');
  // The allocator may need a second round to settle; a leak would add the model's size each time.
  assert.equal(sizes[9], sizes[1], 'no growth from the second load on');
});
