//! A lock of this chapter, for a thread that is to have its share of it.

use std::sync::Arc;

use sync::Lock;

fn for_a_thread<T: Send>(shared: T) -> T {
    shared
}

pub fn pay_in() {
    let till = Arc::new(Lock::new(50));
    for_a_thread(till);
}
