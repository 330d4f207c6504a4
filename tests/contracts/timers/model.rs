//! Random sleeps, limits, callbacks and cancels, against a list that is searched from end to end; and chapter 2's
//! loop against the same nights as futures.

#[path = "../sleeper.rs"]
mod sleeper;

use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use event_loop::Time;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;
use timers::{Sleep, Timeout, TimerHandle, call_later, now, sleep, timeout};
use workbook_tests::limits::quick_or_full;

use crate::{ByHand, all, run};

/// `cases` random cases, or in the quick form a fifth of them, which leave no file in the tree.
fn cases(cases: u32) -> Config {
    Config {
        cases: quick_or_full(cases / 5, cases),
        failure_persistence: None,
        ..Config::default()
    }
}

#[derive(Debug, Clone)]
enum Step {
    Sleep(u64),
    Call(u64),
    /// A limit, and how long what it limits sleeps.
    Timeout(u64, u64),
    /// Drops what was made so many steps after the first, or cancels it.
    Cancel(usize),
    /// Polls it for nothing, with a new waker.
    Poll(usize),
    Jump,
}

fn step() -> impl Strategy<Value = Step> {
    // Few different waits, so that ties are common. Zero is another promise.
    prop_oneof![
        3 => (1_u64..6).prop_map(Step::Sleep),
        2 => (1_u64..6).prop_map(Step::Call),
        3 => (1_u64..6, 1_u64..6).prop_map(|(limit, wait)| Step::Timeout(limit, wait)),
        2 => (0_usize..40).prop_map(Step::Cancel),
        2 => (0_usize..40).prop_map(Step::Poll),
        3 => Just(Step::Jump),
    ]
}

/// Writes its number down whenever it is woken.
struct Number(usize, Arc<Mutex<Vec<usize>>>);

impl Wake for Number {
    fn wake(self: Arc<Number>) {
        self.1.lock().unwrap().push(self.0);
    }
}

enum Made {
    Sleep(Sleep),
    Timeout(Timeout<Sleep>),
    Call(TimerHandle),
}

/// An entry of the model: when, and whose. Its place in the list is its age.
type Entry = (u64, usize);

#[derive(Default)]
struct World {
    made: Vec<Option<Made>>,
    fired: Arc<Mutex<Vec<usize>>>,
    model: Vec<Entry>,
    /// Limit and inner wait of the timeouts, as moments.
    limits: Vec<(u64, u64)>,
}

impl World {
    fn waker(&self, number: usize) -> Waker {
        Waker::from(Arc::new(Number(number, Arc::clone(&self.fired))))
    }

    fn poll(&mut self, number: usize) -> Poll<bool> {
        let waker = self.waker(number);
        let mut context = Context::from_waker(&waker);
        match &mut self.made[number] {
            Some(Made::Sleep(it)) => Pin::new(it).poll(&mut context).map(|()| true),
            Some(Made::Timeout(it)) => {
                Pin::new(it).poll(&mut context).map(|it| it.is_ok())
            }
            Some(Made::Call(_)) | None => Poll::Pending,
        }
    }

    fn make(&mut self, made: Made, moments: &[u64]) {
        let number = self.made.len();
        self.model.extend(moments.iter().map(|&at| (at, number)));
        self.made.push(Some(made));
        assert!(self.poll(number).is_pending());
    }

    fn set(&mut self, step: &Step, now: u64) {
        let nanos = Duration::from_nanos;
        // The number that it will have.
        let number = self.made.len();
        self.limits.resize(number + 1, (0, 0));
        match *step {
            Step::Sleep(wait) => {
                self.limits[number] = (u64::MAX, now + wait);
                self.make(Made::Sleep(sleep(nanos(wait))), &[now + wait]);
            }
            Step::Timeout(limit, wait) => {
                self.limits[number] = (now + limit, now + wait);
                let made = Made::Timeout(timeout(nanos(limit), sleep(nanos(wait))));
                self.make(made, &[now + wait, now + limit]);
            }
            Step::Call(wait) => {
                let fired = Arc::clone(&self.fired);
                let call = move || fired.lock().unwrap().push(number);
                let made = Made::Call(call_later(nanos(wait), call));
                self.make(made, &[now + wait]);
            }
            _ => unreachable!("sets nothing"),
        }
    }

    /// What fires next, in the order in which it was set, and when.
    fn next(&mut self) -> Option<(u64, Vec<usize>)> {
        let now = self.model.iter().map(|entry| entry.0).min()?;
        let due = self.model.iter().filter(|entry| entry.0 == now);
        let order = due.map(|entry| entry.1).collect();
        self.model.retain(|entry| entry.0 != now);
        Some((now, order))
    }

    fn forget(&mut self, number: usize) {
        self.made[number] = None;
        self.model.retain(|entry| entry.1 != number);
    }

    /// After a jump to `now`: who was woken must be ready, with the right result.
    fn settle(&mut self, woken: &[usize], now: u64) {
        for &number in woken {
            let (limit, value) = self.limits[number];
            match self.poll(number) {
                Poll::Ready(in_time) => assert_eq!(in_time, value <= limit),
                Poll::Pending => assert!(!matches!(
                    self.made[number],
                    Some(Made::Sleep(_) | Made::Timeout(_))
                )),
            }
            self.forget(number);
        }
        let late = self.model.iter().filter(|entry| entry.0 <= now).count();
        assert_eq!(late, 0);
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn any_mix_of_timers_is_the_models(steps in vec(step(), 0..120)) {
        let (by_hand, _current) = ByHand::enter();
        let mut world = World::default();
        for step in &steps {
            let now = now().as_nanos();
            match *step {
                Step::Cancel(number) => if let Some(made) = world.made.get_mut(number) {
                    let was_set = world.model.iter().any(|entry| entry.1 == number);
                    if let Some(Made::Call(handle)) = made.take() {
                        prop_assert_eq!(handle.cancel(), was_set);
                    }
                    world.forget(number);
                },
                Step::Poll(number) => if number < world.made.len() {
                    prop_assert!(world.poll(number).is_pending());
                },
                Step::Jump => {
                    let expected = world.next();
                    let moment = by_hand.jump().map(Time::as_nanos);
                    let fired = std::mem::take(&mut *world.fired.lock().unwrap());
                    prop_assert_eq!(moment, expected.as_ref().map(|it| it.0));
                    let wanted = expected.map(|it| it.1).unwrap_or_default();
                    prop_assert_eq!(&fired, &wanted);
                    world.settle(&fired, moment.unwrap_or(now));
                }
                _ => world.set(step, now),
            }
            prop_assert_eq!(by_hand.pending(), world.model.len());
        }
    }

    #[test]
    fn chapter_twos_loop_and_futures_make_the_same_night(
        nights in vec(vec(0_u64..4, 0..8), 0..12),
    ) {
        prop_assert_eq!(as_futures(&nights), sleeper::run(&nights).0);
    }
}

fn as_futures(nights: &[Vec<u64>]) -> Vec<(u64, usize, usize)> {
    let log = sleeper::Log::default();
    let nights = nights.iter().cloned().enumerate().map(|(number, waits)| {
        let log = Rc::clone(&log);
        Box::pin(async move {
            log.borrow_mut().push((now().as_nanos(), number, 0));
            for (i, &wait) in waits.iter().enumerate() {
                sleep(Duration::from_nanos(wait)).await;
                log.borrow_mut().push((now().as_nanos(), number, i + 1));
            }
        }) as _
    });
    run(all(nights.collect()));
    log.take()
}
