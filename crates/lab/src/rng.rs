//! Random numbers for problems, examples and seeds: SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number
//! generators", OOPSLA 2014). The same seed gives the same numbers everywhere and for ever: what it draws is part of the
//! format of an experiment.

/// A generator of random numbers, made from a seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

/// Seeds have at most 53 bits, so that every reader of JSON keeps them exact.
pub const SEED_MASK: u64 = (1 << 53) - 1;

impl Random {
    /// The generator of a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The generator that a seed and some words name, independent of that of other words (the words are hashed with FNV-1a).
    pub fn named(seed: u64, words: &[&str]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for word in words {
            // 0xff is in no UTF-8 text, so that ["ab"] is not ["a", "b"].
            for byte in word.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        Self { state: mix(seed).wrapping_add(mix(hash)) }
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number below `bound`, each as likely as any other; 0 if the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // Draws from the incomplete last stretch of the range are thrown away.
        let limit = u64::MAX - u64::MAX % bound;
        loop {
            let drawn = self.next_u64();
            if drawn < limit {
                return drawn % bound;
            }
        }
    }

    /// A number from `low` to `high`, both included; `low` if the range is empty.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        let width = high.abs_diff(low).saturating_add(1);
        low.wrapping_add(self.below(width) as i64)
    }

    /// One of some things.
    pub fn pick<'a, T, const N: usize>(&mut self, items: &'a [T; N]) -> &'a T {
        const { assert!(N > 0, "there is nothing to pick from") };
        &items[self.below(N as u64) as usize]
    }

    /// Two different things of at least two.
    pub fn pick_two<'a, T, const N: usize>(&mut self, items: &'a [T; N]) -> (&'a T, &'a T) {
        const { assert!(N > 1, "there are no two things to pick") };
        let first = self.below(N as u64) as usize;
        let second = (first + 1 + self.below(N as u64 - 1) as usize) % N;
        (&items[first], &items[second])
    }

    /// Puts things in a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}

/// A seed made from another one and some numbers: equal for equal numbers, unrelated for others.
pub fn derive(seed: u64, numbers: &[u64]) -> u64 {
    let derived = numbers
        .iter()
        .fold(mix(seed), |state, &number| mix(state.rotate_left(23) ^ mix(number.wrapping_add(1))));
    derived & SEED_MASK
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // As listed on Rosetta Code, "Pseudo-random numbers/Splitmix64".
        let mut rng = Random::new(1_234_567);
        let numbers: Vec<u64> = (0..5).map(|_| rng.next_u64()).collect();
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn names_and_numbers_make_different_seeds() {
        assert_ne!(Random::named(1, &["ab"]), Random::named(1, &["a", "b"]));
        assert_ne!(Random::named(1, &["a"]), Random::named(2, &["a"]));
        assert_eq!(Random::named(1, &["a"]), Random::named(1, &["a"]));
        let seeds: std::collections::BTreeSet<u64> =
            (0..10).flat_map(|a| (0..10).map(move |b| derive(7, &[a, b]))).collect();
        assert_eq!(seeds.len(), 100);
    }

    proptest! {
        #[test]
        fn ranges_are_kept(seed: u64, low in -100_i64..100, width in 0_i64..100) {
            let drawn = Random::new(seed).range(low, low + width);
            prop_assert!((low..=low + width).contains(&drawn));
            prop_assert!(derive(seed, &[low.unsigned_abs()]) <= SEED_MASK);
        }

        #[test]
        fn shuffling_loses_nothing(seed: u64, length in 0_usize..40) {
            let mut items: Vec<usize> = (0..length).collect();
            Random::new(seed).shuffle(&mut items);
            items.sort_unstable();
            prop_assert_eq!(items, (0..length).collect::<Vec<_>>());
        }

        #[test]
        fn two_things_differ(seed: u64) {
            let (a, b) = Random::new(seed).pick_two(&[1, 2, 3, 4, 5]);
            prop_assert_ne!(a, b);
        }
    }

    #[test]
    fn every_number_below_a_bound_can_come() {
        let mut rng = Random::new(3);
        let seen: std::collections::BTreeSet<u64> = (0..200).map(|_| rng.below(6)).collect();
        assert_eq!(seen.len(), 6);
    }
}
