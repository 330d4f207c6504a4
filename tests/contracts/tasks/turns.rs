//! A turn on the wall clock is bounded by time as well as by count; a pass is finished all the same.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use event_loop::Clock;
use polling::yield_now;
use tasks::{promise, spawn};
use timers::sleep;

use crate::{run_on, watchdog};

/// Blocks its thread, as no task should.
fn block_for(time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        thread::yield_now();
    }
}

/// Notes how many polls there were when it is woken.
struct Timer {
    polls: Arc<AtomicUsize>,
    at_wake: AtomicUsize,
}

impl Wake for Timer {
    fn wake(self: Arc<Timer>) {
        self.at_wake.store(self.polls.load(Relaxed), Relaxed);
    }
}

/// Of a hundred tasks that block, how many have their turn before a timer goes off that is due after the first?
fn late_by(quick_first: usize, block: Duration) -> usize {
    run_on(Clock::real(), async move {
        for _ in 0..quick_first {
            yield_now().await;
        }
        let polls = Arc::new(AtomicUsize::new(0));
        let timer = Arc::new(Timer {
            polls: Arc::clone(&polls),
            at_wake: AtomicUsize::new(usize::MAX),
        });
        let waker = Waker::from(Arc::clone(&timer));
        let mut sleep = pin!(sleep(block / 2));
        let polled = sleep.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        for _ in 0..100 {
            let polls = Arc::clone(&polls);
            let _task = spawn(async move {
                polls.fetch_add(1, Relaxed);
                block_for(block);
            });
        }
        while polls.load(Relaxed) < 100 {
            yield_now().await;
        }
        timer.at_wake.load(Relaxed)
    })
}

#[test]
fn a_timer_waits_for_few_tasks_that_block() {
    let _watchdog = watchdog("a_timer_waits_for_few_tasks_that_block");
    let late = late_by(0, Duration::from_millis(2));
    assert!(late <= 4, "it waited for {late} tasks");
}

/// After many quick polls the clock is looked at seldom, and once the limit is found out late.
#[test]
fn and_after_quick_ones_for_some_more() {
    let _watchdog = watchdog("and_after_quick_ones_for_some_more");
    let late = late_by(1000, Duration::from_millis(2));
    assert!(late <= 68, "it waited for {late} tasks");
}

/// However many turns it takes.
#[test]
fn the_pass_in_which_the_root_ends_is_finished() {
    for clock in [Clock::virtual_time, Clock::real] {
        let ran = Rc::new(Cell::new(0));
        let counter = Rc::clone(&ran);
        run_on(clock(), async move {
            let told = promise();
            let tells = told.clone();
            let _teller = spawn(async move {
                // The root has its turn first, and then they have theirs.
                tells.set(()).unwrap();
                for _ in 0..1000 {
                    let counter = Rc::clone(&counter);
                    let _task = spawn(async move {
                        yield_now().await;
                        counter.set(counter.get() + 1);
                    });
                }
            });
            told.await;
        });
        assert_eq!(ran.get(), 1000);
    }
}
