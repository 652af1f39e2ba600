//! The browser, its driver, the Vulkan software driver and the fonts: where they are, or how to get them.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Result, bail};

use crate::{
    run::{capture, command, find_program, report},
    setup::apt::Apt,
};

/// Something that a Debian package brings.
#[derive(Debug)]
pub(crate) struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    /// Where it is, if it is there.
    probe: fn() -> Option<PathBuf>,
    /// What it is for, if one can do without.
    optional: Option<&'static str>,
}

/// What the checks need beside the toolchains.
pub(crate) const BROWSER_AND_GPU: [Need; 4] = [
    Need { what: "Chromium", packages: &["chromium"], probe: chromium, optional: None },
    Need {
        what: "its driver",
        packages: &["chromium-driver"],
        probe: chromedriver,
        optional: None,
    },
    Need {
        what: "Vulkan software driver",
        packages: &["mesa-vulkan-drivers", "libvulkan1"],
        probe: vulkan,
        optional: None,
    },
    Need {
        what: "Chinese font",
        packages: &["fonts-noto-cjk"],
        probe: chinese_font,
        optional: Some("screenshots would show boxes in place of Chinese characters"),
    },
];

/// Looks for each need, installs the missing ones together, and looks again.
///
/// # Errors
/// If a need that one cannot do without is still missing.
pub(crate) fn ensure(apt: &mut Apt, needs: &[Need]) -> Result<()> {
    let mut missing = Vec::new();
    for need in needs {
        let since = Instant::now();
        match (need.probe)() {
            Some(path) => report(need.what, &format!("found: {}", path.display()), since),
            None => missing.push(need),
        }
    }
    let (optional, required): (Vec<_>, Vec<_>) =
        missing.into_iter().partition(|need| need.optional.is_some());
    for need in optional {
        let since = Instant::now();
        match apt.install(need.packages) {
            Ok(()) => report(need.what, "installed", since),
            Err(error) => {
                let without = need.optional.unwrap_or_default();
                report(need.what, &format!("missing, {without}: {error:#}"), since);
            }
        }
    }
    if required.is_empty() {
        return Ok(());
    }
    let since = Instant::now();
    let packages: Vec<_> = required.iter().flat_map(|need| need.packages).copied().collect();
    apt.install(&packages)?;
    for need in required {
        match (need.probe)() {
            Some(path) => report(need.what, &format!("installed: {}", path.display()), since),
            None => bail!(
                "{} was not found, even after its packages were installed ({})",
                need.what,
                need.packages.join(", ")
            ),
        }
    }
    Ok(())
}

/// Chromium or Chrome: the one that `CHROME` names, else the first in `PATH`.
pub(crate) fn chromium() -> Option<PathBuf> {
    named_by("CHROME").or_else(|| {
        let names =
            ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
        names.into_iter().find_map(find_program)
    })
}

/// The description of lavapipe, Mesa's Vulkan driver that needs no GPU.
pub(crate) fn lavapipe() -> Option<PathBuf> {
    ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"]
        .into_iter()
        .find_map(|folder| {
            file_in(Path::new(folder), |name| {
                name.starts_with("lvp_icd") && name.ends_with(".json")
            })
        })
}

fn chromedriver() -> Option<PathBuf> {
    named_by("CHROMEDRIVER").or_else(|| find_program("chromedriver"))
}

/// lavapipe, if the library that loads Vulkan drivers is there too.
fn vulkan() -> Option<PathBuf> {
    let is_loader = |name: &str| name.starts_with("libvulkan.so.1");
    let mut folders: Vec<PathBuf> =
        ["/usr/lib", "/usr/lib64", "/usr/local/lib"].map(PathBuf::from).into();
    // Debian keeps libraries in a folder for each machine type: /usr/lib/x86_64-linux-gnu.
    folders
        .extend(fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path()));
    folders.iter().find_map(|folder| file_in(folder, is_loader))?;
    lavapipe()
}

fn chinese_font() -> Option<PathBuf> {
    // Where Debian's package puts it; elsewhere fontconfig knows, if it is installed.
    let is_noto = |name: &str| name.starts_with("NotoSansCJK");
    file_in(Path::new("/usr/share/fonts/opentype/noto"), is_noto).or_else(|| {
        let list = capture(command("fc-list").args([":lang=zh", "file"])).ok()?;
        list.lines().next().map(|line| PathBuf::from(line.trim_end_matches([':', ' '])))
    })
}

fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

fn file_in(folder: &Path, matches: impl Fn(&str) -> bool) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let mut files: Vec<_> =
        entries.filter(|entry| entry.file_name().to_str().is_some_and(&matches)).collect();
    files.sort_by_key(fs::DirEntry::file_name);
    files.first().map(fs::DirEntry::path)
}
