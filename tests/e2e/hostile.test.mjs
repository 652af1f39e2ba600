// Nothing that comes from outside can hurt: links, files, models and adapters from a stranger leave a working page.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before } from 'node:test';
import { serveCatalogue } from './lib/catalogue.mjs';
import { openTool } from './lib/compare.mjs';
import { openAll } from './lib/everywhere.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { BAD_FILES, BAD_LINKS, MARKUP, adapter, adapterConfig, badAdapters, lies, link } from './lib/hostile.mjs';
import { hook } from './lib/page.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const PICTURE = fileURLToPath(new URL('../../target/screenshots/broken.png', import.meta.url));
const bytes = tinyModel();
const options = {
  webgpu: 'none',
  page: { model: 'tiny', backend: 'cpu' },
  prepare: (server) => serveCatalogue(server, [{ id: 'tiny', bytes }]),
};

let folder;
before(async () => {
  await mkdir(dirname(PICTURE), { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'glassbox-e2e-hostile-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function onDisk(name, content) {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Nothing ran, nothing became an element, and nothing tried to. */
async function unharmed(glassbox, server) {
  const found = await glassbox.page.evaluate(() => {
    const foreign = 'script:not([src]), iframe, object, embed, img[src=""], [onerror], [onload], [href^="javascript:" i]';
    return { hacked: window.hacked ?? null, polluted: {}.polluted ?? null, elements: [...document.querySelectorAll(foreign)].map((element) => element.outerHTML.slice(0, 200)) };
  });
  assert.deepEqual(found, { hacked: null, polluted: null, elements: [] });
  assert.deepEqual(server.violations, [], 'nothing for the policy to refuse');
  assert.ok(!glassbox.problems.some((problem) => /uncaught|panicked|RuntimeError/i.test(problem)), glassbox.problems.join('\n'));
}

async function runs(glassbox) {
  const run = await glassbox.run('the cat', { maxTokens: 4 });
  assert.equal(run.ids.length, 4);
}

const refusal = async (glassbox) => (await glassbox.all('link-refused'))[0];

async function refused(glassbox, kinds) {
  const { kind, textContent } = await until('a plain refusal', () => refusal(glassbox));
  assert.ok(kinds.includes(kind), `${kind}: ${textContent}`);
  assert.ok(textContent.trim().length > 20, 'in a sentence');
  await glassbox.click('dismiss-link');
  await until('the refusal to go', async () => (await refusal(glassbox)) === undefined);
}

const drop = (glassbox, name, content) =>
  glassbox.page.evaluate(
    (selector, fileName, text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], fileName, { type: 'application/json' }));
      const zone = document.querySelector(selector);
      for (const type of ['dragenter', 'dragover', 'drop']) zone.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
    },
    hook('drop-zone'),
    name,
    content,
  );

pageTest('links', options, async ({ glassbox, server, step }) => {
  const { page } = glassbox;
  await glassbox.load();
  for (const [name, [hash, kinds]] of Object.entries(BAD_LINKS)) {
    await step(name, async () => {
      await page.evaluate((fragment) => {
        location.hash = fragment;
      }, hash);
      await refused(glassbox, kinds);
      await unharmed(glassbox, server);
    });
  }
  await step('the page still works', () => runs(glassbox));
  await step('a page that begins with a bad link works too', async () => {
    await page.goto('about:blank');
    await page.goto(`${server.base}/?model=tiny&backend=cpu${BAD_LINKS['a bomb'][0]}`, { waitUntil: 'load' });
    await glassbox.waitEvent('ready', 0);
    await refused(glassbox, BAD_LINKS['a bomb'][1]);
    await glassbox.load();
    await runs(glassbox);
  });
  await step('script in a link is text', async () => {
    const scene = { prompt: { text: MARKUP.join('\n'), system: MARKUP[0] }, columns: [{ model: 'tiny', stage: 'model' }], max_tokens: 4 };
    await page.evaluate((fragment) => {
      location.hash = fragment;
    }, link({ scene }));
    await until('the prompt', () => page.evaluate((selector, text) => document.querySelector(selector).value === text, hook('prompt'), scene.prompt.text));
    await unharmed(glassbox, server);
  });
  await step('script for the name of a model is text, or refused', async () => {
    await page.evaluate((fragment) => {
      location.hash = fragment;
    }, link({ scene: { prompt: { text: 'named' }, columns: [{ model: MARKUP[0], stage: 'base' }] } }));
    await until('an answer to the link', async () => (await refusal(glassbox)) || page.evaluate((selector) => document.querySelector(selector).value === 'named', hook('prompt')));
    await unharmed(glassbox, server);
  });
});

pageTest('files of scenes', options, async ({ glassbox, server, step }) => {
  await glassbox.load();
  for (const [name, [content, kinds]] of Object.entries(BAD_FILES)) {
    await step(name, async () => {
      await drop(glassbox, 'hostile.glassbox.json', content);
      await refused(glassbox, kinds);
      await unharmed(glassbox, server);
    });
  }
  await step('script in the names of a set is text', async () => {
    const scenes = { title: MARKUP[0], scenes: MARKUP.slice(1, 4).map((name, at) => ({ name, saved: at, scene: { prompt: { text: name } } })) };
    await drop(glassbox, `${'x'.repeat(20)}.glassbox.json`, JSON.stringify({ glassbox: 1, scenes }));
    await until('the set', async () => (await refusal(glassbox)) || (await glassbox.all('set'))[0]);
    await unharmed(glassbox, server);
  });
  await step('the page still works', () => runs(glassbox));
});

pageTest('a model that writes markup', {
  ...options,
  page: { backend: 'cpu', model: 'tiny' },
  prepare: (server) => serveCatalogue(server, [{ id: 'tiny', bytes: tinyModel({ words: Array.from({ length: 24 }, (_, at) => `${MARKUP[at % MARKUP.length]}${at}`) }) }]),
}, async ({ glassbox, server, step }) => {
  await glassbox.load();
  const { text } = await glassbox.run('the cat', { maxTokens: 48 });
  assert.ok(/<(img|svg|script|iframe|a)\b/.test(text), `the model wrote markup: ${text}`);
  await unharmed(glassbox, server);
  const shown = (await glassbox.all('token')).map(({ textContent }) => textContent).join('');
  assert.ok(/<(img|svg|script|iframe|a)\b/.test(shown), 'and the page shows it as text');
  await step('in the tools too', async () => {
    await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), hook('token'));
    await openTool(glassbox, 'score');
    await glassbox.click('score');
    await until('the scores', async () => (await glassbox.all('scored-token')).length > 0);
    await openTool(glassbox, 'samples');
    await glassbox.click('draw-greedy');
    await until('the answers', async () => (await glassbox.all('sample-group')).length > 0);
    await openAll(glassbox);
    await unharmed(glassbox, server);
  });
});

pageTest('GGUF files that lie', options, async ({ glassbox, server, step }) => {
  for (const [name, content] of Object.entries(lies(bytes))) {
    await step(name, async () => {
      const mark = await glassbox.pickFile(await onDisk(`${name.replaceAll(' ', '-')}.gguf`, content));
      const failed = await until('the failure', async () => (await glassbox.eventsSince(mark)).find(({ type }) => type === 'failed' || type === 'loaded'));
      assert.equal(failed.type, 'failed', 'it must not load');
      assert.ok(['corrupted_file', 'unsupported'].includes(failed.kind), `${failed.kind}: ${failed.detail}`);
      await glassbox.waitMessage(failed.kind);
    });
  }
  await step('a file with script for a name is called so', async () => {
    const name = `${MARKUP[0].replaceAll('/', ' ')}.gguf`;
    const loaded = await glassbox.waitLoaded(await glassbox.pickFile(await onDisk(name, bytes)));
    assert.equal(loaded.id, name);
    await runs(glassbox);
    await openAll(glassbox);
    await unharmed(glassbox, server);
  });
});

const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/** Serves the tiny model with a second stage of this adapter. */
function serveStage(server, config, weights) {
  const [manifest] = serveCatalogue(server, [{ id: 'tiny', bytes }]);
  const file = (name, content) => {
    const path = `models/tiny/${name}`;
    server.files.set(`/${path}`, content);
    return { path, bytes: Buffer.byteLength(content), sha256: sha256(content) };
  };
  const words = { en: 'A test', zh: '测试' };
  manifest.trio = {
    lineage: words,
    stages: [
      { id: 'base', name: words, summary: words, chat: false },
      { id: 'sft', name: words, summary: words, chat: true, adapter: { config: file('adapter_config.json', config), weights: file('adapter_model.safetensors', weights) } },
    ],
  };
  server.files.set('/models/catalogue.json', JSON.stringify([manifest]));
}

pageTest('adapters of the wrong shape', { ...options, prepare: (server) => serveStage(server, adapterConfig(), adapter()) }, async ({ glassbox, server, step }) => {
  await step('one that fits gives the model its second stage', async () => {
    const loaded = await glassbox.load();
    assert.deepEqual(loaded.stages.map(({ id }) => id), ['base', 'sft']);
  });
  for (const [name, [config, weights]] of Object.entries(badAdapters())) {
    await step(name, async () => {
      serveStage(server, config, weights);
      const mark = await glassbox.startLoad();
      const failed = await until('the failure', async () => (await glassbox.eventsSince(mark)).find(({ type }) => type === 'failed' || type === 'loaded'));
      assert.equal(failed.type, 'failed', 'it must not load');
      assert.ok(['corrupted_file', 'unsupported'].includes(failed.kind), `${failed.kind}: ${failed.detail}`);
      await glassbox.waitMessage(failed.kind);
      await unharmed(glassbox, server);
    });
  }
  await step('one that fits loads afterwards', async () => {
    serveStage(server, adapterConfig(), adapter());
    await glassbox.load();
    await glassbox.prepare('the cat', { maxTokens: 4 });
    const mark = await glassbox.startRun();
    await until('the run to end', async () => (await glassbox.eventsSince(mark)).some(({ type }) => type === 'run_ended'));
    assert.ok((await glassbox.all('token')).length >= 4);
  });
});

/** What a panic looks like from outside: an error of WebAssembly's that nothing catches. A file of the site's own, since a
 * browser tells nobody of errors in a script from elsewhere. */
const BREAKS = `
const error = () => new WebAssembly.RuntimeError('a test');
export const inATask = () => setTimeout(() => { throw error(); });
export const inAPromise = () => void Promise.reject(error());
`;
const breakDown = (where, how) =>
  where.evaluate(async (name) => {
    const breaks = await import(new URL('breaks.js', location.href));
    breaks[name]();
  }, how);

pageTest(
  'what breaks down says so',
  {
    ...options,
    prepare: (server) => {
      options.prepare(server);
      server.files.set('/breaks.js', BREAKS);
    },
  },
  async ({ glassbox, step }) => {
    await glassbox.load();
    for (const how of ['inATask', 'inAPromise']) {
      await step(`a worker that breaks down is replaced: ${how}`, async () => {
        const [worker] = glassbox.page.workers();
        await breakDown(worker, how);
        await until('another worker', async () => !glassbox.page.workers().includes(worker) && glassbox.page.workers().length === 1);
        await glassbox.waitMessage('internal');
        await glassbox.load();
        await runs(glassbox);
      });
    }
    for (const how of ['inATask', 'inAPromise']) {
      await step(`a page that breaks down asks to be reloaded: ${how}`, async () => {
        await breakDown(glassbox.page, how);
        const shown = await until('the sentence', () =>
          glassbox.page.evaluate(() => {
            const boot = document.getElementById('boot');
            return boot?.dataset.state === 'broken' ? boot.innerText.trim() : null;
          }),
        );
        assert.match(shown, /^Something went wrong inside this page.+reload it/);
        if (how === 'inATask') await glassbox.page.screenshot({ path: PICTURE });
        await Promise.all([glassbox.page.waitForNavigation(), glassbox.page.evaluate(() => document.querySelector('#boot [data-when="broken"] a').click())]);
        await until('the page', async () => (await glassbox.isVisible('prompt')));
      });
    }
  },
);
