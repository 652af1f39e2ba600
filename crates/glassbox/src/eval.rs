//! `glassbox eval`: the stages of a trio over a file of questions.

use crate::answers::{Answer, SEQUENCES, answer_all};
use crate::load::{Loaded, find, load};
use crate::options::{Backend, Options};
use crate::trio::{Stage, Trio};
use anyhow::{Context, Result, bail};
use engine::EngineOptions;
use lab::grade::{Answered, Grader, Key};
use lab::stats::{Share, wilson};
use serde::{Deserialize, Serialize};
use std::fs;
use text::Message;

/// An answer has to end within so many tokens.
const MAX_TOKENS: u32 = 96;
/// An accepted string has to stand within so many.
const HEAD_TOKENS: usize = 64;

/// A line of the file.
#[derive(Debug, Deserialize)]
struct Question {
    #[serde(default)]
    lang: String,
    prompt: String,
    accept: Vec<String>,
}

/// What one stage made of the file.
#[derive(Debug, Serialize)]
struct Figures {
    stage: String,
    n: usize,
    accuracy: Share,
    answers_and_stops: Share,
    end_of_answer: Share,
    language_match: Share,
    /// Tokens, the end not counted.
    mean_tokens: f64,
    /// Of the reward model, if the trio has one.
    mean_reward: Option<f64>,
}

/// Runs the file through every stage.
pub(crate) async fn run(options: &Options) -> Result<bool> {
    let id = options.trio.as_ref().context("eval needs --trio ID")?;
    let path = options.questions.as_ref().context("eval needs --questions FILE")?;
    let questions = read(path)?;
    let found = find(id, options)?;
    let manifest = found.manifest.as_ref().context("the catalogue has no such model")?;
    let engine_options = EngineOptions {
        context: options.context,
        sequences: SEQUENCES,
        ..EngineOptions::default()
    };
    let backend = options.backend.unwrap_or(Backend::Cpu);
    let mut loaded = load(&found, backend, engine_options).await?;
    let trio = Trio::load(&mut loaded, manifest)?;
    let mut all = Vec::new();
    for stage in &trio.stages {
        if options.stage.is_some_and(|only| only != stage.id) {
            continue;
        }
        let figures = measure(&mut loaded, *stage, trio.reward, &questions).await?;
        if !options.json {
            println!("{figures}");
        }
        all.push(figures);
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&all)?);
    }
    Ok(true)
}

fn read(path: &std::path::Path) -> Result<Vec<Question>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let questions: Vec<Question> = lines
        .map(|(number, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}: line {}", path.display(), number + 1))
        })
        .collect::<Result<_>>()?;
    if questions.is_empty() {
        bail!("{} has no question", path.display());
    }
    Ok(questions)
}

async fn measure(
    loaded: &mut Loaded,
    stage: Stage,
    reward: Option<u32>,
    questions: &[Question],
) -> Result<Figures> {
    let prompts: Vec<String> = questions.iter().map(|question| question.prompt.clone()).collect();
    let answers = answer_all(loaded, stage, &prompts, MAX_TOKENS).await?;
    let mut counts = Counts::default();
    let mut rewards = Vec::new();
    for (question, answer) in questions.iter().zip(&answers) {
        counts.add(loaded, question, answer);
        if let Some(adapter) = reward {
            rewards.push(f64::from(rewarded(loaded, adapter, question, answer).await?));
        }
    }
    let n = questions.len();
    let share = |count: usize| wilson(count as u64, n as u64);
    Ok(Figures {
        stage: stage.id.to_string(),
        n,
        accuracy: share(counts.correct),
        answers_and_stops: share(counts.correct_and_ended),
        end_of_answer: share(counts.ended),
        language_match: share(counts.right_language),
        mean_tokens: counts.tokens as f64 / n as f64,
        mean_reward: (!rewards.is_empty()).then(|| rewards.iter().sum::<f64>() / n as f64),
    })
}

#[derive(Debug, Default)]
struct Counts {
    correct: usize,
    correct_and_ended: usize,
    ended: usize,
    right_language: usize,
    tokens: usize,
}

impl Counts {
    fn add(&mut self, loaded: &Loaded, question: &Question, answer: &Answer) {
        let content = &answer.ids[..answer.ids.len() - usize::from(answer.ended)];
        let text = loaded.tokenizer.decode(content);
        let head = loaded.tokenizer.decode(&content[..content.len().min(HEAD_TOKENS)]);
        let answered = Answered { text: &text, head: &head };
        let key = Key { accept: &question.accept, choices: &[] };
        let correct = Grader::Accepted.grade(answered, key).correct == Some(true);
        self.correct += usize::from(correct);
        self.correct_and_ended += usize::from(correct && answer.ended);
        self.ended += usize::from(answer.ended);
        let language = language(&text);
        let fits = question.lang.is_empty() || language.is_none_or(|own| own == question.lang);
        self.right_language += usize::from(fits);
        self.tokens += content.len();
    }
}

/// The reward of the finished conversation, as the reward model was trained to read it.
async fn rewarded(
    loaded: &mut Loaded,
    adapter: u32,
    question: &Question,
    answer: &Answer,
) -> Result<f32> {
    let message = Message { role: "user".into(), content: question.prompt.clone() };
    let text = loaded.tokenizer.render_chat(&[message], true)?;
    let mut ids = loaded.tokenizer.encode_prompt(&text);
    ids.extend_from_slice(&answer.ids);
    ids.truncate(loaded.engine.context() as usize);
    Ok(loaded.engine.reward(0, adapter, &ids).await?)
}

/// The language most of a text is written in: more Chinese characters than Latin words, or not. `None`: neither.
fn language(text: &str) -> Option<&'static str> {
    let chinese = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    let latin = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty()).count();
    match (chinese, latin) {
        (0, 0) => None,
        _ if chinese > latin => Some("zh"),
        _ => Some("en"),
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = |share: f64| 100.0 * share;
        let Share { low, high, .. } = self.accuracy;
        write!(
            f,
            "{:5} n = {}  correct {:5.1} % [{:.1}, {:.1}]  answers and stops {:5.1} %  ends {:5.1} %  language {:5.1} %  \
             {:5.1} tokens",
            self.stage,
            self.n,
            percent(self.accuracy.share),
            percent(low),
            percent(high),
            percent(self.answers_and_stops.share),
            percent(self.end_of_answer.share),
            percent(self.language_match.share),
            self.mean_tokens,
        )?;
        match self.mean_reward {
            Some(reward) => write!(f, "  reward {reward:.3}"),
            None => Ok(()),
        }
    }
}
