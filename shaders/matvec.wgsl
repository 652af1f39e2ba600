// Matrix times a few vectors (decode): out[row, o] = epilogue(sum_i W[o, i] * x[row, i]).
// With NORM the input is RMS-normalized on the way (Zhang & Sennrich 2019): the weight w[i] multiplies
// the input, and 1/rms multiplies the finished sum, so that one pass over the input does both.
// A workgroup computes OUTS outputs with LANES lanes each.
import package::shared::activation::{ADD, GELU, SILU, STORE, gate};
import package::shared::frame::{Frame, row_range};
import package::shared::lora::{LoraView, lora_change};
import package::shared::weights::{WeightView, weights8};

struct Params {
    view: WeightView,
    // Outputs computed here (with a gate: half the rows of the matrix).
    outs: u32,
    // in / 8
    groups: u32,
    // Where output 0 of this buffer goes in a row of `out`, and the length of such a row.
    out_offset: u32,
    out_stride: u32,
    // Length of an input row / 4.
    x_stride: u32,
    // Which rows to read, see `row_range`; they become rows 0 onwards of `out`.
    head: u32,
    eps: f32,
    reserved: u32,
    lora: LoraView,
}

// Rows of the batch this pipeline computes: 1 or 4.
override ROWS: u32 = 1u;
override NORM: bool = false;
override EPILOGUE: u32 = 0u;
// Adds what each row's adapter changes; `lora_a` ran before.
override LORA: bool = false;

const LANES: u32 = 32u;
const OUTS: u32 = 4u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(6) var<storage, read> x: array<vec4<f32>>; // (rows, in / 4)
@group(0) @binding(7) var<storage, read> norm_weight: array<vec4<f32>>; // (in / 4)
@group(0) @binding(8) var<storage, read_write> out: array<f32>; // (rows, out)

// Component r belongs to row r of the batch.
var<workgroup> sums: array<vec4<f32>, 128>;
var<workgroup> gated_sums: array<vec4<f32>, 128>;
var<workgroup> squares: array<vec4<f32>, 128>;

@compute @workgroup_size(128)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let lane = thread % LANES;
    let o = (workgroup.x + workgroup.y * workgroups.x) * OUTS + thread / LANES;
    let range = row_range(frame, params.head);
    let gated = EPILOGUE == SILU || EPILOGUE == GELU;
    var sum = vec4<f32>();
    var gated_sum = vec4<f32>();
    var square = vec4<f32>();
    if o < params.outs {
        for (var group = lane; group < params.groups; group += LANES) {
            let w = weights8(params.view, o, group);
            var u = w;
            if gated {
                u = weights8(params.view, o + params.outs, group);
            }
            for (var r = 0u; r < ROWS; r++) {
                let at = (range.start + r) * params.x_stride + group * 2u;
                var lo = x[at];
                var hi = x[at + 1u];
                if NORM {
                    square[r] += dot(lo, lo) + dot(hi, hi);
                    lo *= norm_weight[group * 2u];
                    hi *= norm_weight[group * 2u + 1u];
                }
                sum[r] += dot(w.lo, lo) + dot(w.hi, hi);
                if gated {
                    gated_sum[r] += dot(u.lo, lo) + dot(u.hi, hi);
                }
            }
        }
    }
    sums[thread] = sum;
    if gated {
        gated_sums[thread] = gated_sum;
    }
    if NORM {
        squares[thread] = square;
    }
    workgroupBarrier();
    // One lane per row of the batch adds up its column.
    if o >= params.outs || lane >= ROWS || lane >= range.count {
        return;
    }
    let first = thread - lane;
    var total = 0.0;
    var gated_total = 0.0;
    var square_total = 0.0;
    for (var i = 0u; i < LANES; i++) {
        total += sums[first + i][lane];
        if gated {
            gated_total += gated_sums[first + i][lane];
        }
        if NORM {
            square_total += squares[first + i][lane];
        }
    }
    if NORM {
        let inverse_rms = inverseSqrt(square_total / f32(params.groups * 8u) + params.eps);
        total *= inverse_rms;
        gated_total *= inverse_rms;
    }
    if LORA {
        total += lora_change(params.lora, lane, params.out_offset + o);
        if gated {
            gated_total += lora_change(params.lora, lane, params.out_offset + o + params.outs);
        }
    }
    let at = lane * params.out_stride + params.out_offset + o;
    if gated {
        out[at] = gate(EPILOGUE, total) * gated_total;
    } else if EPILOGUE == ADD {
        out[at] += total;
    } else {
        out[at] = total;
    }
}
