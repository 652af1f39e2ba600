// RMS normalization (Zhang & Sennrich 2019): out[row] = x[row] / sqrt(mean(x[row]^2) + eps) * weight, stored or added.
import package::shared::activation::ADD;
import package::shared::frame::{Frame, row_range};

struct Params {
    // Row length / 4.
    width4: u32,
    // Which rows to read, see `row_range`; they become rows 0 onwards of `out`.
    head: u32,
    eps: f32,
    reserved: u32,
}

override EPILOGUE: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>; // (rows, width / 4)
@group(0) @binding(3) var<storage, read> norm_weight: array<vec4<f32>>; // (width / 4)
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>; // (rows, width / 4)

var<workgroup> squares: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let x_at = (row_range(frame, params.head).start + workgroup.x) * params.width4;
    let out_at = workgroup.x * params.width4;
    var square = 0.0;
    for (var i = lane; i < params.width4; i += 64u) {
        let v = x[x_at + i];
        square += dot(v, v);
    }
    squares[lane] = square;
    workgroupBarrier();
    var total = 0.0;
    for (var i = 0u; i < 64u; i++) {
        total += squares[i];
    }
    let inverse_rms = inverseSqrt(total / f32(params.width4 * 4u) + params.eps);
    for (var i = lane; i < params.width4; i += 64u) {
        let value = x[x_at + i] * inverse_rms * norm_weight[i];
        if EPILOGUE == ADD {
            out[out_at + i] += value;
        } else {
            out[out_at + i] = value;
        }
    }
}
