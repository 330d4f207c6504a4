//! `Pin::new` takes the future written by hand, and not the one that the compiler wrote.

use std::pin::Pin;
use std::task::{Context, Waker};

async fn call() {
    polling::yield_now().await;
}

pub fn poll_both() {
    let mut context = Context::from_waker(Waker::noop());
    let mut by_hand = polling::LiftOff::new(3);
    let _ = Pin::new(&mut by_hand).poll(&mut context);
    let mut compiled = call();
    let _ = Pin::new(&mut compiled).poll(&mut context);
}
