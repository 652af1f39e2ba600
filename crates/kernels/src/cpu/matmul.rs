use super::dot::dot4;
use super::gated::gate;
use super::lora::Change;
use super::matrix::MatrixData;
use super::parallel::map_ranges;
use crate::plan::Epilogue;

/// Outputs whose weights are dequantized together for many rows.
const OUTS: usize = 16;

/// Twin of `matvec.wgsl`, and of `matmul.wgsl` with `gated.wgsl`: `out = epilogue(x W^T + change)`.
///
/// Shapes: `x` (rows, in), `out` (rows, outs), or (rows, outs / 2) with a gate.
pub fn matmul(
    matrix: &MatrixData,
    x: &[f32],
    rows: usize,
    change: Option<&Change<'_>>,
    epilogue: Epilogue,
    out: &mut [f32],
) {
    let inputs = matrix.inputs;
    let outs = match epilogue {
        Epilogue::Gated(_) => matrix.outs() / 2,
        Epilogue::Store | Epilogue::Add => matrix.outs(),
    };
    let products = map_ranges(outs, OUTS, |range| {
        let plain = product(matrix, range.clone(), x, rows, change);
        match epilogue {
            Epilogue::Gated(kind) => {
                let up = product(matrix, range.start + outs..range.end + outs, x, rows, change);
                plain.iter().zip(up).map(|(gate_in, up)| gate(kind, *gate_in) * up).collect()
            }
            Epilogue::Store | Epilogue::Add => plain,
        }
    });
    for (i, product) in products.iter().enumerate() {
        let first = i * OUTS;
        let width = product.len() / rows;
        for (row, values) in product.chunks_exact(width).enumerate() {
            let at = row * outs + first;
            let target = &mut out[at..at + width];
            match epilogue {
                Epilogue::Add => target.iter_mut().zip(values).for_each(|(t, v)| *t += v),
                Epilogue::Store | Epilogue::Gated(_) => target.copy_from_slice(values),
            }
        }
    }
    debug_assert_eq!(x.len(), rows * inputs);
}

/// (rows, range) products with some outputs of the matrix.
fn product(
    matrix: &MatrixData,
    range: std::ops::Range<usize>,
    x: &[f32],
    rows: usize,
    change: Option<&Change<'_>>,
) -> Vec<f32> {
    let inputs = matrix.inputs;
    let (first, width) = (range.start, range.len());
    let mut weights = vec![0.0; width * inputs]; // (range, in)
    for (row, o) in weights.chunks_exact_mut(inputs).zip(range) {
        matrix.dequantize_row(o, row);
    }
    let weight =
        |o: usize| if o < width { &weights[o * inputs..(o + 1) * inputs] } else { &[][..] };
    let mut out = vec![0.0; rows * width];
    for (x, out) in x.chunks_exact(inputs).zip(out.chunks_exact_mut(width)) {
        for (i, out) in out.chunks_mut(4).enumerate() {
            let o = 4 * i;
            let four = dot4([weight(o), weight(o + 1), weight(o + 2), weight(o + 3)], x);
            out.copy_from_slice(&four[..out.len()]);
        }
    }
    if let Some(change) = change {
        for (row, out) in out.chunks_exact_mut(width).enumerate() {
            out.iter_mut().enumerate().for_each(|(i, out)| *out += change.of(row, first + i));
        }
    }
    out
}
