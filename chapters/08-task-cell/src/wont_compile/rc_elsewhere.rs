//! A task with an `Rc`, given to a thread that would poll it.

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Waker};

use trace::say;

pub fn poll_there() {
    let fare = Rc::new(30);
    let taxi = async move { say!("the fare is {fare}") };
    std::thread::spawn(move || {
        let mut context = Context::from_waker(Waker::noop());
        pin!(taxi).poll(&mut context)
    });
}
