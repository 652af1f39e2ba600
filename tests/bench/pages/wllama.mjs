// wllama (llama.cpp in WebAssembly): one thread, no GPU.
import { Wllama } from '/packages/@wllama/wllama/esm/index.js';

let wllama;

/** Loads the GGUF file at `url`. */
async function load({ url, context }) {
  wllama = new Wllama({ default: '/packages/@wllama/wllama/esm/wasm/wllama.wasm' }, { suppressNativeLog: true });
  const file = await (await fetch(url)).blob();
  // One sequence: the default of four would only cost memory.
  await wllama.loadModel([file], { n_ctx: context, n_threads: 1, n_gpu_layers: 0, n_parallel: 1 });
  if (wllama.getNumThreads() !== 1) throw new Error(`wllama runs ${wllama.getNumThreads()} threads, not 1`);
  return { versions: { 'llama.cpp in wllama': Wllama.getLibllamaVersion() } };
}

/** Continues `prompt` greedily by `count` tokens. */
async function generate({ prompt, count }) {
  const start = performance.now();
  const { choices, timings } = await wllama.createCompletion({
    prompt,
    max_tokens: count,
    temperature: 0,
    ignore_eos: true,
    cache_prompt: false,
  });
  const wallMs = performance.now() - start;
  if (timings.cache_n !== 0) throw new Error(`wllama reused ${timings.cache_n} tokens of the prompt`);
  return {
    promptTokens: timings.prompt_n,
    newTokens: timings.predicted_n,
    // wllama's own clock: results reach the page up to one step late, so a clock in the page would
    // make the prompt look slower and the steps after it faster than they are.
    prefillMs: timings.prompt_ms,
    tokensPerSecond: timings.predicted_per_second,
    wallMs,
    text: choices[0].text,
  };
}

window.peer = { load, generate };
