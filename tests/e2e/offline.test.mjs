// After one visit the page needs no network; a new build of the site takes its place as a whole.
import assert from 'node:assert/strict';
import { builtSite, hashOf, keptFiles, serveBuild, siteFile, waitKept } from './lib/build.mjs';
import { serveCatalogue } from './lib/catalogue.mjs';
import { firstRun, runColumns } from './lib/compare.mjs';
import { tinyModel } from './lib/gguf.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const QUESTION = 'What is the capital of China?';
const options = { webgpu: 'none', page: { backend: 'cpu' } };
const ids = (drawn) => drawn.map((column) => column.ids);

pageTest('after one visit the page, its first model and its lessons work without a network', {
  ...options,
  prepare: (server) => {
    server.prefix = '/class/glassbox';
  },
}, async ({ glassbox, server, step }) => {
  await firstRun(glassbox);
  const online = await runColumns(glassbox, QUESTION, { maxTokens: 8 });
  await waitKept(glassbox);
  const { build } = await builtSite();

  await step('it can be installed', async () => {
    const cdp = await glassbox.page.createCDPSession();
    const { url, errors, data } = await cdp.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    assert.equal(new URL(manifest.start_url, url).href, `${server.base}/`);
    assert.equal(new URL(manifest.scope, url).href, `${server.base}/`);
    for (const { src, sizes, type } of manifest.icons) {
      const drawn = await glassbox.page.evaluate(async (address) => {
        const image = new Image();
        image.src = address;
        await image.decode();
        return `${image.naturalWidth}x${image.naturalHeight}`;
      }, new URL(src, url).href);
      assert.ok(sizes === 'any' ? type === 'image/svg+xml' : drawn === sizes, `${src} is ${drawn}, not ${sizes}`);
    }
  });

  await step('what is kept is the site, and no fetched model', async () => {
    const caches = await keptFiles(glassbox);
    assert.deepEqual(Object.keys(caches), [`glassbox ${server.base}/`]);
    const kept = new Set(Object.values(caches)[0]);
    const address = (path) => `${server.base}/${path === 'index.html' ? '' : encodeURI(path)}?sha256=${build.files[path]}`;
    assert.deepEqual(build.first.filter((path) => !kept.has(address(path))), []);
    assert.deepEqual(Object.keys(build.files).filter((path) => path.startsWith('weights/')), []);
    for (const part of ['index.html', 'glassbox_bg.wasm', 'glassbox_worker_bg.wasm', 'worker.js', 'models/catalogue.json', 'lessons/index.json', 'lessons/zh/tokens.md']) {
      assert.ok(build.first.includes(part), `${part} is kept from the start`);
    }
  });
  assert.deepEqual(server.outside, [], 'everything lies below the page');

  await server.close();
  await step('the page opens again and computes the same', async () => {
    await glassbox.reload();
    await firstRun(glassbox);
    assert.deepEqual(ids(await runColumns(glassbox, QUESTION, { maxTokens: 8 })), ids(online));
  });
  await step('every file is there, byte for byte', async () => {
    const wrong = await glassbox.page.evaluate(async (paths, hashes) => {
      const out = [];
      for (const path of paths) {
        const response = await fetch(path === 'index.html' ? './' : path).catch(() => null);
        const digest = response && new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
        const digits = digest && [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        if (!digits?.startsWith(hashes[path])) out.push(path);
      }
      return out;
    }, build.first, build.files);
    assert.deepEqual(wrong, []);
  });
  await step('a file that was never asked for is missing, and said to be', async () => {
    const later = Object.keys(build.files).find((path) => !build.first.includes(path));
    assert.ok(later, 'some files are kept only once they were used');
    assert.equal(await glassbox.page.evaluate((path) => fetch(path).then(() => 'answered', () => 'missing'), later), 'missing');
  });
});

const bytes = tinyModel();

pageTest('a model fetched before works without a network', {
  webgpu: 'none',
  page: { model: 'tiny', backend: 'cpu' },
  prepare: async (server) => {
    serveCatalogue(server, [{ id: 'tiny', bytes }]);
    await serveBuild(server, { 'models/catalogue.json': server.files.get('/models/catalogue.json') });
  },
}, async ({ glassbox, server }) => {
  await glassbox.load();
  const online = await glassbox.run('the cat', { maxTokens: 4 });
  await waitKept(glassbox);
  assert.ok(Object.values(await keptFiles(glassbox)).flat().every((address) => !address.includes('/weights/')), 'its file is not kept twice');
  await server.close();
  await glassbox.reload();
  await glassbox.load();
  assert.deepEqual((await glassbox.run('the cat', { maxTokens: 4 })).ids, online.ids);
});

const hasMark = (page) => page.evaluate(() => document.querySelector('meta[name="newer"]') !== null);
const waiting = (page) => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting !== null);

pageTest('a new build is taken as a whole, and only what has changed is fetched', options, async ({ glassbox, server, step }) => {
  const { page } = glassbox;
  await firstRun(glassbox);
  await waitKept(glassbox);
  const newer = (await siteFile('index.html')).toString().replace('</head>', '<meta name="newer" content="yes"></head>');
  await serveBuild(server, { 'index.html': newer });
  const since = server.log.length;
  await glassbox.reload();
  assert.equal(await hasMark(page), false, 'the build that is kept opens first');
  await until('the new build to be kept', () => waiting(page));
  assert.deepEqual([...new Set(server.log.slice(since).map(({ path }) => path))].toSorted(), ['/', '/sw.js'], 'what was fetched');

  await step('while another page is open, both go on with the old one', async () => {
    const other = await page.browser().newPage();
    await other.goto(`${server.base}/?backend=cpu`, { waitUntil: 'load' });
    await glassbox.reload();
    assert.deepEqual([await hasMark(page), await hasMark(other)], [false, false]);
    await other.close();
  });
  await step('a page that opens alone is of the new build, at the same address', async () => {
    await page.evaluate(() => {
      location.hash = 'here';
    });
    // The other page may take a while to be gone, and this one loads itself once more on the way.
    await until('the new build', async () => {
      if (await hasMark(page)) return true;
      await page.evaluate(() => location.reload());
      return false;
    }, { interval: 5_000 });
    assert.equal(await page.evaluate(() => location.hash), '#here');
    await firstRun(glassbox);
    const kept = Object.values(await keptFiles(glassbox)).flat();
    assert.deepEqual(kept.filter((address) => address.startsWith(`${server.base}/?sha256=`)), [`${server.base}/?sha256=${hashOf(newer)}`], 'the old page is gone');
  });
});

pageTest('files that are not of one build are not kept', {
  ...options,
  prepare: (server) => server.rewrites.set('/styles/theme.css', (text) => `${text}\n/* of another build */\n`),
}, async ({ glassbox, server }) => {
  const { page } = glassbox;
  await firstRun(glassbox);
  await until('the worker to be tried', () => server.requests('/sw.js').length > 0);
  await until('the worker to give up', () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) === undefined));
  assert.ok(server.requests('/styles/theme.css').length > 2, 'it was looked at twice');
  await glassbox.reload();
  await firstRun(glassbox);
  assert.equal(await page.evaluate(() => navigator.serviceWorker.controller), null);
});
