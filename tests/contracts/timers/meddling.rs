//! Foreign code runs in the middle of ours: when a waker is woken or dropped, when a callback is dropped. It may do
//! all that any code may do: set timers, cancel them, run a loop of its own. Nothing may be borrowed or locked then.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use event_loop::Time;
use timers::{Deadline, call_at, call_later, now, sleep, timeout};
use wakers::set_callback_sink;

use crate::{ByHand, SECOND, poll, run, secs};

thread_local! {
    static MEDDLED: Cell<u32> = const { Cell::new(0) };
    static LIMIT: RefCell<Option<Deadline>> = const { RefCell::new(None) };
}

/// Uses whatever is there to be used.
fn meddle() {
    MEDDLED.set(MEDDLED.get() + 1);
    let mut nap = sleep(SECOND);
    assert!(poll(&mut nap).is_pending());
    assert!(poll(&mut nap).is_pending());
    let handle = call_later(SECOND, || ());
    assert!(handle.cancel());
    run(async { sleep(SECOND).await });
    drop(set_callback_sink(std::rc::Rc::new(|call| call())));
    let limit = LIMIT.with(|limit| limit.borrow().clone());
    if let Some(limit) = limit {
        limit.move_to(now().saturating_add(secs(3)));
    }
}

/// How often `f` was meddled with.
fn meddled(f: impl FnOnce()) -> u32 {
    MEDDLED.set(0);
    f();
    MEDDLED.get()
}

/// Meddles when it is dropped.
struct Meddler;

impl Drop for Meddler {
    fn drop(&mut self) {
        meddle();
    }
}

/// A waker that meddles when it is woken, and when the last of it is dropped.
struct Bell {
    _meddler: Meddler,
}

impl Wake for Bell {
    fn wake(self: Arc<Bell>) {
        meddle();
    }
}

fn bell() -> Waker {
    let _meddler = Meddler;
    Waker::from(Arc::new(Bell { _meddler }))
}

/// Polls with a waker of which the future has the only copy afterwards.
fn poll_with_a_bell<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    let bell = bell();
    Pin::new(future).poll(&mut Context::from_waker(&bell))
}

#[test]
fn when_a_sleep_gets_another_waker() {
    let (_by_hand, _current) = ByHand::enter();
    let mut nap = sleep(SECOND);
    assert!(poll_with_a_bell(&mut nap).is_pending());
    assert_eq!(meddled(|| _ = poll(&mut nap)), 1);
}

#[test]
fn when_a_sleep_is_dropped() {
    let (_by_hand, _current) = ByHand::enter();
    let mut nap = sleep(SECOND);
    assert!(poll_with_a_bell(&mut nap).is_pending());
    assert_eq!(meddled(|| drop(nap)), 1);
}

#[test]
fn when_a_sleep_of_zero_wakes() {
    let (_by_hand, _current) = ByHand::enter();
    let mut nap = sleep(secs(0));
    let meddled = meddled(|| _ = poll_with_a_bell(&mut nap));
    assert_eq!(meddled, 2, "woken and dropped");
    assert!(poll(&mut nap).is_ready());
}

#[test]
fn when_a_sleeper_is_woken() {
    let (by_hand, _current) = ByHand::enter();
    let mut nap = sleep(SECOND);
    assert!(poll_with_a_bell(&mut nap).is_pending());
    assert_eq!(meddled(|| _ = by_hand.jump()), 2);
}

#[test]
fn when_a_callback_is_called_cancelled_or_refused() {
    let (by_hand, _current) = ByHand::enter();
    let meddler = Meddler;
    call_later(SECOND, move || drop(meddler));
    assert_eq!(meddled(|| _ = by_hand.jump()), 1);
    let meddler = Meddler;
    let handle = call_later(SECOND, move || drop(meddler));
    assert_eq!(meddled(|| assert!(handle.cancel())), 1);
    let meddler = Meddler;
    let refused = meddled(|| _ = call_at(Time::MAX, move || drop(meddler)));
    assert_eq!(refused, 1);
}

#[test]
fn when_a_limit_is_moved_and_awaited_again() {
    let (_by_hand, _current) = ByHand::enter();
    let mut limited = timeout(secs(5), std::future::pending::<()>());
    let limit = limited.deadline();
    LIMIT.set(Some(limit.clone()));
    assert!(poll_with_a_bell(&mut limited).is_pending());
    // Replaced in the timeout's sleep, and in what it shares with its deadline.
    assert_eq!(meddled(|| _ = poll(&mut limited)), 1);
    assert!(poll_with_a_bell(&mut limited).is_pending());
    assert!(meddled(|| limit.move_to(Time::from_secs(9))) >= 1);
    assert!(poll_with_a_bell(&mut limited).is_pending());
    assert!(meddled(|| drop(limited)) >= 1);
    LIMIT.set(None);
}

#[test]
fn when_the_inner_future_of_a_timeout_is_dropped() {
    let (by_hand, _current) = ByHand::enter();
    let meddler = Meddler;
    let inner = Box::pin(async move {
        let _meddler = meddler;
        std::future::pending::<()>().await;
    });
    let mut limited = timeout(SECOND, inner);
    assert!(poll(&mut limited).is_pending());
    by_hand.jump();
    assert_eq!(meddled(|| assert!(poll(&mut limited).is_ready())), 1);
}

#[test]
fn when_a_callback_sink_ends() {
    let (_by_hand, _current) = ByHand::enter();
    let meddler = Meddler;
    let delivery = set_callback_sink(std::rc::Rc::new(move |call| {
        let _meddler = &meddler;
        call();
    }));
    assert_eq!(meddled(|| drop(delivery)), 1);
}
