//! The picture of a soft look-up: where keys, values, query and answer are drawn.

use share::lesson::Lookup;

/// Size of the picture, in its own units.
pub(crate) const WIDTH: f64 = 320.0;
pub(crate) const HEIGHT: f64 = 170.0;
/// Room above the largest value and below the smallest.
const MARGIN: f64 = 22.0;
/// Points of the curve.
const POINTS: u32 = 160;
/// Steps of the slider from one end to the other, at least.
const STEPS: f64 = 40.0;

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) key: f64,
    pub(crate) value: f64,
    pub(crate) score: f64,
    /// From 0 to 1; all rows together make 1.
    pub(crate) weight: f64,
}

/// What the table says to a query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) rows: Vec<Row>,
    pub(crate) answer: f64,
    /// The row that weighs most.
    pub(crate) nearest: Option<Row>,
}

/// Asks the table.
pub(crate) fn ask(lookup: &Lookup, query: f64) -> Reply {
    let (scores, weights) = (lookup.scores(query), lookup.weights(query));
    let rows: Vec<Row> = lookup
        .keys
        .iter()
        .zip(&lookup.values)
        .zip(scores.into_iter().zip(weights))
        .map(|((&key, &value), (score, weight))| Row { key, value, score, weight })
        .collect();
    let nearest = rows.iter().copied().max_by(|a, b| a.weight.total_cmp(&b.weight));
    Reply { answer: lookup.answer(query), rows, nearest }
}

/// The slider's step: 1, 2 or 5 of some power of ten.
pub(crate) fn step(lookup: &Lookup) -> f64 {
    let (low, high) = lookup.range();
    let rough = (high - low) / STEPS;
    let power = 10f64.powf(rough.log10().floor());
    let factor = [5.0, 2.0, 1.0].into_iter().find(|factor| factor * power <= rough);
    factor.unwrap_or(1.0) * power
}

/// The nearest query that the slider can stand at.
pub(crate) fn snap(lookup: &Lookup, query: f64) -> f64 {
    let ((low, high), step) = (lookup.range(), step(lookup));
    ((query / step).round() * step).clamp(low, high)
}

/// The ends of the slider: whole steps within the range.
pub(crate) fn ends(lookup: &Lookup) -> (f64, f64) {
    let ((low, high), step) = (lookup.range(), step(lookup));
    ((low / step).ceil() * step, (high / step).floor() * step)
}

/// A query at a share of the picture's width.
pub(crate) fn at_share(lookup: &Lookup, share: f64) -> f64 {
    let (low, high) = lookup.range();
    snap(lookup, low + share * (high - low))
}

/// From left to right.
pub(crate) fn x(lookup: &Lookup, key: f64) -> f64 {
    let (low, high) = lookup.range();
    (key - low) / (high - low) * WIDTH
}

/// From the largest value down to the smallest.
pub(crate) fn y(lookup: &Lookup, value: f64) -> f64 {
    let smallest = lookup.values.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = lookup.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let share = if largest > smallest { (value - smallest) / (largest - smallest) } else { 0.5 };
    HEIGHT - MARGIN - share * (HEIGHT - 2.0 * MARGIN)
}

/// The answers to all queries, as the points of an SVG polyline.
pub(crate) fn curve(lookup: &Lookup) -> String {
    let (low, high) = lookup.range();
    let point = |at: u32| {
        let query = low + f64::from(at) / f64::from(POINTS) * (high - low);
        format!("{:.1},{:.1}", x(lookup, query), y(lookup, lookup.answer(query)))
    };
    (0..=POINTS).map(point).collect::<Vec<_>>().join(" ")
}

/// A number without needless digits: at most two behind the point.
pub(crate) fn plain(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heights(width: f64) -> Lookup {
        Lookup {
            key: "height in cm".to_owned(),
            value: "weight in kg".to_owned(),
            keys: vec![150.0, 160.0, 170.0, 180.0, 190.0],
            values: vec![50.0, 57.0, 65.0, 74.0, 84.0],
            query: 170.0,
            width,
        }
    }

    #[test]
    fn a_query_is_answered_with_the_whole_table() {
        let reply = ask(&heights(1.0), 180.0);
        assert!((reply.answer - 74.0).abs() < 1e-6);
        assert_eq!(reply.nearest.map(|row| (row.key, row.value)), Some((180.0, 74.0)));
        let soft = ask(&heights(5.0), 175.0);
        assert!((soft.rows.iter().map(|row| row.weight).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((soft.rows[2].score + 0.5).abs() < 1e-12, "one width away");
        let average: f64 = soft.rows.iter().map(|row| row.weight * row.value).sum();
        assert!((soft.answer - average).abs() < 1e-9 && (soft.answer - 69.5).abs() < 0.5);
    }

    #[test]
    fn the_slider_stands_at_round_numbers_within_the_range() {
        for width in [1.0, 5.0] {
            let lookup = heights(width);
            assert_eq!(step(&lookup), 1.0);
            assert_eq!(snap(&lookup, 174.6), 175.0);
            let (first, last) = ends(&lookup);
            assert_eq!((first, last), (150.0 - width, 190.0 + width));
            assert_eq!(at_share(&lookup, 0.0), first);
            assert_eq!(at_share(&lookup, 1.0), last);
        }
        let small = Lookup { keys: vec![0.0, 1.2], values: vec![1.0, 2.0], ..heights(0.5) };
        assert!((step(&small) - 0.05).abs() < 1e-12);
    }

    #[test]
    fn the_picture_holds_all_keys_and_values() {
        let lookup = heights(5.0);
        for (key, value) in lookup.keys.iter().zip(&lookup.values) {
            assert!((0.0..=WIDTH).contains(&x(&lookup, *key)));
            assert!((MARGIN..=HEIGHT - MARGIN).contains(&y(&lookup, *value)));
        }
        assert!(y(&lookup, 84.0) < y(&lookup, 50.0), "more is higher");
        assert_eq!(curve(&lookup).split(' ').count(), POINTS as usize + 1);
        let flat = Lookup { values: vec![3.0; 5], ..heights(5.0) };
        assert_eq!(y(&flat, 3.0), HEIGHT / 2.0);
    }

    #[test]
    fn numbers_have_no_needless_digits() {
        let shown: Vec<String> = [175.0, 69.5, 0.126, -0.001, -12.5].map(plain).to_vec();
        assert_eq!(shown, ["175", "69.5", "0.13", "0", "-12.5"]);
    }
}
