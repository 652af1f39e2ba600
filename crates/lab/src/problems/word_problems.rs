//! Arithmetic word problems of one and two steps. Slots: {n} {f} names, {x} things, {m} their measure word, {a} {b}
//! {c} numbers.

use super::frame::{Frame, fill, number_problem};
use super::people::Cast;
use super::problem::Problem;
use crate::Language;
use crate::rng::Random;

const ONE_STEP: [Frame; 10] = [
    Frame {
        sums: "a+b",
        en: "{n} has {a} {x} and buys {b} more. How many {x} does {n} have now?",
        zh: "{n}有{a}{m}{x}，又买了{b}{m}。{n}现在有多少{x}？",
    },
    Frame {
        sums: "a+b",
        en: "{n} has {a} {x}. {f} has {b} more {x} than {n}. How many {x} does {f} have?",
        zh: "{n}有{a}{m}{x}，{f}比{n}多{b}{m}。{f}有多少{x}？",
    },
    Frame {
        sums: "a+b",
        en: "There are {a} {x} in one basket and {b} {x} in another. How many {x} are there together?",
        zh: "一个篮子里有{a}{m}{x}，另一个篮子里有{b}{m}。一共有多少{x}？",
    },
    Frame {
        sums: "a-b",
        en: "{n} had {a} {x} and gave {b} of them to {f}. How many {x} does {n} have left?",
        zh: "{n}有{a}{m}{x}，送给{f}{b}{m}。{n}还剩多少{x}？",
    },
    Frame {
        sums: "a-b",
        en: "There are {a} {x} in a bag. {n} takes out {b}. How many {x} are left in the bag?",
        zh: "袋子里有{a}{m}{x}，{n}拿出了{b}{m}。袋子里还剩多少{x}？",
    },
    Frame {
        sums: "a-b",
        en: "{n} needs {a} {x} and has {b} already. How many more {x} does {n} need?",
        zh: "{n}需要{a}{m}{x}，已经有了{b}{m}。{n}还差多少{x}？",
    },
    Frame {
        sums: "a*b",
        en: "{n} buys {a} boxes of {x}. Each box holds {b}. How many {x} does {n} buy?",
        zh: "{n}买了{a}盒{x}，每盒有{b}{m}。{n}一共买了多少{x}？",
    },
    Frame {
        sums: "a*b",
        en: "For {a} days {n} gets {b} {x} a day. How many {x} does {n} get in all?",
        zh: "{n}连续{a}天，每天得到{b}{m}{x}。{n}一共得到多少{x}？",
    },
    Frame {
        sums: "a/b",
        en: "{b} children share {a} {x} equally. How many {x} does each child get?",
        zh: "{b}个孩子平分{a}{m}{x}。每个孩子分到多少{x}？",
    },
    Frame {
        sums: "a/b",
        en: "{n} puts {a} {x} into {b} equal piles. How many {x} are in each pile?",
        zh: "{n}把{a}{m}{x}平均分成{b}堆。每堆有多少{x}？",
    },
];

const TWO_STEP: [Frame; 10] = [
    Frame {
        sums: "a+b;t-c",
        en: "{n} has {a} {x}, finds {b} more and then gives {c} to {f}. How many {x} does {n} have now?",
        zh: "{n}有{a}{m}{x}，又捡到{b}{m}，然后送给{f}{c}{m}。{n}现在有多少{x}？",
    },
    Frame {
        sums: "a-b;t-c",
        en: "{n} had {a} {x}. On Tuesday {n} lost {b} of them, and on Wednesday {c} more. How many {x} did {n} have at the end of Wednesday?",
        zh: "{n}有{a}{m}{x}，星期二丢了{b}{m}，星期三又丢了{c}{m}。星期三结束时{n}有多少{x}？",
    },
    Frame {
        sums: "a+b;t+c",
        en: "{n} has {a} {x}, {f} has {b}, and {c} lie on the table. How many {x} are there in all?",
        zh: "{n}有{a}{m}{x}，{f}有{b}{m}，桌上还有{c}{m}。一共有多少{x}？",
    },
    Frame {
        sums: "a-b;t+c",
        en: "There are {a} people on a bus. At the next stop {b} get off and {c} get on. How many people are on the bus now?",
        zh: "公共汽车上有{a}个人，到站时下去{b}个人，上来{c}个人。现在车上有多少人？",
    },
    Frame {
        sums: "a*b;t+c",
        en: "{n} buys {a} bags of {b} {x} each and has {c} {x} at home. How many {x} does {n} have?",
        zh: "{n}买了{a}袋{x}，每袋{b}{m}，家里还有{c}{m}。{n}有多少{x}？",
    },
    Frame {
        sums: "a*b;t-c",
        en: "{n} buys {a} boxes with {b} {x} in each. {c} of the {x} are broken. How many {x} are not broken?",
        zh: "{n}买了{a}盒{x}，每盒{b}{m}，其中{c}{m}坏了。没坏的有多少{x}？",
    },
    Frame {
        sums: "a*b;c-t",
        en: "{n} has {c} dollars and buys {a} {x} for {b} dollars each. How many dollars does {n} have left?",
        zh: "{n}有{c}元，买了{a}{m}{x}，每{m}{b}元。{n}还剩多少元？",
    },
    Frame {
        sums: "a/b;t+c",
        en: "{b} children share {a} {x} equally. {n} is one of them and had {c} {x} before. How many {x} does {n} have now?",
        zh: "{b}个孩子平分{a}{m}{x}，{n}是其中一个，原来就有{c}{m}。{n}现在有多少{x}？",
    },
    Frame {
        sums: "a+b;t+a",
        en: "{n} has {a} {x}. {f} has {b} more {x} than {n}. How many {x} do they have together?",
        zh: "{n}有{a}{m}{x}，{f}比{n}多{b}{m}。他们一共有多少{x}？",
    },
    Frame {
        sums: "a-b;t+a",
        en: "{n} has {a} {x}. {f} has {b} fewer {x} than {n}. How many {x} do they have together?",
        zh: "{n}有{a}{m}{x}，{f}比{n}少{b}{m}。他们一共有多少{x}？",
    },
];

pub(super) fn one_step(random: &mut Random, language: Language) -> Problem {
    from_frame(random.pick(&ONE_STEP), random, language)
}

pub(super) fn two_step(random: &mut Random, language: Language) -> Problem {
    from_frame(random.pick(&TWO_STEP), random, language)
}

fn from_frame(frame: &Frame, random: &mut Random, language: Language) -> Problem {
    let numbers = frame.numbers(random);
    let cast = Cast::draw(random, language);
    let [a, b, c] = [numbers.a, numbers.b, numbers.c].map(|number| number.to_string());
    let values = [
        ("{n}", cast.first),
        ("{f}", cast.second),
        ("{x}", cast.thing),
        ("{m}", cast.measure),
        ("{a}", a.as_str()),
        ("{b}", b.as_str()),
        ("{c}", c.as_str()),
    ];
    let prompt = fill(frame.text(language), &values);
    number_problem(prompt, &numbers.worked, language)
}
