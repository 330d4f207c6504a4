//! A handle is a future, wherever programs put one; and a task without its value.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use futures::future::join_all;
use futures::stream::{FuturesUnordered, StreamExt};
use futures::{FutureExt, select_biased};
use polling::yield_now;
use readiness::{Reactor, TcpListener};
use task_cell::{
    Cancelled, Executor, JoinError, TaskHandle, catch_cancel, run_with, spawn,
    spawn_named, tasks,
};
use timers::{Timers, now, sleep, timeout};

use crate::cancelling::run;
use crate::misuse::panic_of;
use crate::others_code::OnDrop;
use crate::{Log, executor, watchdog};

const SECOND: Duration = Duration::from_secs(1);

/// Ends after so many seconds, with their number.
async fn takes(seconds: u32) -> u32 {
    sleep(seconds * SECOND).await;
    seconds
}

#[test]
fn a_select_may_lend_a_handle_and_await_it_again() {
    run(async {
        let (mut quick, mut slow) = (spawn(takes(1)), spawn(takes(3)));
        let first = select_biased! {
            value = (&mut slow).fuse() => value,
            value = (&mut quick).fuse() => value,
        };
        assert_eq!(first.unwrap(), 1);
        assert!(!slow.is_finished());
        assert_eq!(slow.await.unwrap(), 3);
        assert_eq!(now().as_secs(), 3);
    });
}

#[test]
fn join_all_of_handles_keeps_their_order() {
    run(async {
        let handles: Vec<_> = [3, 1, 2].map(|n| spawn(takes(n))).into();
        handles[1].cancel();
        let ends = join_all(handles).await;
        assert!(matches!(
            ends[..],
            [Ok(3), Err(JoinError::Cancelled), Ok(2)]
        ));
        assert_eq!(now().as_secs(), 3);
    });
}

#[test]
fn a_futures_unordered_of_handles_gives_them_as_they_end() {
    run(async {
        let handles: FuturesUnordered<_> =
            [3, 1, 2].map(|n| spawn(takes(n))).into_iter().collect();
        let ended: Vec<u32> = handles.map(Result::unwrap).collect().await;
        assert_eq!(ended, [1, 2, 3]);
    });
}

#[test]
fn a_handle_that_was_awaited_says_so_at_the_line_that_awaits_it_again() {
    run(async {
        let mut task = spawn(async { 7 });
        let line = line!() - 1;
        assert_eq!((&mut task).await.unwrap(), 7);
        let mut context = Context::from_waker(Waker::noop());
        // What polls it here is an `.await` elsewhere. Through a reference that is a line
        // of std: so the message has the line of the spawn.
        let again = panic_of(|| Pin::new(&mut task).poll(&mut context));
        let (spawned, what) = again.split_once(": its").unwrap();
        assert!(spawned.starts_with("Task-2 (spawned at "), "{again}");
        assert!(spawned.contains(&format!("handles.rs:{line}:")), "{again}");
        assert_eq!(what, " result was taken; await a handle once");
    });
}

#[test]
fn where_the_line_of_the_await_is_unknown_it_is_that_of_the_spawn() {
    run(async {
        let pending = spawn(pending::<()>());
        let line = line!() - 1;
        let waits = spawn(join_all([pending]));
        yield_now().await;
        let all = tasks();
        let suspended = all[2].suspended.expect("it waits for a handle");
        assert_eq!(
            (suspended.location.file(), suspended.location.line()),
            (file!(), line)
        );
        drop(waits);
    });
}

#[test]
fn inside_a_scope_it_is_the_line_that_awaits_the_scope() {
    run(async {
        let pending = spawn(pending::<()>());
        let line = line!() + 1;
        let waits = spawn(async move { catch_cancel(pending).await });
        yield_now().await;
        let suspended = tasks()[2].suspended.expect("it waits for a handle");
        assert_eq!(suspended.location.line(), line);
        drop(waits);
    });
}

#[test]
fn what_may_be_ready_for_ever_gives_way_in_the_tasks_poll() {
    // The budget is the task's: whichever of its futures goes on, it has to stop.
    let ready = |polls: Rc<Cell<u32>>| {
        poll_fn(move |context| {
            while polling::spend(context).is_ready() {
                polls.set(polls.get() + 1);
                assert!(polls.get() < 10_000, "it never gives way");
            }
            Poll::<()>::Pending
        })
    };
    run(async {
        let polls = Rc::new(Cell::new(0));
        let two = [ready(Rc::clone(&polls)), ready(Rc::clone(&polls))];
        let busy = spawn(two.into_iter().collect::<FuturesUnordered<_>>().count());
        yield_now().await;
        assert_eq!(polls.get(), 128);
        yield_now().await;
        assert_eq!(polls.get(), 256, "its next poll has a budget again");
        busy.abort();
    });
}

#[test]
fn a_future_that_finds_no_executor_is_dropped_there() {
    let dropped = Rc::new(Cell::new(0));
    let held = |dropped: &Rc<Cell<u32>>| {
        let dropped = Rc::clone(dropped);
        let held = OnDrop(move || dropped.set(dropped.get() + 1));
        async move { drop(held) }
    };
    let words = panic_of(|| spawn(held(&dropped)));
    assert!(words.starts_with("spawn needs an executor"), "{words}");
    assert_eq!(dropped.get(), 1);
    let mut executor = Executor::new(wakers::ThreadPark::new());
    executor.close();
    let words = panic_of(|| executor.spawn(held(&dropped)));
    assert!(words.starts_with("the executor is closed"), "{words}");
    assert_eq!(dropped.get(), 2);
}

#[test]
fn a_task_without_its_value_is_named_cancelled_and_aborted() {
    run(async {
        let one = spawn_named("one", async {
            assert_eq!(catch_cancel(takes(60)).await, Err(Cancelled));
            "caught"
        });
        let two = spawn(takes(60));
        let both: [TaskHandle; 2] = [one.task_handle(), two.task_handle()];
        assert_eq!(both.each_ref().map(TaskHandle::name), ["one", "Task-3"]);
        assert_eq!(both.each_ref().map(TaskHandle::id), [2, 3]);
        assert_eq!(format!("{:?}", both[0]), "one pending");
        assert_eq!(both[1].to_string(), "Task-3 (spawned in handles.rs)");
        yield_now().await;
        assert!(both[0].cancel());
        both[1].abort();
        assert!(both.iter().all(|task| !task.is_finished()));
        assert_eq!(one.await.unwrap(), "caught");
        assert!(matches!(two.await, Err(JoinError::Cancelled)));
        assert!(both.iter().all(TaskHandle::is_finished));
        assert_eq!(both.each_ref().map(TaskHandle::is_cancelled), [false, true]);
        assert_eq!(both.each_ref().map(TaskHandle::cancel), [false, false]);
        assert_eq!(format!("{both:?}"), "[one finished, Task-3 cancelled]");
    });
}

/// A value that has no clone.
struct Whole;

#[test]
fn the_end_is_told_to_everybody_in_the_order_in_which_they_asked() {
    run(async {
        let log = Log::default();
        let tell = |who: &'static str| {
            let log = log.clone();
            move |end: Result<(), JoinError>| log.say(format!("{who} {end:?}"))
        };
        let task = spawn(async {
            sleep(SECOND).await;
            Whole
        });
        let same = task.task_handle();
        same.on_end(tell("first"));
        task.task_handle().on_end(tell("second"));
        let Whole = task.await.unwrap();
        log.say("joiner");
        assert_eq!(log.all(), "first Ok(()), second Ok(()), joiner");
        // It is over: called soon, and not here.
        same.on_end(tell("late"));
        assert_eq!(log.all(), "");
        yield_now().await;
        assert_eq!(log.all(), "late Ok(())");
    });
}

#[test]
fn the_end_is_told_with_what_kept_the_task_from_its_value() {
    run(async {
        let log = Log::default();
        let ends = [
            spawn(async { panic!("a flat tyre") }).task_handle(),
            spawn(pending::<()>()).task_handle(),
        ];
        let tell = |task: &TaskHandle| {
            let log = log.clone();
            task.on_end(move |end| log.say(format!("{end:?}")));
        };
        ends.iter().for_each(tell);
        ends[1].cancel();
        yield_now().await;
        yield_now().await;
        assert_eq!(log.all(), "Err(Panicked(\"a flat tyre\")), Err(Cancelled)");
        // What it panicked with went with its handle. That it has panicked did not.
        ends.iter().for_each(tell);
        yield_now().await;
        assert_eq!(log.all(), "Err(Panicked(\"…\")), Err(Cancelled)");
    });
}

#[test]
fn a_task_handle_outlives_its_runtime() {
    let mut executor = executor();
    let inner = task_cell::Executor::new(wakers::ThreadPark::new());
    let task = inner.spawn(pending::<()>()).task_handle();
    let told = Rc::new(Cell::new(false));
    let ours = Rc::clone(&told);
    task.on_end(move |_| ours.set(true));
    drop(inner);
    assert!(task.is_cancelled() && !task.cancel());
    assert!(!told.get(), "a closed executor calls nobody");
    let words = panic_of(|| task.on_end(|_| ()));
    assert!(words.starts_with("the executor is closed"), "{words}");
    executor.run_until_complete(async {});
}

#[test]
fn a_listed_task_gives_its_handle() {
    run(async {
        let task = spawn(pending::<()>());
        let listed = tasks().pop().expect("two are listed");
        listed.task.abort();
        assert!(task.await.is_err());
    });
}

#[test]
fn cancel_all_is_what_a_run_does_at_its_end() {
    let mut executor = Executor::new(Timers::new(
        wakers::ThreadPark::new(),
        Clock::virtual_time(),
    ));
    let log = Log::default();
    let ours = log.clone();
    let task = executor.spawn(async move {
        let _caught = catch_cancel(pending::<()>()).await;
        sleep(SECOND).await;
        ours.say("clean");
        Cancelled::resume().await;
    });
    executor.run_until_complete(yield_now());
    executor.cancel_all();
    assert!(task.is_cancelled());
    assert_eq!(log.all(), "clean");
    // It is as good as new.
    assert_eq!(executor.run_until_complete(async { 7 }), 7);
    executor.close();
    assert!(panic_of(|| executor.cancel_all()).starts_with("the executor is closed"));
}

#[test]
fn what_is_left_ends_with_its_sockets_on_any_layers() {
    let _watchdog = watchdog("a clean-up over a socket");
    let (sent, heard) = (Rc::new(RefCell::new(None)), Rc::new(Cell::new(false)));
    let (given, ours) = (Rc::clone(&sent), Rc::clone(&heard));
    let reactor = Reactor::new().unwrap();
    run_with(Timers::new(reactor, Clock::real()), async move {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        *given.borrow_mut() = Some(thread::spawn(move || {
            let mut peer = TcpStream::connect(address).unwrap();
            let mut text = String::new();
            peer.read_to_string(&mut text).unwrap();
            peer.write_all(b"!").unwrap_or_default();
            text
        }));
        let stream = listener.accept().await.unwrap().0;
        drop(spawn(async move {
            let _on_end = OnDrop(move || ours.set(true));
            let _caught = catch_cancel(pending::<()>()).await;
            // More than one turn, and by the reactor.
            sleep(Duration::from_millis(1)).await;
            stream.write_all(b"good night").await.unwrap();
            stream.shutdown(std::net::Shutdown::Write).unwrap();
            let mut end = [0; 1];
            assert_eq!(stream.read(&mut end).await.unwrap(), 1);
            Cancelled::resume().await;
        }));
        yield_now().await;
    });
    assert!(heard.get());
    let peer = sent.borrow_mut().take().expect("it was connected");
    assert_eq!(peer.join().unwrap(), "good night");
}

#[test]
fn a_promise_that_is_kept_between_two_runs_tells_in_the_order_in_which_they_asked() {
    let mut executor = executor();
    let log = Log::default();
    let promise = task_cell::promise::<u32>();
    let (waits, ours) = (promise.clone(), log.clone());
    let waiter =
        executor.spawn(async move { ours.say(format!("waiter {}", waits.await)) });
    let (told, ours) = (promise.clone(), log.clone());
    executor.run_until_complete(async move {
        yield_now().await;
        told.add_done_callback(move |seven| ours.say(format!("callback {seven}")));
    });
    // The waiter is woken by mail, and the callback is not.
    promise.set(7).unwrap();
    executor.run_until_complete(waiter);
    executor.run_until_complete(yield_now());
    assert_eq!(log.all(), "waiter 7, callback 7");
}

#[test]
fn a_timeout_that_lent_a_handle_drops_no_task() {
    run(async {
        let mut task = spawn(takes(3));
        assert!(timeout(SECOND, &mut task).await.is_err());
        assert_eq!(task.await.unwrap(), 3);
    });
}
