//! 中文：“内部”视图的后几个面板。

use share::scene::SwitchPart;

use super::inside2::{
    InsideFeedForward, InsideInfluence, InsideMore, InsideNumbers, InsideOutput, InsideResidual,
    InsideSwitches,
};
use crate::protocol::inside::NormPlace;

pub(super) const MORE: InsideMore = InsideMore {
    target: "要解释的输出词元",
    target_auto: "文中的下一个；若没有，则取最可能的",
    target_other: "换一个词元",
    target_placeholder: "直接输入，空格也算",
    numbers: NUMBERS,
};

const NUMBERS: InsideNumbers = InsideNumbers {
    step_value: "4 · 值的加权和",
    value_explained: |query, key| {
        format!(
            "“{query}”取来“{key}”的值，乘以权重；其他每个键也是这样，然后全部相加。这里写出的是和中最大的分量，以及权重最大的几个键。这个和再经过输出矩阵，加进残差流。"
        )
    },
    norm_title: "归一化：把向量变成同样的大小",
    norm_explained: "注意力、前馈层和输出矩阵在读取残差流的向量之前，都先把它除以自身的大小（均方根，再加一个很小的 ε 以免除以零），然后每个分量乘以一个学到的权重。",
    norm_before: "哪一处的归一化",
    norm_place: |place| match place {
        NormPlace::Attention => "注意力之前",
        NormPlace::FeedForward => "前馈层之前",
        NormPlace::Final => "输出之前（最终归一化）",
    },
    norm_rows: ["除后", "权重", "结果"],
    norm_cell: |at, x, weight, y| {
        format!("第 {at} 个分量：残差流中为 {x}，权重 {weight}，结果 {y}")
    },
    norm_caption: |place, layer, token, at| {
        let what = match place {
            NormPlace::Attention => format!("第 {layer} 层的注意力之前"),
            NormPlace::FeedForward => format!("第 {layer} 层的前馈层之前"),
            NormPlace::Final => "输出矩阵之前".to_owned(),
        };
        format!(
            "{what}，“{token}”（{at}）：残差流的向量除以自身大小、权重，以及两者之积。超出色阶两端的数用最深的颜色。"
        )
    },
    stages_title: "同一个头在各个阶段",
    stages_explained: "同一段文本、同一个头，把模型的各个阶段并排放在一起：看训练怎样改变了它看的地方。",
    stages_show: "并排显示所有阶段",
    stages_hide: "收起",
    stage_caption: |stage, layer, head| {
        format!("{stage}：第 {layer} 层第 {head} 个头的注意力。行是查询，列是键。")
    },
    cosine: |own, other| {
        format!(
            "a 是“{own}”的那一行，b 是“{other}”的那一行：两者的乘积除以各自的长度。点选别的近邻，就能看到它的数。"
        )
    },
    pair: "第几对",
    lens: |top| format!("“{top}”的 softmax：它的 logit 减去整个词表的 ln Σ exp，再取指数。"),
    worth: |token, place| {
        format!(
            "“{token}”（{place}）：全文完整时的概率减去没有它时的概率。指向一个词元，就能看到它的数。"
        )
    },
    divergence: "KL(P ‖ Q) = Σ P × log₂(P ÷ Q)，对整个词表求和，P 是未改动的，Q 是改动后的。其中最大的一项，以及总和：",
    drawn: |token| {
        format!(
            "以“{token}”为例：先由 logit 得到缩放后的 logit，再减去所有留下的词元的 ln Σ exp，取指数。"
        )
    },
};

pub(super) const FEED_FORWARD: InsideFeedForward = InsideFeedForward {
    intro: "注意力让各词元互通消息之后，前馈层单独处理每个词元。每个神经元寻找一种模式（门打开），找到了就把自己的向量加进这个词元的残差流：这个向量偏向某些输出词元，压低另一些。",
    gate: "门",
    up: "上投影",
    product: "乘积",
    quiet: |quiet, all| {
        format!("{all} 个神经元中有 {quiet} 个在这里几乎不作声：乘积不到最大者的百分之一。")
    },
    cell: |neuron, gate, up, product| {
        format!("神经元 {neuron}：门 {gate}，上投影 {up}，乘积 {product}")
    },
    caption: |layer, neurons| {
        format!(
            "第 {layer} 层全部 {neurons} 个神经元在所选词元处的数值：激活函数之前的门、上投影、两者的乘积。少数超出色阶两端的数用最深的颜色。"
        )
    },
    neuron: |neuron| format!("神经元 {neuron}"),
    active: "最活跃的神经元",
    active_caption: "在这个词元处乘积最大的神经元。点选一个，看它推动哪些词元。",
    formula_explained: "门经过激活函数，再乘以上投影：这就是该神经元把自己的向量加进残差流的力度。",
    push: "对 logit 的推力",
    pushes_up: "使之更可能",
    pushes_down: "使之更不可能",
    push_caption: "该神经元的向量经过输出矩阵，再乘以它在这里的乘积。此时尚未除以最终归一化的长度，后面的层还可能改变它。",
    switch_off: "关掉这个神经元看看",
};

pub(super) const RESIDUAL: InsideResidual = InsideResidual {
    intro: "每个词元都有一条残差流：一个从嵌入开始的向量。每一块的注意力和前馈层都往上加，从不抹去。最后一块之后的结果决定下一个词元，不过我们可以提前问。",
    layer: |layer| format!("第 {layer} 层"),
    lens: "Logit 透镜",
    lens_explained: "如果模型在若干块之后就停下，它接下来会说什么？把残差流直接送过最终归一化和输出矩阵，就当它已是最后一块。每行是文中的一个词元，每列是经过的块数；0 是单纯的嵌入。",
    cells: "格子里显示",
    cells_top: "最可能的下一个词元",
    cells_target: "要解释的词元的名次",
    embedding_short: "0",
    lens_caption: "在每个词元（行）之后、经过若干块（列）时最可能的下一个词元，颜色越深概率越大。",
    lens_target_caption: |target| {
        format!(
            "“{target}”在所有词元中的名次：行是词元，列是经过的块数，#1 最可能。颜色越深概率越大。"
        )
    },
    lens_cell: |token, place, blocks, top, probability| match blocks {
        0 => format!("“{token}”（{place}），只有嵌入：下一个是“{top}”，概率 {probability}。"),
        _ => {
            format!("“{token}”（{place}），经过 {blocks} 块：下一个是“{top}”，概率 {probability}。")
        }
    },
    lens_rank: |target, rank, probability| format!("“{target}”排第 {rank}，概率 {probability}。"),
    not_yet: "这里还没有算到。",
    settles: |top, blocks, all| match blocks {
        0 => format!("在这个词元之后，从嵌入起就猜“{top}”。"),
        _ => format!("在这个词元之后，从第 {blocks} 块起（共 {all} 块）就猜“{top}”，此后不再变。"),
    },
    lens_table: "全部存为表格（CSV）",
    earlier: "← 往前",
    later: "往后 →",
    shown: |first, last, all| format!("词元 {first}–{last}，共 {all} 个"),
    embedding: "嵌入",
    attention: "注意力",
    feed_forward: "前馈层",
    contributions: "这个 logit 是谁造就的？",
    contributions_explained: "logit 是一个和：嵌入的部分，加上每一层注意力和每一层前馈所加的部分，都经过输出矩阵读出，最终归一化的除数保持不变。正数支持这个词元，负数反对它。点选一层，其他面板也会跟到那一层。",
    contributions_caption: |target, token, place| {
        format!("在“{token}”（{place}）之后，“{target}”的 logit 由这些部分组成。")
    },
    sum: |logit, probability| {
        format!(
            "嵌入 + 全部注意力 + 全部前馈层。模型自己算出的 logit 是 {logit}，对应概率 {probability}。"
        )
    },
    stream: "残差流",
    lengths: "向量有多长",
    lengths_explained: "每一块都往残差流上加，它便越来越长；流越长，后来加上的份量就越轻。",
    lengths_caption: |token, place| {
        format!(
            "“{token}”（{place}）的残差流在每层之后的长度，以及该层注意力和前馈层所加部分的长度。"
        )
    },
};

pub(super) const OUTPUT: InsideOutput = InsideOutput {
    intro: "到了最后，词表里每个词元都有一个数：logit。温度和筛选把它们变成抽取下一个词元的概率。拖动滑块试试：模型不会重新运行，只是换一种方式读同一组 logit。",
    about: |token, place| format!("“{token}”（{place}）之后可能出现什么："),
    left: |count| format!("剩 {count} 个词元"),
    greedy: "温度为 0 时不抽签：直接取最可能的词元。",
    said: |all, top_k, top_p, min_p, entropy| {
        format!(
            "全部 {all} 个词元中，top_k 留下 {top_k} 个，top_p 从中留下 {top_p} 个，min_p 最后留下 {min_p} 个。这一切之前的熵是 {entropy} 比特。"
        )
    },
    table: "最可能的词元：从 logit 到概率",
    tempered: "温度之后",
    tempered_explained: "缩放后的 logit 对整个词表做 softmax，尚未筛选",
    formula: "概率 = exp(logit ÷ 温度) ÷ 所有留下的词元的该值之和。",
    out: |filter| format!("出局：{filter}"),
    draw_title: "抽签",
    draw_explained: "留下的词元按编号并排放好，各占与其概率相同的宽度。一个 0 到 1 之间的随机数指向其中之一。随机数由种子和位置算出，所以同一个种子总会抽到同一个词元；每多抽一次就换下一个种子。",
    draw: "抽一次",
    draw_many: |count| format!("抽 {count} 次"),
    forget: "清空",
    drew: |needle, token, share, seed| {
        format!("种子 {seed} 给出 {needle}，指向“{token}”（概率 {share}）。")
    },
    expected: "概率",
    drawn: "你抽到的比例",
    draws_caption: |draws| match draws {
        0 => "最可能的词元。抽几次，你抽到的比例就会列在概率旁边。".to_owned(),
        _ => format!("最可能的词元：概率，以及你 {draws} 次抽签中的比例。"),
    },
};

pub(super) const INFLUENCE: InsideInfluence = InsideInfluence {
    intro: "模型说出下一个词，靠的是哪些词元？最可靠的办法是逐个拿掉、重新运行：少了它，那个词的概率掉多少，它就值多少。注意力只说明模型看了哪里，两者常常不一致。",
    way: "每个词元",
    drop: "拿掉",
    replace: "替换",
    filler: "换成",
    run: |count| format!("测量 · 运行 {count} 次"),
    stop: "停止",
    by_occlusion: "词元的价值",
    by_attention: "注意力",
    occlusion_explained: "少了这个词元，概率掉几个百分点。蓝绿色表示没有它反而更可能。",
    attention_explained: "逐层累积的注意力（rollout）：各头取平均，看每个词元有多少经由注意力流到末尾。只根据注意力权重算出。",
    caption: "每个词元对输出的价值（拿掉它测得），旁边是它得到的注意力。两者各用各的刻度。",
    about: |target, token, place, probability| {
        format!("全文完整时，“{token}”（{place}）之后出现“{target}”的概率是 {probability}。")
    },
    strongest: |token, place, probability| {
        format!("少了“{token}”（{place}），概率变为 {probability}：没有别的词元影响更大。")
    },
    agreement: |value| {
        format!(
            "两种度量的等级相关：{value}（1 表示次序相同，0 表示毫无关系）。看得最多的，不一定最要紧。"
        )
    },
};

pub(super) const SWITCHES: InsideSwitches = InsideSwitches {
    intro: "想知道一个部件有什么用，就把它拿掉。可以关掉单个头、整层注意力、整层前馈或单个神经元，也可以把它们放大到两倍，再与未改动的运行对比。拿掉之后毫无变化的部件，在这里就用不着。",
    follows: |tokens, is_prompt| {
        let what = if is_prompt { "提示词" } else { "到所选词元为止的文字" };
        format!(
            "两次运行都从{what}（{tokens} 个词元）往下写。选中回答里的一个词元，就从那里往下写。"
        )
    },
    board: "模型的部件",
    board_explained: "每行是一层。点一下关掉（×），再点一下恢复；方向键可移动。",
    layer: "层",
    heads: "注意力头",
    attention: "注意力",
    feed_forward: "前馈层",
    part: |part, layer, index| match part {
        SwitchPart::Head => format!("第 {layer} 层 · 头 {index}"),
        SwitchPart::Attention => format!("第 {layer} 层 · 全部注意力"),
        SwitchPart::FeedForward => format!("第 {layer} 层 · 前馈层"),
        SwitchPart::Neuron => format!("第 {layer} 层 · 神经元 {index}"),
    },
    scaled: |scale| match scale {
        0.0 => "已关".to_owned(),
        1.0 => "开着".to_owned(),
        scale => format!("乘以 {scale}"),
    },
    reset: "全部恢复",
    back: "恢复",
    neuron: |layer| format!("第 {layer} 层的神经元"),
    off: "关掉",
    patch: "从另一段提示词移植",
    patch_explained: "运行另一段提示词，取其中一个词元在某一层之后的残差向量，放进这次运行。如果回答转而跟随那段提示词，就说明起作用的信息正在这个向量里。",
    source: "另一段提示词",
    source_placeholder: "例如：同样的问题，换一个国家",
    source_token: "取这个词元的向量",
    after_layer: "在此层之后",
    here: |token| format!("放到所选词元（{token}）"),
    remove: "撤销移植",
    patched: |token, place, from, layer| {
        format!("第 {layer} 层之后，“{token}”（{place}）换上“{from}”的向量。")
    },
    beyond: |token| {
        format!(
            "词元 {token} 不在两次运行读入的文字里：请选中提示词里的一个词元，再把向量放到那里。"
        )
    },
    untouched: "未改动",
    changed: "改动后",
    differs: |bits, place| {
        format!("分布移动了 {bits} 比特（KL 散度），两段文字从第 {place} 个词元起不同。")
    },
    same: |bits| format!("分布移动了 {bits} 比特（KL 散度），文字没有变。"),
    chart_caption: "最可能的下一个词元的概率：未改动与改动后，按整个词表计算。",
    greedy: "两段文字都是贪心生成的：每次取最可能的词元，所以差别只来自改动。",
};
