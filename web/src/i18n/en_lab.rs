//! English: the prompt lab.

use lab::grade::Rule as ReadBy;
use lab::prompt::PartKind;
use lab::technique::Purpose;

use super::en::counted;
use super::en_measure::{PLAN, RESULTS, RUN, figure};
use super::lab::{Lab, LabAnswers, LabParts, LabTechniques};
use crate::state::lab::Trouble;
use crate::state::lab::knobs::Knob;
use crate::state::lab::plan::PlanError;

pub(super) const LAB: Lab = Lab {
    title: "Prompt lab",
    build: "Build",
    measure: "Measure",
    build_intro: "Put a prompt together, ask the same question in other ways, and see every call that is made.",
    measure_intro: "Does the prompt really help? Ask many questions in several ways, and count – with how sure one can be.",
    stopped: "stopped",
    trouble,
    parts: PARTS,
    techniques: TECHNIQUES,
    answers: ANSWERS,
    plan: PLAN,
    run: RUN,
    results: RESULTS,
    own_experiment: "An experiment of my own",
    chart_below: "Share of right answers with 95 % Wilson intervals. Made with Glassbox.",
};

fn trouble(trouble: &Trouble) -> String {
    let (what, why) = match trouble {
        Trouble::Plan(PlanError::NoTechnique) => {
            return "Choose at least one technique.".to_owned();
        }
        Trouble::Plan(PlanError::NoStage) => {
            return "Choose at least one stage to ask. If there is none, load a model.".to_owned();
        }
        Trouble::Plan(PlanError::NoLanguage) => return "Choose at least one language.".to_owned(),
        Trouble::Plan(PlanError::NoTable) => {
            return "There is no table yet: paste one, or drop a file.".to_owned();
        }
        Trouble::Plan(PlanError::Figure(at)) => {
            return format!("“{}” needs a number that makes sense.", figure(*at));
        }
        Trouble::Plan(PlanError::Other(why)) | Trouble::Experiment(why) => {
            ("This experiment cannot be run", why)
        }
        Trouble::Prompt(why) => ("This prompt cannot be asked", why),
        Trouble::Table(why) => ("This cannot be read as a table of problems", why),
        Trouble::Log(why) => ("This run cannot be opened", why),
        Trouble::Fetch(why) => ("The problems could not be fetched", why),
        Trouble::Batch(why) => ("The calls broke off; the run holds still and can go on", why),
    };
    format!("{what}: {why}.")
}

const PARTS: LabParts = LabParts {
    title: "The prompt, part by part",
    kind,
    numbered: |part, number| match part {
        PartKind::Example => format!("Example {number}"),
        _ if number > 1 => format!("{} {number}", kind(part)),
        _ => kind(part).to_owned(),
    },
    placeholder: |part| match part {
        PartKind::Instruction => "What is to be done",
        PartKind::Example => "A question like the one that is asked",
        PartKind::Information => "Something the model should know",
        PartKind::Question => "What is asked",
        PartKind::Starter => "The answer begins with these words",
        PartKind::Closing => "A phrase at the end",
    },
    steps: "Worked steps (may be empty)",
    answer: "Answer",
    on: |name| format!("{name} is in the prompt"),
    up: |name| format!("Move {name} up"),
    down: |name| format!("Move {name} down"),
    remove: |name| format!("Remove {name}"),
    add: "Add:",
    another_question: "Another question",
    other_examples: "Other examples",
    questions_from: "Questions and examples",
    try_these: "Classic prompts:",
    several: "This technique makes several calls and writes their instructions itself. It takes your question and your examples; other parts stay out.",
    assembled: "What goes in",
    assembled_first: "The first call",
    as_text: "Text",
    as_tokens: "Tokens",
    tokens: |count| counted(count, "token", "tokens"),
    no_tokens: "The tokens are shown when a model is loaded.",
    template: "chat template",
    part_tokens: |part, count| format!("{part}: {count}"),
    role: |role| match role {
        "system" => "System".to_owned(),
        "user" => "User".to_owned(),
        "assistant" => "Assistant".to_owned(),
        other => other.to_owned(),
    },
    begins: "The answer begins here",
    stages: "Ask",
    no_model: "Load a model first; Sprout comes with this page.",
    ask: "Ask",
    asking: "Asking …",
    stop: "Stop",
    to_compare: "Open in Compare",
    to_measure: "Measure this prompt",
    max_tokens: "New tokens per call, at most",
    waits_for_run: "An experiment is running: this is asked when it pauses or ends.",
};

fn kind(part: PartKind) -> &'static str {
    match part {
        PartKind::Instruction => "Instruction",
        PartKind::Example => "Example",
        PartKind::Information => "Information",
        PartKind::Question => "Question",
        PartKind::Starter => "Answer starter",
        PartKind::Closing => "Closing phrase",
    }
}

const TECHNIQUES: LabTechniques = LabTechniques {
    title: "The same question, asked in another way",
    from: "Where it comes from:",
    calls: |calls| if calls == 1 { "1 call".to_owned() } else { format!("up to {calls} calls") },
    edited: "changed by you",
    knob: |knob| match knob {
        Knob::Shots => "Examples",
        Knob::Votes => "Answers that vote",
        Knob::Temperature => "Temperature",
        Knob::SubQuestions => "Smaller questions, at most",
        Knob::Rounds => "Rounds",
        Knob::Breadth => "Steps kept at each depth",
        Knob::Proposals => "Steps proposed after each",
        Knob::Depth => "Depth",
        Knob::Extract => "Second prompt that reads out the answer",
        Knob::Speak => "The result goes back to the model",
    },
    value: |knob, value| match (knob, value as u32) {
        (Knob::Extract, 0) => "never".to_owned(),
        (Knob::Extract, 1) => "if the answer is missing".to_owned(),
        (Knob::Extract, _) => "always".to_owned(),
        (Knob::Speak, 0) => "no".to_owned(),
        (Knob::Speak, _) => "yes".to_owned(),
        _ => format!("{value}"),
    },
    role_text: "Who the model is",
    role_placeholder: "You are …",
    settings_of: |name| format!("Settings of “{name}”"),
    speakers: "Who speaks",
    speakers_hint: "With no box ticked, all of them.",
    judge: "Who decides",
    judge_self: "the stage that is asked",
};

const ANSWERS: LabAnswers = LabAnswers {
    title: "Answers",
    none: "Ask, and the answers will stand here, each with every call that it took.",
    working: "Working …",
    nothing: "(nothing)",
    right: "right",
    wrong: "wrong",
    no_right: "nobody said what is right",
    read: |text, rule| format!("read “{text}” – {}", read_by(rule)),
    nothing_read: "the rule found no answer in it",
    rule: read_by,
    cost: |calls, prompt, tokens, seconds| {
        let calls = counted(calls, "call", "calls");
        let prompt = counted(prompt, "token", "tokens");
        format!("{calls} · {prompt} read, {tokens} written · {seconds}")
    },
    saved: |reused, prompt| {
        let prompt = counted(prompt, "prompt token", "prompt tokens");
        let were = if reused == 1 { "was" } else { "were" };
        format!(
            "{reused} of {prompt} {were} not computed again: beginnings that prompts share are computed once."
        )
    },
    calls: |calls| {
        if calls == 1 { "The call".to_owned() } else { format!("All {calls} calls") }
    },
    purpose: |purpose| match purpose {
        Purpose::Answer => "answers the question",
        Purpose::Sample => "one of the answers that vote",
        Purpose::Extract => "reads the answer out of the steps",
        Purpose::Split => "splits the question",
        Purpose::SubAnswer => "answers a smaller question",
        Purpose::Check => "looks for mistakes",
        Purpose::Revise => "answers again",
        Purpose::Program => "writes a program",
        Purpose::Propose => "proposes a next step",
        Purpose::Score => "scores a step",
        Purpose::Discuss => "says its opinion",
        Purpose::Judge => "decides",
    },
    prompt: "Prompt",
    reply: "Answer",
    call_tokens: |prompt, reused, tokens| {
        let prompt = counted(prompt, "token", "tokens");
        let read = if reused == 0 {
            format!("{prompt} read")
        } else {
            format!("{prompt} read, {reused} of them not computed again")
        };
        format!("{read} · {tokens} written")
    },
    cut_off: "cut off at the limit",
    votes: "Votes",
    vote: |answer, votes, all| format!("“{answer}”: {votes} of {all}"),
    no_answer: "no answer found",
    tree: "The tree",
    tree_explained: "Steps were proposed and scored by the model itself; the search went on from the best ones.",
    score: |score| format!("{score} of 10"),
    no_score: "no score",
    kept: "followed",
    dropped: "dropped",
    best: "on the best path",
    discussion: "The discussion",
    round: |round| format!("Round {round}"),
    judge: "The judge",
    sub_questions: "Smaller questions",
    drafts: "Drafts",
    draft: |number| format!("Draft {number}"),
    program: "The program",
    value: |value| format!("result: {value}"),
    no_program: "There is no program in the answer.",
    dismiss: "Remove this answer",
    clear: "Remove all",
    weights_same: |model| format!("{model}: the weights are the same before and after"),
    weights_other: |model| format!("{model}: the weights have changed"),
    weights_before: |model| format!("{model}: weights noted"),
    weights_sums: |bytes, before, after| {
        format!(
            "SHA-256 over {bytes} of weights as the engine holds them. Before: {before}. After: {after}."
        )
    },
    weights_explained: "Examples in a prompt are not training. What the model takes from them is gone with the prompt; its weights stay as they were, bit by bit.",
};

fn read_by(rule: ReadBy) -> &'static str {
    match rule {
        ReadBy::AfterMarker => "the number after “the answer is”",
        ReadBy::LastNumber => "the last number",
        ReadBy::AcceptedString => "an accepted answer, in the first 64 tokens",
        ReadBy::FirstLine => "no accepted answer; this is the first line",
        ReadBy::Choice => "the choice that is named first",
        ReadBy::Pattern => "your regular expression",
    }
}
