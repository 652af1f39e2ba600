//! Who has what.

use crate::Language;
use crate::rng::Random;

const NAMES_EN: [&str; 24] = [
    "Mia", "Tom", "Anna", "Ben", "Lucy", "Sam", "Lily", "Jack", "Emma", "Leo", "Nina", "Paul",
    "Omar", "Yuki", "Sara", "Ivan", "Maria", "Ali", "Grace", "Luis", "Priya", "Noah", "Zoe",
    "Hassan",
];
const NAMES_ZH: [&str; 20] = [
    "小明", "小红", "小华", "小丽", "小刚", "小芳", "小军", "小美", "乐乐", "天天", "丁丁", "朵朵",
    "豆豆", "圆圆", "东东", "晓雨", "子涵", "佳佳", "阳阳", "文文",
];
const THINGS_EN: [&str; 18] = [
    "apples", "books", "pens", "eggs", "balls", "stamps", "coins", "sweets", "shells", "cards",
    "stones", "flowers", "cakes", "pears", "toys", "lemons", "buttons", "marbles",
];
/// Measure word and noun.
const THINGS_ZH: [(&str, &str); 18] = [
    ("个", "苹果"),
    ("本", "书"),
    ("支", "铅笔"),
    ("个", "鸡蛋"),
    ("个", "球"),
    ("张", "邮票"),
    ("枚", "硬币"),
    ("颗", "糖"),
    ("个", "贝壳"),
    ("张", "卡片"),
    ("块", "石头"),
    ("朵", "花"),
    ("块", "蛋糕"),
    ("个", "梨"),
    ("个", "玩具"),
    ("个", "柠檬"),
    ("颗", "纽扣"),
    ("颗", "弹珠"),
];

/// Two people and a thing.
pub(super) struct Cast {
    pub(super) first: &'static str,
    pub(super) second: &'static str,
    /// The measure word in Chinese; empty in English.
    pub(super) measure: &'static str,
    pub(super) thing: &'static str,
}

impl Cast {
    pub(super) fn draw(random: &mut Random, language: Language) -> Self {
        match language {
            Language::En => {
                let (&first, &second) = random.pick_two(&NAMES_EN);
                Self { first, second, measure: "", thing: *random.pick::<&str, _>(&THINGS_EN) }
            }
            Language::Zh => {
                let (&first, &second) = random.pick_two(&NAMES_ZH);
                let &(measure, thing) = random.pick(&THINGS_ZH);
                Self { first, second, measure, thing }
            }
        }
    }
}
