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
    /// Its name.
    pub task: String,
    /// Where it was spawned.
    pub spawned: &'static Location<'static>,
    /// Where it waited before its last turn; of a request to end, where it was caught.
    /// `None`: that turn was its first, or it did not say.
    pub before: Option<Suspension>,
    /// Where it waits since its last turn. `None`: it is over, or it does not say.
    pub after: Option<Suspension>,
}

/// The kinds of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// A turn of it has kept the loop for so long.
    SlowTurn(Duration),
    /// Its runtime was closed, or dropped, and it was not over.
    Destroyed,
    /// It was asked to end, has caught that, and has ended with a value.
    Swallowed,
    /// It was asked to end, has caught that, and has waited at the same line again, where
    /// it has caught the next request.
    SwallowedAgain,
}
// ANCHOR_END: report

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = f.alternate();
        let at = |it: Suspension| format!("{} in {}", it.why, place(it.location, lines));
        let (before, after) = (self.before.map(at), self.after.map(at));
        let spawned = place(self.spawned, lines);
        let waited = match (&before, &self.what) {
            (Some(before), What::SlowTurn(_)) => format!(", after {before}"),
            (Some(before), _) => format!(", {before}"),
            (None, _) => String::new(),
        };
        let waits = after.map_or(String::new(), |it| format!(", then {it}"));
        let task = format!("{} (spawned in {spawned}{waited}{waits})", self.task);
        match self.what {
            What::SlowTurn(took) => write!(
                f,
                "slow turn: {task} has kept the loop for {took:?}, and nobody else could run: \
                 give what blocks to spawn_blocking, and in a long computation await yield_now \
                 now and then"
            ),
            What::Destroyed => write!(
                f,
                "destroyed while pending: {task} was dropped with its runtime: await its handle, \
                 or end it before by cancel, or all by Runtime::cancel_all"
            ),
            What::Swallowed => write!(
                f,
                "swallowed cancellation: {task} was asked to end, has caught that, and has ended \
                 with a value: after the clean-up, await Cancelled::resume()"
            ),
            What::SwallowedAgain => write!(
                f,
                "swallowed cancellation: {task} was asked to end, has caught that, and has gone on \
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
    pub(crate) hook: Box<Hook>,
    pub(crate) stopwatch: Box<Stopwatch>,
}

impl Default for Settings {
    fn default() -> Settings {
        let start = Instant::now();
        Settings {
            on: None,
            slow_turn: Duration::from_millis(100),
            // Not `eprintln!`, which panics if nobody can be told.
            hook: Box::new(|report| drop(writeln!(stderr(), "taxi: {report:#}"))),
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
    settings: Settings,
    counters: Rc<Counters>,
    /// By the tasks' numbers.
    seen: RefCell<BTreeMap<u64, Seen>>,
}
// ANCHOR_END: seen

impl Debug {
    pub(crate) fn new(settings: Settings, counters: Rc<Counters>) -> Debug {
        let seen = RefCell::default();
        Debug {
            settings,
            counters,
            seen,
        }
    }

    // ANCHOR: watch
    /// Lets `task` have its `turn`, and looks at it before and after.
    pub(crate) fn watch(&self, task: &TaskHandle, turn: &mut dyn FnMut()) {
        let began = self.elapsed();
        turn();
        let took = self.elapsed().saturating_sub(began);
        self.counters.turn(took);
        let info = TaskInfo::of(task.clone());
        let after = info.suspended.filter(|_| !task.is_finished());
        let (before, swallowed) = self.see(task, after);
        let slow = took >= self.settings.slow_turn;
        let slow = slow.then_some((What::SlowTurn(took), before));
        for (what, before) in slow.into_iter().chain(swallowed) {
            self.tell(Report {
                what,
                task: info.name.clone(),
                spawned: info.spawned,
                before,
                after,
            });
        }
    }
    // ANCHOR_END: watch

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
            () if ended_with_a_value(task) => Some(What::Swallowed),
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
                task: task.name.clone(),
                spawned: task.spawned,
                before: seen.and_then(|it| it.waits),
                after: None,
            });
        }
    }

    fn elapsed(&self) -> Duration {
        contained("a stopwatch", &self.settings.stopwatch).unwrap_or_default()
    }

    fn tell(&self, report: Report) {
        contained("a report's hook", || (self.settings.hook)(&report));
    }
}

/// Neither by a cancellation nor by a panic.
fn ended_with_a_value(task: &TaskHandle) -> bool {
    task.is_finished() && format!("{task:?}").ends_with(" finished")
}
