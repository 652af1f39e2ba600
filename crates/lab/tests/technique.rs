//! Techniques: the calls they make, and what they make of the replies.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::tasks::{all, task};
use common::{forms, prompt_of, reply_to};
use lab::Language;
use lab::prompt::Form;
use lab::technique::{
    Attempt, CallRecord, Detail, Extract, ModelCall, Outcome, Purpose, Reply, Task, Technique,
};
use proptest::prelude::*;

/// Plays an attempt to its end; replies come last one first.
fn play(
    technique: &Technique,
    task: &Task,
    reply: impl Fn(&ModelCall) -> Reply,
) -> (Vec<CallRecord>, Outcome) {
    let mut attempt = Attempt::new(technique, task);
    for _ in 0..200 {
        if attempt.outcome().is_some() {
            break;
        }
        let calls: Vec<_> = attempt.calls().map(|(number, call)| (number, call.clone())).collect();
        assert!(!calls.is_empty(), "{technique:?} waits for nothing");
        for (number, call) in calls.iter().rev() {
            let said = reply(call);
            assert!(attempt.reply(*number, said.clone()));
            assert!(!attempt.reply(*number, said), "a reply was taken twice");
        }
    }
    let (records, outcome) = attempt.into_parts();
    (records, outcome.unwrap())
}

/// Always says the same.
fn says(text: &str) -> impl Fn(&ModelCall) -> Reply {
    let text = text.to_owned();
    move |_| Reply {
        text: text.clone(),
        head: text.clone(),
        tokens: 3,
        ended: true,
        ..Reply::default()
    }
}

fn purposes(records: &[CallRecord]) -> Vec<Purpose> {
    records.iter().map(|record| record.call.purpose).collect()
}

#[test]
fn prompts_are_those_of_the_papers() {
    let prompt = |technique: &Technique, form: Form| {
        prompt_of(&play(technique, &task(form), says("x")).0[0].call.input)
    };
    let question = task(Form::Raw).question;
    assert_eq!(prompt(&Technique::Plain, Form::Raw), question);
    assert_eq!(
        prompt(&Technique::FewShot { shots: 1, picked: Vec::new() }, Form::Raw),
        format!("Q: 1 + 1?\nA: The answer is 2.\n\nQ: {question}\nA:")
    );
    assert_eq!(
        prompt(&Technique::FewShot { shots: 0, picked: Vec::new() }, Form::Raw),
        format!("Q: {question}\nA:")
    );
    assert_eq!(
        prompt(&Technique::FewShotCot { shots: 1, picked: Vec::new() }, Form::Chat),
        format!("<user>1 + 1?<assistant>1 + 1 = 2. The answer is 2.<user>{question}<assistant>")
    );
    let steps = Technique::ZeroShotCot { extract: Extract::Never };
    assert_eq!(prompt(&steps, Form::Raw), format!("Q: {question}\nA: Let's think step by step."));
    assert_eq!(
        prompt(&steps, Form::Chat),
        format!("<user>{question} Let's think step by step.<assistant>")
    );
    let program =
        prompt(&Technique::Program { shots: 2, picked: Vec::new(), speak: false }, Form::Raw);
    assert!(program.contains("\nA: step1 = 2 * 3\nanswer = step1 + 1\n\n"), "{program}");
    let zh = Task { language: Language::Zh, question: "多少？".to_owned(), ..task(Form::Chat) };
    let (records, _) = play(&Technique::Emotional, &zh, says("x"));
    assert_eq!(prompt_of(&records[0].call.input), "<user>多少？这对我非常重要。<assistant>");
}

#[test]
fn steps_are_followed_by_an_extraction() {
    let always = Technique::ZeroShotCot { extract: Extract::Always };
    let (records, outcome) = play(&always, &task(Form::Raw), says(" 4 + 3 = 7."));
    assert_eq!(purposes(&records), [Purpose::Answer, Purpose::Extract]);
    assert!(prompt_of(&records[1].call.input).ends_with(
        "A: Let's think step by step. 4 + 3 = 7.\nTherefore, the answer (arabic numerals) is"
    ));
    assert_eq!(outcome.text, "Therefore, the answer (arabic numerals) is 4 + 3 = 7.");
    let missing = Technique::ZeroShotCot { extract: Extract::IfMissing };
    assert_eq!(play(&missing, &task(Form::Chat), says("The answer is 7.")).0.len(), 1);
    assert_eq!(play(&missing, &task(Form::Chat), says("It is 7.")).0.len(), 2);
}

#[test]
fn base_models_are_stopped_at_their_next_question() {
    let shots = Technique::FewShot { shots: 1, picked: Vec::new() };
    let call = Attempt::new(&shots, &task(Form::Raw)).calls().next().unwrap().1.clone();
    assert_eq!(call.stop_in(" 7.\n\nQ: 1 + 1?\nA: 2\nQ:"), Some(4));
    assert_eq!(call.stop_in(" 7."), None);
    let call = Attempt::new(&shots, &task(Form::Chat)).calls().next().unwrap().1.clone();
    assert_eq!(call.stop_in(" 7.\nQ: 1"), None);
}

#[test]
fn the_majority_wins() {
    let technique =
        Technique::SelfConsistency { votes: 5, shots: 0, picked: Vec::new(), temperature: 0.7 };
    let task = task(Form::Chat);
    let seeds: Vec<u64> =
        Attempt::new(&technique, &task).calls().map(|(_, call)| call.seed).collect();
    let texts = ["It is 8.", "No idea.", "The answer is 7.", "So 7.0 eggs.", "No idea."];
    let (records, outcome) = play(&technique, &task, |call| {
        let index = seeds.iter().position(|&seed| seed == call.seed).unwrap();
        says(texts[index])(call)
    });
    assert_eq!(records.len(), 5);
    assert!(records.iter().all(|record| record.call.input == records[0].call.input));
    assert_eq!(outcome.text, "The answer is 7.");
    let Detail::Votes { votes } = outcome.detail else { panic!("no votes") };
    assert_eq!(votes[0].samples, [1, 4]);
    assert_eq!((votes[1].answer.as_deref(), votes[1].samples.as_slice()), (Some("7"), &[2, 3][..]));
    // Fewer votes are the first ones of more.
    let fewer =
        Technique::SelfConsistency { votes: 2, shots: 0, picked: Vec::new(), temperature: 0.7 };
    let first: Vec<u64> = Attempt::new(&fewer, &task).calls().map(|(_, call)| call.seed).collect();
    assert_eq!(first, seeds[..2]);
}

#[test]
fn programs_are_run() {
    let silent = Technique::Program { shots: 0, picked: Vec::new(), speak: false };
    let (_, outcome) = play(&silent, &task(Form::Raw), says(" a = 4 + 3\nanswer = a"));
    assert_eq!(outcome.text, "The answer is 7.");
    let (_, outcome) = play(&silent, &task(Form::Raw), says("answer = 4 / 0"));
    assert_eq!(outcome.text, "");
    let (_, outcome) = play(&silent, &task(Form::Raw), says("```\nanswer = 4 / 0\n```"));
    assert!(matches!(outcome.detail, Detail::Program { value: None, error: Some(_), .. }));
    let speaking = Technique::Program { shots: 0, picked: Vec::new(), speak: true };
    let (records, outcome) = play(&speaking, &task(Form::Raw), says(" 4 + 3"));
    assert!(
        prompt_of(&records[1].call.input)
            .ends_with("A: 4 + 3\nThe program gives 7.\nThe answer is")
    );
    assert_eq!(outcome.text, "The answer is 4 + 3");
}

#[test]
fn drafts_are_checked_and_revised() {
    let (records, outcome) =
        play(&Technique::SelfCheck { rounds: 2 }, &task(Form::Chat), says("7"));
    use Purpose::{Answer, Check, Revise};
    assert_eq!(purposes(&records), [Answer, Check, Revise, Check, Revise]);
    let Detail::Revision { drafts } = outcome.detail else { panic!("no drafts") };
    assert_eq!(drafts.len(), 3);
    let last = prompt_of(&records[4].call.input);
    assert_eq!(last.matches("Check this answer.").count(), 2);
}

#[test]
fn questions_are_split() {
    let technique = Technique::SubQuestions { most: 1 };
    let (records, outcome) =
        play(&technique, &task(Form::Raw), says("1. How many first?\n2. And then?"));
    use Purpose::{Answer, Split, SubAnswer};
    assert_eq!(purposes(&records), [Split, SubAnswer, Answer]);
    let Detail::SubQuestions { answers } = outcome.detail else { panic!("no questions") };
    assert_eq!(answers[0].question, "How many first?");
    let last = prompt_of(&records[2].call.input);
    assert!(last.starts_with("Q: How many first?\nA: 1. How many first?"), "{last}");
}

#[test]
fn trees_grow_and_end() {
    let technique = Technique::Tree { breadth: 1, proposals: 2, depth: 3, temperature: 0.7 };
    // Replies are asked for last call first: the second proposal is the good one, the first one is not.
    let proposed = std::cell::Cell::new(0);
    let (records, outcome) = play(&technique, &task(Form::Raw), |call| {
        let prompt = prompt_of(&call.input);
        let text = match call.purpose {
            Purpose::Score if prompt.contains("4 + 3") => " 9",
            Purpose::Score => " 2",
            Purpose::Propose if prompt.ends_with("= 7.") => " The answer is 7. And more.",
            _ => {
                [" 4 + 3 = 7. Then?", " Eggs are white."][proposed.replace(proposed.get() + 1) % 2]
            }
        };
        says(text)(call)
    });
    let Detail::Tree { thoughts, best } = outcome.detail else { panic!("no tree") };
    let texts: Vec<&str> = thoughts.iter().map(|thought| thought.text.as_str()).collect();
    assert!(texts.contains(&"Eggs are white.") && texts.contains(&"4 + 3 = 7."), "{texts:?}");
    assert_eq!(outcome.text, "4 + 3 = 7. The answer is 7.");
    let best = &thoughts[best.unwrap()];
    assert_eq!((best.depth, best.answers, best.kept, best.score), (2, true, true, Some(9.0)));
    assert!(records.len() <= technique.most_calls(2));
    // A model that proposes nothing is asked for the answer at once.
    let (records, _) = play(&technique, &task(Form::Chat), says("  "));
    assert_eq!(purposes(&records), [Purpose::Propose, Purpose::Propose, Purpose::Extract]);
}

#[test]
fn discussions_have_a_judge() {
    let technique = Technique::Discussion { speakers: Vec::new(), rounds: 2, judge: String::new() };
    let (records, outcome) = play(&technique, &task(Form::Chat), |call| {
        says(&format!("I am {}.", call.speaker.as_deref().unwrap_or("the judge")))(call)
    });
    let speakers: Vec<Option<&str>> =
        records.iter().map(|record| record.call.speaker.as_deref()).collect();
    assert_eq!(speakers, [Some("base"), Some("sft"), Some("base"), Some("sft"), None]);
    let second = prompt_of(&records[2].call.input);
    assert!(second.contains("Answer A: I am sft.") && !second.contains("I am base."), "{second}");
    let judged = prompt_of(&records[4].call.input);
    assert!(judged.contains("Answer A: I am base.\nAnswer B: I am sft."), "{judged}");
    assert_eq!(outcome.text, "I am the judge.");
    let Detail::Discussion { turns } = outcome.detail else { panic!("no turns") };
    assert_eq!(turns.iter().map(|turn| turn.round).collect::<Vec<_>>(), [1, 1, 2, 2, 3]);
}

proptest! {
    #[test]
    fn every_technique_ends_within_its_calls(
        which in 0_usize..17,
        texts in prop::collection::vec("(\\PC{0,40}|[0-9 +=.\n]{0,20}|The answer is [0-9]\\.|10)", 1..6),
        seed: u64,
        zh: bool,
    ) {
        for form in forms() {
            let technique = &all()[which];
            let language = if zh { Language::Zh } else { Language::En };
            let task = Task { seed, language, ..task(form) };
            let (records, outcome) = play(technique, &task, |call| {
                says(&texts[call.seed as usize % texts.len()])(call)
            });
            prop_assert!(records.len() <= technique.most_calls(2), "{}", records.len());
            prop_assert!(outcome.text.starts_with(&outcome.head) || outcome.head.starts_with(&outcome.text));
        }
    }

    #[test]
    fn the_order_of_replies_does_not_matter(which in 0_usize..17, seed: u64, shuffle: u64) {
        let technique = &all()[which];
        let task = Task { seed, ..task(Form::Raw) };
        let expected = play(technique, &task, reply_to);
        let mut attempt = Attempt::new(technique, &task);
        let mut random = lab::rng::Random::new(shuffle);
        while attempt.outcome().is_none() {
            let mut calls: Vec<_> = attempt.calls().map(|(number, call)| (number, call.clone())).collect();
            random.shuffle(&mut calls);
            for (number, call) in calls {
                prop_assert!(attempt.reply(number, reply_to(&call)));
            }
        }
        prop_assert_eq!(attempt.into_parts(), (expected.0, Some(expected.1)));
    }
}
