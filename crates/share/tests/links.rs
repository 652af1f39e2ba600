//! Links and files: round trips, old links, and everything a stranger may send.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::scenes;
use miniz_oxide::deflate::compress_to_vec_zlib;
use proptest::prelude::*;
use share::link::{self, LinkSize, MAX_CHARS, MAX_UNPACKED};
use share::scene::Prompt;
use share::{Collection, NamedScene, Scene, ShareError, Shared, file};

const GOLDEN: [(&str, &str); 4] = [
    (include_str!("golden/v1.link"), include_str!("golden/v1.json")),
    (include_str!("golden/small-v1.link"), include_str!("golden/small-v1.json")),
    (include_str!("golden/lesson-v1.link"), include_str!("golden/lesson-v1.json")),
    (include_str!("golden/lab-v1.link"), include_str!("golden/lab-v1.json")),
];

fn scene(text: &str) -> Shared {
    Scene { prompt: Prompt::new(text), ..Scene::default() }.into()
}

fn packed(json: &str) -> String {
    format!("#v1={}", URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(json.as_bytes(), 6)))
}

#[test]
fn golden_links_open_and_mean_what_they_meant() {
    for (old, json) in GOLDEN {
        let shared = link::open(old).unwrap();
        assert_eq!(serde_json::to_string(&shared).unwrap(), json.trim());
        // And what is written today opens again.
        let again = link::link("https://example.org/", &shared).unwrap();
        assert_eq!(link::open(&again.url).as_ref(), Ok(&shared));
        assert_eq!(file::open(&file::write(&shared).unwrap()), Ok(shared));
    }
}

#[test]
fn a_typical_link_is_short() {
    let (old, _) = GOLDEN[1];
    let shared = link::open(old).unwrap();
    let short = link::link("https://example.org/glassbox/?model=sprout#old", &shared).unwrap();
    assert!(short.url.starts_with("https://example.org/glassbox/?model=sprout#v1="));
    assert!(short.url.len() < 300 && short.size == LinkSize::Short, "{short:?}");
}

#[test]
fn long_links_are_called_long() {
    // Text that does not pack: words of a counter's hash.
    let noise = |count: u32| -> String {
        (0..count)
            .map(|n| format!("{:08x}", n.wrapping_mul(2_654_435_769).rotate_left(7)))
            .collect()
    };
    let size = |count| link::link("https://example.org/", &scene(&noise(count))).unwrap().size;
    assert_eq!(size(100), LinkSize::Short);
    assert_eq!(size(700), LinkSize::Long);
    assert_eq!(size(3000), LinkSize::TooLong);
    // Too long to be sent is not too long to be opened.
    let long = link::fragment(&scene(&noise(3000))).unwrap();
    assert_eq!(link::open(&long), Ok(scene(&noise(3000))));
}

#[test]
fn addresses_without_a_scene_are_no_links() {
    for address in ["", "#", "https://example.org/", "#top", "#v=abc", "#v1", "#w1=abc", "v1=abc"] {
        assert!(!link::is_link(address), "{address}");
        assert_eq!(link::open(address), Err(ShareError::NoLink), "{address}");
    }
    assert_eq!(link::open("#v0=eNo"), Err(ShareError::Damaged));
}

#[test]
fn mail_programs_are_forgiven() {
    let fragment = link::fragment(&scene("hi")).unwrap();
    let mangled = format!(" https://example.org/a?b=c{}\n", fragment.replace('=', "%3D"));
    assert_eq!(link::open(&mangled), Ok(scene("hi")));
}

#[test]
fn links_of_the_future_say_so() {
    let future = |version| Err(ShareError::FutureVersion { version, known: link::VERSION });
    assert_eq!(link::open("#v2=whatever_it-is!"), future(2));
    assert_eq!(link::open("#v99999999999=x"), future(u32::MAX));
    assert_eq!(file::open(r#"{"glassbox": 7, "anything": [1]}"#), future(7));
}

#[test]
fn damaged_links_say_so() {
    let whole = link::fragment(&scene("a prompt of some length, 香蕉是")).unwrap();
    for length in 4..whole.len() {
        let error = link::open(&whole[..length]).unwrap_err();
        assert_eq!(error, ShareError::Damaged, "{length} of {}", whole.len());
    }
    for data in ["", "====", "not base64", "AAAA", "eNo", "eJyrVkrOT0lVslIqqQQAFMMDnQ"] {
        assert!(link::open(&format!("#v1={data}")).is_err(), "{data}");
    }
}

#[test]
fn bombs_do_not_unpack() {
    let bomb = packed(&format!(r#"{{"scene":{{"prompt":{{"text":"{}"}}}}}}"#, "x".repeat(8 << 20)));
    assert!(bomb.len() < MAX_CHARS, "{}", bomb.len());
    assert_eq!(link::open(&bomb), Err(ShareError::TooLarge { max: MAX_UNPACKED }));
    let long = format!("#v1={}", "A".repeat(MAX_CHARS));
    assert!(matches!(link::open(&long), Err(ShareError::TooLong { .. })));
    let large = " ".repeat(file::MAX_BYTES + 1);
    assert_eq!(file::open(&large), Err(ShareError::TooLarge { max: file::MAX_BYTES }));
}

#[test]
fn hostile_json_is_refused() {
    let deep = format!(r#"{{"scene":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let many = format!(r#"{{"scene":{{"columns":[{}]}}}}"#, ["{}"; 5].join(","));
    let cases = [
        "",
        "null",
        "[]",
        "{}",
        "{\"scene\":null}",
        "{\"scene\":{},\"lesson\":{}}",
        "{\"scene\":{}} {}",
        r#"{"scene":{"unknown":1}}"#,
        r#"{"scene":{"__proto__":{"embed":true}}}"#,
        r#"{"scene":{"embed":"yes"}}"#,
        r#"{"scene":{"prompt":[]}}"#,
        r#"{"scene":{"columns":[[]]}}"#,
        r#"{"scene":{"view":["compare"]}}"#,
        r#"{"scene":{"prompt":"text"}}"#,
        r#"{"scene":{"max_tokens":1e99}}"#,
        r#"{"scene":{"max_tokens":-1}}"#,
        r#"{"scene":{"max_tokens":1.5}}"#,
        r#"{"scene":{"sampler":{"temperature":1e999}}}"#,
        r#"{"scene":{"sampler":{"temperature":"NaN"}}}"#,
        r#"{"scene":{"sampler":{"seed":18446744073709551616}}}"#,
        r#"{"scene":{"view":{"page":"admin"}}}"#,
        r#"{"scene":{"view":{"page":"inside","layer":{"a":1}}}}"#,
        r#"{"scene":{"view":{"page":"lab","plan":[["plain"]]}}}"#,
        r#"{"scene":{"view":{"page":"lab","plan":[{"id":"plain","knobs":1}]}}}"#,
        r#"{"scene":{"view":{"page":"lab","stages":[["sprout","sft"]]}}}"#,
        r#"{"scene":{"view":{"page":"lab","languages":["de"]}}}"#,
        r#"{"scene":{"view":{"page":"lab","pattern":["x"]}}}"#,
        r#"{"scene":{"expected":{"columns":["gA"]}}}"#,
        r#"{"scenes":{"scenes":[]}}"#,
        r#"{"scenes":{"scenes":[{"name":" ","scene":{}}]}}"#,
        r##"{"lesson":{"id":"../up","language":"en","markdown":"# A\n\n## B"}}"##,
        r##"{"lesson":{"id":"up","language":"de","markdown":"# A\n\n## B"}}"##,
        r##"{"lesson":{"id":"up","language":"en","markdown":"no lesson"}}"##,
        deep.as_str(),
        many.as_str(),
    ];
    // A file is read twice, a link is not.
    assert!(link::open(&packed(r#"{"scene":{"embed":true,"embed":true}}"#)).is_err());
    for json in cases {
        let error = link::open(&packed(json)).unwrap_err();
        assert!(!error.to_string().is_empty() && error != ShareError::Damaged, "{json}: {error}");
        let file = json.replacen('{', r#"{"glassbox":1,"#, 1);
        assert!(file::open(&file).is_err(), "{file}");
    }
}

#[test]
fn what_cannot_be_opened_is_not_written() {
    let bad: Shared = Scene { max_tokens: 0, ..Scene::default() }.into();
    assert!(matches!(link::link("", &bad), Err(ShareError::Scene(_))));
    assert!(matches!(file::write(&bad), Err(ShareError::Scene(_))));
    let nameless = NamedScene::default();
    let set = Shared::Scenes(Collection { title: String::new(), scenes: vec![nameless] });
    assert!(matches!(link::fragment(&set), Err(ShareError::Collection { .. })));
}

#[test]
fn files_are_for_people_too() {
    let text = file::write(&scene("A banana is")).unwrap();
    assert!(text.starts_with("{\n  \"glassbox\": 1,\n  \"scene\": {"), "{text}");
    assert_eq!(file::open(&format!("\u{feff}{text}")), Ok(scene("A banana is")));
    for text in ["", "{}", "PK\u{3}\u{4}", r#"{"glassbox":0,"scene":{}}"#, r#"{"glassbox":1}"#] {
        assert!(matches!(file::open(text), Err(ShareError::Unreadable(_))), "{text}");
    }
}

proptest! {
    #[test]
    fn links_and_files_round_trip(scene in scenes()) {
        let shared = Shared::from(scene);
        let fragment = link::fragment(&shared).unwrap();
        let opened = link::open(&fragment);
        prop_assert_eq!(opened.as_ref(), Ok(&shared));
        // Canonical: what was opened is written alike.
        let opened = link::open(&fragment).unwrap();
        prop_assert_eq!(link::fragment(&opened).unwrap(), fragment);
        prop_assert_eq!(file::open(&file::write(&shared).unwrap()), Ok(shared));
    }

    #[test]
    fn sets_round_trip(scenes in prop::collection::vec(scenes(), 1..4), saved in 0u64..1 << 50) {
        let name = "Bees – 蜜蜂".to_owned();
        let named = |scene| NamedScene { name: name.clone(), saved, scene };
        let scenes = scenes.into_iter().map(named).collect();
        let shared = Shared::Scenes(Collection { title: "A set".to_owned(), scenes });
        prop_assert_eq!(link::open(&link::fragment(&shared).unwrap()), Ok(shared));
    }

    #[test]
    fn a_flipped_bit_never_opens_as_something_else(scene in scenes(), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let shared = Shared::from(scene);
        let fragment = link::fragment(&shared).unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(&fragment[4..]).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        // A bit of padding at the end of the deflate stream carries nothing.
        if let Ok(opened) = link::open(&format!("#v1={}", URL_SAFE_NO_PAD.encode(bytes))) {
            prop_assert_eq!(opened, shared);
        }
    }

    #[test]
    fn any_text_is_opened_or_refused(text in ".{0,200}", data in "[A-Za-z0-9_-]{0,200}", version in 0..4u32) {
        let _ = link::open(&text);
        let _ = link::open(&format!("#v{version}={data}"));
        let _ = file::open(&text);
        let _ = file::open(&format!(r#"{{"glassbox":{version},"scene":{text}}}"#));
    }
}
