// Causal attention of one row and head over its sequence's cache, with an optional sliding window:
// out = softmax(scale * q . K) V, in tiles of 64 keys with a running softmax (Milakov & Gimelshein 2018).
// With TRACE a second pass writes the attention weights themselves.
import package::shared::frame::{Frame, Row};

struct Params {
    heads: u32,
    kv_heads: u32,
    head_width: u32,
    context: u32,
    // Keys a query sees, itself included.
    window: u32,
    scale: f32,
    reserved_0: u32,
    reserved_1: u32,
}

override TRACE: bool = false;

const KEYS: u32 = 64u;
const LOWEST: f32 = -3.0e38;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(2) var<storage, read> rows: array<Row>; // (rows)
@group(0) @binding(3) var<storage, read> qkv: array<vec4<f32>>; // (rows, heads + 2 * kv_heads, head_width / 4)
@group(0) @binding(4) var<storage, read> k_cache: array<vec4<f32>>; // (sequences, context, kv_heads, head_width / 4)
@group(0) @binding(5) var<storage, read> v_cache: array<f32>; // (sequences, context, kv_heads, head_width)
@group(0) @binding(6) var<storage, read_write> out: array<f32>; // (rows, heads, head_width)
@group(0) @binding(7) var<storage, read_write> weights: array<f32>; // (rows, heads, context), with TRACE

var<workgroup> query: array<vec4<f32>, 64>; // (head_width / 4)
var<workgroup> scores: array<f32, 64>; // (KEYS)

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let head = workgroup.x;
    let row = rows[workgroup.y];
    let width = params.head_width;
    let width4 = width / 4u;
    let kv_head = head / (params.heads / params.kv_heads);
    let cache_from = row.sequence * params.context;
    let q_at = (workgroup.y * (params.heads + 2u * params.kv_heads) + head) * width4;
    for (var i = lane; i < width4; i += KEYS) {
        query[i] = qkv[q_at + i];
    }
    workgroupBarrier();

    let keys = row.position + 1u;
    let first_key = select(0u, keys - params.window, keys > params.window);
    var highest = LOWEST;
    var total = 0.0;
    var sums = vec4<f32>(); // outputs lane, lane + 64, lane + 128, lane + 192
    for (var base = first_key; base < keys; base += KEYS) {
        let key = base + lane;
        var score = LOWEST;
        if key < keys {
            let k_at = ((cache_from + key) * params.kv_heads + kv_head) * width4;
            var product = 0.0;
            for (var i = 0u; i < width4; i++) {
                product += dot(query[i], k_cache[k_at + i]);
            }
            score = product * params.scale;
        }
        scores[lane] = score;
        workgroupBarrier();
        let tile = min(KEYS, keys - base);
        var tile_highest = highest;
        for (var j = 0u; j < tile; j++) {
            tile_highest = max(tile_highest, scores[j]);
        }
        workgroupBarrier();
        scores[lane] = exp(score - tile_highest);
        workgroupBarrier();
        let shrink = exp(highest - tile_highest);
        total *= shrink;
        sums *= shrink;
        highest = tile_highest;
        for (var j = 0u; j < tile; j++) {
            let p = scores[j];
            total += p;
            let v_at = ((cache_from + base + j) * params.kv_heads + kv_head) * width;
            for (var i = 0u; i < 4u; i++) {
                let d = lane + i * KEYS;
                if d < width {
                    sums[i] += p * v_cache[v_at + d];
                }
            }
        }
        workgroupBarrier();
    }
    let out_at = (workgroup.y * params.heads + head) * width;
    for (var i = 0u; i < 4u; i++) {
        let d = lane + i * KEYS;
        if d < width {
            out[out_at + d] = sums[i] / total;
        }
    }
    if TRACE {
        let weights_at = (workgroup.y * params.heads + head) * params.context;
        for (var key = lane; key < params.context; key += KEYS) {
            var weight = 0.0;
            if key >= first_key && key < keys {
                let k_at = ((cache_from + key) * params.kv_heads + kv_head) * width4;
                var product = 0.0;
                for (var i = 0u; i < width4; i++) {
                    product += dot(query[i], k_cache[k_at + i]);
                }
                weight = exp(product * params.scale - highest) / total;
            }
            weights[weights_at + key] = weight;
        }
    }
}
