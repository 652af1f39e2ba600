use super::*;
use crate::protocol::FinishReason;
use crate::protocol::inside::TokenValue;
use crate::state::testing::{facts, token};

fn text(answer: Vec<u32>) -> InsideText {
    let prompt = Prompt::Raw { text: "abc".into() };
    InsideText { model: "m".into(), stage: "base".into(), prompt, answer }
}

fn run(logits: [f32; 3], continuation: &[u32]) -> SwitchedRun {
    let mut order = [0u32, 1, 2];
    order.sort_by(|a, b| logits[*b as usize].total_cmp(&logits[*a as usize]));
    SwitchedRun {
        logits: logits.to_vec(),
        top: order
            .iter()
            .map(|id| TokenValue { token: token(*id, &format!("t{id}")), value: 0.0 })
            .collect(),
        continuation: continuation.iter().map(|id| token(*id, "x")).collect(),
        reason: FinishReason::MaxTokens,
    }
}

#[test]
fn a_part_is_scaled_once_and_forgotten_at_one() {
    let mut switches = Vec::new();
    assert!(set_scale(&mut switches, SwitchPart::Head, 1, 2, 0.0));
    assert!(set_scale(&mut switches, SwitchPart::Head, 1, 2, 0.5));
    assert_eq!(switches.len(), 1);
    assert_eq!(scale_of(&switches, SwitchPart::Head, 1, 2), 0.5);
    assert_eq!(scale_of(&switches, SwitchPart::Neuron, 1, 2), 1.0);
    assert!(set_scale(&mut switches, SwitchPart::Head, 1, 2, 1.0));
    assert!(set_scale(&mut switches, SwitchPart::Attention, 0, 0, 1.0));
    assert!(switches.is_empty());
}

#[test]
fn a_scene_holds_only_so_many() {
    let mut switches = Vec::new();
    for index in 0..MAX_SWITCHES as u32 {
        assert!(set_scale(&mut switches, SwitchPart::Neuron, 0, index, 0.0));
    }
    assert!(!set_scale(&mut switches, SwitchPart::Head, 0, 0, 0.0));
    assert!(
        set_scale(&mut switches, SwitchPart::Neuron, 0, 3, 2.0),
        "those that are there can change"
    );
    assert_eq!(switches.len(), MAX_SWITCHES);
}

#[test]
fn what_the_model_does_not_have_is_left_out() {
    let switch = |part, layer, index| Switch { part, layer, index, scale: 0.0 };
    let all = [
        switch(SwitchPart::Head, 1, 3),
        switch(SwitchPart::Head, 1, 4),
        switch(SwitchPart::Head, 2, 0),
        switch(SwitchPart::Neuron, 0, 63),
        switch(SwitchPart::Neuron, 0, 64),
        switch(SwitchPart::FeedForward, 1, 0),
    ];
    // Two layers, four heads, 64 neurons.
    let left = that_fit(&all, &facts(&["a"]).shape);
    assert_eq!(left, [all[0], all[3], all[5]]);
}

#[test]
fn both_runs_go_on_from_the_chosen_token_or_from_the_prompt() {
    let mut facts = facts(&["a", "b", "c", "d", "e"]);
    facts.prompt_tokens = 3;
    let text = text(vec![3, 4]);
    let at = |token| {
        let view = InsideView { token, ..InsideView::default() };
        text_to(&text, &facts, &Selection::of(&view, Some(&facts))).answer
    };
    assert!(at(None).is_empty());
    assert_eq!(at(Some(3)), [3]);
    assert_eq!(at(Some(4)), [3, 4]);
    assert!(at(Some(0)).is_empty(), "within the prompt there is nothing to go on from");
}

#[test]
fn another_prompt_goes_in_as_the_first_did() {
    let raw = prompt_like(&Prompt::Raw { text: "a".into() }, "b");
    assert_eq!(raw, Prompt::Raw { text: "b".into() });
    let message =
        |role: &str, content: &str| Message { role: role.to_owned(), content: content.to_owned() };
    let chat = Prompt::Chat { messages: vec![message("system", "s"), message("user", "a")] };
    let expected = Prompt::Chat { messages: vec![message("system", "s"), message("user", "b")] };
    assert_eq!(prompt_like(&chat, "b"), expected);
    let begun = |question: &str| Prompt::Parts {
        input: Input::Chat { messages: vec![message("user", question)], starter: "It is".into() },
        segments: Vec::new(),
    };
    assert_eq!(prompt_like(&begun("a"), "b"), begun("b"), "the answer begins as it did");
}

#[test]
fn a_patch_is_asked_for_when_it_fits() {
    let facts = facts(&["a", "b", "c"]);
    let patch = Patch { layer: 1, token: 2, source: "x".into(), source_token: 1 };
    let view = InsideView { patch: Some(patch), ..InsideView::default() };
    let blocks = |source_tokens| match ask(&view, &text(Vec::new()), &facts, source_tokens) {
        Ask::Switches { patch, .. } => patch.map(|patch| (patch.blocks, patch.source_token)),
        other => unreachable!("{other:?}"),
    };
    assert_eq!(blocks(Some(2)), Some((2, 1)));
    assert_eq!(blocks(Some(1)), None, "the other prompt is not so long");
    assert_eq!(blocks(None), None, "it is not known yet");
}

#[test]
fn the_comparison_lists_the_likeliest_of_both() {
    let comparison = Comparison {
        untouched: run([2.0, 1.0, 0.0], &[1, 2]),
        changed: run([0.0, 1.0, 9.0], &[1, 5]),
    };
    let chart = comparison.chart(["before", "after"]);
    assert_eq!(chart.bars.len(), 3);
    assert_eq!(chart.bars[0].name, "t2", "the largest of both comes first");
    for series in 0..2 {
        let sum: f32 = chart.bars.iter().filter_map(|bar| bar.values[series]).sum();
        assert!((sum - 1.0).abs() < 1e-5, "the whole vocabulary of three");
    }
    assert!(comparison.divergence().is_some_and(|bits| bits > 1.0));
    assert_eq!(comparison.parts_at(), Some(1));
}

#[test]
fn nothing_changed_is_no_difference() {
    let same = run([0.5, 1.0, -3.0], &[1, 2]);
    let comparison = Comparison { untouched: same.clone(), changed: same };
    assert_eq!(comparison.divergence(), Some(0.0));
    assert_eq!(comparison.parts_at(), None);
}
