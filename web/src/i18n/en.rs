//! English.

use super::{
    Header, Licence, Model, Notice, Output, Panel, Prompt, Settings, Status, Strings, en_failures,
};
use crate::protocol::{FinishReason, LoadStage};
use crate::state::preferences::Theme;
use crate::state::settings::{Field, Problem};

pub(super) static STRINGS: Strings = Strings {
    tag: "en",
    header: Header {
        tagline: "A real language model, running inside this tab. Every number it computes can be seen.",
        other_language: "中文",
        switch_language: "Switch the language to Chinese",
        theme: |theme| match theme {
            Theme::System => "Auto",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        },
        switch_theme: "Switch the colour theme",
        skip: "Skip to the prompt",
    },
    model: Model {
        title: "Model",
        model: "Choose",
        backend: "Runs on",
        backend_auto: "GPU, else CPU",
        backend_gpu: "GPU (WebGPU)",
        backend_cpu: "CPU",
        local_file: |name| format!("{name} (your file)"),
        reading_catalogue: "Reading the list of models …",
        load: |size| format!("Load · {size}"),
        load_kept: |size| format!("Load · {size}, kept here"),
        resume: |done, total| format!("Resume · {done} of {total}"),
        load_again: "Load again",
        load_local: "Load your file",
        cancel: "Cancel",
        facts: |parameters, quantization, architecture, context| {
            format!(
                "{parameters} parameters · {quantization} · {architecture} · context up to {context} tokens"
            )
        },
        licence: "Licence:",
        progress: "Progress of loading",
        stage: |stage| match stage {
            LoadStage::Downloading => "Downloading",
            LoadStage::ReadingStored => "Reading the kept copy",
            LoadStage::ReadingLocal => "Reading your file",
            LoadStage::Verifying => "Verifying",
            LoadStage::Preparing => "Preparing the engine",
        },
        amount: |done, total| format!("{done} of {total}"),
        resumed: |from| format!("continued at {from}"),
        starting: "Starting …",
        drop: "Or drop a GGUF file anywhere on this page:",
        pick: "Choose a file",
        drop_now: "Drop the GGUF file to open it. It stays on this machine.",
        kept: |size| format!("Kept in this browser · {size}"),
        kept_nothing: "Nothing is kept yet. A downloaded model is kept here, so that it is downloaded only once.",
        kept_explained: "These files are in this browser's private storage for this site and nowhere else.",
        kept_part: "incomplete",
        remove: "Remove",
        remove_named: |name| format!("Remove {name} from this browser"),
    },
    licence: Licence {
        title: |name| format!("Terms of this model: {name}"),
        explained: |model| {
            format!(
                "{model} comes under terms of its maker, to be accepted once before its first load."
            )
        },
        reading: "Reading the terms …",
        no_text: "The text of the terms is not part of this site.",
        read_at: |host| format!("Read the terms at {host} (opens another site)"),
        accept: "Accept",
        not_now: "Not now",
    },
    prompt: Prompt {
        title: "Prompt",
        mode: "How to use the prompt",
        raw: "Raw text",
        raw_explained: "The model continues the text exactly as it stands.",
        chat: "Chat",
        chat_explained: "Your message goes through the model's chat template; earlier turns are kept.",
        no_template: "This model comes without a chat template: use raw text.",
        label_raw: "Text to continue",
        label_chat: "Your message",
        placeholder_raw: "Begin a sentence …",
        placeholder_chat: "Ask something …",
        system: "System prompt (optional)",
        system_placeholder: "How the assistant should behave",
        examples: "Try",
        run: "Run",
        run_waits: "Runs when loaded",
        stop: "Stop",
        shortcut: "Ctrl or ⌘ + Enter",
        will_load: |size| format!("Run loads the model first ({size})."),
        new_conversation: "New conversation",
    },
    settings: Settings {
        title: "Settings",
        explained: |field| match field {
            Field::Temperature => {
                "Flattens (above 1) or sharpens (below 1) the probabilities. 0 always takes the most likely token."
            }
            Field::TopK => "Only this many of the most likely tokens can be drawn. 0 keeps all.",
            Field::TopP => {
                "Only the fewest most likely tokens that together reach this probability. 1 keeps all."
            }
            Field::MinP => {
                "Drops tokens less likely than this share of the most likely one. 0 keeps all."
            }
            Field::RepeatPenalty => {
                "Above 1, tokens that already occurred become less likely. 1 changes nothing."
            }
            Field::Seed => "Start of the random draw. The same seed gives the same text again.",
            Field::MaxTokens => "Stops after this many new tokens.",
            Field::Context => {
                "Tokens that fit in the model's memory. A change takes effect when the model is loaded again, which Run does."
            }
        },
        problem: |problem| match problem {
            Problem::NotANumber => "This is not a number.".to_owned(),
            Problem::NotWhole => "This has to be a whole number.".to_owned(),
            Problem::TooSmall(limit) => format!("The smallest value is {limit}."),
            Problem::TooLarge(limit) => format!("The largest value is {limit}."),
        },
        reset: "Reset to the defaults",
    },
    output: Output {
        title: "Output",
        empty: "Press Run. The text arrives here token by token; the warmer a token's background, the less the model expected it.",
        prefill: |done, total| format!("Reading the prompt: {done} of {total} tokens"),
        starting: "Reading the prompt …",
        running: |tokens| format!("Writing · {tokens} tokens"),
        finished: |tokens, reason| {
            let why = match reason {
                FinishReason::EndOfText => "the model ended the text",
                FinishReason::MaxTokens => "max_tokens reached",
                FinishReason::ContextFull => "the context is full",
                FinishReason::Stopped => "stopped",
                FinishReason::Failed => "broken off",
            };
            format!("{tokens} new tokens · {why}")
        },
        show_prompt: |tokens| format!("Show {tokens} prompt tokens"),
        hide_prompt: "Hide prompt tokens",
        copy: "Copy",
        copied: "Copied",
        legend: "Surprisal",
        legend_low: "0 bits, expected",
        legend_high: "8 or more, surprising",
        tokens_label: "Tokens of the prompt and of the answer",
        keys: "Point at a token to see what else the model considered. Click keeps it, Esc lets go, the arrow keys move.",
        you: "You",
        answer: "Model",
    },
    panel: Panel {
        title: "Alternatives",
        empty: "What the model weighed for each token will stand here.",
        locked: "kept",
        unlock: "Let go",
        newest: "newest token",
        id: "id",
        bytes: "bytes",
        control: "control token",
        given: "Part of the prompt: it was given, not predicted.",
        summary: |token, probability, bits, kept| {
            format!(
                "“{token}” was drawn; its probability was {probability} (surprisal {bits} bits). Tokens left by the filters to draw from: {kept}."
            )
        },
        not_listed: "It is not among the ten most likely.",
        caption: "The ten most likely tokens at this place",
        token: "Token",
        probability: "Probability",
        filtered: "After filters",
        logit: "Logit",
        filtered_out: "out",
        chosen: "drawn",
        rest: "all others",
        probability_explained: "Softmax over the full vocabulary",
        filtered_explained: "After penalty, temperature and filters: what the draw really used",
    },
    status: Status {
        title: "Status",
        no_model: "No model is loaded yet.",
        loading: "Loading …",
        backend: "Backend",
        model: "Model",
        first_token: "First token",
        speed: "Speed",
        tokens_per_second: |speed| format!("{speed} tokens/s"),
        tokens: "Tokens",
        token_counts: |prompt, new| format!("{prompt} prompt + {new} new"),
        counters: "Work done",
        counters_explained: "Counted by the engine during the last run, not estimated.",
        whole_run: "Whole run, prompt included",
        per_token: "÷ new tokens",
        dispatches: "Kernel dispatches",
        submits: "Queue submissions",
        objects: "GPU objects created",
        read_back: "Read back",
        uploaded: "Written to the GPU",
        weights: "Weights held",
    },
    notice: Notice {
        failure: en_failures::failure,
        cpu_fallback: "This browser offers no WebGPU here, so the CPU does the work: the same numbers, more slowly.",
        device_restored: "The GPU was lost for a moment. It has been set up again and the run goes on.",
        catalogue: "The list of models could not be read. You can still open a GGUF file of your own.",
        setting: |field| format!("The setting {} has no usable value yet.", field.name()),
        action: en_failures::action,
        dismiss: "Dismiss",
        detail: "Cause",
        webgpu_title: "How to switch WebGPU on",
        webgpu_steps: [
            (
                "Chrome, Edge",
                "Version 113 or later on Windows, macOS and ChromeOS has it. Turn on “Use graphics acceleration when available” in Settings → System. On Linux, also enable chrome://flags/#enable-unsafe-webgpu (edge://flags in Edge).",
            ),
            (
                "Firefox",
                "Version 141 or later has it on Windows; later versions have it on Macs with Apple silicon. Elsewhere set dom.webgpu.enabled to true in about:config.",
            ),
            (
                "Safari",
                "Version 26 or later has it. Earlier: Settings → Feature Flags (in the Develop menu) → WebGPU.",
            ),
        ],
    },
};
