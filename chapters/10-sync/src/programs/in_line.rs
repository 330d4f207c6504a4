//! Two taxis wait for orders. One comes, and in the same moment somebody else asks for it.
//!
//! twin: own, `asyncio.Queue` gives it to whoever asks first, and the taxi waits again, as the last
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
async fn taxi(name: char, orders: Rc<Queue<u32>>) {
    while let Ok(order) = orders.get().await {
        say!("{} s  {name} has order {order}", now().as_secs());
    }
    say!("{} s  {name} goes home", now().as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let orders = Rc::new(Queue::unbounded());
        let taxis = ['A', 'B'].map(|name| spawn(taxi(name, Rc::clone(&orders))));
        sleep(Duration::from_secs(1)).await;
        say!("{} s  order 1 comes", now().as_secs());
        let _open = orders.try_put(1);
        match orders.try_get() {
            Ok(order) => say!("{} s  the office takes order {order}", now().as_secs()),
            Err(_) => say!("{} s  the office gets none", now().as_secs()),
        }
        sleep(Duration::from_secs(1)).await;
        say!("{} s  order 2 comes, the last one", now().as_secs());
        let _open = orders.try_put(2);
        orders.close();
        for taxi in taxis {
            let _home = taxi.await;
        }
    });
    Ok(())
}
// ANCHOR_END: main
