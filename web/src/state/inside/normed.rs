//! A norm with its operands: each component of a vector, divided by the vector's size, times a weight.

use crate::protocol::inside::{NormPlace, Normed};
use crate::state::heatmap::{Grid, Scale};

pub(crate) const PLACES: [NormPlace; 3] =
    [NormPlace::Attention, NormPlace::FeedForward, NormPlace::Final];

pub(crate) fn code(place: NormPlace) -> &'static str {
    match place {
        NormPlace::Attention => "attention",
        NormPlace::FeedForward => "feed_forward",
        NormPlace::Final => "final",
    }
}

/// One component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Component {
    pub(crate) at: usize,
    pub(crate) x: f32,
    pub(crate) weight: f32,
    pub(crate) y: f32,
}

/// Mean of the squares.
pub(crate) fn mean_square(normed: &Normed) -> f64 {
    let squares: f64 = normed.x.iter().map(|x| f64::from(*x).powi(2)).sum();
    squares / normed.x.len().max(1) as f64
}

/// What every component is divided by.
pub(crate) fn divisor(normed: &Normed) -> f64 {
    (mean_square(normed) + f64::from(normed.epsilon)).sqrt()
}

/// A component before and after.
pub(crate) fn component(normed: &Normed, at: usize) -> Option<Component> {
    let (x, weight) = (*normed.x.get(at)?, *normed.weights.get(at)?);
    let y = (f64::from(x) / divisor(normed) * f64::from(weight)) as f32;
    Some(Component { at, x, weight, y })
}

/// The component that comes out largest by amount.
pub(crate) fn largest(normed: &Normed) -> Option<usize> {
    let amount = |at: &usize| component(normed, *at).map_or(0.0, |found| found.y.abs());
    (0..normed.x.len()).max_by(|a, b| amount(a).total_cmp(&amount(b)))
}

/// Divided vector, weights and result, a row each. Numbers beyond the largest result have the strongest colour.
pub(crate) fn grid(normed: &Normed, names: [&str; 3]) -> Option<Grid> {
    let width = normed.x.len();
    let divisor = divisor(normed);
    let divided: Vec<f32> = normed.x.iter().map(|x| (f64::from(*x) / divisor) as f32).collect();
    let result: Vec<f32> = divided.iter().zip(&normed.weights).map(|(x, w)| x * w).collect();
    let top = result.iter().fold(0f32, |top, y| top.max(y.abs())).max(f32::MIN_POSITIVE);
    let values = [divided.as_slice(), &normed.weights, &result].concat();
    let mut grid = Grid::new(3, width, values, Scale::Signed { top })?;
    grid.row_names = names.map(str::to_owned).to_vec();
    Some(grid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normed() -> Normed {
        Normed {
            place: NormPlace::Final,
            layer: 0,
            token: 1,
            epsilon: 0.5,
            // Mean square 12, with epsilon 12.5.
            x: vec![-4.0, 4.0, 4.0, 0.0],
            weights: vec![1.0, -2.0, 0.5, 9.0],
        }
    }

    #[test]
    fn operands_lead_to_the_result() {
        let normed = normed();
        assert_eq!(mean_square(&normed), 12.0);
        assert!((divisor(&normed) - 12.5f64.sqrt()).abs() < 1e-12);
        let found = component(&normed, 1).expect("four components");
        assert_eq!((found.x, found.weight), (4.0, -2.0));
        assert!((f64::from(found.y) + 8.0 / 12.5f64.sqrt()).abs() < 1e-6);
        assert_eq!(largest(&normed), Some(1));
        assert_eq!(component(&normed, 4), None);
    }

    #[test]
    fn without_epsilon_and_weights_the_mean_square_becomes_one() {
        let plain = Normed { epsilon: 0.0, weights: vec![1.0; 4], ..normed() };
        let sum: f32 =
            (0..4).filter_map(|at| component(&plain, at)).map(|found| found.y.powi(2)).sum();
        assert!((sum / 4.0 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_picture_has_a_row_for_each_operand() {
        let grid = grid(&normed(), ["x", "w", "y"]).expect("three rows");
        assert_eq!((grid.rows, grid.columns), (3, 4));
        assert_eq!(grid.values[4..8], [1.0, -2.0, 0.5, 9.0]);
        assert_eq!(grid.values[9], grid.values[1] * -2.0);
    }
}
