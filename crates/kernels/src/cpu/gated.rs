use crate::plan::Gate;

/// Gate function: SiLU (Elfwing et al. 2017) or GELU in its tanh form (Hendrycks & Gimpel 2016).
pub fn gate(kind: Gate, x: f32) -> f32 {
    match kind {
        Gate::Silu => x / (1.0 + (-x).exp()),
        Gate::GeluTanh => {
            let inner = 0.797_884_6 * (x + 0.044_715 * x * x * x);
            0.5 * x * (1.0 + inner.tanh())
        }
    }
}

/// Twin of `gated.wgsl`: `gate_up` (rows, 2 * width) to `out` (rows, width).
pub fn gated(kind: Gate, gate_up: &[f32], width: usize, out: &mut [f32]) {
    for (gate_up, out) in gate_up.chunks_exact(2 * width).zip(out.chunks_exact_mut(width)) {
        let (gates, ups) = gate_up.split_at(width);
        for ((out, g), up) in out.iter_mut().zip(gates).zip(ups) {
            *out = gate(kind, *g) * up;
        }
    }
}
