use crate::device::Gpu;
use kernels::shader::{Binding, Shader, find};
use std::collections::HashMap;

/// Compute pipelines, each compiled once per kernel and set of overrides.
#[derive(Debug, Default)]
pub(crate) struct Pipelines {
    pipelines: HashMap<(String, String), Pipeline>,
    modules: HashMap<String, wgpu::ShaderModule>,
    /// Bind group and pipeline layouts by list of bindings.
    layouts: HashMap<Vec<u8>, (wgpu::BindGroupLayout, wgpu::PipelineLayout)>,
}

/// A pipeline and the layout its bind groups need.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    pub(crate) pipeline: wgpu::ComputePipeline,
    pub(crate) layout: wgpu::BindGroupLayout,
}

impl Pipelines {
    /// The pipeline of the kernel `name` with `overrides`.
    pub(crate) fn get(
        &mut self,
        gpu: &Gpu,
        name: &str,
        overrides: &[(&'static str, f64)],
    ) -> Pipeline {
        let key = (name.to_owned(), format!("{overrides:?}"));
        if let Some(pipeline) = self.pipelines.get(&key) {
            return pipeline.clone();
        }
        let Some(shader) = find(name) else {
            unreachable!("'{name}' is a kernel: a test asks for every one the lowering names");
        };
        let (layout, pipeline_layout) = self.layout(gpu, shader);
        let module = self.modules.entry(name.to_owned()).or_insert_with(|| {
            gpu.counting.objects_created.add(1);
            gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(name),
                source: wgpu::ShaderSource::Wgsl(shader.wgsl.into()),
            })
        });
        gpu.counting.objects_created.add(1);
        let pipeline = gpu.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(name),
            layout: Some(&pipeline_layout),
            module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: overrides,
                zero_initialize_workgroup_memory: false,
            },
            cache: None,
        });
        let pipeline = Pipeline { pipeline, layout };
        self.pipelines.insert(key, pipeline.clone());
        pipeline
    }

    fn layout(
        &mut self,
        gpu: &Gpu,
        shader: &Shader,
    ) -> (wgpu::BindGroupLayout, wgpu::PipelineLayout) {
        let key = shader.bindings.iter().map(|binding| *binding as u8).collect();
        let make = || {
            let entries: Vec<_> = (0u32..)
                .zip(shader.bindings)
                .map(|(binding, kind)| wgpu::BindGroupLayoutEntry {
                    binding,
                    visibility: wgpu::ShaderStages::COMPUTE,
                    ty: wgpu::BindingType::Buffer {
                        ty: match kind {
                            Binding::Uniform => wgpu::BufferBindingType::Uniform,
                            Binding::Read => wgpu::BufferBindingType::Storage { read_only: true },
                            Binding::ReadWrite => {
                                wgpu::BufferBindingType::Storage { read_only: false }
                            }
                        },
                        has_dynamic_offset: false,
                        min_binding_size: None,
                    },
                    count: None,
                })
                .collect();
            gpu.counting.objects_created.add(2);
            let layout = gpu.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: None,
                entries: &entries,
            });
            let pipeline_layout =
                gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                    label: None,
                    bind_group_layouts: &[Some(&layout)],
                    immediate_size: 0,
                });
            (layout, pipeline_layout)
        };
        self.layouts.entry(key).or_insert_with(make).clone()
    }
}
