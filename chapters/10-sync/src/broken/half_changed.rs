//! A transfer that is cancelled under the lock, between its two changes. The lock goes on to the next; the money is gone.
//!
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Lock;
use task_cell::spawn;
use timers::sleep;
use trace::say;

// ANCHOR: main
async fn transfer(fare: u32, accounts: Rc<Lock<[u32; 2]>>) {
    let mut accounts = accounts.lock().await;
    accounts[0] -= fare;
    sleep(Duration::from_secs(1)).await; // the bank is slow
    accounts[1] += fare;
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let accounts = Rc::new(Lock::new([50, 50]));
        let transfer = spawn(transfer(20, Rc::clone(&accounts)));
        sleep(Duration::from_millis(500)).await;
        transfer.cancel();
        let accounts = accounts.lock().await;
        say!("{:?}, {} in all", *accounts, accounts[0] + accounts[1]);
    });
    Ok(())
}
// ANCHOR_END: main
