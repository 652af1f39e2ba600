//! Capitals. Entries: country and capital in English (other spellings after `|`), in Chinese.

use super::problem::Problem;
use super::word_list::{WordList, alternatives};
use crate::Language;

type Entry = (&'static str, &'static str, &'static str, &'static str);

pub(super) static LIST: WordList<Entry> = WordList { entries: &ENTRIES, wordings: 3, ask };

static ENTRIES: [Entry; 56] = [
    ("China", "Beijing", "中国", "北京"),
    ("Japan", "Tokyo", "日本", "东京"),
    ("South Korea", "Seoul", "韩国", "首尔"),
    ("India", "New Delhi|Delhi", "印度", "新德里"),
    ("Thailand", "Bangkok", "泰国", "曼谷"),
    ("Vietnam", "Hanoi", "越南", "河内"),
    ("the Philippines", "Manila", "菲律宾", "马尼拉"),
    ("Malaysia", "Kuala Lumpur", "马来西亚", "吉隆坡"),
    ("Nepal", "Kathmandu", "尼泊尔", "加德满都"),
    ("Pakistan", "Islamabad", "巴基斯坦", "伊斯兰堡"),
    ("Bangladesh", "Dhaka", "孟加拉国", "达卡"),
    ("Turkey", "Ankara", "土耳其", "安卡拉"),
    ("Mongolia", "Ulaanbaatar|Ulan Bator", "蒙古", "乌兰巴托"),
    ("Iran", "Tehran|Teheran", "伊朗", "德黑兰"),
    ("Iraq", "Baghdad", "伊拉克", "巴格达"),
    ("Saudi Arabia", "Riyadh", "沙特阿拉伯", "利雅得"),
    ("France", "Paris", "法国", "巴黎"),
    ("Germany", "Berlin", "德国", "柏林"),
    ("Italy", "Rome", "意大利", "罗马"),
    ("Spain", "Madrid", "西班牙", "马德里"),
    ("Portugal", "Lisbon", "葡萄牙", "里斯本"),
    ("the United Kingdom", "London", "英国", "伦敦"),
    ("Ireland", "Dublin", "爱尔兰", "都柏林"),
    ("Greece", "Athens", "希腊", "雅典"),
    ("Russia", "Moscow", "俄罗斯", "莫斯科"),
    ("Ukraine", "Kyiv|Kiev", "乌克兰", "基辅"),
    ("Poland", "Warsaw", "波兰", "华沙"),
    ("Sweden", "Stockholm", "瑞典", "斯德哥尔摩"),
    ("Norway", "Oslo", "挪威", "奥斯陆"),
    ("Denmark", "Copenhagen", "丹麦", "哥本哈根"),
    ("Finland", "Helsinki", "芬兰", "赫尔辛基"),
    ("Iceland", "Reykjavik|Reykjavík", "冰岛", "雷克雅未克"),
    ("Austria", "Vienna", "奥地利", "维也纳"),
    ("Switzerland", "Bern|Berne", "瑞士", "伯尔尼"),
    ("Belgium", "Brussels", "比利时", "布鲁塞尔"),
    ("the Netherlands", "Amsterdam", "荷兰", "阿姆斯特丹"),
    ("Hungary", "Budapest", "匈牙利", "布达佩斯"),
    ("the Czech Republic", "Prague", "捷克", "布拉格"),
    ("Romania", "Bucharest", "罗马尼亚", "布加勒斯特"),
    ("Bulgaria", "Sofia", "保加利亚", "索非亚"),
    ("Croatia", "Zagreb", "克罗地亚", "萨格勒布"),
    ("Egypt", "Cairo", "埃及", "开罗"),
    ("Kenya", "Nairobi", "肯尼亚", "内罗毕"),
    ("Morocco", "Rabat", "摩洛哥", "拉巴特"),
    ("Ethiopia", "Addis Ababa", "埃塞俄比亚", "亚的斯亚贝巴"),
    ("Ghana", "Accra", "加纳", "阿克拉"),
    ("Canada", "Ottawa", "加拿大", "渥太华"),
    ("Mexico", "Mexico City", "墨西哥", "墨西哥城"),
    ("Cuba", "Havana", "古巴", "哈瓦那"),
    ("Brazil", "Brasília|Brasilia", "巴西", "巴西利亚"),
    ("Argentina", "Buenos Aires", "阿根廷", "布宜诺斯艾利斯"),
    ("Peru", "Lima", "秘鲁", "利马"),
    ("Chile", "Santiago", "智利", "圣地亚哥"),
    ("Australia", "Canberra", "澳大利亚", "堪培拉"),
    ("New Zealand", "Wellington", "新西兰", "惠灵顿"),
    ("the United States", "Washington", "美国", "华盛顿"),
];

fn ask(&(en, en_capital, zh, zh_capital): &Entry, wording: usize, language: Language) -> Problem {
    let prompt = match (language, wording) {
        (Language::En, 0) => format!("What is the capital of {en}?"),
        (Language::En, 1) => format!("Which city is the capital of {en}?"),
        (Language::En, _) => format!("Name the capital of {en}."),
        (Language::Zh, 0) => format!("{zh}的首都是哪里？"),
        (Language::Zh, 1) => format!("哪座城市是{zh}的首都？"),
        (Language::Zh, _) => format!("请说出{zh}的首都。"),
    };
    let accept = match language {
        Language::En => alternatives(en_capital),
        Language::Zh => alternatives(zh_capital),
    };
    Problem { lang: language, prompt, accept, ..Problem::default() }
}
