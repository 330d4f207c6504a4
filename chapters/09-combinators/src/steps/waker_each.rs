//! A join whose children have wakers of their own: a wake writes down who it was for, and only that child is polled.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::{Polls, counted};
use timers::sleep;
use trace::say;

// ANCHOR: waker
/// Which children were woken, and the task to tell of it.
struct Woken {
    children: Mutex<VecDeque<usize>>,
    task: Mutex<Option<Waker>>,
}

struct ChildWaker {
    index: usize,
    woken: Arc<Woken>,
}

impl Wake for ChildWaker {
    fn wake(self: Arc<Self>) {
        self.woken.children.lock().unwrap().push_back(self.index);
        let task = self.woken.task.lock().unwrap().take();
        if let Some(task) = task {
            task.wake();
        }
    }
}
// ANCHOR_END: waker

// ANCHOR: join
struct JoinAll<F: Future> {
    children: Vec<Option<Pin<Box<F>>>>,
    wakers: Vec<Waker>,
    values: Vec<Option<F::Output>>,
    left: usize,
    woken: Arc<Woken>,
}
// ANCHOR_END: join

// ANCHOR: new
impl<F: Future<Output: Unpin>> JoinAll<F> {
    fn new(children: Vec<F>) -> Self {
        let count = children.len();
        let woken = Arc::new(Woken {
            // At first, everybody is to be polled.
            children: Mutex::new((0..count).collect()),
            task: Mutex::new(None),
        });
        let waker = |index| {
            let woken = woken.clone();
            Waker::from(Arc::new(ChildWaker { index, woken }))
        };
        Self {
            wakers: (0..count).map(waker).collect(),
            values: children.iter().map(|_| None).collect(),
            children: children
                .into_iter()
                .map(|child| Some(Box::pin(child)))
                .collect(),
            left: count,
            woken,
        }
    }
}
// ANCHOR_END: new

// ANCHOR: poll
impl<F: Future<Output: Unpin>> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let waker = context.waker().clone();
        // The old one is dropped when the lock is open: its destructor is foreign code.
        let _old = this.woken.task.lock().unwrap().replace(waker);
        loop {
            let next = this.woken.children.lock().unwrap().pop_front();
            let Some(index) = next else { break };
            let Some(child) = &mut this.children[index] else {
                continue; // Woken after its end.
            };
            let mut context = Context::from_waker(&this.wakers[index]);
            if let Poll::Ready(value) = child.as_mut().poll(&mut context) {
                this.values[index] = Some(value);
                this.children[index] = None;
                this.left -= 1;
            }
        }
        if this.left > 0 {
            return Poll::Pending;
        }
        Poll::Ready(this.values.iter_mut().filter_map(Option::take).collect())
    }
}
// ANCHOR_END: poll

pub fn run(_: &Args) -> Result<(), BadInput> {
    say!("children   polls");
    for n in [10, 100, 1000] {
        let sleeper = |n| counted(sleep(Duration::from_secs(n)));
        let (children, polls): (Vec<_>, Vec<_>) = (1..=n).map(sleeper).unzip();
        task_cell::run(Clock::virtual_time(), JoinAll::new(children));
        let polls: u64 = polls.iter().map(Polls::get).sum();
        say!("{n:8}  {polls:6}");
    }
    Ok(())
}
