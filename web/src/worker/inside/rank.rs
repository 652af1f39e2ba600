//! The largest and the smallest of many numbers.

use std::cmp::Ordering;

/// Places of the largest numbers, largest first. What is no number comes last.
pub(super) fn largest(values: &[f32], count: usize) -> Vec<usize> {
    best(values.len(), count, |a, b| key(values[*b]).total_cmp(&key(values[*a])))
}

/// Places of the smallest numbers, smallest first. What is no number comes last.
pub(super) fn smallest(values: &[f32], count: usize) -> Vec<usize> {
    let key = |value: f32| if value.is_nan() { f32::INFINITY } else { value };
    best(values.len(), count, |a, b| key(values[*a]).total_cmp(&key(values[*b])))
}

fn key(value: f32) -> f32 {
    if value.is_nan() { f32::NEG_INFINITY } else { value }
}

fn best(length: usize, count: usize, order: impl Fn(&usize, &usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..length).collect();
    let count = count.min(length);
    // Of equal ones the first.
    let order = |a: &usize, b: &usize| order(a, b).then(a.cmp(b));
    if count < length {
        places.select_nth_unstable_by(count, order);
        places.truncate(count);
    }
    places.sort_unstable_by(order);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_equal_ones_in_order() {
        let values = [1.0, -3.0, 4.0, f32::NAN, 4.0, 0.5];
        assert_eq!(largest(&values, 3), [2, 4, 0]);
        assert_eq!(smallest(&values, 2), [1, 5]);
        assert_eq!(largest(&values, 9), [2, 4, 0, 5, 1, 3]);
        assert_eq!(smallest(&values, 6).last(), Some(&3));
        assert!(largest(&[], 3).is_empty() && largest(&values, 0).is_empty());
    }
}
