//! Principal components: the two directions in which vectors differ most.

/// Steps of the power iteration; each is two passes over the numbers.
const STEPS: usize = 60;

/// Vectors seen from their two widest directions.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Projection {
    /// One for each vector.
    pub(crate) points: Vec<[f32; 2]>,
    /// Share of all differences that each direction shows, from 0 to 1.
    pub(crate) shares: [f32; 2],
}

/// Projects (count, width) vectors. `None` for fewer than three of them, or for numbers that do not fit.
pub(crate) fn project(rows: &[f32], width: usize) -> Option<Projection> {
    if width == 0 || !rows.len().is_multiple_of(width) || rows.len() / width < 3 {
        return None;
    }
    let centred = centred(rows, width);
    let total: f64 = centred.iter().map(|x| f64::from(x * x)).sum();
    let first = direction(&centred, width, None);
    let second = direction(&centred, width, Some(&first));
    let points: Vec<[f32; 2]> = centred
        .chunks_exact(width)
        .map(|row| [dot(row, &first) as f32, dot(row, &second) as f32])
        .collect();
    let share = |axis: usize| {
        let shown: f64 = points.iter().map(|point| f64::from(point[axis] * point[axis])).sum();
        if total > 0.0 { (shown / total) as f32 } else { 0.0 }
    };
    let shares = [share(0), share(1)];
    Some(Projection { points, shares })
}

fn centred(rows: &[f32], width: usize) -> Vec<f32> {
    let count = (rows.len() / width) as f64;
    let mut mean = vec![0.0f64; width];
    for row in rows.chunks_exact(width) {
        for (sum, x) in mean.iter_mut().zip(row) {
            *sum += f64::from(*x);
        }
    }
    let mean: Vec<f32> = mean.into_iter().map(|sum| (sum / count) as f32).collect();
    rows.chunks_exact(width)
        .flat_map(|row| row.iter().zip(&mean).map(|(x, mean)| x - mean))
        .collect()
}

fn dot(row: &[f32], direction: &[f64]) -> f64 {
    row.iter().zip(direction).map(|(x, d)| f64::from(*x) * d).sum()
}

/// The widest direction at right angles to `other`, of length 1, by power iteration from the longest vector. Its
/// largest component is positive, so that the same vectors always give the same picture.
fn direction(centred: &[f32], width: usize, other: Option<&[f64]>) -> Vec<f64> {
    let clear = |mut vector: Vec<f64>| {
        if let Some(other) = other {
            let along: f64 = vector.iter().zip(other).map(|(v, o)| v * o).sum();
            vector.iter_mut().zip(other).for_each(|(v, o)| *v -= along * o);
        }
        vector
    };
    let squared = |vector: &[f64]| vector.iter().map(|x| x * x).sum::<f64>();
    let mut best = clear(vec![0.0; width]);
    for row in centred.chunks_exact(width) {
        let row = clear(row.iter().map(|x| f64::from(*x)).collect());
        if squared(&row) > squared(&best) {
            best = row;
        }
    }
    for _ in 0..STEPS {
        let length = squared(&best).sqrt();
        if length <= f64::EPSILON {
            break;
        }
        best.iter_mut().for_each(|x| *x /= length);
        let mut next = vec![0.0f64; width];
        for row in centred.chunks_exact(width) {
            let along = dot(row, &best);
            next.iter_mut().zip(row).for_each(|(sum, x)| *sum += along * f64::from(*x));
        }
        best = clear(next);
    }
    let length = squared(&best).sqrt();
    let largest = best.iter().copied().fold(0.0f64, |a, b| if b.abs() > a.abs() { b } else { a });
    let scale = if length > f64::EPSILON { largest.signum() / length } else { 0.0 };
    best.iter_mut().for_each(|x| *x *= scale);
    best
}

/// What the cosine of two vectors is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Angle {
    pub(crate) product: f64,
    /// Lengths of both.
    pub(crate) lengths: [f64; 2],
}

impl Angle {
    pub(crate) fn of(one: &[f32], other: &[f32]) -> Self {
        let product = |a: &[f32], b: &[f32]| -> f64 {
            a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        let lengths = [product(one, one).sqrt(), product(other, other).sqrt()];
        Self { product: product(one, other), lengths }
    }

    /// 0 where one has no length.
    pub(crate) fn cosine(self) -> f32 {
        let [one, other] = self.lengths;
        if one * other > 0.0 { (self.product / (one * other)) as f32 } else { 0.0 }
    }
}

/// Cosine of the angle between two vectors; 0 where one has no length.
pub(crate) fn cosine(one: &[f32], other: &[f32]) -> f32 {
    Angle::of(one, other).cosine()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_a_plane_keep_their_distances() {
        // A plane in five dimensions, spanned by two directions at right angles.
        let (a, b) = ([0.6f32, 0.0, 0.8, 0.0, 0.0], [0.0f32, 1.0, 0.0, 0.0, 0.0]);
        let places: [(f32, f32); 5] =
            [(3.0, 0.0), (-2.0, 1.0), (0.5, -1.0), (-1.5, 0.3), (4.0, -0.3)];
        let rows: Vec<f32> = places
            .iter()
            .flat_map(|(x, y)| (0..5).map(move |at| x * a[at] + y * b[at] + 7.0))
            .collect();
        let found = project(&rows, 5).expect("five vectors");
        for (i, p) in places.iter().enumerate() {
            for (j, q) in places.iter().enumerate() {
                let expected: f32 = (p.0 - q.0).hypot(p.1 - q.1);
                let (p, q) = (found.points[i], found.points[j]);
                assert!((expected - (p[0] - q[0]).hypot(p[1] - q[1])).abs() < 1e-3);
            }
        }
        assert!((found.shares[0] + found.shares[1] - 1.0).abs() < 1e-4);
        assert!(found.shares[0] > found.shares[1]);
    }

    #[test]
    fn equal_vectors_have_no_direction() {
        let found = project(&[2.0; 12], 3).expect("four vectors");
        assert!(found.points.iter().flatten().all(|x| *x == 0.0));
        assert_eq!(found.shares, [0.0, 0.0]);
    }

    #[test]
    fn two_vectors_are_no_picture() {
        assert_eq!(project(&[1.0, 2.0, 3.0, 4.0], 2), None);
        assert_eq!(project(&[1.0; 7], 2), None);
    }

    #[test]
    fn a_cosine_is_about_direction() {
        assert!((cosine(&[1.0, 2.0], &[3.0, 6.0]) - 1.0).abs() < 1e-6);
        assert!(cosine(&[1.0, 0.0], &[0.0, 4.0]).abs() < 1e-6);
        assert_eq!(cosine(&[0.0, 0.0], &[1.0, 1.0]), 0.0);
    }
}
