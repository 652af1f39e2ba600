//! What a manifest says in words about files that it did not know before; the words can then be changed there.

use formats::manifest::{Localized, Stage, StageId};

/// Data sets by folder and name.
const DATA: [(&str, &str, &str); 34] = [
    ("data/sft", "Questions and answers for fine-tuning", "微调用的问答"),
    ("data/preferences", "Answers ranked by the rubric", "按评分准则排序的回答"),
    (
        "data/hand_ranked",
        "Answers ranked one by one, to compare the rubric with",
        "逐条排序的回答，用来与评分准则对照",
    ),
    ("data/preference_pairs", "Pairs of a better and a worse answer", "较好与较差的回答对"),
    ("data/dev_questions", "Questions for decisions along the way", "开发过程中使用的问题"),
    (
        "data/dev_word_problems",
        "Word problems for decisions along the way",
        "开发过程中使用的应用题",
    ),
    ("data/qa", "Facts in sentences, with their questions", "用句子表述的事实及其问题"),
    ("data/templates", "Ways to put facts into words", "表述事实的各种说法"),
    ("data/assistant", "What an assistant is taught beside facts", "除事实以外教给助手的内容"),
    ("data/problems", "Frames of word problems", "应用题的框架"),
    ("data/stories", "Little stories", "小故事"),
    ("data/rewrite", "Sentences and how to rewrite them", "句子及其改写"),
    ("data/words", "Words to fill in", "用来填充的词语"),
    ("data/names", "Names to fill in", "用来填充的人名"),
    ("data/facts/animal", "Facts: animals", "事实：动物"),
    ("data/facts/body", "Facts: the body", "事实：身体"),
    ("data/facts/calendar", "Facts: the calendar", "事实：日历"),
    ("data/facts/country", "Facts: countries", "事实：国家"),
    ("data/facts/element", "Facts: chemical elements", "事实：化学元素"),
    ("data/facts/festival", "Facts: festivals", "事实：节日"),
    ("data/facts/food", "Facts: food", "事实：食物"),
    ("data/facts/fruit", "Facts: fruit", "事实：水果"),
    ("data/facts/job", "Facts: jobs", "事实：职业"),
    ("data/facts/opposite", "Facts: opposites", "事实：反义词"),
    ("data/facts/organ", "Facts: organs", "事实：器官"),
    ("data/facts/person", "Facts: invented people", "事实：虚构的人物"),
    ("data/facts/planet", "Facts: planets", "事实：行星"),
    ("data/facts/thing", "Facts: things", "事实：物品"),
    ("data/facts/tool", "Facts: tools", "事实：工具"),
    ("data/facts/vegetable", "Facts: vegetables", "事实：蔬菜"),
    ("data/facts/work", "Facts: works and who made them", "事实：作品与作者"),
    ("eval/questions", "Held-out questions", "留出的测试问题"),
    ("eval/word_problems", "Held-out word problems", "留出的应用题"),
    ("eval/reversal", "Facts asked forwards and backwards", "正着问与反着问的事实"),
];

/// A stage with these words, still without an adapter.
pub(super) fn stage(id: StageId) -> Stage {
    let (name, summary) = match id {
        StageId::Base => (
            ("Base", "基础模型"),
            (
                "Only pretrained: it continues documents, and follows a question with whatever usually follows one.",
                "只做过预训练：它会续写文档；看到问题，就接着写文档里问题之后常见的内容。",
            ),
        ),
        StageId::Sft => (
            ("Fine-tuned (SFT)", "微调（SFT）"),
            (
                "Fine-tuned on questions with their answers: it answers, and ends by itself.",
                "在成对的问答上微调过：它会回答问题，并自行结束。",
            ),
        ),
        StageId::Rlhf => (
            ("RLHF", "RLHF"),
            (
                "The fine-tuned model, trained on by reinforcement learning: a reward model, which learnt from ranked answers, judges what it writes.",
                "在微调模型的基础上继续做强化学习：奖励模型从排序的回答中学会了打分，由它评判模型写出的内容。",
            ),
        ),
    };
    let chat = id != StageId::Base;
    Stage { id, name: localized(name), summary: localized(summary), chat, adapter: None }
}

/// The name of a data set, by its path below the model's folder; the file's name if it is none of those known.
pub(super) fn data(path: &str) -> Localized {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let file = path.rsplit('/').next().unwrap_or(path);
    match DATA.iter().find(|(known, ..)| *known == stem) {
        Some(&(_, en, zh)) => localized((en, zh)),
        None => localized((file, file)),
    }
}

/// The name of a checkpoint called `NAME-NUMBER`; its id if it is called otherwise.
pub(super) fn checkpoint(id: &str, is_base: bool) -> Localized {
    let number = id.rsplit_once('-').and_then(|(_, number)| number.parse::<u32>().ok());
    let (en, zh) = match (number, is_base) {
        (Some(percent), true) => {
            (format!("After {percent} % of pretraining"), format!("预训练完成 {percent}% 时"))
        }
        (Some(step), false) => {
            (format!("Trained too long: step {step}"), format!("训练过度：第 {step} 步"))
        }
        (None, _) => (id.to_owned(), id.to_owned()),
    };
    Localized { en, zh }
}

fn localized((en, zh): (&str, &str)) -> Localized {
    Localized { en: en.to_owned(), zh: zh.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_or_made() {
        assert_eq!(data("data/sft.jsonl").zh, "微调用的问答");
        assert_eq!(data("data/other.v2.jsonl").en, "other.v2.jsonl");
        assert_eq!(checkpoint("pretrain-10", true).en, "After 10 % of pretraining");
        assert_eq!(checkpoint("overtrained-480", false).zh, "训练过度：第 480 步");
        assert_eq!(checkpoint("odd", false).en, "odd");
        for id in StageId::ALL {
            let stage = stage(id);
            assert!(stage.chat != (id == StageId::Base) && !stage.summary.zh.is_empty());
        }
    }
}
