//! What the reader's own run came out with, in the form that questions are graded by.

use lab::experiment::Status;
use share::lesson::{Choice, LabResult, ObservedColumn, ObservedToken};

use crate::protocol::{ScoredStage, TokenView};
use crate::state::run::{Generated, Phase, Run};
use crate::state::samples::Draw;
use crate::state::score::Scoring;

/// A column's run.
pub(crate) fn column(run: &Run) -> ObservedColumn {
    // The token that ended the answer is no part of it.
    let ended = run.ended();
    let end = run.tokens.last().is_some_and(|last| ended && last.token.special);
    let answer = &run.tokens[..run.tokens.len() - usize::from(end)];
    ObservedColumn {
        prompt: run.prompt.iter().map(given).collect(),
        answer: answer.iter().map(token).collect(),
        ended,
        finished: run.phase == Phase::Finished,
        reward: run.reward.map(f64::from),
        bits_per_character: None,
        kl: None,
    }
}

fn given(token: &TokenView) -> ObservedToken {
    ObservedToken { id: token.id, text: text(token), ..ObservedToken::default() }
}

fn token(generated: &Generated) -> ObservedToken {
    let report = &generated.report;
    let name = |id: u32| generated.alternatives.iter().find(|token| token.id == id);
    let choice = |figures: &engine::Alternative| {
        let text = text(name(figures.id)?);
        Some(Choice { text, probability: f64::from(figures.probability) })
    };
    ObservedToken {
        id: generated.token.id,
        text: text(&generated.token),
        logprob: Some(f64::from(report.logprob)),
        entropy: Some(f64::from(report.entropy)),
        alternatives: report.alternatives.iter().filter_map(choice).collect(),
    }
}

/// A control token has no text, but a name: its bytes.
pub(super) fn text(token: &TokenView) -> String {
    if token.special && token.text.is_empty() {
        String::from_utf8_lossy(&token.bytes).into_owned()
    } else {
        token.text.clone()
    }
}

/// Answers drawn with chance, once all of them are there.
pub(crate) fn samples(draws: &[Draw]) -> Vec<String> {
    let drawn = draws.iter().find(|draw| draw.ended && !draw.is_greedy());
    let samples = drawn.map(|draw| draw.samples.as_slice()).unwrap_or_default();
    samples.iter().map(|sample| sample.text.clone()).collect()
}

/// Adds what the stages of the columns thought of the scored text. `stages`: model and stage of each column.
pub(crate) fn score(
    columns: &mut [ObservedColumn],
    stages: &[(String, String)],
    scoring: &Scoring,
) {
    let Some(scored) = &scoring.result else { return };
    let place = |column: usize| {
        let (model, stage) = stages.get(column)?;
        let is_it = |scored: &ScoredStage| scored.stage == *stage;
        (*model == scoring.model).then(|| scored.stages.iter().position(is_it)).flatten()
    };
    for (at, column) in columns.iter_mut().enumerate() {
        let Some(own) = place(at) else { continue };
        let Some(summary) = scored.summary(own) else { continue };
        column.bits_per_character = Some(summary.bits_per_character);
        // Neighbours of the score are compared; those of the columns may be others.
        column.kl = summary.mean_kl.filter(|_| place(at + 1) == Some(own + 1));
    }
}

/// How often each technique of an experiment was right, once it is done. Of one stage: the one that is named by its model
/// and id, if it took part.
pub(crate) fn results(
    run: &lab::experiment::Run,
    stage: Option<&(String, String)>,
) -> Vec<LabResult> {
    if run.status() != Status::Finished {
        return Vec::new();
    }
    let experiment = run.experiment();
    let is_named = |own: &lab::experiment::Stage| {
        stage.is_some_and(|(model, stage)| (model, stage) == (&own.model, &own.stage))
    };
    let stage = experiment.stages.iter().position(is_named).unwrap_or_default();
    let results = run.results();
    let result = |technique| {
        let right = results.bar(technique, stage, None).right;
        LabResult { right: right.hits as u32, count: right.n as u32 }
    };
    (0..experiment.techniques.len()).map(result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{FinishReason, SamplesRequest};
    use crate::state::lab::testing::{begun, finished};
    use crate::state::samples::Sample;
    use crate::state::score::tests::scored;
    use crate::state::testing::{asked, generated, token as view};

    fn run(ends: bool) -> Run {
        let mut end = generated(9, "");
        end.token.special = true;
        end.token.bytes = b"<end>".to_vec();
        let mut run = Run::default();
        run.begin(1, asked("base"), Vec::new());
        run.prompt_tokens(1, "Hi".to_owned(), vec![view(5, "Hi")]);
        run.token(1, generated(20, " is"));
        if ends {
            run.token(1, end);
            run.finish(1, FinishReason::EndOfText, None);
        }
        run
    }

    #[test]
    fn the_end_is_no_part_of_the_answer() {
        let seen = column(&run(true));
        assert_eq!((seen.text().as_str(), seen.answer.len()), (" is", 1));
        assert!(seen.ended && seen.finished);
        assert_eq!((seen.prompt.len(), seen.prompt[0].text.as_str()), (1, "Hi"));
        let running = column(&run(false));
        assert!(!running.ended && !running.finished && running.answer.len() == 1);
    }

    #[test]
    fn tokens_have_their_probabilities_and_alternatives() {
        let seen = column(&run(true));
        let token = &seen.answer[0];
        assert_eq!(token.alternatives.len(), 10);
        assert_eq!(token.alternatives[0], Choice { text: "t0".to_owned(), probability: 0.5 });
        assert!((token.logprob.expect("known").exp() - 0.5).abs() < 1e-6);
        assert!((token.entropy.expect("known") - 4f64.ln()).abs() < 1e-6);
    }

    #[test]
    fn only_a_whole_draw_with_chance_is_seen() {
        let draw = |temperature: f32, ended| {
            let request = SamplesRequest {
                run: 1,
                model: "m".to_owned(),
                stage: "base".to_owned(),
                prompt: asked("base").prompt,
                sampler: engine::SamplerSettings { temperature, ..Default::default() },
                max_tokens: 4,
                count: 2,
            };
            let reason = FinishReason::MaxTokens;
            let sample = Sample { text: "x".to_owned(), tokens: 1, reason, logprob: -1.0 };
            Draw { samples: vec![sample], ended, ..Draw::new(request) }
        };
        assert_eq!(samples(&[draw(0.0, true), draw(0.7, true)]), ["x"]);
        assert!(samples(&[draw(0.7, false)]).is_empty());
        assert!(samples(&[draw(0.0, true)]).is_empty());
    }

    #[test]
    fn only_an_experiment_that_is_done_has_results() {
        assert!(results(&begun(6), None).is_empty());
        let stage = ("m".to_owned(), "sft".to_owned());
        let found = results(&finished(6), Some(&stage));
        let result = |right| LabResult { right, count: 6 };
        assert_eq!(found, [result(2), result(6)]);
        let other = ("m".to_owned(), "base".to_owned());
        assert_eq!(results(&finished(6), Some(&other)), found, "there is only one stage");
    }

    #[test]
    fn scores_go_to_the_columns_of_their_stages() {
        let scoring = Scoring {
            request: 1,
            model: "m".to_owned(),
            writer: "sft".to_owned(),
            same_text: true,
            result: Some(scored()),
        };
        let stage = |stage: &str| ("m".to_owned(), stage.to_owned());
        let mut columns = vec![ObservedColumn::default(); 3];
        score(&mut columns, &[stage("base"), stage("sft"), stage("rlhf")], &scoring);
        assert!((columns[0].kl.expect("a next stage") - 2.0).abs() < 1e-5);
        assert_eq!(columns[0].bits_per_character, Some(2.0));
        assert_eq!((columns[1].kl, columns[2].bits_per_character), (None, None));
        let mut turned = vec![ObservedColumn::default(); 2];
        score(&mut turned, &[stage("sft"), stage("base")], &scoring);
        assert_eq!(turned[1].kl, None, "its next column is no neighbour of the score");
        let mut other = vec![ObservedColumn::default()];
        score(&mut other, &[("n".to_owned(), "base".to_owned())], &scoring);
        assert_eq!(other[0].bits_per_character, None);
    }
}
