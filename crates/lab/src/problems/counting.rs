//! Counting: letters in a word, things of one kind in a list. Tokens hide both from a model.

use super::problem::Problem;
use crate::Language;
use crate::Phrase;
use crate::rng::Random;

const WORDS_EN: [&str; 30] = [
    "banana",
    "strawberry",
    "cheese",
    "letter",
    "balloon",
    "butterfly",
    "elephant",
    "mississippi",
    "bookkeeper",
    "committee",
    "tomorrow",
    "pepper",
    "coffee",
    "puzzle",
    "kangaroo",
    "parallel",
    "umbrella",
    "necessary",
    "address",
    "sausage",
    "pineapple",
    "dragonfly",
    "raccoon",
    "tennis",
    "giraffe",
    "bubble",
    "television",
    "chocolate",
    "watermelon",
    "grasshopper",
];
const WORDS_ZH: [&str; 20] = [
    "好好学习，天天向上",
    "一步一个脚印",
    "人山人海",
    "千山万水",
    "一心一意",
    "三三两两",
    "高高兴兴上学去",
    "来来往往的人",
    "知之为知之，不知为不知",
    "一年之计在于春，一日之计在于晨",
    "花开花落，云卷云舒",
    "说说笑笑，打打闹闹",
    "学而不思则罔，思而不学则殆",
    "人不知而不愠",
    "有一说一，有二说二",
    "大事化小，小事化了",
    "种瓜得瓜，种豆得豆",
    "吃一堑，长一智",
    "兵来将挡，水来土掩",
    "十年树木，百年树人",
];

const ANIMALS: [Phrase; 10] = [
    Phrase::new("dog", "狗"),
    Phrase::new("cat", "猫"),
    Phrase::new("horse", "马"),
    Phrase::new("duck", "鸭子"),
    Phrase::new("lion", "狮子"),
    Phrase::new("rabbit", "兔子"),
    Phrase::new("frog", "青蛙"),
    Phrase::new("whale", "鲸鱼"),
    Phrase::new("sheep", "绵羊"),
    Phrase::new("tiger", "老虎"),
];
const FRUIT: [Phrase; 10] = [
    Phrase::new("apple", "苹果"),
    Phrase::new("pear", "梨"),
    Phrase::new("banana", "香蕉"),
    Phrase::new("grape", "葡萄"),
    Phrase::new("peach", "桃子"),
    Phrase::new("lemon", "柠檬"),
    Phrase::new("cherry", "樱桃"),
    Phrase::new("mango", "芒果"),
    Phrase::new("orange", "橙子"),
    Phrase::new("melon", "哈密瓜"),
];
const FURNITURE: [Phrase; 10] = [
    Phrase::new("table", "桌子"),
    Phrase::new("chair", "椅子"),
    Phrase::new("bed", "床"),
    Phrase::new("lamp", "台灯"),
    Phrase::new("sofa", "沙发"),
    Phrase::new("shelf", "书架"),
    Phrase::new("desk", "书桌"),
    Phrase::new("cupboard", "柜子"),
    Phrase::new("mirror", "镜子"),
    Phrase::new("stool", "凳子"),
];
const GROUPS: [(Phrase, &[Phrase; 10]); 3] = [
    (Phrase::new("animals", "动物"), &ANIMALS),
    (Phrase::new("fruit", "水果"), &FRUIT),
    (Phrase::new("furniture", "家具"), &FURNITURE),
];

pub(super) fn problem(random: &mut Random, language: Language) -> Problem {
    if random.below(2) == 0 { letters(random, language) } else { things(random, language) }
}

fn letters(random: &mut Random, language: Language) -> Problem {
    let word = match language {
        Language::En => *random.pick(&WORDS_EN),
        Language::Zh => *random.pick(&WORDS_ZH),
    };
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let letter = letters[random.below(letters.len() as u64) as usize];
    let count = letters.iter().filter(|&&c| c == letter).count();
    let spelled: Vec<String> = letters.iter().map(char::to_string).collect();
    let (prompt, steps) = match language {
        Language::En => (
            format!("How many times does the letter \"{letter}\" occur in the word \"{word}\"?"),
            format!("The letters are {}.", spelled.join(", ")),
        ),
        Language::Zh => {
            (format!("“{word}”里有几个“{letter}”字？"), format!("这些字是{}。", spelled.join("、")))
        }
    };
    number(prompt, steps, count, language)
}

fn things(random: &mut Random, language: Language) -> Problem {
    let (wanted, other) = random.pick_two(&GROUPS);
    let (count, others) = (random.range(1, 6) as usize, random.range(1, 4) as usize);
    let mut take = |group: &(Phrase, &[Phrase; 10]), count: usize| -> Vec<&'static str> {
        let mut words = group.1.map(|word| word.get(language));
        random.shuffle(&mut words);
        words.into_iter().take(count).collect()
    };
    let found = take(wanted, count);
    let mut list = take(other, others);
    list.extend(&found);
    random.shuffle(&mut list);
    let kind = wanted.0.get(language);
    let (prompt, steps) = match language {
        Language::En => (
            format!("How many of these are {kind}: {}?", list.join(", ")),
            format!("The {kind}: {}.", found.join(", ")),
        ),
        Language::Zh => (
            format!("下面有几个是{kind}：{}？", list.join("、")),
            format!("{kind}有：{}。", found.join("、")),
        ),
    };
    number(prompt, steps, count, language)
}

fn number(prompt: String, steps: String, count: usize, language: Language) -> Problem {
    Problem { lang: language, prompt, accept: vec![count.to_string()], steps, ..Problem::default() }
}
