//! Values of a task: whose they are, and who asks for them at the worst moment.

use std::cell::RefCell;
use std::future::pending;
use std::pin::pin;
use std::sync::Barrier;
use std::task::{Context, Poll, Waker};
use std::thread;

use taxi::local::{Local, inherited};
use taxi::{spawn, tasks, yield_now};

static NUMBER: Local<u32> = Local::new();
static OTHER: Local<u32> = Local::new();

#[test]
fn two_of_one_type_are_two() {
    let both = NUMBER.scope(1, OTHER.scope(2, async { (NUMBER.get(), OTHER.get()) }));
    assert_eq!(taxi::test::run(both), (Some(1), Some(2)));
}

#[test]
fn what_inherited_nothing_has_nothing_wherever_it_runs() {
    taxi::test::run(async {
        let inner = inherited(async { NUMBER.get() });
        assert_eq!(NUMBER.scope(7, inner).await, None);
    });
}

/// Whoever is first gives a value its number, and another thread must see that one.
#[test]
fn threads_that_use_one_for_the_first_time_together_agree() {
    static NEW: [Local<u32>; 2000] = [const { Local::new() }; 2000];
    let together = Barrier::new(2);
    let look = || {
        let mut agreed = 0;
        for local in &NEW {
            together.wait();
            let mut scope = pin!(local.scope(7, async { local.get() }));
            let mut context = Context::from_waker(Waker::noop());
            let found = scope.as_mut().poll(&mut context);
            agreed += usize::from(found == Poll::Ready(Some(7)));
        }
        agreed
    };
    let both = thread::scope(|scope| {
        [scope.spawn(look), scope.spawn(look)].map(|it| it.join().unwrap())
    });
    assert_eq!(both, [NEW.len(); 2]);
}

/// In a destructor of a thread that ends, before and after the values themselves are gone.
#[test]
fn asked_for_as_the_thread_ends_there_is_none() {
    struct Asks;
    impl Drop for Asks {
        fn drop(&mut self) {
            let mut scope = pin!(NUMBER.scope(7, inherited(async { NUMBER.get() })));
            let mut context = Context::from_waker(Waker::noop());
            assert!(scope.as_mut().poll(&mut context).is_ready());
        }
    }
    thread_local! {
        static FIRST: RefCell<Option<Asks>> = const { RefCell::new(None) };
        static LAST: RefCell<Option<Asks>> = const { RefCell::new(None) };
    }
    let ends = thread::spawn(|| {
        FIRST.set(Some(Asks));
        drop(Asks);
        LAST.set(Some(Asks));
    });
    ends.join().unwrap();
}

#[test]
fn within_a_scope_a_task_is_still_suspended_at_its_own_line() {
    taxi::test::run(async {
        let waits = spawn(pending::<()>());
        let _scoped = spawn(async move {
            NUMBER.scope(7, waits).await.unwrap();
        });
        yield_now().await;
        let all = tasks();
        let at = all.last().unwrap().suspended.unwrap();
        assert!(
            at.location.file().ends_with("values.rs"),
            "{:?}",
            at.location
        );
    });
}
