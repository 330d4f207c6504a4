//! What another thread does to a task lies in the inbox, until the loop reads it.
//!
//! twin: none, asyncio's tasks must not be touched by another thread
//! clock: virtual

use std::future::poll_fn;
use std::task::Poll;
use std::thread;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use task_cell::{handle, spawn_named, tasks};
use trace::say;
use wakers::{Phone, phone};

async fn drive(phone: Phone<&'static str>) {
    let address = phone.await.unwrap_or("nowhere");
    say!("taxi: drives to {address}");
}

// ANCHOR: main
async fn evening() {
    trace::name(format_args!("main"));
    let (caller, phone) = phone();
    let taxi = spawn_named("taxi", drive(phone));
    yield_now().await;

    let office = handle();
    let own = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
    let telephone = thread::spawn(move || {
        // A wake, a callback, and a reference that is given up.
        caller.say("Main Street");
        let noted = office.call_soon(|| say!("office: noted"));
        drop(own);
        noted.expect("the loop is not closed");
    });
    telephone.join().expect("the thread ends well");

    say!("main: the telephone has rung");
    for task in tasks().into_iter().filter(|task| !task.is_root) {
        say!("main: {task}");
    }
    taxi.await.expect("the taxi ends well");
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), evening());
    Ok(())
}
