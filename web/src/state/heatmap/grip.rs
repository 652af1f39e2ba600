//! Fingers and the mouse on a picture: what their moves mean.

/// A press that moves less than this, in pixels of the page, is a click.
const CLICK: f64 = 5.0;

/// What a move does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Gesture {
    /// The picture is dragged by so many pixels.
    Drag { x: f64, y: f64 },
    /// Two fingers come apart or together around a point.
    Pinch { factor: f64, x: f64, y: f64 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Finger {
    id: i32,
    x: f64,
    y: f64,
}

/// The fingers, or the mouse with a button held, that are on a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Grip {
    fingers: Vec<Finger>,
    travelled: f64,
}

impl Grip {
    pub(crate) fn is_held(&self) -> bool {
        !self.fingers.is_empty()
    }

    pub(crate) fn press(&mut self, id: i32, x: f64, y: f64) {
        self.fingers.retain(|finger| finger.id != id);
        self.fingers.push(Finger { id, x, y });
        self.travelled = if self.fingers.len() > 1 { f64::INFINITY } else { 0.0 };
    }

    pub(crate) fn shift(&mut self, id: i32, x: f64, y: f64) -> Option<Gesture> {
        let at = self.fingers.iter().position(|finger| finger.id == id)?;
        let before = self.fingers[at];
        self.fingers[at] = Finger { id, x, y };
        self.travelled += (x - before.x).hypot(y - before.y);
        match self.fingers.as_slice() {
            [_] if self.travelled >= CLICK => {
                Some(Gesture::Drag { x: x - before.x, y: y - before.y })
            }
            [_, _] => {
                let other = self.fingers[1 - at];
                let distance = |finger: Finger| (finger.x - other.x).hypot(finger.y - other.y);
                let factor = distance(self.fingers[at]) / distance(before).max(1.0);
                let (x, y) = (f64::midpoint(x, other.x), f64::midpoint(y, other.y));
                Some(Gesture::Pinch { factor, x, y })
            }
            _ => None,
        }
    }

    /// True for a click.
    pub(crate) fn release(&mut self, id: i32) -> bool {
        let held = self.fingers.len();
        self.fingers.retain(|finger| finger.id != id);
        held == 1 && self.fingers.is_empty() && self.travelled < CLICK
    }

    /// The browser took the fingers away.
    pub(crate) fn lose(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_in_place_is_a_click() {
        let mut grip = Grip::default();
        grip.press(1, 10.0, 10.0);
        assert_eq!(grip.shift(1, 12.0, 10.0), None, "a hand is not that steady");
        assert!(grip.release(1));
        assert!(!grip.is_held() && !grip.release(1));
    }

    #[test]
    fn a_press_that_moves_drags() {
        let mut grip = Grip::default();
        grip.press(1, 0.0, 0.0);
        grip.shift(1, 8.0, 0.0);
        assert_eq!(grip.shift(1, 8.0, 3.0), Some(Gesture::Drag { x: 0.0, y: 3.0 }));
        assert!(!grip.release(1));
    }

    #[test]
    fn two_fingers_pinch_and_are_no_click() {
        let mut grip = Grip::default();
        grip.press(1, 0.0, 0.0);
        grip.press(2, 10.0, 0.0);
        let gesture = grip.shift(2, 20.0, 0.0);
        assert_eq!(gesture, Some(Gesture::Pinch { factor: 2.0, x: 10.0, y: 0.0 }));
        assert!(!grip.release(2) && !grip.release(1));
    }

    #[test]
    fn strangers_do_nothing() {
        let mut grip = Grip::default();
        assert_eq!(grip.shift(7, 1.0, 1.0), None);
        grip.press(1, 0.0, 0.0);
        grip.lose();
        assert!(!grip.is_held());
    }
}
