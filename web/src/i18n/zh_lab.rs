//! 中文：提示实验室。

use lab::grade::Rule as ReadBy;
use lab::prompt::PartKind;
use lab::technique::Purpose;

use super::lab::{Lab, LabAnswers, LabParts, LabTechniques};
use super::zh_measure::{PLAN, RESULTS, RUN, figure};
use crate::state::lab::Trouble;
use crate::state::lab::knobs::Knob;
use crate::state::lab::plan::PlanError;

pub(super) const LAB: Lab = Lab {
    title: "提示实验室",
    build: "搭建",
    measure: "测量",
    build_intro: "拼出一个提示，把同一个问题换几种方式来问，每一次调用都能看到。",
    measure_intro: "提示真的有用吗？用几种方式问很多道题，数一数，并看清有多大把握。",
    stopped: "已停止",
    trouble,
    parts: PARTS,
    techniques: TECHNIQUES,
    answers: ANSWERS,
    plan: PLAN,
    run: RUN,
    results: RESULTS,
    own_experiment: "我的实验",
    chart_below: "答对的比例，附95% Wilson区间。由Glassbox制作。",
};

fn trouble(trouble: &Trouble) -> String {
    let (what, why) = match trouble {
        Trouble::Plan(PlanError::NoTechnique) => return "请至少选择一种方法。".to_owned(),
        Trouble::Plan(PlanError::NoStage) => {
            return "请至少选择一个要提问的阶段；如果没有，请先加载模型。".to_owned();
        }
        Trouble::Plan(PlanError::NoLanguage) => return "请至少选择一种语言。".to_owned(),
        Trouble::Plan(PlanError::NoTable) => {
            return "还没有表格：请粘贴一个，或把文件拖进来。".to_owned();
        }
        Trouble::Plan(PlanError::Figure(at)) => {
            return format!("“{}”需要填一个合理的数字。", figure(*at));
        }
        Trouble::Plan(PlanError::Other(why)) | Trouble::Experiment(why) => {
            ("这个实验无法运行", why)
        }
        Trouble::Prompt(why) => ("这个提示无法提问", why),
        Trouble::Table(why) => ("无法把它读成题目表格", why),
        Trouble::Log(why) => ("无法打开这次运行", why),
        Trouble::Fetch(why) => ("题目文件取不到", why),
        Trouble::Batch(why) => ("调用中断了；运行已暂停，可以继续", why),
    };
    format!("{what}：{why}")
}

const PARTS: LabParts = LabParts {
    title: "提示的各个部分",
    kind,
    numbered: |part, number| match part {
        PartKind::Example => format!("例子{number}"),
        _ if number > 1 => format!("{}{number}", kind(part)),
        _ => kind(part).to_owned(),
    },
    placeholder: |part| match part {
        PartKind::Instruction => "要做什么",
        PartKind::Example => "一个类似的问题",
        PartKind::Information => "模型应当知道的内容",
        PartKind::Question => "要问的问题",
        PartKind::Starter => "答案以这几个字开头",
        PartKind::Closing => "放在最后的一句话",
    },
    steps: "解题步骤（可以不填）",
    answer: "答案",
    on: |name| format!("{name}放进提示"),
    up: |name| format!("上移{name}"),
    down: |name| format!("下移{name}"),
    remove: |name| format!("删除{name}"),
    add: "添加：",
    another_question: "换一道题",
    other_examples: "换一组例子",
    questions_from: "题目与例子",
    try_these: "经典提示：",
    several: "这种方法要调用多次，指令由它自己来写。它使用你的问题和例子，其他部分不会用到。",
    assembled: "送进去的内容",
    assembled_first: "第一次调用",
    as_text: "文本",
    as_tokens: "词元",
    tokens: |count| format!("{count}个词元"),
    no_tokens: "加载模型后会显示词元。",
    template: "对话模板",
    part_tokens: |part, count| format!("{part}：{count}"),
    role: |role| match role {
        "system" => "系统".to_owned(),
        "user" => "用户".to_owned(),
        "assistant" => "助手".to_owned(),
        other => other.to_owned(),
    },
    begins: "答案从这里开始",
    stages: "提问对象",
    no_model: "请先加载模型；Sprout随页面附带。",
    ask: "提问",
    asking: "正在提问……",
    stop: "停止",
    to_compare: "在“对比”中打开",
    to_measure: "测量这个提示",
    max_tokens: "每次调用最多生成的词元数",
    waits_for_run: "实验正在运行：等它暂停或结束后再提问。",
};

fn kind(part: PartKind) -> &'static str {
    match part {
        PartKind::Instruction => "指令",
        PartKind::Example => "例子",
        PartKind::Information => "补充信息",
        PartKind::Question => "问题",
        PartKind::Starter => "答案开头",
        PartKind::Closing => "结束语",
    }
}

const TECHNIQUES: LabTechniques = LabTechniques {
    title: "同一个问题，换一种问法",
    from: "来历：",
    calls: |calls| {
        if calls == 1 { "1次调用".to_owned() } else { format!("最多{calls}次调用") }
    },
    edited: "你改过",
    knob: |knob| match knob {
        Knob::Shots => "例子数",
        Knob::Votes => "投票的答案数",
        Knob::Temperature => "温度",
        Knob::SubQuestions => "最多拆成几个小问题",
        Knob::Rounds => "轮数",
        Knob::Breadth => "每层保留几步",
        Knob::Proposals => "每步之后提出几步",
        Knob::Depth => "深度",
        Knob::Extract => "用第二个提示取出答案",
        Knob::Speak => "把结果交回给模型",
    },
    value: |knob, value| match (knob, value as u32) {
        (Knob::Extract, 0) => "从不".to_owned(),
        (Knob::Extract, 1) => "没有答案时".to_owned(),
        (Knob::Extract, _) => "总是".to_owned(),
        (Knob::Speak, 0) => "否".to_owned(),
        (Knob::Speak, _) => "是".to_owned(),
        _ => format!("{value}"),
    },
    role_text: "模型扮演谁",
    role_placeholder: "你是……",
    settings_of: |name| format!("“{name}”的设置"),
    speakers: "由谁发言",
    speakers_hint: "一个都不勾选，就全部发言。",
    judge: "由谁裁决",
    judge_self: "被提问的阶段",
};

const ANSWERS: LabAnswers = LabAnswers {
    title: "回答",
    none: "提问之后，回答会显示在这里，连同它用到的每一次调用。",
    working: "进行中……",
    nothing: "（空）",
    right: "正确",
    wrong: "错误",
    no_right: "没有标准答案",
    read: |text, rule| format!("读到“{text}”——{}", read_by(rule)),
    nothing_read: "规则没有从中找到答案",
    rule: read_by,
    cost: |calls, prompt, tokens, seconds| {
        format!("{calls}次调用 · 读入{prompt}个词元，写出{tokens}个 · {seconds}")
    },
    saved: |reused, prompt| {
        format!("{prompt}个提示词元中有{reused}个不必重算：多个提示共有的开头只计算一次。")
    },
    calls: |calls| {
        if calls == 1 { "这次调用".to_owned() } else { format!("全部{calls}次调用") }
    },
    purpose: |purpose| match purpose {
        Purpose::Answer => "回答问题",
        Purpose::Sample => "参与投票的答案之一",
        Purpose::Extract => "从步骤中取出答案",
        Purpose::Split => "拆分问题",
        Purpose::SubAnswer => "回答小问题",
        Purpose::Check => "找错误",
        Purpose::Revise => "重新回答",
        Purpose::Program => "写程序",
        Purpose::Propose => "提出下一步",
        Purpose::Score => "给一步打分",
        Purpose::Discuss => "发表意见",
        Purpose::Judge => "作出裁决",
    },
    prompt: "提示",
    reply: "回答",
    call_tokens: |prompt, reused, tokens| {
        let read = if reused == 0 {
            format!("读入{prompt}个词元")
        } else {
            format!("读入{prompt}个词元，其中{reused}个不必重算")
        };
        format!("{read} · 写出{tokens}个")
    },
    cut_off: "到上限被截断",
    votes: "投票",
    vote: |answer, votes, all| format!("“{answer}”：{all}票中的{votes}票"),
    no_answer: "没有找到答案",
    tree: "思维树",
    tree_explained: "步骤由模型自己提出、自己打分，再从得分最高的继续往下找。",
    score: |score| format!("{score}分（满分10）"),
    no_score: "没有打分",
    kept: "继续",
    dropped: "放弃",
    best: "在最佳路径上",
    discussion: "讨论经过",
    round: |round| format!("第{round}轮"),
    judge: "裁判",
    sub_questions: "小问题",
    drafts: "各稿",
    draft: |number| format!("第{number}稿"),
    program: "程序",
    value: |value| format!("结果：{value}"),
    no_program: "回答中没有程序。",
    dismiss: "移除这个回答",
    clear: "全部移除",
    weights_same: |model| format!("{model}：前后权重完全相同"),
    weights_other: |model| format!("{model}：权重变了"),
    weights_before: |model| format!("{model}：已记下权重"),
    weights_sums: |bytes, before, after| {
        format!("引擎实际持有的{bytes}权重的SHA-256。之前：{before}。之后：{after}。")
    },
    weights_explained: "提示里的例子不是训练。模型从中得到的东西随提示一起消失，权重一个比特也没有变。",
};

fn read_by(rule: ReadBy) -> &'static str {
    match rule {
        ReadBy::AfterMarker => "“答案是”之后的数",
        ReadBy::LastNumber => "最后一个数",
        ReadBy::AcceptedString => "前64个词元里的标准答案",
        ReadBy::FirstLine => "没有标准答案；这是第一行",
        ReadBy::Choice => "最先提到的选项",
        ReadBy::Pattern => "你的正则表达式",
    }
}
