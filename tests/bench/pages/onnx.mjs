// onnxruntime-web: WebAssembly with SIMD, one thread. The model keeps no state: the page hands it the
// keys and values of the tokens before, as its API wants it.
import * as ort from '/packages/onnxruntime-web/dist/ort.wasm.min.mjs';

let session;
let shapes;

/** Loads `model.onnx` and `model.onnx.data` from the folder at `url`. */
async function load({ url }) {
  ort.env.wasm.wasmPaths = '/packages/onnxruntime-web/dist/';
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const [config, data] = await Promise.all([
    fetch(`${url}/genai_config.json`).then((response) => response.json()),
    fetch(`${url}/model.onnx.data`).then((response) => response.arrayBuffer()),
  ]);
  session = await ort.InferenceSession.create(`${url}/model.onnx`, {
    executionProviders: ['wasm'],
    externalData: [{ path: 'model.onnx.data', data: new Uint8Array(data) }],
  });
  const { num_key_value_heads: heads, head_size: width } = config.model.decoder;
  shapes = { heads, width };
  return { versions: {} };
}

/** Continues the tokens `ids` greedily by `count` tokens. */
async function generate({ ids, count }) {
  const start = performance.now();
  const past = session.inputNames.filter((name) => name.startsWith('past_key_values.'));
  const { heads, width } = shapes;
  let cache = Object.fromEntries(past.map((name) => [name, new ort.Tensor('float32', [], [1, heads, 0, width])]));
  const made = [];
  let first = 0;
  let next = ids;
  for (let length = ids.length; made.length < count; length += 1) {
    const feeds = { ...cache, input_ids: integers(next), attention_mask: integers(new Array(length).fill(1)) };
    if (session.inputNames.includes('position_ids')) feeds.position_ids = integers(next.map((_, at) => length - next.length + at));
    const results = await session.run(feeds);
    const token = likeliest(results.logits);
    cache = Object.fromEntries(past.map((name) => [name, results[name.replace('past_key_values', 'present')]]));
    made.push(token);
    next = [token];
    first ||= performance.now() - start;
  }
  const wallMs = performance.now() - start;
  return {
    promptTokens: ids.length,
    newTokens: made.length,
    prefillMs: first,
    tokensPerSecond: ((made.length - 1) * 1000) / (wallMs - first),
    wallMs,
    ids: made,
  };
}

function integers(values) {
  return new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
}

// Index of the largest logit of the last position.
function likeliest({ data, dims }) {
  const vocabulary = dims.at(-1);
  const last = data.subarray(data.length - vocabulary);
  let best = 0;
  for (let id = 1; id < vocabulary; id += 1) if (last[id] > last[best]) best = id;
  return best;
}

window.peer = { load, generate };
