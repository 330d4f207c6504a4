//! A queue that gives the newest first: a task that yields is always the newest, and the other one starves.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Waker};

use chapter::{Args, BadInput};
use polling::{counted, yield_now};
use trace::say;

// ANCHOR: main
/// Two tasks that yield all the time, and a thousand turns. How often is each polled?
fn polls(take: fn(&mut VecDeque<usize>) -> Option<usize>) -> [u64; 2] {
    let yielding = || async {
        loop {
            yield_now().await;
        }
    };
    let ((a, polls_of_a), (b, polls_of_b)) = (counted(yielding()), counted(yielding()));
    let mut tasks: [Pin<Box<dyn Future<Output = ()>>>; 2] = [Box::pin(a), Box::pin(b)];
    let mut ready = VecDeque::from([0, 1]);
    for _ in 0..1000 {
        let Some(next) = take(&mut ready) else { break };
        let mut context = Context::from_waker(Waker::noop());
        if tasks[next].as_mut().poll(&mut context).is_pending() {
            // It has woken itself: that is what a yield is.
            ready.push_back(next);
        }
    }
    [polls_of_a.get(), polls_of_b.get()]
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let [a, b] = polls(VecDeque::pop_front);
    say!("the oldest first: A is polled {a} times, B {b} times");
    let [a, b] = polls(VecDeque::pop_back);
    say!("the newest first: A is polled {a} times, B {b} times");
    Ok(())
}
// ANCHOR_END: main
