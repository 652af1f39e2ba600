//! The lessons that come with the site: complete, alike in both languages, and properly set.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::mem::discriminant;
use std::path::{Path, PathBuf};

use share::lesson::{Ask, Claim, Index, Lesson, StepBlock, Widget, parse};
use share::markdown::{Block, Inline, plain};
use share::scene::{InsideView, Language, Prompt, Scene, View};
use share::{LessonText, Shared, link};

const LANGUAGES: [Language; 2] = [Language::En, Language::Zh];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/lessons")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn index() -> Index {
    Index::parse(&read(&folder().join("index.json"))).unwrap()
}

/// Every lesson in both languages.
fn lessons() -> Vec<[Lesson; 2]> {
    let entries = index().lessons;
    let lesson = |entry: &share::lesson::IndexEntry, language| {
        let text = read(&folder().join(entry.path(language)));
        let lesson = parse(&entry.id, language, &text);
        lesson.unwrap_or_else(|error| panic!("{}: {error}", entry.path(language)))
    };
    entries.iter().map(|entry| LANGUAGES.map(|language| lesson(entry, language))).collect()
}

#[test]
fn there_are_enough_lessons_and_the_index_lists_them() {
    let index = index();
    assert!(index.lessons.len() >= 8, "{} lessons", index.lessons.len());
    let listed: BTreeSet<String> = index.lessons.iter().map(|entry| entry.id.clone()).collect();
    assert_eq!(listed.len(), index.lessons.len(), "an id twice");
    for language in LANGUAGES {
        let files = fs::read_dir(folder().join(language.code())).unwrap();
        let found: BTreeSet<String> = files
            .map(|file| {
                file.unwrap().file_name().to_string_lossy().trim_end_matches(".md").to_owned()
            })
            .collect();
        assert_eq!(found, listed, "{language:?}");
    }
    for (entry, lessons) in index.lessons.iter().zip(lessons()) {
        for lesson in lessons {
            assert_eq!(lesson.title, entry.title.get(lesson.language), "{}", entry.id);
            assert!(!entry.summary.get(lesson.language).is_empty() && entry.minutes > 0);
        }
    }
}

#[test]
fn lessons_have_steps_scenes_questions_and_claims() {
    for lesson in lessons().into_iter().flatten() {
        let name = format!("{} ({:?})", lesson.id, lesson.language);
        assert_eq!(lesson.dropped, 0, "{name} has HTML, pictures or odd links");
        assert!(lesson.steps.len() >= 5, "{name} has {} steps", lesson.steps.len());
        assert!(!lesson.intro.is_empty(), "{name} has no introduction");
        let graded = lesson.steps.iter().flat_map(|step| step.questions());
        let by_run =
            |ask: &Ask| matches!(ask, Ask::Text { .. } | Ask::Number { .. } | Ask::Which { .. });
        assert!(graded.filter(|question| by_run(&question.answer)).count() > 0, "{name}");
        assert!(lesson.steps.iter().any(|step| step.claims().next().is_some()), "{name}");
        for step in &lesson.steps {
            let has_text = step.blocks.iter().any(|block| matches!(block, StepBlock::Text(_)));
            assert!(has_text, "{name}, {}", step.title);
        }
    }
}

#[test]
fn both_languages_have_the_same_steps_scenes_and_questions() {
    for [en, zh] in lessons() {
        assert_eq!(en.steps.len(), zh.steps.len(), "{}", en.id);
        for (one, other) in en.steps.iter().zip(&zh.steps) {
            let name = format!("{}, {} / {}", en.id, one.title, other.title);
            // Text may be set in another number of paragraphs; what the page does may not differ.
            let acts = |step: &share::lesson::Step| -> Vec<Act> {
                step.blocks.iter().filter_map(act).collect()
            };
            assert_eq!(acts(one), acts(other), "{name}");
        }
    }
}

/// What the page does at a block, without the words.
#[derive(Debug, PartialEq)]
enum Act {
    Scene(Box<Scene>),
    Highlight(share::lesson::Highlight),
    Question(String),
    Widget(String),
    Claim(String),
}

fn act(block: &StepBlock) -> Option<Act> {
    Some(match block {
        StepBlock::Text(_) => return None,
        StepBlock::Scene(scene) => Act::Scene(Box::new(Scene {
            prompt: Prompt::default(),
            language: None,
            // Where a sentence ends depends on its language.
            view: match scene.view.clone() {
                View::Inside(view) => {
                    View::Inside(InsideView { token: view.token.map(|_| 0), ..view })
                }
                other => other,
            },
            ..Scene::clone(scene)
        })),
        StepBlock::Highlight(highlight) => Act::Highlight(*highlight),
        StepBlock::Question(question) => Act::Question(match &question.answer {
            Ask::Pick { options, right } => format!("pick {right} of {}", options.len()),
            Ask::Text { of } => format!("{of:?}"),
            Ask::Number { of, tolerance } => format!("{of:?} {tolerance}"),
            Ask::Value { is, tolerance } => format!("{is} {tolerance}"),
            Ask::Which { options, want, .. } => format!("{want:?} of {}", options.len()),
        }),
        StepBlock::Widget(Widget::Lookup(lookup)) => {
            Act::Widget(format!("{:?} {}", lookup.keys, lookup.width))
        }
        StepBlock::Widget(Widget::Data { source, .. }) => Act::Widget(format!("{source:?}")),
        StepBlock::Claim(claim) => Act::Claim(match claim {
            Claim::Range { min, max, .. } => {
                format!("{:?} {} {}", discriminant(claim), min.is_some(), max.is_some())
            }
            Claim::More { by, .. } => format!("{:?} {by}", discriminant(claim)),
            _ => format!("{:?} {}", discriminant(claim), claim.text_measures().len()),
        }),
    })
}

#[test]
fn scenes_run_sprout_and_can_be_run_again() {
    for lesson in lessons().into_iter().flatten() {
        for scene in lesson.steps.iter().filter_map(|step| step.scene()) {
            let name = format!("{} ({:?}): {:?}", lesson.id, lesson.language, scene.prompt.text);
            assert!(!scene.columns.is_empty(), "{name}");
            assert!(scene.language.is_none() && scene.lesson.is_none(), "{name}");
            for column in &scene.columns {
                let stage = column.stage.as_str();
                assert_eq!(column.model, "sprout", "{name}");
                assert!(["base", "sft", "rlhf"].contains(&stage), "{name}: {stage}");
            }
        }
    }
}

#[test]
fn chinese_is_set_in_chinese() {
    for [en, zh] in lessons() {
        for text in texts(&en) {
            assert!(!text.chars().any(|c| "，。？！；：".contains(c)), "{}: {text}", en.id);
        }
        for text in texts(&zh) {
            let characters: Vec<char> = text.chars().collect();
            let halves =
                characters.windows(2).find(|pair| is_chinese(pair[0]) && ",;:?!".contains(pair[1]));
            assert_eq!(halves, None, "{}: half-width punctuation in {text}", zh.id);
            assert!(!text.contains('\u{fffd}') && !text.contains("。。"), "{}: {text}", zh.id);
            assert!(characters.iter().any(|c| is_chinese(*c)), "{}: not Chinese: {text}", zh.id);
        }
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Everything a lesson says, by paragraphs; code and formulas are no sentences.
fn texts(lesson: &Lesson) -> Vec<String> {
    let mut texts = vec![lesson.title.clone()];
    lesson.intro.iter().for_each(|block| add(block, &mut texts));
    for step in &lesson.steps {
        texts.push(step.title.clone());
        for block in &step.blocks {
            match block {
                StepBlock::Text(block) => add(block, &mut texts),
                StepBlock::Question(question) => {
                    for said in [&question.ask, &question.nudge, &question.because] {
                        texts.push(plain(said));
                    }
                }
                _ => {}
            }
        }
    }
    texts
}

fn add(block: &Block, texts: &mut Vec<String>) {
    match block {
        Block::Paragraph(inlines) if matches!(inlines.as_slice(), [Inline::Code(_)]) => {}
        Block::Paragraph(inlines) | Block::Heading { text: inlines, .. } => {
            let words = inlines.iter().filter(|inline| !matches!(inline, Inline::Code(_)));
            texts.push(plain(&words.cloned().collect::<Vec<_>>()));
        }
        Block::List { items, .. } => items.iter().flatten().for_each(|block| add(block, texts)),
        Block::Quote(blocks) => blocks.iter().for_each(|block| add(block, texts)),
        Block::Code { .. } | Block::Rule => {}
    }
}

#[test]
fn a_lesson_travels_in_a_link_or_a_file() {
    for entry in index().lessons {
        for language in LANGUAGES {
            let markdown = read(&folder().join(entry.path(language)));
            let shared = Shared::Lesson(LessonText { id: entry.id.clone(), language, markdown });
            let link = link::link("https://example.org/", &shared).unwrap();
            assert_eq!(link::open(&link.url), Ok(shared), "{}", link.url.len());
        }
    }
}
