//! Scopes that are asked: what their wakers may do.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt};
use task_cell::{catch_cancel, spawn};
use timers::sleep;

use crate::Log;
use crate::cancelling::run;

const SECOND: Duration = Duration::from_secs(1);

/// A waker must be `Send`, and what it does here is not: it stays on its thread.
struct Calls;

thread_local! {
    static ON_WAKE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

impl Wake for Calls {
    fn wake(self: Arc<Calls>) {
        let work = ON_WAKE.take();
        work.expect("it is woken once")();
    }
}

#[test]
fn a_scopes_waker_may_add_a_callback_to_its_own_task() {
    run(async {
        let log = Log::default();
        let slot: Rc<Cell<Option<Waker>>> = Rc::default();
        let given = Rc::clone(&slot);
        let task = Rc::new(spawn(async move {
            let calls = Waker::from(Arc::new(Calls));
            let mut scope = pin!(catch_cancel(pending::<()>()));
            let caught = poll_fn(|context| {
                given.set(Some(context.waker().clone()));
                scope.as_mut().poll(&mut Context::from_waker(&calls))
            });
            caught.await
        }));
        sleep(SECOND).await;
        let (same, ours) = (Rc::clone(&task), log.clone());
        ON_WAKE.set(Some(Box::new(move || {
            same.add_done_callback(move |end| ours.say(format!("{end:?}")));
            slot.take().expect("it has been polled").wake();
        })));
        assert!(task.cancel());
        sleep(SECOND).await;
        assert!(task.is_finished());
        assert_eq!(log.all(), "Ok(Err(Cancelled))");
    });
}

#[test]
fn a_task_may_be_in_any_number_of_scopes() {
    const SCOPES: usize = 200_000;
    let _watchdog = crate::watchdog("200,000 scopes");
    run(async {
        let task = spawn(async {
            let scopes: FuturesUnordered<_> =
                (0..SCOPES).map(|_| catch_cancel(pending::<()>())).collect();
            scopes
                .filter(|it| std::future::ready(it.is_err()))
                .count()
                .await
        });
        sleep(SECOND).await;
        assert!(task.cancel());
        assert_eq!(task.await.unwrap(), SCOPES);
    });
}
