//! Chapter 14, exercise 3: three customers, each on a thread, and a bank whose loop has a thread of its own.

use std::io;
use std::rc::Rc;
use std::thread;

use chapter::{Args, BadInput};
use polling::yield_now;
use sync::Lock;
use threads::{HandleExt, LoopThread};
use trace::say;

// ANCHOR: main
thread_local! {
    /// The bank's: it is used on the loop's thread alone.
    static ACCOUNT: Rc<Lock<u32>> = Rc::new(Lock::new(0));
}

async fn pay_in(sum: u32) {
    let account = ACCOUNT.with(Rc::clone);
    let mut account = account.lock().await;
    let before = *account;
    yield_now().await;
    *account = before + sum;
}

async fn balance() -> u32 {
    let account = ACCOUNT.with(Rc::clone);
    *account.lock().await
}

fn day() -> io::Result<()> {
    let bank = LoopThread::start("bank")?;
    let customers = [(); 3].map(|()| {
        let counter = bank.handle();
        thread::spawn(move || {
            for _ in 0..100 {
                let _paid = counter.spawn(|| pay_in(1)).wait();
            }
        })
    });
    for customer in customers {
        let _ended = customer.join();
    }
    say!("3 customers have paid in 1, 100 times each");
    say!("on the account: {}", bank.run(balance).unwrap_or_default());
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    day().map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main
