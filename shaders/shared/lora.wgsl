// What adapters add to a matrix product (Hu et al. 2021, LoRA), each row with its own: `lora_a` has computed
// h = A x of every row, this is B h.
import package::shared::frame::Row;

struct LoraView {
    // Outputs of the whole matrix.
    outs: u32,
    // rank / 4
    rank4: u32,
    // Tensors of the matrix, and where the outputs of the first two of them end.
    parts: u32,
    end_0: u32,
    end_1: u32,
    reserved_0: u32,
    reserved_1: u32,
    reserved_2: u32,
}

@group(0) @binding(3) var<storage, read> rows: array<Row>;
@group(0) @binding(4) var<storage, read> lora_b: array<vec4<f32>>; // (adapters, outs, rank / 4)
@group(0) @binding(5) var<storage, read> lora_h: array<vec4<f32>>; // (rows, parts, rank / 4)

// What the row's adapter adds to output o of the whole matrix; 0 without an adapter.
fn lora_change(view: LoraView, row: u32, o: u32) -> f32 {
    let adapter = rows[row].adapter;
    if adapter == 0u {
        return 0.0;
    }
    let part = select(0u, 1u, o >= view.end_0) + select(0u, 1u, o >= view.end_1);
    let b_at = ((adapter - 1u) * view.outs + o) * view.rank4;
    let h_at = (row * view.parts + part) * view.rank4;
    var sum = 0.0;
    for (var r = 0u; r < view.rank4; r++) {
        sum += dot(lora_b[b_at + r], lora_h[h_at + r]);
    }
    return sum;
}
