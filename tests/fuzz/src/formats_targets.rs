//! Readers of crate `formats`.

use formats::DType;
use formats::gguf::write::Writer;
use formats::gguf::{Header, parse_header};
use formats::manifest::{parse, parse_catalogue};
use formats::quant::{Unpacked16, dequantize, quantize, unpack_groups};

/// Beyond this, a writer may choose another alignment.
const MAX_ALIGNMENT: u64 = 1 << 20;

/// The header of a GGUF file: complete or an error when all bytes are here, the same however the bytes arrive, with
/// tensors in order inside the file, and the same again after it is written and read.
pub fn gguf(data: &[u8]) {
    let total = data.len() as u64;
    let whole = parse_header(data, total);
    assert!(!matches!(whole, Ok(None)), "asks for more than the whole file");
    // From the fourth byte on: before, less of a wrong magic is shown.
    for length in [4, 24, data.len() / 4, data.len() / 2, data.len().saturating_sub(1)] {
        let length = length.max(4).min(data.len());
        match (parse_header(&data[..length], total), &whole) {
            (Ok(None), _) => {}
            (Ok(Some(early)), Ok(Some(whole))) => assert!(same(&early, whole), "changed its mind"),
            (Err(early), Err(late)) => assert_eq!(&early, late, "another error at byte {length}"),
            (early, whole) => panic!("at byte {length} {early:?}, then {whole:?}"),
        }
    }
    // A file that claims to be longer may be anything but a panic.
    let _ = parse_header(data, u64::MAX);
    let _ = parse_header(data, total / 2);

    if let Ok(Some(header)) = whole {
        check_tensors(&header, total);
        if header.alignment <= MAX_ALIGNMENT {
            check_rewritten(&header, data);
        }
    }
}

/// Blocks of weights: the first byte chooses the type. Unpacked groups equal the dequantized values, and quantizing gives
/// as many bytes as the type needs.
pub fn quant(data: &[u8]) {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let dtype = DType::ALL[usize::from(choice) % DType::ALL.len()];
    let blocks = bytes.len() / dtype.block_bytes();
    let whole = &bytes[..blocks * dtype.block_bytes()];
    let mut weights = vec![0.0; blocks * dtype.block_len()];
    assert_eq!(dequantize(dtype, whole, &mut weights), Ok(()));
    if bytes.len() > whole.len() {
        assert!(dequantize(dtype, bytes, &mut weights).is_err(), "{dtype}: bytes left over");
    }

    let mut groups = Vec::new();
    let unpacked = unpack_groups(dtype, whole, &mut groups);
    assert_eq!(unpacked.is_ok(), dtype.is_quantised());
    let expand = |group: &Unpacked16| group.q.map(|q| group.scale * f32::from(q) + group.min);
    let expanded: Vec<f32> = groups.iter().flat_map(expand).collect();
    for (&unpacked, &weight) in expanded.iter().zip(&weights) {
        let same = unpacked == weight || (unpacked.is_nan() && weight.is_nan());
        assert!(same, "{dtype}: {unpacked} unpacked, {weight} dequantized");
    }
    if unpacked.is_ok() {
        assert_eq!(expanded.len(), weights.len(), "{dtype}");
    }

    let again = quantize(dtype, &weights);
    assert_eq!(again.len(), whole.len(), "{dtype}");
    assert_eq!(dequantize(dtype, &again, &mut weights), Ok(()));
}

/// A manifest or a catalogue: what is accepted stays the same when it is written and read again.
pub fn manifest(data: &[u8]) {
    let Ok(json) = str::from_utf8(data) else { return };
    if let Ok(manifest) = parse(json) {
        let json = serde_json::to_string(&manifest).expect("a manifest is plain data");
        assert_eq!(parse(&json).expect("a manifest that was accepted"), manifest);
    }
    if let Ok(catalogue) = parse_catalogue(json) {
        let json = serde_json::to_string(&catalogue).expect("a catalogue is plain data");
        assert_eq!(parse_catalogue(&json).expect("an accepted catalogue"), catalogue);
    }
}

fn check_tensors(header: &Header, total: u64) {
    let mut end = header.data_offset;
    for tensor in &header.tensors {
        assert!(tensor.offset >= end, "{} overlaps", tensor.name);
        end = tensor.offset + tensor.bytes;
        assert!(end <= total, "{} lies outside the file", tensor.name);
        assert!((tensor.offset - header.data_offset).is_multiple_of(header.alignment));
        let (len, bytes) = (tensor.dtype.block_len() as u64, tensor.dtype.block_bytes() as u64);
        assert!(tensor.shape[0].is_multiple_of(len));
        assert_eq!(tensor.weights() / len * bytes, tensor.bytes, "{}", tensor.name);
        assert!(header.tensor(&tensor.name).is_some_and(|found| found == tensor), "a name twice");
    }
}

fn check_rewritten(header: &Header, data: &[u8]) {
    let mut writer = Writer::with_version(header.version);
    for (key, value) in &header.metadata {
        writer.metadata(key.as_str(), value.clone());
    }
    for tensor in &header.tensors {
        let bytes = &data[tensor.offset as usize..(tensor.offset + tensor.bytes) as usize];
        writer.tensor(tensor.name.as_str(), tensor.shape.as_slice(), tensor.dtype, bytes);
    }
    let file = writer.finish();
    let mut moved =
        parse_header(&file, file.len() as u64).expect("a good file").expect("a whole header");
    // Places may differ: the file may have had gaps between tensors.
    assert_eq!(moved.tensors.len(), header.tensors.len());
    for (tensor, original) in moved.tensors.iter_mut().zip(&header.tensors) {
        tensor.offset = original.offset;
    }
    moved.data_offset = header.data_offset;
    moved.file_bytes = header.file_bytes;
    assert!(same(&moved, header), "{moved:?} was {header:?}");
}

/// Compares what is printed, because a header with a NaN in it does not equal itself.
fn same(a: &Header, b: &Header) -> bool {
    format!("{a:?}") == format!("{b:?}")
}
