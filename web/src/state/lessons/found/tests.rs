use super::*;
use crate::protocol::inside::{AttentionHead, HeadStats, LensRow, SwitchedRun};
use crate::protocol::{FinishReason, Prompt};
use crate::state::run::Run;
use crate::state::testing::{asked, generated, token};
use share::lesson::{Measure, TextMeasure, parse};
use share::scene::{Language, Patch, Switch, SwitchPart};

const STEP: &str = r#"
# A lesson

## A step

Text.

```question
{"ask": "a", "nudge": "b", "because": "c", "answer": {"text": {"of": {"attended": {"layer": 1, "head": 2, "query": 1}}}}}
```

```question
{"ask": "a", "nudge": "b", "because": "c", "answer": {"which": {"options": ["x", "y"], "want": "most",
 "of": [{"similarity": {"a": " red", "b": " blue"}}, {"attention": {"layer": 1, "head": 2, "query": 1, "key": 0}}]}}}
```

```claim
[{"range": {"of": "moved", "min": 0.5}}]
```
"#;

/// A run of this prompt that wrote token 7 and one more.
fn run(prompt: &[&str]) -> Run {
    let mut run = Run::default();
    run.begin(1, asked("base"), Vec::new());
    let tokens = (0..).zip(prompt).map(|(id, text)| token(id, text)).collect();
    run.prompt_tokens(1, prompt.concat(), tokens);
    run.token(1, generated(7, " Paris"));
    run.token(1, generated(8, "."));
    run.finish(1, FinishReason::MaxTokens, None);
    run
}

fn subject() -> Subject {
    let columns = vec![None, Prompted::of(&run(&["a", "b", "c"]))];
    Subject { columns, column: 1, ..Subject::default() }
}

/// What is kept when the worker answers so.
fn found(look: &Look, subject: &Subject, parts: Vec<Answer>) -> Observed {
    let looks = std::slice::from_ref(look);
    let mut found = Found::default();
    let asked = found.next(looks, subject).expect("something to ask");
    found.keep(asked, &parts.into_iter().map(Arc::new).collect::<Vec<_>>());
    assert_eq!(found.next(looks, subject), None, "asked once");
    let mut observed = Observed::default();
    found.add_to(&mut observed, looks, subject);
    observed
}

#[test]
fn questions_say_what_is_looked_at_and_claims_do_not() {
    let lesson = parse("a", Language::En, STEP).expect("a lesson");
    let head = Look::Head { column: 0, layer: 1, head: 2 };
    let likeness = Look::Similarity { a: " red".into(), b: " blue".into() };
    assert_eq!(looks(&lesson.steps[0]), [head, likeness]);
}

#[test]
fn the_prompt_alone_is_asked_about_once_its_run_is_over() {
    let looks = [Look::Lens];
    let found = Found::default();
    let (text, ask) = found.next(&looks, &subject()).expect("a finished run");
    assert!(text.answer.is_empty());
    assert_eq!(text.prompt, Prompt::Raw { text: "Hello".into() });
    assert_eq!(ask, Ask::Lens { first: 2, count: 1, target: None });
    assert_eq!(found.next(&looks, &Subject { column: 0, ..subject() }), None);
    let mut running = Run::default();
    running.begin(1, asked("base"), Vec::new());
    running.prompt_tokens(1, "a".into(), vec![token(0, "a")]);
    assert_eq!(Prompted::of(&running), None);
}

#[test]
fn a_head_is_seen_without_what_is_masked() {
    let head = AttentionHead {
        layer: 1,
        head: 2,
        kv_head: 1,
        tokens: 2,
        width: 1,
        scale: 1.0,
        window: None,
        weights: vec![1.0, 0.0, 0.75, 0.25],
        queries: vec![0.0; 2],
        keys: vec![0.0; 2],
        values: vec![0.0; 2],
        stats: HeadStats::default(),
    };
    let look = Look::Head { column: 1, layer: 1, head: 2 };
    let observed = found(&look, &subject(), vec![Answer::Attention(head)]);
    assert_eq!(observed.heads[0].rows, [vec![1.0], vec![0.75, 0.25]]);
    let weight = Measure::Attention { column: 1, layer: 1, head: 2, query: 1, key: 0 };
    assert_eq!(weight.value(&observed), Some(0.75));
}

#[test]
fn the_lens_has_one_entry_for_each_layer() {
    let row = |blocks, text: &str| {
        Answer::Lens(LensRow {
            blocks,
            first: 2,
            top: vec![token(blocks, text)],
            probabilities: vec![0.5],
            logits: vec![1.0],
            log_sums: vec![1.0 + std::f32::consts::LN_2],
            target_ranks: Vec::new(),
            target_probabilities: Vec::new(),
        })
    };
    let parts = vec![row(0, "c"), row(1, "x"), row(3, " Paris"), row(2, " Paris")];
    let observed = found(&Look::Lens, &subject(), parts);
    assert_eq!(observed.lens.len(), 3, "the embedding is no layer");
    assert_eq!(Measure::Settles.value(&observed), Some(1.0));
}

#[test]
fn the_token_without_which_most_is_lost_matters_most() {
    let look = Look::Influence { column: 1 };
    let (_, ask) =
        Found::default().next(std::slice::from_ref(&look), &subject()).expect("it wrote something");
    let Ask::Influence { token, target, tokens, occlusion } = ask else {
        panic!("another question")
    };
    assert_eq!((token, target, tokens), (2, 7, vec![0, 1, 2]));
    assert_eq!(occlusion, Occlusion::Drop);
    let part = |token, probability| Answer::Influence { untouched: 0.5, token, probability };
    let mut observed = found(&look, &subject(), vec![part(0, 0.25), part(1, 0.0625)]);
    assert_eq!(observed.influence[..2], [1.0, 3.0]);
    assert!(observed.influence[2].is_nan(), "it was not taken out");
    observed.columns = vec![super::super::observe::column(&run(&["a", "b", "c"]))];
    let most = TextMeasure::Influential { column: 0 };
    assert_eq!(most.value(&observed).as_deref(), Some("b"));
}

#[test]
fn what_moved_is_half_of_what_is_different() {
    let switch = Switch { part: SwitchPart::Attention, layer: 0, index: 0, scale: 0.0 };
    let patch = Patch { layer: 1, token: 2, source: "other".into(), source_token: 0 };
    let subject = Subject { switches: vec![switch], patch: Some(patch.clone()), ..subject() };
    let (_, ask) = Found::default().next(&[Look::Moved], &subject).expect("a finished run");
    let Ask::Switches { switches, patch: Some(asked), max_tokens: 0 } = ask else {
        panic!("another question")
    };
    assert_eq!((switches, asked.blocks, asked.token), (vec![switch], 2, 2));
    let beyond = Subject { patch: Some(Patch { token: 3, ..patch }), ..subject.clone() };
    let (_, ask) = Found::default().next(&[Look::Moved], &beyond).expect("a finished run");
    assert!(matches!(ask, Ask::Switches { patch: None, .. }), "there is no such token");
    let written = |logits: [f32; 2]| SwitchedRun {
        logits: logits.to_vec(),
        top: Vec::new(),
        continuation: Vec::new(),
        reason: FinishReason::MaxTokens,
    };
    // 3 : 1 becomes 1 : 3.
    let (untouched, changed) = (written([3f32.ln(), 0.0]), written([0.0, 3f32.ln()]));
    let observed = found(&Look::Moved, &subject, vec![Answer::Switched { untouched, changed }]);
    assert!((observed.moved.expect("both runs") - 0.5).abs() < 1e-6, "{:?}", observed.moved);
}

#[test]
fn words_are_compared_by_their_rows_if_each_is_one_token() {
    let looks = [Look::Similarity { a: " red".into(), b: " blue".into() }];
    let mut found = Found::default();
    for (text, id) in [(" red", 4), (" blue", 9)] {
        let asked = found.next(&looks, &subject()).expect("a word");
        assert_eq!(asked.1, Ask::Encode { text: text.into() });
        found.keep(asked, &[Arc::new(Answer::Encoded { tokens: vec![token(id, text)] })]);
    }
    let asked = found.next(&looks, &subject()).expect("the rows");
    assert_eq!(asked.1, Ask::EmbeddingRows { ids: vec![4, 9] });
    let rows = vec![3.0, 4.0, 4.0, 3.0];
    found.keep(asked, &[Arc::new(Answer::EmbeddingRows { width: 2, rows })]);
    let mut observed = Observed::default();
    found.add_to(&mut observed, &looks, &subject());
    let likeness = Measure::Similarity { a: " red".into(), b: " blue".into() };
    assert!((likeness.value(&observed).expect("known") - 0.96).abs() < 1e-6);
}

#[test]
fn what_failed_is_not_asked_again_until_something_runs() {
    let looks = [Look::Lens];
    let mut found = Found::default();
    let asked = found.next(&looks, &subject()).expect("a finished run");
    found.keep(asked.clone(), &[]);
    assert_eq!(found.next(&looks, &subject()), None);
    let mut observed = Observed::default();
    found.add_to(&mut observed, &looks, &subject());
    assert_eq!(observed, Observed::default());
    found.forget_failures();
    assert_eq!(found.next(&looks, &subject()), Some(asked));
}
