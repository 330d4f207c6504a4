//! A task is over, and its runtime closed; a thread still has two of its wakers, and we have the handle.
//!
//! twin: none, asyncio lets no other thread touch a task

use std::future::poll_fn;
use std::sync::mpsc::{self, Sender};
use std::task::{Poll, Waker};
use std::thread;

use chapter::{Args, BadInput};
use task_cell::Executor;
use trace::say;
use wakers::ThreadPark;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (give, given) = mpsc::channel::<Waker>();
    let (close, closed) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        let waker = given.recv().expect("the task gives one");
        let kept = [waker.clone(), waker.clone()];
        waker.wake();
        let _hung_up = closed.recv();
        drop(kept);
    });
    let mut executor = Executor::new(ThreadPark::new());
    let taxi = executor.spawn(drive(give));
    executor.run_forever();
    executor.close();
    say!("closed; the task is over: {}", taxi.is_finished());
    drop(close);
    let dropped = thread.join().is_ok();
    say!("two wakers were dropped on the thread: {dropped}");
    say!("the handle has {:?}", taxi.result());
    Ok(())
}
// ANCHOR_END: main

/// Gives its waker away, and ends when it is woken.
async fn drive(give: Sender<Waker>) -> &'static str {
    let mut give = Some(give);
    poll_fn(|context| match give.take() {
        Some(give) => {
            give.send(context.waker().clone())
                .expect("the thread waits");
            Poll::Pending
        }
        None => Poll::Ready(()),
    })
    .await;
    task_cell::stop();
    "Main Street"
}
