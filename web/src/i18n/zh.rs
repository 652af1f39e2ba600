//! 中文。

use super::{
    Header, Licence, Model, Notice, Prompt, Settings, Status, Strings, zh_compare, zh_failures,
    zh_lessons,
    zh_lab,
};
use super::zh_share;
use crate::protocol::LoadStage;
use crate::state::preferences::Theme;
use crate::state::settings::{Field, Problem};

pub(super) static STRINGS: Strings = Strings {
    tag: "zh-CN",
    header: Header {
        tagline: "一个语言模型的三个阶段，就在这个标签页里计算。",
        other_language: "English",
        switch_language: "切换为英文界面",
        theme: |theme| match theme {
            Theme::System => "自动",
            Theme::Light => "浅色",
            Theme::Dark => "深色",
        },
        switch_theme: "切换颜色主题",
        skip: "跳到提示词",
    },
    prompt: Prompt {
        title: "一段提示词",
        placeholder: "写个开头，或者问点什么……",
        run: "运行",
        run_waits: "载入后运行",
        stop: "停止",
        shortcut: "Ctrl 或 ⌘ + Enter",
        again: "再问一次",
        again_explained: "用下一个种子再运行同一段提示词。",
        examples: "试试",
        system: "系统提示（可选，只给助手）",
        system_placeholder: "助手应当如何表现",
    },
    settings: Settings {
        title: "设置",
        explained: |field| match field {
            Field::Temperature => "大于 1 使概率更平缓，小于 1 更集中；0 总取最可能的词元。",
            Field::TopK => "只从最可能的这么多个词元中抽取；0 表示不限。",
            Field::TopP => "只保留累计概率达到此值的最少几个最可能词元；1 表示不限。",
            Field::MinP => "去掉概率低于“最可能词元概率 × 此值”的词元；0 表示不限。",
            Field::RepeatPenalty => "大于 1 时，已出现过的词元更不容易再出现；1 表示不变。",
            Field::Seed => "随机抽取的起点。种子相同，文字也相同。",
            Field::MaxTokens => "生成这么多个新词元后停止。",
            Field::Context => {
                "模型记忆里放得下的词元数。改动在重新载入模型后生效，运行时会自动重新载入。"
            }
        },
        problem: |problem| match problem {
            Problem::NotANumber => "这不是数字。".to_owned(),
            Problem::NotWhole => "这里需要整数。".to_owned(),
            Problem::TooSmall(limit) => format!("最小值是 {limit}。"),
            Problem::TooLarge(limit) => format!("最大值是 {limit}。"),
        },
        reset: "恢复默认值",
    },
    model: Model {
        title: "模型",
        none: "尚未载入",
        loading: |name| format!("正在载入 {name}……"),
        loaded: |stages, size| match stages {
            1 => format!("一个阶段 · {size}"),
            _ => format!("{stages} 个阶段共用一份基础权重 · {size}"),
        },
        show: "在各列中显示",
        unload: "释放",
        model: "选择",
        backend: "运行于",
        backend_auto: "GPU，否则 CPU",
        backend_gpu: "GPU（WebGPU）",
        backend_cpu: "CPU",
        local_file: |name| format!("{name}（你的文件）"),
        reading_catalogue: "正在读取模型列表……",
        load: |size| format!("载入 · {size}"),
        load_kept: |size| format!("载入 · {size}，已保存"),
        resume: |done, total| format!("继续下载 · {done} / {total}"),
        load_again: "重新载入",
        load_local: "载入你的文件",
        load_hub: |host| format!("从 {host} 下载"),
        hub_explained: |host| {
            format!(
                "如果本站没有这个文件，可以从 {host} 获取。该网站及其转到的服务器会看到你的网络地址；你输入的内容仍留在本机。"
            )
        },
        cancel: "取消",
        facts: |parameters, quantization, architecture, context| {
            format!(
                "{parameters} 参数 · {quantization} · {architecture} · 上下文最长 {context} 词元"
            )
        },
        licence: "许可：",
        progress: "载入进度",
        stage: |stage| match stage {
            LoadStage::Downloading => "正在下载",
            LoadStage::ReadingStored => "正在读取已保存的副本",
            LoadStage::ReadingLocal => "正在读取你的文件",
            LoadStage::Verifying => "正在校验",
            LoadStage::Preparing => "正在准备引擎",
        },
        amount: |done, total| format!("{done} / {total}"),
        resumed: |from| format!("从 {from} 处继续"),
        starting: "正在开始……",
        drop: "也可以把 GGUF 文件拖放到页面任意位置：",
        pick: "选择文件",
        drop_now: "松开即可打开这个 GGUF 文件。它不会离开这台电脑。",
        kept: |size| format!("保存在此浏览器中 · {size}"),
        kept_nothing: "还没有保存任何文件。下载的模型会保存在这里，因此只需下载一次。",
        kept_explained: "这些文件只存放在此浏览器为本站准备的私有空间里。",
        kept_part: "不完整",
        remove: "删除",
        remove_named: |name| format!("从此浏览器中删除 {name}"),
    },
    licence: Licence {
        title: |name| format!("此模型的条款：{name}"),
        explained: |model| format!("{model} 受其发布者的条款约束，首次载入前需接受一次。"),
        reading: "正在读取条款……",
        no_text: "本站没有附带条款全文。",
        read_at: |host| format!("在 {host} 阅读条款（将打开另一个网站）"),
        accept: "接受",
        not_now: "暂不",
    },
    columns: zh_compare::COLUMNS,
    panel: zh_compare::PANEL,
    tools: zh_compare::TOOLS,
    samples: zh_compare::SAMPLES,
    score: zh_compare::SCORE,
    vote: zh_compare::VOTE,
    export: zh_compare::EXPORT,
    gallery: zh_compare::GALLERY,
    lessons: zh_lessons::LESSONS,
    share: zh_share::SHARE,
    lab: zh_lab::LAB,
    status: Status {
        title: "状态",
        no_model: "尚未载入模型。",
        loading: "正在载入……",
        backend: "后端",
        first_token: "首个词元",
        tokens_per_second: |speed| format!("{speed} 词元/秒"),
        token_counts: |prompt, new| format!("提示 {prompt} + 新 {new}"),
        counters: "实际工作量",
        counters_explained: "由引擎在上次运行中逐一计数，而非估算。同一模型的各列共用每一步：权重只读一次。",
        whole_run: "整次运行（含提示词与奖励）",
        per_step: |steps| format!("÷ {steps} 步"),
        dispatches: "内核调度次数",
        submits: "队列提交次数",
        objects: "创建的 GPU 对象",
        read_back: "读回",
        uploaded: "写入 GPU",
        weights: "驻留的权重",
        privacy: "一切都在这台电脑上计算，你输入的内容不会离开它。",
    },
    notice: Notice {
        failure: zh_failures::failure,
        cpu_fallback: "此浏览器在这里不提供 WebGPU，因此由 CPU 运行：数值相同，只是慢一些。",
        device_restored: "GPU 短暂丢失，现已重新建立，运行继续。",
        catalogue: "无法读取模型列表。你仍可以打开自己的 GGUF 文件。",
        setting: |field| format!("设置 {} 的值还不能用。", field.name()),
        action: zh_failures::action,
        dismiss: "关闭",
        detail: "原因",
        webgpu_title: "如何启用 WebGPU",
        webgpu_steps: [
            (
                "Chrome、Edge",
                "Windows、macOS 和 ChromeOS 上 113 及以上版本已支持。请在“设置 → 系统”中开启“使用图形加速功能（如果可用）”。Linux 上还需启用 chrome://flags/#enable-unsafe-webgpu（Edge 为 edge://flags）。",
            ),
            (
                "Firefox",
                "Windows 上 141 及以上版本已支持，Apple 芯片的 Mac 则需更新的版本。其他系统请在 about:config 中把 dom.webgpu.enabled 设为 true。",
            ),
            ("Safari", "26 及以上版本已支持。更早的版本：“开发”菜单 → 功能标志 → WebGPU。"),
        ],
    },
};
