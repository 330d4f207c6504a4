//! A dispatcher writes orders into a book with two lines, two taxis take them. The book is worked off, and closed.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Queue;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: taxi
async fn taxi(name: char, seconds: u64, orders: Rc<Queue<u32>>) {
    trace::name(format_args!("taxi {name}"));
    while let Ok(order) = orders.get().await {
        say!("{:2} s  {name} takes order {order}", now().as_secs());
        sleep(Duration::from_secs(seconds)).await;
        orders.task_done();
    }
    say!("{:2} s  {name} goes home", now().as_secs());
}
// ANCHOR_END: taxi

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("dispatcher"));
        let orders = Rc::new(Queue::bounded(2));
        let a = spawn(taxi('A', 3, Rc::clone(&orders)));
        let b = spawn(taxi('B', 4, Rc::clone(&orders)));
        for order in 1..=6 {
            let _open = orders.put(order).await;
            say!("{:2} s  order {order} is in the book", now().as_secs());
        }
        orders.join().await;
        say!("{:2} s  every order is done", now().as_secs());
        orders.close();
        let _home = (a.await, b.await);
    });
    Ok(())
}
// ANCHOR_END: main
