// What a stranger may send: links, files, models and adapters that try to do harm.
import { deflateSync } from 'node:zlib';

/** Markup that would run code if it became elements; without spaces, so that it can be a token. */
export const MARKUP = ['<img/src/onerror=window.hacked=1>', '<svg/onload=window.hacked=1>', '<script>window.hacked=1</script>', '<iframe/srcdoc=x>', '<a/href="javascript:window.hacked=1">x</a>', '**[x](javascript:window.hacked=1)**'];

/** The part of a link from `#` on, whatever the data. */
export const link = (data, version = 1) => `#v${version}=${deflateSync(typeof data === 'string' ? data : JSON.stringify(data)).toString('base64url')}`;

const deep = (times) => `${'['.repeat(times)}${']'.repeat(times)}`;
const good = link({ scene: { prompt: { text: 'A banana is' } } });

/** Links that must not open, and the code of the reason that the page gives. */
export const BAD_LINKS = {
  'no base64': ['#v1=%%%', ['damaged']],
  'nothing': ['#v1=', ['damaged']],
  'cut off': [good.slice(0, -6), ['damaged']],
  'one character changed': [`${good.slice(0, 20)}${good[20] === 'A' ? 'B' : 'A'}${good.slice(21)}`, ['damaged']],
  'from the future': [link({}, 999), ['future']],
  'a version beyond all numbers': ['#v99999999999999999999999=AAAA', ['future']],
  'a bomb': [link(`{"scene":{"prompt":{"text":"${'x'.repeat(8 << 20)}"}}}`), ['too_large']],
  'too long': [`#v1=${'A'.repeat(70_000)}`, ['too_long']],
  'no JSON': [link('scene'), ['unreadable']],
  'deep nesting': [link(`{"scene":${deep(100_000)}}`), ['unreadable', 'scene']],
  'deep nesting in a place for anything': [link(`{"scene":{"prompt":{"parts":${deep(100_000)}}}}`), ['unreadable', 'scene']],
  'wrong types': [link({ scene: { max_tokens: 'many', prompt: 7 } }), ['unreadable', 'scene']],
  'huge numbers': [link('{"scene":{"max_tokens":1e300,"sampler":{"temperature":1e308}}}'), ['unreadable', 'scene']],
  'numbers out of bounds': [link('{"scene":{"max_tokens":4294967295,"context":4294967295}}'), ['unreadable', 'scene']],
  'a seed beyond what is exact': [link('{"scene":{"sampler":{"seed":18446744073709551615}}}'), ['unreadable', 'scene']],
  'fields that nobody knows': [link('{"scene":{"__proto__":{"polluted":true},"constructor":1}}'), ['unreadable', 'scene']],
  'a thousand columns': [link({ scene: { columns: Array.from({ length: 1000 }, () => ({ model: 'tiny', stage: 'base' })) } }), ['unreadable', 'scene']],
};

/** Files that must not open. */
export const BAD_FILES = {
  'no JSON': ['This is a letter to my aunt.', ['unreadable']],
  'empty': ['', ['unreadable']],
  'from the future': ['{"glassbox": 999}', ['future']],
  'version zero': ['{"glassbox": 0}', ['unreadable']],
  'wrong types': ['{"glassbox": 1, "scene": {"prompt": []}}', ['unreadable', 'scene']],
  'deep nesting': [`{"glassbox": 1, "scene": ${deep(200_000)}}`, ['unreadable', 'scene']],
  'huge': [`{"glassbox": 1, "scene": {"prompt": {"text": "${'x'.repeat(9 << 20)}"}}}`, ['too_large']],
};

/** Changes of a GGUF file after which it says of itself what is not so. */
export function lies(bytes) {
  const patched = (edit) => {
    const copy = Buffer.from(bytes);
    edit(copy);
    return copy;
  };
  // Behind a tensor's name: dimensions (u32), sizes (u64 each), type (u32), offset (u64).
  const name = 'output_norm.weight';
  const after = bytes.indexOf(name) + name.length;
  return {
    'more tensors than a file can hold': patched((copy) => copy.writeBigUInt64LE(1n << 60n, 8)),
    'more metadata than a file can hold': patched((copy) => copy.writeBigUInt64LE(1n << 62n, 16)),
    'a name longer than the file': patched((copy) => copy.writeBigUInt64LE((1n << 63n) + 5n, 24)),
    'a tensor of a terabyte': patched((copy) => copy.writeBigUInt64LE(1n << 38n, after + 4)),
    'sizes whose product overflows': patched((copy) => {
      copy.writeUInt32LE(4, after);
      copy.writeBigUInt64LE(1n << 62n, after + 4);
    }),
    'a tensor of another size than the model needs': patched((copy) => copy.writeBigUInt64LE(64n, after + 4)),
    'a tensor outside of the file': patched((copy) => copy.writeBigUInt64LE(1n << 40n, after + 16)),
  };
}

/** A safetensors file; `tensors`: name → `{ shape, numbers }`. */
export function safetensors(tensors, edit = (header) => header) {
  const header = {};
  const data = [];
  let at = 0;
  for (const [name, { shape, numbers }] of Object.entries(tensors)) {
    const bytes = Buffer.from(Float32Array.from(numbers).buffer);
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    data.push(bytes);
  }
  const text = Buffer.from(JSON.stringify(edit(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...data]);
}

const QUERY = 'base_model.model.model.layers.0.self_attn.q_proj.';

/** An adapter of the first block's query product: `inputs` → rank → `outputs`. */
export const adapter = ({ inputs = 128, outputs = 128, rank = 2, number = 0.01 } = {}, edit) =>
  safetensors({
    [`${QUERY}lora_A.weight`]: { shape: [rank, inputs], numbers: new Array(rank * inputs).fill(number) },
    [`${QUERY}lora_B.weight`]: { shape: [outputs, rank], numbers: new Array(outputs * rank).fill(number) },
  }, edit);

export const adapterConfig = (rank = 2) => JSON.stringify({ peft_type: 'LORA', r: rank, lora_alpha: 4, target_modules: ['q_proj'] });

/** Adapters that fit no model: `[config, weights]`. */
export function badAdapters() {
  const config = adapterConfig();
  const first = `${QUERY}lora_A.weight`;
  const huge = Buffer.alloc(16);
  huge.writeBigUInt64LE(1n << 60n);
  return {
    'too few inputs': [config, adapter({ inputs: 64 })],
    'too many outputs': [config, adapter({ outputs: 256 })],
    'another rank than it says': [adapterConfig(3), adapter()],
    'an impossible rank': [adapterConfig(4_294_967_295), adapter()],
    'a rank of nothing': [adapterConfig(0), adapter()],
    'a layer that the model does not have': [config, Buffer.from(adapter().toString('latin1').replaceAll('layers.0', 'layers.9'), 'latin1')],
    'numbers that are none': [config, adapter({ number: Number.NaN })],
    'a header longer than the file': [config, huge],
    'data outside of the file': [config, adapter({}, (header) => ({ ...header, [first]: { ...header[first], data_offsets: [0, 1 << 30] } }))],
    'sizes that overflow': [config, adapter({}, (header) => ({ ...header, [first]: { ...header[first], shape: [2 ** 52, 2 ** 52] } }))],
    'a configuration that is none': ['[]', adapter()],
    'a configuration with script for a name': ['{"peft_type": "<script>window.hacked=1</script>"}', adapter()],
  };
}
