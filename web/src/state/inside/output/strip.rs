//! The draw's strip as files.

use super::draw::{Drawn, Kept};
use crate::state::heatmap::layout::text_width;
use crate::state::inside::chart::Ink;
use crate::state::inside::chart::file::{Paint, quoted};
use crate::state::inside::sketch::{Anchor, MARGIN, ROOM, Saved, Sketch};

/// Shares in the picture; the table has all.
const DRAWN: usize = 160;
const HEIGHT: f64 = 34.0;

impl Kept {
    /// What is left, side by side, and where the needle stands.
    pub(crate) fn saved(
        &self,
        needle: Option<Drawn>,
        name: impl Fn(u32) -> String,
        caption: &str,
    ) -> Saved {
        let mut sketch = Sketch::default();
        let top = 2.0 * MARGIN;
        sketch.area((MARGIN, top), (ROOM, HEIGHT), Paint::Rule, 0.5);
        for (at, (id, from, share)) in self.widest(DRAWN).into_iter().enumerate() {
            let (x, width) = (from.mul_add(ROOM, MARGIN), share * ROOM);
            let strength = if at % 2 == 1 { 0.2 } else { 0.4 };
            sketch.area((x, top), (width, HEIGHT), Paint::Series(Ink::Heat), strength);
            let name = name(id);
            if text_width(&name) < width {
                let middle = (x + width / 2.0, top + HEIGHT / 2.0);
                sketch.text(middle, Anchor::Middle, Paint::Text, &name);
            }
        }
        if let Some(Drawn { needle, .. }) = needle {
            let x = needle.mul_add(ROOM, MARGIN);
            sketch.line((x, top - 8.0), (x, top + HEIGHT + 6.0), Paint::Text, (2.0, 1.0));
        }
        let mut csv = "id,token,from,probability\r\n".to_owned();
        let mut from = 0.0;
        for (id, share) in &self.shares {
            csv.push_str(&format!("{id},{},{from},{share}\r\n", quoted(&name(*id))));
            from += share;
        }
        Saved { svg: sketch.svg(caption), csv }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{kept, output};
    use super::*;

    #[test]
    fn shares_lie_side_by_side_and_the_needle_stands_among_them() {
        let settings = engine::SamplerSettings { top_k: 3, ..Default::default() };
        let kept = kept(&output(), &[], &settings);
        let name = |id: u32| format!("<{id}>");
        let needle = Some(Drawn { id: 0, needle: 0.5 });
        let Saved { svg, csv } = kept.saved(needle, name, "caption");
        assert_eq!(csv.lines().count(), 1 + kept.shares.len());
        let (id, share) = kept.shares[1];
        let line = format!("{id},\"<{id}>\",{},{share}", kept.shares[0].1);
        assert_eq!(csv.lines().nth(2), Some(line.as_str()));
        // Paper, the strip's ground, the shares.
        assert_eq!(svg.matches("<rect ").count(), 2 + kept.shares.len());
        assert!(svg.contains("&lt;0&gt;"), "{svg}");
        let x = MARGIN + 0.5 * ROOM;
        assert!(svg.contains(&format!("<line x1=\"{x:.2}\"")), "{svg}");
        assert!(!kept.saved(None, name, "").svg.contains("<line "), "nothing was drawn");
    }
}
