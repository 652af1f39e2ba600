//! 中文：各列，以及它们下面展开的内容。

use super::compare::{Columns, Export, Gallery, Panel, Samples, Score, Tools, Vote};
use crate::protocol::FinishReason;
use crate::state::app::Tool;
use crate::state::export::Words;
use crate::state::rubric::Line;

pub(super) const COLUMNS: Columns = Columns {
    line_trio: "一个模型，三个阶段：基础模型只会续写，微调教它回答，RLHF 教它哪种回答更受青睐。",
    line_other: |count| match count {
        0 => "回答会出现在这里。".to_owned(),
        1 => "一列在回答这段提示词。".to_owned(),
        _ => format!("{count} 列在回答同一段提示词。"),
    },
    line_blind: |count| format!("{count} 列，顺序不告诉你。投票之后名称才会出现。"),
    look_for: "看点：",
    look_holds: "✓ 这次正是如此",
    look_fails: "✗ 这次并非如此",
    how: "提示词怎样送进去",
    as_expected: "按各阶段的习惯送入",
    same_text: "各列都收同一段原文",
    exact: "显示实际送入的文字与编号",
    went_in: |tokens| format!("送入了 {tokens} 个词元："),
    tabs: "前往某一列",
    column: |letter| format!("{letter} 列"),
    add: "添加一列",
    remove: |letter| format!("移除 {letter} 列"),
    larger: |name, size| format!("换用更大的 {name} · {size}"),
    stage: |stage| match stage {
        "base" => Some("基础模型"),
        "sft" => Some("微调（SFT）"),
        "rlhf" => Some("RLHF"),
        _ => None,
    },
    short: |stage| match stage {
        "base" => "基础".to_owned(),
        "sft" => "SFT".to_owned(),
        "rlhf" => "RLHF".to_owned(),
        other => other.to_owned(),
    },
    name: |stage, model| format!("{stage} · {model}"),
    role: |stage| match stage {
        "base" => "接着往下写",
        "sft" => "学会了回答",
        "rlhf" => "学会了怎样更受青睐",
        _ => "",
    },
    stage_label: "这一列的阶段与模型",
    hidden: "投票后揭晓",
    is_coming: "正在载入",
    not_loaded: "尚未载入，运行时会载入",
    ways: "选项",
    form: "提示词送入方式",
    form_auto: "按该阶段习惯",
    form_raw: "原文",
    form_chat: "套用对话模板",
    own_settings: "使用单独的设置",
    tokens_label: "回答的词元",
    starting: "正在读提示词……",
    prefill: |done, total| format!("正在读提示词：{done} / {total} 词元"),
    running: |tokens| format!("正在写 · {tokens} 词元"),
    finished: |tokens, reason| format!("{tokens} 个词元 · {}", ending(reason)),
    ending,
    forks: |count| format!("{count} 处岔路"),
    copy: "复制",
    copied: "已复制",
    reward: |value| format!("奖励 {value}"),
    reward_sd: |value| format!("奖励 {value} σ"),
    rubric: "奖励模型是从按下列标准排序的回答中学来的。按这些标准，这个回答的得分：",
    rubric_line: |line| match line {
        Line::Correct => "答得对",
        Line::Language => "与提问同一种语言",
        Line::Ends => "自己结束",
        Line::Polite => "以客气话开头",
        Line::Complete => "是完整的句子",
        Line::Short => "简短",
        Line::NoRepetition => "没有重复",
    },
    met: "（满足）",
    not_met: "（不满足）",
    paths: "你试过的路径",
    first_path: "模型自己走的",
    path: |place, token| format!("第 {place} 个词元处：“{token}”"),
    legend: "惊讶度",
    legend_low: "0 比特，意料之中",
    legend_high: "8 比特以上，出乎意料",
    legend_fork: "岔路：最可能的词元不到 70%",
    legend_diverge: "相邻两列从这里分开",
    keys: "指向一个词元，看看模型还考虑过什么；各列显示同一位置。点击固定，Esc 取消，← → 逐个词元移动，↑ ↓ 换列。点一个候选，就从它继续写下去。",
};

fn ending(reason: FinishReason) -> &'static str {
    match reason {
        FinishReason::EndOfText => "自己结束",
        FinishReason::MaxTokens => "达到 max_tokens 被截断",
        FinishReason::ContextFull => "上下文已满",
        FinishReason::Stopped => "已停止",
        FinishReason::Failed => "中断",
    }
}

pub(super) const PANEL: Panel = Panel {
    caption: "此处最可能的十个词元",
    empty: "运行一段提示词，再指向某个词元：模型为它权衡过的候选会显示在这里。",
    no_token_here: "这个回答在此处没有词元。",
    place: |place| format!("第 {place} 个词元"),
    by_reader: "由你选取",
    figures: |surprisal, entropy| format!("惊讶度 {surprisal} · 熵 {entropy} 比特"),
    take: |token, probability, filtered, chosen| {
        let what = if chosen { "就是这里的词元" } else { "从它继续写" };
        format!("“{token}”：{probability}，过滤后 {filtered}——{what}")
    },
    how: "点击一个词元，把它固定在这里。",
    locked: "已固定，按 Esc 取消。",
    unlock: "取消固定",
    id: "编号",
    bytes: "字节",
    control: "控制词元",
    summary: |token, probability, surprisal, entropy, kept| {
        format!(
            "抽中的是“{token}”，概率 {probability}（惊讶度 {surprisal} 比特；平均预期为 {entropy} 比特，即熵）。过滤后剩下 {kept} 个词元可供抽取。"
        )
    },
    summary_taken: |token, probability, surprisal, entropy, kept| {
        format!(
            "你选了“{token}”，模型给它的概率是 {probability}（惊讶度 {surprisal} 比特；平均预期为 {entropy} 比特，即熵）。过滤后剩下 {kept} 个词元可供抽取。"
        )
    },
    not_listed: "它不在最可能的十个之中。",
    token: "词元",
    logit: "Logit",
    scaled: "÷ 温度",
    scaled_explained: "经重复惩罚后除以温度",
    probability: "概率",
    probability_explained: "对整个词表的原始 logit 做 softmax",
    filtered: "抽取概率",
    filtered_explained: "经过惩罚、温度与过滤：抽取时真正使用的概率",
    filtered_out: "排除",
    chosen: "此处的词元",
    rest: "其余全部",
    tune: |value| format!("温度 {value}"),
    tune_explained: "拖动滑块：用同一组 logit 重画分布，模型不再运行。",
    tune_waits: "正在取得 logit……",
    tuned: |entropy| format!("在此温度下，熵为 {entropy} 比特。文字保持抽取时的样子。"),
    untune: "恢复运行时的温度",
};

pub(super) const TOOLS: Tools = Tools {
    title: "可以对回答做什么",
    name: |tool| match tool {
        Tool::Token => "细看一个词元",
        Tool::Samples => "多次作答",
        Tool::Score => "有多意外？",
        Tool::Vote => "投票",
        Tool::Export => "导出",
    },
    which_column: "列",
};

pub(super) const SAMPLES: Samples = Samples {
    intro: "为什么同一个问题每次答案都不同？每个词元都是按概率分布随机抽取的。多抽几次，数一数；贪心则每次都取最可能的词元，与运气无关。",
    count: |count| format!("{count} 个回答"),
    draw: |count| format!("抽取 {count} 次"),
    draw_greedy: |count| format!("贪心 {count} 次"),
    title: |temperature| format!("温度 {temperature}"),
    title_greedy: "贪心",
    summary: |groups, came, asked, length| {
        format!("{asked} 个回答已到 {came} 个，其中 {groups} 种不同，平均 {length:.1} 个词元")
    },
    times: |count| format!("{count} 次"),
    probability: |value| format!("概率 {value}"),
    nothing: "（空）",
};

pub(super) const SCORE: Score = Score {
    intro: "某个阶段写的文字，其他阶段会觉得多意外？让同样的编号逐个经过模型的每个阶段。",
    go: "让各阶段都读一遍",
    working: "正在读……",
    whose: |stage| format!("文字出自：{stage}。"),
    as_expected: "每个阶段都按自己的习惯收到提示词。",
    same_text: "每个阶段收到同样的原文提示词，差别只来自权重。",
    table: "各阶段眼中的这段文字",
    stage: "阶段",
    bits_per_character: "每字符比特",
    bits_explained: "全部词元的惊讶度之和，除以文字的字符数",
    compressed: "可压缩到",
    compressed_explained: "用该阶段的预测做算术编码所需的字节数",
    compression: "预测即压缩：一个阶段预测得越准，记下这段文字所需的比特就越少。",
    size: |compressed, plain| format!("{compressed} / {plain} 字节"),
    kl: "每词元 KL",
    kl_explained: "该阶段与下一阶段的分布在整个词表上相差多远；一致则为 0",
    kl_between: |own, next, bits| format!("KL({own}‖{next}) {bits} 比特"),
    legend: |stages| {
        format!("每个词元下面自上而下：{stages} 的惊讶度；两者之间是它们相差多远（KL）。")
    },
    tokens: "文字的词元",
    line: |stage, probability, bits, rank, entropy| {
        format!("{stage}：{probability}，{bits} 比特，排名 {rank}，熵 {entropy} 比特")
    },
    to_next: |bits| format!("；到下一阶段的 KL {bits} 比特"),
};

pub(super) const VOTE: Vote = Vote {
    title: "哪个回答更好？",
    intro: "RLHF 就是从这样的投票开始的。你的票只保存在此浏览器中；除非你把它们带到别处，否则不会用来训练任何东西。",
    blind: "盲评：打乱各列，投票前隐藏名称",
    not_yet: "请先让至少两列回答一段提示词，然后投票。",
    best: |letter, count| match count {
        0..=2 => format!("{letter} 更好"),
        _ => format!("{letter} 最好"),
    },
    tie: "一样好",
    all_bad: |count| if count > 2 { "都不好" } else { "两个都不好" },
    thanks: "已保存。名称已揭晓；再运行一次即可继续投票。",
    wins: |stage, won, of| format!("{stage}：{of} 次中 {won} 次最好"),
    kept: |votes, signals| format!("保存在此浏览器中：{votes} 张票，{signals} 个信号。"),
    export: "存为偏好数据（TRL JSONL）",
    export_signals: "存下信号（TRL JSONL，非成对）",
    clear: "全部删除",
    offer_copied: "已复制。复制一个回答，说明它有用——聊天服务会收集这种信号。要和你的票一起保存吗？它只留在此浏览器中。",
    offer_again: "再问一次，说明这些回答不够好——聊天服务会收集这种信号。要和你的票一起保存吗？它只留在此浏览器中。",
    keep_signal: "保存",
    drop_signal: "不用",
};

pub(super) const EXPORT: Export = Export {
    intro: "页面上的内容，连同全部设置。JSON 包含一切，也包含重建它所需的场景；CSV 列出每个词元及其十个候选。",
    save: |format| format!("存为 {format}"),
    copy: "复制为 Markdown",
    words: Words {
        title: "Glassbox：一段提示词，并排作答",
        prompt: "提示词",
        system: "系统提示：",
        reward: "奖励",
        bits_per_token: "比特/词元",
        tokens: |count| format!("{count} 个词元"),
    },
};

pub(super) const GALLERY: Gallery =
    Gallery { all: "全部示例……", title: "示例与看点", close: "关闭" };
