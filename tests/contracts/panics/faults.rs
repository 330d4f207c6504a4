//! What panics.

use std::any::Any;
use std::future::pending;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;
use std::task::{Context, RawWaker, RawWakerVTable, Waker};
use std::time::Duration;

use tasks::promise;
use timers::{call_later, interval, sleep};
use workbook_tests::limits::quick_or_full;

use crate::runtimes::{Runtime, Tasks};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// A fault.
pub(crate) struct Fault {
    pub name: &'static str,
    pub needs_tasks: bool,
    pub needs_sockets: bool,
    /// Whether the panic hook hears of it while the loop runs.
    pub is_reported: bool,
    /// Whether it may end the run: chapter 6 lets a task's panic through.
    pub may_end_run: bool,
    /// Puts it into the loop that runs here. What has to be kept is pushed.
    pub plant: fn(&'static Runtime, &mut Vec<Box<dyn Any>>),
}

/// What panics when it is dropped, or cloned.
#[derive(Default)]
pub(crate) struct Fragile {
    on_drop: bool,
    on_clone: bool,
    /// Whatever else it holds.
    _holds: Option<Box<dyn Any>>,
}

pub(crate) const BOMB: Fragile = Fragile {
    on_drop: true,
    on_clone: false,
    _holds: None,
};

impl Clone for Fragile {
    fn clone(&self) -> Fragile {
        assert!(!self.on_clone, "cloned");
        Fragile::default()
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        assert!(!self.on_drop, "dropped");
    }
}

// A payload has to be one that any thread may drop.
struct Payload;

impl Drop for Payload {
    fn drop(&mut self) {
        panic_any("a payload dropped");
    }
}

/// Wakers that panic when they are woken, cloned, or dropped.
pub(crate) mod bad {
    use super::{RawWaker, RawWakerVTable, Waker};

    static WAKE: RawWakerVTable = RawWakerVTable::new(
        |data| RawWaker::new(data, &WAKE),
        |_| panic!("woken"),
        |_| panic!("woken"),
        |_| (),
    );
    static CLONE: RawWakerVTable =
        RawWakerVTable::new(|_| panic!("cloned"), |_| (), |_| (), |_| ());
    static DROP: RawWakerVTable = RawWakerVTable::new(
        |data| RawWaker::new(data, &DROP),
        |_| panic!("woken, and so dropped"),
        |_| (),
        |_| panic!("dropped"),
    );

    fn of(table: &'static RawWakerVTable) -> Waker {
        // SAFETY: the functions touch no data, so they may be called at any time on any thread.
        unsafe { Waker::from_raw(RawWaker::new(std::ptr::null(), table)) }
    }

    pub(crate) fn wake() -> Waker {
        of(&WAKE)
    }

    pub(crate) fn clone() -> Waker {
        of(&CLONE)
    }

    pub(crate) fn drop() -> Waker {
        of(&DROP)
    }
}

/// Polls `future` once with a waker that may panic when it is dropped, and keeps it.
pub(crate) fn polled_by(
    waker: Waker,
    future: impl Future + 'static,
    kept: &mut Vec<Box<dyn Any>>,
) {
    let waker = mem::ManuallyDrop::new(waker);
    let mut future = Box::pin(future);
    let polled = catch_unwind(AssertUnwindSafe(|| {
        future
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    }));
    assert!(polled.unwrap_or(true), "it is not ready yet");
    kept.push(Box::new(future));
}

pub(crate) fn tasks(runtime: &Runtime) -> Tasks {
    runtime.tasks.expect("it has tasks")
}

/// A task that lasts a second.
fn lasts(runtime: &Runtime, output: Fragile) -> Box<dyn crate::runtimes::Handle> {
    (tasks(runtime).spawn)(Box::pin(async move {
        sleep(SECOND).await;
        output
    }))
}

/// A task that holds `what` for ever.
fn holds(runtime: &Runtime, what: impl Any) {
    drop((tasks(runtime).spawn)(Box::pin(async move {
        let _held = what;
        pending().await
    })));
}

/// What keeps a handle, and polls it by `waker`.
fn joined_by(waker: Waker, runtime: &'static Runtime, kept: &mut Vec<Box<dyn Any>>) {
    let waker = mem::ManuallyDrop::new(waker);
    let mut handle = lasts(runtime, Fragile::default());
    let polled = catch_unwind(AssertUnwindSafe(|| {
        handle.poll(&mut Context::from_waker(&waker))
    }));
    assert!(!polled.unwrap_or(false));
    kept.push(Box::new(handle));
}

/// Spawns its like when it is dropped.
struct Hydra(&'static Runtime);

impl Drop for Hydra {
    fn drop(&mut self) {
        let another = Hydra(self.0);
        holds(self.0, another);
    }
}

/// Calls soon when it is dropped.
struct CallsSoon(&'static Runtime);

impl Drop for CallsSoon {
    fn drop(&mut self) {
        let bomb = BOMB;
        (tasks(self.0).call_soon)(Box::new(move || drop(bomb)));
    }
}

macro_rules! fault {
    ($name:literal, $plant:expr $(, $flag:ident)*) => {
        Fault {
            $($flag: true,)*
            ..Fault {
                name: $name,
                needs_tasks: false,
                needs_sockets: false,
                is_reported: false,
                may_end_run: false,
                plant: $plant,
            }
        }
    };
}

pub(crate) use fault;

/// All of them.
pub(crate) const FAULTS: &[Fault] = &[
    fault!(
        "sleep-waker-wake",
        |_, kept| polled_by(bad::wake(), sleep(SECOND), kept),
        is_reported
    ),
    fault!("sleep-waker-clone", |_, kept| polled_by(
        bad::clone(),
        sleep(SECOND),
        kept
    )),
    fault!(
        "sleep-waker-drop",
        |_, kept| polled_by(bad::drop(), sleep(SECOND), kept),
        is_reported
    ),
    fault!(
        "sleep-waker-cancelled",
        |_, kept| {
            polled_by(bad::drop(), sleep(SECOND), kept);
            kept.pop();
        },
        is_reported
    ),
    fault!("sleep-waker-renewed", |_, kept| {
        // The second poll drops the first one's waker.
        let mut nap = Box::pin(sleep(SECOND));
        let first = mem::ManuallyDrop::new(bad::drop());
        let polled = nap.as_mut().poll(&mut Context::from_waker(&first));
        assert!(polled.is_pending());
        let polled = nap.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        kept.push(Box::new(nap));
    }),
    fault!(
        "tick-waker-wake",
        |_, kept| {
            let mut ticks = interval(SECOND);
            polled_by(
                bad::wake(),
                async move {
                    ticks.tick().await;
                    ticks.tick().await;
                },
                kept,
            );
        },
        is_reported
    ),
    fault!(
        "timer-callback",
        |_, _| _ = call_later(SECOND, || panic!("called")),
        is_reported
    ),
    fault!(
        "timer-callback-drop",
        |_, _| {
            let bomb = BOMB;
            call_later(SECOND, move || drop(bomb));
        },
        is_reported
    ),
    fault!(
        "payload-drop",
        |_, _| _ = call_later(SECOND, || panic_any(Payload)),
        is_reported
    ),
    fault!(
        "poll",
        |runtime, _| {
            let task = (tasks(runtime).spawn)(Box::pin(async {
                sleep(SECOND).await;
                panic!("polled")
            }));
            drop(task);
        },
        needs_tasks,
        may_end_run
    ),
    fault!(
        "soon-callback",
        |runtime, _| (tasks(runtime).call_soon)(Box::new(|| panic!("called"))),
        needs_tasks,
        is_reported
    ),
    fault!(
        "soon-callback-drop",
        |runtime, _| holds(runtime, CallsSoon(runtime)),
        needs_tasks
    ),
    fault!(
        "done-callback",
        |runtime, _| {
            let task = lasts(runtime, Fragile::default());
            task.add_done_callback(Box::new(|| panic!("called")));
        },
        needs_tasks,
        is_reported
    ),
    fault!(
        "done-callback-drop",
        |runtime, kept| {
            let bomb = BOMB;
            let task = lasts(runtime, Fragile::default());
            task.add_done_callback(Box::new(move || drop(bomb)));
            kept.push(Box::new(task));
        },
        needs_tasks,
        is_reported
    ),
    fault!(
        "output-clone",
        |runtime, _| {
            let output = Fragile {
                on_clone: true,
                on_drop: false,
                _holds: None,
            };
            lasts(runtime, output).add_done_callback(Box::new(|| ()));
        },
        needs_tasks,
        is_reported
    ),
    fault!(
        "output-drop",
        |runtime, _| drop(lasts(runtime, BOMB)),
        needs_tasks,
        is_reported
    ),
    fault!(
        "output-drop-by-handle",
        |runtime, _| {
            let done = (tasks(runtime).spawn)(Box::pin(async { BOMB }));
            holds(runtime, done);
        },
        needs_tasks
    ),
    fault!(
        "output-drop-kept",
        |runtime, kept| {
            let done = (tasks(runtime).spawn)(Box::pin(async { BOMB }));
            kept.push(Box::new(done));
        },
        needs_tasks
    ),
    fault!(
        "future-drop",
        |runtime, _| {
            // More than one, so that the second panic comes while the first is dealt with.
            (0..3).for_each(|_| holds(runtime, BOMB));
        },
        needs_tasks
    ),
    fault!(
        "future-drop-without-end",
        |runtime, _| holds(runtime, Hydra(runtime)),
        needs_tasks
    ),
    fault!(
        "joiner-wake",
        |runtime, kept| joined_by(bad::wake(), runtime, kept),
        needs_tasks,
        is_reported
    ),
    fault!(
        "joiner-clone",
        |runtime, kept| joined_by(bad::clone(), runtime, kept),
        needs_tasks
    ),
    fault!(
        "joiner-drop",
        |runtime, kept| joined_by(bad::drop(), runtime, kept),
        needs_tasks,
        is_reported
    ),
    fault!(
        "promise-waiter-wake",
        |runtime, kept| {
            let promise = promise::<u32>();
            let keeps = promise.clone();
            polled_by(bad::wake(), promise, kept);
            (tasks(runtime).call_soon)(Box::new(move || keeps.set(1).unwrap()));
        },
        needs_tasks,
        is_reported
    ),
    fault!(
        "promise-waiter-drop",
        |_, kept| polled_by(bad::drop(), promise::<u32>(), kept),
        needs_tasks
    ),
    fault!(
        "promise-value-drop",
        |runtime, kept| {
            let promise = promise::<Rc<Fragile>>();
            assert!(promise.set(Rc::new(BOMB)).is_ok());
            holds(runtime, promise.clone());
            kept.push(Box::new(promise));
        },
        needs_tasks
    ),
    fault!(
        "deep-outputs",
        |runtime, kept| {
            let tasks = tasks(runtime);
            let mut handle = (tasks.spawn)(Box::pin(async { BOMB }));
            // Either overflows any stack, if each is dropped within the other.
            let depth = quick_or_full(100_000, 1_000_000);
            for _ in 0..depth {
                let output = Fragile {
                    on_clone: false,
                    on_drop: false,
                    _holds: Some(Box::new(handle)),
                };
                handle = (tasks.spawn)(Box::pin(async { output }));
            }
            kept.push(Box::new(handle));
        },
        needs_tasks
    ),
];
