use super::fused::{Input, dots, takes};
use super::gated::gate;
use super::lora::Change;
use super::matrix::MatrixData;
use super::parallel::map_ranges;
use crate::plan::Epilogue;
use std::ops::Range;

/// Outputs of one piece of work.
const OUTS: usize = 64;
/// Rows that share one reading of the weights.
const ROWS: usize = 4;

/// [`super::matmul`], fast: quantized weights are multiplied as they lie, inputs as 16-bit integers. A row's
/// result does not depend on the other rows. `None`: a type of weights this does not take, and nothing was
/// done.
///
/// Shapes: `x` (rows, in), `out` (rows, outs), or (rows, outs / 2) with a gate.
pub fn matmul_fused(
    matrix: &MatrixData,
    x: &[f32],
    change: Option<&Change<'_>>,
    epilogue: Epilogue,
    out: &mut [f32],
) -> Option<()> {
    if !matrix.parts.iter().all(|part| takes(part.dtype)) || !matrix.inputs.is_multiple_of(32) {
        return None;
    }
    let inputs: Vec<Input> = x.chunks_exact(matrix.inputs).map(Input::new).collect();
    let rows = inputs.len();
    let outs = match epilogue {
        Epilogue::Gated(_) => matrix.outs() / 2,
        Epilogue::Store | Epilogue::Add => matrix.outs(),
    };
    let pieces = map_ranges(outs, OUTS, |range| {
        let mut piece = products(matrix, range.clone(), &inputs, change); // (range, rows)
        if let Epilogue::Gated(kind) = epilogue {
            let up = products(matrix, range.start + outs..range.end + outs, &inputs, change);
            for (value, up) in piece.iter_mut().zip(up) {
                *value = gate(kind, *value) * up;
            }
        }
        piece
    });
    for (i, piece) in pieces.iter().enumerate() {
        for (o, values) in piece.chunks_exact(rows).enumerate() {
            for (row, value) in values.iter().enumerate() {
                let target = &mut out[row * outs + i * OUTS + o];
                match epilogue {
                    Epilogue::Add => *target += value,
                    Epilogue::Store | Epilogue::Gated(_) => *target = *value,
                }
            }
        }
    }
    Some(())
}

/// (range, rows): some outputs of the matrix for every row.
fn products(
    matrix: &MatrixData,
    range: Range<usize>,
    inputs: &[Input],
    change: Option<&Change<'_>>,
) -> Vec<f32> {
    let rows = inputs.len();
    let mut out = vec![0.0; range.len() * rows];
    let mut targets = range.clone().zip(out.chunks_exact_mut(rows));
    for (dtype, stride, weights) in matrix.rows(range) {
        fetch(weights);
        for (weights, (o, out)) in weights.chunks_exact(stride).zip(targets.by_ref()) {
            for (inputs, out) in inputs.chunks(ROWS).zip(out.chunks_mut(ROWS)) {
                match inputs {
                    [a] => out.copy_from_slice(&dots(dtype, weights, [a])),
                    [a, b] => out.copy_from_slice(&dots(dtype, weights, [a, b])),
                    [a, b, c] => out.copy_from_slice(&dots(dtype, weights, [a, b, c])),
                    [a, b, c, d] => out.copy_from_slice(&dots(dtype, weights, [a, b, c, d])),
                    _ => {}
                }
            }
            if let Some(change) = change {
                out.iter_mut().enumerate().for_each(|(row, value)| *value += change.of(row, o));
            }
        }
    }
    out
}

/// Reads a byte of every cache line. The products ask for a line only when they need it and then wait;
/// asking for many at once hides most of the time memory takes.
fn fetch(weights: &[u8]) {
    let sum = weights.iter().step_by(64).fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    std::hint::black_box(sum);
}
