//! A future that is pinned stays where it is: its old name is gone, and its pin does not give it back.

use std::pin::{Pin, pin};

async fn call() {
    polling::yield_now().await;
}

pub fn by_its_name() -> impl Future {
    let future = call();
    let _pinned = pin!(future);
    future
}

pub fn out_of_its_box() -> impl Future {
    let pinned = Box::pin(call());
    *Pin::into_inner(pinned)
}
