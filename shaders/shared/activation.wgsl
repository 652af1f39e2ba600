// Gate functions of the feed-forward sub-layer. `kind`: see epilogue constants.

const STORE: u32 = 0u;
const ADD: u32 = 1u;
const SILU: u32 = 2u;
const GELU: u32 = 3u;

// SiLU (Elfwing et al. 2017) or GELU in its tanh form (Hendrycks & Gimpel 2016).
fn gate(kind: u32, x: f32) -> f32 {
    if kind == SILU {
        return x / (1.0 + exp(min(-x, 80.0)));
    }
    // tanh overflows to NaN on some drivers for large arguments; beyond 10 it is 1 in f32 anyway.
    let inner = clamp(0.7978845608028654 * (x + 0.044715 * x * x * x), -10.0, 10.0);
    return 0.5 * x * (1.0 + tanh(inner));
}
