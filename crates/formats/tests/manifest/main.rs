//! Every manifest of the catalogue is good, and each rule about them is kept.

mod trio;

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

/// A file of the model that comes with the site.
fn bundled() -> Manifest {
    let mut manifest = parse(GOOD).expect("a good manifest");
    manifest.files[0].local = "models/small-1m/small.gguf".into();
    (manifest.files[0].hub, manifest.files[0].package) = (None, None);
    manifest
}

/// Breaks a good manifest in several ways, and looks which field is named.
fn check_breaks(good: impl Fn() -> Manifest, breaks: &[(&str, Break)]) {
    let json = |manifest: &Manifest| serde_json::to_string(manifest).expect("JSON");
    assert_eq!(parse(&json(&good())).expect("a good manifest"), good());
    for (expected, break_it) in breaks {
        let mut manifest = good();
        break_it(&mut manifest);
        let json = json(&manifest);
        match parse(&json).expect_err(expected) {
            ManifestError::Invalid { field, .. } => assert_eq!(field, *expected, "{json}"),
            ManifestError::Json(error) => panic!("{expected}: {error}"),
        }
    }
}

fn of_the_catalogue() -> Vec<Manifest> {
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
    manifests
}

#[test]
fn every_manifest_of_the_catalogue_is_good() {
    let manifests = of_the_catalogue();
    assert!(manifests.len() >= 3);
    let catalogue = serde_json::to_string(&manifests).expect("JSON");
    assert_eq!(parse_catalogue(&catalogue).expect("a catalogue"), manifests);
    let default = manifests.iter().filter(|manifest| manifest.default).collect::<Vec<_>>();
    assert_eq!(default.len(), 1, "one model is the default");
    assert!(default[0].files.iter().all(|file| file.is_bundled()), "it comes with the site");
}

#[test]
fn optional_fields_have_defaults() {
    let manifest = parse(GOOD).expect("a good manifest");
    assert_eq!(manifest.chat_template, None);
    assert!(manifest.stop.is_empty() && !manifest.default && manifest.trio.is_none());
    let package = manifest.files[0].package.as_ref().expect("a package");
    assert_eq!(package.requirements, ["small==1.0"]);
    let json = serde_json::to_string(&bundled()).expect("JSON");
    for absent in ["hub", "package", "default", "trio", "stop", "chat_template"] {
        assert!(!json.contains(absent), "{absent}: {json}");
    }
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
    let breaks: [(&str, Break); 25] = [
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
        ("files.hub", |manifest| {
            manifest.files[0].hub = Some("http://example.org/small.gguf".into());
        }),
        ("files.hub", |manifest| manifest.files[0].hub = Some("https://".into())),
        ("files.hub", |manifest| manifest.files[0].hub = None),
        ("files.package", |manifest| manifest.files[0].package = None),
        ("files.hub", |manifest| manifest.files[0].local = "models/small-1m/a.gguf".into()),
    ];
    check_breaks(|| parse(GOOD).expect("a good manifest"), &breaks);
}

#[test]
fn a_file_that_comes_with_the_site_lies_in_the_folder_of_its_model() {
    assert!(bundled().files[0].is_bundled());
    let breaks: [(&str, Break); 6] = [
        ("files.local", |manifest| manifest.files[0].local = "models/other/small.gguf".into()),
        ("files.local", |manifest| manifest.files[0].local = "models/small-1m".into()),
        ("files.local", |manifest| manifest.files[0].local = "models/small-1mb/a.gguf".into()),
        ("files.local", |manifest| manifest.files[0].local = "models/small-1m/../a.gguf".into()),
        ("files.hub", |manifest| manifest.files[0].hub = Some("https://example.org/a".into())),
        ("files.package", |manifest| {
            let other = parse(GOOD).expect("a good manifest");
            manifest.files[0].package.clone_from(&other.files[0].package);
        }),
    ];
    check_breaks(bundled, &breaks);
}

#[test]
fn a_catalogue_has_no_id_twice() {
    let twice = format!("[{GOOD},{GOOD}]");
    let error = parse_catalogue(&twice).expect_err("the same id twice");
    assert!(matches!(error, ManifestError::Invalid { field: "id", .. }), "{error:?}");
    assert_eq!(parse_catalogue(&format!("[{GOOD}]")).expect("one model").len(), 1);
    let default = |id: &str| {
        GOOD.replacen("\"id\": \"small-1m\"", &format!("\"default\": true, \"id\": {id:?}"), 1)
    };
    let two = format!("[{},{}]", default("a"), default("b"));
    let error = parse_catalogue(&two).expect_err("two defaults");
    assert!(matches!(error, ManifestError::Invalid { field: "default", .. }), "{error:?}");
    assert!(parse_catalogue(&format!("[{},{GOOD}]", default("a"))).expect("two models")[0].default);
}
