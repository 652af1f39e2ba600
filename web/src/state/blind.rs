//! Comparing without knowing who wrote what.

/// Which stage stands where is hidden until the vote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Blind {
    pub(crate) on: bool,
    /// The reader has voted on what is shown.
    pub(crate) voted: bool,
}

impl Blind {
    pub(crate) fn hides(self) -> bool {
        self.on && !self.voted
    }
}

/// An order of `count` things, from random numbers in 0..1 (Fisher and Yates).
pub(crate) fn shuffled(count: usize, mut random: impl FnMut() -> f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let other = ((random() * (last + 1) as f64) as usize).min(last);
        order.swap(last, other);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_with_the_vote() {
        assert!(!Blind::default().hides());
        assert!(Blind { on: true, voted: false }.hides());
        assert!(!Blind { on: true, voted: true }.hides());
    }

    #[test]
    fn every_order_can_come_and_nothing_is_lost() {
        let orders: std::collections::BTreeSet<Vec<usize>> = (0..3)
            .flat_map(|a| (0..2).map(move |b| [a as f64 / 3.0 + 0.01, b as f64 / 2.0 + 0.01]))
            .map(|draws| {
                let mut draws = draws.into_iter();
                shuffled(3, || draws.next().unwrap_or(1.0))
            })
            .collect();
        assert_eq!(orders.len(), 6, "{orders:?}");
        assert_eq!(shuffled(4, || 1.0), [0, 1, 2, 3], "1 is out of range and changes nothing");
        assert!(shuffled(0, || 0.5).is_empty());
    }
}
