// Nothing leaves the machine: every request of a full session, and what it takes to make one that leaves.
import assert from 'node:assert/strict';
import { waitKept } from './lib/build.mjs';
import { serveCatalogue } from './lib/catalogue.mjs';
import { firstRun } from './lib/compare.mjs';
import { everywhere, longSession } from './lib/everywhere.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { engineWorker } from './lib/prelude.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const bytes = tinyModel();
const prepare = (server) => serveCatalogue(server, [{ id: 'tiny', bytes }]);
const isLocal = (address, origin) => /^(data|blob):/.test(address) || new URL(address).origin === origin;
const leaving = (glassbox, server) => glassbox.requests.filter((address) => !isLocal(address, server.origin));

/** Adds the requests of service workers, which belong to no page, to those of the page; gives them alone too. */
async function recordServiceWorkers(glassbox) {
  const own = [];
  const attach = async (target) => {
    if (target.type() !== 'service_worker') return;
    const cdp = await target.createCDPSession();
    cdp.on('Network.requestWillBeSent', ({ request }) => {
      own.push(request.url);
      glassbox.requests.push(request.url);
    });
    await cdp.send('Network.enable');
  };
  const browser = glassbox.page.browser();
  browser.on('targetcreated', (target) => attach(target).catch(() => {}));
  await Promise.all(browser.targets().map(attach));
  return own;
}

pageTest('a full session asks no other origin', { webgpu: 'none', page: { backend: 'cpu' } }, async ({ glassbox, server, step }) => {
  const fromServiceWorker = await recordServiceWorkers(glassbox);
  await firstRun(glassbox);
  await step('a session', () => longSession(glassbox, 'What is the capital of China?'));
  await step('every part of the page', () => everywhere(glassbox, async () => {}));
  await step('a second visit, from what is kept', async () => {
    await waitKept(glassbox);
    await glassbox.reload();
    await firstRun(glassbox);
  });
  assert.deepEqual(leaving(glassbox, server), [], 'requests to other origins');
  assert.deepEqual(server.violations, [], 'violations of the content security policy');
  assert.deepEqual(glassbox.problems, [], 'errors on the console');
  const unseen = ['/glassbox_bg.wasm', '/glassbox_worker_bg.wasm', '.gguf'].filter((part) => !glassbox.requests.some((address) => address.includes(part)));
  assert.deepEqual(unseen, [], 'requests of page and worker are seen');
  assert.ok(fromServiceWorker.length > 0, 'requests of the service worker are seen');
});

pageTest('load and run on WebGPU ask no other origin', { page: { model: 'tiny', backend: 'auto' }, prepare }, async ({ glassbox, server, step }) => {
  await glassbox.load();
  await glassbox.run('the cat', { maxTokens: 4 });
  await glassbox.run('the cat', { mode: 'chat', maxTokens: 4 });
  assert.deepEqual(leaving(glassbox, server), [], 'requests to other origins');
  assert.ok(glassbox.requests.some((address) => address.includes('/weights/')), 'requests of the worker are seen');
  assert.deepEqual(server.violations, [], 'violations of the content security policy');
  assert.deepEqual(glassbox.problems, [], 'errors on the console');

  await step('an unencrypted request to another machine is refused by the policy, in the page and in the worker', async () => {
    const ask = (name) =>
      fetch(`http://192.0.2.1:9/${name}`).then(
        () => 'answered',
        () => 'refused',
      );
    assert.equal(await glassbox.page.evaluate(ask, 'page'), 'refused');
    assert.equal(await engineWorker(glassbox.page).evaluate(ask, 'worker'), 'refused');
    for (const name of ['page', 'worker']) {
      await until(`a report about the ${name}`, async () => server.violations.some((report) => report.includes(`192.0.2.1:9/${name}`)));
    }
    assert.equal(server.violations.length, 2, 'only these two');
  });
});

// The manifest's public address is `https://models.invalid/tiny.gguf`, a name that no server can have.
pageTest('only the button that names a host asks it', { webgpu: 'none', page: { model: 'tiny', backend: 'cpu' }, prepare }, async ({ glassbox, server, step }) => {
  const { page } = glassbox;
  const headers = [];
  page.on('request', (request) => {
    if (request.url().includes('models.invalid')) headers.push(request.headers());
  });
  await step('a file that the site does not have is asked for nowhere else', async () => {
    server.fault('/weights/tiny.gguf', { status: 404 });
    await glassbox.startLoad();
    await glassbox.waitMessage('download_refused');
    assert.deepEqual(leaving(glassbox, server), []);
    server.clearFaults();
  });
  const tell = async (source) => {
    const mark = await glassbox.mark();
    await page.evaluate((asked) => window.glassbox.worker.postMessage({ request: { load: { source: asked, backend: 'cpu', context: 64 } } }), source);
    return until('the load to fail', async () => (await glassbox.eventsSince(mark)).find(({ type }) => type === 'failed'));
  };
  await step('a host that is not the one of the manifest is not asked', async () => {
    for (const host of ['other.invalid', '', new URL(server.origin).host, 'models.invalid:444']) {
      assert.equal((await tell({ hub: { id: 'tiny', host } })).kind, 'download_refused', host);
    }
    assert.deepEqual(leaving(glassbox, server), []);
  });
  await step('the button names the host and asks it, without saying who asks', async () => {
    const button = (await glassbox.all('load-hub'))[0];
    assert.equal(button.host, 'models.invalid');
    assert.ok(button.textContent.includes('models.invalid'), button.textContent);
    await glassbox.click('load-hub');
    await until('the request', async () => leaving(glassbox, server).length > 0);
    await glassbox.waitMessage('download_refused');
    assert.deepEqual([...new Set(leaving(glassbox, server))], ['https://models.invalid/tiny.gguf']);
    assert.ok(headers.length > 0 && headers.every((sent) => !sent.cookie && !sent.referer), JSON.stringify(headers));
    assert.deepEqual(server.violations, [], 'the policy lets the button do what it says');
  });
  await step('the site itself still serves', async () => {
    await glassbox.load();
    assert.equal((await glassbox.run('the cat', { maxTokens: 4 })).ids.length, 4);
    await until('the offer to go: what is kept here is asked for nowhere', async () => (await glassbox.all('load-hub')).length === 0);
  });
});
