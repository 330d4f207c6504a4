//! What chapter 3 promises, at its public interface.

use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use generators::{Coroutine, CoroutineState};
use polling::{AsCoroutine, LiftOff, Spun, counted, lift_off, spin_on, yield_now};
use proptest::prelude::*;

#[path = "polling/budget.rs"]
mod budget;

/// More polls than any future here may take.
const LIMIT: usize = 10_000;

/// A waker that counts.
#[derive(Default)]
struct Calls(AtomicU64);

impl Calls {
    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Wake for Calls {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Every answer of `future`, each with the wakes that had been asked for by then.
fn life<F: Future>(future: F) -> Vec<(Poll<F::Output>, u64)> {
    let calls = Arc::new(Calls::default());
    let waker = Waker::from(Arc::clone(&calls));
    let mut future = pin!(future);
    let mut answers = Vec::new();
    for _ in 0..LIMIT {
        let answer = future.as_mut().poll(&mut Context::from_waker(&waker));
        let over = answer.is_ready();
        answers.push((answer, calls.get()));
        if over {
            return answers;
        }
    }
    panic!("it does not end");
}

proptest! {
    // A failure prints the input that it was shrunk to; no file is left in the tree.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn by_hand_and_compiled_are_equal_poll_by_poll(n in 0_u32..2000) {
        let by_hand = life(LiftOff::new(n));
        prop_assert_eq!(&by_hand, &life(lift_off(n)));
        prop_assert_eq!(by_hand.len(), n as usize + 1);
        prop_assert_eq!(spin_on(LiftOff::new(n)), spin_on(lift_off(n)));
    }

    #[test]
    fn each_stop_asks_to_be_polled_again(n in 0_u32..200) {
        let wakes: Vec<u64> = life(LiftOff::new(n)).iter().map(|(_, wakes)| *wakes).collect();
        let expected: Vec<u64> = (1..=u64::from(n)).chain([u64::from(n)]).collect();
        prop_assert_eq!(wakes, expected);
    }

    #[test]
    fn a_future_is_a_coroutine_that_yields_nothing(n in 0_u32..200) {
        let mut coroutine = AsCoroutine::new(lift_off(n));
        for _ in 0..n {
            prop_assert_eq!(coroutine.resume(Waker::noop()), CoroutineState::Yielded(()));
        }
        let end = coroutine.resume(Waker::noop());
        prop_assert_eq!(end, CoroutineState::Complete("lift-off"));
    }

    #[test]
    fn a_counted_future_is_the_same_future(n in 0_u32..200) {
        let (future, polls) = counted(lift_off(n));
        prop_assert_eq!(polls.get(), 0);
        prop_assert_eq!(life(future), life(lift_off(n)));
        prop_assert_eq!(polls.get(), u64::from(n) + 1);
    }

    #[test]
    fn a_chain_stops_as_often_as_its_leaves(stops in proptest::collection::vec(0_u32..20, 0..8)) {
        let chain = async {
            for &n in &stops {
                lift_off(n).await;
            }
        };
        let polls = u64::from(stops.iter().sum::<u32>()) + 1;
        prop_assert_eq!(spin_on(chain), Spun { output: (), polls });
    }
}

#[test]
fn making_a_future_runs_nothing() {
    let never = async { panic!("it ran") };
    let (future, polls) = counted(async {
        never.await;
    });
    drop(AsCoroutine::new(future));
    assert_eq!(polls.get(), 0);
}

#[test]
fn a_coroutine_passes_on_the_waker_it_is_sent() {
    let calls = [(), ()].map(|()| Arc::new(Calls::default()));
    let mut coroutine = AsCoroutine::new(lift_off(2));
    for calls in &calls {
        let _ = coroutine.resume(&Waker::from(Arc::clone(calls)));
    }
    assert_eq!(calls.map(|calls| calls.get()), [1, 1]);
}

#[test]
fn a_yield_stops_once() {
    let answers = life(yield_now());
    assert_eq!(answers, [(Poll::Pending, 1), (Poll::Ready(()), 1)]);
}

#[test]
fn a_future_that_is_dropped_half_way_drops_what_it_holds() {
    let held = Rc::new(());
    let mut coroutine = AsCoroutine::new({
        let held = Rc::clone(&held);
        async move {
            yield_now().await;
            drop(held);
        }
    });
    let _ = coroutine.resume(Waker::noop());
    assert_eq!(Rc::strong_count(&held), 2);
    drop(coroutine);
    assert_eq!(Rc::strong_count(&held), 1);
}

#[test]
#[should_panic(expected = "lift-off polled after completion")]
fn a_future_by_hand_cannot_be_polled_after_its_end() {
    poll_twice_after_no_stop(LiftOff::new(0));
}

#[test]
#[should_panic(expected = "resumed after completion")]
fn nor_can_the_one_that_the_compiler_wrote() {
    poll_twice_after_no_stop(lift_off(0));
}

fn poll_twice_after_no_stop(future: impl Future<Output = &'static str>) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    let first = future.as_mut().poll(&mut context);
    assert_eq!(first, Poll::Ready("lift-off"));
    let _ = future.as_mut().poll(&mut context);
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
