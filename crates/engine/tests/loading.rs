//! Loading: any pieces, broken files, abandoned loads, memory.

mod common;

use common::{OPTIONS, devices, load, tiny};
use engine::{Device, EngineError, ErrorKind, Loader, TraceRequest};
use formats::DType;

/// Logits after a short text.
fn logits(engine: &mut engine::Engine) -> Vec<f32> {
    let mut all = Vec::new();
    let nothing = TraceRequest::default();
    let score = engine.score(0, 0, &[1, 2, 3], &nothing, |_, logits| {
        all.extend_from_slice(logits);
    });
    pollster::block_on(score).expect("scores");
    all
}

#[test]
fn pieces_of_any_size_give_the_same_model() {
    let file = tiny(DType::Q4K);
    for device in devices() {
        let whole = logits(&mut load(&device, &file, file.len()).expect("loads"));
        for piece in [1_000, 4_097, 70_001] {
            assert_eq!(logits(&mut load(&device, &file, piece).expect("loads")), whole);
        }
    }
}

#[test]
fn a_short_or_long_file_is_refused() {
    let file = tiny(DType::Q8_0);
    for device in devices() {
        for length in [0, 10, 3_000, file.len() - 1] {
            let mut loader = Loader::new(device.clone(), OPTIONS, file.len() as u64);
            loader.push(&file[..length]).expect("nothing wrong so far");
            let error = pollster::block_on(loader.finish()).expect_err("too short");
            assert!(matches!(error, EngineError::Truncated { .. }), "{error}");
            assert_eq!(error.kind(), ErrorKind::Format);
        }
        let mut loader = Loader::new(device.clone(), OPTIONS, file.len() as u64);
        loader.push(&file).expect("whole");
        let error = loader.push(&[0]).expect_err("too long");
        assert!(matches!(error, EngineError::TooLong { .. }), "{error}");
    }
}

#[test]
fn an_abandoned_load_leaves_the_device_usable() {
    let file = tiny(DType::Q5_0);
    for device in devices() {
        for length in [file.len() / 2, file.len() - 1] {
            let mut loader = Loader::new(device.clone(), OPTIONS, file.len() as u64);
            loader.push(&file[..length]).expect("half a file");
            drop(loader);
        }
        assert_eq!(logits(&mut load(&device, &file, 9_999).expect("loads")).len(), 3 * 101);
    }
}

#[test]
fn an_impossible_context_is_refused_before_the_weights_arrive() {
    let file = tiny(DType::Q8_0);
    let gpu = pollster::block_on(Device::gpu()).expect("a Vulkan driver");
    let options = engine::EngineOptions { sequences: 1 << 20, ..OPTIONS };
    let mut loader = Loader::new(gpu, options, file.len() as u64);
    let error = file.chunks(1_000).find_map(|piece| loader.push(piece).err()).expect("refused");
    assert_eq!(error.kind(), ErrorKind::OutOfMemory);
}

#[test]
fn weights_take_little_more_than_the_file() {
    for device in devices() {
        for dtype in DType::ALL {
            let file = tiny(dtype);
            let engine = load(&device, &file, 50_000).expect("loads");
            let ratio = engine.weight_bytes() as f64 / file.len() as f64;
            assert!(ratio <= 1.25, "{dtype:?}: {ratio}");
        }
    }
}

#[test]
fn a_missing_tensor_is_named() {
    let mut file = tiny(DType::Q8_0);
    let name = b"blk.1.ffn_up.weight";
    let at = file.windows(name.len()).position(|window| window == name).expect("there");
    file[at..at + 3].copy_from_slice(b"xyz");
    let error = load(&Device::cpu(), &file, 100_000).expect_err("a tensor is missing");
    assert!(error.to_string().contains("blk.1.ffn_up.weight"), "{error}");
    assert_eq!(error.kind(), ErrorKind::Format);
}
