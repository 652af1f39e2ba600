//! Plain sentences about what happened, each with its way on.

use leptos::prelude::*;

use crate::components::flow::For;
use crate::reactive::memo;
use crate::state::app::App;
use crate::state::notice::Notice;

#[component]
pub(crate) fn NoticeList() -> impl IntoView {
    let app = App::get();
    view! {
        <div class="notices" role="status">
            <For
                each=move || app.notices.with(|notices| notices.list().to_vec())
                key=|entry: &(u32, Notice)| entry.0
                children=move |(number, notice): (u32, Notice)| {
                    view! { <NoticeCard number=number notice=notice/> }
                }
            />
        </div>
    }
}

#[component]
fn NoticeCard(number: u32, notice: Notice) -> impl IntoView {
    let app = App::get();
    let kind = notice.kind();
    let is_calm = notice.is_calm();
    let detail = notice.detail().map(str::to_owned);
    let explains_webgpu = notice.explains_webgpu();
    let for_action = notice.clone();
    let action = memo(move || for_action.action(app.situation()));
    view! {
        <div class="notice" class:calm=is_calm data-testid="message" data-kind=kind>
            <p class="notice-sentence">{move || sentence(app, &notice)}</p>
            {explains_webgpu.then(|| view! { <WebGpuHelp/> })}
            {detail.map(|detail| view! {
                <details class="notice-detail">
                    <summary>{move || app.t().notice.detail}</summary>
                    <p class="mono">{detail}</p>
                </details>
            })}
            <div class="notice-buttons">
                {move || action.get().map(|action| view! {
                    <button
                        type="button"
                        class="plain"
                        data-testid="message-action"
                        on:click=move |_| app.act(action)
                    >
                        {move || (app.t().notice.action)(action)}
                    </button>
                })}
                <button
                    type="button"
                    class="quiet"
                    on:click=move |_| app.notices.update(|notices| notices.dismiss(number))
                >
                    {move || app.t().notice.dismiss}
                </button>
            </div>
        </div>
    }
}

/// How WebGPU is switched on, browser by browser.
#[component]
fn WebGpuHelp() -> impl IntoView {
    let app = App::get();
    let steps = move || {
        app.t()
            .notice
            .webgpu_steps
            .iter()
            .map(|(browser, how)| view! { <dt>{*browser}</dt><dd>{*how}</dd> })
            .collect_view()
    };
    view! {
        <details class="notice-detail">
            <summary>{move || app.t().notice.webgpu_title}</summary>
            <dl class="steps">{steps}</dl>
        </details>
    }
}

fn sentence(app: App, notice: &Notice) -> String {
    let words = &app.t().notice;
    match notice {
        Notice::Failure(failure) => (words.failure)(failure.kind).to_owned(),
        Notice::CpuFallback { .. } => words.cpu_fallback.to_owned(),
        Notice::DeviceRestored => words.device_restored.to_owned(),
        Notice::Catalogue { .. } => words.catalogue.to_owned(),
        Notice::Setting(field) => (words.setting)(*field),
    }
}
