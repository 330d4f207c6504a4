//! A child of a group that borrows from the function which opens the group.

use std::cell::RefCell;

use combinators::group;

pub async fn send_out() {
    let book = RefCell::new(Vec::new());
    let driven = group(async |group| {
        group.spawn(async { book.borrow_mut().push("A") });
    });
    driven.await.expect("no taxi fails");
}
