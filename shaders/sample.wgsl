// Second half of sampling, one workgroup per row: joins the chunks, applies top-k, top-p (Holtzman et
// al. 2019) and min-p (Nguyen et al. 2024) over the full vocabulary, draws a token, reports it with the
// ten most likely ones, and makes it the row's next input.
//
// Filters are thresholds on the scaled logit. They are found by radix selection on an order-preserving
// integer key, and all probability masses are integers (2^31 = 1), so sums do not depend on their order.
// Tokens that tie with the threshold are all kept.
import package::shared::frame::{Frame, Row};
import package::shared::sampling::{CHUNKS, LOWEST, Partial, Sampler, TOP};

struct Params {
    vocab: u32,
    seen_stride: u32,
    reserved_0: u32,
    reserved_1: u32,
}

struct Alternative {
    id: u32,
    logit: f32,
    probability: f32,
    filtered: f32,
}

struct Report {
    token: u32,
    // Position of the chosen token.
    position: u32,
    logprob: f32,
    kept: u32,
    // Of the raw distribution over the full vocabulary, in nats.
    entropy: f32,
    reserved: array<u32, 3>,
    alternatives: array<Alternative, 10>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(2) var<storage, read> samplers: array<Sampler>; // (rows)
@group(0) @binding(3) var<storage, read> logits: array<f32>; // (rows, vocab)
@group(0) @binding(4) var<storage, read> scaled: array<f32>; // (rows, vocab)
@group(0) @binding(5) var<storage, read> partials: array<Partial>; // (rows, CHUNKS)
@group(0) @binding(6) var<storage, read_write> rows: array<Row>; // (rows)
@group(0) @binding(7) var<storage, read_write> seen: array<u32>; // (sequences, vocab / 32)
@group(0) @binding(8) var<storage, read_write> reports: array<Report>; // (rows)

const LANES: u32 = 256u;
const ONE: f32 = 2147483648.0;

var<workgroup> histogram: array<atomic<u32>, 256>;
var<workgroup> masses: array<u32, 256>;
var<workgroup> counts: array<u32, 256>;
var<workgroup> heads: array<f32, 64>;
var<workgroup> head_ids: array<u32, 64>;
var<workgroup> top_ids: array<u32, 10>;
var<workgroup> found: u32;
var<workgroup> found_rest: u32;
var<workgroup> chosen: u32;

// Integers in the order of the floats.
fn key_of(x: f32) -> u32 {
    let bits = bitcast<u32>(x);
    return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

// High word of a 32 x 32 bit product.
fn multiply_high(a: u32, b: u32) -> u32 {
    let a_lo = a & 0xffffu;
    let a_hi = a >> 16u;
    let b_lo = b & 0xffffu;
    let b_hi = b >> 16u;
    let middle = a_hi * b_lo + ((a_lo * b_lo) >> 16u);
    let cross = (middle & 0xffffu) + a_lo * b_hi;
    return a_hi * b_hi + (middle >> 16u) + (cross >> 16u);
}

// pcg3d (Jarzynski & Olano 2020): a random word for this seed and position.
fn random(seed_lo: u32, seed_hi: u32, position: u32) -> u32 {
    var v = vec3<u32>(seed_lo, seed_hi, position) * 1664525u + 1013904223u;
    v.x += v.y * v.z;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v ^= v >> vec3<u32>(16u);
    v.x += v.y * v.z;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    return v.x;
}

// Key of the smallest of the highest values whose weights add up to at least `wanted`;
// a value weighs its mass or, if `by_count`, 1. Only keys of at least `lowest` take part.
fn select_threshold(
    lane: u32, base: u32, lowest: u32, wanted: u32, by_count: bool, highest: f32, total: f32,
) -> u32 {
    var prefix = 0u;
    var rest = wanted;
    for (var digit = 0u; digit < 4u; digit++) {
        let shift = 24u - 8u * digit;
        atomicStore(&histogram[lane], 0u);
        workgroupBarrier();
        for (var i = lane; i < params.vocab; i += LANES) {
            let value = scaled[base + i];
            let key = key_of(value);
            let same = digit == 0u || (key >> (shift + 7u)) >> 1u == prefix;
            if key >= lowest && same {
                let weight = select(u32(exp(value - highest) / total * ONE), 1u, by_count);
                atomicAdd(&histogram[(key >> shift) & 255u], weight);
            }
        }
        workgroupBarrier();
        if lane == 0u {
            var bin = 255u;
            var left = rest;
            loop {
                let weight = atomicLoad(&histogram[bin]);
                if weight >= left || bin == 0u {
                    break;
                }
                left -= weight;
                bin -= 1u;
            }
            found = bin;
            found_rest = left;
        }
        workgroupBarrier();
        prefix = (prefix << 8u) | found;
        rest = found_rest;
        workgroupBarrier();
    }
    return prefix;
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let row = workgroup.x;
    let base = row * params.vocab;
    let sampler_row = samplers[row];

    var raw_highest = LOWEST;
    var scaled_highest = LOWEST;
    var best = 0xffffffffu;
    for (var c = 0u; c < CHUNKS; c++) {
        let at = row * CHUNKS + c;
        raw_highest = max(raw_highest, partials[at].raw_highest);
        if partials[at].scaled_highest > scaled_highest {
            scaled_highest = partials[at].scaled_highest;
            best = partials[at].scaled_best;
        }
    }
    var raw_total = 0.0;
    // sum of exp(logit - raw_highest) * (logit - raw_highest)
    var raw_weighted = 0.0;
    var scaled_total = 0.0;
    for (var c = 0u; c < CHUNKS; c++) {
        let at = row * CHUNKS + c;
        let below = partials[at].raw_highest - raw_highest;
        raw_total += partials[at].raw_sum * exp(below);
        raw_weighted += (partials[at].raw_weighted + below * partials[at].raw_sum) * exp(below);
        scaled_total += partials[at].scaled_sum * exp(partials[at].scaled_highest - scaled_highest);
    }

    // Merge the chunks' ten best: every chunk offers its next one.
    var next = 0u;
    for (var k = 0u; k < TOP; k++) {
        if lane < CHUNKS {
            heads[lane] = LOWEST;
            head_ids[lane] = 0xffffffffu;
            if next < TOP {
                heads[lane] = partials[row * CHUNKS + lane].top_logits[next];
                head_ids[lane] = partials[row * CHUNKS + lane].top_ids[next];
            }
        }
        workgroupBarrier();
        var winner = 0u;
        for (var c = 1u; c < CHUNKS; c++) {
            if heads[c] > heads[winner] || (heads[c] == heads[winner] && head_ids[c] < head_ids[winner]) {
                winner = c;
            }
        }
        if lane == winner {
            next += 1u;
        }
        if lane == 0u {
            top_ids[k] = head_ids[winner];
        }
        workgroupBarrier();
    }

    var threshold = 0u;
    var kept = 1u;
    var kept_mass = 1u;
    let greedy = sampler_row.temperature <= 0.0;
    if greedy {
        if lane == 0u {
            chosen = best;
        }
    } else {
        if sampler_row.top_k > 0u && sampler_row.top_k < params.vocab {
            threshold = select_threshold(lane, base, 0u, sampler_row.top_k, true, scaled_highest, scaled_total);
        }
        // Masses of every lane's stretch of the vocabulary.
        let stretch = (params.vocab + LANES - 1u) / LANES;
        if sampler_row.top_p < 1.0 {
            var mass = 0u;
            for (var i = lane; i < params.vocab; i += LANES) {
                let value = scaled[base + i];
                if key_of(value) >= threshold {
                    mass += u32(exp(value - scaled_highest) / scaled_total * ONE);
                }
            }
            masses[lane] = mass;
            workgroupBarrier();
            var all = 0u;
            for (var i = 0u; i < LANES; i++) {
                all += masses[i];
            }
            workgroupBarrier();
            let wanted = max(1u, u32(clamp(sampler_row.top_p, 0.0, 1.0) * f32(all)));
            threshold = max(
                threshold,
                select_threshold(lane, base, threshold, wanted, false, scaled_highest, scaled_total),
            );
        }
        if sampler_row.min_p > 0.0 {
            threshold = max(threshold, key_of(scaled_highest + log(min(sampler_row.min_p, 1.0))));
        }
        threshold = min(threshold, key_of(scaled_highest));
        var mass = 0u;
        var count = 0u;
        let start = min(lane * stretch, params.vocab);
        let end = min(start + stretch, params.vocab);
        for (var i = start; i < end; i++) {
            let value = scaled[base + i];
            if key_of(value) >= threshold {
                mass += u32(exp(value - scaled_highest) / scaled_total * ONE);
                count += 1u;
            }
        }
        masses[lane] = mass;
        counts[lane] = count;
        workgroupBarrier();
        kept = 0u;
        kept_mass = 0u;
        for (var i = 0u; i < LANES; i++) {
            kept += counts[i];
            kept_mass += masses[i];
        }
        if lane == 0u {
            let draw = random(sampler_row.seed_lo, sampler_row.seed_hi, rows[row].position + 1u);
            var target_mass = multiply_high(draw, kept_mass);
            var owner = 0u;
            while owner < LANES - 1u && target_mass >= masses[owner] {
                target_mass -= masses[owner];
                owner += 1u;
            }
            found = owner;
            found_rest = target_mass;
            chosen = best;
        }
        workgroupBarrier();
        if lane == found {
            var left = found_rest;
            for (var i = start; i < end; i++) {
                let value = scaled[base + i];
                if key_of(value) >= threshold {
                    let own = u32(exp(value - scaled_highest) / scaled_total * ONE);
                    if left < own {
                        chosen = i;
                        break;
                    }
                    left -= own;
                }
            }
        }
    }
    workgroupBarrier();

    let token = chosen;
    if lane < TOP {
        let id = top_ids[lane];
        var alternative = Alternative(id, LOWEST, 0.0, 0.0);
        if id < params.vocab {
            let value = scaled[base + id];
            alternative.logit = logits[base + id];
            alternative.probability = exp(alternative.logit - raw_highest) / raw_total;
            if greedy {
                alternative.filtered = select(0.0, 1.0, id == best);
            } else if key_of(value) >= threshold {
                alternative.filtered = exp(value - scaled_highest) / scaled_total * (ONE / f32(kept_mass));
            }
        }
        reports[row].alternatives[lane] = alternative;
    }
    if lane == 0u {
        let position = rows[row].position + 1u;
        reports[row].token = token;
        reports[row].position = position;
        reports[row].logprob = logits[base + token] - raw_highest - log(raw_total);
        reports[row].kept = kept;
        reports[row].entropy = log(raw_total) - raw_weighted / raw_total;
        rows[row].token = token;
        rows[row].position = position;
        let seen_at = rows[row].sequence * params.seen_stride + token / 32u;
        seen[seen_at] = seen[seen_at] | (1u << (token % 32u));
    }
}
