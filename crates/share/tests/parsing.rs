//! Lessons: what is read from them, what is refused and where.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use share::lesson::{
    Ask, Lesson, LessonError, Measure, Place, Problem, StepBlock, TextMeasure, parse,
};
use share::markdown::plain;
use share::scene::Language;

const LESSON: &str = r##"# A *small* lesson

Before the first step.

## First

Look at this.

```scene
{"prompt": {"text": "A banana is"}, "columns": [{"model": "sprout", "stage": "base"}]}
```

```highlight
{"place": "token", "column": 0, "token": 2}
```

```question
{"ask": "Which token is ranked **first**?", "answer": {"text": {"of": {"alternative": {}}}},
 "nudge": "Point at it.", "because": "It is so."}
```

```claim
[{"contains": {"of": {"answer": {}}, "any": ["fruit"]}},
 {"range": {"of": {"probability": {"at": 1}}, "min": 0.5}}]
```

### A heading within

```text
{"not": "ours"}
```

## Second

```widget
{"lookup": {"key": "cm", "value": "kg", "keys": [1, 2], "values": [3, 4], "query": 1.5, "width": 1}}
```
"##;

fn read(text: &str) -> Result<Lesson, LessonError> {
    parse("small", Language::En, text)
}

fn problem(text: &str) -> (usize, Problem) {
    let LessonError { line, problem } = read(text).unwrap_err();
    (line, problem)
}

#[test]
fn a_lesson_becomes_steps() {
    let lesson = read(LESSON).unwrap();
    assert_eq!((lesson.title.as_str(), lesson.intro.len()), ("A small lesson", 1));
    let [first, second] = lesson.steps.as_slice() else { panic!("{}", lesson.steps.len()) };
    assert_eq!((first.title.as_str(), first.blocks.len()), ("First", 8));
    assert_eq!(first.scene().unwrap().prompt.text, "A banana is");
    assert_eq!(first.highlights().next().unwrap().place, Place::Token);
    let question = first.questions().next().unwrap();
    assert_eq!(plain(&question.ask), "Which token is ranked first?");
    let top = TextMeasure::Alternative { column: 0, at: 0, rank: 0 };
    assert_eq!(question.answer, Ask::Text { of: top.clone() });
    assert_eq!(first.claims().count(), 2);
    assert_eq!(first.text_measures(), [&top, &TextMeasure::Answer { column: 0 }]);
    assert_eq!(first.measures(), [&Measure::Probability { column: 0, at: 1, rank: 0 }]);
    assert!(matches!(second.blocks.as_slice(), [StepBlock::Widget(_)]));
    // A step without a scene goes on with the last one.
    assert_eq!(lesson.scene_at(1), first.scene());
    assert_eq!(lesson.scene_at(usize::MAX), first.scene());
}

#[test]
fn what_is_no_lesson_is_refused_with_its_line() {
    assert_eq!(problem(""), (1, Problem::Title));
    assert_eq!(problem("text\n\n# Late\n\n## Step"), (1, Problem::Title));
    assert_eq!(problem("# One\n\n## Step\n\n# Two"), (5, Problem::Title));
    assert_eq!(problem("# One\n\ntext"), (1, Problem::Steps { max: 100 }));
    let early = Problem::Early { name: "claim".to_owned() };
    let claim = r#"[{"range": {"of": "distinct_samples", "min": 2}}]"#;
    assert_eq!(problem(&format!("# A\n\n```claim\n{claim}\n```\n")), (3, early));
    let id = parse("../x", Language::En, LESSON).unwrap_err();
    assert_eq!(id.problem, Problem::Id("../x".to_owned()));
    let scene = "```scene\n{}\n```\n\n";
    assert_eq!(problem(&format!("# A\n\n## B\n\n{scene}{scene}")), (9, Problem::Scenes));
}

#[test]
fn blocks_that_make_no_sense_are_refused() {
    let block = |name: &str, json: &str| problem(&format!("# A\n\n## B\n\n```{name}\n{json}\n```"));
    let scene = block("scene", r#"{"max_tokens": 0}"#);
    assert!(matches!(scene, (5, Problem::Scene(_))), "{scene:?}");
    for (name, json) in [
        ("scene", "{"),
        ("scene", r#"{"script": 1}"#),
        ("highlight", r#"{"place": "moon"}"#),
        ("highlight", r#"{"place": "token", "selector": "body"}"#),
        ("question", r#"{"ask": "?"}"#),
        ("question", r#"{"ask":"?","answer":{"guess":{}},"nudge":"a","because":"b"}"#),
        ("widget", r#"{"html": "x"}"#),
        ("claim", r#"{"range": {"of": "moved", "min": 0}}"#),
        ("claim", r#"[{"range": {"of": {"probability": {"row": 1}}, "min": 0}}]"#),
    ] {
        let refused = block(name, json);
        assert!(matches!(refused, (5, Problem::Json { .. })), "{json}: {refused:?}");
    }
    let pick = r#"{"ask":"?","answer":{"pick":{"options":["a","b"],"right":2}},"nudge":"a","because":"b"}"#;
    let silent = r#"{"ask":" ","answer":{"value":{"is":1}},"nudge":"a","because":"b"}"#;
    for (name, json) in [
        ("question", pick),
        ("question", silent),
        ("highlight", r#"{"place": "token", "column": 4}"#),
        (
            "widget",
            r#"{"lookup":{"key":"a","value":"b","keys":[1],"values":[],"query":0,"width":1}}"#,
        ),
        ("claim", "[]"),
        ("claim", r#"[{"range": {"of": "moved"}}]"#),
        ("claim", r#"[{"range": {"of": "moved", "min": 2, "max": 1}}]"#),
        ("claim", r#"[{"contains": {"of": {"answer": {}}, "any": []}}]"#),
        ("claim", r#"[{"lacks": {"of": {"answer": {}}, "any": [""]}}]"#),
        ("claim", r#"[{"more": {"of": "moved", "than": "moved"}}]"#),
        ("claim", r#"[{"differ": {"of": {"answer": {}}, "from": {"answer": {"column": 0}}}}]"#),
    ] {
        let refused = block(name, json);
        assert!(matches!(refused, (5, Problem::Senseless(_))), "{json}: {refused:?}");
    }
}
