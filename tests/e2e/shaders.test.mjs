// Every linked shader through Tint, and its pipelines on a device with WebGPU's default limits.
//
// GLASSBOX_SHADERS is a JSON file: `[{ name, wgsl, entry, overrides?, features? }]`, where
// `overrides` is a list of sets of pipeline constants (none: one pipeline without constants) and
// `features` lists optional WebGPU features that the variant needs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { startBrowser } from './lib/browser.mjs';
import { needEnv, startServer } from './lib/server.mjs';
import { TEST_TIMEOUT } from './lib/wait.mjs';

test('Tint accepts every shader', { timeout: TEST_TIMEOUT * 2 }, async (context) => {
  const shaders = JSON.parse(await readFile(needEnv('GLASSBOX_SHADERS', 'the JSON list of linked shaders'), 'utf8'));
  assert.ok(shaders.length > 0, 'there are shaders');
  const server = await startServer({ files: { '/blank.html': '<!doctype html><title>shaders</title>' } });
  const { browser, stop } = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/blank.html`);
    const check = (shader) => page.evaluate(compile, shader);

    await context.test('a broken shader is reported', async () => {
      const syntax = await check({ name: 'syntax', wgsl: '@compute @workgroup_size(1) fn main() { let x = ; }', entry: 'main' });
      assert.notDeepEqual(syntax, [], 'a syntax error');
      const types = await check({ name: 'types', wgsl: '@compute @workgroup_size(1) fn main() { let x: u32 = 1.5; }', entry: 'main' });
      assert.notDeepEqual(types, [], 'a type error');
      const limits = await check({ name: 'limits', wgsl: '@compute @workgroup_size(1024) fn main() {}', entry: 'main' });
      assert.notDeepEqual(limits, [], 'a workgroup beyond the default limits');
      const memory = 'var<workgroup> a: array<f32, 4097>; @compute @workgroup_size(1) fn main() { a[0] = 1.0; }';
      assert.notDeepEqual(await check({ name: 'memory', wgsl: memory, entry: 'main' }), [], 'more than 16 KiB of workgroup memory');
      const entry = await check({ name: 'entry', wgsl: '@compute @workgroup_size(1) fn main() {}', entry: 'other' });
      assert.notDeepEqual(entry, [], 'an entry point that is not there');
      const good = await check({ name: 'good', wgsl: '@compute @workgroup_size(1) fn main() {}', entry: 'main' });
      assert.deepEqual(good, [], 'a sound shader passes');
    });

    for (const shader of shaders) {
      await context.test(shader.name, async () => {
        assert.ok(shader.wgsl && shader.entry, `${shader.name} has a text and an entry point`);
        assert.deepEqual(await check(shader), []);
      });
    }
  } finally {
    await stop();
    await server.close();
  }
});

// Runs in the page: what is wrong with one shader, as a list of sentences.
async function compile({ wgsl, entry, overrides = [{}], features = [] }) {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return ['this browser gives no WebGPU adapter'];
  const device = await adapter.requestDevice({ requiredFeatures: features });
  const wrong = [];
  try {
    device.addEventListener('uncapturederror', (event) => wrong.push(event.error.message));
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code: wgsl });
    const { messages } = await module.getCompilationInfo();
    for (const { type, lineNum, linePos, message } of messages) {
      if (type === 'error') wrong.push(`${lineNum}:${linePos} ${message}`);
    }
    for (const constants of overrides.length > 0 ? overrides : [{}]) {
      try {
        await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: entry, constants } });
      } catch (error) {
        wrong.push(`${JSON.stringify(constants)}: ${error.message}`);
      }
    }
    const error = await device.popErrorScope();
    if (error) wrong.push(error.message);
  } finally {
    device.destroy();
  }
  return wrong;
}
