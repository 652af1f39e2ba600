use super::fused::{Input, dot, takes};
use super::gated::gate;
use super::matrix::MatrixData;
use super::parallel::map_ranges;
use crate::plan::Epilogue;

/// Outputs of one piece of work.
const OUTS: usize = 128;

/// [`super::matmul`] for one row, fast: quantized weights are multiplied as they lie, inputs as 16-bit
/// integers. `None`: a type of weights this does not take, and nothing was done.
///
/// Shapes: `x` (in), `out` (outs), or (outs / 2) with a gate.
pub fn matvec(matrix: &MatrixData, x: &[f32], epilogue: Epilogue, out: &mut [f32]) -> Option<()> {
    if !matrix.parts.iter().all(|part| takes(part.dtype)) || !matrix.inputs.is_multiple_of(32) {
        return None;
    }
    let input = Input::new(x);
    let product = |o: usize| matrix.row(o).map_or(0.0, |(dtype, row)| dot(dtype, row, &input));
    let outs = match epilogue {
        Epilogue::Gated(_) => matrix.outs() / 2,
        Epilogue::Store | Epilogue::Add => matrix.outs(),
    };
    let values = map_ranges(outs, OUTS, |range| -> Vec<f32> {
        match epilogue {
            Epilogue::Gated(kind) => {
                range.map(|o| gate(kind, product(o)) * product(o + outs)).collect()
            }
            Epilogue::Store | Epilogue::Add => range.map(product).collect(),
        }
    });
    let pairs = out.iter_mut().zip(values.iter().flatten());
    match epilogue {
        Epilogue::Add => pairs.for_each(|(out, value)| *out += value),
        Epilogue::Store | Epilogue::Gated(_) => pairs.for_each(|(out, value)| *out = *value),
    }
    Some(())
}
