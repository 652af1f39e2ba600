//! Rules about trios.

use formats::manifest::{
    AdapterFiles, Checkpoint, CheckpointWeights, Manifest, Reward, SiteFile, StageId, Trio, parse,
};

use crate::{Break, GOOD, check_breaks, of_the_catalogue};

/// Goes into [`GOOD`] before its last brace.
const TRIO: &str = r#", "trio": {
  "lineage": { "en": "One after the other.", "zh": "一个接一个。" },
  "stages": [
    { "id": "base", "name": { "en": "Base", "zh": "基础" }, "summary": { "en": "B.", "zh": "基。" }, "chat": false },
    { "id": "sft", "name": { "en": "SFT", "zh": "微调" }, "summary": { "en": "S.", "zh": "微。" }, "chat": true,
      "adapter": { "config": FILE, "weights": FILE } }
  ],
  "reward": { "adapter": { "config": FILE, "weights": FILE }, "mean": 0.25, "sd": 1.5 },
  "checkpoints": [
    { "id": "pretrain-1", "name": { "en": "Early", "zh": "早期" }, "weights": { "base": FILE } },
    { "id": "overtrained-9", "name": { "en": "Late", "zh": "晚期" },
      "weights": { "adapter": { "config": FILE, "weights": FILE } } }
  ],
  "data": [{ "name": { "en": "Pairs", "zh": "问答" }, "path": "models/small-1m/data/sft.jsonl", "rows": 3,
    "licence": "Apache-2.0" }],
  "metrics": ["models/small-1m/metrics/sft.jsonl"],
  "report": "models/small-1m/eval/report.json",
  "notice": "models/small-1m/NOTICE"
}"#;

const FILE: &str = r#"{ "path": "models/small-1m/a.gguf", "bytes": 7,
  "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }"#;

fn with_trio() -> Manifest {
    let good = GOOD.strip_suffix('}').expect("a brace");
    let trio = TRIO.replace("FILE", FILE);
    parse(&format!("{good}{trio}}}")).expect("a good manifest with a trio")
}

fn trio(manifest: &mut Manifest) -> &mut Trio {
    manifest.trio.as_mut().expect("a trio")
}

fn reward(manifest: &mut Manifest) -> &mut Reward {
    trio(manifest).reward.as_mut().expect("a reward model")
}

/// In bytes: the page opens in seconds, and the repository stays small.
#[test]
fn what_comes_with_the_site_is_small() {
    for manifest in of_the_catalogue() {
        let Some(trio) = &manifest.trio else { continue };
        for stage in trio.stages.iter().filter_map(|stage| stage.adapter.as_ref()) {
            assert!(stage.bytes() <= 5_000_000, "{}: {} bytes", manifest.id, stage.bytes());
        }
        let base: u64 =
            manifest.files.iter().filter(|file| file.is_bundled()).map(|file| file.bytes).sum();
        let stages = trio.stages.iter().filter_map(|stage| stage.adapter.as_ref());
        let at_once = base + stages.map(AdapterFiles::bytes).sum::<u64>();
        let all = base + trio.files().map(|file| file.bytes).sum::<u64>();
        if base > 0 {
            assert!(base <= 5_500_000, "{}: the base has {base} bytes", manifest.id);
            assert!(at_once <= 7_500_000, "{}: {at_once} bytes to begin with", manifest.id);
            assert!(all <= 12_000_000, "{}: {all} bytes in all", manifest.id);
        }
    }
}

#[test]
fn each_rule_about_trios_names_the_field_that_breaks_it() {
    fn file(manifest: &mut Manifest) -> &mut SiteFile {
        let adapter = trio(manifest).stages[1].adapter.as_mut();
        &mut adapter.expect("an adapter").weights
    }
    let breaks: [(&str, Break); 24] = [
        ("trio.stages", |manifest| trio(manifest).stages.clear()),
        ("trio.stages", |manifest| trio(manifest).stages.reverse()),
        ("trio.stages", |manifest| drop(trio(manifest).stages.remove(0))),
        ("trio.stages", |manifest| {
            let again = trio(manifest).stages[1].clone();
            trio(manifest).stages.push(again);
        }),
        ("trio.stages.adapter", |manifest| trio(manifest).stages[1].adapter = None),
        ("trio.stages.adapter", |manifest| {
            let trio = trio(manifest);
            trio.stages[0].adapter = trio.stages[1].adapter.clone();
        }),
        ("trio.path", |manifest| file(manifest).path = "models/other/a".into()),
        ("trio.path", |manifest| file(manifest).path = "weights/a".into()),
        ("trio.bytes", |manifest| file(manifest).bytes = 0),
        ("trio.sha256", |manifest| file(manifest).sha256.clear()),
        ("trio.path", |manifest| reward(manifest).adapter.config.path = "/a".into()),
        ("trio.reward.sd", |manifest| reward(manifest).sd = Some(0.0)),
        ("trio.reward.sd", |manifest| reward(manifest).sd = Some(-1.0)),
        ("trio.checkpoints.id", |manifest| trio(manifest).checkpoints[0].id = "A".into()),
        ("trio.checkpoints.id", |manifest| {
            trio(manifest).checkpoints[0].id = "overtrained-9".into();
        }),
        ("trio.checkpoints.weights", |manifest| {
            let CheckpointWeights::Base(file) = &mut trio(manifest).checkpoints[0].weights else {
                panic!("the first is a base")
            };
            file.path = "models/small-1m/a.bin".into();
        }),
        ("trio.path", |manifest| {
            let CheckpointWeights::Adapter(files) = &mut trio(manifest).checkpoints[1].weights
            else {
                panic!("the second is an adapter")
            };
            files.config.path.clear();
        }),
        ("trio.data.path", |manifest| trio(manifest).data[0].path = "sft.jsonl".into()),
        ("trio.data.licence", |manifest| trio(manifest).data[0].licence.clear()),
        ("trio.metrics", |manifest| trio(manifest).metrics[0].clear()),
        ("trio.report", |manifest| trio(manifest).report = Some("models/report.json".into())),
        ("trio.readme", |manifest| trio(manifest).readme = Some("models/small-1m/".into())),
        ("trio.notice", |manifest| trio(manifest).notice = Some("NOTICE".into())),
        ("trio.notice", |manifest| {
            manifest.licence.must_accept = true;
            trio(manifest).notice = None;
        }),
    ];
    check_breaks(with_trio, &breaks);
    // Terms that need not be accepted, or no adapters: then there need be no notice.
    let mut manifest = with_trio();
    trio(&mut manifest).notice = None;
    manifest.validate().expect("no terms to carry along");
    manifest.licence.must_accept = true;
    let trio = trio(&mut manifest);
    trio.stages.truncate(1);
    trio.reward = None;
    trio.checkpoints.truncate(1);
    manifest.validate().expect("nothing made of the base");
}

#[test]
fn numbers_beyond_a_float_are_refused() {
    let json = serde_json::to_string(&with_trio()).expect("JSON");
    for (field, good) in [("mean", "\"mean\":0.25"), ("sd", "\"sd\":1.5")] {
        let broken = json.replacen(good, &format!("\"{field}\":1e300"), 1);
        assert_ne!(broken, json, "{field}");
        let error = parse(&broken).expect_err(field).to_string();
        assert!(error.contains(field) && error.contains("finite"), "{error}");
    }
}

#[test]
fn a_trio_lists_its_files_and_names_its_stages() {
    let manifest = with_trio();
    let trio = manifest.trio.as_ref().expect("a trio");
    assert_eq!(trio.files().count(), 2 + 2 + 1 + 2);
    assert!(trio.stage(StageId::Sft).is_some_and(|stage| stage.chat));
    assert_eq!(trio.stage(StageId::Rlhf), None);
    let reward = trio.reward.as_ref().expect("a reward model");
    assert_eq!(reward.standardized(1.75), Some(1.0));
    assert_eq!(Reward { sd: None, ..reward.clone() }.standardized(1.0), None);
    let ids: Vec<&str> = trio.checkpoints.iter().map(|Checkpoint { id, .. }| id.as_str()).collect();
    assert_eq!(ids, ["pretrain-1", "overtrained-9"]);
    for id in StageId::ALL {
        assert_eq!(id.as_str().parse::<StageId>(), Ok(id));
    }
    let unknown = "SFT".parse::<StageId>().expect_err("upper case").to_string();
    assert!(unknown.contains("SFT") && unknown.contains("rlhf"), "{unknown}");
}
