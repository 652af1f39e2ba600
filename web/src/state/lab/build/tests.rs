use super::*;
use crate::state::lab::knobs::offered;
use lab::technique::CATALOGUE;

fn choose(build: &mut Build, id: &str) {
    build.choose(offered(id).expect("it is offered"));
}

fn count(build: &Build, kind: PartKind) -> usize {
    build.parts.iter().filter(|part| part.kind == kind).count()
}

#[test]
fn every_technique_asks_the_same_question() {
    let mut build = Build::default();
    let question = build.question().to_owned();
    assert!(!question.is_empty() && !build.right().accept.is_empty());
    for info in &CATALOGUE {
        if info.id == "custom" {
            continue;
        }
        choose(&mut build, info.id);
        assert_eq!(build.question(), question, "{}", info.id);
        assert_eq!(build.check(), Ok(()), "{}", info.id);
        let call = build.first_call(Form::Raw, Vec::new()).expect("it asks something");
        let text = serde_json::to_string(&call.input).expect("plain data");
        assert!(text.contains(question.split('"').next().unwrap_or_default()), "{}", info.id);
        assert!(!build.right().accept.is_empty(), "{}", info.id);
    }
}

#[test]
fn the_prompt_that_is_run_is_the_one_that_is_shown() {
    let mut build = Build::default();
    for id in ["plain", "zero_shot", "few_shot", "few_shot_cot", "explain", "emotional", "role"] {
        choose(&mut build, id);
        for form in [Form::Raw, Form::Chat] {
            let call = build.first_call(form, Vec::new()).expect("one call");
            let shown = build.assembled(form);
            assert_eq!((call.input, call.segments), (shown.input, shown.segments), "{id}");
        }
    }
}

#[test]
fn examples_come_and_go_with_their_number() {
    let mut build = Build::default();
    choose(&mut build, "few_shot");
    assert_eq!(count(&build, PartKind::Example), 4);
    let before = parts::examples(&build.parts);
    build.turn(Knob::Shots, 2.0);
    assert_eq!(parts::examples(&build.parts), before[..2]);
    build.turn(Knob::Shots, 8.0);
    let all = parts::examples(&build.parts);
    assert_eq!((all.len(), &all[..2]), (8, &before[..2]));
    assert!(all.iter().all(|example| example.question != build.question()));
    build.turn(Knob::Shots, 0.0);
    assert_eq!(count(&build, PartKind::Example), 0);
    build.turn(Knob::Shots, 3.0);
    let first = parts::examples(&build.parts);
    build.draw_examples();
    assert_eq!(count(&build, PartKind::Example), 3);
    assert_ne!(parts::examples(&build.parts), first, "another seed, other examples");
}

#[test]
fn worked_steps_are_asked_for_where_they_are_shown() {
    let mut build = Build::default();
    choose(&mut build, "few_shot");
    assert!(build.parts.iter().all(|part| part.steps.is_empty()));
    choose(&mut build, "few_shot_cot");
    let shown = build.parts.iter().filter(|part| part.kind == PartKind::Example);
    assert!(shown.clone().count() == 4 && shown.clone().all(|part| !part.steps.is_empty()));
}

#[test]
fn what_the_reader_changed_is_kept() {
    let mut build = Build::default();
    choose(&mut build, "few_shot");
    build.write(0, Field::Answer, "a hundred".into());
    assert!(build.edited);
    build.switch(1, false);
    let at = build.add(PartKind::Instruction);
    assert_eq!(at, 0);
    build.write(at, Field::Text, "Be brief.".into());
    build.draw_examples();
    assert_eq!(build.parts[0].text, "Be brief.");
    assert_eq!(count(&build, PartKind::Example), 4);
    build.move_part(0, 1);
    build.remove(1);
    assert_eq!(count(&build, PartKind::Instruction), 0);
    assert!(matches!(build.asked(), Technique::Custom { labels: true, .. }));
}

#[test]
fn only_the_question_that_came_with_it_has_a_right_answer() {
    let mut build = Build::default();
    let at = build.parts.iter().position(|part| part.kind == PartKind::Question);
    let at = at.expect("there is one");
    build.write(at, Field::Text, "What else?".into());
    assert_eq!(build.right(), Right::default());
    assert!(!build.edited, "the technique is the same");
    build.draw_question(Language::Zh);
    assert!(!build.right().accept.is_empty());
    assert_eq!(build.language(), Language::Zh);
    build.write(at, Field::Text, " ".into());
    assert!(build.check().is_err());
}

#[test]
fn a_prompt_is_measured_with_a_place_for_the_question() {
    let mut build = Build::default();
    choose(&mut build, "role");
    let Technique::Custom { parts, .. } = build.measured() else { panic!("one call") };
    assert!(parts.iter().any(|part| part.kind == PartKind::Question && part.text.is_empty()));
    choose(&mut build, "self_consistency");
    assert_eq!(build.measured(), build.asked());
    choose(&mut build, "program");
    assert_eq!(build.measured().shots_drawn(), 3, "drawn from the set that is asked");
}

#[test]
fn a_word_list_begins_again() {
    let mut build = Build::default();
    build.set_kind(Kind::Antonyms, Language::En);
    let first = build.question().to_owned();
    let mut seen = 1;
    while seen < 500 {
        build.draw_question(Language::En);
        if build.question() == first {
            break;
        }
        seen += 1;
    }
    assert!((10..500).contains(&seen), "{seen}");
}
