//! Bars with names and numbers: plain data, and the same as CSV and SVG.

pub(crate) mod file;

use crate::state::format;

/// What a series of bars stands for, by its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Attention's purple.
    Attention,
    /// The accent: what was drawn, what a feed-forward adds.
    Heat,
    /// Where two things part.
    Part,
    /// Grey: what it was before.
    Soft,
}

impl Ink {
    /// The value of `data-ink`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Attention => "attention",
            Self::Heat => "heat",
            Self::Part => "part",
            Self::Soft => "soft",
        }
    }
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Number,
    /// With its sign.
    Signed,
    Percent,
    /// Differences of percentages, in points.
    Points,
}

impl Unit {
    pub(crate) fn write(self, value: f32) -> String {
        match self {
            Self::Number => format::number(value),
            Self::Signed if value > 0.0 => format!("+{}", format::number(value)),
            Self::Signed => format::number(value),
            Self::Percent => format::percent(f64::from(value)),
            Self::Points => {
                let sign = match value {
                    v if v > 0.0 => "+",
                    v if v < 0.0 => "−",
                    _ => "",
                };
                format!("{sign}{}", format::percent(f64::from(value.abs())))
            }
        }
    }
}

/// Bars of one kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) ink: Ink,
    pub(crate) unit: Unit,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    pub(crate) name: String,
    /// One for each series; `None` while it is on its way.
    pub(crate) values: Vec<Option<f32>>,
    pub(crate) is_chosen: bool,
}

/// Rows of bars. Series with the same unit share their scale, unless `apart`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chart {
    pub(crate) series: Vec<Series>,
    pub(crate) bars: Vec<Bar>,
    /// Each series has a scale of its own.
    pub(crate) apart: bool,
}

/// Where a bar lies: shares of the track's width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) from: f64,
    pub(crate) width: f64,
}

/// The ends of a scale; 0 is always on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extent {
    low: f64,
    high: f64,
}

impl Extent {
    fn of(values: impl Iterator<Item = f32>) -> Self {
        let finite = values.filter(|value| value.is_finite()).map(f64::from);
        finite.fold(Self { low: 0.0, high: 0.0 }, |extent, value| Self {
            low: extent.low.min(value),
            high: extent.high.max(value),
        })
    }

    /// Where zero is: a share of the width.
    pub(crate) fn zero(self) -> f64 {
        let whole = self.high - self.low;
        if whole > 0.0 { -self.low / whole } else { 0.0 }
    }

    /// Where the bar of a value lies.
    pub(crate) fn stretch(self, value: f32) -> Stretch {
        let whole = self.high - self.low;
        if whole <= 0.0 || !value.is_finite() {
            return Stretch { from: self.zero(), width: 0.0 };
        }
        let value = f64::from(value);
        let from = (value.min(0.0) - self.low) / whole;
        Stretch { from, width: value.abs() / whole }
    }
}

impl Chart {
    /// Bars of one series.
    pub(crate) fn of_one(series: Series, rows: impl IntoIterator<Item = (String, f32)>) -> Self {
        let bar = |(name, value): (String, f32)| Bar {
            name,
            values: vec![Some(value)],
            is_chosen: false,
        };
        Self { series: vec![series], bars: rows.into_iter().map(bar).collect(), apart: false }
    }

    /// The scale of a series.
    pub(crate) fn extent(&self, series: usize) -> Extent {
        let unit = self.series.get(series).map(|series| series.unit);
        let shares = |other: usize| {
            let own = self.series.get(other).map(|series| series.unit);
            other == series || (!self.apart && own == unit)
        };
        let values = self.bars.iter().flat_map(|bar| bar.values.iter().enumerate());
        Extent::of(values.filter(|(at, _)| shares(*at)).filter_map(|(_, value)| *value))
    }

    /// A row in words: name, then each series with its number.
    pub(crate) fn said(&self, bar: &Bar) -> String {
        let parts = self.series.iter().zip(&bar.values).filter_map(|(series, value)| {
            Some(format!("{} {}", series.name, series.unit.write((*value)?)))
        });
        format!("{}: {}", bar.name, parts.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn chart() -> Chart {
        let series = |name: &str, ink| Series { name: name.into(), ink, unit: Unit::Signed };
        let bar = |name: &str, values: [Option<f32>; 2]| Bar {
            name: name.into(),
            values: values.to_vec(),
            is_chosen: false,
        };
        Chart {
            series: vec![series("one", Ink::Attention), series("two", Ink::Heat)],
            bars: vec![bar("a", [Some(3.0), Some(-1.0)]), bar("<b>", [Some(1.0), None])],
            apart: false,
        }
    }

    #[test]
    fn bars_begin_at_zero_and_end_at_the_largest() {
        let chart = chart();
        let extent = chart.extent(0);
        assert_eq!(extent.zero(), 0.25);
        assert_eq!(extent.stretch(3.0), Stretch { from: 0.25, width: 0.75 });
        assert_eq!(extent.stretch(-1.0), Stretch { from: 0.0, width: 0.25 });
        assert_eq!(chart.extent(1), extent, "one scale for both");
    }

    #[test]
    fn apart_each_series_has_its_own_scale() {
        let chart = Chart { apart: true, ..chart() };
        assert_eq!(chart.extent(0).zero(), 0.0);
        assert_eq!(chart.extent(1).zero(), 1.0, "only negative numbers: zero is at the right");
    }

    #[test]
    fn nothing_has_no_extent() {
        let extent = Extent::of([f32::NAN, 0.0].into_iter());
        assert_eq!((extent.zero(), extent.stretch(2.0).width), (0.0, 0.0));
    }

    #[test]
    fn a_row_says_what_is_there() {
        let chart = chart();
        assert_eq!(chart.said(&chart.bars[0]), "a: one +3.000, two −1.000");
        assert_eq!(chart.said(&chart.bars[1]), "<b>: one +1.000");
    }

    #[test]
    fn units_write_signs_where_they_matter() {
        assert_eq!(Unit::Points.write(-0.25), "−25.0%");
        assert_eq!(Unit::Points.write(0.25), "+25.0%");
        assert_eq!(Unit::Percent.write(0.5), "50.0%");
        assert_eq!(Unit::Signed.write(0.0), "0");
    }
}
