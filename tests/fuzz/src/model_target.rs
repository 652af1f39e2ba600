//! Reader of crate `models`.

use formats::gguf::parse_header;
use std::collections::BTreeSet;

/// The model a header describes: if there is one, its plan reads exactly the tensors of the file, and every op refers
/// to buffers and weights that are there.
pub fn model(data: &[u8]) {
    let Ok(Some(header)) = parse_header(data, data.len() as u64) else { return };
    let Ok(model) = models::read(&header) else { return };
    let read: BTreeSet<&str> = model.plan.tensors().collect();
    let held: BTreeSet<&str> = header.tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    assert_eq!(read, held, "the plan reads the file's tensors");
    assert!(model.plan.blocks.len() <= header.tensors.len(), "every layer has tensors");
    assert!(
        model.plan.vocab() > 0 && model.plan.d_model() > 0 && model.context > 0,
        "sizes are sizes"
    );
    for name in &held {
        assert!(model.plan.slot(name).is_some(), "{name} has a place");
    }
}
