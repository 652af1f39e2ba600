//! English: lessons.

use share::lesson::{DataSource, Place};

use super::en::counted;
use super::lessons::{Data, Lessons, Lookup, Question};

pub(super) const LESSONS: Lessons = Lessons {
    title: "Lessons",
    intro: "Guided text beside the live page. Each step sets the page and says what to look at; you may change anything at any time.",
    close: "Close the lessons",
    minutes: |minutes| format!("about {}", counted(minutes, "minute", "minutes")),
    done: "done",
    reading: "Reading the text …",
    failed: |why| format!("The text could not be read: {why}"),
    again: "Try again",
    all: "All lessons",
    step: |at, of| format!("Step {at} of {of}"),
    steps: "Steps of this lesson",
    back: "Back",
    next: "Next",
    finish: "Finish",
    skip: "Skip the question",
    answer_first: "Try an answer first; one is enough, right or wrong.",
    set_again: "Set the page as this step wants it",
    off_course: "You have changed what this step set.",
    save: "Save this lesson as a file",
    copy_link: "Copy a link to this lesson",
    link_too_long: "This lesson is too long for a link. Save it as a file instead.",
    fold: "Fold the lesson away",
    unfold: "Show the lesson",
    look: |place, column, token| {
        let name = match place {
            Place::Prompt => "the prompt",
            Place::Run => "the Run button",
            Place::Settings => "the settings",
            Place::Column => "the column",
            Place::Exact => "the exact text that went in",
            Place::Token => "the token",
            Place::Alternatives => "the bars of the most likely tokens",
            Place::Temperature => "the temperature slider",
            Place::Samples => "the drawn answers",
            Place::Scores => "the scores",
            Place::Reward => "the reward",
            Place::Vote => "the vote",
            Place::Panel => "the open panel",
            Place::Pipeline => "the row of panels",
            Place::Matrix => "the attention matrix",
            Place::Heads => "the grid of heads",
            Place::Difference => "the difference",
            Place::Lens => "the logit lens",
            Place::Influence => "what mattered",
            Place::Switches => "the switches",
            Place::Parts => "the parts of the prompt",
            Place::Techniques => "the techniques",
            Place::Results => "the results",
            Place::Widget => "the table here",
        };
        let name = match (place, column) {
            (Place::Column, None) => "the columns".to_owned(),
            (Place::Column, Some(letter)) => format!("column {letter}"),
            (_, Some(letter)) => format!("{name}, column {letter}"),
            (_, None) => name.to_owned(),
        };
        match token {
            Some(token) => format!("{name}, token {token}"),
            None => name,
        }
    },
    look_there: "Look at:",
    question: Question {
        title: "Question",
        number: "Your number",
        check: "Check",
        right: "Right.",
        nudge: "Not quite.",
        reveal: |right| format!("In your run it is: {right}"),
        run_first: "That is read from your own run: let it end first.",
        not_shown: "Your run does not show this, so nothing is held against you: go on.",
        waits: "What to choose from comes from your own run. It is not there yet.",
        no_number: "Please type a number.",
        by_run: "Graded against your own run.",
    },
    lookup: Lookup {
        title: "A soft look-up",
        query: |key, query| format!("Query: {key} = {query}"),
        key: "Key",
        value: "Value",
        score: "Score",
        weight: "Weight",
        share: "Weight × value",
        answer: "Answer",
        summary: |query, answer, key, weight| {
            format!("For {query} the table answers {answer}. Key {key} weighs most, with {weight}.")
        },
        width: |width| {
            format!("A key counts within about {width} of the query (standard deviation).")
        },
        how: "Drag the blue line, or use the slider and the arrow keys.",
    },
    data: Data {
        title: |source| match source {
            DataSource::Sft => "Pairs that made the fine-tuned stage",
            DataSource::Rankings => "Ranked answers that made the reward model",
            DataSource::Facts => "Facts that the reading was made from",
        },
        note: |source| match source {
            DataSource::Sft => {
                "Each pair: what somebody asks, and the answer the model was trained to write."
            }
            DataSource::Rankings => {
                "Four answers that the fine-tuned stage drew, the best first, with the points of the rubric."
            }
            DataSource::Facts => {
                "The corpus program wrote these facts out as sentences, in many ways."
            }
        },
        search: "Search",
        reading: "Reading the data …",
        count: |shown, total| format!("{shown} of {total} shown"),
        more: "Show more",
        nothing: "Nothing has these letters in it.",
        points: |points| match points {
            "1" => "1 point".to_owned(),
            _ => format!("{points} points"),
        },
        field: |name| name,
    },
};
