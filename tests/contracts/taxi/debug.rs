//! What debug mode tells, and what it does not.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use taxi::debug::{Report, What};
use taxi::time::sleep;
use taxi::{Builder, Cancelled, Clock, Runtime, catch_cancel, spawn_named, yield_now};

const SECOND: Duration = Duration::from_secs(1);

/// What was told, of whom.
type Told = Rc<RefCell<Vec<(String, What)>>>;

fn watched() -> (Builder, Told) {
    let told = Told::default();
    let list = Rc::clone(&told);
    let hook = move |report: &Report| {
        let entry = (report.task.clone(), report.what);
        list.borrow_mut().push(entry);
    };
    let builder = Runtime::builder().clock(Clock::virtual_time());
    // On a clock that stands still no turn is slow.
    let builder = builder.debug(true).stopwatch(|| Duration::ZERO);
    (builder.report(hook), told)
}

/// What is told of a run of `future`, to the end of the runtime.
fn told_of<F: Future>(future: F) -> Vec<(String, What)> {
    let (builder, told) = watched();
    let mut runtime = builder.build().unwrap();
    runtime.block_on(future);
    drop(runtime);
    told.take()
}

/// One report, with its words.
fn said_of<F: Future>(builder: Builder, future: F) -> Vec<(Report, String)> {
    let told = Rc::new(RefCell::new(Vec::new()));
    let list = Rc::clone(&told);
    let hook = move |report: &Report| {
        let entry = (report.clone(), format!("{report:#}"));
        list.borrow_mut().push(entry);
    };
    let mut runtime = builder.report(hook).build().unwrap();
    runtime.block_on(future);
    drop(runtime);
    told.take()
}

#[test]
fn a_slow_turn_is_told_with_its_task_and_its_lines() {
    let passed = Rc::new(Cell::new(Duration::ZERO));
    let clock = Rc::clone(&passed);
    let builder = watched().0.stopwatch(move || clock.get());
    let builder = builder.slow_turn(Duration::from_millis(50));
    let lines = Rc::new(Cell::new((0, 0)));
    let noted = Rc::clone(&lines);
    let said = said_of(builder, async move {
        let turns = async move {
            sleep(SECOND).await;
            passed.set(passed.get() + Duration::from_millis(49));
            sleep(SECOND).await;
            let before = line!() - 1;
            passed.set(passed.get() + Duration::from_millis(50));
            noted.set((before, line!() + 1));
            yield_now().await;
        };
        spawn_named("slow", turns).await.unwrap();
    });
    let [(report, words)] = &said[..] else {
        panic!("{said:?}");
    };
    assert_eq!(report.task, "slow");
    assert_eq!(report.what, What::SlowTurn(Duration::from_millis(50)));
    let at = |it: Option<polling::Suspension>| it.map(|it| (it.why, it.location.line()));
    let (before, after) = lines.get();
    assert_eq!(at(report.before), Some(("sleep", before)));
    assert_eq!(at(report.after), Some(("yield", after)));
    let spawned = format!("{}:{}", file!(), report.spawned.unwrap().line());
    assert!(
        words.contains(&format!("slow (spawned in {spawned}")),
        "{words}"
    );
    assert!(words.contains(&format!("{}:{before}", file!())), "{words}");
    assert!(words.contains("spawn_blocking"), "{words}");
}

/// A callback that takes a second, by the clock that is returned.
fn long() -> (
    impl Fn() -> Duration + 'static,
    impl FnOnce() + Clone + 'static,
) {
    let passed = Rc::new(Cell::new(Duration::ZERO));
    let clock = Rc::clone(&passed);
    let work = move || passed.set(passed.get() + SECOND);
    (move || clock.get(), work)
}

#[test]
fn a_slow_callback_is_told_with_the_line_that_asked_for_it() {
    let (clock, work) = long();
    let lines = Rc::new(Cell::new([0; 2]));
    let noted = Rc::clone(&lines);
    let said = said_of(watched().0.stopwatch(clock), async move {
        taxi::call_soon(work.clone());
        taxi::time::call_later(SECOND, work);
        noted.set([line!() - 2, line!() - 1]);
        taxi::call_soon(|| ()); // not slow
        sleep(2 * SECOND).await;
    });
    let whys = ["call_soon", "call_later"];
    assert_eq!(said.len(), 2, "{said:?}");
    for (((report, words), line), why) in said.iter().zip(lines.get()).zip(whys) {
        assert_eq!(report.what, What::SlowCallback(SECOND));
        assert_eq!((&*report.task, report.spawned), ("a callback", None));
        let asked = report.before.unwrap();
        assert_eq!((asked.why, asked.location.line()), (why, line));
        let who = format!("slow callback: a callback ({why} in {}:{line})", file!());
        assert!(words.starts_with(&who), "{words}");
        assert!(words.contains("spawn_blocking"), "{words}");
    }
}

/// What was asked for by others than taxi's functions has no line; a task's line is not taken for its own.
#[test]
fn a_slow_callback_without_a_line_is_told_too() {
    let (clock, work) = long();
    let said = said_of(watched().0.stopwatch(clock), async move {
        // Its last turn has polled a sleep, which has said where it waits.
        let ride = spawn_named("ride", taxi::select(sleep(SECOND), async {}));
        ride.on_end(move |_| work());
        ride.await.unwrap();
    });
    let [(report, words)] = &said[..] else {
        panic!("{said:?}");
    };
    assert_eq!(report.what, What::SlowCallback(SECOND));
    assert_eq!(report.before, None);
    assert!(
        words.starts_with("slow callback: a callback has kept"),
        "{words}"
    );
}

#[test]
fn a_callback_that_panics_is_reported_to_the_panic_hook_also_in_debug_mode() {
    let told = Rc::new(Cell::new(0));
    let count = Rc::clone(&told);
    let builder = watched().0.panic_hook(move |_| count.set(count.get() + 1));
    let mut runtime = builder.build().unwrap();
    runtime.block_on(async {
        taxi::call_soon(|| panic!("no fuel"));
        yield_now().await;
    });
    assert_eq!(told.get(), 1);
}

#[test]
fn turns_are_counted_in_debug_mode_alone() {
    for (on, turns) in [(true, 3), (false, 0)] {
        let passed = Rc::new(Cell::new(Duration::ZERO));
        let clock = Rc::clone(&passed);
        let (builder, told) = watched();
        let builder = builder.debug(on).stopwatch(move || clock.get());
        let mut runtime = builder.build().unwrap();
        runtime.block_on(async {
            yield_now().await;
            passed.set(SECOND);
            yield_now().await;
        });
        let longest = if on { SECOND } else { Duration::ZERO };
        assert_eq!(runtime.metrics().turns, turns);
        assert_eq!(runtime.metrics().longest_turn, longest);
        drop(runtime);
        assert_eq!(told.borrow().len(), usize::from(on));
    }
}

#[test]
fn a_task_that_is_dropped_with_its_runtime_is_told() {
    let (builder, _) = watched();
    let line = Rc::new(Cell::new(0));
    let noted = Rc::clone(&line);
    let said = said_of(builder, async move {
        drop(spawn_named("meter", async move {
            noted.set(line!() + 1);
            sleep(60 * SECOND).await;
        }));
        drop(spawn_named("over", async {}));
        sleep(SECOND).await;
    });
    let [(report, words)] = &said[..] else {
        panic!("{said:?}");
    };
    assert_eq!((&*report.task, report.what), ("meter", What::Destroyed));
    assert_eq!(report.before.unwrap().location.line(), line.get());
    assert!(words.contains("cancel_all"), "{words}");
}

#[test]
fn closing_tells_once_and_what_was_driven_to_its_end_is_not_told() {
    let (builder, told) = watched();
    let mut runtime = builder.build().unwrap();
    drop(runtime.spawn(pending::<()>()));
    runtime.cancel_all();
    drop(runtime.spawn(pending::<()>()));
    assert_eq!(runtime.close().len(), 1);
    drop(runtime);
    assert_eq!(told.take(), [("Task-3".into(), What::Destroyed)]);
}

#[test]
fn a_task_that_catches_its_cancellation_and_ends_with_a_value_is_told() {
    let told = told_of(async {
        let at_once = spawn_named("at once", catch_cancel(pending::<()>()));
        let later = spawn_named("later", async {
            let _caught = catch_cancel(pending::<()>()).await;
            sleep(SECOND).await;
        });
        yield_now().await;
        for task in [at_once.task_handle(), later.task_handle()] {
            task.cancel();
        }
        later.await.unwrap();
    });
    let swallowed = |name: &str| (name.to_string(), What::Swallowed);
    assert_eq!(told, [swallowed("at once"), swallowed("later")]);
}

#[test]
fn a_task_that_catches_each_request_at_the_same_line_is_told_once() {
    let told = told_of(async {
        let stubborn = spawn_named("stubborn", async {
            for _ in 0..4 {
                let _caught = catch_cancel(sleep(60 * SECOND)).await;
            }
        });
        for _ in 0..4 {
            yield_now().await;
            stubborn.cancel();
        }
        stubborn.await.unwrap();
    });
    assert_eq!(told, [("stubborn".into(), What::SwallowedAgain)]);
}

#[test]
fn who_answers_a_cancellation_is_not_told() {
    let told = told_of(async {
        let resumes = spawn_named("resumes", async {
            let _caught = catch_cancel(pending::<()>()).await;
            sleep(SECOND).await;
            Cancelled::resume().await;
        });
        let dropped = spawn_named("dropped", pending::<()>());
        // Its own scope answers, and resumes.
        let gathers = spawn_named("gathers", taxi::gather([pending::<()>()]));
        let panics = spawn_named("panics", async {
            let _caught = catch_cancel(pending::<()>()).await;
            panic!("no fuel")
        });
        // Its value was faster.
        let ready = spawn_named("ready", catch_cancel(sleep(SECOND)));
        sleep(SECOND).await;
        let tasks = [
            resumes.task_handle(),
            dropped.task_handle(),
            gathers.task_handle(),
            panics.task_handle(),
        ];
        for task in tasks {
            task.cancel();
        }
        ready.cancel();
        assert!(matches!(ready.await, Ok(Ok(()))));
        assert!(resumes.await.is_err() && dropped.await.is_err());
        assert!(gathers.await.is_err());
        let _crash: Result<(), _> = panics.await;
    });
    assert_eq!(told, []);
}

#[test]
fn a_limit_that_is_over_is_no_cancellation() {
    let told = told_of(async {
        let late = taxi::time::timeout(SECOND, pending::<()>());
        assert!(spawn_named("late", late).await.unwrap().is_err());
        let limited = taxi::wait_for(SECOND, pending::<()>());
        assert!(spawn_named("limited", limited).await.unwrap().is_err());
    });
    assert_eq!(told, []);
}

#[test]
fn without_debug_mode_nothing_is_told() {
    let (builder, told) = watched();
    let mut runtime = builder.debug(false).build().unwrap();
    runtime.block_on(async {
        let task = spawn_named("catches", catch_cancel(pending::<()>()));
        drop(spawn_named("left", pending::<()>()));
        yield_now().await;
        task.cancel();
        assert!(task.await.unwrap().is_err());
    });
    drop(runtime);
    assert_eq!(told.take(), []);
}

#[test]
fn a_hook_that_panics_disturbs_nobody() {
    let told = Rc::new(Cell::new(0));
    let count = Rc::clone(&told);
    let builder = watched().0.panic_hook(move |_| count.set(count.get() + 1));
    let builder = builder.report(|_| panic!("the hook"));
    let mut runtime = builder.slow_turn(Duration::ZERO).build().unwrap();
    runtime.block_on(yield_now());
    assert_eq!(told.get(), 2);
}
