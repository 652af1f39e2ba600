//! Debian packages.

use std::process::Command;

use anyhow::{Result, bail};

use crate::run::{capture, command, find_program, run};

/// Installs packages, if this user may.
#[derive(Debug, Default)]
pub(crate) struct Apt {
    /// The package lists were brought up to date.
    updated: bool,
}

impl Apt {
    /// Installs packages.
    ///
    /// # Errors
    /// If there is no apt, no right to use it, or it fails. The message holds the command to type.
    pub(crate) fn install(&mut self, packages: &[&str]) -> Result<()> {
        let by_hand = format!(
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
            packages.join(" ")
        );
        if find_program("apt-get").is_none() {
            bail!("there is no apt-get here; on Debian the command is `{by_hand}`");
        }
        let Some(as_root) = as_root() else {
            bail!("only root may install packages; type `{by_hand}`");
        };
        println!("  installing {} with apt-get", packages.join(", "));
        if !self.updated {
            run(as_root().args(["apt-get", "update", "-q"]))?;
            self.updated = true;
        }
        run(as_root()
            .args(["apt-get", "install", "-q", "-y", "--no-install-recommends"])
            .args(packages))
    }
}

/// The installed versions of some packages, one line each; `None` if one of them is not installed.
pub(crate) fn installed(packages: &[&str]) -> Option<String> {
    let format = "--showformat=${db:Status-Status} ${Package} ${Version}\\n";
    let list = capture(command("dpkg-query").args(["--show", format]).args(packages)).ok()?;
    let complete = list.lines().count() == packages.len();
    (complete && list.lines().all(|line| line.starts_with("installed "))).then_some(list)
}

/// How to run a program as root: `None` if this user may not, or not without typing a password.
fn as_root() -> Option<fn() -> Command> {
    if capture(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
        return Some(|| {
            let mut env = command("env");
            env.arg("DEBIAN_FRONTEND=noninteractive");
            env
        });
    }
    capture(command("sudo").args(["-n", "true"])).ok()?;
    Some(|| {
        let mut sudo = command("sudo");
        sudo.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive"]);
        sudo
    })
}
