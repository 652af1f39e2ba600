//! What mattered: each token taken out and the model run again, beside where attention went.

mod chips;

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::flow::Show;
use crate::components::inside::attention::TooLong;
use crate::components::inside::pick::Choice;
use crate::components::inside::strip::{axis_names, name_of};
use crate::components::inside::waiting::Waiting;
use crate::components::inside_chart::BarPicture;
use crate::components::inside_target::{TargetPick, Targets};
use crate::protocol::inside::{Answer, Ask};
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::format;
use crate::state::inside::attention::is_too_long;
use crate::state::inside::formulas;
use crate::state::inside::influence::{self, Influence, Way, agreement, occluded, rollout_row};
use crate::state::inside::question::{Standing, Wanted, ask};
use crate::state::token;

use chips::Chips;

/// What takes the place of a token, until the reader types something else.
const FILLER: &str = " …";

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Look {
    /// The measurement on show: the token it is after, and the token it is about.
    about: Memo<Option<(u32, u32)>>,
    influence: Memo<Option<Arc<Influence>>>,
    /// Attention rollout from the same token.
    rollout: Memo<Option<Arc<Vec<f32>>>>,
    /// The token that the reader points at.
    pointed: RwSignal<Option<usize>>,
}

fn way_code(way: Way) -> &'static str {
    match way {
        Way::Drop => "drop",
        Way::Replace => "replace",
    }
}

#[component]
pub(crate) fn InfluencePanel() -> impl IntoView {
    let app = App::get();
    let targets = Targets::new(app);
    let way = RwSignal::new(Way::Drop);
    let typed = RwSignal::new(FILLER.to_owned());
    let wanted = RwSignal::new(None::<(u32, u32, Way, Option<u32>)>);
    // The token that takes the place, as this model's tokenizer has it.
    let filler_reply = ask(app, move || {
        let (text, _) = app.inside.ready()?;
        (way.get() == Way::Replace).then_some((text, Ask::Encode { text: typed.get() }))
    });
    // Its first token, and of how many. Nothing while it is on its way.
    let found = memo(move || {
        if filler_reply.standing.get() != Standing::Quiet {
            return None;
        }
        filler_reply.one(|answer| match answer {
            Answer::Encoded { tokens } => Some((tokens.first()?.clone(), tokens.len())),
            _ => None,
        })
    });
    let filler = memo(move || found.with(|found| found.as_ref().map(|(view, _)| view.id)));
    // Another text has to be measured anew.
    effect(move || {
        app.inside.text.track();
        wanted.set(None);
    });
    let reply = ask(app, move || -> Wanted {
        let (text, _) = app.inside.ready()?;
        let (token, target, way, filler) = wanted.get()?;
        let occlusion = way.occlusion(filler)?;
        Some((text, Ask::Influence { token, target, tokens: occluded(token), occlusion }))
    });
    let about = memo(move || {
        reply.about(|_, ask| match ask {
            Ask::Influence { token, target, .. } => Some((*token, *target)),
            _ => None,
        })
    });
    let influence = memo(move || {
        let (token, _) = about.get()?;
        reply.parts.with(|parts| Influence::of(parts, token)).map(Arc::new)
    });
    let rollout_reply = ask(app, move || {
        let (text, facts) = app.inside.ready()?;
        wanted.get().filter(|_| !is_too_long(&facts))?;
        Some((text, Ask::Rollout { layer: facts.shape.layers.saturating_sub(1) }))
    });
    let rollout = memo(move || {
        let (token, _) = about.get()?;
        rollout_reply.one(|answer| rollout_row(answer, token)).map(Arc::new)
    });
    let look = Look { about, influence, rollout, pointed: RwSignal::new(None) };
    let can_run = memo(move || {
        // Without its only token a text is none.
        let can_occlude = match way.get() {
            Way::Drop => app.selection().token > 0,
            Way::Replace => filler.get().is_some(),
        };
        targets.target.get().is_some() && can_occlude && !reply.is_waiting()
    });
    let run = move |_| {
        if let Some(target) = targets.target.get_untracked() {
            let token = untrack(|| app.selection().token);
            let way = way.get_untracked();
            let filler = filler.get_untracked().filter(|_| way == Way::Replace);
            wanted.set(Some((token, target, way, filler)));
        }
    };
    view! {
        <div
            class="inside-body"
            data-testid="influence"
            data-part="influence"
            data-token=move || about.get().map(|(token, _)| token)
            data-target=move || about.get().map(|(_, target)| target)
            data-untouched=move || influence.get().map(|influence| influence.untouched)
            data-measured=move || influence.get().map(|influence| influence.measured())
            data-waiting=move || reply.is_waiting().then_some("")
        >
            <p class="tool-intro">{move || app.t().inside_influence.intro}</p>
            <div class="tool-row">
                <TargetPick targets=targets/>
                <Choice
                    label=Signal::derive(move || app.t().inside_influence.way.to_owned())
                    options=vec![Way::Drop, Way::Replace]
                    code=way_code
                    name=Callback::new(move |way: Way| {
                        let words = &app.t().inside_influence;
                        let name = match way {
                            Way::Drop => words.drop,
                            Way::Replace => words.replace,
                        };
                        name.to_owned()
                    })
                    value=way
                    on_change=Callback::new(move |choice| way.set(choice))
                    test_id="influence-way"
                />
                <Show when=move || way.get() == Way::Replace>
                    <label class="field filler">
                        <span class="field-name">{move || app.t().inside_influence.filler}</span>
                        <input
                            type="text"
                            data-testid="influence-filler"
                            data-id=move || filler.get()
                            prop:value=move || typed.get()
                            on:change=move |event| typed.set(event_target_value(&event))
                        />
                    </label>
                    <p class="hint" role="status" data-testid="influence-filler-used">
                        {move || found.get().map(|(view, of)| {
                            (app.t().inside_influence.filler_used)(&token::spoken(&view), of)
                        })}
                    </p>
                </Show>
                <button
                    type="button"
                    class="plain"
                    data-testid="influence-run"
                    disabled=move || !can_run.get()
                    on:click=run
                >
                    {move || {
                        let count = app.selection().token + 1;
                        (app.t().inside_influence.run)(count.min(influence::MOST))
                    }}
                </button>
                <Show when=move || reply.is_waiting()>
                    <button
                        type="button"
                        class="plain"
                        data-testid="influence-stop"
                        on:click=move |_| app.stop()
                    >
                        {move || app.t().inside_influence.stop}
                    </button>
                </Show>
            </div>
            <TooLong/>
            <Waiting reply=reply/>
            <Show when=move || influence.with(Option::is_some)>
                <Found look=look targets=targets/>
            </Show>
        </div>
    }
}

/// What was measured.
#[component]
fn Found(look: Look, targets: Targets) -> impl IntoView {
    let app = App::get();
    let names = memo(move || {
        let end = look.about.get().map_or(0, |(token, _)| token as usize + 1);
        let facts = app.inside.facts.get();
        let names = facts.map(|facts| axis_names(&facts)).unwrap_or_default();
        names.into_iter().take(end).collect::<Vec<_>>()
    });
    let chart = memo(move || {
        let words = &app.t().inside_influence;
        let (influence, rollout) = (look.influence.get(), look.rollout.get());
        Some(Arc::new(names.with(|names| {
            influence::chart(
                influence.as_deref(),
                rollout.as_ref().map(|row| row.as_slice()),
                names,
                [words.by_occlusion, words.by_attention],
                look.pointed.get(),
            )
        })))
    });
    let pick = Callback::new(move |at: usize| look.pointed.set(Some(at)));
    let caption = Signal::derive(move || app.t().inside_influence.caption.to_owned());
    let about = move || {
        let ((token, target), influence) = (look.about.get()?, look.influence.get()?);
        let name = app.inside.facts.with(|facts| facts.as_ref().map(|f| name_of(f, token)))?;
        Some((app.t().inside_influence.about)(
            &targets.name(app, target),
            &name,
            token,
            &format::percent(f64::from(influence.untouched)),
        ))
    };
    let strongest = move || {
        let influence = look.influence.get()?;
        let (at, worth) = influence.strongest()?;
        let without = format::percent(f64::from(influence.untouched - worth));
        let name = names.with(|names| names.get(at).cloned())?;
        Some((app.t().inside_influence.strongest)(&name, at, &without))
    };
    // The token that is pointed at, else the one that changes most.
    let written = memo(move || {
        let influence = look.influence.get()?;
        let pointed = look.pointed.get().filter(|at| influence.worth(*at).is_some());
        let at = pointed.or_else(|| influence.strongest().map(|(at, _)| at))?;
        let without = (*influence.without.get(at)?)?;
        let name = names.with(|names| names.get(at).cloned())?;
        let said = (app.t().inside_more.numbers.worth)(&name, at);
        Some((formulas::worth(influence.untouched, without), said))
    });
    let correlation = memo(move || {
        let (influence, rollout) = (look.influence.get()?, look.rollout.get()?);
        agreement(&influence, &rollout)
    });
    let agreed = move || {
        correlation.get().map(|value| (app.t().inside_influence.agreement)(&format!("{value:.2}")))
    };
    view! {
        <p class="summary">{about}</p>
        <p class="summary" aria-live="polite" data-testid="influence-strongest">{strongest}</p>
        <Chips look=look/>
        <p class="formula" data-testid="influence-formula">
            {move || written.get().map(|(formula, _)| formula)}
        </p>
        <p class="hint">{move || written.get().map(|(_, said)| said)}</p>
        <p class="summary" data-testid="influence-agreement" data-value=move || correlation.get()>
            {agreed}
        </p>
        <BarPicture
            chart=chart
            caption=caption
            file="glassbox-influence"
            test_id="influence-chart"
            on_pick=pick
        />
    }
}
