use crate::plan::Gate;

/// Twin of the gate in `activation.wgsl`: SiLU (Elfwing et al. 2017) or GELU in its tanh form (Hendrycks & Gimpel 2016).
pub fn gate(kind: Gate, x: f32) -> f32 {
    match kind {
        Gate::Silu => x / (1.0 + (-x).exp()),
        Gate::GeluTanh => {
            let inner = 0.797_884_6 * (x + 0.044_715 * x * x * x);
            0.5 * x * (1.0 + inner.tanh())
        }
    }
}
