// Data the two sampling kernels share.

const CHUNKS: u32 = 64u;
const TOP: u32 = 10u;
const LOWEST: f32 = -3.0e38;

// Settings of one row.
struct Sampler {
    // 0: greedy
    temperature: f32,
    top_p: f32,
    min_p: f32,
    repeat_penalty: f32,
    // 0: all
    top_k: u32,
    seed_lo: u32,
    seed_hi: u32,
    reserved: u32,
}

// What one chunk of the vocabulary contributes.
struct Partial {
    raw_highest: f32,
    // sum of exp(logit - raw_highest)
    raw_sum: f32,
    scaled_highest: f32,
    scaled_sum: f32,
    // token with the highest scaled logit; the lowest id wins a tie
    scaled_best: u32,
    // sum of exp(logit - raw_highest) * (logit - raw_highest)
    raw_weighted: f32,
    reserved_0: u32,
    reserved_1: u32,
    // the ten highest raw logits, best first
    top_ids: array<u32, 10>,
    top_logits: array<f32, 10>,
}
