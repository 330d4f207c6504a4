//! Running programs and comparing what they did with what they should do.

use anyhow::Result;
use catalogue::process::{self, End};
use catalogue::{Chapter, Kind, Program, Snapshot, Workbook, snapshot_of};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// What a program did, and what was wrong with that.
#[derive(Debug)]
pub(crate) struct Judged {
    /// Its name.
    pub name: String,
    /// Whether the reader wrote it.
    pub mine: bool,
    /// What it is compared with.
    pub snapshot: PathBuf,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
    /// What was wrong; nothing if it matches.
    pub problems: Vec<Problem>,
}

/// One thing that was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It printed something else than this snapshot.
    Differs(String),
    /// There is no snapshot to compare it with.
    NoSnapshot,
    /// It ended in another way than its header says.
    Ended(String),
    /// It panicked, which it should not: what with.
    Panicked(String),
    /// It did not end in time.
    Hung(Duration),
    /// It printed without end.
    Endless,
    /// It could not be run at all.
    NotRun(String),
}

impl Problem {
    /// What is wrong, in a few words.
    pub(crate) fn words(&self) -> String {
        match self {
            Problem::Differs(_) => "prints something else than its snapshot".into(),
            Problem::NoSnapshot => "there is no snapshot to compare it with".into(),
            Problem::Ended(how) => how.clone(),
            Problem::Panicked(message) => format!("panicked: {message}"),
            Problem::Hung(limit) => {
                let limit = super::term::count(limit.as_secs() as usize, "second");
                format!(
                    "was stopped: it had not ended after {limit}; \
                     `check --limit 60` gives it longer"
                )
            }
            Problem::Endless => "was stopped: it printed without end".into(),
            Problem::NotRun(why) => format!("could not be run: {why}"),
        }
    }
}

impl Judged {
    /// Whether it did what it should. A reader's own program need not have a snapshot.
    pub(crate) fn is_right(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.all(|problem| self.mine && *problem == Problem::NoSnapshot)
    }

    /// What is wrong, in a few words: all of it, or the panic that explains the rest.
    pub(crate) fn words(&self) -> String {
        let is_panic = |it: &&Problem| matches!(it, Problem::Panicked(_));
        if let Some(panic) = self.problems.iter().find(is_panic) {
            return panic.words();
        }
        let words: Vec<String> = self.problems.iter().map(Problem::words).collect();
        words.join("; ")
    }

    /// File and line of its panic, if that is what was wrong.
    pub(crate) fn panicked_at(&self) -> Option<&str> {
        let mut problems = self.problems.iter();
        problems.find(|it| matches!(it, Problem::Panicked(_)))?;
        let place = self.stderr.trim_end().lines().next_back()?;
        // Without the column.
        Some(place.strip_prefix("at ")?.rsplit_once(':')?.0)
    }

    /// What it should have printed, if it printed something else.
    pub(crate) fn expected(&self) -> Option<&str> {
        self.problems.iter().find_map(|problem| match problem {
            Problem::Differs(expected) => Some(&**expected),
            _ => None,
        })
    }
}

/// Runs `programs` of `chapter`, whose binary is `executable`, as many at once as there are cores.
///
/// # Errors
///
/// If a snapshot cannot be read.
pub(crate) fn judge_all(
    workbook: &Workbook,
    chapter: &Chapter,
    programs: &[&Program],
    executable: &Path,
    limit: Duration,
) -> Result<Vec<Judged>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    thread::scope(|scope| {
        for _ in 0..workers.min(programs.len()) {
            scope.spawn(|| {
                while let Some((index, program)) = take(programs, &next) {
                    let judged = judge(workbook, chapter, program, executable, limit);
                    done.lock()
                        .unwrap_or_else(|it| it.into_inner())
                        .push((index, judged));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|it| it.into_inner());
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, judged)| judged).collect()
}

fn take<'a>(
    programs: &[&'a Program],
    next: &AtomicUsize,
) -> Option<(usize, &'a Program)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    programs.get(index).map(|program| (index, *program))
}

fn judge(
    workbook: &Workbook,
    chapter: &Chapter,
    program: &Program,
    executable: &Path,
    limit: Duration,
) -> Result<Judged> {
    let mut judged = Judged {
        name: program.name.clone(),
        mine: program.kind == Kind::Mine,
        snapshot: snapshot_of(&workbook.root, &chapter.slug, snapshot_name(program)),
        stdout: String::new(),
        stderr: String::new(),
        problems: Vec::new(),
    };
    let mut command = Command::new(executable);
    command.arg(&program.name).current_dir(&workbook.root);
    let ended = match process::run(&mut command, limit) {
        Ok(ended) => ended,
        Err(error) => {
            judged.problems.push(Problem::NotRun(error.to_string()));
            return Ok(judged);
        }
    };
    match Snapshot::read(&judged.snapshot)? {
        // Half a transcript differs, of course: what matters is that it was cut off.
        _ if !matches!(ended.end, End::Status(_)) => {}
        None => judged.problems.push(Problem::NoSnapshot),
        Some(snapshot) if snapshot.matches(&ended.stdout) => {}
        Some(snapshot) => judged.problems.push(Problem::Differs(snapshot.0)),
    }
    let wanted = program.header.exit;
    match ended.end {
        End::Status(status) if status.code() == Some(wanted) => {}
        End::Status(status) if status.code() == Some(PANICKED) => {
            let message = panic_message(&ended.stdout).to_string();
            judged.problems.push(Problem::Panicked(message));
        }
        End::Status(status) => {
            let how = match status.code() {
                Some(code) => format!("exit status {code}"),
                None => status.to_string(),
            };
            let how = format!("ended with {how}, and should with {wanted}");
            judged.problems.push(Problem::Ended(how));
        }
        End::TimedOut => judged.problems.push(Problem::Hung(limit)),
        End::TooMuch => judged.problems.push(Problem::Endless),
    }
    judged.stdout = ended.stdout;
    judged.stderr = ended.stderr;
    Ok(judged)
}

/// The status of a process whose main thread panicked.
const PANICKED: i32 = 101;

/// What a program says that it panicked with, in the last lines of its transcript.
fn panic_message(stdout: &str) -> &str {
    let last = stdout.rfind("panicked: ").map(|at| &stdout[at..]);
    let message = last.and_then(|it| it.strip_prefix("panicked: "));
    message.unwrap_or("(no message)").trim_end()
}

/// A reader's `my-two-garages` is held to the snapshot of `two-garages`.
fn snapshot_name(program: &Program) -> &str {
    match program.kind {
        Kind::Mine => program.name.strip_prefix("my-").unwrap_or(&program.name),
        _ => &program.name,
    }
}
