//! Two loops on two threads pay into one till: each reads the sum, awaits, and writes. One payment is lost.
//!
//! twin: same

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chapter::{Args, BadInput};
use threads::{HandleExt, LoopThread};
use trace::say;
use wakers::{Caller, Phone, phone};

// ANCHOR: main
/// Reads, waits until the other one has read too, and writes.
async fn pay_in(till: Arc<AtomicU32>, i_have: Caller<()>, they_have: Phone<()>) {
    let before = till.load(Ordering::SeqCst);
    i_have.say(());
    let _read = they_have.await;
    till.store(before + 20, Ordering::SeqCst);
}

fn office() -> io::Result<()> {
    let [north, south] = [LoopThread::start("north")?, LoopThread::start("south")?];
    let till = Arc::new(AtomicU32::new(0));
    let (mine, yours) = (Arc::clone(&till), Arc::clone(&till));
    let ((a_has, a_read), (b_has, b_read)) = (phone(), phone());
    let a = north.handle().spawn(move || pay_in(mine, a_has, b_read));
    let b = south.handle().spawn(move || pay_in(yours, b_has, a_read));
    for driver in [a, b] {
        let _paid = driver.wait();
    }
    say!("2 drivers have paid in 20 each");
    say!("in the till: {}", till.load(Ordering::SeqCst));
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    office().map_err(|error| BadInput::new(error.to_string()))
}
