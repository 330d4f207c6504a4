//! A whole executor in sixty lines: it spawns, polls whoever is ready, and waits by any `Park`.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{Timers, now, outside, sleep};
use trace::say;
use wakers::{Park, ThreadPark, phone};

// ANCHOR: ready
/// Who can go on, first come, first served. Wakers on any thread add to it.
struct Ready {
    queue: Mutex<VecDeque<u64>>,
    /// Ends the loop's wait.
    unparker: Waker,
}

/// The waker of one task: it knows a number, and where to write it.
struct TaskWaker {
    id: u64,
    ready: Arc<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<TaskWaker>) {
        self.ready.queue.lock().unwrap().push_back(self.id);
        self.ready.unparker.wake_by_ref();
    }
}
// ANCHOR_END: ready

// ANCHOR: spawn
/// Futures by number, and the queue of those that can go on.
struct Toy {
    ready: Arc<Ready>,
    tasks: RefCell<BTreeMap<u64, Task>>,
    next_id: Cell<u64>,
}

/// A future, and the waker that it is polled with.
type Task = (Pin<Box<dyn Future<Output = ()>>>, Waker);

impl Toy {
    fn new(unparker: Waker) -> Toy {
        let queue = Mutex::default();
        Toy {
            ready: Arc::new(Ready { queue, unparker }),
            tasks: RefCell::default(),
            next_id: Cell::new(0),
        }
    }

    fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        let id = self.next_id.replace(self.next_id.get() + 1);
        let ready = Arc::clone(&self.ready);
        let waker = Waker::from(Arc::new(TaskWaker { id, ready }));
        waker.wake_by_ref();
        self.tasks.borrow_mut().insert(id, (Box::pin(future), waker));
    }
}
// ANCHOR_END: spawn

impl Toy {
    // ANCHOR: run
    fn run(&self, park: &mut impl Park) {
        let _current = park.enter();
        while !self.tasks.borrow().is_empty() {
            // Wait as long as it takes. If somebody is ready, only look at timers
            // and calls.
            let ready = self.ready.queue.lock().unwrap().len();
            let limit = (ready > 0).then_some(Duration::ZERO);
            park.park(limit).expect("somebody will wake us");
            // One round: whoever is in the queue now. Who comes in meanwhile has the next.
            let round = self.ready.queue.lock().unwrap().len();
            for _ in 0..round {
                let id = self.ready.queue.lock().unwrap().pop_front().unwrap();
                let task = self.tasks.borrow_mut().remove(&id);
                // None: it is over, and somebody has used its waker since.
                let Some((mut future, waker)) = task else { continue };
                let mut context = Context::from_waker(&waker);
                if future.as_mut().poll(&mut context).is_pending() {
                    self.tasks.borrow_mut().insert(id, (future, waker));
                }
            }
        }
    }
    // ANCHOR_END: run
}

fn tell(what: &str) {
    say!("{} s  {what}", now().as_secs());
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut park = Timers::new(ThreadPark::new(), Clock::virtual_time());
    let toy = Rc::new(Toy::new(park.unparker()));
    toy.spawn(drive('A', 2));
    let fleet = Rc::clone(&toy);
    toy.spawn(async move {
        tell("taxi B waits for a call");
        let (caller, phone) = phone();
        let guard = outside();
        thread::spawn(move || {
            caller.say("Main Street");
            drop(guard);
        });
        let street = phone.await.unwrap_or("nowhere");
        tell(&format!("taxi B drives to {street}, and calls for C"));
        fleet.spawn(drive('C', 1));
    });
    toy.run(&mut park);
    Ok(())
}

async fn drive(taxi: char, seconds: u64) {
    tell(&format!("taxi {taxi} sets out"));
    sleep(Duration::from_secs(seconds)).await;
    tell(&format!("taxi {taxi} is back"));
}
// ANCHOR_END: main
