//! Mutations of inputs, reproducible from a seed.

/// Inputs do not grow beyond this.
const MAX_BYTES: usize = 1 << 16;

/// Numbers at which readers tend to go wrong.
const INTERESTING: [u64; 16] = [
    0,
    1,
    2,
    4,
    8,
    9,
    31,
    32,
    255,
    256,
    u16::MAX as u64,
    i32::MAX as u64,
    u32::MAX as u64,
    1 << 60,
    i64::MAX as u64,
    u64::MAX,
];

/// Words that the readers know.
const WORDS: [&[u8]; 52] = [
    b"GGUF\x03\0\0\0",
    b"GGUF\x02\0\0\0",
    b"general.alignment",
    b"general.architecture",
    b"tokenizer.ggml.model",
    b"tokenizer.ggml.pre",
    b"tokenizer.ggml.tokens",
    b"tokenizer.ggml.scores",
    b"tokenizer.ggml.token_type",
    b"tokenizer.ggml.merges",
    b"tokenizer.ggml.bos_token_id",
    b"tokenizer.ggml.eos_token_id",
    b"tokenizer.ggml.unknown_token_id",
    b"tokenizer.ggml.add_bos_token",
    b"tokenizer.ggml.add_space_prefix",
    b"tokenizer.chat_template",
    b"gpt2",
    b"llama",
    b"smollm",
    b"<0x0A>",
    b"\xe2\x96\x81",
    b"token_embd.weight",
    b"\xf0\x9f\x8c",
    b"\xff\xfe",
    b"\"id\":",
    b"\"stop\": [1],",
    b"\"chat_template\": \"\",",
    b"../",
    b"\"default\": true,",
    b"\"adapter\": null,",
    b"models/sprout/",
    b"base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
    b".lora_B.weight",
    b"base_model.model.score.weight",
    b"\"dtype\":\"BF16\"",
    b"\"shape\":[2,8]",
    b"\"data_offsets\":[0,32]",
    b"__metadata__",
    b"\"use_rslora\": true,",
    b"\"rank_pattern\": {\"q_proj\": 2},",
    b"{\"",
    b"1e999",
    b"{{ messages }}",
    b"{% for m in messages %}",
    b"{% endfor %}",
    b"{% if add_generation_prompt %}",
    b"{% endif %}",
    b"{% macro a(b) %}{{ a(b) }}{% endmacro %}{{ a(1) }}",
    b"{% set ns = namespace(x=0) %}",
    b"message['content'] | trim",
    b"range(99999999)",
    b" * 99999999",
];

/// A small xorshift generator that makes one input.
pub(crate) struct Mutator {
    state: u64,
}

impl Mutator {
    /// The generator of one input of a run.
    pub(crate) fn new(base: u64, count: u64) -> Mutator {
        // SplitMix64 spreads neighbouring numbers over the whole range; xorshift must not begin at 0.
        let mut mixed = base.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(count);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        Mutator { state: (mixed ^ mixed >> 31) | 1 }
    }

    /// One of the inputs with a few changes.
    pub(crate) fn mutate(&mut self, inputs: &[&[u8]]) -> Vec<u8> {
        let mut data = self.choose(inputs).to_vec();
        for _ in 0..=self.below(6) {
            self.change(&mut data, inputs);
            data.truncate(MAX_BYTES);
        }
        data
    }

    fn change(&mut self, data: &mut Vec<u8>, inputs: &[&[u8]]) {
        let at = self.below(data.len() + 1);
        let length = self.below(data.len() - at + 1).min(self.below(64));
        match self.below(10) {
            0 => {
                if let Some(byte) = data.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => {
                if let Some(byte) = data.get_mut(at) {
                    *byte = self.next() as u8;
                }
            }
            2 => data.truncate(at),
            3 => drop(data.drain(at..at + length)),
            4 => {
                let copy = data[at..at + length].to_vec();
                let to = self.below(data.len() + 1);
                drop(data.splice(to..to, copy));
            }
            5 => {
                let other = self.choose(inputs);
                data.truncate(at);
                data.extend_from_slice(&other[self.below(other.len() + 1)..]);
            }
            6 | 7 => {
                let number = self.choose(&INTERESTING).to_le_bytes();
                let bytes = 1usize << self.below(4);
                self.put(data, at, &number[..bytes]);
            }
            8 => {
                let word = self.choose(&WORDS);
                self.put(data, at, word);
            }
            _ => {
                // As GGUF has it: with its length.
                let word = self.choose(&WORDS);
                let length = (word.len() as u64).to_le_bytes();
                let string = [&length[..], word].concat();
                self.put(data, at, &string);
            }
        }
    }

    /// Writes over what is there, or in between.
    fn put(&mut self, data: &mut Vec<u8>, at: usize, bytes: &[u8]) {
        let over = self.below(2) * bytes.len();
        let end = (at + over).min(data.len());
        drop(data.splice(at..end, bytes.iter().copied()));
    }

    fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A number below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }
}
