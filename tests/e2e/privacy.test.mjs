// Nothing leaves the machine: no request to another origin, seen from the browser and by its policy.
import assert from 'node:assert/strict';
import { serveCatalogue } from './lib/catalogue.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { engineWorker } from './lib/prelude.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const bytes = tinyModel();
const prepare = (server) => serveCatalogue(server, [{ id: 'tiny', bytes }]);
const isLocal = (address, origin) => /^(data|blob):/.test(address) || new URL(address).origin === origin;

pageTest('load and run ask no other origin', { page: { model: 'tiny', backend: 'auto' }, prepare }, async ({ glassbox, server, step }) => {
  await glassbox.load();
  await glassbox.run('the cat', { maxTokens: 4 });
  await glassbox.run('the cat', { mode: 'chat', maxTokens: 4 });
  assert.deepEqual(glassbox.requests.filter((address) => !isLocal(address, server.origin)), [], 'requests to other origins');
  assert.ok(glassbox.requests.some((address) => address.includes('/weights/')), 'requests of the worker are seen');
  assert.deepEqual(server.violations, [], 'violations of the content security policy');
  assert.deepEqual(glassbox.problems, [], 'errors on the console');

  await step('a request to another origin would be noticed, from the page and from the worker', async () => {
    const ask = (name) =>
      fetch(`http://127.0.0.1:9/${name}`).then(
        () => 'answered',
        () => 'refused',
      );
    assert.equal(await glassbox.page.evaluate(ask, 'page'), 'refused');
    assert.equal(await engineWorker(glassbox.page).evaluate(ask, 'worker'), 'refused');
    for (const name of ['page', 'worker']) {
      await until(`a report about the ${name}`, async () => server.violations.some((report) => report.includes(`127.0.0.1:9/${name}`)));
    }
    assert.equal(server.violations.length, 2, 'only these two');
  });
});
