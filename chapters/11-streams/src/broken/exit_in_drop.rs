//! A transaction that rolls back in `Drop`: the next one begins before that is done, and what it has paid comes back.
//!
//! clock: virtual

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: transaction
struct Transaction {
    till: Rc<Cell<i32>>,
    saved: i32,
    committed: bool,
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.committed {
            return;
        }
        let (till, saved) = (self.till.clone(), self.saved);
        // Nothing can be awaited here. So it becomes a task, for which nobody waits.
        let _nobody_asks = spawn(async move {
            sleep(Duration::from_secs(2)).await;
            till.set(saved);
            say!("{:2} s  roll back to {saved}", now().as_secs());
        });
    }
}
// ANCHOR_END: transaction

impl Transaction {
    async fn begin(till: &Rc<Cell<i32>>) -> Transaction {
        sleep(Duration::from_secs(1)).await;
        Transaction {
            till: till.clone(),
            saved: till.get(),
            committed: false,
        }
    }

    async fn commit(mut self) {
        sleep(Duration::from_secs(2)).await;
        self.committed = true;
        say!("{:2} s  commit", now().as_secs());
    }
}

async fn pay(till: &Rc<Cell<i32>>, amount: i32) -> Result<(), &'static str> {
    let transaction = Transaction::begin(till).await;
    till.set(till.get() - amount);
    let left = till.get();
    say!("{:2} s  {amount} out, {left} left", now().as_secs());
    if amount > 100 {
        return Err("too much at once");
    }
    transaction.commit().await;
    Ok(())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let till = Rc::new(Cell::new(200));
        for amount in [120, 30] {
            let outcome = pay(&till, amount).await;
            let holds = till.get();
            say!("{:2} s  {outcome:?}, the till has {holds}", now().as_secs());
        }
    });
    Ok(())
}
