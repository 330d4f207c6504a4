//! How a check ends: well, or with what went wrong and what was tried.

use std::cell::Cell;
use std::fmt::Display;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How a check ends that has said what went wrong.
const FAILED: i32 = 3;

/// How long one step of a check may take. What is right takes microseconds; a machine may be busy.
const LIMIT: Duration = Duration::from_secs(5);

/// What is tried now.
struct Step {
    what: String,
    hangs: Option<String>,
    since: Instant,
}

static STEP: Mutex<Option<Step>> = Mutex::new(None);

thread_local! {
    /// Whether a panic on this thread is what is asked for.
    static WANTED: Cell<bool> = const { Cell::new(false) };
}

fn step() -> MutexGuard<'static, Option<Step>> {
    STEP.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says what is tried from here on. A failure, a panic or a hang names it.
pub fn tries(what: impl Display) {
    *step() = Some(Step {
        what: what.to_string(),
        hangs: None,
        since: Instant::now(),
    });
    static START: Once = Once::new();
    START.call_once(|| {
        panic::set_hook(Box::new(told));
        thread::spawn(watch);
    });
}

/// Says what it means if the present step never ends.
pub fn hangs(why: impl Display) {
    if let Some(step) = &mut *step() {
        step.hangs = Some(why.to_string());
    }
}

/// Ends the check: what was tried, and `why` it failed.
pub fn fail(why: impl Display) -> ! {
    // Made before the step is locked: it may be a reader's code that shows a value, and panic.
    let why = why.to_string();
    end("failed", step().as_ref(), &why)
}

fn end(how: &str, step: Option<&Step>, why: &str) -> ! {
    let what = step.map_or("the check", |step| &step.what);
    let mut out = std::io::stdout().lock();
    // If nobody listens there is nobody to tell.
    let _ = writeln!(out, "\ntried: {what}\n{how}: {why}");
    let _ = out.flush();
    process::exit(FAILED)
}

/// The message with which `action` panics, if it does; the check goes on.
pub fn panics(action: impl FnOnce()) -> Option<String> {
    let before = WANTED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(action));
    WANTED.set(before);
    let payload = result.err()?;
    let message = match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(other) => other
            .downcast_ref::<&str>()
            .map_or("a panic".to_string(), |message| message.to_string()),
    };
    Some(message)
}

fn told(panic: &PanicHookInfo<'_>) {
    if WANTED.get() {
        return;
    }
    let message = panic.payload_as_str().unwrap_or("a panic");
    // Inside std, a place tells a reader nothing.
    let place = panic
        .location()
        .filter(|it| !it.file().starts_with("/rustc/"));
    let place = place.map(|it| format!("{}:{}: ", it.file(), it.line()));
    let place = place.unwrap_or_default();
    end("panicked", step().as_ref(), &format!("{place}{message}"))
}

/// Ends the check when a step takes too long.
fn watch() {
    let seconds = std::env::var("LADDER_LIMIT").ok();
    let limit = seconds.and_then(|it| it.parse().ok());
    let limit = limit.map_or(LIMIT, Duration::from_secs);
    loop {
        let left = match &*step() {
            Some(step) => limit.checked_sub(step.since.elapsed()),
            None => Some(limit),
        };
        match left {
            Some(left) if !left.is_zero() => thread::sleep(left),
            _ => break,
        }
    }
    let step = step();
    let why = step.as_ref().and_then(|step| step.hangs.clone());
    let seconds = limit.as_secs();
    let why = why.unwrap_or_else(|| format!("it has not ended after {seconds} s"));
    end("hung", step.as_ref(), &why)
}
