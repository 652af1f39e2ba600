//! A model for tests: it knows nothing, but always says the same to the same call.
#![allow(dead_code, reason = "each test file uses a part of this")]

pub(crate) mod runs;
pub(crate) mod tasks;

use lab::prompt::{Form, Input};
use lab::rng::Random;
use lab::technique::{ModelCall, Purpose, Reply, Sampling};

/// What it says to a call: chosen by the prompt, and by the seed if there is a temperature.
pub(crate) fn reply_to(call: &ModelCall) -> Reply {
    let prompt = prompt_of(&call.input);
    let seed = if call.sampling.temperature > 0.0 { call.seed } else { 0 };
    let mut random = Random::named(seed, &[&prompt]);
    let number = random.range(1, 9);
    let text = match call.purpose {
        Purpose::Score => format!(" {number}/10"),
        Purpose::Split => "1. How many first?\n2. How many then?".to_owned(),
        Purpose::Program => format!("a = {number} + 2\nanswer = a * 2"),
        Purpose::Propose if random.below(3) == 0 => format!(" The answer is {number}."),
        Purpose::Propose => format!(" Then, {number} + 1 = {}. And so on.", number + 1),
        Purpose::Check => " It seems right.".to_owned(),
        _ if random.below(8) == 0 => " I do not know.".to_owned(),
        _ => format!(" First, {number} + 3 = {}. The answer is {}.", number + 3, number + 3),
    };
    Reply {
        head: text.clone(),
        tokens: text.split_whitespace().count() as u32,
        prompt_tokens: prompt.split_whitespace().count() as u32,
        reused_tokens: 1,
        ended: true,
        seconds: 0.25,
        text,
    }
}

/// All text of a prompt.
pub(crate) fn prompt_of(input: &Input) -> String {
    match input {
        Input::Raw { text } => text.clone(),
        Input::Chat { messages, starter } => {
            let turns: Vec<String> =
                messages.iter().map(|it| format!("<{}>{}", it.role, it.content)).collect();
            format!("{}<assistant>{starter}", turns.join(""))
        }
    }
}

pub(crate) fn forms() -> [Form; 2] {
    [Form::Raw, Form::Chat]
}

pub(crate) fn warm() -> Sampling {
    Sampling { temperature: 0.5, ..Sampling::default() }
}
