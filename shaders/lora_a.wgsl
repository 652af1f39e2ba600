// First half of a low-rank change (Hu et al. 2021): h[row] = A[adapter(row)] * x[row], 0 for rows without an adapter.
// With NORM the input is RMS-normalized on the way, as in `matvec`.
// A workgroup computes OUTS inner values of one row with LANES lanes each.
import package::shared::frame::{Frame, Row};

struct Params {
    // Inner values of a row: tensors of the matrix * rank.
    inner: u32,
    // in / 4
    inputs4: u32,
    // Length of an input row / 4.
    x_stride: u32,
    eps: f32,
}

override NORM: bool = false;

const LANES: u32 = 32u;
const OUTS: u32 = 4u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(2) var<storage, read> rows: array<Row>;
@group(0) @binding(3) var<storage, read> x: array<vec4<f32>>; // (rows, in / 4)
@group(0) @binding(4) var<storage, read> norm_weight: array<vec4<f32>>; // (in / 4)
@group(0) @binding(5) var<storage, read> a: array<vec4<f32>>; // (adapters, inner, in / 4)
@group(0) @binding(6) var<storage, read_write> h: array<f32>; // (rows, inner)

var<workgroup> sums: array<f32, 128>;
var<workgroup> squares: array<f32, 128>;

@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let lane = thread % LANES;
    let i = workgroup.x * OUTS + thread / LANES;
    let row = workgroup.y;
    let adapter = rows[row].adapter;
    var sum = 0.0;
    var square = 0.0;
    if i < params.inner && adapter != 0u {
        let a_at = ((adapter - 1u) * params.inner + i) * params.inputs4;
        for (var k = lane; k < params.inputs4; k += LANES) {
            var value = x[row * params.x_stride + k];
            if NORM {
                square += dot(value, value);
                value *= norm_weight[k];
            }
            sum += dot(a[a_at + k], value);
        }
    }
    sums[thread] = sum;
    squares[thread] = square;
    workgroupBarrier();
    if lane != 0u || i >= params.inner {
        return;
    }
    var total = 0.0;
    var square_total = 0.0;
    for (var k = 0u; k < LANES; k++) {
        total += sums[thread + k];
        square_total += squares[thread + k];
    }
    if NORM {
        total *= inverseSqrt(square_total / f32(params.inputs4 * 4u) + params.eps);
    }
    h[row * params.inner + i] = total;
}
