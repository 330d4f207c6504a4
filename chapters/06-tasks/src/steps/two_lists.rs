//! The smallest executor that there can be, and its two lists at each step: who is ready, and who waits.
//!
//! rows: P44

use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use chapter::{Args, BadInput};
use polling::yield_now;
use trace::say;
use wakers::phone;

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The queue of the ready: names of tasks.
type Ready = Arc<Mutex<VecDeque<char>>>;

// ANCHOR: waker
/// Puts one task's name into the queue.
struct Name {
    name: char,
    ready: Ready,
}

impl Wake for Name {
    fn wake(self: Arc<Name>) {
        say!("            (taxi {} is woken)", self.name);
        open(&self.ready).push_back(self.name);
    }
}
// ANCHOR_END: waker

fn open(ready: &Ready) -> MutexGuard<'_, VecDeque<char>> {
    ready.lock().unwrap_or_else(PoisonError::into_inner)
}

// ANCHOR: loop
/// Polls whoever is first in the queue, until it is empty.
fn drive(ready: &Ready, mut waiting: BTreeMap<char, Task>) {
    loop {
        show(ready, &waiting);
        // In a statement of its own, so that the lock is open again: a poll may wake.
        let next = open(ready).pop_front();
        let Some(name) = next else { return };
        let Some(mut task) = waiting.remove(&name) else {
            continue;
        };
        let waker = Waker::from(Arc::new(Name {
            name,
            ready: Arc::clone(ready),
        }));
        match task.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(()) => say!("            (taxi {name} is over)"),
            Poll::Pending => drop(waiting.insert(name, task)),
        }
    }
}
// ANCHOR_END: loop

/// Both lists. A task that is ready is in the map too, but waits for nothing but its turn.
fn show(ready: &Ready, waiting: &BTreeMap<char, Task>) {
    let ready = open(ready);
    let names = |names: String| if names.is_empty() { "-".into() } else { names };
    let waiting = waiting.keys().filter(|&name| !ready.contains(name)).collect();
    let (ready, waiting) = (names(ready.iter().collect()), names(waiting));
    say!("ready {ready:4}  waiting {waiting}");
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (caller, phone) = phone();
    let a = async move {
        say!("            taxi A waits for a call");
        let address = phone.await.unwrap_or("nowhere");
        say!("            taxi A drives to {address}");
    };
    let b = async {
        say!("            taxi B lets the others go first");
        yield_now().await;
        say!("            taxi B drives off");
    };
    let c = async move {
        say!("            taxi C has no time, and calls A");
        caller.say("Main Street");
    };
    let tasks: [(char, Task); 3] =
        [('A', Box::pin(a)), ('B', Box::pin(b)), ('C', Box::pin(c))];
    let ready = Ready::new(Mutex::new("ABC".chars().collect()));
    drive(&ready, BTreeMap::from(tasks));
    Ok(())
}
// ANCHOR_END: main
