// Writes a tiny model of the llama architecture with random weights: a real GGUF file in every
// respect but its size. Byte-level vocabulary, ChatML template, Q8_0 matrices.

const TYPE = { u32: 4, f32: 6, bool: 7, string: 8, array: 9 };
const F32 = 0;
const Q8_0 = 8;
const ALIGNMENT = 32;
const HEAD = 64;

const CHAT_TEMPLATE =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/**
 * The file's bytes. With the default sizes about 0.4 MB.
 *
 * `typeOf` maps a tensor's name to another type number in its descriptor (the data stay as they
 * are), to make a file of an unknown type. `words` are further tokens without spaces, which greedy
 * text then mostly consists of. The same options give the same bytes.
 */
export function tinyModel({ layers = 2, heads = 2, kvHeads = 1, ff = 256, context = 4096, seed = 1, typeOf = {}, words = [] } = {}) {
  const width = heads * HEAD;
  const random = generator(seed);
  const { tokens, types, merges } = vocabulary(words);
  const metadata = [
    ['general.architecture', string('llama')],
    ['general.name', string('Tiny test model')],
    ['general.alignment', u32(ALIGNMENT)],
    ['llama.block_count', u32(layers)],
    ['llama.context_length', u32(context)],
    ['llama.embedding_length', u32(width)],
    ['llama.feed_forward_length', u32(ff)],
    ['llama.attention.head_count', u32(heads)],
    ['llama.attention.head_count_kv', u32(kvHeads)],
    ['llama.attention.layer_norm_rms_epsilon', f32(1e-5)],
    ['llama.rope.freq_base', f32(10_000)],
    ['llama.rope.dimension_count', u32(HEAD)],
    ['llama.vocab_size', u32(tokens.length)],
    ['tokenizer.ggml.model', string('gpt2')],
    ['tokenizer.ggml.pre', string('smollm')],
    ['tokenizer.ggml.tokens', array(TYPE.string, tokens.map(rawString))],
    ['tokenizer.ggml.token_type', array(5, types.map(int32))],
    ['tokenizer.ggml.merges', array(TYPE.string, merges.map(rawString))],
    ['tokenizer.ggml.bos_token_id', u32(1)],
    ['tokenizer.ggml.eos_token_id', u32(2)],
    ['tokenizer.ggml.unknown_token_id', u32(0)],
    ['tokenizer.ggml.padding_token_id', u32(2)],
    ['tokenizer.ggml.add_bos_token', bool(false)],
    ['tokenizer.ggml.add_space_prefix', bool(false)],
    ['tokenizer.chat_template', string(CHAT_TEMPLATE)],
  ];
  // Rows of letters are larger than the rest, so that a greedy text is legible and never a stop token.
  const firstWord = tokens.length - words.length;
  const rowScale = (row) => (row >= firstWord ? 3 : /^(Ġ?[a-z]+)$/.test(tokens[row]) ? 1 : types[row] === 3 ? 0 : 0.05);
  const matrix = (name, inputs, outputs, scale) => ({
    name,
    shape: [inputs, outputs],
    type: Q8_0,
    bytes: q8(inputs, outputs, (row) => scale(row) / Math.sqrt(inputs), random),
  });
  const norm = (name) => ({ name, shape: [width], type: F32, bytes: Buffer.from(new Float32Array(width).fill(1).buffer) });
  const one = () => 1;
  const tensors = [matrix('token_embd.weight', width, tokens.length, rowScale)];
  for (let layer = 0; layer < layers; layer += 1) {
    const at = `blk.${layer}.`;
    tensors.push(
      norm(`${at}attn_norm.weight`),
      matrix(`${at}attn_q.weight`, width, width, one),
      matrix(`${at}attn_k.weight`, width, kvHeads * HEAD, one),
      matrix(`${at}attn_v.weight`, width, kvHeads * HEAD, one),
      matrix(`${at}attn_output.weight`, width, width, one),
      norm(`${at}ffn_norm.weight`),
      matrix(`${at}ffn_gate.weight`, width, ff, one),
      matrix(`${at}ffn_up.weight`, width, ff, one),
      matrix(`${at}ffn_down.weight`, ff, width, one),
    );
  }
  tensors.push(norm('output_norm.weight'));
  return assemble(metadata, tensors, typeOf);
}

function assemble(metadata, tensors, typeOf) {
  const parts = [Buffer.from('GGUF'), int32(3), u64(tensors.length), u64(metadata.length)];
  for (const [key, [type, value]] of metadata) parts.push(rawString(key), int32(type), value);
  let offset = 0;
  const data = [];
  for (const { name, shape, type, bytes } of tensors) {
    parts.push(rawString(name), int32(shape.length), ...shape.map(u64), int32(typeOf[name] ?? type), u64(offset));
    const padded = pad(bytes);
    data.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([pad(Buffer.concat(parts)), ...data]);
}

// 256 bytes in the GPT-2 alphabet, three merges, and the control tokens of SmolLM2.
function vocabulary(words) {
  const tokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
  const printable = (byte) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  for (let byte = 0; byte < 256; byte += 1) tokens.push(String.fromCodePoint(printable(byte) ? byte : next++));
  const merges = ['Ġ t', 'h e', 'Ġt he'];
  tokens.push(...merges.map((merge) => merge.replace(' ', '')), ...words);
  return { tokens, types: tokens.map((_, id) => (id < 3 ? 3 : 1)), merges };
}

// Blocks of 32 weights: an f16 scale, then 32 signed bytes. Uniform weights with the asked deviation.
function q8(inputs, outputs, deviation, random) {
  const blocks = inputs / 32;
  const bytes = Buffer.alloc(outputs * blocks * 34);
  for (let row = 0, at = 0; row < outputs; row += 1) {
    const scale = halfBits((deviation(row) * Math.sqrt(3)) / 127);
    for (let block = 0; block < blocks; block += 1) {
      at = bytes.writeUInt16LE(scale, at);
      for (let i = 0; i < 32; i += 1) at = bytes.writeInt8((random() % 255) - 127, at);
    }
  }
  return bytes;
}

// Bits of the f16 nearest to a small number that is not negative.
function halfBits(value) {
  if (value < 2 ** -14) return Math.round(value * 2 ** 24);
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) + Math.round((value / 2 ** exponent - 1) * 1024);
}

// xorshift32: 32 bits at a time.
function generator(seed) {
  let state = seed * 2_654_435_761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const pad = (bytes) => Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);
const numeric = (size, write) => (value) => {
  const bytes = Buffer.alloc(size);
  bytes[write](value);
  return bytes;
};
const int32 = numeric(4, 'writeUInt32LE');
const float32 = numeric(4, 'writeFloatLE');
const u64 = (value) => numeric(8, 'writeBigUInt64LE')(BigInt(value));
const rawString = (text) => Buffer.concat([u64(Buffer.byteLength(text)), Buffer.from(text)]);
const string = (text) => [TYPE.string, rawString(text)];
const u32 = (value) => [TYPE.u32, int32(value)];
const f32 = (value) => [TYPE.f32, float32(value)];
const bool = (value) => [TYPE.bool, Buffer.from([value ? 1 : 0])];
const array = (type, items) => [TYPE.array, Buffer.concat([int32(type), u64(items.length), ...items])];
