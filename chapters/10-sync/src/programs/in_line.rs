//! A taxi waits for an order. One comes, and in the same moment somebody else asks for it.
//!
//! twin: own, `asyncio.Queue` gives it to whoever asks first, and the taxi waits again
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Queue;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn taxi(orders: Rc<Queue<u32>>) {
    if let Ok(order) = orders.get().await {
        say!("{} s  the taxi has order {order}", now().as_secs());
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let orders = Rc::new(Queue::unbounded());
        let taxi = spawn(taxi(Rc::clone(&orders)));
        sleep(Duration::from_secs(1)).await;
        say!("{} s  order 1 comes", now().as_secs());
        let _open = orders.try_put(1);
        match orders.try_get() {
            Ok(order) => say!("{} s  the office takes order {order}", now().as_secs()),
            Err(_) => say!("{} s  the office gets none", now().as_secs()),
        }
        sleep(Duration::from_secs(1)).await;
        say!("{} s  order 2 comes", now().as_secs());
        let _open = orders.try_put(2);
        let _served = taxi.await;
    });
    Ok(())
}
// ANCHOR_END: main
