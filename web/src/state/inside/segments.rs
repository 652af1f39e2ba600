//! Where attention goes: its mass on each segment of the text.

use crate::protocol::inside::{Segment, SegmentKind};

/// The attention of a query on a segment, or of all queries on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mass {
    pub(crate) kind: SegmentKind,
    /// Tokens of the segments of this kind.
    pub(crate) tokens: u32,
    /// Share of the attention, from 0 to 1.
    pub(crate) share: f32,
}

/// Attention per kind of segment, in the order of the text. `weights`: (tokens, tokens); `query`: one row, or the
/// mean over all. Segments of the same kind are taken together.
pub(crate) fn masses(
    weights: &[f32],
    tokens: usize,
    segments: &[Segment],
    query: Option<usize>,
) -> Vec<Mass> {
    if tokens == 0 || weights.len() != tokens * tokens {
        return Vec::new();
    }
    let rows: Vec<&[f32]> = match query {
        Some(query) => weights.chunks_exact(tokens).skip(query).take(1).collect(),
        None => weights.chunks_exact(tokens).collect(),
    };
    let mut out: Vec<Mass> = Vec::new();
    for segment in segments {
        let range = segment.start as usize..(segment.end as usize).min(tokens);
        let sum: f32 = rows.iter().filter_map(|row| row.get(range.clone())).flatten().sum();
        let share = sum / rows.len().max(1) as f32;
        let length = segment.end.saturating_sub(segment.start);
        match out.iter_mut().find(|mass| mass.kind == segment.kind) {
            Some(mass) => {
                mass.tokens += length;
                mass.share += share;
            }
            None => out.push(Mass { kind: segment.kind, tokens: length, share }),
        }
    }
    out
}

/// The segment of a token.
pub(crate) fn segment_of(segments: &[Segment], token: u32) -> Option<Segment> {
    segments.iter().find(|segment| (segment.start..segment.end).contains(&token)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(kind: SegmentKind, start: u32, end: u32) -> Segment {
        Segment { kind, start, end }
    }

    #[test]
    fn shares_add_up_to_one() {
        let weights = [1.0, 0.0, 0.0, 0.25, 0.75, 0.0, 0.5, 0.2, 0.3];
        let segments = [
            segment(SegmentKind::Template, 0, 1),
            segment(SegmentKind::Question, 1, 2),
            segment(SegmentKind::Template, 2, 3),
        ];
        let last = masses(&weights, 3, &segments, Some(2));
        assert_eq!(last.len(), 2, "both parts of the template together");
        assert_eq!((last[0].tokens, last[1].kind), (2, SegmentKind::Question));
        assert!((last[0].share - 0.8).abs() < 1e-6);
        let all = masses(&weights, 3, &segments, None);
        assert!((all.iter().map(|mass| mass.share).sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn numbers_of_another_text_say_nothing() {
        assert_eq!(masses(&[1.0; 4], 3, &[segment(SegmentKind::Raw, 0, 3)], None), []);
    }

    #[test]
    fn every_token_has_its_segment() {
        let segments = [segment(SegmentKind::Raw, 0, 2), segment(SegmentKind::Answer, 2, 3)];
        assert_eq!(segment_of(&segments, 2).map(|segment| segment.kind), Some(SegmentKind::Answer));
        assert_eq!(segment_of(&segments, 3), None);
    }
}
