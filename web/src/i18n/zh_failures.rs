//! 中文：出了什么问题，以及怎么继续。

use crate::protocol::FailureKind;
use crate::state::notice::Action;

pub(super) fn failure(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::NoWebGpu => {
            "你选择了 GPU，但此浏览器在这里不提供 WebGPU。CPU 得到的数值相同，只是慢一些。"
        }
        FailureKind::DownloadRefused => "模型下载失败：服务器拒绝提供该文件，或无法连接。",
        FailureKind::DownloadInterrupted => "下载途中连接断开。已收到的部分已保存。",
        FailureKind::CorruptedFile => "模型文件已损坏：内容与应有的不符，因此没有使用。",
        FailureKind::Unsupported => {
            "此文件含有 Glassbox 无法运行的内容：未知的格式、架构、分词器或张量类型。"
        }
        FailureKind::OutOfMemory => "内存不足，无法以当前的上下文长度运行这个模型。",
        FailureKind::DeviceLost => "GPU 设备丢失（驱动重置或系统休眠），且未能自动恢复。",
        FailureKind::PromptTooLong => "提示词超出了上下文长度，放不下。",
        FailureKind::EmptyPrompt => "提示词是空的：模型需要一个开头。",
        FailureKind::NoModel => "尚未载入模型。",
        FailureKind::Template => "模型的对话模板无法把这段对话转成文本。",
        FailureKind::Storage => {
            "无法使用浏览器为本站提供的存储空间，可能已满，或在隐私窗口中被禁用。模型仍可运行，但可能无法保留。"
        }
        FailureKind::Internal => "Glassbox 内部出错了。重新载入模型通常可以解决。",
    }
}

pub(super) fn action(action: Action) -> String {
    match action {
        Action::UseCpu => "改用 CPU".to_owned(),
        Action::LoadAgain => "载入模型".to_owned(),
        Action::ResumeDownload => "继续下载".to_owned(),
        Action::RemoveAndLoad => "删除并重新下载".to_owned(),
        Action::PickFile => "选择其他文件".to_owned(),
        Action::PickModel => "选择其他模型".to_owned(),
        Action::LoadWithContext(tokens) => format!("以 {tokens} 词元的上下文重新载入"),
        Action::UseExample => "使用示例".to_owned(),
        Action::EditPrompt => "修改提示词".to_owned(),
        Action::RawMode => "让每一列都用原文".to_owned(),
        Action::ShowStored => "查看已保存的文件".to_owned(),
        Action::ReadCatalogue => "重试".to_owned(),
        Action::ShowSetting(field) => format!("前往 {}", field.name()),
    }
}
