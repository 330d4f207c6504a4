//! A transaction commits if its body ends well, and is rolled back if that fails or is cancelled.
//!
//! rows: P16
//! twin: same
//! clock: virtual

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use streams::{Context, Ended, with};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: till
#[derive(Clone)]
struct Till {
    money: Rc<Cell<i32>>,
}

struct Transaction {
    till: Till,
    /// What the till held when the transaction began.
    saved: i32,
}
// ANCHOR_END: till

// ANCHOR: transaction
impl Context<&'static str> for Till {
    type Value = Transaction;

    async fn enter(self) -> Result<Transaction, &'static str> {
        sleep(Duration::from_secs(1)).await;
        let saved = self.money.get();
        Ok(Transaction { till: self, saved })
    }

    async fn exit(
        transaction: Transaction,
        ended: Ended<'_, &'static str>,
    ) -> Result<(), &'static str> {
        sleep(Duration::from_secs(1)).await;
        if matches!(ended, Ended::Finished) {
            say!("{:2} s  commit", now().as_secs());
        } else {
            transaction.till.money.set(transaction.saved);
            say!("{:2} s  roll back", now().as_secs());
        }
        Ok(())
    }
}
// ANCHOR_END: transaction

// ANCHOR: pay
async fn pay(till: Till, amount: i32) -> Result<(), &'static str> {
    with(till, async |transaction| {
        let money = &transaction.till.money;
        money.set(money.get() - amount);
        let left = money.get();
        say!("{:2} s  {amount} is taken out, {left} is left", now().as_secs());
        sleep(Duration::from_secs(2)).await;
        if left < 0 {
            return Err("not enough");
        }
        Ok(())
    })
    .await
}
// ANCHOR_END: pay

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let till = Till {
            money: Rc::new(Cell::new(100)),
        };
        for amount in [30, 80] {
            let outcome = pay(till.clone(), amount).await.err().unwrap_or("paid");
            let holds = till.money.get();
            say!("{:2} s  {outcome}, {holds} in the till", now().as_secs());
        }
        let paying = spawn(pay(till.clone(), 10));
        sleep(Duration::from_secs(2)).await;
        say!("{:2} s  called off: {}", now().as_secs(), paying.cancel());
        if paying.await.is_err() {
            let holds = till.money.get();
            say!("{:2} s  cancelled, {holds} in the till", now().as_secs());
        }
    });
    Ok(())
}
// ANCHOR_END: main
