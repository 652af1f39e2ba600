// One browser, one server and one page for each test, and a report on all three when it fails.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { startBrowser } from './browser.mjs';
import { newPage } from './page.mjs';
import { hideWebGpuInWorker } from './prelude.mjs';
import { startServer } from './server.mjs';
import { TEST_TIMEOUT } from './wait.mjs';

/**
 * A test with its own browser profile and server.
 *
 * `webgpu`: `on`, `none` (no adapter) or `hidden` (no `navigator.gpu` at all). `prepare(server)`
 * comes before the page is opened; `page` are the options of `newPage` and `open`. The body gets
 * `step(name, body)` for parts that share the page: one that fails does not keep the next from running.
 */
export function pageTest(name, { webgpu = 'on', prepare = () => {}, page: options = {} }, body) {
  test(name, { timeout: TEST_TIMEOUT * 4 }, async (context) => {
    const hideWebGpu = webgpu === 'hidden';
    const server = await startServer();
    let stop = async () => {};
    let glassbox = null;
    const step = (title, part) => context.test(title, { timeout: TEST_TIMEOUT }, () => explained(glassbox, part));
    try {
      const started = await startBrowser({ webgpu: hideWebGpu ? 'none' : webgpu });
      ({ stop } = started);
      if (hideWebGpu) hideWebGpuInWorker(server);
      await prepare(server);
      glassbox = await newPage(started.browser, server, { ...options, hideWebGpu });
      await explained(glassbox, async () => {
        await glassbox.open(options);
        await body({ glassbox, server, step });
      });
      assert.deepEqual(server.errors, [], 'the test server itself worked');
    } finally {
      await stop();
      await server.close();
    }
  });
}

// An error says what the page showed when it was thrown.
async function explained(glassbox, part) {
  try {
    return await part();
  } catch (error) {
    throw new Error(`${error.message}\n${await glassbox.describe()}`, { cause: error });
  }
}

/** The case of `tests/golden/FILE.json` with this text. */
export async function goldenCase(file, text) {
  const { cases } = JSON.parse(await readFile(new URL(`../../golden/${file}.json`, import.meta.url), 'utf8'));
  const found = cases.find((candidate) => candidate.text === text);
  assert.ok(found, `no golden case "${text}" in ${file}.json`);
  return found;
}
