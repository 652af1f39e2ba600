// Changes an activation for those who switch parts of a model off, scale them, or patch them; by MODE:
// SCALE: out[row, i] *= values[i]
// KEEP: kept[row, i] = out[row, i]
// BLEND: out[row, i] = kept[row, i] + (out[row, i] - kept[row, i]) * values[i]
// PATCH: out[row, i] = values[i] where the row's position is `position`
import package::shared::frame::{Frame, Row};

struct Params {
    // Length of a row.
    width: u32,
    position: u32,
    reserved_0: u32,
    reserved_1: u32,
}

override MODE: u32 = 0u;

const SCALE: u32 = 0u;
const KEEP: u32 = 1u;
const BLEND: u32 = 2u;
const PATCH: u32 = 3u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(2) var<storage, read> rows: array<Row>; // (rows), with PATCH
@group(0) @binding(3) var<storage, read> values: array<f32>; // (width), but for KEEP
@group(0) @binding(4) var<storage, read_write> kept: array<f32>; // (rows, width), with KEEP and BLEND
@group(0) @binding(5) var<storage, read_write> out: array<f32>; // (rows, width)

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let row = workgroup.y;
    let i = workgroup.x * 64u + lane;
    if i >= params.width {
        return;
    }
    let at = row * params.width + i;
    if MODE == SCALE {
        out[at] *= values[i];
    } else if MODE == KEEP {
        kept[at] = out[at];
    } else if MODE == BLEND {
        let before = kept[at];
        out[at] = before + (out[at] - before) * values[i];
    } else if rows[row].position == params.position {
        out[at] = values[i];
    }
}
