//! Wakers and values are foreign code: they panic, and they come back.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use sync::{
    Barrier, Condition, Event, Lock, Notify, Queue, RwLock, Semaphore, broadcast, mpsc,
    oneshot, watch,
};

use crate::at_clone::{at_clone, was_woken};
use crate::common::{Waiter, leak};
use crate::heard::heard;

/// Panics when it is woken.
struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Panics>) {
        panic!("a flat tyre");
    }
}

/// Somebody whose waker panics: polled once.
fn polled<F: Future>(future: F) -> Pin<Box<F>> {
    let mut future = Box::pin(future);
    let waker = Waker::from(Arc::new(Panics));
    assert!(
        future
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    future
}

/// Its panic is reported, once, and those who come after it go on.
fn woken_by<F: Future>(mut wait: impl FnMut() -> F, wake: impl FnOnce()) {
    let first = polled(wait());
    let second = Waiter::waiting(wait());
    let reports = heard(wake);
    assert_eq!(reports, ["a waker panicked: a flat tyre"]);
    assert!(second.is_woken());
    drop(first);
}

#[test]
fn a_waker_that_panics_is_reported_and_the_next_goes_on() {
    let event = Event::new();
    woken_by(|| event.wait(), || event.set());
    let semaphore = Semaphore::new(0);
    woken_by(|| semaphore.acquire(), || semaphore.add(2));
    let (lock, condition) = (Lock::new(()), Condition::new());
    woken_by(
        || condition.wait(lock.try_lock().unwrap()),
        || condition.notify_all(),
    );
    let notify = Notify::new();
    woken_by(|| notify.notified(), || notify.notify_waiters());
    let barrier = Barrier::new(3);
    woken_by(|| barrier.wait(), || barrier.abort());
    let queue = Queue::<u32>::unbounded();
    woken_by(|| queue.get(), || queue.close());
    let queue = Queue::<u32>::bounded(1);
    queue.try_put(0).unwrap();
    woken_by(|| queue.put(1), || queue.close());
    let (sender, _receiver) = watch::channel(0);
    let sender = leak(sender);
    let receivers = RefCell::new(vec![sender.subscribe(), sender.subscribe()]);
    let wait = || {
        let mut receiver = receivers.borrow_mut().pop().unwrap();
        async move { receiver.changed().await }
    };
    woken_by(wait, || sender.send(1).unwrap());
}

/// Where one is chosen: it keeps its turn, though its waker was of no use.
#[test]
fn a_turn_is_not_lost_by_a_waker_that_panics() {
    let (lock, many) = (Lock::new(7), RwLock::new(7));
    let (guard, writes) = (lock.try_lock().unwrap(), many.try_write().unwrap());
    let (first, second) = (polled(lock.lock()), Waiter::waiting(lock.lock()));
    let read = polled(many.read());
    assert_eq!(heard(|| drop(guard)), ["a waker panicked: a flat tyre"]);
    assert_eq!(heard(|| drop(writes)), ["a waker panicked: a flat tyre"]);
    drop(first);
    assert_eq!(*second.ready(), 7);
    drop(read);
    assert!(many.try_write().is_some());

    let (sender, receiver) = oneshot::channel();
    let mut receiver = polled(receiver);
    let sends = heard(|| sender.send(7).unwrap());
    assert_eq!(sends, ["a waker panicked: a flat tyre"]);
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(receiver.as_mut().poll(&mut context), Poll::Ready(Ok(7)));
    let (sender, mut receiver) = mpsc::unbounded();
    let mut recv = polled(receiver.recv());
    let sends = heard(|| sender.try_send(7).unwrap());
    assert_eq!(sends, ["a waker panicked: a flat tyre"]);
    assert_eq!(recv.as_mut().poll(&mut context), Poll::Ready(Some(7)));
}

/// Panics when it is dropped, if it is told to.
#[derive(Clone)]
struct Fragile(bool);

impl Drop for Fragile {
    fn drop(&mut self) {
        assert!(!self.0, "it broke");
    }
}

#[test]
fn a_value_whose_destructor_panics_takes_no_other_with_it() {
    let broke = "a value panicked: it broke";
    let (sender, receiver) = mpsc::bounded(3);
    let counted = Rc::new(());
    let values = || (Fragile(true), Rc::clone(&counted));
    for _ in 0..3 {
        assert!(sender.try_send(values()).is_ok());
    }
    let send = Waiter::waiting(sender.send((Fragile(false), Rc::clone(&counted))));
    assert_eq!(heard(|| drop(receiver)), [broke; 3]);
    assert!(send.ready().is_err());
    assert_eq!(Rc::strong_count(&counted), 1);

    let (sender, receiver) = oneshot::channel();
    assert!(sender.send(Fragile(true)).is_ok());
    assert_eq!(heard(|| drop(receiver)), [broke]);

    let (sender, receiver) = watch::channel(Fragile(true));
    assert_eq!(heard(|| drop(sender.send(Fragile(false)))), [broke]);
    drop(receiver);

    let (sender, receiver) = broadcast::channel(1);
    assert!(sender.send(Fragile(true)).is_ok());
    assert_eq!(heard(|| drop(sender.send(Fragile(true)))), [broke]);
    assert_eq!(heard(|| drop(receiver)), [broke]);

    let queue = Queue::unbounded();
    for _ in 0..2 {
        assert!(queue.try_put(values()).is_ok());
    }
    let dropped = heard(|| drop(queue));
    assert_eq!(dropped, ["an item panicked: it broke"; 2]);
    assert_eq!(Rc::strong_count(&counted), 1);
}

/// Between the look and the place in the line, what is waited for happens. Polled again is only who was woken. With
/// `before`, it is in the line already, and polled by another task now.
fn happens_meanwhile<F: Future>(
    before: bool,
    future: F,
    happens: impl FnOnce() + 'static,
) -> F::Output {
    let mut future = Box::pin(future);
    if before {
        let mut context = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
    }
    let waker = at_clone(happens);
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        assert!(
            was_woken(),
            "what happened while the waker was cloned was not seen"
        );
    }
}

#[test]
fn what_happens_while_a_waker_is_cloned_is_not_missed() {
    all_that_may_happen(false);
}

#[test]
fn nor_while_the_waker_of_one_who_waits_is_changed() {
    all_that_may_happen(true);
    // It was waiting when the event was set.
    let event = leak(Event::new());
    let pulse = || {
        event.set();
        event.clear();
    };
    happens_meanwhile(true, event.wait(), pulse);
    let (lock, condition) = leak((Lock::new(7), Condition::new()));
    let wait = condition.wait(lock.try_lock().unwrap());
    drop(happens_meanwhile(true, wait, || condition.notify_one()));
}

fn all_that_may_happen(before: bool) {
    let event = leak(Event::new());
    happens_meanwhile(before, event.wait(), || event.set());
    let lock = leak(Lock::new(7));
    let guard = lock.try_lock().unwrap();
    assert_eq!(*happens_meanwhile(before, lock.lock(), || drop(guard)), 7);
    let semaphore = leak(Semaphore::new(0));
    happens_meanwhile(before, semaphore.acquire(), || semaphore.add(1)).forget();
    let queue = leak(Queue::bounded(1));
    let got = happens_meanwhile(before, queue.get(), || queue.try_put(7).unwrap());
    assert_eq!(got, Ok(7));
    let got = happens_meanwhile(before, queue.get(), || queue.close());
    assert!(got.is_err());
    let queue = leak(Queue::bounded(1));
    queue.try_put(7).unwrap();
    let put = happens_meanwhile(before, queue.put(8), || _ = queue.try_get());
    assert_eq!((put, queue.try_get()), (Ok(()), Ok(8)));
    queue.try_put(7).unwrap();
    assert!(happens_meanwhile(before, queue.put(8), || queue.close()).is_err());
    for all in [false, true] {
        let notify = leak(Notify::new());
        happens_meanwhile(before, notify.notified(), move || match all {
            true => notify.notify_waiters(),
            false => notify.notify_one(),
        });
        // It was used up.
        Waiter::waiting(notify.notified());
    }
    let many = leak(RwLock::new(7));
    let reads = many.try_read().unwrap();
    assert_eq!(*happens_meanwhile(before, many.write(), || drop(reads)), 7);
    let (sender, receiver) = oneshot::channel();
    let got = happens_meanwhile(before, receiver, || sender.send(7).unwrap());
    assert_eq!(got, Ok(7));
    let barrier = leak(Barrier::new(2));
    let broken = happens_meanwhile(before, barrier.wait(), || barrier.abort());
    assert!(broken.is_err());
    let (sender, mut receiver) = watch::channel(0);
    let sees = async move { receiver.changed().await };
    let seen = happens_meanwhile(before, sees, move || drop(sender.send_replace(7)));
    assert_eq!(seen, Ok(()));
    let (sender, mut receiver) = broadcast::channel(1);
    let hears = async move { receiver.recv().await };
    assert_eq!(
        happens_meanwhile(before, hears, move || _ = sender.send(7)),
        Ok(7)
    );
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// Who runs as soon as they are woken, inside of the wake.
    static AT_ONCE: RefCell<Option<Task>> = const { RefCell::new(None) };
}

struct AtOnce;

impl Wake for AtOnce {
    fn wake(self: Arc<AtOnce>) {
        if let Some(mut task) = AT_ONCE.take() {
            let mut context = Context::from_waker(Waker::noop());
            assert!(
                task.as_mut().poll(&mut context).is_ready(),
                "woken too early"
            );
        }
    }
}

/// What somebody gives away is whole by the time that the next one is woken.
fn runs_at_once(task: impl Future<Output = ()> + 'static, give: impl FnOnce()) {
    let mut task: Task = Box::pin(task);
    let waker = Waker::from(Arc::new(AtOnce));
    let mut context = Context::from_waker(&waker);
    assert!(task.as_mut().poll(&mut context).is_pending());
    AT_ONCE.set(Some(task));
    assert_eq!(heard(give), [""; 0]);
    assert!(AT_ONCE.take().is_none(), "it was not woken");
}

#[test]
fn whoever_is_woken_may_run_at_once() {
    let lock = leak(Lock::new(7));
    let guard = lock.try_lock().unwrap();
    runs_at_once(async { *lock.lock().await += 1 }, || drop(guard));
    assert_eq!(*lock.try_lock().unwrap(), 8);
    let many = leak(RwLock::new(7));
    let reads = many.try_read().unwrap();
    runs_at_once(async { *many.write().await += 1 }, || drop(reads));
    let writes = many.try_write().unwrap();
    runs_at_once(async { assert_eq!(*many.read().await, 8) }, || drop(writes));
    let queue = leak(Queue::bounded(1));
    let get = async { assert_eq!(queue.get().await, Ok(7)) };
    runs_at_once(get, || queue.try_put(7).unwrap());
    queue.try_put(1).unwrap();
    let put = async { assert_eq!(queue.put(2).await, Ok(())) };
    runs_at_once(put, || assert_eq!(queue.try_get(), Ok(1)));
    let (sender, mut receiver) = broadcast::channel(1);
    let recv = async move { assert_eq!(receiver.recv().await, Ok(7)) };
    runs_at_once(recv, || assert_eq!(sender.send(7), Ok(1)));
    let (sender, mut receiver) = watch::channel(0);
    let sees = async move {
        receiver.changed().await.unwrap();
        assert_eq!(*receiver.get(), 7);
    };
    runs_at_once(sees, || drop(sender.send_replace(7)));
    let (condition, event) = leak((Condition::new(), Event::new()));
    let wait = async { drop(condition.wait(lock.try_lock().unwrap()).await) };
    runs_at_once(wait, || condition.notify_one());
    runs_at_once(event.wait(), || event.set());
    let (sender, receiver) = oneshot::channel();
    let recv = async { assert_eq!(receiver.await, Ok(7)) };
    runs_at_once(recv, || sender.send(7).unwrap());
}
