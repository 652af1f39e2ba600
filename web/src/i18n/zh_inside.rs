//! Chinese: the inside view's frame, tokens, embedding, attention.

use share::scene::Panel;

use super::inside::{Heatmap, Inside, InsideAttention, InsideEmbedding, InsideTokens};
use super::zh_lab::LAB;
use crate::protocol::inside::SegmentKind;
use crate::state::inside::attention::Role;

pub(super) const HEATMAP: Heatmap = Heatmap {
    role: "以图表示的表格",
    keys: "方向键在格子间移动，回车锁定，Esc 松开。+ 和 − 放大缩小，0 显示全图，Shift 加方向键平移。用鼠标：Ctrl 加滚轮缩放，拖动平移。",
    closer: "放大",
    farther: "缩小",
    whole: "全图",
    masked: "被遮住：不存在，而不是零",
};

pub(super) const INSIDE: Inside = Inside {
    open: "看看内部 →",
    back: "← 回到各列回答",
    back_to_lab: "← 回到实验室",
    lab_prompt: "这是实验室里提问时用的提示词，各部分保持原来的颜色。",
    to_columns: "改为查看各列",
    title: |name| format!("{name} 的内部：从文字到下一个词元"),
    no_text: "加载一个模型并输入提示词，它的内部就会在这里打开。",
    which_column: "查看哪一列",
    strip: "文本切成的词元；选中的那个会在所有面板中跟随",
    pipeline: "从文字到下一个词元",
    panel: |panel| match panel {
        Panel::Tokens => "词元",
        Panel::Embedding => "嵌入",
        Panel::Attention => "注意力",
        Panel::FeedForward => "前馈网络",
        Panel::Residual => "残差流",
        Panel::Output => "输出",
        Panel::Influence => "什么起了作用",
        Panel::Switches => "关掉试试",
    },
    segment: |kind| match kind {
        SegmentKind::Template => "模板".to_owned(),
        SegmentKind::System => "系统".to_owned(),
        SegmentKind::Example { number } => format!("示例 {number}"),
        SegmentKind::Question => "问题".to_owned(),
        SegmentKind::Raw => "提示词".to_owned(),
        SegmentKind::Part { part, number } => (LAB.parts.numbered)(part, number as usize),
        SegmentKind::Rest => "提示词的其余部分".to_owned(),
        SegmentKind::Answer => "回答".to_owned(),
    },
    layer: "层",
    head: "头",
    place: |place| format!("位置 {place}"),
    waiting: "正在计算……",
    progress: |done, total| format!("正在计算：{done} / {total}"),
    failed: "这一项没能算出来。",
    stopped: "还没算完就停下了。",
    again: "重新计算",
    old: "下面还是之前的结果。",
};

pub(super) const TOKENS: InsideTokens = InsideTokens {
    intro: "模型读的不是字母或汉字。分词器把文本切成固定词表里的小块，每一块以一个数字（编号）送入模型。之后的一切都由这些数字算出。",
    chips: "词元及其编号",
    one_of: |vocab| format!("这个模型认识 {vocab} 个词元，这是其中之一。"),
    merges: "这一块是怎样拼起来的",
    piece: "一小段文本",
    merges_explained: "分词器从单个字符或字节开始，每次合并相邻的两块，总是先合并在它的列表里排得最前的那一对。列表是靠数数学来的：常见的组合排在前面。",
    start: "起点",
    merge: |step, rank| format!("第 {step} 次合并 · 列表第 {rank} 条"),
    merge_unranked: |step| format!("第 {step} 次合并"),
    packing: "文本压得多紧",
    packing_explained: "用大量英文做成的词表里有很长的英文片段，别的语言则被切得更碎，同样的内容要走更多步。同一句话的两种语言：",
    text: "文本",
    characters: "字符",
    tokens: "词元",
    ratio: "每个词元的字符数",
    this_text: "上面的文本",
    english: "英文",
    chinese: "中文",
    rival: "同样的文本，换一个分词器",
    rival_model: "与之比较",
    no_rival: "再加载一个模型，就能比较两者的分词器。",
    cut: |model, tokens, ratio| match ratio {
        Some(ratio) => format!("{model}：{tokens} 个词元，每个词元 {ratio:.2} 个字符"),
        None => format!("{model}：{tokens} 个词元"),
    },
    parts: |byte| match byte {
        Some(byte) => format!("在第 {byte} 个字节之后，两者切法不同。"),
        None => "两者在同样的地方切开这段文本。".to_owned(),
    },
};

pub(super) const EMBEDDING: InsideEmbedding = InsideEmbedding {
    intro: "编号对应一张大表里的一行，这就是嵌入：第一个块得到的就是这一行数字。训练把用法相近的词元放到了相近的方向上。词元站在哪里，则要到每个块里靠旋转查询和键来表示。",
    row_title: "这个词元的那一行",
    row: |token, width, vocab| {
        format!("“{token}”的嵌入：{width} 个数，是 {vocab} 行中的一行。橙色大于零，青色小于零。")
    },
    component: |at, value| format!("第 {at} 个分量：{value}"),
    nearest: "最近的行",
    nearest_explained: "整个词表中，方向与它最接近的词元：夹角的余弦，1 表示方向相同。",
    cosine: "夹角的余弦",
    cloud_title: "向量穿过各个块",
    cloud_explained: "文本的每个词元是一个点，按这些向量差别最大的两个方向（主成分，就在这里由这些向量算出）画出。一块一块往后走：词元的向量吸收了它前面的内容，于是同一个词在不同的上下文里会分开。",
    blocks: "已穿过的块数",
    cloud: |blocks, share, neighbours| {
        let place = match blocks {
            0 => "进入第一个块之前".to_owned(),
            _ => format!("穿过 {blocks} 个块之后"),
        };
        let near = match (neighbours, blocks) {
            (0, _) => String::new(),
            (_, 0) => format!("灰色：词表中最近的 {neighbours} 个词元。"),
            _ => format!(
                "灰色：词表中与所选词元此时的向量方向最接近的 {neighbours} 行，长度画成与该向量相同。"
            ),
        };
        format!(
            "{place}各词元的向量，从差别最大的两个方向看去，这两个方向包含了全部差别的 {share}。{near}"
        )
    },
    near_after: |token, blocks, list| match blocks {
        0 => format!("进入第一个块之前离“{token}”最近的（余弦）：{list}"),
        _ => format!("穿过 {blocks} 个块之后离“{token}”最近的（余弦）：{list}"),
    },
    twin: |token, one, other, blocks, cosine| match blocks {
        0 => format!("位置 {one} 和 {other} 的“{token}”：一开始是同一行，余弦 {cosine}。"),
        _ => format!("位置 {one} 和 {other} 的“{token}”：穿过 {blocks} 个块之后，余弦 {cosine}。"),
    },
    rope: "位置：转动的指针",
    rope_explained: "查询和键里的数两个一对，每一对是表盘上的一根指针。每往后一个位置，每根指针各转过自己的角度：前面的转得快，后面的转得慢。查询与键相乘时，留下的只有两个位置之差。",
    rope_formula: |place, width, base| {
        format!("位置 {place} 上第 i 对的角度 = {place} · {base}^(−2i / {width})")
    },
    hand: |pair, degrees, period| format!("第 {pair} 对：{degrees}°，每 {period} 个词元转满一圈"),
    swap: "两个词互换位置会怎样",
    swap_explained: "送进去的还是表里同样的那些行，只是次序不同。如果位置没有意义，出来的向量也应相同。选一个词与跟随的词元互换；两段文本都会真的运行一遍。",
    swap_with: "与之互换",
    swapped: |token, from, to, blocks, cosine| {
        if from == to {
            format!(
                "没有移动的“{token}”（位置 {from}）：穿过 {blocks} 个块之后，两段文本中的余弦 {cosine}。"
            )
        } else {
            format!(
                "“{token}”原在位置 {from}，另一段文本中在位置 {to}：穿过 {blocks} 个块之后，余弦 {cosine}。"
            )
        }
    },
    swap_recut: "互换之后文本会被切成别的词元，这样比较就不公平了。请换一个词。",
};

pub(super) const ATTENTION: InsideAttention = InsideAttention {
    intro: "在每个块里，每个词元（查询，即一行）都会看它前面的词元（键，即各列），并取来它们的值的一部分。各取多少就是注意力权重；每一行加起来等于 1。",
    what: "显示",
    mode_head: "一个头",
    mode_mean: "整层平均",
    mode_rollout: "注意力展开",
    mode_difference: "阶段之间的差别",
    step: "步骤",
    step_score: "1 · 得分 q·k",
    step_scaled: "2 · 缩放与遮罩",
    step_weight: "3 · softmax",
    root: "突出小的权重",
    lines: "画成连线",
    caption_head: |layer, head, step| {
        format!("第 {layer} 层第 {head} 个头：{step}。行是查询，列是键。")
    },
    caption_mean: |layer| format!("第 {layer} 层：所有头权重的平均。行是查询，列是键。"),
    caption_rollout: |layer| {
        format!(
            "到第 {layer} 层为止的注意力展开：把各层的平均权重与残差流各取一半，再逐层相乘。它粗略地表示哪些词元可能影响到了哪些词元。"
        )
    },
    caption_difference: |layer, head, stage| {
        format!(
            "第 {layer} 层第 {head} 个头：同一段文本上，这里的权重减去“{stage}”的权重。橙色：这里更多；青色：更少。"
        )
    },
    cell: |query, query_at, key, key_at, value| match value {
        Some(value) => format!("“{query}”（{query_at}）看“{key}”（{key_at}）：{value}"),
        None => {
            format!("“{query}”（{query_at}）与“{key}”（{key_at}）：被遮住，这个查询看不到这个键")
        }
    },
    lines_caption: |query, keys| format!("“{query}”最关注 {keys}。点击左边的词元来跟随它。"),
    score: |query, key, width| format!("“{query}”的查询与“{key}”的键：{width} 个乘积相加。"),
    scaled: "乘以一个固定的数，使得分不随宽度变大。然后去掉查询之后的键：它不能看到自己要预测的内容。",
    softmax: |keys| format!("得分取指数，再除以这个查询能看到的 {keys} 个键的总和。"),
    masked: "对这个查询来说，这个键被遮住了，不参与 softmax。",
    mass: "注意力去了哪里",
    mass_explained: |query| {
        format!("注意力落在文本各部分上的份额：深色是位置 {query} 的查询，浅色是所有查询的平均。")
    },
    mass_own: |query| format!("位置 {query} 的查询"),
    mass_all: "所有查询的平均",
    role: |role, share, queries| {
        let what = match role {
            Role::Previous => "最关注前一个词元",
            Role::First => "最关注第一个词元",
            Role::Own => "最关注自己",
            Role::Induction => "最关注同一词元上次出现之后的内容（归纳）",
        };
        format!("{what}：{queries} 个位置中的 {share}")
    },
    reminder: "注意力不是解释：权重说的是一个头从哪里取了东西，而不是这些东西后来怎样了。把这个头关掉，看看输出变不变。",
    too_long: |most| format!("只有不超过 {most} 个词元的文本才逐对计算注意力；这段文本更长。"),
    switch_off: |layer, head| format!("关掉第 {layer} 层第 {head} 个头"),
    heads: "所有的头",
    heads_explained: "每张小图是一个头在这段文本上的注意力，每一行是一层。点击一张，或用方向键移动。",
    head_at: |layer, head| format!("第 {layer} 层，第 {head} 个头"),
    against: "与之比较",
    no_other_stage: "这个模型只有一个阶段，没有可比较的。",
    changes: "变化最大的头",
    changes_explained: "两个阶段在这段文本上注意力权重之差的绝对值的平均。",
};
