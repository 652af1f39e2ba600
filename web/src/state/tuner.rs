//! The distribution at one place under another temperature, redrawn from its logits without running the model.

use std::sync::Arc;

use engine::{SamplerSettings, StepReport};

use crate::state::inspect::Spot;
use crate::state::panel;
use crate::state::run::Generated;

/// A place whose distribution can be tuned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tuner {
    /// The number of the request that asks for its logits.
    pub(crate) request: u32,
    pub(crate) spot: Spot,
    /// The settings it was drawn with, with the temperature as it is tuned.
    settings: SamplerSettings,
    /// The position of the token before it, which its logits follow.
    position: u32,
    /// Tokens before it.
    seen: Vec<u32>,
    /// Over the full vocabulary; absent until they have come.
    logits: Option<Arc<[f32]>>,
    /// Computed when a setting changes and not when it is shown: over a large vocabulary that takes a while.
    tuned: Option<Tuned>,
}

/// What the place looks like as it is tuned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tuned {
    pub(crate) report: StepReport,
    /// Of the distribution after penalty and temperature, before the filters, in bits.
    pub(crate) entropy: f64,
}

impl Tuner {
    /// `generated`: what stands at the spot; `seen`: the tokens before it.
    pub(crate) fn new(
        request: u32,
        spot: Spot,
        settings: SamplerSettings,
        generated: &Generated,
        seen: Vec<u32>,
    ) -> Self {
        let position = generated.report.position.saturating_sub(1);
        Self { request, spot, settings, position, seen, logits: None, tuned: None }
    }

    pub(crate) fn settings(&self) -> &SamplerSettings {
        &self.settings
    }

    pub(crate) fn set_temperature(&mut self, temperature: f32) {
        self.settings.temperature = temperature;
        self.tuned = self.computed();
    }

    pub(crate) fn receive(&mut self, request: u32, logits: Vec<f32>) {
        if self.request == request {
            self.logits = Some(logits.into());
            self.tuned = self.computed();
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.logits.is_some()
    }

    /// What the place looks like as it is tuned, once its logits are there.
    pub(crate) fn tuned(&self) -> Option<&Tuned> {
        self.tuned.as_ref()
    }

    /// The report that a step with the tuned temperature would give at this place.
    fn computed(&self) -> Option<Tuned> {
        let logits = self.logits.as_deref()?;
        let report = engine::distribution(logits, &self.seen, &self.settings, self.position)?;
        Some(Tuned { report, entropy: self.entropy(logits) })
    }

    fn entropy(&self, logits: &[f32]) -> f64 {
        if self.settings.temperature <= 0.0 {
            return 0.0;
        }
        let mut occurred = vec![false; logits.len()];
        for &id in &self.seen {
            if let Some(mark) = occurred.get_mut(id as usize) {
                *mark = true;
            }
        }
        let scaled = logits.iter().zip(&occurred);
        entropy_bits(scaled.map(|(&logit, &seen)| panel::scaled(logit, seen, &self.settings)))
    }
}

/// Entropy of the softmax of these values, in bits.
fn entropy_bits(values: impl Iterator<Item = f32> + Clone) -> f64 {
    let highest = values.clone().fold(f32::NEG_INFINITY, f32::max);
    let (mut total, mut weighted) = (0.0f64, 0.0f64);
    for value in values {
        let above = f64::from(value - highest);
        let weight = above.exp();
        if weight > 0.0 {
            total += weight;
            weighted += weight * above;
        }
    }
    if total > 0.0 { (total.ln() - weighted / total) / std::f64::consts::LN_2 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::generated;

    fn tuner(temperature: f32, logits: Vec<f32>) -> Tuner {
        let settings = SamplerSettings { temperature, ..SamplerSettings::default() };
        let spot = Spot { lane: 0, place: 0 };
        let mut tuner = Tuner::new(7, spot, settings, &generated(0, "a"), vec![1]);
        tuner.receive(6, vec![0.0]);
        assert!(!tuner.is_ready(), "another request's logits are not taken");
        tuner.receive(7, logits);
        tuner
    }

    #[test]
    fn entropy_of_equal_logits_is_the_logarithm_of_their_number() {
        assert!((entropy_bits([3.0; 8].into_iter()) - 3.0).abs() < 1e-9);
        assert!(entropy_bits([100.0, 0.0].into_iter()) < 1e-9);
        assert_eq!(entropy_bits(std::iter::empty::<f32>()), 0.0);
    }

    #[test]
    fn a_higher_temperature_flattens_and_a_lower_one_sharpens() {
        let logits: Vec<f32> = (0..32).map(|n| 4.0 - n as f32 * 0.5).collect();
        let first = |temperature: f32| {
            let mut tuner = tuner(1.5, logits.clone());
            tuner.set_temperature(temperature);
            let tuned = tuner.tuned().expect("logits are there");
            (tuned.report.alternatives[0].filtered, tuned.entropy)
        };
        let (cold, warm, hot) = (first(0.3), first(1.0), first(2.0));
        assert!(cold.0 > warm.0 && warm.0 > hot.0, "{cold:?} {warm:?} {hot:?}");
        assert!(cold.1 < warm.1 && warm.1 < hot.1);
        assert_eq!(first(0.0), (1.0, 0.0), "greedy leaves one token");
    }

    #[test]
    fn without_logits_nothing_is_shown() {
        let settings = SamplerSettings::default();
        let spot = Spot { lane: 0, place: 0 };
        let mut tuner = Tuner::new(1, spot, settings, &generated(0, "a"), Vec::new());
        tuner.set_temperature(0.5);
        assert_eq!(tuner.tuned(), None);
    }
}
