//! What techniques say to a model. A changed phrase is another technique: they are part of what was measured.

use crate::Phrase;

pub(super) const COMPLETE: Phrase = Phrase::new("Complete the sentence:", "把句子补充完整：");
pub(super) const ANSWER: Phrase = Phrase::new("Answer the question.", "请回答问题。");

/// Kojima et al. 2022.
pub(super) const STEP_BY_STEP: Phrase =
    Phrase::new("Let's think step by step.", "让我们一步一步地想。");
/// The extraction prompts of Kojima et al. 2022, for numbers and for anything else.
pub(super) const THEREFORE_NUMBER: Phrase =
    Phrase::new("Therefore, the answer (arabic numerals) is", "因此，答案（阿拉伯数字）是");
pub(super) const THEREFORE: Phrase = Phrase::new("Therefore, the answer is", "因此，答案是");

pub(super) const EXPLAIN: Phrase = Phrase::new("Explain your answer.", "请解释你的答案。");
/// After EmotionPrompt (Li et al. 2023), whose phrases say "to my career".
pub(super) const EMOTION: Phrase = Phrase::new("This is very important to me.", "这对我非常重要。");
pub(super) const ROLE: Phrase = Phrase::new(
    "You are an excellent teacher who gets every question right.",
    "你是一位优秀的老师，每道题都能答对。",
);

pub(super) const SPLIT: Phrase = Phrase::new(
    "Split the question into smaller questions that lead to its answer. Write one on each line.",
    "请把这个问题拆成几个能一步步得出答案的小问题，每行写一个。",
);

pub(super) const CHECK: Phrase =
    Phrase::new("Check this answer. Is there a mistake in it?", "请检查这个答案，里面有错误吗？");
pub(super) const REVISE: Phrase = Phrase::new(
    "Now answer the question again, without mistakes.",
    "现在请重新回答这个问题，不要出错。",
);

pub(super) const PROGRAM: Phrase = Phrase::new(
    "Write a program that calculates the answer, one sum on each line. Call the result answer.",
    "请写一个计算答案的程序，每行一个算式，把结果命名为 answer。",
);
pub(super) const RESULT: Phrase = Phrase::new("The program gives", "程序的结果是");
pub(super) const ANSWER_IS: Phrase = Phrase::new("The answer is", "答案是");

pub(super) const SCORE: Phrase = Phrase::new(
    "Here are a question and the first steps towards its answer. Are they right, and do they lead to the answer? Give a score from 1 to 10.",
    "下面是一个问题和解答的前几步。这几步对吗？能得出答案吗？请打1到10分。",
);
pub(super) const QUESTION: Phrase = Phrase::new("Question:", "问题：");
pub(super) const STEPS: Phrase = Phrase::new("Steps:", "步骤：");
pub(super) const SCORE_IS: Phrase = Phrase::new("Score:", "分数：");

/// After Du et al. 2023.
pub(super) const OTHERS: Phrase = Phrase::new(
    "Others have answered this question as follows. Use their answers as advice, and then answer yourself.",
    "其他人是这样回答这个问题的。请参考他们的回答，然后给出你自己的答案。",
);
pub(super) const JUDGE: Phrase = Phrase::new(
    "Several answers to one question follow. Decide which is right, and say the answer.",
    "下面是对同一个问题的几个回答。请判断哪个是对的，并说出答案。",
);
pub(super) const ANSWER_OF: Phrase = Phrase::new("Answer", "回答");
