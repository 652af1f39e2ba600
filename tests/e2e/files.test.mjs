// Files from the server: kept, resumed, verified, removed – and every accident on the way.
import assert from 'node:assert/strict';
import { serveCatalogue } from './lib/catalogue.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const PATH = '/weights/tiny.gguf';
const small = tinyModel();
// Large enough to be cut in the middle whatever size of piece the page keeps.
const large = tinyModel({ layers: 4, heads: 4, kvHeads: 2, ff: 1024 });
const HALF = 2_500_000;

/** A page on the CPU whose only model is `bytes`. */
const fileTest = (name, bytes, body, extra = {}) =>
  pageTest(
    name,
    {
      webgpu: 'none',
      page: { model: 'tiny', backend: 'cpu' },
      prepare: (server) => serveCatalogue(server, [{ id: 'tiny', bytes, ...extra }]),
    },
    body,
  );

const storedFiles = async (glassbox) =>
  (await glassbox.all('stored-file')).map(({ name, bytes, complete }) => ({ name, bytes: Number(bytes), complete: complete === 'true' }));

async function runs(glassbox) {
  const run = await glassbox.run('the cat', { maxTokens: 4 });
  assert.equal(run.ids.length, 4);
}

const failureKind = (messages) => messages.map(({ kind }) => kind).find((kind) => ['download_interrupted', 'corrupted_file'].includes(kind));

const fromTheStart = ({ range }) => range === null || /^bytes=0-/.test(range);

/** First byte a request asked for. */
function firstByte({ range }) {
  const match = /^bytes=(\d+)-/.exec(range ?? '');
  assert.ok(match, `a Range request was expected, got ${range}`);
  return Number(match[1]);
}

fileTest('a corrupted file is noticed and not kept', small, async ({ glassbox, server, step }) => {
  server.fault(PATH, { flipAt: Math.trunc(small.length / 2), flipLength: 4 });
  await glassbox.startLoad();
  await glassbox.waitMessage('corrupted_file');
  await until('no whole file to be listed', async () => (await storedFiles(glassbox)).every(({ complete }) => !complete));
  await step('the next load begins anew and works', async () => {
    server.clearFaults();
    const before = server.log.length;
    await glassbox.reload();
    await glassbox.load();
    const requests = server.requests(PATH, before);
    assert.ok(requests.length > 0 && requests.every(fromTheStart), `downloaded from the start: ${JSON.stringify(requests)}`);
    await runs(glassbox);
  });
});

for (const status of [404, 503]) {
  fileTest(`a download refused with ${status} has its message`, small, async ({ glassbox, server }) => {
    server.fault(PATH, { status });
    const mark = await glassbox.startLoad();
    await glassbox.waitMessage('download_refused');
    const failed = (await glassbox.eventsSince(mark)).find((event) => event.type === 'failed');
    assert.match(failed.detail, new RegExp(String(status)), 'the cause names the status');
    server.clearFaults();
    await glassbox.load();
    await runs(glassbox);
  });
}

fileTest('an interrupted download is resumed and verified', large, async ({ glassbox, server }) => {
  server.fault(PATH, { breakAfter: HALF, times: 1 });
  const mark = await glassbox.startLoad();
  // The page may try again by itself or say that it was interrupted and wait for the reader.
  const outcome = await until('the interruption to be noticed', async () => {
    const loaded = (await glassbox.eventsSince(mark)).some((event) => event.type === 'loaded');
    return loaded ? 'loaded' : failureKind(await glassbox.messages());
  });
  if (outcome !== 'loaded') {
    assert.equal(outcome, 'download_interrupted');
    await glassbox.load();
  }
  const [first, second, ...more] = server.requests(PATH);
  assert.equal(first.sent, HALF);
  const from = firstByte(second);
  assert.ok(from > 0 && from <= HALF, `resumed at ${from}`);
  assert.equal(second.status, 206);
  assert.equal(second.sent, large.length - from, 'only the rest was sent');
  assert.deepEqual(more, [], 'two requests are enough');
  const progress = (await glassbox.eventsSince(mark)).filter((event) => event.type === 'progress');
  assert.ok(progress.some((event) => event.resumed_from === from), 'the page is told where it was resumed');
  await runs(glassbox);
});

fileTest('what was kept of an interrupted download is verified too', large, async ({ glassbox, server, step }) => {
  // The damage is in the first part; the second is sound.
  server.fault(PATH, { breakAfter: HALF, flipAt: HALF / 2, flipLength: 4, times: 1 });
  await glassbox.startLoad();
  const outcome = await until('a message', async () => failureKind(await glassbox.messages()));
  if (outcome !== 'corrupted_file') {
    assert.equal(outcome, 'download_interrupted');
    await glassbox.startLoad();
    await glassbox.waitMessage('corrupted_file');
  }
  await step('and is not kept', async () => {
    const before = server.log.length;
    await glassbox.load();
    const requests = server.requests(PATH, before);
    assert.ok(requests.length > 0 && requests.every(fromTheStart), `downloaded from the start: ${JSON.stringify(requests)}`);
    await runs(glassbox);
  });
});

fileTest('a download can be cancelled and resumed', large, async ({ glassbox, server }) => {
  server.fault(PATH, { holdAfter: HALF, times: 1 });
  const mark = await glassbox.startLoad();
  await until('the first bytes', async () => {
    const events = await glassbox.eventsSince(mark);
    return events.some((event) => event.type === 'progress' && event.bytes > 0);
  });
  await glassbox.click('cancel-load');
  const [first] = server.requests(PATH);
  await until('the connection to be closed', async () => first.done);
  assert.ok(first.sent < large.length, 'the download was cut short');
  await glassbox.waitEnabled('load');
  server.clearFaults();
  await glassbox.load();
  const second = server.requests(PATH)[1];
  const from = firstByte(second);
  assert.ok(from > 0 && from <= first.sent, `resumed at ${from}`);
  assert.equal(second.sent, large.length - from, 'only the rest was sent');
  await runs(glassbox);
});

fileTest('a stored file is shown with its size, used again and can be removed', small, async ({ glassbox, server, step }) => {
  await glassbox.load();
  const expected = [{ name: 'tiny.gguf', bytes: small.length, complete: true }];
  const shows = (files) => until(`stored files ${JSON.stringify(files)}`, async () => JSON.stringify(await storedFiles(glassbox)) === JSON.stringify(files));
  await shows(expected);
  await step('a reload downloads nothing', async () => {
    const before = server.log.length;
    await glassbox.reload();
    await shows(expected);
    await glassbox.load();
    assert.deepEqual(server.requests(PATH, before), []);
    await runs(glassbox);
  });
  await step('once removed it is gone, after a reload too, and is downloaded again', async () => {
    // Before anything is loaded, so that no one holds the file.
    await glassbox.reload();
    await shows(expected);
    await glassbox.click('remove-stored');
    await shows([]);
    await glassbox.reload();
    await glassbox.waitEvent('stored', 0);
    await shows([]);
    const before = server.log.length;
    await glassbox.load();
    assert.equal(server.requests(PATH, before).length, 1);
    await runs(glassbox);
  });
});

fileTest(
  'a licence is shown and accepted once, before the first load',
  small,
  async ({ glassbox, server }) => {
    const mark = await glassbox.startLoad();
    await until('the licence dialog', () => glassbox.isVisible('licence-dialog'));
    assert.deepEqual(server.requests(PATH), [], 'nothing is downloaded before');
    await glassbox.click('licence-accept');
    await glassbox.waitLoaded(mark);
    await until('the dialog to be closed', async () => !(await glassbox.isVisible('licence-dialog')));
    await glassbox.reload();
    await glassbox.load();
    assert.equal(await glassbox.isVisible('licence-dialog'), false, 'it is not asked for again');
    await runs(glassbox);
  },
  { mustAccept: true },
);
