//! Every kernel stays within WebGPU's default limits, read from the linked source.

use kernels::shader::{Binding, SHADERS, Shader};

const STORAGE_BUFFERS: usize = 8;
const UNIFORM_BUFFERS: usize = 12;
const WORKGROUP_BYTES: u32 = 16 << 10;
const INVOCATIONS: u32 = 256;

/// What a kernel takes beyond the limits.
fn excesses(shader: &Shader) -> Vec<String> {
    let module = naga::front::wgsl::parse_str(shader.wgsl).expect("linked shaders parse");
    let mut layouter = naga::proc::Layouter::default();
    layouter.update(module.to_ctx()).expect("types have layouts");
    let workgroup_bytes: u32 = module
        .global_variables
        .iter()
        .filter(|(_, variable)| variable.space == naga::AddressSpace::WorkGroup)
        .map(|(_, variable)| layouter[variable.ty].size.next_multiple_of(16))
        .sum();
    let uniforms = shader.bindings.iter().filter(|b| **b == Binding::Uniform).count();
    let storage = shader.bindings.len() - uniforms;
    let invocations: u32 = shader.workgroup_size.iter().product();
    let mut excesses = Vec::new();
    if storage > STORAGE_BUFFERS {
        excesses.push(format!("{storage} storage buffers"));
    }
    if uniforms > UNIFORM_BUFFERS {
        excesses.push(format!("{uniforms} uniform buffers"));
    }
    if workgroup_bytes > WORKGROUP_BYTES {
        excesses.push(format!("{workgroup_bytes} bytes of workgroup memory"));
    }
    if invocations > INVOCATIONS {
        excesses.push(format!("{invocations} invocations"));
    }
    excesses
}

#[test]
fn kernels_stay_within_default_limits() {
    assert!(SHADERS.len() > 30);
    for shader in SHADERS {
        assert_eq!(excesses(shader), Vec::<String>::new(), "{}", shader.name);
    }
}

#[test]
fn an_excess_is_noticed() {
    let greedy = Shader {
        name: "greedy",
        wgsl: "var<workgroup> big: array<f32, 5000>;
               @compute @workgroup_size(512) fn main() { big[0] = 1.0; }",
        bindings: &[Binding::Read; 9],
        workgroup_size: [512, 1, 1],
    };
    assert_eq!(excesses(&greedy).len(), 3);
}

#[test]
fn no_kernel_needs_a_language_extension() {
    for shader in SHADERS {
        assert!(!shader.wgsl.contains("requires "), "{}", shader.name);
        assert!(!shader.wgsl.contains("enable "), "{}", shader.name);
    }
}
