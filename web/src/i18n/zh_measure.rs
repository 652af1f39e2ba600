//! 中文：提示实验室里的实验。

use lab::experiment::Show;

use super::lab::{LabPlan, LabResults, LabRun};
use crate::state::lab::plan::{Figure, Rule};

pub(super) const PLAN: LabPlan = LabPlan {
    shipped: "现成的实验",
    shipped_intro: "每个实验都用随页面附带的模型跑过。可以看看当时测到什么，也可以在这里重跑并对照。",
    own: "自己的实验",
    own_intro: "题目 × 方法 × 阶段。种子相同，题目处处相同。",
    model: "模型",
    stored: "此前测到的",
    stored_reading: "正在读取此前的结果……",
    stored_none: "页面没有附带这个实验在这个模型上的结果。可以在这里运行。",
    replay: "打开那次运行",
    run_live: "在这里运行",
    how_many: |count, languages| match languages {
        1 => format!("{count}道题"),
        _ => format!("{languages}种语言各{count}道题"),
    },
    problems: "题目",
    held_out: |file| match file {
        "word_problems" => "留出的应用题".to_owned(),
        "questions" => "留出的问题".to_owned(),
        "reversal" => "留出的正反两问".to_owned(),
        other => format!("留出的题目：{other}"),
    },
    table: |name, rows| format!("你的表格：{name}（{rows}行）"),
    no_table: "自己的表格……",
    table_paste: "自己的题目，CSV或JSONL格式",
    table_explained: "每道题一行，要有“问题”和“答案”两列（多个正确答案用|隔开）；还可以有“步骤”“选项”“编号”“语言”。也可以把文件拖到页面上。",
    table_use: "使用这些题目",
    table_pick: "打开文件……",
    open_file: "打开一次运行或一个表格……",
    languages: "语言",
    english: "英文",
    chinese: "中文",
    stages: "阶段",
    techniques: "方法",
    add_technique: "添加一种方法……",
    remove_technique: |name| format!("移除“{name}”"),
    figure,
    rule_title: "怎样读出答案",
    rule: |rule| match rule {
        Rule::Auto => "按题目的要求",
        Rule::Number => "“答案是”之后的数，没有则取最后一个数",
        Rule::Accepted => "前64个词元里的标准答案",
        Rule::Choice => "最先提到的选项",
        Rule::Pattern => "正则表达式",
    },
    pattern: "正则表达式；以第一个分组为准",
    size: |techniques, stages, problems, calls| {
        format!("{techniques}种方法 × {stages}个阶段 × {problems}道题：最多{calls}次调用")
    },
    start: "运行实验",
    more: "更多设置",
};

pub(super) fn figure(figure: Figure) -> &'static str {
    match figure {
        Figure::Count => "每种语言的题数",
        Figure::Seed => "种子",
        Figure::MaxTokens => "每次调用最多生成的词元数",
        Figure::Batch => "一批的调用数",
        Figure::Temperature => "温度（0为贪心）",
    }
}

pub(super) const RUN: LabRun = LabRun {
    title: "运行",
    preparing: "正在准备……",
    loading: |model| format!("正在等待{model}……"),
    weighing: "正在查看权重……",
    progress: |settled, all| format!("{all}个回答中已有{settled}个"),
    time_left: |(hours, minutes, seconds)| match (hours, minutes) {
        (0, 0) => format!("大约还需{seconds}秒"),
        (0, _) => format!("大约还需{minutes}分{seconds}秒"),
        _ => format!("大约还需{hours}小时{minutes}分"),
    },
    running: "运行中",
    paused: "已暂停",
    cancelled: "未到结束就停止了",
    finished: "已完成",
    replayed: "从文件重放，没有用到模型",
    pause: "暂停",
    go_on: "继续",
    cancel: "停止",
    forget: "移除这次运行",
    kept: "已保存在本浏览器中：刷新之后可以继续。",
    not_kept: "浏览器放不下这次运行了。离开之前请存为JSONL文件。",
    made_with: "运行环境",
};

pub(super) const RESULTS: LabResults = LabResults {
    title: "结果",
    none: "第一批跑完后就有结果。",
    bars: "答对的比例",
    bars_explained: "细线是95% Wilson区间：题目不多时，真实比例完全可能落在线上任何一处。",
    bar_summary: |name, share, low, high, hits, n| {
        format!("{name}：{share}%，n = {n}题中答对{hits}题，95%区间{low}%到{high}%")
    },
    stored_beside: "此前测到的",
    stored_line: |line| format!("此前：{line}"),
    agreement: "只差一个词的成对问题：回答相同吗？",
    agreement_line: |name, share, unread| {
        let unread =
            if unread == 0 { String::new() } else { format!("；{unread}对读不出答案") };
        format!("{name}：{share}对{unread}")
    },
    column_technique: "方法",
    column_right: "答对",
    column_unread: "读不出",
    column_failed: "失败",
    column_calls: "调用",
    column_prompt: "提示词元",
    column_reused: "其中复用",
    column_tokens: "新词元",
    column_seconds: "秒",
    cost_explained: "一个回答的平均开销，和它换来的结果并排列出。“读不出”算错；调用失败的既不算对也不算错。",
    ungraded: |count| format!("另有{count}个回答，其题目没有标准答案"),
    tests: "差别是不是偶然？",
    tests_explained: "双方答的是同一批题，所以只看一方答对而另一方答错的题（McNemar检验，mid-p）。最后一列按比较次数作了校正（Holm）。",
    column_pair: "比较",
    column_difference: "相差百分点（95%）",
    column_only: "只有一方对",
    column_p: "p",
    column_adjusted: "校正后的p",
    against: |first, second| format!("{first} 对 {second}"),
    points: |points, low, high, n| format!("{points}（{low}到{high}），n = {n}"),
    only: |first, second| format!("{first} : {second}"),
    verdict: |first, second, beyond, first_is_better| match (beyond, first_is_better) {
        (true, true) => format!("在这里，“{first}”好于“{second}”。"),
        (true, false) => format!("在这里，“{second}”好于“{first}”。"),
        (false, _) => format!("“{first}”与“{second}”之间看不出差别。"),
    },
    table: "每一个回答",
    show: |show| match show {
        Show::All => "全部",
        Show::TechniquesDiffer => "方法之间有差别的",
        Show::StagesDiffer => "阶段之间有差别的",
        Show::Right => "答对的",
        Show::Wrong => "答错的",
        Show::NothingRead => "读不出答案的",
        Show::Overruled => "你改判的",
        Show::Failed => "失败的",
    },
    show_label: "显示",
    technique_label: "方法",
    stage_label: "阶段",
    language_label: "语言",
    all: "全部",
    lines: |from, to, all| format!("第{from}–{to}行，共{all}行"),
    earlier: "上一页",
    later: "下一页",
    column_question: "问题",
    column_answer: "回答",
    column_read: "读到",
    column_verdict: "判定",
    accepts: |accepted| format!("正确答案：{accepted}"),
    overruled: "由你判定",
    say_right: "判为正确",
    say_wrong: "判为错误",
    say_rule: "恢复规则的判定",
    open: "完整的提示与回答",
    failed: |why| format!("没有回答：{why}"),
    export: "带走结果",
    save: |ending| match ending {
        "jsonl" => "保存运行（JSONL）".to_owned(),
        "csv" => "保存表格（CSV）".to_owned(),
        _ => "保存图表（PNG）".to_owned(),
    },
    save_experiment: "保存实验（JSON）",
};
