//! The list of who waits.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{RawWaker, RawWakerVTable, Wake, Waker};

use proptest::collection::vec;
use proptest::prelude::*;
use wakers::{WaiterKey, Waiters};
use workbook_tests::harness::watchdog;

use crate::at_clone::{at_clone, was_woken};
use crate::heard::heard;

/// Who was woken, in order.
type Log = Arc<Mutex<Vec<u32>>>;

struct Named(u32, Log);

impl Wake for Named {
    fn wake(self: Arc<Named>) {
        self.1.lock().unwrap().push(self.0);
    }
}

fn named(name: u32, log: &Log) -> Waker {
    Waker::from(Arc::new(Named(name, Arc::clone(log))))
}

fn taken(log: &Log) -> Vec<u32> {
    std::mem::take(&mut log.lock().unwrap())
}

/// What may be done to a list, by the waiter of a number.
#[derive(Debug, Clone)]
enum Step {
    Register(usize),
    Cancel(usize),
    WakeOne,
    Choose,
    WakeAll,
    Mark,
    WakeUntilMark,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..12usize).prop_map(Step::Register),
        4 => (0..12usize).prop_map(Step::Cancel),
        2 => Just(Step::WakeOne),
        1 => Just(Step::Choose),
        1 => Just(Step::WakeAll),
        1 => Just(Step::Mark),
        1 => Just(Step::WakeUntilMark),
    ];
    vec(step, 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Against a list of pairs: the arrival, and the waiter with the number of its latest waker.
    #[test]
    fn it_does_what_a_plain_list_does(steps in steps()) {
        let (waiters, log) = (Waiters::new(), Log::default());
        let mut keys: Vec<WaiterKey> = (0..12).map(|_| WaiterKey::default()).collect();
        let mut model: BTreeMap<u64, (usize, u32)> = BTreeMap::new();
        let (mut arrivals, mut wakers) = (0u64, 0u32);
        let (mut mark, mut model_mark) = (waiters.mark(), 0);
        for step in steps {
            let place = |model: &BTreeMap<u64, (usize, u32)>, who| {
                model.iter().find(|(_, it)| it.0 == who).map(|(at, _)| *at)
            };
            let mut woken = Vec::new();
            match step {
                Step::Register(who) => {
                    wakers += 1;
                    let new = waiters.register(&mut keys[who], &named(wakers, &log));
                    let at = place(&model, who);
                    prop_assert_eq!(new, at.is_none());
                    arrivals += u64::from(new);
                    model.insert(at.unwrap_or(arrivals), (who, wakers));
                }
                Step::Cancel(who) => {
                    let at = place(&model, who);
                    prop_assert_eq!(waiters.contains(&keys[who]), at.is_some());
                    prop_assert_eq!(waiters.cancel(&mut keys[who]), at.is_some());
                    at.and_then(|at| model.remove(&at));
                }
                Step::WakeOne => {
                    let first = model.pop_first();
                    prop_assert_eq!(waiters.wake_one(), first.is_some());
                    woken.extend(first.map(|(_, (_, waker))| waker));
                }
                Step::Choose => {
                    let first = model.pop_first().map(|(_, it)| it);
                    let chosen = waiters.choose();
                    let key = chosen.as_ref().map(|(key, _)| key);
                    prop_assert_eq!(key, first.map(|(who, _)| &keys[who]));
                    chosen.into_iter().for_each(|(_, waker)| waker.wake());
                    woken.extend(first.map(|(_, waker)| waker));
                }
                Step::WakeAll => {
                    woken.extend(model.values().map(|it| it.1));
                    prop_assert_eq!(waiters.wake_all(), model.len());
                    model.clear();
                }
                Step::Mark => {
                    mark = waiters.mark();
                    model_mark = arrivals;
                }
                Step::WakeUntilMark => {
                    let later = model.split_off(&(model_mark + 1));
                    woken.extend(model.values().map(|it| it.1));
                    prop_assert_eq!(waiters.wake_until(&mark), model.len());
                    model = later;
                }
            }
            prop_assert_eq!(taken(&log), woken);
            prop_assert_eq!(waiters.len(), model.len());
            prop_assert_eq!(waiters.is_empty(), model.is_empty());
        }
    }
}

thread_local! {
    /// The list that meddling wakers find; each test has a thread of its own.
    static LIST: Rc<Waiters> = Rc::default();
}

/// Comes back to the list, and does everything there, when it is woken, and when it is dropped.
struct Meddler;

impl Meddler {
    fn meddles() {
        let list = LIST.with(Rc::clone);
        let mut key = WaiterKey::default();
        assert!(list.register(&mut key, Waker::noop()));
        assert!(list.contains(&key));
        assert!(list.cancel(&mut key));
        _ = (list.len(), list.is_empty(), list.mark());
        assert!(list.register(&mut key, Waker::noop()));
    }
}

impl Wake for Meddler {
    fn wake(self: Arc<Meddler>) {
        Meddler::meddles();
    }
}

impl Drop for Meddler {
    fn drop(&mut self) {
        Meddler::meddles();
    }
}

#[test]
fn a_waker_may_come_back_to_the_list() {
    let list = LIST.with(Rc::clone);
    let reports = heard(|| {
        let mut key = WaiterKey::default();
        list.register(&mut key, &Waker::from(Arc::new(Meddler)));
        // Replaced, and dropped: one more waits then.
        assert!(!list.register(&mut key, &Waker::from(Arc::new(Meddler))));
        assert_eq!(list.len(), 2);
        assert!(list.cancel(&mut key));
        assert_eq!(list.len(), 2);
        list.register(&mut key, &Waker::from(Arc::new(Meddler)));
        // It waits behind two, and those who come while they are woken wait for the next time.
        assert_eq!(list.wake_all(), 3);
        assert_eq!(list.wake_all(), 2);
        list.register(&mut key, &Waker::from(Arc::new(Meddler)));
        assert!(list.wake_one());
        assert_eq!(list.wake_all(), 2);
    });
    assert_eq!(reports, [""; 0]);
}

#[test]
fn a_key_that_is_woken_while_its_waker_is_cloned_is_not_renewed() {
    let list = LIST.with(Rc::clone);
    let wakes = || at_clone(|| assert!(LIST.with(Rc::clone).wake_one()));
    let mut key = WaiterKey::default();
    list.register(&mut key, Waker::noop());
    assert!(!list.renew(&key, &wakes()));
    assert!(list.is_empty());
    // Whoever registers comes last, and is on the list in any case.
    list.register(&mut key, Waker::noop());
    assert!(list.register(&mut key, &wakes()));
    assert!(list.wake_one() && was_woken() && list.is_empty());
}

/// Panics when it is woken.
struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Panics>) {
        panic!("a flat tyre");
    }
}

#[test]
fn one_that_panics_does_not_keep_the_others_from_being_woken() {
    let (waiters, log) = (Waiters::new(), Log::default());
    let wakers = [
        named(1, &log),
        Waker::from(Arc::new(Panics)),
        named(2, &log),
    ];
    for waker in &wakers {
        waiters.register(&mut WaiterKey::default(), waker);
    }
    let reports = heard(|| assert_eq!(waiters.wake_all(), 3));
    assert_eq!(reports, ["a waker panicked: a flat tyre"]);
    assert_eq!(taken(&log), [1, 2]);
}

#[test]
fn the_same_waker_is_not_cloned_again() {
    static CLONES: AtomicU32 = AtomicU32::new(0);
    static COUNTED: RawWakerVTable = RawWakerVTable::new(
        |data| {
            CLONES.fetch_add(1, Relaxed);
            RawWaker::new(data, &COUNTED)
        },
        |_| (),
        |_| (),
        |_| (),
    );
    let waiters = Waiters::new();
    // SAFETY: the functions touch no data, so they may be called at any time on any thread.
    let waker = unsafe { Waker::from_raw(RawWaker::new(std::ptr::null(), &COUNTED)) };
    let mut key = WaiterKey::default();
    for _ in 0..3 {
        waiters.register(&mut key, &waker);
    }
    assert_eq!(CLONES.load(Relaxed), 1);
}

/// The first one stays, so the gaps behind it are not at the front.
#[test]
fn those_who_were_cancelled_leave_nothing_behind() {
    let waiters = Waiters::new();
    waiters.register(&mut WaiterKey::default(), Waker::noop());
    for _ in 0..100_000 {
        let mut key = WaiterKey::default();
        waiters.register(&mut key, Waker::noop());
        waiters.cancel(&mut key);
    }
    // What it holds is seen by what it prints.
    assert!(format!("{waiters:?}").len() < 1000);
}

/// Every second one goes, from the middle, the back and the front: with a walk along the list for each that would take
/// minutes.
#[test]
fn a_long_list_is_no_slower() {
    let _watchdog = watchdog();
    let waiters = Waiters::new();
    let count = 400_000;
    let mut keys: Vec<WaiterKey> = (0..count).map(|_| WaiterKey::default()).collect();
    for key in &mut keys {
        waiters.register(key, Waker::noop());
    }
    for key in keys.iter_mut().rev().step_by(2) {
        assert!(waiters.cancel(key));
    }
    for key in keys.iter_mut().step_by(2) {
        assert!(!waiters.register(key, Waker::noop()));
    }
    for _ in 0..count / 4 {
        assert!(waiters.wake_one());
    }
    assert_eq!(waiters.wake_all(), count / 4);
}
