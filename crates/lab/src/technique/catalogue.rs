//! What each technique is called, what it does, and where it comes from.

use super::settings::Technique;
use crate::Phrase;

/// A technique, for readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// As in files.
    pub id: &'static str,
    /// Its name.
    pub name: Phrase,
    /// What it does, in a sentence.
    pub what: Phrase,
    /// Where it comes from, in a sentence.
    pub origin: Phrase,
    /// Papers, as arXiv numbers or titles; empty if there is none.
    pub papers: &'static [&'static str],
}

/// All techniques in the order in which the page offers them.
pub static CATALOGUE: [Info; 16] = [
    Info {
        id: "plain",
        name: Phrase::new("Plain", "直接提问"),
        what: Phrase::new("The question and nothing else.", "只有问题，什么都不加。"),
        origin: Phrase::new("What everything else is compared with.", "其他方法都拿它来比较。"),
        papers: &[],
    },
    Info {
        id: "complete_sentence",
        name: Phrase::new("Complete the sentence", "补充句子"),
        what: Phrase::new(
            "Says what to do with an unfinished sentence.",
            "告诉模型要把没说完的句子补充完整。",
        ),
        origin: Phrase::new(
            "A language model continues texts; that a task can be described in the text itself was shown with GPT-2 in 2019.",
            "语言模型做的就是续写；2019年的GPT-2表明，任务本身也可以写进文本里。",
        ),
        papers: &["Radford et al. 2019, Language models are unsupervised multitask learners"],
    },
    Info {
        id: "zero_shot",
        name: Phrase::new("Zero-shot", "零样本"),
        what: Phrase::new("An instruction, but no example.", "只给指令，不给例子。"),
        origin: Phrase::new(
            "So named in the GPT-3 paper of 2020, beside one-shot and few-shot.",
            "这个说法来自2020年的GPT-3论文，与单样本、少样本并列。",
        ),
        papers: &["arXiv 2005.14165"],
    },
    Info {
        id: "few_shot",
        name: Phrase::new("Few-shot", "少样本"),
        what: Phrase::new(
            "Some answered questions before the real one.",
            "在真正的问题之前放几个答好的问题。",
        ),
        origin: Phrase::new(
            "In-context learning, found with GPT-3 in 2020: the model follows the examples, and its weights stay as they are.",
            "即上下文学习，2020年在GPT-3上发现：模型照着例子回答，权重却一点没变。",
        ),
        papers: &["arXiv 2005.14165"],
    },
    Info {
        id: "zero_shot_cot",
        name: Phrase::new("Let's think step by step", "让我们一步一步地想"),
        what: Phrase::new(
            "Asks for the steps first; a second prompt then reads out the answer.",
            "先让模型写出步骤，再用第二个提示取出答案。",
        ),
        origin: Phrase::new(
            "Kojima and others found in 2022 that this one sentence makes large models reason.",
            "Kojima等人2022年发现，仅仅这一句话就能让大模型推理。",
        ),
        papers: &["arXiv 2205.11916"],
    },
    Info {
        id: "few_shot_cot",
        name: Phrase::new("Few-shot with worked steps", "带步骤的少样本"),
        what: Phrase::new(
            "Examples that show the way to the answer too.",
            "例子里不仅有答案，还有得出答案的过程。",
        ),
        origin: Phrase::new(
            "Chain of thought, Wei and others 2022; in their figures small models gained nothing from it.",
            "即思维链，Wei等人2022年提出；在他们的结果里，小模型并没有从中受益。",
        ),
        papers: &["arXiv 2201.11903"],
    },
    Info {
        id: "explain",
        name: Phrase::new("Explain your answer", "解释答案"),
        what: Phrase::new("Asks for a reason with the answer.", "要求模型同时说明理由。"),
        origin: Phrase::new(
            "Chiang and Lee found in 2023 that models which rate texts agree better with people when they have to explain.",
            "Chiang和李宏毅2023年发现，让模型评分时要求它解释，结果会更接近人的判断。",
        ),
        papers: &["arXiv 2310.05657"],
    },
    Info {
        id: "emotional",
        name: Phrase::new("Emotional appeal", "情感激励"),
        what: Phrase::new(
            "Adds: \"This is very important to me.\"",
            "加上一句：“这对我非常重要。”",
        ),
        origin: Phrase::new(
            "EmotionPrompt, Li and others 2023, who reported gains; measure whether you see them.",
            "即EmotionPrompt，Li等人2023年报告说有提升；请测一测你能不能看到。",
        ),
        papers: &["arXiv 2307.11760"],
    },
    Info {
        id: "role",
        name: Phrase::new("Role", "扮演角色"),
        what: Phrase::new("Tells the model who it is.", "告诉模型它是谁。"),
        origin: Phrase::new(
            "Kong and others reported gains in 2023; Zheng and others tried 162 roles in the same year and found none on average.",
            "Kong等人2023年报告说有提升；同年Zheng等人试了162种角色，平均下来没有提升。",
        ),
        papers: &["arXiv 2308.07702", "arXiv 2311.10054"],
    },
    Info {
        id: "sub_questions",
        name: Phrase::new("Smaller questions first", "拆解问题"),
        what: Phrase::new(
            "The model splits the question, answers the parts, and then the whole.",
            "模型先把问题拆开，逐个回答，最后再回答整个问题。",
        ),
        origin: Phrase::new(
            "Least-to-most prompting, Zhou and others 2022.",
            "即由少到多提示法，Zhou等人2022年提出。",
        ),
        papers: &["arXiv 2205.10625"],
    },
    Info {
        id: "self_check",
        name: Phrase::new("Check and revise", "检查并修改"),
        what: Phrase::new(
            "The model checks its answer and answers again.",
            "模型检查自己的答案，然后重新回答。",
        ),
        origin: Phrase::new(
            "Self-Refine, Madaan and others 2023; Huang and others showed in the same year that without help from outside answers often get worse.",
            "即Self-Refine，Madaan等人2023年提出；同年Huang等人指出，没有外部帮助时答案常常越改越差。",
        ),
        papers: &["arXiv 2303.17651", "arXiv 2310.01798"],
    },
    Info {
        id: "self_consistency",
        name: Phrase::new("Self-consistency", "自洽投票"),
        what: Phrase::new(
            "Several answers at a temperature; the most frequent wins.",
            "在一定温度下回答多次，出现最多的答案获胜。",
        ),
        origin: Phrase::new(
            "Wang and others 2022: many ways lead to the right answer, and wrong ones rarely agree.",
            "Wang等人2022年提出：通往正确答案的路有很多条，而错误答案很少相同。",
        ),
        papers: &["arXiv 2203.11171"],
    },
    Info {
        id: "program",
        name: Phrase::new("Program of thought", "程序思维"),
        what: Phrase::new(
            "The model writes a small program, a calculator runs it.",
            "模型写一个小程序，由计算器来运行。",
        ),
        origin: Phrase::new(
            "Chen and others, and Gao and others (PAL), 2022: let the model think and the machine calculate.",
            "Chen等人以及Gao等人（PAL）2022年提出：思考交给模型，计算交给机器。",
        ),
        papers: &["arXiv 2211.12588", "arXiv 2211.10435"],
    },
    Info {
        id: "tree",
        name: Phrase::new("Tree of thoughts", "思维树"),
        what: Phrase::new(
            "Several next steps are proposed and scored, and the best are followed.",
            "提出几个下一步并打分，只沿着最好的走下去。",
        ),
        origin: Phrase::new(
            "Yao and others 2023, for problems in which one has to look ahead.",
            "Yao等人2023年提出，用于需要往前多看几步的问题。",
        ),
        papers: &["arXiv 2305.10601"],
    },
    Info {
        id: "discussion",
        name: Phrase::new("Discussion with a judge", "讨论与裁判"),
        what: Phrase::new(
            "Several stages answer and read one another's answers; a judge decides.",
            "几个阶段的模型各自回答、互看答案，最后由裁判决定。",
        ),
        origin: Phrase::new(
            "Multi-agent debate, Du and others 2023.",
            "即多模型辩论，Du等人2023年提出。",
        ),
        papers: &["arXiv 2305.14325"],
    },
    Info {
        id: "custom",
        name: Phrase::new("Your own prompt", "自己的提示"),
        what: Phrase::new("The parts as you put them together.", "由你自己拼起来的各个部分。"),
        origin: Phrase::new("Yours.", "来自你自己。"),
        papers: &[],
    },
];

impl Technique {
    /// What readers are told about it.
    pub fn info(&self) -> &'static Info {
        let id = self.id();
        CATALOGUE.iter().find(|info| info.id == id).unwrap_or(&CATALOGUE[0])
    }
}
