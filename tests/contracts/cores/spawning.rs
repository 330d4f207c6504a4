//! Tasks on other cores.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::future::pending;
use std::rc::Rc;
use std::sync::mpsc;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use cores::Cores;
use task_cell::{JoinError, catch_cancel, spawn};
use workbook_tests::blame::panic_of;
use workbook_tests::harness::watchdog;
use workbook_tests::limits::quick_or_full;

fn name() -> String {
    thread::current().name().unwrap_or_default().to_string()
}

#[test]
fn each_is_taken_in_its_turn() {
    let cores = Cores::new(3).unwrap();
    let names: Vec<_> = (0..6).map(|_| cores.spawn(|| async { name() })).collect();
    let names: Vec<String> = names.into_iter().map(|it| it.wait().unwrap()).collect();
    assert_eq!(
        names,
        ["core-0", "core-1", "core-2", "core-0", "core-1", "core-2"]
    );
}

#[test]
fn threads_that_ask_at_once_are_given_turns_of_their_own() {
    const THREADS: usize = 4;
    let cores = Cores::new(THREADS).unwrap();
    let together = Barrier::new(THREADS);
    let rounds = quick_or_full(200, 2000);
    let seen = Mutex::new(vec![BTreeSet::new(); rounds]);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for round in 0..rounds {
                    together.wait();
                    let name = cores.spawn(|| async { name() }).wait().unwrap();
                    seen.lock().unwrap()[round].insert(name);
                }
            });
        }
    });
    let seen = seen.lock().unwrap();
    assert!(seen.iter().all(|names| names.len() == THREADS), "{seen:?}");
}

#[test]
fn a_future_never_leaves_the_core_on_which_it_was_made() {
    let cores = Cores::new(2).unwrap();
    let seen = cores.each(|core| async move {
        let seen = Rc::new(Cell::new(BTreeSet::from([name()])));
        let task = {
            let seen = Rc::clone(&seen);
            spawn(async move {
                for _ in 0..100 {
                    polling::yield_now().await;
                    let mut names = seen.take();
                    names.insert(name());
                    seen.set(names);
                }
            })
        };
        task.await.unwrap();
        (core, seen.take())
    });
    for (at, seen) in seen.into_iter().enumerate() {
        let (core, names) = seen.wait().unwrap();
        assert_eq!(core, at);
        assert_eq!(names, BTreeSet::from([format!("core-{at}")]));
    }
}

#[test]
fn a_task_of_one_core_awaits_a_task_of_another() {
    let cores = Arc::new(Cores::new(2).unwrap());
    let other = cores.handle(1);
    let sum = cores.spawn_on(0, move || async move {
        let there = threads::HandleExt::spawn(&other, || async { (name(), 7) });
        (name(), there.await.unwrap())
    });
    let (here, (there, value)) = sum.wait().unwrap();
    assert_eq!(
        (here.as_str(), there.as_str(), value),
        ("core-0", "core-1", 7)
    );
}

#[test]
fn there_and_back_between_two_cores_at_once() {
    let cores = Cores::new(2).unwrap();
    let handles = [cores.handle(0), cores.handle(1)];
    let rounds = quick_or_full(200, 5000);
    let sums = cores.each(move |core| async move {
        let mut sum = 0;
        for number in 0..rounds {
            let there = threads::HandleExt::spawn(
                &handles[1 - core],
                move || async move { number },
            );
            sum += there.await.unwrap();
        }
        sum
    });
    for sum in sums {
        assert_eq!(sum.wait().unwrap(), rounds * (rounds - 1) / 2);
    }
}

#[test]
fn a_panic_ends_its_task_and_not_its_core() {
    let cores = Cores::new(1).unwrap();
    let crash = cores.spawn(|| async { panic!("no fuel") });
    assert!(matches!(crash.wait(), Err::<(), _>(JoinError::Panicked(_))));
    let maker = cores.spawn(|| -> std::future::Ready<()> { panic!("no future") });
    assert!(matches!(maker.wait(), Err(JoinError::Panicked(_))));
    assert_eq!(cores.spawn(|| async { 7 }).wait().unwrap(), 7);
}

#[test]
fn a_core_that_is_busy_does_not_stop_the_others() {
    let cores = Cores::new(2).unwrap();
    let (go, wait) = mpsc::channel();
    let busy = cores.spawn_on(0, move || async move { wait.recv().unwrap() });
    // Queued behind it.
    let late = cores.spawn_on(0, || async { "late" });
    assert_eq!(cores.spawn_on(1, || async { 7 }).wait().unwrap(), 7);
    assert!(!late.is_finished());
    go.send("done").unwrap();
    assert_eq!(
        (busy.wait().unwrap(), late.wait().unwrap()),
        ("done", "late")
    );
}

#[test]
fn the_end_cancels_what_is_left_and_waits_for_its_clean_up() {
    let cores = Cores::new(2).unwrap();
    let (tell, told) = mpsc::channel();
    let (begun, has_begun) = mpsc::channel();
    let left = cores.each(move |core| async move {
        begun.send(()).unwrap();
        let _asked = catch_cancel(pending::<()>()).await;
        polling::yield_now().await;
        tell.send(core).unwrap();
        task_cell::Cancelled::resume().await
    });
    has_begun.recv().and(has_begun.recv()).unwrap();
    cores.join().unwrap();
    let ended: BTreeSet<usize> = told.iter().collect();
    assert_eq!(ended, BTreeSet::from([0, 1]));
    for task in left {
        assert!(matches!(task.wait(), Err(JoinError::Cancelled)));
    }
}

#[test]
fn after_the_end_nothing_runs_and_nobody_hangs() {
    let cores = Cores::new(1).unwrap();
    let handle = cores.handle(0);
    cores.join().unwrap();
    let late =
        threads::HandleExt::spawn(&handle, || async { unreachable!("it is closed") });
    assert!(matches!(late.wait(), Err::<(), _>(JoinError::Cancelled)));
}

#[test]
fn dropping_them_ends_them() {
    let cores = Cores::new(2).unwrap();
    let left = cores.spawn(pending::<()>);
    drop(cores);
    assert!(matches!(left.wait(), Err(JoinError::Cancelled)));
}

#[test]
fn none_is_refused() {
    let words = panic_of(|| Cores::new(0));
    assert_eq!(words, "no core can run no task: start one at least");
}

#[test]
fn one_that_is_not_there_is_refused() {
    let cores = Cores::new(2).unwrap();
    let words = panic_of(|| cores.spawn_on(2, || async {}));
    assert_eq!(words, "there is no core 2: there are 2");
    assert_eq!(
        panic_of(|| cores.handle(3)),
        "there is no core 3: there are 2"
    );
}

#[test]
fn they_say_who_they_are_and_where_a_task_was_spawned() {
    let cores = Cores::new(2).unwrap();
    let shown = format!("{cores:?}");
    assert_eq!(shown, r#"[LoopThread "core-0", LoopThread "core-1"]"#);
    let mut tasks = vec![cores.spawn(pending::<()>), cores.spawn_on(1, pending::<()>)];
    tasks.extend(cores.each(|_| pending::<()>()));
    for task in tasks {
        let shown = format!("{task:?}");
        assert!(shown.contains("spawning.rs"), "{shown}");
    }
    let all = thread::available_parallelism().unwrap().get();
    assert_eq!(Cores::available(), all);
}

/// A core whose task waits, as it is dropped, until so many others do.
fn end_together(cores: &Cores) {
    let (begun, has_begun) = mpsc::channel();
    let together = Arc::new(Barrier::new(cores.len()));
    let tasks = cores.each(move |_| async move {
        let _at_the_end = OnDrop(|| {
            together.wait();
        });
        begun.send(()).unwrap();
        pending::<()>().await;
    });
    assert_eq!(has_begun.iter().take(cores.len()).count(), tasks.len());
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn they_end_side_by_side_joined_or_dropped() {
    let _watchdog = watchdog();
    let cores = Cores::new(3).unwrap();
    end_together(&cores);
    cores.join().unwrap();
    let cores = Cores::new(3).unwrap();
    end_together(&cores);
    drop(cores);
}

#[test]
fn the_panic_of_a_core_is_what_join_says() {
    let _watchdog = watchdog();
    let cores = Cores::new(2).unwrap();
    let (begun, has_begun) = mpsc::channel();
    drop(cores.spawn_on(1, move || async move {
        begun.send(()).unwrap();
        let _asked = catch_cancel(pending::<()>()).await;
        // It stops the clean-up itself.
        task_cell::stop();
        pending::<()>().await
    }));
    has_begun.recv().unwrap();
    assert!(matches!(cores.join(), Err(JoinError::Panicked(_))));
}

#[test]
fn a_core_cannot_wait_for_its_own_end() {
    let _watchdog = watchdog();
    let cores = Cores::new(2).unwrap();
    let (send, sent) = mpsc::channel::<Cores>();
    let task = cores.spawn_on(1, move || async move {
        let cores = sent.recv().unwrap();
        panic_of(|| cores.join())
    });
    send.send(cores).unwrap();
    let words = task.wait().unwrap();
    assert!(
        words.starts_with("a core cannot wait for its own end"),
        "{words}"
    );
}

/// The clean-up on core 0 needs core 1, whose task has dropped them all.
#[test]
fn dropped_by_a_task_of_one_they_stop_and_it_goes_on() {
    let _watchdog = watchdog();
    let cores = Cores::new(2).unwrap();
    let (begun, has_begun) = mpsc::channel();
    let (went_on, has_gone_on) = mpsc::channel();
    let (cleaned, has_cleaned) = mpsc::channel();
    drop(cores.spawn_on(0, move || async move {
        begun.send(()).unwrap();
        let _asked = catch_cancel(pending::<()>()).await;
        cleaned.send(has_gone_on.recv()).unwrap();
    }));
    has_begun.recv().unwrap();
    let (send, sent) = mpsc::channel::<Cores>();
    let task = cores.spawn_on(1, move || async move {
        drop(sent.recv().unwrap());
        went_on.send("went on").unwrap();
    });
    send.send(cores).unwrap();
    // Its value, or its core was stopped before it could say it.
    drop(task.wait());
    assert_eq!(has_cleaned.recv(), Ok(Ok("went on")));
}

#[test]
#[should_panic(expected = "wait() would stop the loop that runs on this thread")]
fn to_wait_on_a_core_for_a_core_is_refused() {
    let cores = Arc::new(Cores::new(1).unwrap());
    let own = cores.handle(0);
    let knot = cores.spawn(move || async move {
        threads::HandleExt::spawn(&own, || async {}).wait()
    });
    match knot.wait() {
        Err(JoinError::Panicked(panic)) => panic!("{}", panic.message().unwrap()),
        other => panic!("{other:?}"),
    }
}
