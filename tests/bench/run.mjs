// Measures Glassbox beside other engines and writes bench.json and bench.md. `cargo xtask bench` makes
// all that this needs and calls it; README.md in this folder tells more.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBrowser } from '../e2e/lib/browser.mjs';
import { startServer } from '../e2e/lib/server.mjs';
import { machine, packageVersion } from './lib/machine.mjs';
import { openOurProgram } from './lib/native.mjs';
import { openOurPage } from './lib/our-page.mjs';
import { PEERS } from './lib/peers.mjs';
import { pairedRounds } from './lib/rounds.mjs';
import { startPeerServer } from './lib/server.mjs';
import { table } from './lib/table.mjs';

const CONTEXT = 2048;
const WARM_UP = 4;

const text = { type: 'string' };
const { values: options } = parseArgs({
  options: {
    site: text, // the built page
    models: text, // the folder that `local` paths in manifests start at
    onnx: text, // a folder for each ONNX model, named by the model's id
    program: text, // our command line
    out: text, // where the results go
    peers: { ...text, default: '' }, // none: ours alone
    ids: text, // models
    rounds: { ...text, default: '5' },
    tokens: { ...text, default: '32' },
  },
});
const list = (value) => value.split(',').filter(Boolean);
const [rounds, tokens] = [Number(options.rounds), Number(options.tokens)];
if (!(rounds >= 1 && tokens >= 2)) throw new Error('there must be at least 1 round of 2 tokens');

const prompt = await readFile(new URL('prompt.txt', import.meta.url), 'utf8');
const catalogue = JSON.parse(await readFile(join(options.site, 'models/catalogue.json'), 'utf8'));
const report = {
  date: new Date().toISOString(),
  machine: machine(),
  browser: null,
  adapter: null,
  packages: {},
  builds: {},
  prompt,
  settings: { rounds, tokens, context: CONTEXT },
  results: [],
};

for (const id of list(options.ids)) {
  const manifest = catalogue.find((candidate) => candidate.id === id);
  if (!manifest) throw new Error(`there is no model ${id}; there are ${catalogue.map((known) => known.id).join(', ')}`);
  const names = list(options.peers);
  for (const name of names.length > 0 ? names : [null]) {
    if (name && !PEERS[name]) throw new Error(`there is no peer ${name}; there are ${Object.keys(PEERS).join(', ')}`);
    if (name && !PEERS[name].runs(id)) continue;
    report.results.push(await measure(manifest, name));
    await write();
  }
}
if (report.results.length === 0) throw new Error('nothing to measure: no peer runs these models');
console.log(`\n${table(report)}`);

async function measure({ id: model, licence, files: [{ local: file, sha256 }] }, name) {
  const peer = name ? PEERS[name] : { where: 'browser', threads: 1 };
  console.log(`${model}${name ? ` beside ${name}` : ''} (${peer.where})`);
  const scene = peer.where === 'native' ? nativeScene() : await browserScene();
  try {
    const setup = { ...scene, ...options, model, mustAccept: licence.must_accept, file, sha256, context: CONTEXT, threads: peer.threads };
    const ours = await scene.openOurs(setup);
    if (ours.adapter) report.adapter = ours.adapter;
    const other = name && (await peer.open(setup));
    if (other) {
      report.packages[peer.package] = await packageVersion(peer.package);
      Object.assign(report.packages, other.versions);
      if (other.build) report.builds[`${name} ${model}`] = other.build;
    }
    const request = { prompt, count: tokens };
    const measured = await pairedRounds({ ours, peer: other, rounds, warmUp: Math.min(WARM_UP, tokens), request, note });
    await other?.close();
    return { model, peer: name, where: peer.where, threads: peer.threads, bars: peer.bars ?? null, ...measured };
  } finally {
    await scene.stop();
  }
}

// One browser for both pages, and a server for each: they have different policies.
async function browserScene() {
  const server = await startServer({ site: options.site, models: options.models });
  const peers = await startPeerServer({ models: options.models, onnx: options.onnx });
  const { browser, stop } = await startBrowser({ webgpu: 'none' });
  report.browser = await browser.version();
  return {
    browser,
    origin: peers.origin,
    openOurs: (setup) => openOurPage(browser, server, setup),
    stop: async () => {
      await stop();
      await Promise.all([server.close(), peers.close()]);
    },
  };
}

function nativeScene() {
  return { openOurs: openOurProgram, stop: async () => {} };
}

function note(index, { ours, peer, decodeRatio, prefillRatio }) {
  const one = ({ tokensPerSecond, prefillMs }) => `${tokensPerSecond.toFixed(1)} tokens/s, prompt ${prefillMs.toFixed(0)} ms`;
  const other = peer ? `; peer ${one(peer)}; ratios ${decodeRatio.toFixed(2)} and ${prefillRatio.toFixed(2)}` : '';
  console.log(`  round ${index + 1}: ours ${one(ours)}${other}`);
}

// After each pair of engines, so that a failure later loses nothing.
async function write() {
  await mkdir(options.out, { recursive: true });
  await writeFile(join(options.out, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(options.out, 'bench.md'), table(report));
}
