//! One queue: who comes when.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::mem;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use event_loop::Clock;
use polling::{counted, yield_now};
use tasks::{Executor, call_soon, promise, spawn};
use timers::{call_later, sleep};
use wakers::{Park, ThreadPark};

use crate::{Log, Told, executor, run, run_on, watchdog};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_spawned_task_does_not_run_before_the_spawner_yields() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let task = spawn(async move { ours.say("task") });
        log.say("spawner");
        task.await;
        assert_eq!(log.all(), "spawner, task");
    });
}

#[test]
fn tasks_and_callbacks_start_in_the_order_they_were_asked_for() {
    run(async {
        let log = Log::default();
        let mut last = None;
        for name in 0..6 {
            let log = log.clone();
            match name % 3 {
                0 => call_soon(move || log.say(format!("callback {name}"))),
                _ => last = Some(spawn(async move { log.say(format!("task {name}")) })),
            }
        }
        last.unwrap().await;
        let wanted = "callback 0, task 1, task 2, callback 3, task 4, task 5";
        assert_eq!(log.all(), wanted);
    });
}

#[test]
fn a_wake_during_its_own_poll_runs_it_again_after_those_in_the_queue() {
    run(async {
        let log = Log::default();
        let mut tasks = Vec::new();
        for name in ["a", "b", "c"] {
            let log = log.clone();
            tasks.push(spawn(async move {
                for _ in 0..3 {
                    log.say(name);
                    yield_now().await;
                }
            }));
        }
        for task in tasks {
            task.await;
        }
        assert_eq!(log.all(), "a, b, c, a, b, c, a, b, c");
    });
}

/// A future that never ends, how often it was polled, and its waker once it was.
fn sleeper() -> (
    impl Future<Output = ()>,
    polling::Polls,
    tasks::Promise<Waker>,
) {
    let bell = promise();
    let ours = bell.clone();
    let (sleeper, polls) = counted(poll_fn(move |context| {
        let _again = ours.set(context.waker().clone());
        Poll::<()>::Pending
    }));
    (sleeper, polls, bell)
}

#[test]
fn ten_wakes_before_a_poll_make_one_poll() {
    run(async {
        let (sleeper, polls, bell) = sleeper();
        let _task = spawn(sleeper);
        let waker = bell.await;
        assert_eq!(polls.get(), 1);
        for _ in 0..10 {
            waker.wake_by_ref();
        }
        yield_now().await;
        assert_eq!(polls.get(), 2);
        waker.wake();
        yield_now().await;
        assert_eq!(polls.get(), 3, "a wake after the poll counts again");
    });
}

#[test]
fn ten_wakes_during_its_own_poll_make_one_poll() {
    run(async {
        let mut first = true;
        let (future, polls) = counted(poll_fn(move |context| {
            for _ in 0..10 {
                context.waker().wake_by_ref();
            }
            match std::mem::take(&mut first) {
                true => Poll::Pending,
                false => Poll::Ready(()),
            }
        }));
        spawn(future).await;
        yield_now().await;
        assert_eq!(polls.get(), 2);
    });
}

#[test]
fn the_turn_under_way_when_the_root_ends_is_finished_and_no_other() {
    let log = Log::default();
    let mut executor = executor();
    let ours = log.clone();
    let _task = executor.spawn(async move {
        for turn in 1..10 {
            ours.say(format!("task {turn}"));
            yield_now().await;
        }
    });
    let ours = log.clone();
    executor.run_until_complete(async move {
        ours.say("root");
        let again = ours.clone();
        call_soon(move || {
            again.say("callback");
            call_soon(move || again.say("too late"));
        });
    });
    // The root's end takes a turn of its own, which is the last one: asyncio says the same.
    assert_eq!(log.all(), "task 1, root, task 2, callback");
}

#[test]
fn awaiting_a_task_that_is_over_does_not_suspend() {
    run(async {
        let log = Log::default();
        let task = spawn(async { 7 });
        let ours = log.clone();
        task.add_done_callback(move |seven| ours.say(format!("callback {seven}")));
        yield_now().await;
        assert!(task.is_finished());
        // The callback is still in the queue: that is no reason to wait.
        let (task, polls) = counted(task.into_future());
        assert_eq!(task.await, 7);
        log.say("awaited");
        assert_eq!(polls.get(), 1);
        yield_now().await;
        assert_eq!(log.all(), "awaited, callback 7");
    });
}

#[test]
fn callbacks_and_the_joiner_are_told_in_the_order_they_asked() {
    run(async {
        let log = Log::default();
        let say = |what: &'static str| {
            let log = log.clone();
            move |_: &u32| log.say(what)
        };
        let mut task = spawn(async {
            sleep(SECOND).await;
            7
        });
        task.add_done_callback(say("first"));
        // Awaits it for half a second, and gives up.
        let half = timers::timeout(SECOND / 2, &mut task).await;
        assert!(half.is_err());
        task.add_done_callback(say("second"));
        assert_eq!(task.await, 7);
        log.say("joiner");
        assert_eq!(log.all(), "first, second, joiner");
    });
}

#[test]
fn none_is_told_inline() {
    run(async {
        let log = Log::default();
        let (kept, ours) = (promise(), log.clone());
        kept.add_done_callback(move |()| ours.say("callback"));
        let (waited, ours) = (kept.clone(), log.clone());
        let waiter = spawn(async move {
            waited.await;
            ours.say("waiter");
        });
        yield_now().await;
        kept.set(()).unwrap();
        log.say("kept");
        let ours = log.clone();
        kept.add_done_callback(move |()| ours.say("late callback"));
        log.say("asked");
        waiter.await;
        yield_now().await;
        assert_eq!(log.all(), "kept, asked, callback, waiter, late callback");
    });
}

#[test]
fn a_promise_tells_in_the_order_they_asked() {
    run(async {
        let log = Log::default();
        let kept = promise();
        let mut waiters = Vec::new();
        for name in 0..4 {
            let (kept, log) = (kept.clone(), log.clone());
            waiters.push(spawn(async move {
                if name % 2 == 0 {
                    let log = log.clone();
                    kept.add_done_callback(move |_| log.say(format!("callback {name}")));
                }
                let value: u32 = kept.await;
                log.say(format!("{name} has {value}"));
            }));
        }
        yield_now().await;
        kept.set(7).unwrap();
        for waiter in waiters {
            waiter.await;
        }
        let wanted = "callback 0, 0 has 7, 1 has 7, callback 2, 2 has 7, 3 has 7";
        assert_eq!(log.all(), wanted);
    });
}

#[test]
fn timer_callbacks_run_before_sleepers_of_the_same_moment() {
    run(async {
        let log = Log::default();
        let mut sleepers = Vec::new();
        for name in ["first", "second"] {
            let log = log.clone();
            sleepers.push(spawn(async move {
                sleep(SECOND).await;
                log.say(format!("{name} sleeper"));
            }));
        }
        yield_now().await;
        let ours = log.clone();
        call_later(SECOND, move || ours.say("callback"));
        for sleeper in sleepers {
            sleeper.await;
        }
        assert_eq!(log.all(), "callback, first sleeper, second sleeper");
    });
}

/// Spins until it is told, but never for ever.
async fn spin(done: tasks::Promise<()>) {
    for _ in 0..20_000 {
        if done.is_set() {
            return;
        }
        yield_now().await;
    }
    panic!("starved");
}

#[test]
fn a_root_that_keeps_waking_itself_starves_nobody() {
    run(async {
        let done = promise();
        let told = done.clone();
        let _task = spawn(async move {
            for _ in 0..3 {
                yield_now().await;
            }
            told.set(()).unwrap();
        });
        spin(done).await;
    });
}

#[test]
fn tasks_that_keep_waking_themselves_do_not_keep_a_timer_from_going_off() {
    let _watchdog = watchdog("a timer beside spinning tasks");
    run_on(Clock::real(), async {
        let done = promise();
        let spinners: Vec<_> = (0..300).map(|_| spawn(spin(done.clone()))).collect();
        let told = done.clone();
        call_later(Duration::from_millis(1), move || told.set(()).unwrap());
        for spinner in spinners {
            spinner.await;
        }
    });
}

#[test]
fn a_long_queue_does_not_keep_the_loop_from_looking_at_its_timers() {
    let looks = Rc::new(Cell::new(0));
    let ours = Rc::clone(&looks);
    let told = Told(ThreadPark::new(), move || ours.set(ours.get() + 1));
    // No virtual time: there, polls take none.
    let mut executor = Executor::new(told);
    for _ in 0..10_000 {
        executor.call_soon(|| ());
    }
    executor.run_until_complete(async {});
    assert!((50..10_000).contains(&looks.get()), "{} looks", looks.get());
}

#[test]
fn those_who_are_woken_in_one_wait_go_on_before_what_any_of_them_does_next() {
    let _alive = watchdog("those_who_are_woken_in_one_wait");
    // More than a turn on the wall clock deals with.
    const SLEEPERS: usize = 300;
    let asleep = Rc::new(RefCell::new(Vec::<Waker>::new()));
    let ours = Rc::clone(&asleep);
    let park = ThreadPark::new();
    let unparker = park.unparker();
    let told = Told(park, move || {
        if ours.borrow().len() == SLEEPERS {
            ours.take().into_iter().for_each(Waker::wake);
            unparker.wake_by_ref();
        }
    });
    let woke = Rc::new(Cell::new(0));
    let sleeper = || {
        let (asleep, woke) = (Rc::clone(&asleep), Rc::clone(&woke));
        async move {
            let mut woken = false;
            poll_fn(|context| {
                if mem::replace(&mut woken, true) {
                    return Poll::Ready(());
                }
                asleep.borrow_mut().push(context.waker().clone());
                Poll::Pending
            })
            .await;
            woke.set(woke.get() + 1);
            yield_now().await;
            woke.get()
        }
    };
    Executor::new(told).run_until_complete(async {
        let sleepers: Vec<_> = (0..SLEEPERS).map(|_| spawn(sleeper())).collect();
        for sleeper in sleepers {
            assert_eq!(sleeper.await, SLEEPERS);
        }
    });
}

#[test]
fn dropping_a_handle_lets_the_task_run_on() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        drop(spawn(async move {
            sleep(SECOND).await;
            ours.say("ended");
        }));
        sleep(2 * SECOND).await;
        assert_eq!(log.all(), "ended");
    });
}
