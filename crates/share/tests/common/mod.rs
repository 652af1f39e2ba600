//! Any scene, for property tests.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use share::Scene;
use share::scene::{
    AskedPrompt, Branch, Column, CompareView, Expected, Form, Ids, InsideView, LabView, Language,
    LessonPlace, Panel, Part, PartKind, Patch, PlannedStage, PlannedTechnique, Prompt, Sampler,
    Span, Switch, SwitchPart, Turn, View,
};

/// Scenes of every kind, all within bounds.
pub(crate) fn scenes() -> impl Strategy<Value = Scene> {
    let language = option::of(prop_oneof![Just(Language::En), Just(Language::Zh)]);
    (1..=4usize)
        .prop_flat_map(move |count| {
            let columns = vec(column(), count);
            let place = ("[a-z][a-z0-9-]{0,20}", 0..1000u32);
            let lesson = option::of(place.prop_map(|(id, step)| LessonPlace { id, step }));
            let expected = option::of((0..=1u8, vec(ids(), count)).prop_map(|(gpu, columns)| {
                let backend = ["cpu", "Some GPU (中文)"][usize::from(gpu)].to_owned();
                Expected { backend, columns }
            }));
            let whole = (1..=32_768u32, option::of(16..=131_072u32), any::<(bool, bool)>());
            (
                language.clone(),
                prompt(),
                columns,
                sampler(),
                view(count as u32),
                lesson,
                expected,
                whole,
            )
        })
        .prop_map(|(language, prompt, columns, sampler, view, lesson, expected, whole)| {
            let (max_tokens, context, (embed, presenter)) = whole;
            Scene {
                language,
                prompt,
                columns,
                sampler,
                max_tokens,
                context,
                view,
                lesson,
                expected,
                embed,
                presenter,
            }
        })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,40}", "[ \n\t香蕉是水果a-z<>&\"\\\\]{0,40}", Just(String::new())]
}

fn prompt() -> impl Strategy<Value = Prompt> {
    (text(), text(), vec(part(), 0..4)).prop_map(|(text, system, parts)| Prompt {
        text,
        system,
        parts,
    })
}

fn part() -> impl Strategy<Value = Part> {
    let kind = prop_oneof![
        Just(PartKind::Instruction),
        Just(PartKind::Example),
        Just(PartKind::Information),
        Just(PartKind::Question),
        Just(PartKind::Starter),
        Just(PartKind::Closing)
    ];
    (kind, text(), text(), text(), any::<bool>())
        .prop_map(|(kind, text, steps, answer, off)| Part { kind, text, steps, answer, off })
}

fn column() -> impl Strategy<Value = Column> {
    let form = prop_oneof![Just(Form::Auto), Just(Form::Raw), Just(Form::Chat)];
    let hash = || prop_oneof![Just(String::new()), "[0-9a-f]{8,64}"];
    let branch = (ids(), any::<bool>()).prop_map(|(prefix, chose)| {
        let chosen = if chose { (0..prefix.0.len() as u32).step_by(2).collect() } else { vec![] };
        Branch { prefix, chosen }
    });
    let names = ("[A-Za-z0-9.我-戰 -]{0,10}x", "[a-z]{1,8}", hash(), hash());
    (names, form, option::of(sampler()), branch).prop_map(
        |((model, stage, file, adapter), form, sampler, branch)| Column {
            model,
            stage,
            file,
            adapter,
            form,
            sampler,
            branch,
        },
    )
}

fn ids() -> impl Strategy<Value = Ids> {
    vec(0..1u32 << 20, 0..30).prop_map(Ids)
}

fn sampler() -> impl Strategy<Value = Sampler> {
    (0..=1000u16, 0..=1_000_000u32, 0..=100u8, 0..=100u8, 10..=1000u16, 0..=(1u64 << 53) - 1)
        .prop_map(|(temperature, top_k, top_p, min_p, repeat_penalty, seed)| Sampler {
            temperature: f32::from(temperature) / 100.0,
            top_k,
            top_p: f32::from(top_p) / 100.0,
            min_p: f32::from(min_p) / 100.0,
            repeat_penalty: f32::from(repeat_penalty) / 100.0,
            seed,
        })
}

fn view(columns: u32) -> impl Strategy<Value = View> {
    let place = || option::of(0..1u32 << 20);
    let column = move || option::of(0..columns);
    let compare = (0..columns, place(), any::<[bool; 3]>(), option::of(2..=32u32), column())
        .prop_map(|(column, token, [exact, same_text, blind], samples, score)| {
            View::Compare(CompareView { column, token, exact, same_text, blind, samples, score })
        });
    let panel = prop_oneof![
        Just(Panel::Tokens),
        Just(Panel::Embedding),
        Just(Panel::Attention),
        Just(Panel::FeedForward),
        Just(Panel::Residual),
        Just(Panel::Output),
        Just(Panel::Influence),
        Just(Panel::Switches)
    ];
    let places = (place(), place(), place(), place(), place(), place());
    let patch = (0..12u32, 0..512u32, text(), 0..512u32).prop_map(
        |(layer, token, source, source_token)| Patch { layer, token, source, source_token },
    );
    let others = (column(), option::of("[a-z]{1,8}"), option::of(asked()));
    let changes = (vec(switch(), 0..4), option::of(patch), any::<bool>());
    let inside = (panel, 0..columns, others, places, changes).prop_map(
        |(panel, column, (against, versus, asked), places, (switches, patch, same_text))| {
            let (token, key, layer, head, neuron, target) = places;
            View::Inside(InsideView {
                panel,
                column,
                asked: asked.map(Box::new),
                against,
                versus,
                token,
                key,
                layer,
                head,
                neuron,
                target,
                switches,
                patch,
                same_text,
            })
        },
    );
    prop_oneof![compare, inside, lab()]
}

fn lab() -> impl Strategy<Value = View> {
    let ids = (vec("[a-z_]{1,12}", 0..4), "[a-z-]{0,12}");
    let built = (ids, option::of(0..=64u32), 0..1u64 << 53, any::<bool>());
    let stage = ("[A-Za-z0-9.]{1,9}", "[a-z]{1,8}")
        .prop_map(|(model, stage)| PlannedStage { model, stage });
    let language = prop_oneof![Just(Language::En), Just(Language::Zh)];
    let shown = (option::of(planned().prop_map(Box::new)), option::of(0..=32_768u32));
    let lists = (option::of(vec(planned(), 0..4)), vec(stage, 0..4), shown);
    let languages = option::of(vec(language, 0..3));
    let figures = (option::of(0..=32_768u32), option::of(0..=10_000u32), temperature());
    let texts = ("[A-Za-z0-9.]{0,9}", "[a-z]{0,8}", text());
    (built, lists, languages, figures, texts).prop_map(
        |(
            ((techniques, set), few, seed, measure),
            (plan, stages, (shown, shown_max_tokens)),
            languages,
            (max_tokens, batch, temperature),
            (set_model, rule, pattern),
        )| {
            View::Lab(LabView {
                techniques,
                shots: few,
                votes: few,
                shown,
                shown_max_tokens,
                set,
                problems: few,
                seed,
                measure,
                plan,
                stages,
                languages,
                set_model,
                max_tokens,
                batch,
                temperature,
                rule,
                pattern,
            })
        },
    )
}

fn planned() -> impl Strategy<Value = PlannedTechnique> {
    let few = || option::of(0..=64u32);
    let knobs = (few(), few(), few(), few(), few(), few(), few(), few(), few());
    let prompt = (vec(part(), 0..3), any::<bool>());
    let speakers = (vec("[a-z-]{1,9}", 0..4), "[a-z-]{0,9}");
    ("[a-z_]{1,12}", knobs, temperature(), prompt, speakers).prop_map(
        |(id, knobs, temperature, (parts, labels), (speakers, judge))| {
            let (shots, votes, sub_questions, rounds, breadth, proposals, depth, extract, speak) =
                knobs;
            PlannedTechnique {
                id,
                shots,
                votes,
                temperature,
                sub_questions,
                rounds,
                breadth,
                proposals,
                depth,
                extract,
                speak,
                parts,
                labels,
                speakers,
                judge,
            }
        },
    )
}

fn temperature() -> impl Strategy<Value = Option<f32>> {
    option::of(0..=1000u16).prop_map(|value| value.map(|hundredths| f32::from(hundredths) / 100.0))
}

fn asked() -> impl Strategy<Value = AskedPrompt> {
    let turn = ("[a-z]{1,9}", text()).prop_map(|(role, text)| Turn { role, text });
    let place = || 0..1u32 << 20;
    let kind = prop_oneof![Just(PartKind::Example), Just(PartKind::Question)];
    let span = (kind, place(), option::of(place()), place(), place())
        .prop_map(|(kind, number, turn, start, end)| Span { kind, number, turn, start, end });
    let names = ("[A-Za-z0-9.]{1,9}", "[a-z]{1,8}");
    (names, vec(turn, 0..3), text(), vec(span, 0..3), ids()).prop_map(
        |((model, stage), turns, text, spans, answer)| AskedPrompt {
            model,
            stage,
            turns,
            text,
            spans,
            answer,
        },
    )
}

fn switch() -> impl Strategy<Value = Switch> {
    let part = prop_oneof![
        (Just(SwitchPart::Head), 0..12u32),
        (Just(SwitchPart::Attention), Just(0u32)),
        (Just(SwitchPart::FeedForward), Just(0u32)),
        (Just(SwitchPart::Neuron), 0..512u32)
    ];
    (part, 0..12u32, 0..=20u8).prop_map(|((part, index), layer, scale)| Switch {
        part,
        layer,
        index,
        scale: f32::from(scale) / 10.0,
    })
}
