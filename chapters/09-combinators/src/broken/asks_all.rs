//! A join that has one waker for all its children: after each wake it must ask everybody.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::{Polls, counted};
use timers::sleep;
use trace::say;

// ANCHOR: join
/// All the children, and those of their values that are there.
struct AsksAll<F: Future> {
    children: Vec<Pin<Box<F>>>,
    values: Vec<Option<F::Output>>,
}

impl<F: Future<Output: Unpin>> Future for AsksAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { children, values } = &mut *self;
        for (child, value) in children.iter_mut().zip(values.iter_mut()) {
            // Somebody was woken. Nobody knows who: each gets the same waker.
            if value.is_none()
                && let Poll::Ready(ready) = child.as_mut().poll(context)
            {
                *value = Some(ready);
            }
        }
        if values.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(values.iter_mut().filter_map(Option::take).collect())
    }
}
// ANCHOR_END: join

pub fn run(_: &Args) -> Result<(), BadInput> {
    say!("children   polls");
    for n in [10, 100, 1000] {
        let sleeper = |n| counted(sleep(Duration::from_secs(n)));
        let (children, polls): (Vec<_>, Vec<_>) = (1..=n).map(sleeper).unzip();
        let values = children.iter().map(|_| None).collect();
        let children = children.into_iter().map(Box::pin).collect();
        task_cell::run(Clock::virtual_time(), AsksAll { children, values });
        let polls: u64 = polls.iter().map(Polls::get).sum();
        say!("{n:8}  {polls:6}");
    }
    Ok(())
}
