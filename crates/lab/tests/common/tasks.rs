//! A task, and every technique.

use lab::grade::Grader;
use lab::prompt::{Example, Form, Part, PartKind};
use lab::technique::{Extract, Speaker, Task, Technique};

pub(crate) fn example(question: &str, steps: &str, answer: &str) -> Example {
    Example { question: question.to_owned(), steps: steps.to_owned(), answer: answer.to_owned() }
}

pub(crate) fn task(form: Form) -> Task {
    Task {
        question: "Tom has 4 eggs and buys 3 more. How many eggs does he have?".to_owned(),
        grader: Grader::Number,
        examples: vec![
            example("1 + 1?", "1 + 1 = 2.", "2"),
            example("2 * 3 + 1?", "First, 2 × 3 = 6. Then, 6 + 1 = 7.", "7"),
        ],
        form,
        max_tokens: 50,
        seed: 7,
        speakers: vec![
            Speaker { key: "base".to_owned(), form: Form::Raw },
            Speaker { key: "sft".to_owned(), form: Form::Chat },
        ],
        ..Task::default()
    }
}

/// Every technique, with settings that make several calls where it can.
pub(crate) fn all() -> Vec<Technique> {
    let picked = Vec::new;
    vec![
        Technique::Plain,
        Technique::CompleteSentence,
        Technique::ZeroShot,
        Technique::FewShot { shots: 2, picked: picked() },
        Technique::ZeroShotCot { extract: Extract::Always },
        Technique::ZeroShotCot { extract: Extract::IfMissing },
        Technique::FewShotCot { shots: 1, picked: picked() },
        Technique::Explain,
        Technique::Emotional,
        Technique::Role { role: String::new() },
        Technique::SubQuestions { most: 4 },
        Technique::SelfCheck { rounds: 2 },
        Technique::SelfConsistency { votes: 5, shots: 1, picked: picked(), temperature: 0.7 },
        Technique::Program { shots: 2, picked: picked(), speak: true },
        Technique::Tree { breadth: 2, proposals: 2, depth: 3, temperature: 0.7 },
        Technique::Discussion { speakers: Vec::new(), rounds: 2, judge: "sft".to_owned() },
        Technique::Custom {
            parts: vec![Part::new(PartKind::Question, "{question} Go!")],
            labels: true,
        },
    ]
}
