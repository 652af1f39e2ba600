//! The linked WGSL kernels and what reflection says of them.

/// A linked kernel: plain WGSL, one entry point `main`, all bindings in group 0.
#[derive(Clone, Copy, Debug)]
pub struct Shader {
    /// Kernel, and after a dot the weight layout it reads: `matvec.q4k`.
    pub name: &'static str,
    /// Linked source.
    pub wgsl: &'static str,
    /// Bindings in order of their number.
    pub bindings: &'static [Binding],
    /// Invocations per workgroup along each axis.
    pub workgroup_size: [u32; 3],
}

/// What a binding is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// Uniform buffer.
    Uniform,
    /// Read-only storage buffer.
    Read,
    /// Storage buffer that is written.
    ReadWrite,
}

/// Every linked kernel.
pub const SHADERS: &[Shader] = include!(concat!(env!("OUT_DIR"), "/shaders.rs"));

/// The kernel of that name.
pub fn find(name: &str) -> Option<&'static Shader> {
    SHADERS.iter().find(|shader| shader.name == name)
}

/// Values of the pipeline-overridable constants that the engine uses, per kernel (without layout).
/// Tests compile every one of them.
pub fn override_sets(kernel: &str) -> &'static [&'static [(&'static str, f64)]] {
    match kernel.split('.').next().unwrap_or(kernel) {
        "matvec" => &[
            &[("ROWS", 1.0), ("NORM", 0.0), ("EPILOGUE", 0.0), ("LORA", 0.0)],
            &[("ROWS", 1.0), ("NORM", 0.0), ("EPILOGUE", 1.0), ("LORA", 0.0)],
            &[("ROWS", 1.0), ("NORM", 1.0), ("EPILOGUE", 0.0), ("LORA", 0.0)],
            &[("ROWS", 1.0), ("NORM", 1.0), ("EPILOGUE", 2.0), ("LORA", 0.0)],
            &[("ROWS", 1.0), ("NORM", 1.0), ("EPILOGUE", 3.0), ("LORA", 0.0)],
            &[("ROWS", 4.0), ("NORM", 0.0), ("EPILOGUE", 0.0), ("LORA", 0.0)],
            &[("ROWS", 4.0), ("NORM", 0.0), ("EPILOGUE", 1.0), ("LORA", 0.0)],
            &[("ROWS", 4.0), ("NORM", 1.0), ("EPILOGUE", 0.0), ("LORA", 0.0)],
            &[("ROWS", 4.0), ("NORM", 1.0), ("EPILOGUE", 2.0), ("LORA", 0.0)],
            &[("ROWS", 4.0), ("NORM", 1.0), ("EPILOGUE", 3.0), ("LORA", 0.0)],
            &[("ROWS", 1.0), ("NORM", 0.0), ("EPILOGUE", 0.0), ("LORA", 1.0)],
            &[("ROWS", 1.0), ("NORM", 0.0), ("EPILOGUE", 1.0), ("LORA", 1.0)],
            &[("ROWS", 1.0), ("NORM", 1.0), ("EPILOGUE", 0.0), ("LORA", 1.0)],
            &[("ROWS", 1.0), ("NORM", 1.0), ("EPILOGUE", 2.0), ("LORA", 1.0)],
            &[("ROWS", 1.0), ("NORM", 1.0), ("EPILOGUE", 3.0), ("LORA", 1.0)],
            &[("ROWS", 4.0), ("NORM", 0.0), ("EPILOGUE", 0.0), ("LORA", 1.0)],
            &[("ROWS", 4.0), ("NORM", 0.0), ("EPILOGUE", 1.0), ("LORA", 1.0)],
            &[("ROWS", 4.0), ("NORM", 1.0), ("EPILOGUE", 0.0), ("LORA", 1.0)],
            &[("ROWS", 4.0), ("NORM", 1.0), ("EPILOGUE", 2.0), ("LORA", 1.0)],
            &[("ROWS", 4.0), ("NORM", 1.0), ("EPILOGUE", 3.0), ("LORA", 1.0)],
        ],
        "matmul" => &[
            &[("EPILOGUE", 0.0), ("LORA", 0.0)],
            &[("EPILOGUE", 1.0), ("LORA", 0.0)],
            &[("EPILOGUE", 0.0), ("LORA", 1.0)],
            &[("EPILOGUE", 1.0), ("LORA", 1.0)],
        ],
        "rms_norm" => &[&[("EPILOGUE", 0.0)], &[("EPILOGUE", 1.0)]],
        "lora_a" => &[&[("NORM", 0.0)], &[("NORM", 1.0)]],
        "rope" => &[
            &[("INTERLEAVED", 1.0), ("NORM", 0.0)],
            &[("INTERLEAVED", 0.0), ("NORM", 0.0)],
            &[("INTERLEAVED", 1.0), ("NORM", 1.0)],
            &[("INTERLEAVED", 0.0), ("NORM", 1.0)],
        ],
        "attention" => &[&[("TRACE", 0.0)], &[("TRACE", 1.0)]],
        "change" => &[&[("MODE", 0.0)], &[("MODE", 1.0)], &[("MODE", 2.0)], &[("MODE", 3.0)]],
        _ => &[&[]],
    }
}
