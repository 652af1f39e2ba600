use crate::load::{find, load, prefill};
use crate::options::{Backend, Options};
use crate::trio::{Trio, load_folder};
use anyhow::{Context, Result, bail};
use engine::{DecodeRow, EngineOptions};
use formats::manifest::StageId;
use std::io::Write;
use std::time::Instant;
use text::Message;

/// Continues a prompt, or answers it.
pub(crate) async fn run(options: &Options) -> Result<bool> {
    let name = match (&options.trio, &options.names[..]) {
        (Some(id), []) => id,
        (None, [name]) => name,
        _ => bail!("generate takes one model, or --trio ID"),
    };
    let prompt = options.prompt.as_ref().context("generate needs --prompt")?;
    let engine_options = EngineOptions { context: options.context, ..EngineOptions::default() };
    let backend = options.backend.unwrap_or(Backend::Cpu);
    let found = find(name, options)?;
    let mut loaded = load(&found, backend, engine_options).await?;
    let (mut adapter, mut chat) = (0, options.chat);
    if options.trio.is_some() {
        let manifest = found.manifest.as_ref().context("the catalogue has no such model")?;
        let trio = Trio::load(&mut loaded, manifest)?;
        let stage = trio.stage(options.stage.unwrap_or(StageId::Sft))?;
        (adapter, chat) = (stage.adapter, chat || stage.chat);
    } else if let Some(folder) = &options.adapter {
        load_folder(&mut loaded, folder)?;
        adapter = 1;
    }
    let (engine, tokenizer) = (&mut loaded.engine, &loaded.tokenizer);

    let text = match chat {
        true => {
            let message = Message { role: "user".into(), content: prompt.clone() };
            tokenizer.render_chat(&[message], true)?
        }
        false => prompt.clone(),
    };
    let tokens = tokenizer.encode_prompt(&text);
    let Some((&last, before)) = tokens.split_last() else { bail!("the prompt has no token") };
    let start = Instant::now();
    prefill(engine, 0, adapter, before, usize::MAX).await?;
    let mut decode = engine.start(&[DecodeRow {
        sequence: 0,
        adapter,
        token: last,
        sampler: options.sampler,
    }])?;
    let mut stream = tokenizer.stream();
    let mut first_token = None;
    let mut count = 0u32;
    while count < options.max_tokens && engine.length(0) < engine.context() {
        let report = engine.step(&mut decode).await?.remove(0);
        first_token.get_or_insert_with(|| start.elapsed());
        count += 1;
        if tokenizer.is_stop(report.token) {
            break;
        }
        print!("{}", stream.push(tokenizer, report.token));
        std::io::stdout().flush()?;
        if options.top {
            for a in &report.alternatives {
                let text = tokenizer.decode(&[a.id]);
                println!(
                    "\n  {:>7.3} %  {:>7.3} %  {:>8.3}  {text:?}",
                    100.0 * a.probability,
                    100.0 * a.filtered,
                    a.logit
                );
            }
        }
    }
    engine.finish(decode);
    println!("{}", stream.finish());
    let first = first_token.unwrap_or_default();
    let rest = (start.elapsed() - first).as_secs_f64();
    eprintln!(
        "{} · {} tokens in, {count} out · first token after {:.0} ms · {:.1} tokens/s",
        engine.adapter_name(),
        tokens.len(),
        first.as_secs_f64() * 1e3,
        f64::from(count.saturating_sub(1)) / rest.max(1e-9),
    );
    Ok(true)
}
