//! Where two columns part.

/// The place where two answers first choose differently. `None` while one only goes on where the other stops,
/// as it does while both are being written.
pub(crate) fn first_difference(one: &[u32], other: &[u32]) -> Option<usize> {
    one.iter().zip(other).position(|(a, b)| a != b)
}

/// An answer, and what its ids mean: only ids of the same vocabulary can be compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) model: &'a str,
    pub(crate) ids: &'a [u32],
}

/// Where the answer at `column` parts from the one to its left and from the one to its right.
pub(crate) fn partings(answers: &[Answer<'_>], column: usize) -> (Option<usize>, Option<usize>) {
    let from = |other: Option<usize>| {
        let (own, other) = (answers.get(column)?, answers.get(other?)?);
        if own.model != other.model {
            return None;
        }
        first_difference(own.ids, other.ids)
    };
    (from(column.checked_sub(1)), from(Some(column + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_part_at_the_first_different_token() {
        assert_eq!(first_difference(&[1, 2, 3], &[1, 2, 4]), Some(2));
        assert_eq!(first_difference(&[1, 2, 3], &[1, 2]), None);
        assert_eq!(first_difference(&[], &[1]), None);
    }

    #[test]
    fn neighbours_are_compared_when_they_share_a_vocabulary() {
        let answer = |model, ids| Answer { model, ids };
        let answers =
            [answer("m", &[1, 2, 3][..]), answer("m", &[1, 5][..]), answer("n", &[9][..])];
        assert_eq!(partings(&answers, 0), (None, Some(1)));
        assert_eq!(partings(&answers, 1), (Some(1), None));
        assert_eq!(partings(&answers, 2), (None, None));
        assert_eq!(partings(&answers, 7), (None, None));
    }
}
