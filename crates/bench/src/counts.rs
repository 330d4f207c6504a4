//! What can be counted, and so is the same on a busy machine: instructions by callgrind, system calls by strace,
//! allocations by an allocator that counts.
//!
//! Each is counted in a child that does the work of one side and nothing else: once so often, and once twice as
//! often. The difference is what the work takes, without the start of the process and of the runtime.

use std::env;
use std::fmt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use catalogue::process::{self, End};

use crate::row::{Code, Side, Work};

/// How long a child may take: one that does not end is named, and holds nobody up.
const LIMIT: Duration = Duration::from_secs(60);

/// How long it may take under callgrind, where most take one to three seconds. One that takes longer is not counted.
const SIMULATED: Duration = Duration::from_secs(20);

/// How many events a wait brings depends on how fast others send them, and so does how many waits there are.
const WITHOUT_WAITS: &str = "trace=!?epoll_wait,?epoll_pwait";

/// What `main` takes for its first argument where it is to do the work of one side alone.
pub const ALONE: &str = "--alone";

/// What one event takes. `None`: it was not counted.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    /// Instructions of the process, not of the kernel.
    pub instructions: Option<f64>,
    /// Those instructions for which a core must have the memory to itself.
    pub atomics: Option<f64>,
    /// Allocations; growing or shrinking one counts, too.
    pub allocations: Option<f64>,
    /// System calls of all threads.
    pub system_calls: Option<f64>,
}

/// What there is to count with.
#[derive(Debug, Clone)]
pub struct Counters {
    this: PathBuf,
    /// The second binary of this package, where it is built.
    allocations: Option<PathBuf>,
    valgrind: bool,
    strace: bool,
    quick: bool,
}

impl Counters {
    /// Looks for valgrind, strace, and the binary whose allocator counts.
    ///
    /// # Errors
    ///
    /// If nobody knows where this binary is.
    pub fn find() -> Result<Counters> {
        let this = env::current_exe().context("where this binary is")?;
        Ok(Counters::of(this))
    }

    /// The same, where the binary `bench` is that one.
    pub fn of(this: PathBuf) -> Counters {
        let name = format!("allocations{}", env::consts::EXE_SUFFIX);
        let allocations = this.with_file_name(name);
        // strace may be there and not be allowed to watch: so it is tried.
        let strace = said(Command::new("strace").args(["-c", "true"]), 2);
        Counters {
            this,
            allocations: allocations.is_file().then_some(allocations),
            valgrind: said(Command::new("valgrind").arg("--version"), 1).is_ok(),
            strace: strace.is_ok_and(|text| calls(&text).is_ok()),
            quick: false,
        }
    }

    /// The same, without what takes long: no instructions.
    pub fn quick(self) -> Counters {
        Counters {
            valgrind: false,
            quick: true,
            ..self
        }
    }

    /// What is not counted on this machine, and why: a line each.
    pub fn missing(&self) -> Vec<&'static str> {
        let missing = [
            (
                self.valgrind || self.quick,
                "no valgrind: instructions are not counted",
            ),
            (self.strace, "no strace: system calls are not counted"),
            (
                self.allocations.is_some(),
                "not built with --bins: allocations are not counted",
            ),
        ];
        let missing = missing.into_iter().filter(|(there, _)| !there);
        missing.map(|(_, why)| why).collect()
    }

    /// Does the work of `side` in a process of its own, `size` times: its CPU time, and what came of it.
    ///
    /// # Errors
    ///
    /// If it fails or does not end.
    pub fn apart(&self, work: &Work, side: &Side, size: u64) -> Result<(Duration, u64)> {
        if let Code::Python(script) = side.code {
            return script.run(size);
        }
        let words = self.alone(work, side, size);
        let text = said(Command::new(&words[0]).args(&words[1..]), 1)?;
        let parsed = text.trim().split_once(' ');
        let parsed = parsed.and_then(|(nanos, result)| {
            Some((nanos.parse().ok()?, result.parse().ok()?))
        });
        let (nanos, result) = parsed.with_context(|| format!("it printed {text:?}"))?;
        Ok((Duration::from_nanos(nanos), result))
    }

    /// What does the work of one side alone.
    fn alone(&self, work: &Work, side: &Side, size: u64) -> Vec<String> {
        if let Code::Python(script) = side.code {
            return script.command(size);
        }
        let mut words = vec![self.this.display().to_string(), ALONE.into()];
        words.extend([work.name.into(), side.name.into(), size.to_string()]);
        words
    }

    /// Counts what one event of `side` takes.
    ///
    /// # Errors
    ///
    /// If a child fails or does not end.
    pub fn count(&self, work: &Work, side: &Side) -> Result<Counts> {
        let mut counts = Counts::default();
        if work.counted == 0 || (side.absent)().is_some() {
            return Ok(counts);
        }
        let [once, twice] = [work.counted, 2 * work.counted];
        let events = (work.events)(twice) - (work.events)(once);
        let each = |count: &dyn Fn(u64) -> Result<u64>| -> Result<Option<f64>> {
            let (once, twice) = (count(once)?, count(twice)?);
            let each = (twice as f64 - once as f64) / events as f64;
            // Threads that look for work make calls of their own. Where those of the shorter run were more, the
            // difference tells nothing.
            Ok(Some(each).filter(|it| *it > -0.05))
        };
        let alone = |size| self.alone(work, side, size);
        let is_python = matches!(side.code, Code::Python(_));
        if self.valgrind && !is_python {
            let counted = match callgrind(&alone(once))? {
                Some(once) => callgrind(&alone(twice))?.map(|twice| (once, twice)),
                None => None,
            };
            let each = |one: usize| {
                let (once, twice) = counted?;
                Some((twice[one] as f64 - once[one] as f64) / events as f64)
            };
            (counts.instructions, counts.atomics) = (each(0), each(1));
        }
        if self.strace {
            counts.system_calls = each(&|size| {
                let mut strace = Command::new("strace");
                strace.args(["-c", "-f"]);
                if work.is_helped {
                    // It follows all threads, and lets other processes go as they begin.
                    strace.args(["-b", "execve", "-e", WITHOUT_WAITS]);
                }
                calls(&said(strace.args(alone(size)), 2)?)
            })?;
        }
        if let Some(binary) = self.allocations.as_ref().filter(|_| !is_python) {
            counts.allocations = each(&|size| {
                let mut command = Command::new(binary);
                command.args([work.name, side.name, &size.to_string()]);
                let text = said(&mut command, 1)?;
                text.trim().parse().with_context(|| text.clone())
            })?;
        }
        Ok(counts)
    }

    /// The bytes that each of what `side` makes takes. `None`: nothing here counts them.
    ///
    /// # Errors
    ///
    /// As [`count`](Counters::count).
    pub fn bytes(&self, work: &Work, side: &Side) -> Result<Option<u64>> {
        if (side.absent)().is_some() {
            return Ok(None);
        }
        if let Code::Python(script) = side.code {
            return Ok(Some(script.run(side.size(work.size))?.1));
        }
        let Some(binary) = &self.allocations else {
            return Ok(None);
        };
        let mut command = Command::new(binary);
        command.args([work.name, side.name, &work.size.to_string()]);
        let text = said(&mut command, 1)?;
        text.trim().parse().map(Some).with_context(|| text.clone())
    }
}

/// The instructions of a child, and those of them that lock. `None` if it does not come to its end: valgrind lets one
/// thread run at a time, and some that wait for each other wait for very long then.
fn callgrind(child: &[String]) -> Result<Option<[u64; 2]>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg("--collect-bus=yes").args(child);
    match said_within(SIMULATED, &mut valgrind, 2) {
        Ok(text) => collected(&text).map(Some),
        Err(error) if error.is::<StillAtWork>() => Ok(None),
        Err(error) => Err(error),
    }
}

/// A child was ended, as it had not come to its end in time.
#[derive(Debug)]
struct StillAtWork {
    name: String,
    limit: Duration,
}

impl fmt::Display for StillAtWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StillAtWork { name, limit } = self;
        write!(f, "{name} was still at work after {limit:?}")
    }
}

impl std::error::Error for StillAtWork {}

/// What a child wrote to standard output (1) or standard error (2), in a few lines.
fn said(command: &mut Command, stream: u32) -> Result<String> {
    said_within(LIMIT, command, stream)
}

fn said_within(limit: Duration, command: &mut Command, stream: u32) -> Result<String> {
    let name = command.get_program().display().to_string();
    let ended = process::run(command, limit);
    let ended = ended.with_context(|| format!("cannot start {name}"))?;
    match ended.end {
        End::Status(status) => {
            ensure!(
                status.success(),
                "{name} ended with {status}:\n{}",
                ended.stderr
            );
        }
        End::TimedOut => bail!(StillAtWork { name, limit }),
        End::TooMuch => bail!("{name} printed without end"),
    }
    Ok(if stream == 1 {
        ended.stdout
    } else {
        ended.stderr
    })
}

/// The numbers in callgrind's last words, of instructions and of those that lock: `==7== Collected : 12345 67`.
fn collected(text: &str) -> Result<[u64; 2]> {
    let mut lines = text.lines().rev();
    let numbers = lines.find_map(|line| {
        let (_, numbers) = line.split_once("Collected : ")?;
        let (all, locking) = numbers.split_once(' ')?;
        Some([all.parse().ok()?, locking.parse().ok()?])
    });
    numbers.with_context(|| format!("callgrind said:\n{text}"))
}

/// The number of calls in strace's last line: `100.00  0.000391  2  155  12 total`.
fn calls(text: &str) -> Result<u64> {
    let mut lines = text.lines().rev();
    let total = lines.find(|line| line.trim_end().ends_with(" total"));
    let number = total.and_then(|line| line.split_whitespace().nth(3)?.parse().ok());
    number.with_context(|| format!("strace said:\n{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_child_that_does_not_end_is_ended() {
        let mut child = Command::new("sleep");
        let said = said_within(Duration::from_millis(50), child.arg("600"), 1);
        let error = said.unwrap_err().to_string();
        assert_eq!(error, "sleep was still at work after 50ms");
    }

    #[test]
    fn callgrinds_figure_is_read() {
        let text = "==7== Events    : Ir Ge\n==7== Collected : 8675309 12\n==7== \n";
        assert_eq!(collected(text).unwrap(), [8_675_309, 12]);
        assert!(collected("==7== killed\n").is_err());
    }

    #[test]
    fn straces_figure_is_read() {
        let head = "% time     seconds  usecs/call     calls    errors syscall\n";
        let text =
            format!("{head}100.00    0.000391           2       155        12 total\n");
        assert_eq!(calls(&text).unwrap(), 155);
        let text =
            format!("{head}100.00    0.000391           2       155           total\n");
        assert_eq!(calls(&text).unwrap(), 155);
        assert!(calls("strace: ptrace: Operation not permitted\n").is_err());
    }
}
