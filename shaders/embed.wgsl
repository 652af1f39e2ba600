// Token embedding: out[row] = scale * table[token(row)], dequantized.
// A table in several buffers takes one dispatch each; rows whose token lies elsewhere are left alone.
import package::shared::frame::{Frame, Row};
import package::shared::weights::{WeightView, weights8};

struct Params {
    view: WeightView,
    // Rows of the table in this buffer.
    table_rows: u32,
    // in / 8
    groups: u32,
    scale: f32,
    reserved: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> frame: Frame;
@group(0) @binding(3) var<storage, read> rows: array<Row>; // (rows)
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>; // (rows, d_model / 4)

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let row = workgroup.x;
    let token = rows[row].token;
    if token < params.view.first_row || token >= params.view.first_row + params.table_rows {
        return;
    }
    for (var group = lane; group < params.groups; group += 64u) {
        let w = weights8(params.view, token - params.view.first_row, group);
        let at = (row * params.groups + group) * 2u;
        out[at] = params.scale * w.lo;
        out[at + 1u] = params.scale * w.hi;
    }
}
