// Gated activation of the feed-forward sub-layer (Shazeer 2020): out[row, i] = gate(gate_up[row, i]) * gate_up[row, width + i].
import package::shared::activation::gate;
import package::shared::frame::Frame;

struct Params {
    width: u32,
    // 2: SiLU, 3: GELU (tanh)
    kind: u32,
    reserved_0: u32,
    reserved_1: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(2) var<storage, read> gate_up: array<f32>; // (rows, 2 * width)
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // (rows, width)

@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let row = workgroup.y;
    let i = workgroup.x * 128u + lane;
    if i >= params.width {
        return;
    }
    let at = row * 2u * params.width + i;
    out[row * params.width + i] = gate(params.kind, gate_up[at]) * gate_up[at + params.width];
}
