//! Who is ready
//!
//! With many futures, one flag is not enough: the loop must know *which* of them was woken. Each task gets a number,
//! and a waker that puts this number into a queue. Write:
//!
//!     /// The tasks that are to be polled: first come, first served.
//!     pub struct Ready { /* … */ }
//!
//!     impl Ready {
//!         /// `unparker` is woken whenever somebody is put into the queue: the thread that polls may be asleep.
//!         pub fn new(unparker: Waker) -> Arc<Ready>
//!
//!         /// What wakes the task `id`.
//!         pub fn waker(self: &Arc<Ready>, id: u64) -> Waker
//!
//!         pub fn pop(&self) -> Option<u64>
//!
//!         pub fn len(&self) -> usize
//!     }
//!
//! A task that is in the queue already is not put there again: ten wakes are one poll. Once it is popped, the next wake
//! counts. And a waker may be called from any thread.
//!
//! hint: What makes a waker here is a struct with `Wake`, in an `Arc`, as in chapter 4. It has to know its number, the
//! queue, and whether it is in there.
//!
//! hint: `queued: AtomicBool` in that struct: `swap(true)` says what it was before. So that `pop` can take the flag
//! down again, let the queue hold the `Arc`s themselves: `Mutex<VecDeque<Arc<Entry>>>`. And call nobody while the
//! queue is locked.
//!
//! hint: The wake, and the pop:
//!
//!     fn wake(self: Arc<Entry>) {
//!         if self.queued.swap(true, Ordering::AcqRel) {
//!             return;
//!         }
//!         let ready = self.ready.clone();
//!         ready.queue.lock().unwrap().push_back(self);
//!         ready.unparker.wake_by_ref();
//!     }
//!
//!     let entry = self.queue.lock().unwrap().pop_front()?;
//!     entry.queued.swap(false, Ordering::Acquire);
//!     Some(entry.id)
//!
//! done: One half of an event loop: a queue of who is ready. The other half is what to do with them. That is next.

use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Wake, Waker};
use std::thread;

use ladder::Bell;
use mine::tasks::Ready;

/// Everything that is in the queue.
fn all(ready: &Ready) -> Vec<u64> {
    std::iter::from_fn(|| ready.pop()).collect()
}

fn in_order() {
    ladder::tries("an empty queue");
    let bell = Bell::new();
    let ready = Ready::new(bell.waker());
    ladder::check!(
        ready.pop().is_none() && ready.len() == 0,
        "somebody is in it"
    );

    ladder::tries("three wakers, woken as 7, 2, 5");
    let wakers = [7, 2, 5].map(|id| ready.waker(id));
    ladder::check!(
        ready.len() == 0,
        "somebody is in the queue, and nobody was woken yet"
    );
    wakers.iter().for_each(Waker::wake_by_ref);
    ladder::check!(
        ready.len() == 3,
        "three were woken, and the queue says {}",
        ready.len()
    );
    let order = all(&ready);
    ladder::check!(
        order != [5, 2, 7],
        "they come as 5, 2, 7: last come, first served. Who wakes often would keep the others waiting for ever"
    );
    ladder::check!(
        order == [7, 2, 5],
        "they come as {order:?}: first come, first served"
    );
}

fn once() {
    ladder::tries("a waker and its clones, woken ten times");
    let bell = Bell::new();
    let ready = Ready::new(bell.waker());
    let waker = ready.waker(3);
    (0..9).for_each(|_| waker.clone().wake());
    waker.wake_by_ref();
    let order = all(&ready);
    ladder::check!(
        order == [3],
        "it is in the queue {} times: ten wakes are one poll",
        order.len()
    );

    ladder::tries("a waker that is woken again after its task was popped");
    waker.wake_by_ref();
    let again = all(&ready);
    ladder::check!(
        again == [3],
        "it is not in the queue: when does the flag come down? This task would never be polled again"
    );
}

/// Looks at the queue when it is woken.
#[derive(Default)]
struct Looks {
    ready: OnceLock<Arc<Ready>>,
    saw: Mutex<Vec<usize>>,
}

impl Wake for Looks {
    fn wake(self: Arc<Looks>) {
        let ready = self.ready.get().expect("a queue");
        let length = ready.len();
        self.saw.lock().expect("no panic").push(length);
    }
}

fn unparked() {
    ladder::tries("a wake while the thread that polls is asleep");
    ladder::hangs(
        "the unparker waits for the lock of the queue, and whoever holds it has called the unparker",
    );
    let looks = Arc::new(Looks::default());
    let ready = Ready::new(Waker::from(looks.clone()));
    let _first_time = looks.ready.set(ready.clone());
    let waker = ready.waker(1);
    let awake = looks.saw.lock().expect("no panic").len();
    ladder::check!(
        awake == 0,
        "the unparker is called, and nobody was woken yet"
    );
    waker.wake_by_ref();
    let saw = looks.saw.lock().expect("no panic").clone();
    ladder::check!(
        !saw.is_empty(),
        "the task is in the queue, and the thread sleeps on: who calls the unparker?"
    );
    ladder::check!(
        saw[0] != 0,
        "the thread is called before anything is in the queue: it looks, and goes back to sleep. First the entry, then \
         the call"
    );
    ladder::check!(
        saw == [1],
        "the thread is called {} times for one wake",
        saw.len()
    );

    ladder::tries("a wake from another thread");
    ready.pop();
    thread::spawn(move || waker.wake())
        .join()
        .expect("the thread ends");
    ladder::check!(ready.pop() == Some(1), "it is not in the queue");
}

fn main() {
    in_order();
    once();
    unparked();
}
