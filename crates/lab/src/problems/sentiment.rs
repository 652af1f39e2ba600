//! Positive or negative? Reviews put together from a thing, what it is like, and what came of it.

use super::problem::Problem;
use crate::Language;
use crate::Phrase;
use crate::rng::Random;

struct Thing {
    name: Phrase,
    good: [Phrase; 3],
    bad: [Phrase; 3],
}

const THINGS: [Thing; 6] = [
    Thing {
        name: Phrase::new("The film", "这部电影"),
        good: [
            Phrase::new("was wonderful", "非常精彩"),
            Phrase::new("moved me to tears", "感人至深"),
            Phrase::new("kept me on the edge of my seat", "让人目不转睛"),
        ],
        bad: [
            Phrase::new("was boring", "很无聊"),
            Phrase::new("made no sense at all", "完全不知所云"),
            Phrase::new("was a waste of time", "浪费时间"),
        ],
    },
    Thing {
        name: Phrase::new("The food", "这里的菜"),
        good: [
            Phrase::new("was delicious", "特别好吃"),
            Phrase::new("came fresh and hot", "又新鲜又热乎"),
            Phrase::new("was worth every penny", "物超所值"),
        ],
        bad: [
            Phrase::new("was cold and salty", "又凉又咸"),
            Phrase::new("made me ill", "吃得我肚子疼"),
            Phrase::new("tasted of nothing", "一点味道都没有"),
        ],
    },
    Thing {
        name: Phrase::new("The hotel", "这家酒店"),
        good: [
            Phrase::new("was clean and quiet", "又干净又安静"),
            Phrase::new("felt like home", "住着像在家一样舒服"),
            Phrase::new("had a lovely view", "风景很美"),
        ],
        bad: [
            Phrase::new("was dirty and loud", "又脏又吵"),
            Phrase::new("smelled of smoke", "一股烟味"),
            Phrase::new("looked nothing like the pictures", "和照片完全不一样"),
        ],
    },
    Thing {
        name: Phrase::new("The book", "这本书"),
        good: [
            Phrase::new("is a joy to read", "读起来是一种享受"),
            Phrase::new("taught me a lot", "让我学到了很多"),
            Phrase::new("is full of fresh ideas", "充满了新鲜的想法"),
        ],
        bad: [
            Phrase::new("is full of mistakes", "到处是错误"),
            Phrase::new("put me to sleep", "看得我直想睡觉"),
            Phrase::new("is far too long", "实在太啰唆"),
        ],
    },
    Thing {
        name: Phrase::new("The phone", "这部手机"),
        good: [
            Phrase::new("works perfectly", "用起来毫无毛病"),
            Phrase::new("takes beautiful pictures", "拍照很漂亮"),
            Phrase::new("lasts for days on one charge", "充一次电能用好几天"),
        ],
        bad: [
            Phrase::new("broke after two days", "两天就坏了"),
            Phrase::new("gets far too hot", "烫得拿不住"),
            Phrase::new("is terribly slow", "慢得要命"),
        ],
    },
    Thing {
        name: Phrase::new("The teacher", "这位老师"),
        good: [
            Phrase::new("explains everything clearly", "讲得清清楚楚"),
            Phrase::new("is patient and kind", "又耐心又和气"),
            Phrase::new("makes every lesson fun", "每节课都很有趣"),
        ],
        bad: [
            Phrase::new("shouts at everyone", "对谁都大喊大叫"),
            Phrase::new("is never prepared", "从来不备课"),
            Phrase::new("does not know the subject", "对所教的科目一窍不通"),
        ],
    },
];
const GOOD_ENDS: [Phrase; 5] = [
    Phrase::new("I will be back.", "下次还来。"),
    Phrase::new("I am very happy.", "我很满意。"),
    Phrase::new("I told all my friends.", "我推荐给了所有朋友。"),
    Phrase::new("Thank you!", "谢谢！"),
    Phrase::new("I could not ask for more.", "不能再好了。"),
];
const BAD_ENDS: [Phrase; 5] = [
    Phrase::new("Never again.", "再也不会有下次了。"),
    Phrase::new("I am very disappointed.", "我非常失望。"),
    Phrase::new("I want my money back.", "我要退钱。"),
    Phrase::new("Stay away!", "大家千万别上当！"),
    Phrase::new("What a pity.", "真让人遗憾。"),
];
const ASK: Phrase =
    Phrase::new("Is this review positive or negative?", "这条评论是正面的还是负面的？");
const POSITIVE: Phrase = Phrase::new("positive", "正面");
const NEGATIVE: Phrase = Phrase::new("negative", "负面");

pub(super) fn problem(random: &mut Random, language: Language) -> Problem {
    let good = random.below(2) == 0;
    let thing = random.pick(&THINGS);
    let (says, ends, answer) = if good {
        (random.pick(&thing.good), random.pick(&GOOD_ENDS), POSITIVE)
    } else {
        (random.pick(&thing.bad), random.pick(&BAD_ENDS), NEGATIVE)
    };
    let [ask, name, says, ends, answer] =
        [ASK, thing.name, *says, *ends, answer].map(|phrase| phrase.get(language));
    let prompt = match language {
        Language::En => format!("{ask} \"{name} {says}. {ends}\""),
        Language::Zh => format!("{ask}“{name}{says}。{ends}”"),
    };
    let choices = [POSITIVE, NEGATIVE].map(|choice| choice.get(language).to_owned()).to_vec();
    Problem {
        lang: language,
        prompt,
        accept: vec![answer.to_owned()],
        choices,
        ..Problem::default()
    }
}
