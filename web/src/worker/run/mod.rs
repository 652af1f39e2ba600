//! A run: one to four columns, each a prompt to a stage of a model, until something ends each of them.

mod column;
mod group;

use self::group::Group;
use super::clock;
use super::models::Models;
use super::outbox;
use super::signals::Ticket;
use super::tally;
use crate::protocol::{
    ColumnRequest, Event, Failure, FailureKind, FinishReason, MAX_COLUMNS, RunRequest, RunStats,
};

/// Serves a `Run`.
pub(super) async fn run(models: &Models, request: RunRequest, ticket: &Ticket) {
    let asked = clock::now();
    let RunRequest { run, columns } = request;
    let mut groups: Vec<Group> = Vec::new();
    match check(&columns) {
        Ok(()) => {
            for column in columns {
                let number = column.column;
                if let Err(failure) = add(&mut groups, models, run, column, asked) {
                    refuse(run, number, failure);
                }
            }
        }
        Err(detail) => {
            outbox::fail(Failure::new(FailureKind::Internal, detail).in_run(run));
        }
    }
    // Models take turns, step by step.
    while groups.iter().any(Group::is_live) {
        for group in groups.iter_mut().filter(|group| group.is_live()) {
            group.advance(ticket).await;
        }
        if ticket.devices_to_lose() {
            models.lose_devices();
            groups.iter().for_each(Group::lose_device);
        }
    }
    let steps = groups.iter().map(Group::steps).sum();
    let counters = tally::total(groups.iter().map(Group::work));
    for group in groups {
        let model = group.model.clone();
        models.give_back(&model, group.into_session());
    }
    outbox::post(&Event::RunEnded { run, steps, counters });
}

/// Checks what has to hold of all columns together.
fn check(columns: &[ColumnRequest]) -> Result<(), String> {
    let count = columns.len();
    if count == 0 || count > MAX_COLUMNS {
        return Err(format!("{count} columns; there can be 1 to {MAX_COLUMNS}"));
    }
    for (place, request) in columns.iter().enumerate() {
        let number = request.column;
        if columns[..place].iter().any(|other| other.column == number) {
            return Err(format!("two columns have the number {number}"));
        }
    }
    Ok(())
}

/// Puts a column into the group of its model.
fn add(
    groups: &mut Vec<Group>,
    models: &Models,
    run: u32,
    column: ColumnRequest,
    asked: f64,
) -> Result<(), Failure> {
    let place = match groups.iter().position(|group| group.model == column.model) {
        Some(place) => place,
        None => {
            let session = models.take(&column.model)?;
            groups.push(Group::new(column.model.clone(), session));
            groups.len() - 1
        }
    };
    groups[place].add(run, column, asked)
}

/// A column that never began.
fn refuse(run: u32, column: u32, failure: Failure) {
    outbox::fail(failure.in_column(run, column));
    let stats = RunStats::default();
    outbox::post(&Event::Finished { run, column, reason: FinishReason::Failed, stats });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Prompt;

    fn columns(numbers: &[u32]) -> Vec<ColumnRequest> {
        let column = |number: &u32| ColumnRequest {
            column: *number,
            model: "m".to_owned(),
            stage: "base".to_owned(),
            prompt: Prompt::Raw { text: "a".to_owned() },
            prefix: Vec::new(),
            sampler: engine::SamplerSettings::greedy(),
            max_tokens: 4,
        };
        numbers.iter().map(column).collect()
    }

    #[test]
    fn one_to_four_columns_of_different_numbers_make_a_run() {
        for numbers in [&[7][..], &[0, 1, 2], &[3, 0, 2, 1]] {
            assert_eq!(check(&columns(numbers)), Ok(()));
        }
        for numbers in [&[][..], &[0, 1, 2, 3, 4], &[1, 1]] {
            assert!(check(&columns(numbers)).is_err(), "{numbers:?}");
        }
    }
}
