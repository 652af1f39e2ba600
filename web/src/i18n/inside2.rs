//! The words of the later panels: feed-forward, residual stream, output, influence, switches.

use share::scene::SwitchPart;

use crate::protocol::inside::NormPlace;

/// What several panels share.
pub(crate) struct InsideMore {
    pub(crate) target: &'static str,
    pub(crate) target_auto: &'static str,
    pub(crate) target_other: &'static str,
    pub(crate) target_placeholder: &'static str,
    pub(crate) numbers: InsideNumbers,
}

/// Numbers written out, and pictures that several stages share.
pub(crate) struct InsideNumbers {
    pub(crate) step_value: &'static str,
    /// Query, key.
    pub(crate) value_explained: fn(&str, &str) -> String,
    pub(crate) norm_title: &'static str,
    pub(crate) norm_explained: &'static str,
    pub(crate) norm_before: &'static str,
    pub(crate) norm_place: fn(NormPlace) -> &'static str,
    /// What the rows of the picture are.
    pub(crate) norm_rows: [&'static str; 3],
    /// Component, before, weight, after.
    pub(crate) norm_cell: fn(usize, &str, &str, &str) -> String,
    /// Norm, its layer, token and its place.
    pub(crate) norm_caption: fn(NormPlace, u32, &str, u32) -> String,
    pub(crate) stages_title: &'static str,
    pub(crate) stages_explained: &'static str,
    pub(crate) stages_show: &'static str,
    pub(crate) stages_hide: &'static str,
    /// Stage, layer, head.
    pub(crate) stage_caption: fn(&str, u32, u32) -> String,
    /// The token that is followed, and its neighbour.
    pub(crate) cosine: fn(&str, &str) -> String,
    pub(crate) pair: &'static str,
    /// The likeliest token.
    pub(crate) lens: fn(&str) -> String,
    /// Token and its place.
    pub(crate) worth: fn(&str, usize) -> String,
    pub(crate) divergence: &'static str,
    /// The likeliest token.
    pub(crate) drawn: fn(&str) -> String,
}

pub(crate) struct InsideFeedForward {
    pub(crate) intro: &'static str,
    pub(crate) gate: &'static str,
    pub(crate) up: &'static str,
    pub(crate) product: &'static str,
    /// Neurons that are nearly silent, of so many.
    pub(crate) quiet: fn(usize, usize) -> String,
    /// Neuron, gate, up, product.
    pub(crate) cell: fn(u32, &str, &str, &str) -> String,
    /// Layer, neurons.
    pub(crate) caption: fn(u32, usize) -> String,
    pub(crate) neuron: fn(u32) -> String,
    pub(crate) active: &'static str,
    pub(crate) active_caption: &'static str,
    pub(crate) formula_explained: &'static str,
    pub(crate) push: &'static str,
    pub(crate) pushes_up: &'static str,
    pub(crate) pushes_down: &'static str,
    pub(crate) push_caption: &'static str,
    pub(crate) switch_off: &'static str,
}

pub(crate) struct InsideResidual {
    pub(crate) intro: &'static str,
    pub(crate) layer: fn(u32) -> String,
    pub(crate) lens: &'static str,
    pub(crate) lens_explained: &'static str,
    pub(crate) cells: &'static str,
    pub(crate) cells_top: &'static str,
    pub(crate) cells_target: &'static str,
    pub(crate) embedding_short: &'static str,
    pub(crate) lens_caption: &'static str,
    /// The token that is followed.
    pub(crate) lens_target_caption: fn(&str) -> String,
    /// Token, its place, blocks, likeliest next token, its probability.
    pub(crate) lens_cell: fn(&str, u32, usize, &str, &str) -> String,
    /// Target, its rank and probability.
    pub(crate) lens_rank: fn(&str, u32, &str) -> String,
    pub(crate) not_yet: &'static str,
    /// The guess, after how many blocks it is there, of how many.
    pub(crate) settles: fn(&str, usize, usize) -> String,
    pub(crate) lens_table: &'static str,
    pub(crate) earlier: &'static str,
    pub(crate) later: &'static str,
    /// First and last token on show, tokens of the text.
    pub(crate) shown: fn(u32, u32, u32) -> String,
    pub(crate) embedding: &'static str,
    pub(crate) attention: &'static str,
    pub(crate) feed_forward: &'static str,
    pub(crate) contributions: &'static str,
    pub(crate) contributions_explained: &'static str,
    /// Target, the token it follows, its place.
    pub(crate) contributions_caption: fn(&str, &str, u32) -> String,
    /// The model's logit and its probability.
    pub(crate) sum: fn(&str, &str) -> String,
    pub(crate) stream: &'static str,
    pub(crate) lengths: &'static str,
    pub(crate) lengths_explained: &'static str,
    /// Token and its place.
    pub(crate) lengths_caption: fn(&str, u32) -> String,
}

pub(crate) struct InsideOutput {
    pub(crate) intro: &'static str,
    /// The token before it and its place.
    pub(crate) about: fn(&str, u32) -> String,
    /// Tokens that are left.
    pub(crate) left: fn(u32) -> String,
    pub(crate) greedy: &'static str,
    /// Tokens of the vocabulary, left by `top_k`, by `top_p`, by `min_p`; entropy in bits.
    pub(crate) said: fn(u32, u32, u32, u32, &str) -> String,
    pub(crate) table: &'static str,
    pub(crate) tempered: &'static str,
    pub(crate) tempered_explained: &'static str,
    pub(crate) formula: &'static str,
    /// The filter that dropped it.
    pub(crate) out: fn(&str) -> String,
    pub(crate) draw_title: &'static str,
    pub(crate) draw_explained: &'static str,
    pub(crate) draw: &'static str,
    pub(crate) draw_many: fn(u64) -> String,
    pub(crate) forget: &'static str,
    /// Random number, token, its probability, seed.
    pub(crate) drew: fn(&str, &str, &str, u64) -> String,
    pub(crate) expected: &'static str,
    pub(crate) drawn: &'static str,
    pub(crate) draws_caption: fn(u32) -> String,
}

pub(crate) struct InsideInfluence {
    pub(crate) intro: &'static str,
    pub(crate) way: &'static str,
    pub(crate) drop: &'static str,
    pub(crate) replace: &'static str,
    pub(crate) filler: &'static str,
    /// The token that takes the place, of so many that were typed.
    pub(crate) filler_used: fn(&str, usize) -> String,
    /// Runs of the model.
    pub(crate) run: fn(u32) -> String,
    pub(crate) stop: &'static str,
    pub(crate) by_occlusion: &'static str,
    pub(crate) by_attention: &'static str,
    pub(crate) occlusion_explained: &'static str,
    pub(crate) attention_explained: &'static str,
    pub(crate) caption: &'static str,
    /// Output token, the token it follows, its place, probability in the whole text.
    pub(crate) about: fn(&str, &str, u32, &str) -> String,
    /// Token, its place, the output's probability without it.
    pub(crate) strongest: fn(&str, usize, &str) -> String,
    /// Rank correlation.
    pub(crate) agreement: fn(&str) -> String,
}

pub(crate) struct InsideSwitches {
    pub(crate) intro: &'static str,
    /// Tokens that both runs get; whether these are the prompt alone.
    pub(crate) follows: fn(u32, bool) -> String,
    pub(crate) board: &'static str,
    pub(crate) board_explained: &'static str,
    pub(crate) layer: &'static str,
    pub(crate) heads: &'static str,
    pub(crate) attention: &'static str,
    pub(crate) feed_forward: &'static str,
    /// Part, layer, head or neuron.
    pub(crate) part: fn(SwitchPart, u32, u32) -> String,
    /// What a part is multiplied by.
    pub(crate) scaled: fn(f32) -> String,
    pub(crate) reset: &'static str,
    pub(crate) back: &'static str,
    /// Parts that can be changed at most.
    pub(crate) too_many: fn(usize) -> String,
    /// A neuron of this layer.
    pub(crate) neuron: fn(u32) -> String,
    pub(crate) off: &'static str,
    pub(crate) patch: &'static str,
    pub(crate) patch_explained: &'static str,
    pub(crate) source: &'static str,
    pub(crate) source_placeholder: &'static str,
    pub(crate) source_token: &'static str,
    pub(crate) after_layer: &'static str,
    /// The token that gets the vector.
    pub(crate) here: fn(u32) -> String,
    pub(crate) remove: &'static str,
    /// Token and its place, the token of the other prompt, layer.
    pub(crate) patched: fn(&str, u32, &str, u32) -> String,
    /// A token that the runs do not get.
    pub(crate) beyond: fn(u32) -> String,
    /// A layer or a token of the other prompt that is not there.
    pub(crate) unfit: &'static str,
    pub(crate) untouched: &'static str,
    pub(crate) changed: &'static str,
    /// Bits between the distributions, the first token in which the texts differ.
    pub(crate) differs: fn(&str, usize) -> String,
    /// Bits between the distributions.
    pub(crate) same: fn(&str) -> String,
    /// Share of the probability that is with other tokens now, 0 to 1.
    pub(crate) moved: fn(&str) -> String,
    pub(crate) chart_caption: &'static str,
    pub(crate) greedy: &'static str,
}

#[cfg(test)]
mod tests {
    use super::super::strings;
    use crate::state::preferences::Language;
    use share::scene::SwitchPart;
    use std::collections::BTreeSet;

    const PARTS: [SwitchPart; 4] =
        [SwitchPart::Head, SwitchPart::Attention, SwitchPart::FeedForward, SwitchPart::Neuron];

    #[test]
    fn parts_of_the_model_are_told_apart_in_both_languages() {
        for language in [Language::En, Language::Zh] {
            let words = &strings(language).inside_switches;
            let said: BTreeSet<_> = PARTS.map(|part| (words.part)(part, 3, 17)).into();
            assert_eq!(said.len(), PARTS.len());
            assert!(said.iter().all(|part| part.contains('3')));
            assert!((words.part)(SwitchPart::Neuron, 3, 17).contains("17"));
        }
    }

    #[test]
    fn off_and_on_have_words_of_their_own() {
        for language in [Language::En, Language::Zh] {
            let scaled = strings(language).inside_switches.scaled;
            let said: BTreeSet<_> = [0.0, 1.0, 0.5].map(scaled).into();
            assert_eq!(said.len(), 3);
            assert!(scaled(0.5).contains("0.5"));
        }
    }
}
