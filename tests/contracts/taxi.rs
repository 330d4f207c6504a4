//! What the façade promises beside its chapters: a runtime to build, values of a task, a token, a clock for tests.

#[path = "taxi/builder.rs"]
mod builder;
#[path = "taxi/debug.rs"]
mod debug;
#[path = "taxi/tree.rs"]
mod tree;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use taxi::local::{Local, inherited};
use taxi::sync::CancellationToken;
use taxi::test::advance;
use taxi::time::{now, sleep};
use taxi::{Clock, JoinError, Runtime, spawn};

#[path = "taxi/clock.rs"]
mod clock;
#[path = "taxi/runtimes.rs"]
mod runtimes;
#[path = "taxi/tokens.rs"]
mod tokens;
#[path = "taxi/values.rs"]
mod values;

const SECOND: Duration = Duration::from_secs(1);

static NUMBER: Local<u32> = Local::new();
static NAME: Local<&str> = Local::new();

#[test]
fn what_a_runtime_leaves_goes_on_in_its_next_run() {
    let mut runtime = Runtime::builder()
        .clock(Clock::virtual_time())
        .build()
        .unwrap();
    let late = runtime.spawn(async {
        sleep(10 * SECOND).await;
        now().as_secs()
    });
    runtime.block_on(sleep(SECOND));
    assert!(!late.is_finished());
    assert_eq!(runtime.block_on(late).unwrap(), 10);
    assert!(runtime.metrics().rounds > 0 && runtime.metrics().waits > 0);
}

#[test]
fn a_panic_or_a_cancellation_of_the_future_is_a_value() {
    let mut runtime = Runtime::new().unwrap();
    let end = runtime.try_block_on(async { panic!("no fuel") });
    let Err::<(), _>(JoinError::Panicked(panic)) = end else {
        panic!("it had fuel");
    };
    assert_eq!(panic.message().as_deref(), Some("no fuel"));
    let root = || taxi::tasks().into_iter().find(|task| task.is_root).unwrap();
    let end = runtime.try_block_on(async {
        root().cancel();
        pending::<()>().await
    });
    assert!(matches!(end, Err(JoinError::Cancelled)));
}

#[test]
fn closing_says_who_is_left() {
    let mut runtime = Runtime::new().unwrap();
    drop(runtime.spawn(pending::<()>()));
    runtime.block_on(async { drop(taxi::spawn_named("meter", pending::<()>())) });
    let names: Vec<String> = runtime.close().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["Task-1", "meter"]);
}

#[test]
fn a_panic_that_is_nobodys_goes_to_the_hook() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let list = Rc::clone(&told);
    let hook = move |report: &wakers::PanicReport<'_>| {
        list.borrow_mut().push(report.to_string());
    };
    let mut runtime = Runtime::builder().panic_hook(hook).build().unwrap();
    runtime.block_on(async {
        task_cell::call_soon(|| panic!("no fuel"));
        taxi::yield_now().await;
    });
    assert_eq!(*told.borrow(), ["a callback panicked: no fuel"]);
}

#[test]
fn run_waits_for_the_clean_up_of_what_is_left() {
    let cleaned = Rc::new(Cell::new(false));
    let told = Rc::clone(&cleaned);
    taxi::run(async move {
        let _left = spawn(async move {
            let _asked = taxi::catch_cancel(pending::<()>()).await;
            taxi::yield_now().await;
            told.set(true);
        });
        taxi::yield_now().await;
    })
    .unwrap();
    assert!(cleaned.get());
}

#[test]
fn values_belong_to_their_scope_and_the_innermost_counts() {
    taxi::test::run(async {
        let inner = NUMBER.scope(2, async {
            taxi::yield_now().await;
            (NUMBER.get(), NAME.get())
        });
        let outer = NUMBER.scope(
            1,
            NAME.scope("A", async move {
                let before = NUMBER.get();
                let _other = spawn(async { assert_eq!(NUMBER.get(), None) });
                taxi::yield_now().await;
                (before, inner.await, NUMBER.get())
            }),
        );
        // `inner` was made outside. Where it is awaited counts.
        assert_eq!(outer.await, (Some(1), (Some(2), Some("A")), Some(1)));
        assert_eq!((NUMBER.get(), NAME.get()), (None, None));
    });
}

#[test]
fn a_task_has_the_values_of_its_spawner_if_it_asks_for_them() {
    taxi::test::run(async {
        let tasks = NUMBER.scope(7, async {
            (
                spawn(inherited(async { NUMBER.get() })),
                spawn(async { NUMBER.get() }),
            )
        });
        let (along, alone) = tasks.await;
        assert_eq!(
            (along.await.unwrap(), alone.await.unwrap()),
            (Some(7), None)
        );
    });
}

#[test]
fn a_scope_that_panics_leaves_no_value_behind() {
    taxi::test::run(async {
        let crash = spawn(NUMBER.scope(7, async { panic!("no fuel") }));
        assert!(crash.await.is_err());
        assert_eq!(NUMBER.get(), None);
    });
}

#[test]
fn a_value_whose_destructor_asks_for_it_finds_none() {
    struct Asks(Rc<Cell<Option<bool>>>);
    static ASKS: Local<Asks> = Local::new();
    impl Drop for Asks {
        fn drop(&mut self) {
            self.0.set(Some(ASKS.with(|it| it.is_some())));
        }
    }
    let found = Rc::new(Cell::new(None));
    let asks = Asks(Rc::clone(&found));
    taxi::test::run(ASKS.scope(asks, taxi::yield_now()));
    assert_eq!(found.get(), Some(false));
}

#[test]
fn a_token_is_heard_by_all_and_by_those_below_it() {
    taxi::test::run(async {
        let all = CancellationToken::new();
        let (one, two) = (all.child(), all.child());
        let below = one.child();
        let hears = |token: &CancellationToken| {
            let token = token.clone();
            spawn(async move { token.cancelled().await })
        };
        let (upper, lower, other) = (hears(&one), hears(&below), hears(&two));
        taxi::yield_now().await;
        one.cancel();
        upper.await.unwrap();
        lower.await.unwrap();
        assert!(!all.is_cancelled() && !other.is_finished());
        all.cancel();
        other.await.unwrap();
        assert!(two.is_cancelled() && all.child().is_cancelled());
    });
}

#[test]
fn a_long_chain_of_tokens_needs_no_stack() {
    let first = CancellationToken::new();
    let mut all = vec![first.clone()];
    for _ in 0..100_000 {
        all.push(all[all.len() - 1].child());
    }
    first.cancel();
    assert!(all.iter().all(CancellationToken::is_cancelled));
}

#[test]
fn children_that_are_gone_are_let_go() {
    let token = CancellationToken::new();
    let counter = allocation_counter::measure(|| {
        for _ in 0..10_000 {
            drop(token.child());
        }
    });
    assert!(counter.bytes_current < 1 << 16, "{}", counter.bytes_current);
}

#[test]
fn what_runs_until_cancelled_is_dropped_then() {
    struct Dropped(Rc<Cell<bool>>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    taxi::test::run(async {
        let dropped = Rc::new(Cell::new(false));
        let token = CancellationToken::new();
        let (guard, heard) = (Dropped(Rc::clone(&dropped)), token.clone());
        let task = spawn(async move {
            let work = async move {
                let _guard = guard;
                pending::<u32>().await
            };
            heard.run_until_cancelled(work).await
        });
        taxi::yield_now().await;
        token.cancel();
        assert_eq!(task.await.unwrap(), None);
        assert!(dropped.get());
        assert_eq!(token.run_until_cancelled(async { 7 }).await, Some(7));
    });
}

#[test]
fn time_is_advanced_and_whoever_is_due_has_had_a_turn() {
    taxi::test::run(async {
        let seen = Rc::new(RefCell::new(Vec::new()));
        for second in [3, 1, 2] {
            let seen = Rc::clone(&seen);
            let _rings = spawn(async move {
                sleep(second * SECOND).await;
                seen.borrow_mut().push(second);
            });
        }
        advance(SECOND).await;
        assert_eq!(*seen.borrow(), [1]);
        advance(2 * SECOND).await;
        assert_eq!(*seen.borrow(), [1, 2, 3]);
        assert_eq!(now().as_secs(), 3);
    });
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
