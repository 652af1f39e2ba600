//! Colours of numbers. Tables of 256 steps, made once per theme and scale.

/// Light or dark paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    #[default]
    Light,
    Dark,
}

/// What an unsigned number stands for, by its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tint {
    #[default]
    Attention,
    Heat,
}

/// How numbers become colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scale {
    /// From 0, which is paper, to `top`. `root`: by the square root, so that small numbers show.
    Up { top: f32, tint: Tint, root: bool },
    /// From −`top` over 0, which is paper, to `top`.
    Signed { top: f32 },
}

impl Default for Scale {
    fn default() -> Self {
        Self::Up { top: 1.0, tint: Tint::Attention, root: false }
    }
}

impl Scale {
    /// The largest amount that has a colour of its own.
    pub(crate) fn top(self) -> f32 {
        match self {
            Self::Up { top, .. } | Self::Signed { top } => top,
        }
    }

    /// The step of a number in a table of [`Palette`].
    pub(crate) fn step(self, value: f32) -> u8 {
        let top = self.top();
        if top <= 0.0 || value.is_nan() {
            return match self {
                Self::Up { .. } => 0,
                Self::Signed { .. } => 128,
            };
        }
        match self {
            Self::Up { root, .. } => {
                let share = (value / top).clamp(0.0, 1.0);
                let share = if root { share.sqrt() } else { share };
                (share * 255.0 + 0.5) as u8
            }
            Self::Signed { .. } => {
                let share = (value / top).clamp(-1.0, 1.0);
                // 127 steps on each side of 128.
                share.mul_add(127.0, 128.5) as u8
            }
        }
    }
}

/// Red, green and blue.
pub(crate) type Rgb = [u8; 3];

/// The colours of a picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Palette {
    pub(crate) steps: Vec<Rgb>,
    pub(crate) paper: Rgb,
    pub(crate) ink: Rgb,
    pub(crate) soft: Rgb,
    /// Between cells.
    pub(crate) line: Rgb,
    /// Through absent cells.
    pub(crate) hatch: Rgb,
}

impl Palette {
    pub(crate) fn new(tone: Tone, scale: Scale) -> Self {
        let paper = paper(tone);
        let stops = match scale {
            Scale::Up { tint, .. } => up(tone, tint).to_vec(),
            Scale::Signed { .. } => signed(tone).to_vec(),
        };
        let (ink, soft, line, hatch) = match tone {
            Tone::Light => ([31, 29, 26], [92, 87, 78], [226, 220, 208], [201, 193, 178]),
            Tone::Dark => ([236, 231, 222], [168, 161, 150], [54, 50, 45], [84, 79, 72]),
        };
        Self {
            steps: (0..=255).map(|step| between(&stops, step)).collect(),
            paper,
            ink,
            soft,
            line,
            hatch,
        }
    }

    pub(crate) fn colour(&self, scale: Scale, value: f32) -> Rgb {
        self.steps[usize::from(scale.step(value))]
    }

    /// Ink or paper, whichever can be read on this colour.
    pub(crate) fn on(&self, colour: Rgb) -> Rgb {
        let distance = |other: Rgb| (luminance(other) - luminance(colour)).abs();
        if distance(self.ink) >= distance(self.paper) { self.ink } else { self.paper }
    }
}

/// `rgb(1 2 3)`
pub(crate) fn css([red, green, blue]: Rgb) -> String {
    format!("rgb({red} {green} {blue})")
}

fn paper(tone: Tone) -> Rgb {
    match tone {
        Tone::Light => [255, 254, 251],
        Tone::Dark => [30, 28, 26],
    }
}

/// From paper to the strongest.
fn up(tone: Tone, tint: Tint) -> [Rgb; 3] {
    let (middle, strong) = match (tone, tint) {
        (Tone::Light, Tint::Attention) => ([176, 138, 216], [74, 28, 122]),
        (Tone::Light, Tint::Heat) => ([236, 176, 86], [112, 58, 4]),
        (Tone::Dark, Tint::Attention) => ([116, 74, 166], [226, 206, 252]),
        (Tone::Dark, Tint::Heat) => ([160, 98, 30], [252, 222, 170]),
    };
    [paper(tone), middle, strong]
}

/// Teal for less, orange for more: told apart with every kind of colour vision.
fn signed(tone: Tone) -> [Rgb; 5] {
    match tone {
        Tone::Light => [[4, 72, 84], [94, 170, 180], paper(tone), [232, 160, 92], [132, 58, 0]],
        Tone::Dark => {
            [[150, 226, 236], [30, 118, 130], paper(tone), [164, 90, 24], [254, 206, 150]]
        }
    }
}

/// The colour at a step of 255 between stops at equal distances.
fn between(stops: &[Rgb], step: u16) -> Rgb {
    let place = f32::from(step) / 255.0 * (stops.len() - 1) as f32;
    let from = (place as usize).min(stops.len() - 2);
    let share = place - from as f32;
    std::array::from_fn(|channel| {
        let (a, b) = (f32::from(stops[from][channel]), f32::from(stops[from + 1][channel]));
        share.mul_add(b - a, a).round() as u8
    })
}

/// Lightness from 0 to 1, near enough to choose an ink.
fn luminance([red, green, blue]: Rgb) -> f32 {
    (0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_paper_and_more_is_further_from_it() {
        for tone in [Tone::Light, Tone::Dark] {
            for tint in [Tint::Attention, Tint::Heat] {
                let scale = Scale::Up { top: 2.0, tint, root: false };
                let palette = Palette::new(tone, scale);
                assert_eq!(palette.colour(scale, 0.0), palette.paper);
                let away: Vec<f32> = (0..=8)
                    .map(|step| palette.colour(scale, step as f32 / 4.0))
                    .map(|colour| (luminance(colour) - luminance(palette.paper)).abs())
                    .collect();
                assert!(away.is_sorted(), "{tone:?} {tint:?}: {away:?}");
            }
        }
    }

    #[test]
    fn signs_have_sides() {
        let scale = Scale::Signed { top: 1.0 };
        assert_eq!((scale.step(-1.0), scale.step(0.0), scale.step(1.0)), (1, 128, 255));
        assert_eq!((scale.step(-9.0), scale.step(9.0)), (1, 255));
        let palette = Palette::new(Tone::Light, scale);
        let [red, _, blue] = palette.colour(scale, 0.8);
        assert!(red > blue, "more is orange");
        let [red, _, blue] = palette.colour(scale, -0.8);
        assert!(blue > red, "less is teal");
    }

    #[test]
    fn a_root_shows_small_numbers() {
        let plain = Scale::Up { top: 1.0, tint: Tint::Heat, root: false };
        let root = Scale::Up { top: 1.0, tint: Tint::Heat, root: true };
        assert!(root.step(0.01) > plain.step(0.01));
        assert_eq!((root.step(0.0), root.step(1.0)), (0, 255));
    }

    #[test]
    fn a_scale_without_extent_has_one_colour() {
        assert_eq!(Scale::Signed { top: 0.0 }.step(3.0), 128);
        assert_eq!(Scale::Up { top: 0.0, tint: Tint::Heat, root: false }.step(3.0), 0);
    }

    #[test]
    fn text_can_be_read_on_every_step() {
        for tone in [Tone::Light, Tone::Dark] {
            let scale = Scale::default();
            let palette = Palette::new(tone, scale);
            for colour in &palette.steps {
                let ink = palette.on(*colour);
                assert!((luminance(ink) - luminance(*colour)).abs() > 0.35, "{colour:?}");
            }
        }
    }
}
