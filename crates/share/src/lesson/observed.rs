//! What a run came out with, as plain data. The page fills it from the reader's own run, a test from a run of the
//! shipped models. What was not computed is left empty, and nothing is concluded from it.

/// Everything that questions and claims may be about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// The columns of the scene, in order.
    pub columns: Vec<ObservedColumn>,
    /// Texts of the answers drawn from the view's column.
    pub samples: Vec<String>,
    /// Traced attention heads.
    pub heads: Vec<ObservedHead>,
    /// Cosines between embedding rows.
    pub similarities: Vec<Similarity>,
    /// The logit lens at the last prompt token of the view's column: one entry per layer, the last is the output.
    pub lens: Vec<LensLayer>,
    /// Total variation distance between the next-token distributions with and without the scene's switches and
    /// patch, after the prompt of the view's column: 0 to 1.
    pub moved: Option<f64>,
    /// How much each prompt token of the view's column matters: how far the log probability of the answer's first
    /// token falls, in bits, when the token is taken out.
    pub influence: Vec<f64>,
    /// Results of the scene's experiment, in the order of the planned techniques.
    pub results: Vec<LabResult>,
}

/// A column's run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObservedColumn {
    /// The prompt's tokens as they went in.
    pub prompt: Vec<ObservedToken>,
    /// The answer's tokens. The token that ended it is not among them.
    pub answer: Vec<ObservedToken>,
    /// The model ended the answer itself.
    pub ended: bool,
    /// No more tokens will come.
    pub finished: bool,
    /// What the reward model gives the answer.
    pub reward: Option<f64>,
    /// Of the text that is scored, by this column's stage.
    pub bits_per_character: Option<f64>,
    /// Mean KL divergence of this column's stage from the next one's, in bits, over the text that is scored.
    pub kl: Option<f64>,
}

/// A token; of a prompt's token, only id and text are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObservedToken {
    /// Its id.
    pub id: u32,
    /// Its text.
    pub text: String,
    /// Natural log of its probability: softmax of the raw logits over the full vocabulary.
    pub logprob: Option<f64>,
    /// Entropy of the distribution it came from, in nats, over the full vocabulary.
    pub entropy: Option<f64>,
    /// The most likely tokens at its place, best first.
    pub alternatives: Vec<Choice>,
}

/// One of the most likely tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Its text.
    pub text: String,
    /// Softmax of the raw logits over the full vocabulary.
    pub probability: f64,
}

/// Attention weights of a head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObservedHead {
    /// The column.
    pub column: u32,
    /// The layer.
    pub layer: u32,
    /// The head.
    pub head: u32,
    /// A row per query: the weights of keys 0 up to the query itself. Masked keys are not in it.
    pub rows: Vec<Vec<f32>>,
}

/// How alike two words are to the model: the cosine of their embedding rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Similarity {
    /// A text that is one token.
    pub a: String,
    /// Another.
    pub b: String,
    /// From -1 to 1.
    pub cosine: f64,
}

/// What a layer would say if it were the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LensLayer {
    /// The token ranked first.
    pub top: String,
    /// Its probability.
    pub probability: f64,
}

/// How often a technique was right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabResult {
    /// Right answers.
    pub right: u32,
    /// Problems.
    pub count: u32,
}

impl ObservedColumn {
    /// The answer as text.
    pub fn text(&self) -> String {
        self.answer.iter().map(|token| token.text.as_str()).collect()
    }
}
