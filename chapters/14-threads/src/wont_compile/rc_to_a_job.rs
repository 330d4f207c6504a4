//! A job that changes what the loop's tasks share.

use std::cell::Cell;
use std::rc::Rc;

use threads::spawn_blocking;

pub async fn pay_in(till: Rc<Cell<u32>>) {
    let _paid = spawn_blocking(move || till.set(20)).await;
}
