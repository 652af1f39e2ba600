use anyhow::Result;
use engine::shader::{SHADERS, override_sets};
use serde_json::{Map, Value, json};

/// Prints every linked kernel with the overrides the engine uses, for the test that hands them to a
/// browser's own compiler.
pub(crate) fn run() -> Result<bool> {
    let all: Vec<Value> = SHADERS
        .iter()
        .map(|shader| {
            let sets: Vec<Value> = override_sets(shader.name)
                .iter()
                .map(|set| {
                    set.iter()
                        .map(|(name, value)| ((*name).to_owned(), json!(value)))
                        .collect::<Map<_, _>>()
                })
                .map(Value::Object)
                .collect();
            json!({ "name": shader.name, "wgsl": shader.wgsl, "entry": "main", "overrides": sets })
        })
        .collect();
    println!("{}", serde_json::to_string(&all)?);
    Ok(true)
}
