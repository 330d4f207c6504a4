//! When a fault strikes, and what everybody else must have done by then.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::Duration;

use timers::sleep;
use wakers::set_panic_hook;

use crate::faults::{Fault, Fragile};
use crate::runtimes::{Boxed, Loop, Runtime};

/// A moment.
pub(crate) struct Moment {
    pub name: &'static str,
    pub strike: fn(&'static Runtime, &'static Fault),
}

/// All of them.
pub(crate) const MOMENTS: &[Moment] = &[
    Moment {
        name: "running",
        strike: running,
    },
    Moment {
        name: "closing",
        strike: closing,
    },
    Moment {
        name: "unwinding",
        strike: unwinding,
    },
    Moment {
        name: "thread-ending",
        strike: thread_ending,
    },
    Moment {
        name: "begun-at-the-end",
        strike: begun_at_the_end,
    },
];

/// All of that in a thread-local's destructor: the loop is made, runs and is dropped while its thread ends.
fn begun_at_the_end(runtime: &'static Runtime, fault: &'static Fault) {
    struct Late(Option<(&'static Runtime, &'static Fault, Sender<()>)>);

    impl Drop for Late {
        fn drop(&mut self) {
            if let Some((runtime, fault, over)) = self.0.take() {
                running(runtime, fault);
                over.send(()).unwrap();
            }
        }
    }

    thread_local! {
        static LATE: RefCell<Late> = const { RefCell::new(Late(None)) };
    }
    let (over, told) = channel();
    let thread = thread::spawn(move || {
        // Its destructor is registered first, and so runs last: what a loop keeps in thread-locals is gone by then.
        LATE.with_borrow_mut(|late| late.0 = Some((runtime, fault, over)));
        (runtime.new)().run(Box::pin(async {}));
    });
    thread.join().expect("the thread has ended well");
    told.recv().expect("all of it has run");
}

/// How often something else has gone on.
#[derive(Default)]
struct Bystanders(AtomicU32);

impl Wake for Bystanders {
    fn wake(self: Arc<Bystanders>) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// What is kept until the end of a case.
type Kept = Vec<Box<dyn std::any::Any>>;

/// Plants a bystander: it goes on at the instant at which faults strike.
fn bystander(runtime: &Runtime, all: &Arc<Bystanders>, kept: &mut Kept) {
    let waker = Waker::from(Arc::clone(all));
    if let Some(tasks) = runtime.tasks {
        let ours = Notes(waker.clone());
        drop((tasks.spawn)(Box::pin(async move {
            // Dropped when it is over, or with it.
            let _ours = ours;
            sleep(Duration::from_secs(1)).await;
            Fragile::default()
        })));
    } else {
        let mut nap = Box::pin(sleep(Duration::from_secs(1)));
        let polled = nap.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        kept.push(Box::new(nap));
    }
}

/// Wakes when it is dropped.
struct Notes(Waker);

impl Drop for Notes {
    fn drop(&mut self) {
        self.0.wake_by_ref();
    }
}

/// The root that plants `fault` between two bystanders.
fn planting(
    runtime: &'static Runtime,
    fault: &'static Fault,
    all: &Arc<Bystanders>,
    kept: &Rc<RefCell<Kept>>,
    stays: Duration,
) -> Boxed<()> {
    let (all, kept) = (Arc::clone(all), Rc::clone(kept));
    Box::pin(async move {
        bystander(runtime, &all, &mut kept.borrow_mut());
        (fault.plant)(runtime, &mut kept.borrow_mut());
        bystander(runtime, &all, &mut kept.borrow_mut());
        // Each task has its first turn.
        polling::yield_now().await;
        sleep(stays).await;
    })
}

/// A run that a panic may end, where the chapter says so: then it is run again.
fn run(looped: &mut Box<dyn Loop>, root: Boxed<()>, fault: &Fault) {
    let ended = catch_unwind(AssertUnwindSafe(|| looped.run(root)));
    if ended.is_err() {
        assert!(fault.may_end_run, "it has ended the run");
        looped.run(Box::pin(sleep(Duration::from_secs(3))));
    }
}

/// It strikes while the loop runs: the bystanders have their turn, and the root its end.
fn running(runtime: &'static Runtime, fault: &'static Fault) {
    let reports = Rc::new(Cell::new(0));
    let counter = Rc::clone(&reports);
    let _hook = set_panic_hook(Rc::new(move |_| counter.set(counter.get() + 1)));
    let (all, kept) = <(Arc<Bystanders>, Rc<RefCell<Kept>>)>::default();
    let mut looped = (runtime.new)();
    let root = planting(runtime, fault, &all, &kept, Duration::from_secs(2));
    run(&mut looped, root, fault);
    assert_eq!(all.0.load(Relaxed), 2, "bystanders that went on");
    if fault.is_reported {
        assert!(reports.get() > 0, "nobody was told");
    }
    drop(looped);
    drop(kept.take());
}

/// It is left when the run ends, and strikes when the loop is dropped: so are the bystanders.
fn closing(runtime: &'static Runtime, fault: &'static Fault) {
    let (all, kept) = <(Arc<Bystanders>, Rc<RefCell<Kept>>)>::default();
    let looped = left(runtime, fault, &all, &kept);
    drop(looped);
    check_dropped(runtime, &all);
    drop(kept.take());
}

/// So it is, but the thread is panicking.
fn unwinding(runtime: &'static Runtime, fault: &'static Fault) {
    let (all, kept) = <(Arc<Bystanders>, Rc<RefCell<Kept>>)>::default();
    let looped = left(runtime, fault, &all, &kept);
    let caught = catch_unwind(AssertUnwindSafe(move || {
        let _kept = kept;
        let _looped = looped;
        panic_any("a flat tyre");
    }));
    let payload = caught.unwrap_err();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"a flat tyre"));
    check_dropped(runtime, &all);
}

/// So it is, but the loop is in a thread-local, and the thread ends.
fn thread_ending(runtime: &'static Runtime, fault: &'static Fault) {
    thread_local! {
        static LAST: RefCell<Option<Box<dyn Loop>>> = const { RefCell::new(None) };
    }
    let all = Arc::new(Bystanders::default());
    let ours = Arc::clone(&all);
    let thread = thread::spawn(move || {
        // Its destructor is registered first, and so runs last.
        LAST.with(|_| ());
        let kept = Rc::default();
        let looped = left(runtime, fault, &ours, &kept);
        LAST.set(Some(looped));
    });
    thread.join().expect("the thread has ended well");
    check_dropped(runtime, &all);
}

/// A loop with a fault in it that has not struck.
fn left(
    runtime: &'static Runtime,
    fault: &'static Fault,
    all: &Arc<Bystanders>,
    kept: &Rc<RefCell<Kept>>,
) -> Box<dyn Loop> {
    let mut looped = (runtime.new)();
    let root = planting(runtime, fault, all, kept, Duration::ZERO);
    run_shortly(&mut looped, root, fault);
    looped
}

fn run_shortly(looped: &mut Box<dyn Loop>, root: Boxed<()>, fault: &Fault) {
    let ended = catch_unwind(AssertUnwindSafe(|| looped.run(root)));
    assert!(ended.is_ok() || fault.may_end_run, "it has ended the run");
}

fn check_dropped(runtime: &Runtime, all: &Bystanders) {
    // A sleep of one's own is not dropped with its loop.
    let wanted = if runtime.tasks.is_some() { 2 } else { 0 };
    assert_eq!(all.0.load(Relaxed), wanted, "bystanders that were dropped");
}
