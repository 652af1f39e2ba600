//! The feed-forward of a layer at one token: gate, up and product of each neuron, and what a neuron pushes.

use std::sync::Arc;

use crate::protocol::inside::{FeedForwardAt, GateFunction, TokenValue};
use crate::state::heatmap::{Grid, Scale};

/// Rows of the list of most active neurons.
pub(crate) const LISTED: usize = 12;
/// Tokens that a neuron pushes up or down.
pub(crate) const PUSHED: u32 = 10;
/// Share of the numbers that the colours tell apart; the few beyond have the strongest colour.
const TOLD_APART: f64 = 0.995;

/// A neuron with its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Neuron {
    pub(crate) number: u32,
    pub(crate) gate: f32,
    /// The gate after its function.
    pub(crate) opened: f32,
    pub(crate) up: f32,
    pub(crate) product: f32,
}

/// The function on the gate.
pub(crate) fn opened(function: GateFunction, gate: f32) -> f32 {
    match function {
        GateFunction::Silu => gate / (1.0 + (-gate).exp()),
        GateFunction::Gelu => {
            const ROOT_OF_TWO_BY_PI: f32 = 0.797_884_6;
            let inner = ROOT_OF_TWO_BY_PI * (0.044_715 * gate * gate).mul_add(gate, gate);
            0.5 * gate * (1.0 + inner.tanh())
        }
    }
}

/// A neuron's numbers; `None` for one that is not there.
pub(crate) fn neuron(at: &FeedForwardAt, function: GateFunction, number: u32) -> Option<Neuron> {
    let place = number as usize;
    let gate = *at.gate.get(place)?;
    Some(Neuron {
        number,
        gate,
        opened: opened(function, gate),
        up: *at.up.get(place)?,
        product: *at.product.get(place)?,
    })
}

/// The most active neurons, most active first.
pub(crate) fn most_active(at: &FeedForwardAt, function: GateFunction) -> Vec<Neuron> {
    let listed = at.most_active.iter().take(LISTED);
    listed.filter_map(|number| neuron(at, function, *number)).collect()
}

/// How many of the neurons are closed: their product is less than a hundredth of the largest.
pub(crate) fn quiet(at: &FeedForwardAt) -> usize {
    let largest = at.product.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
    at.product.iter().filter(|value| value.abs() < largest * 0.01).count()
}

/// All neurons as a picture: gate, up and product, one above the other. `names` are those of the rows.
pub(crate) fn grid(at: &FeedForwardAt, names: [&str; 3]) -> Option<Arc<Grid>> {
    let values = [&at.gate, &at.up, &at.product].map(Vec::as_slice).concat();
    let scale = Scale::Signed { top: told_apart(&values) };
    let mut grid = Grid::new(3, at.gate.len(), values, scale)?;
    grid.row_names = names.map(str::to_owned).to_vec();
    Some(Arc::new(grid))
}

/// The amount that nearly all numbers stay below.
fn told_apart(values: &[f32]) -> f32 {
    let mut amounts: Vec<f32> = values.iter().map(|value| value.abs()).collect();
    let last = amounts.len().saturating_sub(1);
    let place = (last as f64 * TOLD_APART).ceil() as usize;
    if amounts.is_empty() {
        return 0.0;
    }
    let (_, amount, _) = amounts.select_nth_unstable_by(place, f32::total_cmp);
    *amount
}

/// What a neuron pushes up and down here. A negative product turns its directions around.
pub(crate) fn pushed_here<'a>(
    up: &'a [TokenValue],
    down: &'a [TokenValue],
    product: f32,
) -> (&'a [TokenValue], &'a [TokenValue]) {
    if product < 0.0 { (down, up) } else { (up, down) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::token;

    fn at() -> FeedForwardAt {
        let gate = vec![2.0, -20.0, 0.0, 1.0];
        let up = vec![0.5, 3.0, 1.0, -4.0];
        let product =
            gate.iter().zip(&up).map(|(g, u)| opened(GateFunction::Silu, *g) * u).collect();
        FeedForwardAt { layer: 1, token: 2, gate, up, product, most_active: vec![3, 0, 1, 9] }
    }

    #[test]
    fn the_functions_are_those_of_the_papers() {
        let near = |a: f32, b: f32| (a - b).abs() < 1e-5;
        assert!(near(opened(GateFunction::Silu, 1.0), 0.731_058_6));
        assert!(near(opened(GateFunction::Gelu, 1.0), 0.841_192));
        assert!(near(opened(GateFunction::Gelu, -1.0), -0.158_808));
        for function in [GateFunction::Silu, GateFunction::Gelu] {
            assert_eq!(opened(function, 0.0), 0.0);
            assert!(near(opened(function, 20.0), 20.0));
            assert!(near(opened(function, -30.0), 0.0));
        }
    }

    #[test]
    fn the_most_active_come_with_their_numbers() {
        let found = most_active(&at(), GateFunction::Silu);
        let numbers: Vec<u32> = found.iter().map(|neuron| neuron.number).collect();
        assert_eq!(numbers, [3, 0, 1], "a neuron that is not there has no numbers");
        for neuron in found {
            assert!((neuron.opened * neuron.up - neuron.product).abs() < 1e-6);
        }
        assert_eq!(quiet(&at()), 2);
    }

    #[test]
    fn the_picture_has_three_rows() {
        let grid = grid(&at(), ["gate", "up", "product"]).expect("three times four numbers");
        assert_eq!((grid.rows, grid.columns), (3, 4));
        assert_eq!(grid.scale, Scale::Signed { top: 20.0 });
        assert_eq!(grid.values[4], 0.5);
        let none = FeedForwardAt { gate: Vec::new(), up: Vec::new(), product: Vec::new(), ..at() };
        assert_eq!(super::grid(&none, ["", "", ""]), None);
    }

    #[test]
    fn a_few_large_numbers_do_not_take_the_colours_from_the_rest() {
        let mut values = vec![1.0; 1000];
        values[7] = 500.0;
        assert_eq!(told_apart(&values), 1.0);
    }

    #[test]
    fn a_negative_product_turns_the_directions_around() {
        let pushed = |text: &str| vec![TokenValue { token: token(1, text), value: 1.0 }];
        let (up, down) = (pushed("up"), pushed("down"));
        assert_eq!(pushed_here(&up, &down, 2.0).0[0].token.text, "up");
        assert_eq!(pushed_here(&up, &down, -2.0).0[0].token.text, "down");
    }
}
