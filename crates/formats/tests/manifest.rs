//! Every manifest of the catalogue is good, and each rule about them is kept.

use std::path::Path;

use formats::manifest::{Manifest, ManifestError, Terms, parse, parse_catalogue};

/// A change that breaks one rule.
type Break = fn(&mut Manifest);

const GOOD: &str = r#"{
  "id": "small-1m",
  "name": { "en": "Small", "zh": "小" },
  "summary": { "en": "A model.", "zh": "一个模型。" },
  "architecture": "llama",
  "parameters": 1000000,
  "quantization": "Q4_1",
  "context": 256,
  "languages": ["en"],
  "files": [{
    "name": "small.gguf",
    "bytes": 10,
    "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "local": "weights/small.gguf",
    "hub": "https://example.org/small.gguf",
    "package": { "requirements": ["small==1.0"], "members": ["small/small.gguf"] }
  }],
  "licence": { "name": { "en": "None", "zh": "无" }, "url": "https://example.org/licence", "must_accept": false },
  "prompt": { "en": "Once", "zh": "从前" }
}"#;

#[test]
fn every_manifest_of_the_catalogue_is_good() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/models");
    let mut manifests = Vec::new();
    for entry in folder.read_dir().expect("web/models") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let json = std::fs::read_to_string(&path).expect("a readable manifest");
        let manifest = parse(&json).unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        assert_eq!(stem, Some(manifest.id.as_str()), "a manifest is named after its id");
        manifests.push(manifest);
    }
    assert!(manifests.len() >= 2);
    let catalogue = serde_json::to_string(&manifests).expect("JSON");
    assert_eq!(parse_catalogue(&catalogue).expect("a catalogue"), manifests);
}

#[test]
fn optional_fields_have_defaults() {
    let manifest = parse(GOOD).expect("a good manifest");
    assert_eq!(manifest.chat_template, None);
    assert!(manifest.stop.is_empty());
    assert_eq!(manifest.files[0].package.requirements, ["small==1.0"]);
}

#[test]
fn unknown_and_missing_fields_are_refused() {
    for (from, to) in [
        ("\"context\"", "\"contex\""),
        ("\"id\": \"small-1m\",", ""),
        ("\"must_accept\": false", "\"must_accept\": false, \"extra\": 1"),
        ("\"zh\": \"小\"", "\"zh\": \"小\", \"de\": \"Klein\""),
        ("\"bytes\": 10", "\"bytes\": -10"),
    ] {
        let json = GOOD.replacen(from, to, 1);
        assert_ne!(json, GOOD, "{from}");
        let error = parse(&json).expect_err(from);
        assert!(matches!(error, ManifestError::Json(_)), "{from}: {error:?}");
    }
}

#[test]
fn each_rule_names_the_field_that_breaks_it() {
    let breaks: [(&str, Break); 22] = [
        ("id", |manifest| manifest.id.clear()),
        ("id", |manifest| manifest.id = "Small".into()),
        ("id", |manifest| manifest.id = "small--1m".into()),
        ("id", |manifest| manifest.id = "-small".into()),
        ("id", |manifest| manifest.id = "small_1m".into()),
        ("files", |manifest| manifest.files.clear()),
        ("licence.url", |manifest| manifest.licence.url = "http://example.org".into()),
        ("licence.terms.local", |manifest| {
            let (local, package_member) = ("terms.txt".into(), "small/terms.html".into());
            manifest.licence.terms = Some(Terms { local, package_member });
        }),
        ("files.name", |manifest| manifest.files[0].name = "a/b".into()),
        ("files.name", |manifest| manifest.files[0].name = "..".into()),
        ("files.bytes", |manifest| manifest.files[0].bytes = 0),
        ("files.sha256", |manifest| manifest.files[0].sha256 = "ab".into()),
        ("files.sha256", |manifest| manifest.files[0].sha256 = "g".repeat(64)),
        ("files.sha256", |manifest| manifest.files[0].sha256 = "A".repeat(64)),
        ("files.local", |manifest| manifest.files[0].local = "small.gguf".into()),
        ("files.local", |manifest| manifest.files[0].local = "/weights/small.gguf".into()),
        ("files.local", |manifest| manifest.files[0].local = "weights/".into()),
        ("files.local", |manifest| manifest.files[0].local = "weights/../small.gguf".into()),
        ("files.local", |manifest| manifest.files[0].local = "weights//small.gguf".into()),
        ("files.local", |manifest| manifest.files[0].local = "weights/a\\..\\small.gguf".into()),
        ("files.hub", |manifest| manifest.files[0].hub = "http://example.org/small.gguf".into()),
        ("files.hub", |manifest| manifest.files[0].hub = "https://".into()),
    ];
    for (expected, break_it) in breaks {
        let mut manifest = parse(GOOD).expect("a good manifest");
        break_it(&mut manifest);
        let json = serde_json::to_string(&manifest).expect("JSON");
        match parse(&json).expect_err(expected) {
            ManifestError::Invalid { field, .. } => assert_eq!(field, expected, "{json}"),
            ManifestError::Json(error) => panic!("{expected}: {error}"),
        }
    }
}

#[test]
fn a_catalogue_has_no_id_twice() {
    let twice = format!("[{GOOD},{GOOD}]");
    let error = parse_catalogue(&twice).expect_err("the same id twice");
    assert!(matches!(error, ManifestError::Invalid { field: "id", .. }), "{error:?}");
    assert_eq!(parse_catalogue(&format!("[{GOOD}]")).expect("one model").len(), 1);
}
