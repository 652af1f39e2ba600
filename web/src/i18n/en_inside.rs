//! English: the inside view's frame, tokens, embedding, attention.

use share::scene::Panel;

use super::en::counted;
use super::en_lab::LAB;
use super::inside::{Heatmap, Inside, InsideAttention, InsideEmbedding, InsideTokens};
use crate::protocol::inside::SegmentKind;
use crate::state::inside::attention::Role;

pub(super) const HEATMAP: Heatmap = Heatmap {
    role: "table as a picture",
    keys: "Arrow keys go from cell to cell, Enter locks one, Esc lets go. + and − come closer and go back, 0 shows the whole, Shift and arrows move. With the mouse: Ctrl and wheel, drag.",
    closer: "Closer",
    farther: "Farther",
    whole: "Whole",
    masked: "masked: not there, which is not zero",
};

pub(super) const INSIDE: Inside = Inside {
    open: "Look inside →",
    back: "← Back to the answers",
    back_to_lab: "← Back to the lab",
    lab_prompt: "This is the prompt that the lab asked, its parts in their colours.",
    to_columns: "Look into the columns instead",
    title: |name| format!("Inside {name}: from text to the next token"),
    no_text: "Load a model and type a prompt: then its inside opens here.",
    which_column: "Look into the column",
    strip: "The text as tokens; the one you choose is followed in every panel",
    pipeline: "From text to next token",
    panel: |panel| match panel {
        Panel::Tokens => "Tokens",
        Panel::Embedding => "Embedding",
        Panel::Attention => "Attention",
        Panel::FeedForward => "Feed-forward",
        Panel::Residual => "Residual stream",
        Panel::Output => "Output",
        Panel::Influence => "What mattered",
        Panel::Switches => "Switch off",
    },
    segment: |kind| match kind {
        SegmentKind::Template => "template".to_owned(),
        SegmentKind::System => "system".to_owned(),
        SegmentKind::Example { number } => format!("example {number}"),
        SegmentKind::Question => "question".to_owned(),
        SegmentKind::Raw => "prompt".to_owned(),
        SegmentKind::Part { part, number } => {
            (LAB.parts.numbered)(part, number as usize).to_lowercase()
        }
        SegmentKind::Rest => "rest of the prompt".to_owned(),
        SegmentKind::Answer => "answer".to_owned(),
    },
    layer: "Layer",
    head: "Head",
    place: |place| format!("place {place}"),
    waiting: "Computing …",
    progress: |done, total| format!("Computing: {done} of {total}"),
    failed: "This could not be computed.",
    stopped: "Stopped before it was done.",
    again: "Compute it again",
    old: "What you see below is an earlier result.",
};

pub(super) const TOKENS: InsideTokens = InsideTokens {
    intro: "A model does not read letters. Its tokenizer cuts the text into pieces of a fixed vocabulary, and each piece goes in as a number, its id. All that follows is computed from these numbers.",
    chips: "Tokens with their ids",
    one_of: |vocab| format!("One of {vocab} tokens that this model knows."),
    merges: "How this piece was put together",
    piece: "Piece of text",
    merges_explained: "The tokenizer begins with single characters or bytes and joins two neighbours at a time, always the pair that comes first in its list. The list was learned by counting: frequent pairs come early.",
    start: "to begin with",
    merge: |step, rank| format!("merge {step} · number {rank} in the list"),
    merge_unranked: |step| format!("merge {step}"),
    packing: "How well text packs",
    packing_explained: "A vocabulary made from much English holds long English pieces, and cuts other languages finer. The model then needs more steps for the same content. The same sentence in two languages:",
    text: "Text",
    characters: "Characters",
    tokens: "Tokens",
    ratio: "Characters per token",
    this_text: "The text above",
    english: "English",
    chinese: "Chinese",
    rival: "The same text, another tokenizer",
    rival_model: "Compare with",
    no_rival: "Load a second model, and its tokenizer can be compared with this one.",
    cut: |model, tokens, ratio| {
        let tokens = counted(tokens, "token", "tokens");
        match ratio {
            Some(ratio) => format!("{model}: {tokens}, {ratio:.2} characters per token"),
            None => format!("{model}: {tokens}"),
        }
    },
    parts: |byte| match byte {
        Some(byte) => {
            format!("After {} the two cut differently.", counted(byte, "byte", "bytes"))
        }
        None => "Both cut this text in the same places.".to_owned(),
    },
};

pub(super) const EMBEDDING: InsideEmbedding = InsideEmbedding {
    intro: "The id picks a row of a large table, the embedding: this row of numbers is what the first block gets. Training has put tokens that are used alike into similar directions. Where the token stands is told by turning queries and keys, later, in each block.",
    row_title: "The row of this token",
    row: |token, width, vocab| {
        format!(
            "The embedding of “{token}”: {width} numbers, one of {vocab} rows. Orange is above zero, teal below."
        )
    },
    component: |at, value| format!("component {at}: {value}"),
    nearest: "Nearest rows",
    nearest_explained: "The tokens of the whole vocabulary whose rows point most nearly the same way: cosine of the angle, 1 is the same direction.",
    cosine: "cosine of the angle",
    cloud_title: "Vectors on their way through the blocks",
    cloud_explained: "Each token of the text as a point, by the two directions in which the vectors differ most (principal components, computed here from these vectors). Move through the blocks: a token's vector takes up what stands before it, so that equal words in different company part.",
    blocks: "Blocks gone through",
    cloud: |blocks, share, neighbours| {
        let place = match blocks {
            0 => "before the first block".to_owned(),
            _ => format!("after {}", counted(blocks, "block", "blocks")),
        };
        let near = match (neighbours, blocks) {
            (0, _) => String::new(),
            (_, 0) => format!(" Grey: {neighbours} nearest tokens of the vocabulary."),
            _ => format!(
                " Grey: rows of {neighbours} tokens of the vocabulary that point most nearly the way the followed token’s vector does now, drawn as long as it is."
            ),
        };
        format!(
            "The tokens' vectors {place}, seen from their two widest directions, which hold {share} of their differences.{near}"
        )
    },
    near_after: |token, blocks, list| match blocks {
        0 => format!("Nearest to “{token}” before the first block (cosine): {list}"),
        _ => {
            let blocks = counted(blocks, "block", "blocks");
            format!("Nearest to “{token}” after {blocks} (cosine): {list}")
        }
    },
    twin: |token, one, other, blocks, cosine| match blocks {
        0 => format!(
            "“{token}” at places {one} and {other}: the same row to begin with, cosine {cosine}."
        ),
        _ => {
            let blocks = counted(blocks, "block", "blocks");
            format!("“{token}” at places {one} and {other}: after {blocks}, cosine {cosine}.")
        }
    },
    rope: "Position: hands that turn",
    rope_explained: "Queries and keys are taken as pairs of numbers, each pair a hand on a dial. From place to place every hand turns on by its own angle, the first ones fast, the last ones slowly. In the product of query and key only the difference of two places remains.",
    rope_formula: |place, width, base| {
        format!("angle of pair i at place {place} = {place} · {base}^(−2i / {width})")
    },
    hand: |pair, degrees, period| {
        format!("Pair {pair}: {degrees}°, a whole turn in {period} tokens")
    },
    swap: "When two words change places",
    swap_explained: "The same rows of the table go in, in another order. If places meant nothing, the same vectors would come out. Choose a word to change places with the followed token; both texts are run.",
    swap_with: "Changes places with",
    swapped: |token, from, to, blocks, cosine| {
        let blocks = counted(blocks, "block", "blocks");
        if from == to {
            format!(
                "“{token}” at place {from}, which stayed: cosine {cosine} between the two texts after {blocks}."
            )
        } else {
            format!(
                "“{token}” at place {from} and, in the other text, at place {to}: cosine {cosine} after {blocks}."
            )
        }
    },
    swap_recut: "With these two in each other's place the text is cut into other tokens, so it would be no fair comparison. Choose another word.",
};

pub(super) const ATTENTION: InsideAttention = InsideAttention {
    intro: "In each block every token (the query, a row) looks at the tokens before it (the keys, columns) and takes in part of their values. How much of which is the attention weight; each row adds up to 1.",
    what: "Show",
    mode_head: "one head",
    mode_mean: "mean of the layer",
    mode_rollout: "rollout",
    mode_difference: "difference between stages",
    step: "Step",
    step_score: "1 · score q·k",
    step_scaled: "2 · scaled and masked",
    step_weight: "3 · softmax",
    root: "bring out small weights",
    lines: "as lines",
    caption_head: |layer, head, step| {
        format!("Layer {layer}, head {head}: {step}. Rows are queries, columns are keys.")
    },
    caption_mean: |layer| {
        format!(
            "Layer {layer}: the mean of its heads' weights. Rows are queries, columns are keys."
        )
    },
    caption_rollout: |layer| {
        format!(
            "Attention rollout up to layer {layer}: mean weights of all layers so far, half and half with the residual stream, multiplied. A rough picture of which tokens can have reached which."
        )
    },
    caption_difference: |layer, head, stage| {
        format!(
            "Layer {layer}, head {head}: weight here minus weight in “{stage}”, on the same text. Orange: more here; teal: less."
        )
    },
    cell: |query, query_at, key, key_at, value| match value {
        Some(value) => format!("“{query}” ({query_at}) looks at “{key}” ({key_at}): {value}"),
        None => format!(
            "“{query}” ({query_at}) and “{key}” ({key_at}): masked, this query does not see this key"
        ),
    },
    lines_caption: |query, keys| {
        format!("“{query}” looks most at {keys}. Click a token on the left to follow it.")
    },
    score: |query, key, width| {
        format!("Query of “{query}” and key of “{key}”: {width} products, added up.")
    },
    scaled: "Multiplied by a fixed number, so that scores do not grow with the width. Then keys after the query are taken out: it must not see what it is to predict.",
    softmax: |keys| {
        let keys = counted(keys, "key", "keys");
        format!("Exponential of the score, divided by the sum over the {keys} that the query sees.")
    },
    masked: "This key is masked for this query: it takes no part in the softmax.",
    mass: "Where the attention goes",
    mass_explained: |query| {
        format!(
            "Attention on each part of the text: of the query at place {query}, and, paler, on average over all queries."
        )
    },
    mass_own: |query| format!("query at place {query}"),
    mass_all: "average over all queries",
    role: |role, share, queries| {
        let what = match role {
            Role::Previous => "looks most at the token before",
            Role::First => "looks most at the first token",
            Role::Own => "looks most at itself",
            Role::Induction => "looks most at what followed the same token earlier (induction)",
        };
        format!("{what}: at {share} of {}", counted(queries, "place", "places"))
    },
    reminder: "Attention is not an explanation: a weight says where a head took something from, not what became of it. Switch the head off and see whether the output changes.",
    too_long: |most| {
        format!(
            "Attention of each pair of tokens is computed for texts of at most {most} tokens; this one is longer."
        )
    },
    switch_off: |layer, head| format!("Switch off head {head} of layer {layer}"),
    heads: "All heads",
    heads_explained: "Each picture is the attention of one head on this text; rows are layers. Click one, or walk with the arrow keys.",
    head_at: |layer, head| format!("layer {layer}, head {head}"),
    against: "Compare with",
    no_other_stage: "This model has one stage only: there is nothing to compare with.",
    changes: "Heads that changed most",
    changes_explained: "Mean absolute difference of the attention weights on this text between the two stages.",
};
