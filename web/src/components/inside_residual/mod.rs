//! The residual stream: what the model would say after each block, what each part adds to a logit, and how long the
//! vectors are.

mod contributions;
mod lengths;
mod lens;
mod norm;

use leptos::prelude::*;

use crate::components::inside_target::{TargetPick, Targets};
use crate::state::app::App;

use contributions::ContributionsPart;
use lengths::LengthsPart;
use lens::LensPart;
use norm::NormPart;

#[component]
pub(crate) fn ResidualPanel() -> impl IntoView {
    let app = App::get();
    let targets = Targets::new(app);
    view! {
        <div class="inside-body" data-testid="residual">
            <p class="tool-intro">{move || app.t().inside_residual.intro}</p>
            <div class="tool-row"><TargetPick targets=targets/></div>
            <LensPart targets=targets/>
            <ContributionsPart targets=targets/>
            <LengthsPart/>
            <NormPart/>
        </div>
    }
}

/// A layer's name in charts. Tracks the language.
fn layer_name(app: App, layer: u32) -> String {
    (app.t().inside_residual.layer)(layer)
}
