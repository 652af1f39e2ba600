//! A patch: the residual vector at one place, taken from another prompt.

use leptos::prelude::*;
use share::scene::Patch;
use share::scene::limits::MAX_TEXT;

use crate::components::chip::draw;
use crate::components::flow::Show;
use crate::components::inside::pick::Walk;
use crate::components::inside::strip::name_of;
use crate::components::inside::waiting::Waiting;
use crate::protocol::TokenView;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::inside::question::Reply;
use crate::state::inside::view;
use crate::state::token;

/// The patch from another prompt. Its tokens are others: the first until the reader chooses.
fn with_source(before: Patch, source: String) -> Patch {
    let source_token = if before.source == source { before.source_token } else { 0 };
    Patch { source, source_token, ..before }
}

#[component]
pub(super) fn PatchPart(
    /// The tokens of the other prompt.
    source: Memo<Option<Vec<TokenView>>>,
    reply: Reply,
    /// Tokens that both runs get.
    length: Memo<Option<u32>>,
) -> impl IntoView {
    let app = App::get();
    let patch = memo(move || app.scene.with(|scene| view(scene).patch));
    let has_patch = memo(move || patch.with(Option::is_some));
    let layers = memo(move || {
        app.inside.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.shape.layers))
    });
    let type_source = move |mut text: String| {
        // The last token that both runs get, until the reader puts it elsewhere.
        let last = length.get_untracked().unwrap_or_default().saturating_sub(1);
        let token = untrack(|| app.selection().token).min(last);
        while text.len() > MAX_TEXT {
            text.pop();
        }
        app.select(|view| {
            if text.is_empty() {
                view.patch = None;
                return;
            }
            let layer = view.layer.unwrap_or_default();
            let before = view.patch.take().unwrap_or(Patch { layer, token, ..Patch::default() });
            view.patch = Some(with_source(before, text));
        });
    };
    let edit = move |edit: fn(&mut Patch, u32), to: u32| {
        app.select(|view| {
            if let Some(patch) = &mut view.patch {
                edit(patch, to);
            }
        });
    };
    let said = move || {
        let patch = patch.get()?;
        if patch.token >= length.get()? {
            return Some((app.t().inside_switches.beyond)(patch.token));
        }
        let tokens = source.get()?;
        let from = tokens.get(patch.source_token as usize).filter(|_| patch.layer < layers.get());
        let Some(from) = from.map(token::spoken) else {
            return Some(app.t().inside_switches.unfit.to_owned());
        };
        let to = app
            .inside
            .facts
            .with(|facts| facts.as_ref().map(|facts| name_of(facts, patch.token)))?;
        Some((app.t().inside_switches.patched)(&to, patch.token, &from, patch.layer))
    };
    view! {
        <section class="patch" data-testid="patch">
            <h3>{move || app.t().inside_switches.patch}</h3>
            <p class="hint">{move || app.t().inside_switches.patch_explained}</p>
            <label class="field">
                <span class="field-name">{move || app.t().inside_switches.source}</span>
                <input
                    type="text"
                    data-testid="patch-source"
                    placeholder=move || app.t().inside_switches.source_placeholder
                    prop:value=move || patch.get().map(|patch| patch.source).unwrap_or_default()
                    on:change=move |event| type_source(event_target_value(&event))
                />
            </label>
            <Show when=move || has_patch.get()>
                <Waiting reply=reply/>
                <p class="field-name">{move || app.t().inside_switches.source_token}</p>
                <div class="patch-tokens" role="group" aria-label=move || app.t().inside_switches.source_token>
                    {move || source.get().map(|tokens| {
                        let chips = tokens.iter().zip(0u32..);
                        chips
                            .map(|(view, at)| {
                                let is_taken = move || {
                                    patch.with(|patch| {
                                        patch.as_ref().is_some_and(|patch| patch.source_token == at)
                                    })
                                };
                                view! {
                                    <button
                                        type="button"
                                        class="chip"
                                        data-testid="patch-token"
                                        data-place=at
                                        aria-pressed=move || if is_taken() { "true" } else { "false" }
                                        on:click=move |_| edit(|patch, to| patch.source_token = to, at)
                                    >
                                        {draw(token::pieces(view))}
                                    </button>
                                }
                            })
                            .collect_view()
                    })}
                </div>
                <div class="tool-row">
                    <Walk
                        label=Signal::derive(move || app.t().inside_switches.after_layer.to_owned())
                        value=Signal::derive(move || patch.get().map_or(0, |patch| patch.layer))
                        count=layers
                        on_change=Callback::new(move |to| edit(|patch, to| patch.layer = to, to))
                        test_id="patch-layer"
                    />
                    <button
                        type="button"
                        class="plain"
                        data-testid="patch-here"
                        on:click=move |_| {
                            let token = untrack(|| app.selection().token);
                            edit(|patch, to| patch.token = to, token);
                        }
                    >
                        {move || (app.t().inside_switches.here)(app.selection().token)}
                    </button>
                    <button
                        type="button"
                        class="quiet"
                        data-testid="patch-remove"
                        on:click=move |_| app.select(|view| view.patch = None)
                    >
                        {move || app.t().inside_switches.remove}
                    </button>
                </div>
                <p class="summary" aria-live="polite">{said}</p>
            </Show>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_prompt_s_vector_is_chosen_anew() {
        let patch = Patch { layer: 1, token: 2, source: "a b c".into(), source_token: 2 };
        assert_eq!(with_source(patch.clone(), "a b c".into()), patch);
        let other = with_source(patch, "a".into());
        assert_eq!((other.source.as_str(), other.source_token), ("a", 0));
        assert_eq!((other.layer, other.token), (1, 2), "where it goes stays");
    }
}
