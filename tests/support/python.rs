//! Finding a Python that can run the twins.

use std::env;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use crate::process::run_limited;

/// A Python of version 3.11 or newer: `asyncio.Runner` takes a loop of our own since then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    words: Vec<String>,
}

impl Python {
    /// A command that runs it. Add the arguments.
    ///
    /// It writes UTF-8 and no bytecode, whatever the machine's habits are.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]);
        command.env("PYTHONUTF8", "1");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        for name in ["PYTHONASYNCIODEBUG", "PYTHONPATH", "PYTHONSTARTUP"] {
            command.env_remove(name);
        }
        command
    }
}

/// Finds Python, once: `$PYTHON` if it is set, or the first of the usual names that is new enough.
///
/// # Errors
///
/// If there is none that is new enough, in words that say what to do.
pub fn python() -> Result<&'static Python, &'static str> {
    static FOUND: OnceLock<Option<Python>> = OnceLock::new();
    FOUND
        .get_or_init(find)
        .as_ref()
        .ok_or("no Python 3.11 or newer found (install one, or set PYTHON to its path)")
}

/// [`python`] for an ordinary test, which says *skipped: …* and passes where there is none.
///
/// # Panics
///
/// Where no test may be left out ([`required`](crate::required)).
pub fn python_or_skip() -> Option<&'static Python> {
    let skipped = |why| {
        assert!(!crate::required(), "{why}");
        eprintln!("skipped: {why}");
    };
    python().map_err(skipped).ok()
}

fn find() -> Option<Python> {
    if let Ok(path) = env::var("PYTHON") {
        return usable(vec![path]);
    }
    let numbered = (11..=20)
        .rev()
        .map(|minor| vec![format!("python3.{minor}")]);
    let plain = ["python3", "python"].map(|name| vec![name.to_string()]);
    // Windows' launcher.
    let launcher = vec!["py".to_string(), "-3".to_string()];
    plain
        .into_iter()
        .chain([launcher])
        .chain(numbered)
        .find_map(usable)
}

fn usable(words: Vec<String>) -> Option<Python> {
    let python = Python { words };
    let mut command = python.command();
    command.args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]);
    let finished = run_limited(&mut command, Duration::from_secs(30)).ok()?;
    finished.status.success().then_some(python)
}
