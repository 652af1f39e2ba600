//! The fourth step: the values of the keys, each times its weight, added up. That is what a head hands on.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::heatmap::Cells;
use crate::protocol::inside::AttentionHead;
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::attention::Pair;
use crate::state::inside::value::{Taken, grid, output, taken};

/// The step of a pair. `query` and `key` are their names. Tracks the language.
pub(super) fn value_step(
    app: App,
    head: &AttentionHead,
    pair: &Pair,
    query: &str,
    key: &str,
) -> impl IntoView + use<> {
    let words = &app.t().inside_more.numbers;
    let sum = output(head, pair.query);
    let picture = grid(head, pair.query, pair.key, &sum).map(Arc::new);
    let weight = pair.weight;
    let said = (words.value_explained)(query, key);
    taken(head, pair.query, pair.key, &sum).map(|taken| {
        let (component, sum) = (taken.component, taken.sum);
        let own = format!(
            "v[{component}] = {}, w · v[{component}] = {} × {} = {}",
            format::number(taken.own),
            format::percent(f64::from(weight)),
            format::number(taken.own),
            format::number(weight * taken.own),
        );
        let written = written(&taken);
        view! {
            <li data-testid="attention-value" data-component=component data-sum=sum>
                <b>{words.step_value}</b>
                <div class="terms">
                    <p class="terms-names">
                        <span class="is-value">"v"</span>
                        <span class="is-attention">"w·v"</span>
                        <span>"Σ w·v"</span>
                    </p>
                    <Cells grid=Signal::stored(picture)/>
                </div>
                <p class="formula is-value">{own}</p>
                <p class="formula">{written}</p>
                <p class="hint">{said}</p>
            </li>
        }
    })
}

/// One component of the sum with its largest terms.
fn written(taken: &Taken) -> String {
    let term = |(weight, value): &(f32, f32)| {
        format!("{} × {}", format::percent(f64::from(*weight)), format::number(*value))
    };
    let terms: Vec<String> = taken.terms.iter().map(term).collect();
    let terms = terms.join(" + ");
    let (component, sum) = (taken.component, format::number(taken.sum));
    if taken.rest == 0.0 {
        return format!("Σ w · v[{component}] = {terms} = {sum}");
    }
    format!("Σ w · v[{component}] = {terms} + … ({}) = {sum}", format::number(taken.rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_out_is_told_as_a_rest() {
        let mut taken =
            Taken { component: 4, terms: vec![(0.5, 2.0)], rest: 0.25, sum: 1.25, own: 2.0 };
        let said = written(&taken);
        assert!(said.contains("v[4]") && said.contains("…"), "{said}");
        assert!(said.ends_with(&format!("= {}", format::number(1.25))), "{said}");
        taken.rest = 0.0;
        assert!(!written(&taken).contains('…'));
    }
}
