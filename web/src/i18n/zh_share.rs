//! 中文：链接、文件、已存场景、撤销，以及页面的各部分。

use share::ShareError;
use share::link::LinkSize;
use share::replay::Reason;
use share::store::StoreError;

use super::share::{Dialog, Nav, Opened, Scenes, Share};
use crate::state::sharing::origin::Difference;
use crate::state::sharing::tab::Tab;

pub(super) const SHARE: Share = Share { nav: NAV, dialog: DIALOG, scenes: SCENES, opened: OPENED };

const NAV: Nav = Nav {
    title: "页面的各部分",
    tab: |tab| match tab {
        Tab::Compare => "对比",
        Tab::Inside => "内部",
        Tab::Lab => "实验",
    },
    tools: "撤销、保存与分享",
    undo: "撤销（Ctrl+Z）",
    redo: "重做（Ctrl+Shift+Z）",
    scenes: "我的场景",
    share: "分享",
    present: "投影",
    present_explained: "大字号、高对比度，适合投影；设置会隐藏起来",
    leave: "退出投影模式",
    keys: "Ctrl+Enter 运行，Esc 退出投影模式。",
    keys_steps: "Page Down 下一步，Page Up 上一步，Esc 退出投影模式。",
    open_page: "在 Glassbox 中打开",
};

const DIALOG: Dialog = Dialog {
    title: "分享眼前的一切",
    intro: "链接里什么都有：提示词、模型、设置、种子和视图。它们全在 # 之后，浏览器从不把这一段发给服务器。",
    close: "关闭",
    link: "链接",
    copy: "复制",
    copied: "已复制",
    copy_by_hand: "浏览器不允许复制。文字已经选中，请用键盘复制。",
    length: |chars| format!("{chars} 个字符"),
    size: |size| match size {
        LinkSize::Short => "够短，任何软件都能传。",
        LinkSize::Long => "有些软件会截断超过 2000 个字符的链接，存成文件更稳妥。",
        LinkSize::TooLong => "太长，不适合当作链接发送：请存成文件。",
    },
    answers: "附上回答",
    answers_explained: "打开链接的人能看到，得出的文字是否相同。",
    no_answers: "请先运行：页面上的内容还没有完整的回答。",
    presenter: "以投影模式打开",
    qr: "显示二维码",
    qr_label: "链接的二维码",
    qr_too_long: "链接太长，放不进二维码。",
    embed: "嵌入",
    embed_explained: "这段 HTML 能把此视图放进别的网页，周围什么都不带。",
    embed_title: "Glassbox：看语言模型工作",
    save: "存成文件",
    open: "打开文件……",
    file_explained: ".glassbox.json 文件也可以直接拖到页面任意位置。",
};

const SCENES: Scenes = Scenes {
    title: "我的场景",
    intro: "只存在这个浏览器里，别处都没有。",
    unnamed: "场景",
    name: "名称",
    save: "保存当前场景",
    none: "还没有保存任何场景。",
    open: |name| format!("打开“{name}”"),
    update: "替换",
    rename: "改名",
    rename_to: |name| format!("“{name}”的新名称"),
    keep_name: "确定",
    duplicate: "复制一份",
    delete: "删除",
    with_name: |what, name| format!("{what}：{name}"),
    deleted: |name| format!("已删除“{name}”。"),
    restore: "恢复",
    export: "全部导出",
    import: "导入……",
    imported: |count| match count {
        0 => "文件里的场景这里都已经有了。".to_owned(),
        _ => format!("导入了 {count} 个场景。"),
    },
    step_through: "逐个放映",
    share_all: "复制全部场景的链接",
    unreadable: |count| {
        format!("有 {count} 个已存场景在这里打不开：它们由其他版本保存，原样留着。")
    },
    trouble: |error| match error {
        StoreError::Closed => "这个浏览器不为本页保存任何内容，请改为存成文件。".to_owned(),
        StoreError::Full => "浏览器给本页的空间已满。请删除一个场景，或改为存成文件。".to_owned(),
        StoreError::TooMany { max } => format!("最多保存 {max} 个场景，请先删除一个。"),
        StoreError::Name { max } => format!("名称须为一行，1 到 {max} 个字符。"),
        StoreError::Missing { .. } => "这个场景已经不在了，可能在另一个标签页里被删除。".to_owned(),
        StoreError::Share(error) => refused(error),
    },
};

const OPENED: Opened = Opened {
    title: "来自链接或文件",
    refused,
    refused_on: "页面保持原样。",
    detail: "具体原因",
    dismiss: "关闭",
    difference: |difference, name| match difference {
        Difference::NoModel(_) => {
            format!("这个场景用的是别人电脑上的文件“{name}”。打开同一个文件就能运行。")
        }
        Difference::NoStage(..) => format!("这里没有 {name}，所以这个场景无法运行。"),
        Difference::File(_) => format!("{name} 在这里的文件与制作时不同，回答可能不一样。"),
        Difference::Adapter(..) => format!("{name} 在制作之后重新训练过，回答可能不一样。"),
    },
    pick_file: "打开文件……",
    needs: "这个场景需要一个尚未载入的模型：",
    load: |name, size| format!("载入 {name}（{size}）并运行"),
    replaying: "正在重跑收到的场景……",
    same: |columns| match columns {
        1 => "文字相同：回答与制作时逐个词元一致。",
        _ => "文字相同：所有回答与制作时逐个词元一致。",
    },
    same_column: |letter| format!("{letter} 列：文字相同。"),
    diverged: |letter, place, expected, actual| {
        format!("{letter} 列从第 {place} 个词元起不同：原来是{expected}，这次是{actual}。")
    },
    the_end: "文本结束",
    token: |text| format!("“{text}”"),
    token_id: |id| format!("编号 {id} 的词元"),
    reason: |reason| match reason {
        Reason::OtherFile => "模型文件与制作时的不是同一个。",
        Reason::OtherAdapter => "这个阶段的权重与制作时不同。",
        Reason::OtherBackend => {
            "当时运行在别的硬件上。相加的次序不同，舍入也就不同；两个词元几乎同样可能时，这一点差别就决定了选谁，之后的文字便各走各路。"
        }
        Reason::Stopped => "这次中途停止了，或者可用的长度更短。",
        Reason::Unknown => {
            "就已知信息而言，模型、设置和硬件都相同。驱动或 Glassbox 的版本可能不同；两个词元几乎同样可能时，求和的最后一位就能决定结果。"
        }
    },
    show: "看看那里",
    lost: |letter| {
        format!("{letter} 列：分支没能走完，因为当时选的词元在这里不在最可能的十个之列。")
    },
    set: "一组场景",
    set_place: |at, count| format!("第 {at} 个，共 {count} 个"),
    back: "上一个",
    next: "下一个",
    keep_set: "存入我的场景",
    close_set: "离开这组场景",
};

fn refused(error: &ShareError) -> String {
    match error {
        ShareError::NoLink => "这个地址里没有场景。".to_owned(),
        ShareError::FutureVersion { .. } => {
            "它由更新版本的 Glassbox 制作。请刷新页面，或请对方用这个版本重做链接。".to_owned()
        }
        ShareError::TooLong { .. } | ShareError::TooLarge { .. } => {
            "里面的内容远远超过任何场景所需，因此没有打开。".to_owned()
        }
        ShareError::Damaged => "链接已损坏：缺了一段或被改动过。请让对方重新发一次。".to_owned(),
        ShareError::Unreadable(_) => "这不是 Glassbox 写出的内容。".to_owned(),
        ShareError::Scene(_) => "这个场景里有 Glassbox 不允许的数值，因此没有打开。".to_owned(),
        ShareError::Lesson(_) => "这份课程无法读取。".to_owned(),
        ShareError::Collection { max, .. } => {
            format!("一组场景须有 1 到 {max} 个，且各有名称，这一组不符合。")
        }
    }
}
