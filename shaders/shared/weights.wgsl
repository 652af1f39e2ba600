// Reads eight consecutive weights of a matrix row from its packed layout.
//
// A matrix (out, in) lies in one storage buffer as sections: quants, high bits, scales, super scales.
// Every section has a whole number of words per row. `group` counts groups of eight weights in a row.

struct WeightView {
    // Words per row of the quants section, which starts at word 0.
    quants_stride: u32,
    // Where the other sections start and how many words a row has in them.
    high_base: u32,
    high_stride: u32,
    scales_base: u32,
    scales_stride: u32,
    super_base: u32,
    super_stride: u32,
    // First row of the whole matrix that this buffer holds.
    first_row: u32,
}

struct Weights8 {
    lo: vec4<f32>,
    hi: vec4<f32>,
}

@group(0) @binding(2) var<storage, read> weights: array<u32>; // (sections)

@if(f32)
fn weights8(view: WeightView, row: u32, group: u32) -> Weights8 {
    let at = row * view.quants_stride + group * 8u;
    return Weights8(
        bitcast<vec4<f32>>(vec4<u32>(weights[at], weights[at + 1u], weights[at + 2u], weights[at + 3u])),
        bitcast<vec4<f32>>(vec4<u32>(weights[at + 4u], weights[at + 5u], weights[at + 6u], weights[at + 7u])),
    );
}

@if(f16)
fn weights8(view: WeightView, row: u32, group: u32) -> Weights8 {
    let at = row * view.quants_stride + group * 4u;
    return Weights8(
        vec4<f32>(unpack2x16float(weights[at]), unpack2x16float(weights[at + 1u])),
        vec4<f32>(unpack2x16float(weights[at + 2u]), unpack2x16float(weights[at + 3u])),
    );
}

@if(bf16)
fn bf16x2(word: u32) -> vec2<f32> {
    return bitcast<vec2<f32>>(vec2<u32>(word << 16u, word & 0xffff0000u));
}

@if(bf16)
fn weights8(view: WeightView, row: u32, group: u32) -> Weights8 {
    let at = row * view.quants_stride + group * 4u;
    return Weights8(
        vec4<f32>(bf16x2(weights[at]), bf16x2(weights[at + 1u])),
        vec4<f32>(bf16x2(weights[at + 2u]), bf16x2(weights[at + 3u])),
    );
}

// A half-precision number from its sixteen bits. `unpack2x16float` may flush subnormals to zero, and
// scales of well-trained weights are often subnormal.
@if(q8 || q4 || q5 || q4k || q5k)
fn half_at(bits: u32) -> f32 {
    let exponent = (bits >> 10u) & 31u;
    let mantissa = bits & 1023u;
    let normal = bitcast<f32>(((exponent + 112u) << 23u) | (mantissa << 13u));
    let value = select(normal, f32(mantissa) * 5.9604644775390625e-8, exponent == 0u);
    return select(value, -value, (bits & 0x8000u) != 0u);
}

// Two of them from a word, low half first.
@if(q4 || q5 || q4k || q5k)
fn half2_at(word: u32) -> vec2<f32> {
    return vec2<f32>(half_at(word), half_at(word >> 16u));
}

// Four signed bytes.
@if(q8 || wide)
fn bytes4(word: u32) -> vec4<f32> {
    return vec4<f32>((vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u));
}

// Q8_0: signed bytes, one half-precision scale per 32 weights, two scales per word.
@if(q8)
fn weights8(view: WeightView, row: u32, group: u32) -> Weights8 {
    let at = row * view.quants_stride + group * 2u;
    let block = group / 4u;
    let scales = weights[view.scales_base + row * view.scales_stride + block / 2u];
    let scale = half_at(scales >> ((block & 1u) * 16u));
    return Weights8(scale * bytes4(weights[at]), scale * bytes4(weights[at + 1u]));
}

// Anything quantized, exactly: signed bytes with a scale and a minimum in full precision per 16 weights.
@if(wide)
fn weights8(view: WeightView, row: u32, group: u32) -> Weights8 {
    let at = row * view.quants_stride + group * 2u;
    let scale_at = view.scales_base + row * view.scales_stride + (group / 2u) * 2u;
    let scale = bitcast<f32>(weights[scale_at]);
    let minimum = bitcast<f32>(weights[scale_at + 1u]);
    return Weights8(scale * bytes4(weights[at]) + minimum, scale * bytes4(weights[at + 1u]) + minimum);
}

// Low four bits: byte i of the word holds weight i in its low and weight i + 4 in its high half.
@if(q4 || q5 || q4k || q5k || q6k)
fn nibbles_lo(word: u32) -> vec4<u32> {
    return (vec4<u32>(word) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(15u);
}

@if(q4 || q5 || q4k || q5k || q6k)
fn nibbles_hi(word: u32) -> vec4<u32> {
    return (vec4<u32>(word) >> vec4<u32>(4u, 12u, 20u, 28u)) & vec4<u32>(15u);
}

// Fifth bits: byte `group % 4` of the block's word, bit i for weight i.
@if(q5 || q5k)
fn fifth_bits(view: WeightView, row: u32, group: u32) -> u32 {
    let word = weights[view.high_base + row * view.high_stride + group / 4u];
    return (word >> ((group & 3u) * 8u)) & 255u;
}

// Q4_0, Q4_1, Q5_0, Q5_1: half-precision scale and minimum per 32 weights in one word.
@if(q4 || q5)
fn scale_and_minimum(view: WeightView, row: u32, group: u32) -> vec2<f32> {
    return half2_at(weights[view.scales_base + row * view.scales_stride + group / 4u]);
}

// Q4_K, Q5_K: six-bit scale and minimum per 32 weights, times a half-precision pair per 256.
@if(q4k || q5k)
fn scale_and_minimum(view: WeightView, row: u32, group: u32) -> vec2<f32> {
    let block = group / 4u;
    let word = weights[view.scales_base + row * view.scales_stride + block / 2u] >> ((block & 1u) * 16u);
    let top = half2_at(weights[view.super_base + row * view.super_stride + group / 32u]);
    return vec2<f32>(top.x * f32(word & 255u), -top.y * f32((word >> 8u) & 255u));
}

@if(q4 || q4k)
fn weights8(view: WeightView, row: u32, group: u32) -> Weights8 {
    let word = weights[row * view.quants_stride + group];
    let s = scale_and_minimum(view, row, group);
    return Weights8(s.x * vec4<f32>(nibbles_lo(word)) + s.y, s.x * vec4<f32>(nibbles_hi(word)) + s.y);
}

@if(q5 || q5k)
fn weights8(view: WeightView, row: u32, group: u32) -> Weights8 {
    let word = weights[row * view.quants_stride + group];
    let fifth = vec4<u32>(fifth_bits(view, row, group));
    let s = scale_and_minimum(view, row, group);
    let lo = nibbles_lo(word) | (((fifth >> vec4<u32>(0u, 1u, 2u, 3u)) & vec4<u32>(1u)) << vec4<u32>(4u));
    let hi = nibbles_hi(word) | (((fifth >> vec4<u32>(4u, 5u, 6u, 7u)) & vec4<u32>(1u)) << vec4<u32>(4u));
    return Weights8(s.x * vec4<f32>(lo) + s.y, s.x * vec4<f32>(hi) + s.y);
}

// Q6_K: four low and two high bits, a signed byte scale per 16 weights, times one float per 256.
@if(q6k)
fn weights8(view: WeightView, row: u32, group: u32) -> Weights8 {
    let word = weights[row * view.quants_stride + group];
    let high = weights[view.high_base + row * view.high_stride + group / 2u] >> ((group & 1u) * 16u);
    let lo = nibbles_lo(word) | (((vec4<u32>(high) >> vec4<u32>(0u, 2u, 4u, 6u)) & vec4<u32>(3u)) << vec4<u32>(4u));
    let hi = nibbles_hi(word) | (((vec4<u32>(high) >> vec4<u32>(8u, 10u, 12u, 14u)) & vec4<u32>(3u)) << vec4<u32>(4u));
    let sixteen = group / 2u;
    let scales = weights[view.scales_base + row * view.scales_stride + sixteen / 4u];
    let scale = f32((bitcast<i32>(scales) << (24u - (sixteen & 3u) * 8u)) >> 24u);
    let d = scale * bitcast<f32>(weights[view.super_base + row * view.super_stride + group / 32u]);
    return Weights8(d * (vec4<f32>(lo) - 32.0), d * (vec4<f32>(hi) - 32.0));
}
