// First half of sampling: repeat penalty (Keskar et al. 2019) and temperature, and per chunk of the
// vocabulary the highest logits and softmax sums. One workgroup per chunk and row.
import package::shared::frame::{Frame, Row};
import package::shared::sampling::{CHUNKS, LOWEST, Partial, Sampler, TOP};

struct Params {
    vocab: u32,
    // Words of the `seen` bit set per sequence.
    seen_stride: u32,
    reserved_0: u32,
    reserved_1: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(2) var<storage, read> rows: array<Row>; // (rows)
@group(0) @binding(3) var<storage, read> samplers: array<Sampler>; // (rows)
@group(0) @binding(4) var<storage, read> seen: array<u32>; // (sequences, vocab / 32): tokens that occurred
@group(0) @binding(5) var<storage, read> logits: array<f32>; // (rows, vocab)
@group(0) @binding(6) var<storage, read_write> scaled: array<f32>; // (rows, vocab)
@group(0) @binding(7) var<storage, read_write> partials: array<Partial>; // (rows, CHUNKS)

const LANES: u32 = 64u;

var<workgroup> values: array<f32, 64>;
var<workgroup> weighted: array<f32, 64>;
var<workgroup> others: array<f32, 64>;
var<workgroup> ids: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let chunk = workgroup.x;
    let row = workgroup.y;
    let sampler_row = samplers[row];
    let size = (params.vocab + CHUNKS - 1u) / CHUNKS;
    let start = min(chunk * size, params.vocab);
    let end = min(start + size, params.vocab);
    let base = row * params.vocab;
    let seen_base = rows[row].sequence * params.seen_stride;

    var raw_highest = LOWEST;
    var scaled_highest = LOWEST;
    var scaled_best = 0xffffffffu;
    for (var i = start + lane; i < end; i += LANES) {
        let raw = logits[base + i];
        raw_highest = max(raw_highest, raw);
        var value = raw;
        let occurred = (seen[seen_base + i / 32u] >> (i % 32u)) & 1u;
        if occurred == 1u && sampler_row.repeat_penalty != 1.0 {
            value = select(value * sampler_row.repeat_penalty, value / sampler_row.repeat_penalty, value > 0.0);
        }
        if sampler_row.temperature > 0.0 {
            value /= sampler_row.temperature;
        }
        scaled[base + i] = value;
        if value > scaled_highest {
            scaled_highest = value;
            scaled_best = i;
        }
    }
    values[lane] = scaled_highest;
    ids[lane] = scaled_best;
    others[lane] = raw_highest;
    workgroupBarrier();
    for (var i = 0u; i < LANES; i++) {
        raw_highest = max(raw_highest, others[i]);
        if values[i] > scaled_highest || (values[i] == scaled_highest && ids[i] < scaled_best) {
            scaled_highest = values[i];
            scaled_best = ids[i];
        }
    }
    workgroupBarrier();
    var raw_sum = 0.0;
    var raw_weighted = 0.0;
    var scaled_sum = 0.0;
    for (var i = start + lane; i < end; i += LANES) {
        let below = logits[base + i] - raw_highest;
        raw_sum += exp(below);
        raw_weighted += exp(below) * below;
        scaled_sum += exp(scaled[base + i] - scaled_highest);
    }
    values[lane] = scaled_sum;
    others[lane] = raw_sum;
    weighted[lane] = raw_weighted;
    workgroupBarrier();
    let at = row * CHUNKS + chunk;
    if lane == 0u {
        raw_sum = 0.0;
        raw_weighted = 0.0;
        scaled_sum = 0.0;
        for (var i = 0u; i < LANES; i++) {
            raw_sum += others[i];
            raw_weighted += weighted[i];
            scaled_sum += values[i];
        }
        partials[at].raw_highest = raw_highest;
        partials[at].raw_sum = raw_sum;
        partials[at].raw_weighted = raw_weighted;
        partials[at].scaled_highest = scaled_highest;
        partials[at].scaled_sum = scaled_sum;
        partials[at].scaled_best = scaled_best;
    }
    // Ten rounds: the best token that comes after the last one taken.
    var last_value = -LOWEST;
    var last_id = 0u;
    for (var k = 0u; k < TOP; k++) {
        var best = LOWEST;
        var best_id = 0xffffffffu;
        for (var i = start + lane; i < end; i += LANES) {
            let value = logits[base + i];
            let after = value < last_value || (value == last_value && i > last_id);
            if after && (value > best || (value == best && i < best_id)) {
                best = value;
                best_id = i;
            }
        }
        workgroupBarrier();
        values[lane] = best;
        ids[lane] = best_id;
        workgroupBarrier();
        for (var i = 0u; i < LANES; i++) {
            if values[i] > best || (values[i] == best && ids[i] < best_id) {
                best = values[i];
                best_id = ids[i];
            }
        }
        if lane == 0u {
            partials[at].top_ids[k] = best_id;
            partials[at].top_logits[k] = best;
        }
        last_value = best;
        last_id = best_id;
    }
}
