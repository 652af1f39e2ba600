//! QR codes, for a link on a projector. Pure: a link in, a square of dark and light modules out.

use qrcodegen::{QrCode, QrCodeEcc};
use thiserror::Error;

/// Light modules that a reader needs on every side.
pub const MARGIN: u32 = 4;
/// The most bytes a QR code holds, at the lowest error correction.
pub const MAX_BYTES: usize = 2_953;

/// A QR code without its margin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Modules on a side, 21 to 177.
    pub size: u32,
    /// `size * size` modules by rows, from the top left; true is dark.
    pub dark: Vec<bool>,
}

/// The text does not fit into a QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{bytes} bytes do not fit into a QR code, which holds {MAX_BYTES}")]
pub struct TooLong {
    /// Length of the text in bytes.
    pub bytes: usize,
}

/// The QR code of a text, with as much error correction as its size has room for.
///
/// # Errors
/// [`TooLong`] above [`MAX_BYTES`].
pub fn matrix(text: &str) -> Result<Matrix, TooLong> {
    let too_long = |_| TooLong { bytes: text.len() };
    let code = QrCode::encode_text(text, QrCodeEcc::Low).map_err(too_long)?;
    let side = 0..code.size();
    let dark = side.clone().flat_map(|y| side.clone().map(move |x| (x, y)));
    let dark = dark.map(|(x, y)| code.get_module(x, y)).collect();
    Ok(Matrix { size: code.size().unsigned_abs(), dark })
}

impl Matrix {
    /// Whether a module is dark; outside, all is light.
    pub fn is_dark(&self, x: u32, y: u32) -> bool {
        x < self.size && y < self.size && self.dark[(y * self.size + x) as usize]
    }

    /// The width of the drawing in modules, margins included.
    pub fn width(&self) -> u32 {
        self.size + 2 * MARGIN
    }

    /// The dark modules as the `d` of an SVG path, one unit a module, margins included: runs of a row are one
    /// rectangle.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for y in 0..self.size {
            let mut x = 0;
            while x < self.size {
                let run = (x..self.size).take_while(|&x| self.is_dark(x, y)).count() as u32;
                if run > 0 {
                    path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN));
                }
                x += run.max(1);
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_corners_are_where_readers_look_for_them() {
        let code = matrix("https://example.org/#v1=abc").expect("short");
        assert_eq!(code.dark.len() as u32, code.size * code.size);
        let far = code.size - 7;
        for (left, top) in [(0, 0), (far, 0), (0, far)] {
            for at in 0..7 {
                assert!(code.is_dark(left + at, top) && code.is_dark(left, top + at));
            }
            assert!(code.is_dark(left + 3, top + 3) && !code.is_dark(left + 1, top + 1));
        }
        assert!(!code.is_dark(code.size, 0) && !code.is_dark(0, u32::MAX));
    }

    #[test]
    fn the_path_covers_exactly_the_dark_modules() {
        let code = matrix("glass").expect("short");
        let covered: usize = code
            .path()
            .split('h')
            .filter_map(|part| part.split('v').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(covered, code.dark.iter().filter(|dark| **dark).count());
        assert!(code.path().starts_with("M4 4h7v1h-7z"), "the first corner");
        assert_eq!(code.width(), code.size + 8);
    }

    #[test]
    fn only_what_fits_is_encoded() {
        assert_eq!(matrix(&"x".repeat(MAX_BYTES)).map(|code| code.size), Ok(177));
        let error = matrix(&"x".repeat(MAX_BYTES + 1));
        assert_eq!(error, Err(TooLong { bytes: MAX_BYTES + 1 }));
    }
}
