//! Opposites. Entries: English, its opposites, Chinese, its opposites.

use super::problem::Problem;
use super::word_list::{WordList, alternatives};
use crate::Language;

type Entry = (&'static str, &'static str, &'static str, &'static str);

pub(super) static LIST: WordList<Entry> = WordList { entries: &ENTRIES, wordings: 3, ask };

static ENTRIES: [Entry; 60] = [
    ("hot", "cold", "热", "冷|凉"),
    ("big", "small|little", "大", "小"),
    ("long", "short", "长", "短"),
    ("high", "low", "高", "低|矮"),
    ("fast", "slow", "快", "慢"),
    ("good", "bad|evil", "好", "坏|差"),
    ("new", "old", "新", "旧"),
    ("heavy", "light", "重", "轻"),
    ("left", "right", "左", "右"),
    ("day", "night", "白天", "黑夜|夜晚|晚上"),
    ("open", "closed|shut|close", "开", "关|闭"),
    ("happy", "sad|unhappy", "高兴", "难过|伤心|悲伤"),
    ("rich", "poor", "富", "穷|贫"),
    ("near", "far", "近", "远"),
    ("hard", "soft|easy", "硬", "软"),
    ("wet", "dry", "湿", "干"),
    ("early", "late", "早", "晚|迟"),
    ("strong", "weak", "强", "弱"),
    ("full", "empty", "满", "空"),
    ("clean", "dirty", "干净", "脏|肮脏"),
    ("true", "false|untrue", "真", "假"),
    ("inside", "outside", "里面", "外面"),
    ("beginning", "end|ending", "开始", "结束"),
    ("up", "down", "上", "下"),
    ("black", "white", "黑", "白"),
    ("young", "old", "年轻", "年老|衰老"),
    ("wide", "narrow", "宽", "窄"),
    ("thick", "thin", "厚", "薄"),
    ("deep", "shallow", "深", "浅"),
    ("loud", "quiet|soft|silent", "吵闹", "安静"),
    ("bright", "dark|dim|dull", "明亮", "黑暗|昏暗|暗"),
    ("safe", "dangerous|unsafe", "安全", "危险"),
    ("brave", "cowardly|afraid|fearful|timid", "勇敢", "胆小|懦弱"),
    ("clever", "stupid|foolish|dumb", "聪明", "愚蠢|笨"),
    ("cheap", "expensive|dear", "便宜", "贵|昂贵"),
    ("easy", "difficult|hard", "容易", "难|困难"),
    ("polite", "rude|impolite", "礼貌", "粗鲁|无礼"),
    ("lazy", "hard-working|hardworking|diligent|active", "懒惰", "勤劳|勤奋|勤快"),
    ("before", "after", "前", "后"),
    ("first", "last", "第一", "最后|倒数第一"),
    ("more", "less|fewer", "多", "少"),
    ("always", "never", "总是", "从不|从来不"),
    ("win", "lose", "赢", "输"),
    ("buy", "sell", "买", "卖"),
    ("push", "pull", "推", "拉"),
    ("give", "take|receive", "给", "拿|取|收"),
    ("remember", "forget", "记住", "忘记|忘掉"),
    ("love", "hate", "爱", "恨"),
    ("laugh", "cry|weep", "笑", "哭"),
    ("arrive", "leave|depart", "到达", "离开|出发"),
    ("begin", "end|finish|stop", "开头", "结尾|末尾"),
    ("friend", "enemy|foe", "朋友", "敌人"),
    ("summer", "winter", "夏天", "冬天"),
    ("war", "peace", "战争", "和平"),
    ("question", "answer", "问题", "答案|回答"),
    ("success", "failure", "成功", "失败"),
    ("life", "death", "生", "死"),
    ("north", "south", "北", "南"),
    ("east", "west", "东", "西"),
    ("sweet", "bitter|sour", "甜", "苦"),
];

fn ask(&(en, en_answers, zh, zh_answers): &Entry, wording: usize, language: Language) -> Problem {
    let prompt = match (language, wording) {
        (Language::En, 0) => format!("What is the opposite of \"{en}\"?"),
        (Language::En, 1) => format!("Which word means the opposite of \"{en}\"?"),
        (Language::En, _) => format!("Name the antonym of \"{en}\"."),
        (Language::Zh, 0) => format!("“{zh}”的反义词是什么？"),
        (Language::Zh, 1) => format!("哪个词和“{zh}”的意思相反？"),
        (Language::Zh, _) => format!("请写出“{zh}”的反义词。"),
    };
    let accept = match language {
        Language::En => alternatives(en_answers),
        Language::Zh => alternatives(zh_answers),
    };
    Problem { lang: language, prompt, accept, ..Problem::default() }
}
