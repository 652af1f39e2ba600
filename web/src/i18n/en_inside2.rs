//! English: the later panels of the inside view.

use share::scene::SwitchPart;

use super::en::counted;
use super::inside2::{
    InsideFeedForward, InsideInfluence, InsideMore, InsideNumbers, InsideOutput, InsideResidual,
    InsideSwitches,
};
use crate::protocol::inside::NormPlace;

pub(super) const MORE: InsideMore = InsideMore {
    target: "Output token that is explained",
    target_auto: "the one that stands next, else the likeliest",
    target_other: "Another token",
    target_placeholder: "type it, with its space",
    numbers: NUMBERS,
};

const NUMBERS: InsideNumbers = InsideNumbers {
    step_value: "4 · weighted sum of values",
    value_explained: |query, key| {
        format!(
            "“{query}” takes in the value of “{key}” times the weight, and those of all other keys likewise. Written out: the largest component of the sum, with the keys that weigh most. The sum goes through the output matrix into the stream."
        )
    },
    norm_title: "The norm: every vector brought to the same size",
    norm_explained: "Before attention, feed-forward and the output matrix read a vector of the stream, it is divided by its size (the root of its mean square, with a tiny ε against division by zero) and each component is multiplied by a learned weight.",
    norm_before: "Norm before",
    norm_place: |place| match place {
        NormPlace::Attention => "attention",
        NormPlace::FeedForward => "feed-forward",
        NormPlace::Final => "the output (final norm)",
    },
    norm_rows: ["divided", "weight", "result"],
    norm_cell: |at, x, weight, y| {
        format!("Component {at}: {x} in the stream, weight {weight}, result {y}")
    },
    norm_caption: |place, layer, token, at| {
        let what = match place {
            NormPlace::Attention => format!("Before the attention of layer {layer}"),
            NormPlace::FeedForward => format!("Before the feed-forward of layer {layer}"),
            NormPlace::Final => "Before the output matrix".to_owned(),
        };
        format!(
            "{what}, “{token}” ({at}): the stream’s vector divided by its size, the weights, and the product. Numbers beyond the ends of the scale have its strongest colour."
        )
    },
    stages_title: "The same head in every stage",
    stages_explained: "One text, one head, each stage of the model beside the others: what training has changed in where it looks.",
    stages_show: "Show all stages side by side",
    stages_hide: "Hide them",
    stage_caption: |stage, layer, head| {
        format!(
            "{stage}: attention of layer {layer}, head {head}. Rows are queries, columns are keys."
        )
    },
    cosine: |own, other| {
        format!(
            "a is the row of “{own}”, b that of “{other}”: their product, divided by both lengths. Choose another neighbour to see its numbers."
        )
    },
    pair: "Pair",
    lens: |top| {
        format!(
            "Softmax for “{top}”: the exponential of its logit less ln Σ exp, taken over the full vocabulary."
        )
    },
    worth: |token, place| {
        format!(
            "“{token}” ({place}): probability in the whole text less probability without it. Point at a token to see its numbers."
        )
    },
    divergence: "KL(P ‖ Q) = Σ P × log₂(P ÷ Q) over the vocabulary, P untouched and Q changed. The token with the largest term, and the sum of all:",
    drawn: |token| {
        format!(
            "For “{token}”: logit to scaled logit, then the exponential of that less ln Σ exp over all tokens that are left."
        )
    },
};

pub(super) const FEED_FORWARD: InsideFeedForward = InsideFeedForward {
    intro: "After attention has brought tokens together, the feed-forward works on each token alone. Every neuron looks for a pattern (its gate opens) and, if it finds it, adds its own vector to the token’s stream: that vector favours some output tokens and works against others.",
    gate: "gate",
    up: "up",
    product: "product",
    quiet: |quiet, all| {
        format!(
            "{quiet} of {all} neurons are as good as silent here: their product is less than a hundredth of the largest."
        )
    },
    cell: |neuron, gate, up, product| {
        format!("Neuron {neuron}: gate {gate}, up {up}, product {product}")
    },
    caption: |layer, neurons| {
        format!(
            "All {neurons} neurons of layer {layer} at the chosen token: gate before its function, up, and the product of both. The few numbers beyond the ends of the scale have its strongest colour."
        )
    },
    neuron: |neuron| format!("Neuron {neuron}"),
    active: "Most active neurons",
    active_caption: "The neurons with the largest products at this token. Choose one to see what it pushes.",
    formula_explained: "Function of the gate, times up: the strength with which this neuron adds its vector to the stream.",
    push: "push on the logit",
    pushes_up: "Makes likelier",
    pushes_down: "Makes less likely",
    push_caption: "The neuron’s vector through the output matrix, times its product here. Before the final norm divides by the stream’s length; later layers may still change it.",
    switch_off: "Switch this neuron off and see",
};

pub(super) const RESIDUAL: InsideResidual = InsideResidual {
    intro: "Each token has a stream: a vector that starts as its embedding. Attention and feed-forward of every block add to it and take nothing away. What stands there after the last block becomes the next token – but one can ask earlier.",
    layer: |layer| format!("Layer {layer}"),
    lens: "Logit lens",
    lens_explained: "What would the model say next if it stopped after so many blocks? The stream goes through the final norm and the output matrix as if it were the last. Each row is a token of the text, each column a number of blocks; 0 is the bare embedding.",
    cells: "In the cells",
    cells_top: "the likeliest next token",
    cells_target: "rank of the explained token",
    embedding_short: "0",
    lens_caption: "The likeliest next token after each token (rows) and so many blocks (columns), shaded by its probability.",
    lens_target_caption: |target| {
        format!(
            "Rank of “{target}” among all tokens, after each token (rows) and so many blocks (columns); #1 is the likeliest. Shaded by its probability."
        )
    },
    lens_cell: |token, place, blocks, top, probability| match blocks {
        0 => format!("“{token}” ({place}), bare embedding: next “{top}” with {probability}."),
        1 => format!("“{token}” ({place}), after 1 block: next “{top}” with {probability}."),
        _ => {
            format!("“{token}” ({place}), after {blocks} blocks: next “{top}” with {probability}.")
        }
    },
    lens_rank: |target, rank, probability| {
        format!("“{target}” has rank {rank} with {probability}.")
    },
    not_yet: "This has not been computed yet.",
    settles: |top, blocks, all| match blocks {
        0 => format!("After this token the guess is “{top}” from the embedding on."),
        _ => format!(
            "After this token the guess “{top}” is there from block {blocks} of {all} on, and stays."
        ),
    },
    lens_table: "Save all of it as a table (CSV)",
    earlier: "← earlier",
    later: "later →",
    shown: |first, last, all| format!("Tokens {first}–{last} of {all}"),
    embedding: "embedding",
    attention: "attention",
    feed_forward: "feed-forward",
    contributions: "Who made this logit?",
    contributions_explained: "The logit is a sum: the embedding’s part and what each attention and each feed-forward added, all read through the output matrix with the final norm’s divisor kept. Positive parts speak for the token, negative ones against it. Choose a layer to follow it in the other views.",
    contributions_caption: |target, token, place| {
        format!("Parts of the logit of “{target}” after “{token}” ({place}).")
    },
    sum: |logit, probability| {
        format!(
            "embedding + all attention + all feed-forward. The model’s own logit is {logit}, which is a probability of {probability}."
        )
    },
    stream: "stream",
    lengths: "How long the vectors are",
    lengths_explained: "The stream grows as blocks add to it; a long stream makes later additions count for less.",
    lengths_caption: |token, place| {
        format!(
            "Length of the stream of “{token}” ({place}) after each layer, and of what the layer’s attention and feed-forward added."
        )
    },
};

pub(super) const OUTPUT: InsideOutput = InsideOutput {
    intro: "At the end stands one number for every token of the vocabulary: its logit. Temperature and filters turn them into the probabilities that the next token is drawn with. Move the sliders: nothing runs again, the same logits are only read in another way.",
    about: |token, place| format!("What may come after “{token}” ({place}):"),
    left: |count| format!("{} left", counted(count, "token", "tokens")),
    greedy: "At temperature 0 nothing is drawn: the likeliest token is taken.",
    said: |all, top_k, top_p, min_p, entropy| {
        format!(
            "Of {all} tokens top_k leaves {top_k}, top_p {top_p} of these, min_p {min_p}. Before all that the entropy is {entropy} bits."
        )
    },
    table: "The likeliest tokens from logit to probability",
    tempered: "After temperature",
    tempered_explained: "Softmax of the scaled logits over the full vocabulary, before the filters",
    formula: "probability = exp(logit ÷ temperature) ÷ the sum of it over all tokens that are left.",
    out: |filter| format!("out: {filter}"),
    draw_title: "The draw",
    draw_explained: "All tokens that are left lie side by side, each as wide as its probability, in the order of their ids. A random number between 0 and 1 points at one. It comes from the seed and the position, so that the same seed draws the same token again; every further draw takes the next seed.",
    draw: "Draw",
    draw_many: |count| format!("Draw {count} times"),
    forget: "Forget the draws",
    drew: |needle, token, share, seed| {
        format!("Seed {seed} gives {needle}, which points at “{token}” (probability {share}).")
    },
    expected: "probability",
    drawn: "share of your draws",
    draws_caption: |draws| {
        match draws {
        0 => "The likeliest tokens. Draw, and the shares of your draws stand beside their probabilities.".to_owned(),
        1 => "The likeliest tokens, and your one draw.".to_owned(),
        _ => format!("The likeliest tokens: probability, and share of your {draws} draws."),
    }
    },
};

pub(super) const INFLUENCE: InsideInfluence = InsideInfluence {
    intro: "Which tokens did the model need for its next word? The honest way to know is to take each one out and run again: what the word loses without it is what the token was worth. Attention only shows where the model looked – often the two differ.",
    way: "Each token is",
    drop: "left out",
    replace: "replaced",
    filler: "by",
    filler_used: |token, of| match of {
        1 => format!("the token “{token}”"),
        _ => format!("only the first of {of} tokens: “{token}”"),
    },
    run: |count| format!("Measure · {}", counted(count, "run", "runs")),
    stop: "Stop",
    by_occlusion: "worth of the token",
    by_attention: "attention",
    occlusion_explained: "Percentage points of probability that are lost without the token. Blue-green: without it the output becomes likelier.",
    attention_explained: "Attention rollout over all layers: how much of each token flows to the end through attention, the heads averaged. Computed from attention weights alone.",
    caption: "What each token is worth to the output, measured by taking it out, beside the attention it got. Each has a scale of its own.",
    about: |target, token, place, probability| {
        format!("In the whole text “{target}” follows “{token}” ({place}) with {probability}.")
    },
    strongest: |token, place, probability| {
        format!("Without “{token}” ({place}) it has {probability}: no other token changes more.")
    },
    agreement: |value| {
        format!(
            "Rank correlation of both measures: {value} (1: the same order, 0: none in common). What was looked at most need not be what mattered most."
        )
    },
};

pub(super) const SWITCHES: InsideSwitches = InsideSwitches {
    intro: "To learn what a part does, take it away. Switch heads, whole attention or feed-forward layers and single neurons off, or scale them up to twofold, and compare with the untouched run. A part that can go without a trace was not needed here.",
    follows: |tokens, is_prompt| {
        let what = if is_prompt { "the prompt alone" } else { "the text up to the chosen token" };
        let tokens = counted(tokens, "token", "tokens");
        format!(
            "Both runs go on from {what} ({tokens}). Choose a token of the answer to go on from there."
        )
    },
    board: "Parts of the model",
    board_explained: "Rows are layers. A click switches a part off (×) and on again; arrow keys walk.",
    layer: "Layer",
    heads: "Heads",
    attention: "Attention",
    feed_forward: "Feed-forward",
    part: |part, layer, index| match part {
        SwitchPart::Head => format!("Layer {layer} · head {index}"),
        SwitchPart::Attention => format!("Layer {layer} · all attention"),
        SwitchPart::FeedForward => format!("Layer {layer} · feed-forward"),
        SwitchPart::Neuron => format!("Layer {layer} · neuron {index}"),
    },
    scaled: |scale| match scale {
        0.0 => "off".to_owned(),
        1.0 => "on".to_owned(),
        scale => format!("times {scale}"),
    },
    reset: "Everything on again",
    back: "On again",
    too_many: |most| format!("{most} parts are changed, no more can be: put one back on first."),
    neuron: |layer| format!("Neuron of layer {layer}"),
    off: "Switch off",
    patch: "Patch from another prompt",
    patch_explained: "Run another prompt, take the stream’s vector at one token after one layer, and put it into this run. If the answer follows the other prompt now, that vector carried what made the difference.",
    source: "Other prompt",
    source_placeholder: "e.g. the same question about another country",
    source_token: "Vector of this token",
    after_layer: "After layer",
    here: |token| format!("Put it at the chosen token ({token})"),
    remove: "Remove the patch",
    patched: |token, place, from, layer| {
        format!("After layer {layer}, “{token}” ({place}) gets the vector of “{from}”.")
    },
    beyond: |token| {
        format!(
            "Token {token} is not part of what both runs get: choose a token of the prompt and put the vector there."
        )
    },
    unfit: "The patch does not fit this model: choose a token of the other prompt, and a layer, anew.",
    untouched: "untouched",
    changed: "changed",
    differs: |bits, place| {
        format!(
            "The distribution moved by {bits} bits (KL divergence), and the texts part at their token {place}."
        )
    },
    moved: |share| format!("Probability that moved to other tokens: {share} of 1."),
    same: |bits| {
        format!(
            "The distribution moved by {bits} bits (KL divergence), and the text stays the same."
        )
    },
    chart_caption: "Probability of the likeliest next tokens, untouched and changed, over the full vocabulary.",
    greedy: "Both texts are written greedily: each token is the likeliest, so that only the change makes a difference.",
};
