//! Single words between English and Chinese: asked in one language for the other. The first word of each side is the
//! one that is asked; all count as answers.

use super::problem::Problem;
use super::word_list::{WordList, alternatives};
use crate::Language;

type Entry = (&'static str, &'static str);

pub(super) static LIST: WordList<Entry> = WordList { entries: &ENTRIES, wordings: 3, ask };

static ENTRIES: [Entry; 60] = [
    ("cat", "猫"),
    ("dog", "狗"),
    ("bird", "鸟"),
    ("fish", "鱼"),
    ("horse", "马"),
    ("cow", "牛|奶牛|母牛"),
    ("sheep", "羊|绵羊"),
    ("pig", "猪"),
    ("rabbit", "兔子|兔"),
    ("tiger", "老虎|虎"),
    ("elephant", "大象|象"),
    ("bee", "蜜蜂|蜂"),
    ("apple", "苹果"),
    ("banana", "香蕉"),
    ("grape", "葡萄"),
    ("tea", "茶"),
    ("rice", "米饭|大米|米|稻米"),
    ("bread", "面包"),
    ("milk", "牛奶|奶"),
    ("egg", "鸡蛋|蛋"),
    ("salt", "盐"),
    ("sugar", "糖"),
    ("water", "水"),
    ("fire", "火"),
    ("sun", "太阳"),
    ("moon", "月亮|月球"),
    ("star", "星星|星"),
    ("rain", "雨|下雨"),
    ("snow", "雪|下雪"),
    ("wind", "风"),
    ("sea", "海|大海|海洋"),
    ("river", "河|江|河流"),
    ("mountain", "山|大山|高山"),
    ("tree", "树|树木"),
    ("flower", "花|花朵"),
    ("grass", "草"),
    ("house|home", "房子|房屋|屋子"),
    ("door", "门"),
    ("window", "窗户|窗|窗子"),
    ("table|desk", "桌子|桌|餐桌"),
    ("chair", "椅子|椅"),
    ("bed", "床"),
    ("book", "书|书本"),
    ("car", "汽车|车|轿车|小汽车"),
    ("train", "火车|列车"),
    ("ship|boat", "船|轮船"),
    ("teacher", "老师|教师"),
    ("doctor", "医生|大夫"),
    ("student|pupil", "学生"),
    ("friend", "朋友"),
    ("mother|mom|mum", "妈妈|母亲"),
    ("father|dad", "爸爸|父亲"),
    ("school", "学校"),
    ("city", "城市"),
    ("spring", "春天|春季|春"),
    ("summer", "夏天|夏季|夏"),
    ("autumn|fall", "秋天|秋季|秋"),
    ("winter", "冬天|冬季|冬"),
    ("tomorrow", "明天"),
    ("music", "音乐"),
];

fn ask(&(en, zh): &Entry, wording: usize, language: Language) -> Problem {
    let shown = |text: &'static str| text.split('|').next().unwrap_or_default();
    let (word, answers) = match language {
        Language::En => (shown(en), zh),
        Language::Zh => (shown(zh), en),
    };
    let prompt = match (language, wording) {
        (Language::En, 0) => format!("What is the Chinese word for \"{word}\"?"),
        (Language::En, 1) => format!("Translate \"{word}\" into Chinese."),
        (Language::En, _) => format!("How do you say \"{word}\" in Chinese?"),
        (Language::Zh, 0) => format!("“{word}”用英语怎么说？"),
        (Language::Zh, 1) => format!("请把“{word}”翻译成英语。"),
        (Language::Zh, _) => format!("“{word}”的英文是什么？"),
    };
    Problem { lang: language, prompt, accept: alternatives(answers), ..Problem::default() }
}
