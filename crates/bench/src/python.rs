//! asyncio and uvloop: a small program of Python's for each row, in `python`, which `run.py` runs in a process of its
//! own. It tells its CPU time and what came of the work; the start of the interpreter does not count.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use catalogue::process::{self, End};

use crate::row::{Code, Side};

/// How long a program may take.
const LIMIT: Duration = Duration::from_secs(120);

/// Which event loop a program runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventLoop {
    /// Python's own.
    Asyncio,
    /// The one that is made of libuv, if it is installed.
    Uvloop,
}

/// A program of Python's.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    /// Its file in `python`, without `.py`.
    pub name: &'static str,
    /// What it runs on.
    pub on: EventLoop,
}

/// The sides of Python's: `name` on either loop. They do the work so many times less often.
pub fn sides(name: &'static str, part: u64) -> [Side; 2] {
    [
        only_asyncio(name, part),
        Side {
            part,
            absent: || versions().uvloop.clone().err(),
            ..side("uvloop", name, EventLoop::Uvloop)
        },
    ]
}

/// The same for servers, which are called by the binary `callers`. Where this is tested, it may not be built.
pub fn servers(name: &'static str, part: u64) -> [Side; 2] {
    const MISSING: &str = "the binary `callers` is not beside this one";
    let [asyncio, uvloop] = sides(name, part);
    [
        Side {
            absent: || match callers().is_file() {
                true => versions().python.clone().err(),
                false => Some(MISSING.into()),
            },
            ..asyncio
        },
        Side {
            absent: || match callers().is_file() {
                true => versions().uvloop.clone().err(),
                false => Some(MISSING.into()),
            },
            ..uvloop
        },
    ]
}

/// The same, where only asyncio can do it.
pub fn only_asyncio(name: &'static str, part: u64) -> Side {
    Side {
        part,
        absent: || versions().python.clone().err(),
        ..side("asyncio", name, EventLoop::Asyncio)
    }
}

fn side(shown: &'static str, name: &'static str, on: EventLoop) -> Side {
    Side::with(shown, Code::Python(Script { name, on }))
}

/// The versions of Python and of uvloop, or why there is none.
#[derive(Debug)]
pub struct Versions {
    /// Python's, from 3.11 on.
    pub python: Result<String, String>,
    /// uvloop's, in that Python.
    pub uvloop: Result<String, String>,
}

/// Asks the interpreter, once.
pub fn versions() -> &'static Versions {
    static VERSIONS: OnceLock<Versions> = OnceLock::new();
    VERSIONS.get_or_init(|| {
        let python = "import sys; assert sys.version_info >= (3, 11); \
                      print('%d.%d.%d' % sys.version_info[:3])";
        let uvloop = "import uvloop; print(uvloop.__version__)";
        Versions {
            python: said(python).ok_or("there is no Python 3.11 or newer".into()),
            uvloop: said(uvloop).ok_or("this Python has no uvloop".into()),
        }
    })
}

fn said(code: &str) -> Option<String> {
    let mut command = Command::new(interpreter());
    let ended = process::run(command.args(["-c", code]), LIMIT).ok()?;
    match ended.end {
        End::Status(status) if status.success() => Some(ended.stdout.trim().into()),
        _ => None,
    }
}

fn interpreter() -> String {
    env::var("PYTHON").unwrap_or("python3".into())
}

/// The interpreter itself, and no script that looks for one and becomes it: strace lets go of what becomes another.
fn itself() -> &'static str {
    static ITSELF: OnceLock<String> = OnceLock::new();
    ITSELF.get_or_init(|| {
        let itself = said("import sys; print(sys.executable)");
        itself.filter(|it| !it.is_empty()).unwrap_or(interpreter())
    })
}

impl Script {
    /// What is started: its arguments are the interpreter's.
    pub fn command(self, size: u64) -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
        let run = folder.join("run.py");
        let on = match self.on {
            EventLoop::Asyncio => "asyncio",
            EventLoop::Uvloop => "uvloop",
        };
        vec![
            itself().into(),
            run.display().to_string(),
            self.name.into(),
            on.into(),
            size.to_string(),
            callers().display().to_string(),
        ]
    }

    /// Does the work `size` times: its CPU time, and what came of it.
    ///
    /// # Errors
    ///
    /// If it fails, does not end, or prints something else.
    pub fn run(self, size: u64) -> Result<(Duration, u64)> {
        let words = self.command(size);
        let ended = process::run(Command::new(&words[0]).args(&words[1..]), LIMIT);
        let ended = ended.with_context(|| words[0].clone())?;
        let is_well = matches!(ended.end, End::Status(status) if status.success());
        ensure!(is_well, "{}.py failed:\n{}", self.name, ended.stderr);
        let parsed = ended.stdout.trim().split_once(' ');
        let parsed = parsed.and_then(|(nanos, result)| {
            Some((nanos.parse().ok()?, result.parse().ok()?))
        });
        let (nanos, result) = parsed
            .with_context(|| format!("{}.py printed {:?}", self.name, ended.stdout))?;
        Ok((Duration::from_nanos(nanos), result))
    }
}

/// The binary that calls servers. Tests are in a folder below it.
fn callers() -> PathBuf {
    let name = format!("callers{}", env::consts::EXE_SUFFIX);
    let this = env::current_exe().unwrap_or_default();
    let beside = this.with_file_name(&name);
    match this.parent().and_then(Path::parent) {
        Some(above) if !beside.is_file() => above.join(name),
        _ => beside,
    }
}
