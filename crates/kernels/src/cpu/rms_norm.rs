use super::dot::dot;

/// Twin of `rms_norm.wgsl`: `out[row] = x[row] / sqrt(mean(x[row]^2) + eps) * weight`, stored, or added
/// if `add`. Shapes: `x` and `out` (rows, width), `weight` (width).
pub fn rms_norm(x: &[f32], weight: &[f32], eps: f32, add: bool, out: &mut [f32]) {
    let width = weight.len();
    for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
        let inverse_rms = inverse_rms(x, eps);
        for ((out, x), w) in out.iter_mut().zip(x).zip(weight) {
            let value = x * inverse_rms * w;
            *out = if add { *out + value } else { value };
        }
    }
}

/// `1 / sqrt(mean(x^2) + eps)`
pub(super) fn inverse_rms(x: &[f32], eps: f32) -> f32 {
    let mean = dot(x, x) / x.len() as f32;
    (mean + eps).sqrt().recip()
}
