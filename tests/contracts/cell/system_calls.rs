//! What asks nothing of the operating system, and what asks once: counted by strace, where there is one.

use std::cell::RefCell;
use std::fs;
use std::future::poll_fn;
use std::process::Command;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use readiness::Reactor;
use task_cell::{Executor, spawn};
use timers::Timers;
use workbook_tests::process::run_limited;

const LIMIT: Duration = Duration::from_secs(120);

/// Set where strace watches.
const WATCHED: &str = "WORKBOOK_UNDER_STRACE";

/// Files that do not exist. Asking for them leaves a line in the list of system calls.
const BEGIN: &str = "/no-such-file-begin";
const END: &str = "/no-such-file-end";

/// The system calls that the test of this name, run by itself in a child, makes between [`BEGIN`] and [`END`] on the
/// thread that asks for those. `None`: there is no strace here, or it may not watch; or this is that child.
fn system_calls(test: &str) -> Option<Vec<String>> {
    if std::env::var_os(WATCHED).is_some() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("calls");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o"]).arg(&list);
    strace.arg(std::env::current_exe().unwrap());
    strace.args(["--exact", &format!("system_calls::{test}")]);
    let watched = run_limited(strace.env(WATCHED, "1"), LIMIT);
    let finished = watched.ok();
    let list = fs::read_to_string(&list).unwrap_or_default();
    let Some(begin) = list.lines().position(|line| line.contains(BEGIN)) else {
        let failed = finished.is_some_and(|finished| finished.status.code() == Some(101));
        assert!(!failed, "{test} failed before it began");
        eprintln!("skipped: strace is not installed, or may not watch");
        return None;
    };
    let thread = list.lines().nth(begin)?.split(' ').next()?;
    let calls = list.lines().skip(begin + 1);
    let calls = calls.filter(|line| line.split(' ').next() == Some(thread));
    // What an allocator asks for is not ours: a sanitizer's maps memory when it likes.
    let memory = |call: &&str| {
        ["mmap(", "munmap(", "brk("]
            .iter()
            .any(|&it| call.contains(it))
    };
    // A call that another thread has cut in two is counted where it begins.
    let whole = |call: &&str| !call.contains(" resumed>");
    let calls = calls.filter(|call| !memory(call)).filter(whole);
    let calls: Vec<String> = calls.map(str::to_string).collect();
    let end = calls.iter().position(|line| line.contains(END));
    Some(calls[..end.expect("it came to the end")].to_vec())
}

fn executor() -> Executor<Timers<Reactor>> {
    Executor::new(Timers::new(Reactor::new().unwrap(), Clock::real()))
}

#[test]
fn yields_and_local_wakes_cost_none() {
    if let Some(calls) = system_calls("yields_and_local_wakes_cost_none") {
        assert_eq!(calls, [""; 0]);
        return;
    }
    executor().run_until_complete(async {
        // So many that what grows has grown.
        both_ways(1000).await;
        drop(fs::metadata(BEGIN));
        both_ways(1000).await;
        drop(fs::metadata(END));
    });
}

/// Two tasks that wake each other, by a waker they keep, beside one that yields.
async fn both_ways(times: u32) {
    let waiting: Rc<RefCell<Vec<Waker>>> = Rc::default();
    let in_turns = |waiting: Rc<RefCell<Vec<Waker>>>| async move {
        for _ in 0..times {
            let mut met = false;
            poll_fn(|context| {
                let others = waiting.take();
                let first = others.is_empty();
                others.into_iter().for_each(Waker::wake);
                if first && !met {
                    met = true;
                    waiting.borrow_mut().push(context.waker().clone());
                    return Poll::Pending;
                }
                Poll::Ready(())
            })
            .await;
        }
        // Whoever is left waits for nobody.
        waiting.take().into_iter().for_each(Waker::wake);
    };
    let yields = spawn(async move {
        for _ in 0..times {
            polling::yield_now().await;
        }
    });
    let one = spawn(in_turns(Rc::clone(&waiting)));
    let other = spawn(in_turns(waiting));
    for task in [one, other, yields] {
        task.await.unwrap();
    }
}

/// Is woken once from another thread, between [`BEGIN`] and [`END`], when `ready` says so.
fn wake_remotely(in_a_poll: bool, ready: impl Fn(&str) + Send) {
    let me = fs::read_link("/proc/thread-self").unwrap();
    let me = format!("/proc/{}/stat", me.display());
    let (called, calls) = std::sync::mpsc::channel::<Waker>();
    let woken = &AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(move || {
            let waker = calls.recv().unwrap();
            ready(&me);
            drop(fs::metadata(BEGIN));
            waker.wake_by_ref();
            drop(fs::metadata(END));
            // Not before: the loop may go on and end.
            woken.store(true, Ordering::Release);
            waker.wake();
        });
        executor().run_until_complete(poll_fn(|context| {
            called.send(context.waker().clone()).ok();
            while in_a_poll && !woken.load(Ordering::Acquire) {
                thread::yield_now();
            }
            match woken.load(Ordering::Acquire) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
    });
}

#[test]
fn a_remote_wake_costs_none_while_the_loop_runs() {
    match system_calls("a_remote_wake_costs_none_while_the_loop_runs") {
        Some(calls) => assert_eq!(calls, [""; 0]),
        None => wake_remotely(true, |_| {}),
    }
}

#[test]
fn a_remote_wake_is_one_write_if_the_loop_sleeps() {
    match system_calls("a_remote_wake_is_one_write_if_the_loop_sleeps") {
        Some(calls) => {
            assert_eq!(calls.len(), 1, "{calls:?}");
            assert!(calls[0].contains(" write("), "{calls:?}");
        }
        // The loop's thread, after its one poll, sleeps nowhere but in its park.
        None => wake_remotely(false, |stat| {
            let asleep = || fs::read_to_string(stat).unwrap().contains(") S ");
            while !asleep() {
                thread::yield_now();
            }
        }),
    }
}
