use super::matrix::MatrixData;
use crate::params::Row;

/// Twin of `embed.wgsl`: `out[row] = scale * table[token(row)]`, `out` (rows, d_model).
pub fn embed(table: &MatrixData, rows: &[Row], scale: f32, out: &mut [f32]) {
    for (row, out) in rows.iter().zip(out.chunks_exact_mut(table.inputs)) {
        table.dequantize_row(row.token as usize, out);
        out.iter_mut().for_each(|v| *v *= scale);
    }
}
