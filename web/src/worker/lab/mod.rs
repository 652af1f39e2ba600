//! Work of the prompt lab: calls in batches, prompts with their parts, checksums of the weights.

mod calls;
mod checksum;
mod parts;

use super::models::Models;
use super::signals::Ticket;
use crate::protocol::lab::LabRequest;

/// Serves a request.
pub(super) async fn serve(models: &Models, request: LabRequest, ticket: &Ticket) {
    match request {
        LabRequest::Calls { run, model, calls, tokens } => {
            calls::run(models, calls::Asked { run, model, calls, tokens }, ticket).await;
        }
        LabRequest::Assemble { run, model, stage, input, segments } => {
            parts::assemble(models, run, &model, &stage, (&input, &segments));
        }
        LabRequest::Checksum { run, model } => checksum::tell(models, run, model, ticket).await,
    }
}
