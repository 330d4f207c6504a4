//! The wakers of children, used on other threads.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;

use combinators::{join_all, race_all, select_all};
use event_loop::Clock;
use workbook_tests::limits::quick_or_full;

/// What a child waits for: another thread counts it up.
#[derive(Default)]
struct Meter {
    count: AtomicUsize,
    waker: Mutex<Option<Waker>>,
}

impl Meter {
    /// Ready when it has come to `wanted`.
    async fn reaches(self: Arc<Meter>, wanted: usize) -> usize {
        std::future::poll_fn(|context| {
            *self.waker.lock().unwrap() = Some(context.waker().clone());
            match self.count.load(Ordering::Acquire) {
                count if count >= wanted => Poll::Ready(count),
                _ => Poll::Pending,
            }
        })
        .await
    }

    fn count_up(&self) {
        self.count.fetch_add(1, Ordering::Release);
        let waker = self.waker.lock().unwrap().clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Runs `future` while threads count the meters up.
fn race<T>(meters: &[Arc<Meter>], times: usize, future: impl Future<Output = T>) -> T {
    thread::scope(|scope| {
        for part in meters.chunks(meters.len().div_ceil(3)) {
            scope.spawn(move || {
                for _ in 0..times {
                    part.iter().for_each(|meter| meter.count_up());
                }
            });
        }
        task_cell::run(Clock::real(), future)
    })
}

#[test]
fn no_wake_of_another_thread_is_lost() {
    for children in [1, 2, 3, 10] {
        for _ in 0..quick_or_full(30, 1000) {
            let meters: Vec<Arc<Meter>> = (0..children).map(|_| Arc::default()).collect();
            let wait = |meter: &Arc<Meter>| Arc::clone(meter).reaches(20);
            let counts = race(&meters, 20, join_all(meters.iter().map(wait)));
            assert_eq!(counts, vec![20; children]);
            let meters: Vec<Arc<Meter>> = (0..children).map(|_| Arc::default()).collect();
            let count = race(&meters, 5, race_all(meters.iter().map(wait_for_5)));
            assert_eq!(count, 5);
        }
    }
}

fn wait_for_5(meter: &Arc<Meter>) -> impl Future<Output = usize> + use<> {
    Arc::clone(meter).reaches(5)
}

#[test]
fn a_waker_that_outlives_its_future_does_nothing() {
    let meters: Vec<Arc<Meter>> = (0..3).map(|_| Arc::default()).collect();
    let others = meters.clone();
    task_cell::run(Clock::real(), async {
        let mut waits: Vec<Pin<Box<dyn Future<Output = usize>>>> = Vec::new();
        for meter in &meters {
            waits.push(Box::pin(wait_for_5(meter)));
        }
        waits.push(Box::pin(async { 1 }));
        assert_eq!(select_all(waits).await.1, 3);
        let late = thread::spawn(move || others.iter().for_each(|it| it.count_up()));
        late.join().unwrap();
        polling::yield_now().await;
    });
    meters.iter().for_each(|it| it.count_up());
}
