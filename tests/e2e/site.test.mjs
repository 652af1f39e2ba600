// The built site as a host would serve it: how much a first visit transfers, and what a host must not need to know.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import test from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { builtSite, hashOf, siteFile } from './lib/build.mjs';
import { needEnv } from './lib/server.mjs';

const PAGE_LIMIT = 1_500_000;
const FIRST_LOAD_LIMIT = 9_000_000;
const LARGEST_KEPT = 16 << 20;
const TEXT = /\.(css|html|js|json|md|svg|txt|webmanifest|wasm)$/;

async function everyFile() {
  const root = needEnv('GLASSBOX_SITE', 'the built site (target/site)');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** Bytes on the wire: what hosts compress, with brotli; the rest as it is. */
async function transferred(path) {
  const bytes = await siteFile(path);
  if (!TEXT.test(path)) return bytes.length;
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
}

async function total(paths) {
  let sum = 0;
  for (const path of paths) sum += await transferred(path);
  return sum;
}

test('the page is small, and so is a first visit with all stages of its model', async () => {
  const files = await everyFile();
  const page = await total(files.filter((path) => !/^(models|lessons)\//.test(path) && /\.(css|html|js|wasm)$/.test(path)));
  console.log(`page: ${page} bytes after brotli`);
  assert.ok(page < PAGE_LIMIT, `the page takes ${page} bytes, allowed are ${PAGE_LIMIT}`);

  const catalogue = JSON.parse(await siteFile('models/catalogue.json'));
  const model = catalogue.find((manifest) => manifest.default);
  const adapters = [...model.trio.stages.map((stage) => stage.adapter), model.trio.reward?.adapter].filter(Boolean);
  const weights = [...model.files.map(({ local }) => local), ...adapters.flatMap(({ config, weights: own }) => [config.path, own.path])];
  const first = page + (await total(['models/catalogue.json', 'manifest.webmanifest', 'favicon.svg', ...weights]));
  console.log(`first visit: ${first} bytes, ${model.trio.stages.length} stages of ${model.id}`);
  assert.ok(first < FIRST_LOAD_LIMIT, `a first visit transfers ${first} bytes, allowed are ${FIRST_LOAD_LIMIT}`);
});

test('the service worker lists the files of this build', async () => {
  const { build, script } = await builtSite();
  const files = (await everyFile()).filter((path) => path !== 'sw.js');
  const listed = Object.keys(build.files);
  assert.deepEqual(listed.filter((path) => !files.includes(path)), [], 'listed, but not there');
  for (const path of files) {
    const bytes = await siteFile(path);
    if (bytes.length > LARGEST_KEPT) assert.ok(!listed.includes(path), `${path} is too large to be kept`);
    else assert.equal(build.files[path], hashOf(bytes), path);
  }
  assert.ok(build.first.length > 20 && build.first.every((path) => listed.includes(path)));
  assert.ok(script.includes('addEventListener'), 'the worker itself follows');
});

test('addresses within the site are relative, so that it works below any path', async () => {
  const html = (await siteFile('index.html')).toString();
  const addresses = [...html.matchAll(/\b(?:href|src)="([^"]*)"/g)].map((match) => match[1]);
  assert.ok(addresses.length > 10);
  assert.deepEqual(addresses.filter((address) => /^(\/|[a-z]+:)/.test(address)), []);
  const { start_url: start, scope, icons } = JSON.parse(await siteFile('manifest.webmanifest'));
  assert.deepEqual([start, scope], ['./', './']);
  for (const { src } of icons) assert.ok((await siteFile(src)).length > 0, src);
});
