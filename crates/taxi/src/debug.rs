//! Debug mode: what goes wrong without an error is told, with what to do about it.
//!
//! Nothing is wrong enough for a panic where a task keeps the loop for a second, where it is dropped in the middle of
//! its work, or where it takes a request to end for a failure like any other. But nobody would know. So debug mode looks
//! at each turn of each task, from outside, and [reports](Report) it. (The idea is asyncio's.) Two mistakes need no such
//! mode, since they panic: a sleep or a socket outside a runtime, and a loop inside a loop.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{Write as _, stderr};
use std::mem;
use std::panic::Location;
use std::rc::Rc;
use std::time::{Duration, Instant};

use polling::{Suspension, file_name};
use task_cell::{TaskHandle, TaskInfo, Unfinished};
use wakers::contained;

use crate::metrics::Counters;
use crate::runtime::is_debugged;

/// What debug mode tells of a task; see [`Builder::debug`](crate::Builder::debug).
///
/// It is displayed as a sentence that says what to do; by `{:#}` with the lines of the source.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// let told = Rc::new(RefCell::new(Vec::new()));
/// let list = Rc::clone(&told);
/// let hook = move |report: &taxi::debug::Report| list.borrow_mut().push(report.what);
/// let mut runtime = taxi::Runtime::builder().debug(true).report(hook).build()?;
/// let _waits = runtime.spawn(std::future::pending::<()>());
/// runtime.block_on(taxi::yield_now());
/// drop(runtime);
/// assert_eq!(told.take(), [taxi::debug::What::Destroyed]);
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: report
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// What it has done, or what was done to it.
    pub what: What,
    /// The name of its runtime, if it has one.
    pub runtime: Option<Rc<str>>,
    /// Its name.
    pub task: String,
    /// Where it was spawned. `None`: it is a callback.
    pub spawned: Option<&'static Location<'static>>,
    /// Where it waited before its last turn; of a request to end, where it was caught.
    /// `None`: that turn was its first, or it did not say. Of a callback, where it was
    /// asked for.
    pub before: Option<Suspension>,
    /// Where it waits since its last turn. `None`: it is over, or it does not say.
    pub after: Option<Suspension>,
}
// ANCHOR_END: report

// ANCHOR: what
/// The kinds of reports.
///
/// ```
/// use taxi::debug::{Report, What};
///
/// /// What a program may count as an error, and what as a warning.
/// fn is_error(report: &Report) -> bool {
///     !matches!(report.what, What::SlowTurn(_) | What::SlowCallback(_))
/// }
///
/// let hook = |report: &Report| assert!(is_error(report), "{report}");
/// let mut runtime = taxi::Runtime::builder().debug(true).report(hook).build()?;
/// drop(runtime.spawn(std::future::pending::<()>()));
/// assert_eq!(runtime.close().len(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// A turn of it has kept the loop for so long.
    SlowTurn(Duration),
    /// A callback has.
    SlowCallback(Duration),
    /// Its runtime was closed, or dropped, and it was not over.
    Destroyed,
    /// It was asked to end, has caught that, and has ended with a value.
    Swallowed,
    /// It was asked to end, has caught that, and has waited at the same line again, where
    /// it has caught the next request.
    SwallowedAgain,
}
// ANCHOR_END: what

impl Report {
    /// Its name, and where it comes from, has waited and waits.
    fn who(&self, lines: bool) -> String {
        let at = |it: Suspension| format!("{} in {}", it.why, place(it.location, lines));
        let (before, after) = (self.before.map(at), self.after.map(at));
        let spawned = self
            .spawned
            .map(|it| format!("spawned in {}", place(it, lines)));
        let before = before.map(|it| match self.what {
            What::SlowTurn(_) => format!("after {it}"),
            _ => it,
        });
        let after = after.map(|it| format!("then {it}"));
        let all: Vec<String> = [spawned, before, after].into_iter().flatten().collect();
        match all.is_empty() {
            true => self.task.clone(),
            false => format!("{} ({})", self.task, all.join(", ")),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(runtime) = &self.runtime {
            write!(f, "{runtime}: ")?;
        }
        let who = self.who(f.alternate());
        match self.what {
            What::SlowTurn(took) => write!(
                f,
                "slow turn: {who} has kept the loop for {took:?}, and nobody else could run: \
                 give what blocks to spawn_blocking, and in a long computation await yield_now \
                 now and then"
            ),
            What::SlowCallback(took) => write!(
                f,
                "slow callback: {who} has kept the loop for {took:?}, and nobody else could run: \
                 give what blocks to spawn_blocking, and make a long computation a task that \
                 awaits yield_now now and then"
            ),
            What::Destroyed => write!(
                f,
                "destroyed while pending: {who} was dropped with its runtime: await its handle, \
                 or end it before by cancel, or all by Runtime::cancel_all"
            ),
            What::Swallowed => write!(
                f,
                "swallowed cancellation: {who} was asked to end, has caught that, and has ended \
                 with a value: after the clean-up, await Cancelled::resume()"
            ),
            What::SwallowedAgain => write!(
                f,
                "swallowed cancellation: {who} was asked to end, has caught that, and has gone on \
                 to wait at the same line: after the clean-up, await Cancelled::resume()"
            ),
        }
    }
}

/// The file, or the path and the line.
fn place(location: &Location<'_>, with_line: bool) -> String {
    match with_line {
        true => format!("{}:{}", location.file(), location.line()),
        false => file_name(location, false),
    }
}

/// Who is told.
pub(crate) type Hook = dyn Fn(&Report);

/// How long it is since some moment: what turns are measured by.
pub(crate) type Stopwatch = dyn Fn() -> Duration;

/// What debug mode is to be like.
pub(crate) struct Settings {
    /// `None`: as the environment says.
    pub(crate) on: Option<bool>,
    pub(crate) slow_turn: Duration,
    /// `None`: a line on standard error, or an event, tells of each.
    pub(crate) hook: Option<Box<Hook>>,
    pub(crate) stopwatch: Box<Stopwatch>,
}

impl Default for Settings {
    fn default() -> Settings {
        let start = Instant::now();
        Settings {
            on: None,
            slow_turn: Duration::from_millis(100),
            hook: None,
            stopwatch: Box::new(move || start.elapsed()),
        }
    }
}

impl Settings {
    pub(crate) fn is_on(&self) -> bool {
        self.on.unwrap_or_else(is_debugged)
    }
}

// ANCHOR: seen
/// What was seen of a task that is not over.
#[derive(Default)]
struct Seen {
    /// Where it waits.
    waits: Option<Suspension>,
    /// It has caught a request to end, where it waited there.
    caught: Option<Option<Suspension>>,
    /// It was reported for that.
    told: bool,
}

/// Looks at the turns of one runtime.
pub(crate) struct Debug {
    slow_turn: Duration,
    hook: Box<Hook>,
    stopwatch: Box<Stopwatch>,
    counters: Rc<Counters>,
    /// By the tasks' numbers.
    seen: RefCell<BTreeMap<u64, Seen>>,
}
// ANCHOR_END: seen

/// Tells of a report as if nothing was said of how.
fn standard_hook(_tracing: bool) -> Box<Hook> {
    #[cfg(feature = "tracing")]
    if _tracing {
        return Box::new(crate::spans::warn_of);
    }
    // Not `eprintln!`, which panics if nobody can be told.
    Box::new(|report| drop(writeln!(stderr(), "taxi: {report:#}")))
}

impl Debug {
    pub(crate) fn new(
        settings: Settings,
        tracing: bool,
        counters: Rc<Counters>,
    ) -> Debug {
        Debug {
            slow_turn: settings.slow_turn,
            hook: settings.hook.unwrap_or_else(|| standard_hook(tracing)),
            stopwatch: settings.stopwatch,
            counters,
            seen: RefCell::default(),
        }
    }

    // ANCHOR: watch
    /// Lets `task` have its `turn`, and looks at it before and after.
    pub(crate) fn watch(&self, task: Option<&TaskHandle>, turn: &mut dyn FnMut()) {
        // What a callback leaves there says who has asked for it.
        polling::take_suspension();
        let began = self.elapsed();
        turn();
        let took = self.elapsed().saturating_sub(began);
        self.counters.turn(took);
        let is_slow = took >= self.slow_turn;
        match task {
            Some(task) => self.watched(task, is_slow.then_some(took)),
            None if is_slow => self.tell(Report {
                what: What::SlowCallback(took),
                runtime: self.counters.runtime().cloned(),
                task: "a callback".to_string(),
                spawned: None,
                before: polling::take_suspension(),
                after: None,
            }),
            None => {}
        }
    }
    // ANCHOR_END: watch

    /// `task` has had its turn, which was so long, if it was `slow`.
    fn watched(&self, task: &TaskHandle, slow: Option<Duration>) {
        let info = TaskInfo::of(task.clone());
        let after = info.suspended.filter(|_| !task.is_finished());
        let (before, swallowed) = self.see(task, after);
        let slow = slow.map(|took| (What::SlowTurn(took), before));
        for (what, before) in slow.into_iter().chain(swallowed) {
            self.tell(Report {
                what,
                runtime: self.counters.runtime().cloned(),
                task: info.name.clone(),
                spawned: Some(info.spawned),
                before,
                after,
            });
        }
    }

    // ANCHOR: see
    /// Notes where `task` waits after its turn. Where it waited before; and what is wrong about
    /// its way with a request to end, and where that was caught.
    fn see(
        &self,
        task: &TaskHandle,
        after: Option<Suspension>,
    ) -> (Option<Suspension>, Option<(What, Option<Suspension>)>) {
        let mut all = self.seen.borrow_mut();
        let seen = all.entry(task.id()).or_default();
        let before = mem::replace(&mut seen.waits, after);
        let caught = task.has_answered();
        let again = caught && seen.caught == Some(before);
        if caught {
            seen.caught = Some(before);
        }
        let what = match () {
            () if seen.told => None,
            () if again => Some(What::SwallowedAgain),
            () if matches!(task.end(), Some(Ok(()))) => Some(What::Swallowed),
            () => None,
        };
        let swallowed = what.zip(seen.caught);
        seen.told |= swallowed.is_some();
        if task.is_finished() {
            all.remove(&task.id());
        }
        (before, swallowed)
    }
    // ANCHOR_END: see

    /// Tells of the tasks that were dropped with their runtime.
    pub(crate) fn destroyed(&self, unfinished: &[Unfinished]) {
        for task in unfinished {
            let seen = self.seen.borrow_mut().remove(&task.id);
            self.tell(Report {
                what: What::Destroyed,
                runtime: self.counters.runtime().cloned(),
                task: task.name.clone(),
                spawned: Some(task.spawned),
                before: seen.and_then(|it| it.waits),
                after: None,
            });
        }
    }

    fn elapsed(&self) -> Duration {
        contained("a stopwatch", &self.stopwatch).unwrap_or_default()
    }

    fn tell(&self, report: Report) {
        contained("a report's hook", || (self.hook)(&report));
    }
}
