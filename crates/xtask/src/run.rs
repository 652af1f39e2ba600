//! Child processes: a clean environment, and errors that show the command line to type.

use std::{
    env,
    ffi::{OsStr, OsString},
    io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::Instant,
};

use anyhow::{Error, Result, anyhow};

/// What the outer `cargo run` sets for this process only. Build scripts that watch such variables would
/// run again each time, and another toolchain's cargo would be led astray.
const SET_BY_CARGO: [&str; 6] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_CRATE_",
    "CARGO_BIN_",
    "CARGO_PRIMARY_",
    "CARGO_TARGET_TMPDIR",
];

/// A command that sees the reader's environment, not what cargo added to it.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(set_by_cargo) {
            command.env_remove(name);
        }
    }
    if let Some(libraries) = env::var_os("LD_LIBRARY_PATH") {
        match without_toolchains(&libraries) {
            Some(rest) => command.env("LD_LIBRARY_PATH", rest),
            None => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
    command
}

/// `cargo` in the repository, with the toolchain that runs this program.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut cargo = command("cargo");
    cargo.current_dir(root);
    cargo
}

/// Runs a command whose output goes to the terminal.
///
/// # Errors
/// If it cannot be started or fails; the message holds its command line.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(failed(command, status)) }
}

/// Runs a command and returns what it writes to its standard output.
///
/// # Errors
/// If it cannot be started or fails; the message holds its command line and its last words.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let error = failed(command, output.status);
    Err(if complaint.is_empty() { error } else { anyhow!(complaint).context(error) })
}

/// The command line, ready to be pasted into a shell.
pub(crate) fn line(command: &Command) -> String {
    let set = command.get_envs().filter_map(|(name, value)| {
        // Only a cleaned variable, nothing that the reader has to type.
        let value = value.filter(|_| name != "LD_LIBRARY_PATH")?;
        Some(format!("{}={}", name.to_string_lossy(), quote(value)))
    });
    let words = [command.get_program()].into_iter().chain(command.get_args()).map(quote);
    set.chain(words).collect::<Vec<_>>().join(" ")
}

/// Finds a program in `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Prints one line for a step: what, how it stands, how long it took.
pub(crate) fn report(what: &str, state: &str, since: Instant) {
    println!("  {what:<26} {state} ({:.2} s)", since.elapsed().as_secs_f64());
}

fn set_by_cargo(name: &str) -> bool {
    matches!(name, "CARGO" | "OUT_DIR" | "RUST_RECURSION_COUNT")
        || SET_BY_CARGO.iter().any(|prefix| name.starts_with(prefix))
}

/// Drops the folders of rustup's toolchains and of cargo's build output.
fn without_toolchains(paths: &OsStr) -> Option<OsString> {
    let is_own = |path: &PathBuf| {
        !path
            .components()
            .any(|part| part.as_os_str() == "toolchains" || part.as_os_str() == "target")
    };
    let kept: Vec<_> = env::split_paths(paths).filter(is_own).collect();
    if kept.is_empty() { None } else { env::join_paths(kept).ok() }
}

fn quote(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn not_started(command: &Command, error: &io::Error) -> Error {
    let program = command.get_program().to_string_lossy();
    match error.kind() {
        io::ErrorKind::NotFound => {
            anyhow!("`{program}` was not found (needed for `{}`)", line(command))
        }
        _ => anyhow!("`{}` could not be started: {error}", line(command)),
    }
}

fn failed(command: &Command, status: ExitStatus) -> Error {
    anyhow!("`{}` failed ({status})", line(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_its_command_line_and_last_words() {
        let mut command = command("sh");
        command.args(["-c", "echo it broke >&2; exit 3"]);
        let message = format!("{:#}", capture(&mut command).unwrap_err());
        assert!(message.contains("sh -c 'echo it broke >&2; exit 3'"), "{message}");
        assert!(message.contains("exit status: 3") && message.ends_with("it broke"), "{message}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let message = run(&mut command("glassbox-no-such-program")).unwrap_err().to_string();
        assert!(message.contains("`glassbox-no-such-program` was not found"), "{message}");
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quote(OsStr::new("a-b/c.d")), "a-b/c.d");
        assert_eq!(quote(OsStr::new("it's")), r"'it'\''s'");
        assert_eq!(quote(OsStr::new("")), "''");
    }

    #[test]
    fn the_outer_cargo_leaves_no_trace() {
        assert!(
            set_by_cargo("CARGO")
                && set_by_cargo("CARGO_PKG_NAME")
                && set_by_cargo("CARGO_MANIFEST_DIR")
        );
        assert!(
            !set_by_cargo("CARGO_HOME")
                && !set_by_cargo("RUSTUP_TOOLCHAIN")
                && !set_by_cargo("PATH")
        );
        let paths =
            OsStr::new("/home/a/.rustup/toolchains/stable/lib:/usr/local/lib:/x/target/debug/deps");
        assert_eq!(without_toolchains(paths), Some(OsString::from("/usr/local/lib")));
        assert_eq!(without_toolchains(OsStr::new("/x/target/debug")), None);
    }
}
