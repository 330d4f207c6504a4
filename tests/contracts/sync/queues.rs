//! The queue: as asyncio's, but that nobody overtakes.

use std::cell::Cell;
use std::cmp::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::Poll;

use event_loop::Time;
use sync::{Closed, LifoQueue, PriorityQueue, Queue, TryGetError, TryPutError};
use task_cell::spawn;
use timers::{now, sleep};

use crate::common::{Waiter, run};

#[test]
fn items_come_out_in_their_order() {
    let (fifo, lifo, priority) = (
        Queue::unbounded(),
        LifoQueue::unbounded(),
        PriorityQueue::unbounded(),
    );
    for item in [(2, 'a'), (1, 'b'), (3, 'c'), (1, 'd')] {
        fifo.try_put(item.1).unwrap();
        lifo.try_put(item.1).unwrap();
        priority.try_put(Keyed(item.0, item.1)).unwrap();
    }
    let all = |mut next: Box<dyn FnMut() -> Option<char>>| {
        String::from_iter(std::iter::from_fn(&mut next))
    };
    assert_eq!(all(Box::new(move || fifo.try_get().ok())), "abcd");
    assert_eq!(all(Box::new(move || lifo.try_get().ok())), "dcba");
    // Equal ones as they came.
    let next = move || priority.try_get().ok().map(|it| it.1);
    assert_eq!(all(Box::new(next)), "bdac");
}

#[test]
fn a_put_that_is_awaited_again_is_told_with_the_line() {
    let queue = Queue::bounded(2);
    let mut put = Box::pin(queue.put(1));
    let made = line!() - 1;
    let twice = catch_unwind(AssertUnwindSafe(|| {
        run(async {
            put.as_mut().await.unwrap();
            put.as_mut().await.unwrap();
        });
    }));
    let payload = twice.expect_err("it is over");
    let message = wakers::panic_message(&*payload).unwrap().replace('\\', "/");
    let line = format!("the queue put made at tests/contracts/sync/queues.rs:{made}:");
    assert!(message.contains(&line), "{message}");
    assert!(message.ends_with("was awaited after its end"), "{message}");
    assert_eq!(queue.len(), 1);
    // It took no room the second time.
    assert_eq!(queue.try_put(2), Ok(()));
}

/// Compares by its key alone; panics if that is 13.
#[derive(Debug)]
struct Keyed(u32, char);

impl Ord for Keyed {
    fn cmp(&self, other: &Keyed) -> Ordering {
        assert!(self.0 != 13 && other.0 != 13, "nobody sits there");
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Keyed) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Keyed {
    fn eq(&self, other: &Keyed) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Keyed {}

/// As many turns as items, whatever panics.
#[test]
fn an_item_whose_comparison_panics_leaves_the_queue_whole() {
    let queue = PriorityQueue::bounded(3);
    let panics = |work: &dyn Fn()| catch_unwind(AssertUnwindSafe(work)).is_err();
    queue.try_put(Keyed(1, 'a')).unwrap();
    assert!(panics(&|| queue.try_put(Keyed(13, 'b')).unwrap()));
    queue.try_put(Keyed(5, 'c')).unwrap();
    let mut panicked = 0;
    for left in [2, 1, 0] {
        // Whether it gives one or panics, one is gone.
        panicked += u32::from(panics(&|| _ = queue.try_get().unwrap()));
        assert_eq!(queue.len(), left);
    }
    assert!(panicked > 0);
    assert_eq!(queue.try_get(), Err(TryGetError::Empty));
    for item in 0..3 {
        assert_eq!(queue.try_put(Keyed(item, 'c')), Ok(()));
    }
    assert!(matches!(
        queue.try_put(Keyed(4, 'd')),
        Err(TryPutError::Full(_))
    ));
}

#[test]
fn a_put_waits_for_room_and_a_get_for_an_item() {
    run(async {
        let queue = Rc::new(Queue::bounded(2));
        let here = Rc::clone(&queue);
        let slow = spawn(async move {
            let mut got = Vec::new();
            while let Ok(item) = here.get().await {
                sleep(std::time::Duration::from_secs(5)).await;
                got.push((now().as_secs(), item));
            }
            got
        });
        for item in 0..4 {
            queue.put(item).await.unwrap();
        }
        // One is at work, two are in it: the fourth went in when the second was taken out.
        assert_eq!(now(), Time::from_secs(5));
        queue.close();
        let got = slow.await.unwrap();
        assert_eq!(got, [(5, 0), (10, 1), (15, 2), (20, 3)]);
    });
}

#[test]
fn puts_go_in_as_they_came() {
    let queue = Queue::bounded(1);
    queue.try_put(0).unwrap();
    let mut puts = Vec::from_iter((1..4).map(|item| Waiter::waiting(queue.put(item))));
    for item in 0..3 {
        assert_eq!(queue.try_get(), Ok(item));
        assert_eq!(puts.remove(0).ready(), Ok(()));
    }
    assert_eq!(queue.try_get(), Ok(3));
}

#[test]
fn join_waits_until_each_item_is_done() {
    let queue = Queue::unbounded();
    // Nothing was put in.
    assert_eq!(Waiter::new(queue.join()).poll(), Poll::Ready(()));
    queue.try_put(1).unwrap();
    queue.try_put(2).unwrap();
    let mut joins = Waiter::waiting(queue.join());
    // Taken out is not done.
    assert_eq!((queue.try_get(), queue.try_get()), (Ok(1), Ok(2)));
    assert!(joins.poll().is_pending());
    queue.task_done();
    assert!(joins.poll().is_pending());
    queue.task_done();
    // Those who waited go on, whatever is put in now.
    queue.try_put(3).unwrap();
    joins.ready();
    Waiter::waiting(queue.join());
}

#[test]
fn a_task_that_is_done_too_often_is_told_at_its_line() {
    use std::sync::Mutex;
    static HEARD: Mutex<Option<(String, u32)>> = Mutex::new(None);
    std::panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or_default().to_string();
        if message.starts_with("task_done") {
            *HEARD.lock().unwrap() = info.location().map(|at| (message, at.line()));
        }
    }));
    let queue = Queue::<u32>::unbounded();
    let line = line!() + 1;
    let panicked = catch_unwind(AssertUnwindSafe(|| queue.task_done()));
    assert!(panicked.is_err());
    let (message, at) = HEARD.lock().unwrap().take().unwrap();
    assert_eq!(at, line);
    assert!(message.contains("call it once for each that you have taken out"));
}

#[test]
fn a_closed_queue_drains_before_it_ends() {
    let queue = Queue::bounded(2);
    queue.try_put(1).unwrap();
    queue.try_put(2).unwrap();
    let put = Waiter::waiting(queue.put(3));
    queue.close();
    queue.close();
    assert_eq!(put.ready(), Err(Closed(3)));
    assert_eq!(queue.try_put(4), Err(TryPutError::Closed(4)));
    assert_eq!(
        Waiter::new(queue.put(4)).poll(),
        Poll::Ready(Err(Closed(4)))
    );
    assert_eq!(Waiter::new(queue.get()).poll(), Poll::Ready(Ok(1)));
    assert_eq!(queue.try_get(), Ok(2));
    assert_eq!(queue.try_get(), Err(TryGetError::Closed));
    assert_eq!(
        Waiter::new(queue.get()).poll(),
        Poll::Ready(Err(Closed(())))
    );
    // What was in it may still be joined.
    let joins = Waiter::waiting(queue.join());
    queue.task_done();
    queue.task_done();
    joins.ready();
}

#[test]
fn all_who_get_are_told_of_the_end() {
    let queue = Queue::<u32>::unbounded();
    let gets = Vec::from_iter((0..3).map(|_| Waiter::waiting(queue.get())));
    queue.close();
    for get in gets {
        assert_eq!(get.ready(), Err(Closed(())));
    }
}

/// An item is on its way to the first when the queue closes: the second is not told of the end yet, and nobody who comes
/// takes the item from under the first.
#[test]
fn an_item_on_its_way_is_still_in_a_closed_queue() {
    let queue = Queue::unbounded();
    let first = Waiter::waiting(queue.get());
    let second = Waiter::waiting(queue.get());
    queue.try_put(1).unwrap();
    queue.close();
    assert_eq!(queue.try_get(), Err(TryGetError::Empty));
    let late = Waiter::waiting(queue.get());
    assert!(!second.is_woken());
    assert_eq!(first.ready(), Ok(1));
    // Now it is the end, for both.
    assert_eq!(second.ready(), Err(Closed(())));
    assert_eq!(late.ready(), Err(Closed(())));

    let queue = Queue::unbounded();
    let first = Waiter::waiting(queue.get());
    let second = Waiter::waiting(queue.get());
    queue.try_put(1).unwrap();
    queue.close();
    drop(first);
    assert_eq!(second.ready(), Ok(1));
}

#[test]
fn a_queue_that_is_closed_now_gives_back_what_is_left() {
    let queue = Queue::bounded(3);
    for item in 0..3 {
        queue.try_put(item).unwrap();
    }
    assert_eq!(queue.try_get(), Ok(0));
    queue.try_put(3).unwrap();
    let put = Waiter::waiting(queue.put(4));
    let mut joins = Waiter::waiting(queue.join());
    assert_eq!(queue.close_now(), [1, 2, 3]);
    assert_eq!(put.ready(), Err(Closed(4)));
    assert_eq!(queue.try_get(), Err(TryGetError::Closed));
    // The one that was taken out is at work.
    assert!(joins.poll().is_pending());
    queue.task_done();
    joins.ready();
    // One whose item went that way.
    let queue = Queue::unbounded();
    let get = Waiter::waiting(queue.get());
    queue.try_put(1).unwrap();
    assert_eq!(queue.close_now(), [1]);
    assert_eq!(get.ready(), Err(Closed(())));
}

/// What a put holds is dropped with it, and what is left with the queue.
#[test]
fn no_item_is_leaked() {
    let item = Rc::new(Cell::new(0));
    let queue = Queue::bounded(1);
    queue.try_put(Rc::clone(&item)).unwrap();
    drop(Waiter::waiting(queue.put(Rc::clone(&item))));
    assert_eq!(Rc::strong_count(&item), 2);
    drop(queue);
    assert_eq!(Rc::strong_count(&item), 1);
}

#[test]
fn a_queue_without_room_is_refused() {
    assert!(catch_unwind(|| Queue::<u32>::bounded(0)).is_err());
}
