// Files from the reader's disk, files the engine cannot read, and prompts that do not fit.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { serveCatalogue } from './lib/catalogue.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { hook } from './lib/page.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const CONTEXT = 256;
const Q2_K = 10; // a type number of GGUF that the engine does not read
const bytes = tinyModel({ context: CONTEXT });
const options = {
  webgpu: 'none',
  page: { model: 'tiny', backend: 'cpu' },
  prepare: (server) => serveCatalogue(server, [{ id: 'tiny', bytes, context: CONTEXT }]),
};

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glassbox-e2e-files-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function onDisk(name, content) {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function runs(glassbox) {
  const run = await glassbox.run('the cat', { maxTokens: 4 });
  assert.equal(run.ids.length, 4);
  return run;
}

pageTest('a picked file and a dropped file load without any request', options, async ({ glassbox, server, step }) => {
  let picked;
  await step('picked', async () => {
    const loaded = await glassbox.waitLoaded(await glassbox.pickFile(await onDisk('picked.gguf', bytes)));
    assert.equal(loaded.id, 'picked.gguf');
    assert.equal(loaded.file_bytes, bytes.length);
    picked = await runs(glassbox);
  });
  await step('dropped', async () => {
    const mark = await glassbox.mark();
    await glassbox.page.evaluate(
      (selector, content) => {
        const data = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([data], 'dropped.gguf'));
        const zone = document.querySelector(selector);
        for (const type of ['dragenter', 'dragover', 'drop']) zone.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      },
      hook('drop-zone'),
      bytes.toString('base64'),
    );
    const loaded = await glassbox.waitLoaded(mark);
    assert.equal(loaded.id, 'dropped.gguf');
    assert.deepEqual((await runs(glassbox)).ids, picked.ids, 'the same file gives the same tokens');
  });
  assert.deepEqual(server.requestsUnder('/weights/'), []);
});

pageTest('files that cannot be read have plain messages, and a good one loads afterwards', options, async ({ glassbox, step }) => {
  const failure = async (path) => {
    const mark = await glassbox.pickFile(path);
    const failed = await until('the failure', async () => (await glassbox.eventsSince(mark)).find((event) => event.type === 'failed'));
    const { text } = await glassbox.waitMessage(failed.kind);
    return { ...failed, text };
  };
  await step('unknown tensor type: names the tensor and the type', async () => {
    const name = 'blk.1.ffn_up.weight';
    const failed = await failure(await onDisk('unknown-type.gguf', tinyModel({ typeOf: { [name]: Q2_K } })));
    assert.equal(failed.kind, 'unsupported');
    assert.ok(failed.text.includes(name), `names the tensor: ${failed.text}`);
    assert.match(failed.text, /Q2_K|\b10\b/, 'names the type');
  });
  const broken = [
    ['cut in the tensors', bytes.subarray(0, bytes.length - 1000)],
    ['cut in the header', bytes.subarray(0, 2000)],
    ['not a GGUF file', Buffer.from('This is a letter to my aunt.\n'.repeat(200))],
    ['empty', Buffer.alloc(0)],
  ];
  for (const [name, content] of broken) {
    await step(name, async () => {
      const failed = await failure(await onDisk(`${name.replaceAll(' ', '-')}.gguf`, content));
      assert.ok(['corrupted_file', 'unsupported'].includes(failed.kind), `kind ${failed.kind}: ${failed.detail}`);
    });
  }
  await step('a good file', async () => {
    await glassbox.waitLoaded(await glassbox.pickFile(await onDisk('good.gguf', bytes)));
    await runs(glassbox);
  });
});

pageTest('a prompt that does not fit is refused with numbers and the next one runs', options, async ({ glassbox }) => {
  const loaded = await glassbox.load();
  assert.ok(loaded.context <= CONTEXT, `context ${loaded.context}`);
  const letters = 600; // one token each in this vocabulary
  await glassbox.prepare('ab'.repeat(letters / 2), { maxTokens: 4 });
  const mark = await glassbox.startRun();
  const { text } = await glassbox.waitMessage('prompt_too_long');
  // The worker ends the refused run as well: not to be taken for the end of the next one.
  await glassbox.waitEvent('finished', mark, { ignoreFailed: true });
  const numbers = text.replaceAll(/(?<=\d)[,.\s\u00a0\u202f](?=\d{3})/g, '').match(/\d+/g)?.map(Number) ?? [];
  assert.ok(numbers.includes(letters), `says how long the prompt is: ${text}`);
  assert.ok(numbers.includes(loaded.context), `says what fits: ${text}`);
  await runs(glassbox);
});

pageTest('an empty prompt has its message', options, async ({ glassbox }) => {
  await glassbox.load();
  await glassbox.prepare('', { maxTokens: 4 });
  // The button may be disabled instead: then there is nothing to be told.
  const enabled = await glassbox.page.evaluate((selector) => !document.querySelector(selector).disabled, hook('run'));
  if (enabled) {
    await glassbox.startRun();
    await glassbox.waitMessage('empty_prompt');
  }
  await runs(glassbox);
});
