//! Readers of crate `share`: what a stranger may send.

use share::lesson::{self, Observed};
use share::markdown::{Block, Inline, is_safe_url, parse};
use share::scene::Language;
use share::{Scene, Shared, file, link};

/// A link or a file: what opens is written again, and is then the same; whatever else may be told in a sentence.
pub fn link(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let framed = format!("#v1={text}");
    for opened in [link::open(&text), link::open(&framed), file::open(&text)] {
        match opened {
            Ok(shared) => check_shared(&shared),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// The JSON of a scene: what is accepted is within its bounds and has one text.
pub fn scene(data: &[u8]) {
    let Ok(json) = str::from_utf8(data) else { return };
    if let Ok(scene) = Scene::from_json(json) {
        assert_eq!(scene.check(), Ok(()));
        let text = scene.to_json().expect("a scene that was accepted");
        let again = Scene::from_json(&text).expect("its own text");
        assert_eq!(again.to_json().as_ref(), Ok(&text));
        check_shared(&Shared::from(scene));
    }
}

/// A lesson: steps in order, no link that is none, and questions and claims that can be looked at with nothing observed.
pub fn lesson(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(document) = parse(&text) {
        assert!(document.blocks.is_sorted_by_key(|(line, _)| *line), "lines go back");
        document.blocks.iter().for_each(|(_, block)| check_block(block));
    }
    let Ok(lesson) = lesson::parse("fuzz", Language::Zh, &text) else { return };
    assert!(!lesson.steps.is_empty() && !lesson.title.is_empty());
    let nothing = Observed::default();
    for (at, step) in lesson.steps.iter().enumerate() {
        assert!(step.scene().is_none_or(|scene| scene.check().is_ok()));
        assert!(step.scene().is_none() || lesson.scene_at(at) == step.scene());
        for claim in step.claims() {
            assert_eq!(claim.check(&nothing), lesson::Outcome::NotObserved);
        }
        for question in step.questions() {
            question.grade(&lesson::Answer::Number(0.0), &nothing);
            assert!(question.text_measure().is_none_or(|of| of.options(&nothing).is_empty()));
        }
    }
}

fn check_shared(shared: &Shared) {
    let fragment = link::fragment(shared).expect("what was opened can be written");
    // Long texts pack into more than a link may have; nothing else is refused.
    if fragment.len() <= link::MAX_CHARS {
        if let Ok(again) = link::open(&fragment) {
            assert_eq!(link::fragment(&again).as_ref(), Ok(&fragment));
        } else {
            let bytes = serde_json::to_string(shared).map(|json| json.len());
            assert!(bytes.is_ok_and(|bytes| bytes > link::MAX_UNPACKED), "{fragment}");
        }
    }
    let text = file::write(shared).expect("what was opened can be written");
    assert!(text.len() > file::MAX_BYTES || file::open(&text).is_ok(), "{text}");
}

fn check_block(block: &Block) {
    match block {
        Block::Paragraph(text) | Block::Heading { text, .. } => check_inlines(text),
        Block::List { items, .. } => items.iter().flatten().for_each(check_block),
        Block::Quote(blocks) => blocks.iter().for_each(check_block),
        Block::Code { .. } | Block::Rule => {}
    }
}

fn check_inlines(inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Link { url, text } => {
                assert!(is_safe_url(url), "{url}");
                check_inlines(text);
            }
            Inline::Emphasis(text) | Inline::Strong(text) => check_inlines(text),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}
