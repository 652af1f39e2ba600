// Rotary position embedding (Su et al. 2021) on queries and keys, with optional RMS norm per head
// (Henry et al. 2020) before it; keys and values go into the cache.
// One workgroup per row and head: first the query heads, then key heads, then value heads.
import package::shared::frame::{Frame, Row};

struct Params {
    heads: u32,
    kv_heads: u32,
    head_width: u32,
    // Positions per sequence in the caches and the table.
    context: u32,
    eps: f32,
    reserved_0: u32,
    reserved_1: u32,
    reserved_2: u32,
}

// Pairs are (2i, 2i + 1) if interleaved (llama GGUF order), else (i, i + head_width / 2).
override INTERLEAVED: bool = true;
override NORM: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(2) var<storage, read> rows: array<Row>; // (rows)
@group(0) @binding(3) var<storage, read> table: array<vec2<f32>>; // (context, head_width / 2) of (cos, sin)
@group(0) @binding(4) var<storage, read> norm_weight: array<f32>; // (2, head_width): query, then key
@group(0) @binding(5) var<storage, read_write> qkv: array<f32>; // (rows, heads + 2 * kv_heads, head_width)
@group(0) @binding(6) var<storage, read_write> k_cache: array<f32>; // (sequences, context, kv_heads, head_width)
@group(0) @binding(7) var<storage, read_write> v_cache: array<f32>; // (sequences, context, kv_heads, head_width)

var<workgroup> squares: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let head = workgroup.x;
    let row = rows[workgroup.y];
    let width = params.head_width;
    let at = (workgroup.y * (params.heads + 2u * params.kv_heads) + head) * width;
    let cache_row = (row.sequence * params.context + row.position) * params.kv_heads;
    if head >= params.heads + params.kv_heads {
        let cache_at = (cache_row + head - params.heads - params.kv_heads) * width;
        for (var i = lane; i < width; i += 64u) {
            v_cache[cache_at + i] = qkv[at + i];
        }
        return;
    }
    let is_key = head >= params.heads;
    var inverse_rms = 1.0;
    if NORM {
        var square = 0.0;
        for (var i = lane; i < width; i += 64u) {
            square += qkv[at + i] * qkv[at + i];
        }
        squares[lane] = square;
        workgroupBarrier();
        var total = 0.0;
        for (var i = 0u; i < 64u; i++) {
            total += squares[i];
        }
        inverse_rms = inverseSqrt(total / f32(width) + params.eps);
    }
    let half = width / 2u;
    for (var pair = lane; pair < half; pair += 64u) {
        var first = pair;
        var second = pair + half;
        if INTERLEAVED {
            first = 2u * pair;
            second = 2u * pair + 1u;
        }
        var a = qkv[at + first] * inverse_rms;
        var b = qkv[at + second] * inverse_rms;
        if NORM {
            let weight_at = select(0u, width, is_key);
            a *= norm_weight[weight_at + first];
            b *= norm_weight[weight_at + second];
        }
        let turn = table[row.position * half + pair];
        let rotated = vec2<f32>(a * turn.x - b * turn.y, a * turn.y + b * turn.x);
        if is_key {
            let cache_at = (cache_row + head - params.heads) * width;
            k_cache[cache_at + first] = rotated.x;
            k_cache[cache_at + second] = rotated.y;
        }
        qkv[at + first] = rotated.x;
        qkv[at + second] = rotated.y;
    }
}
