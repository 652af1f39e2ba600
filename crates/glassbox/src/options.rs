use anyhow::{Context, Result, bail};
use engine::SamplerSettings;
use formats::manifest::StageId;
use std::path::PathBuf;

/// What was typed.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) command: String,
    /// Models or files.
    pub(crate) names: Vec<String>,
    pub(crate) backend: Option<Backend>,
    pub(crate) weights: PathBuf,
    pub(crate) context: u32,
    pub(crate) prompt: Option<String>,
    pub(crate) chat: bool,
    pub(crate) compare: bool,
    pub(crate) batch: bool,
    /// Where the log of an experiment goes.
    pub(crate) out: Option<PathBuf>,
    /// The model that an experiment is run on, in place of its own.
    pub(crate) model: Option<String>,
    /// Problems in each language.
    pub(crate) problems: Option<usize>,
    pub(crate) adapter: Option<PathBuf>,
    pub(crate) trio: Option<String>,
    pub(crate) stage: Option<StageId>,
    pub(crate) questions: Option<PathBuf>,
    pub(crate) top: bool,
    pub(crate) json: bool,
    pub(crate) max_tokens: u32,
    pub(crate) tokens: u32,
    pub(crate) chunks: Vec<Chunk>,
    /// Most greedy tokens compared per case.
    pub(crate) greedy: usize,
    pub(crate) sampler: SamplerSettings,
}

/// Where to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    Cpu,
    Gpu,
}

impl Backend {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }
}

/// How a prompt is cut for prefill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// In one piece, with every position, layer and head compared.
    Whole,
    /// In pieces of so many tokens; the end is compared.
    Tokens(usize),
}

impl Options {
    pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Self> {
        use lexopt::Arg::{Long, Short, Value};
        let mut options = Self {
            command: String::new(),
            names: Vec::new(),
            backend: None,
            weights: PathBuf::from("models"),
            context: 2048,
            prompt: None,
            chat: false,
            compare: false,
            batch: false,
            out: None,
            model: None,
            problems: None,
            adapter: None,
            trio: None,
            stage: None,
            questions: None,
            top: false,
            json: false,
            max_tokens: 64,
            tokens: 16,
            chunks: vec![Chunk::Whole],
            greedy: usize::MAX,
            sampler: SamplerSettings::greedy(),
        };
        while let Some(argument) = parser.next()? {
            let flag = match argument {
                Value(value) if options.command.is_empty() => {
                    options.command = text(value)?;
                    continue;
                }
                Value(value) => {
                    options.names.push(text(value)?);
                    continue;
                }
                Short('h') => "help".to_owned(),
                Short(other) => bail!("there is no option -{other}"),
                Long(flag) => flag.to_owned(),
            };
            let mut value = || -> Result<String> { text(parser.value()?) };
            match flag.as_str() {
                "help" => options.command = "help".into(),
                "chat" => options.chat = true,
                "compare" => options.compare = true,
                "batch" => options.batch = true,
                "top" => options.top = true,
                "json" => options.json = true,
                "backend" => options.backend = Some(backend(&value()?)?),
                "weights" => options.weights = value()?.into(),
                "prompt" => options.prompt = Some(value()?),
                "adapter" => options.adapter = Some(value()?.into()),
                "trio" => options.trio = Some(value()?),
                "stage" => options.stage = Some(value()?.parse()?),
                "questions" => options.questions = Some(value()?.into()),
                "out" => options.out = Some(value()?.into()),
                "model" => options.model = Some(value()?),
                "problems" => options.problems = Some(number(&flag, &value()?)?),
                "context" => options.context = number(&flag, &value()?)?,
                "max-tokens" => options.max_tokens = number(&flag, &value()?)?,
                "tokens" => options.tokens = number(&flag, &value()?)?,
                "greedy" => options.greedy = number(&flag, &value()?)?,
                "temperature" => options.sampler.temperature = number(&flag, &value()?)?,
                "top-k" => options.sampler.top_k = number(&flag, &value()?)?,
                "top-p" => options.sampler.top_p = number(&flag, &value()?)?,
                "min-p" => options.sampler.min_p = number(&flag, &value()?)?,
                "repeat-penalty" => options.sampler.repeat_penalty = number(&flag, &value()?)?,
                "seed" => options.sampler.seed = number(&flag, &value()?)?,
                "chunks" => {
                    options.chunks = value()?.split(',').map(chunk).collect::<Result<_>>()?;
                }
                other => bail!("there is no option --{other}; try glassbox help"),
            }
        }
        if options.command.is_empty() {
            options.command = "help".into();
        }
        Ok(options)
    }
}

fn text(value: std::ffi::OsString) -> Result<String> {
    value.into_string().map_err(|value| anyhow::anyhow!("{} is not UTF-8", value.display()))
}

fn number<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    flag: &str,
    value: &str,
) -> Result<T> {
    value.parse().with_context(|| format!("--{flag} {value}"))
}

fn backend(value: &str) -> Result<Backend> {
    match value {
        "cpu" => Ok(Backend::Cpu),
        "gpu" => Ok(Backend::Gpu),
        other => bail!("--backend is cpu or gpu, not {other}"),
    }
}

fn chunk(value: &str) -> Result<Chunk> {
    match value {
        "whole" => Ok(Chunk::Whole),
        number_of_tokens => match number("chunks", number_of_tokens)? {
            0 => bail!("--chunks: a chunk has at least one token"),
            tokens => Ok(Chunk::Tokens(tokens)),
        },
    }
}
