//! Questions about what a model does with one text. Whatever is needed is computed when it is asked for, in pieces of
//! bounded size, aside from the columns' caches.

mod attention;
mod changes;
mod embedding;
mod facts;
mod influence;
mod logits;
mod maps;
mod neurons;
mod normed;
mod patterns;
mod rank;
mod residual;
mod segments;
mod switches;
mod work;

pub(super) use embedding::Norms;
pub(super) use patterns::Patterns;

use super::models::Models;
use super::outbox;
use super::session::Session;
use super::signals::Ticket;
use super::writer;
use crate::protocol::inside::{Answer, Ask, InsideEvent, InsideRequest, InsideText};
use crate::protocol::{Event, Failure, FailureKind};
use work::Work;

/// Serves an `Inside`.
pub(super) async fn serve(models: &Models, request: InsideRequest, ticket: &Ticket) {
    let InsideRequest { run, text, ask } = request;
    if ticket.stopped() {
        return post(run, Answer::Ended { stopped: true });
    }
    let session = match models.take(&text.model) {
        Ok(session) => session,
        Err(failure) => return outbox::fail(failure.in_run(run)),
    };
    let work = async |session: &mut Session| answer(session, run, &text, &ask, ticket).await;
    let (session, outcome) = writer::with_device(session, ticket, work).await;
    models.give_back(&text.model, session);
    match outcome {
        Ok(Some(answer)) => post(run, answer),
        Ok(None) => post(run, Answer::Ended { stopped: true }),
        Err(failure) => outbox::fail(failure.in_run(run)),
    }
}

/// Tells the page.
fn post(run: u32, answer: Answer) {
    outbox::post(&Event::Inside(InsideEvent { run, answer }));
}

/// A request that makes no sense.
fn refuse<T>(detail: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::new(FailureKind::Internal, detail))
}

/// The last answer to a question; `None`: stopped.
async fn answer(
    session: &mut Session,
    run: u32,
    text: &InsideText,
    ask: &Ask,
    ticket: &Ticket,
) -> Result<Option<Answer>, Failure> {
    match ask {
        Ask::Merges { piece } => return facts::merges(session, piece).map(Some),
        Ask::Encode { text } => return facts::encode(session, text).map(Some),
        _ => {}
    }
    let mut work = Work::new(session, run, text, ticket)?;
    match ask {
        Ask::Text => work.text(&text.prompt).map(Some),
        // Answered above.
        Ask::Merges { .. } | Ask::Encode { .. } => Ok(None),
        Ask::EmbeddingRows { ids } => work.embedding_rows(ids).await,
        Ask::Nearest { id, count } => work.nearest(*id, *count).await,
        Ask::NearestAfter { blocks, token, count } => {
            work.nearest_after(*blocks, *token, *count).await
        }
        Ask::Residual { blocks } => work.residual(*blocks).await,
        Ask::Attention { layer, head } => work.attention(*layer, *head).await,
        Ask::AttentionMean { layer } => work.attention_mean(*layer).await,
        Ask::Rollout { layer } => work.rollout(*layer).await,
        Ask::Thumbnails => work.thumbnails().await,
        Ask::HeadChanges { against } => work.head_changes(against).await,
        Ask::FeedForward { layer, token } => work.feed_forward(*layer, *token).await,
        Ask::Neuron { layer, neuron, count } => work.neuron(*layer, *neuron, *count).await,
        Ask::Norms => work.norms().await,
        Ask::Normed { token, place, layer } => work.normed(*token, *place, *layer).await,
        Ask::Lens { first, count, target } => work.lens(*first, *count, *target).await,
        Ask::Logits { token } => work.logits(*token).await,
        Ask::Contributions { token, target } => work.contributions(*token, *target).await,
        Ask::Influence { token, target, tokens, occlusion } => {
            work.influence(*token, *target, tokens, *occlusion).await
        }
        Ask::Switches { switches, patch, max_tokens } => {
            work.switches(switches, patch.as_ref(), *max_tokens).await
        }
    }
}
