//! Where those who wait are, and for what: in `tasks()`, and in the message of a deadlock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use polling::yield_now;
use sync::{
    Barrier, Condition, Event, Lock, Notify, OnceCell, Queue, RwLock, Semaphore,
    broadcast, mpsc, oneshot, watch,
};
use task_cell::{spawn, tasks};
use wakers::panic_message;

use crate::common::{Waiter, leak, run};

/// What the task that awaits `future` waits for.
async fn why(future: impl Future<Output: 'static> + 'static) -> (&'static str, u32) {
    let task = spawn(async move {
        future.await;
    });
    yield_now().await;
    let mut tasks = tasks();
    let waits = tasks.pop().unwrap();
    let suspended = waits.suspended.expect("it says where");
    assert!(suspended.location.file().ends_with("suspended.rs"));
    task.abort();
    assert!(task.await.is_err());
    (suspended.why, suspended.location.line())
}

#[test]
fn each_wait_says_its_line_and_a_word() {
    run(async {
        let event = leak(Event::new());
        assert_eq!(why(event.wait()).await, ("event", line!()));
        let semaphore = leak(Semaphore::new(0));
        assert_eq!(why(semaphore.acquire()).await, ("semaphore", line!()));
        let queue = leak(Queue::<u32>::bounded(1));
        assert_eq!(why(queue.get()).await, ("queue get", line!()));
        queue.try_put(1).unwrap();
        assert_eq!(why(queue.put(2)).await, ("queue put", line!()));
        assert_eq!(why(queue.join()).await, ("queue join", line!()));
        let (lock, condition) = leak((Lock::new(0), Condition::new()));
        let guard = lock.try_lock().unwrap();
        assert_eq!(why(condition.wait(guard)).await, ("condition", line!()));
        let guard = lock.try_lock().unwrap();
        let wait = condition.wait_while(guard, |it| *it == 0);
        assert_eq!(why(wait).await, ("condition", line!() - 1));
        let notify = leak(Notify::new());
        assert_eq!(why(notify.notified()).await, ("notify", line!()));
        let barrier = leak(Barrier::new(2));
        assert_eq!(why(barrier.wait()).await, ("barrier", line!()));
        let many = leak(RwLock::new(()));
        let writes = many.try_write().unwrap();
        let since = format!("held since line {}, waited for at line", line!() - 1);
        let (told, line) = why(many.read()).await;
        assert_eq!(told, format!("read lock {since} {line}"));
        let (told, line) = why(many.write()).await;
        assert_eq!(told, format!("write lock {since} {line}"));
        assert_eq!(line, line!() - 2);
        drop(writes);
        let cell = leak(OnceCell::new());
        let never = async || std::future::pending::<u32>().await;
        let (makes, made_at) = (spawn(cell.get_or_init(never)), line!());
        yield_now().await;
        let (told, line) = why(cell.get_or_init(never)).await;
        let since = format!("in the making since line {made_at}, waited for at line");
        assert_eq!(told, format!("once cell {since} {line}"));
        assert_eq!(line, line!() - 3);
        makes.abort();
        let (_sender, receiver) = oneshot::channel::<u32>();
        assert_eq!(why(receiver).await.0, "oneshot");
        let (mut sender, _receiver) = oneshot::channel::<u32>();
        let closed = async move { sender.closed().await };
        assert_eq!(why(closed).await, ("closed", line!() - 1));
        let (sender, mut receiver) = mpsc::bounded(1);
        sender.try_send(1).unwrap();
        let other = sender.clone();
        let send = async move { other.send(2).await };
        assert_eq!(why(send).await, ("send", line!() - 1));
        receiver.try_recv().unwrap();
        let recv = async move { receiver.recv().await };
        assert_eq!(why(recv).await, ("recv", line!() - 1));
        let (_sender, mut receiver) = watch::channel(1);
        let changed = async move { receiver.changed().await };
        assert_eq!(why(changed).await, ("watch", line!() - 1));
        let (_sender, mut receiver) = broadcast::channel::<u32>(1);
        let recv = async move { receiver.recv().await };
        assert_eq!(why(recv).await, ("broadcast", line!() - 1));
    });
}

/// What running `future` panics with.
fn deadlock(future: impl Future<Output = ()>) -> String {
    let panicked = catch_unwind(AssertUnwindSafe(|| run(future)));
    let payload = panicked.expect_err("it comes to an end");
    panic_message(&*payload).unwrap().to_string()
}

#[test]
fn a_lock_taken_twice_by_one_task_is_a_deadlock_that_names_both_lines() {
    let lock = Lock::new(());
    let taken = line!() + 2;
    let message = deadlock(async {
        let _guard = lock.lock().await;
        let _again = lock.lock().await;
    });
    let both = format!(
        "waiting: Task-1 (the root; lock held since line {taken}, waited for at line {} in \
         suspended.rs)",
        taken + 1
    );
    assert!(message.ends_with(&both), "{message}");
}

/// Is in, and asks to write; and a second time to read, while somebody waits to write.
#[test]
fn a_read_lock_taken_twice_by_one_task_is_a_deadlock_that_names_both_lines() {
    let lock = RwLock::new(());
    let taken = line!() + 3;
    let message = deadlock(async {
        drop(lock.write().await);
        let _reads = lock.read().await;
        drop(lock.read().await);
        let _writes = lock.write().await;
    });
    let both = format!(
        "(the root; write lock held since line {taken}, waited for at line {} in suspended.rs)",
        taken + 2
    );
    assert!(message.ends_with(&both), "{message}");
    let taken = line!() + 4;
    let message = deadlock(async {
        let lock = leak(RwLock::new(()));
        let write = async || drop(lock.write().await);
        let _reads = lock.read().await;
        let _writer = spawn(write());
        yield_now().await;
        let _again = lock.read().await;
    });
    for (word, line) in [("read", taken + 3), ("write", taken - 1)] {
        let both = format!(
            "{word} lock held since line {taken}, waited for at line {line} in suspended.rs"
        );
        assert!(message.contains(&both), "{message}");
    }
}

#[test]
fn a_value_whose_making_waits_for_it_is_a_deadlock_that_names_both_lines() {
    let cell = leak(OnceCell::new());
    let message = deadlock(async {
        let never = async || std::future::pending::<u32>().await;
        let gone = Waiter::waiting(cell.get_or_init(never));
        let next = Waiter::waiting(cell.get_or_init(never));
        drop(gone);
        // Whose turn it is has not begun to make it.
        assert_eq!(why(cell.get_or_init(never)).await.0, "once cell");
        drop(next);
        let outer = cell.get_or_init(async || *cell.get_or_init(async || 1).await);
        outer.await;
    });
    let line = line!() - 3;
    let both = format!(
        "(the root; once cell in the making since line {line}, waited for at line {line} in \
         suspended.rs)"
    );
    assert!(message.ends_with(&both), "{message}");
}

/// Each has what the other waits for: four lines.
#[test]
fn two_locks_in_two_orders_are_a_deadlock_that_names_all_lines() {
    let message = deadlock(async {
        let locks = Rc::new((Lock::new(()), Lock::new(())));
        let here = Rc::clone(&locks);
        let other = spawn(async move {
            let _second = here.1.lock().await;
            yield_now().await;
            let _first = here.0.lock().await;
        });
        let _first = locks.0.lock().await;
        yield_now().await;
        let _second = locks.1.lock().await;
        other.await.unwrap();
    });
    let held = message.matches("lock held since line ").count();
    let waited = message.matches(", waited for at line ").count();
    assert_eq!((held, waited), (2, 2), "{message}");
}

/// The word is that of the present holder.
#[test]
fn a_lock_says_who_has_it_now() {
    run(async {
        let lock = leak(Lock::new(()));
        assert_eq!(format!("{lock:?}"), "Lock free");
        let first = lock.lock().await;
        let word = |line| format!("lock held since line {line}, waited for at line ");
        let (told, _) = why(lock.lock()).await;
        assert!(told.starts_with(&word(line!() - 3)), "{told}");
        drop(first);
        let _second = lock.try_lock().unwrap();
        let (told, _) = why(lock.lock()).await;
        assert!(told.starts_with(&word(line!() - 2)), "{told}");
        assert!(format!("{lock:?}").starts_with("Lock taken at "));
    });
}
