// Matrix times many vectors (prefill): out[row, o] = sum_i W[o, i] * x[row, i], stored or added.
// Tiles of 32 rows by 32 outputs, 32 inputs deep, in workgroup memory; each of 8 x 8 threads keeps
// a 4 x 4 tile of sums in registers.
import package::shared::activation::{ADD, STORE};
import package::shared::frame::{Frame, row_range};
import package::shared::lora::{LoraView, lora_change};
import package::shared::weights::{WeightView, weights8};

struct Params {
    view: WeightView,
    outs: u32,
    // in / 8
    groups: u32,
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

override EPILOGUE: u32 = 0u;
// Adds what each row's adapter changes; `lora_a` ran before.
override LORA: bool = false;

const TILE: u32 = 32u;
// Eight vectors of four along the tile's depth, and one to keep columns in different banks.
const PITCH: u32 = 9u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(6) var<storage, read> x: array<vec4<f32>>; // (rows, in / 4)
@group(0) @binding(7) var<storage, read_write> out: array<f32>; // (rows, out)

var<workgroup> x_tile: array<vec4<f32>, 288>; // (32 rows, 32 inputs / 4 + padding)
var<workgroup> w_tile: array<vec4<f32>, 288>; // (32 outputs, 32 inputs / 4 + padding)

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let first_out = (workgroup.x + workgroup.z * workgroups.x) * TILE;
    let first_row = workgroup.y * TILE;
    let range = row_range(frame, params.head);
    let rows = range.count;
    var sums: array<vec4<f32>, 4>; // [output of the thread] -> its four rows
    for (var base = 0u; base < params.groups; base += 4u) {
        // 32 rows of 8 vectors by 64 threads: four vectors each.
        for (var i = 0u; i < 4u; i++) {
            let row = (thread + i * 64u) / 8u;
            let depth = thread % 8u;
            var value = vec4<f32>();
            if first_row + row < rows && base * 2u + depth < params.groups * 2u {
                value = x[(range.start + first_row + row) * params.x_stride + base * 2u + depth];
            }
            x_tile[row * PITCH + depth] = value;
        }
        // 32 outputs of 4 groups of eight weights by 64 threads: two groups each.
        for (var i = 0u; i < 2u; i++) {
            let o = (thread + i * 64u) / 4u;
            let group = thread % 4u;
            var lo = vec4<f32>();
            var hi = vec4<f32>();
            if first_out + o < params.outs && base + group < params.groups {
                let w = weights8(params.view, first_out + o, base + group);
                lo = w.lo;
                hi = w.hi;
            }
            w_tile[o * PITCH + group * 2u] = lo;
            w_tile[o * PITCH + group * 2u + 1u] = hi;
        }
        workgroupBarrier();
        let row = thread / 8u;
        let o = thread % 8u;
        for (var depth = 0u; depth < 8u; depth++) {
            let x0 = x_tile[row * PITCH + depth];
            let x1 = x_tile[(row + 8u) * PITCH + depth];
            let x2 = x_tile[(row + 16u) * PITCH + depth];
            let x3 = x_tile[(row + 24u) * PITCH + depth];
            for (var j = 0u; j < 4u; j++) {
                let w = w_tile[(o + 8u * j) * PITCH + depth];
                sums[j] += vec4<f32>(dot(w, x0), dot(w, x1), dot(w, x2), dot(w, x3));
            }
        }
        workgroupBarrier();
    }
    for (var j = 0u; j < 4u; j++) {
        let o = first_out + thread % 8u + 8u * j;
        if o >= params.outs {
            continue;
        }
        for (var i = 0u; i < 4u; i++) {
            let row = first_row + thread / 8u + 8u * i;
            if row >= rows {
                continue;
            }
            let at = row * params.out_stride + params.out_offset + o;
            var total = sums[j][i];
            if LORA {
                total += lora_change(params.lora, row, params.out_offset + o);
            }
            if EPILOGUE == ADD {
                out[at] += total;
            } else {
                out[at] = total;
            }
        }
    }
}
