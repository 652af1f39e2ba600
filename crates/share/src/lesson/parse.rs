//! Reads a lesson.

use serde::de::DeserializeOwned;

use super::claim::Claim;
use super::error::{LessonError, Problem};
use super::question::Written;
use super::widget::Widget;
use super::{Highlight, Lesson, Step, StepBlock};
use crate::markdown::{self, Block, plain};
use crate::scene::limits::MAX_COLUMNS;
use crate::scene::{Language, Scene, slug};

/// The most steps of a lesson.
const MAX_STEPS: usize = 100;

/// Reads a lesson from its Markdown.
///
/// # Errors
/// [`LessonError`] with the line: no title, no step, or a block of JSON that is not what its name says.
pub fn parse(id: &str, language: Language, text: &str) -> Result<Lesson, LessonError> {
    let first_line = |problem| LessonError { line: 1, problem };
    slug("lesson", id).map_err(|_| first_line(Problem::Id(id.chars().take(100).collect())))?;
    let document = markdown::parse(text).map_err(|error| first_line(Problem::Markdown(error)))?;

    let mut blocks = document.blocks.into_iter();
    let title = match blocks.next() {
        Some((_, Block::Heading { level: 1, text })) => plain(&text).trim().to_owned(),
        _ => String::new(),
    };
    if title.is_empty() {
        return Err(first_line(Problem::Title));
    }
    let (mut intro, mut steps) = (Vec::new(), Vec::<Step>::new());
    for (line, block) in blocks {
        let at_line = |problem| LessonError { line, problem };
        match block {
            Block::Heading { level: 1, .. } => return Err(at_line(Problem::Title)),
            Block::Heading { level: 2, text } => {
                steps.push(Step { title: plain(&text).trim().to_owned(), blocks: Vec::new() });
            }
            block => match (special(block).map_err(at_line)?, steps.last_mut()) {
                (Special::Text(block), None) => intro.push(block),
                (Special::Text(block), Some(step)) => step.blocks.push(StepBlock::Text(block)),
                (Special::Named(name, _), None) => {
                    return Err(at_line(Problem::Early { name }));
                }
                (Special::Named(_, found), Some(step)) => {
                    let has_scene = found.iter().any(|block| matches!(block, StepBlock::Scene(_)));
                    if has_scene && step.scene().is_some() {
                        return Err(at_line(Problem::Scenes));
                    }
                    step.blocks.extend(found);
                }
            },
        }
    }
    if steps.is_empty() || steps.len() > MAX_STEPS {
        return Err(first_line(Problem::Steps { max: MAX_STEPS }));
    }
    Ok(Lesson { id: id.to_owned(), language, title, intro, steps, dropped: document.dropped })
}

/// A block of text, or what a block of JSON with a name holds.
enum Special {
    Text(Block),
    Named(String, Vec<StepBlock>),
}

fn special(block: Block) -> Result<Special, Problem> {
    let Block::Code { language: name, text } = block else { return Ok(Special::Text(block)) };
    let found = match name.as_str() {
        "scene" => {
            let scene = json::<Scene>(&name, &text)?.checked()?;
            vec![StepBlock::Scene(Box::new(scene))]
        }
        "highlight" => {
            let highlight: Highlight = json(&name, &text)?;
            if highlight.column.is_some_and(|column| column as usize >= MAX_COLUMNS) {
                return Err(Problem::Senseless("there is no such column"));
            }
            vec![StepBlock::Highlight(highlight)]
        }
        "question" => {
            let written: Written = json(&name, &text)?;
            vec![StepBlock::Question(Box::new(written.read()?))]
        }
        "widget" => {
            let widget: Widget = json(&name, &text)?;
            widget.check()?;
            vec![StepBlock::Widget(widget)]
        }
        "claim" => {
            let claims: Vec<Claim> = json(&name, &text)?;
            if claims.is_empty() || !claims.iter().all(Claim::makes_sense) {
                return Err(Problem::Senseless("a claim that could not hold, or could not fail"));
            }
            claims.into_iter().map(StepBlock::Claim).collect()
        }
        _ => return Ok(Special::Text(Block::Code { language: name, text })),
    };
    Ok(Special::Named(name, found))
}

fn json<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Problem> {
    serde_json::from_str(text)
        .map_err(|error| Problem::Json { name: name.to_owned(), detail: error.to_string() })
}
