// The engines that ours is measured against.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLlamaCpp } from './native.mjs';
import { openPeerPage } from './page-peer.mjs';

// Each: `bars`: how many times faster ours is meant to be; `open({ browser, origin, file, context, … })`.
export const PEERS = {
  wllama: {
    package: '@wllama/wllama',
    where: 'browser',
    threads: 1,
    bars: { decode: 2, prefill: 3 },
    runs: () => true,
    open: ({ browser, origin, file, context }) => openPeerPage(browser, origin, 'wllama', { url: `/models/${file}`, context }),
  },
  onnx: {
    package: 'onnxruntime-web',
    where: 'browser',
    threads: 1,
    bars: { decode: 3, prefill: 1 },
    // The one model that tests/bench/onnx/build.py was tried with.
    runs: (model) => model === 'smollm2-135m-instruct',
    async open({ browser, origin, onnx, model, sha256 }) {
      const build = JSON.parse(await readFile(join(onnx, model, 'build.json'), 'utf8'));
      if (build.source_sha256 !== sha256) throw new Error(`${onnx}/${model} was built from another file than ${model}'s: delete it`);
      const opened = await openPeerPage(browser, origin, 'onnx', { url: `/onnx/${model}` });
      return { ...opened, build };
    },
  },
  'llama-cpp': {
    package: 'node-llama-cpp',
    where: 'native',
    threads: 2,
    bars: { decode: 0.5 },
    runs: () => true,
    open: ({ models, file, context, threads }) => openLlamaCpp({ file: join(models, file), context, threads }),
  },
};
