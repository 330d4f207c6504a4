//! Eight rides, three taxis: each takes the next ride as soon as it has ended one. Never more than three are out.
//!
//! rows: P33
//! twin: same
//! clock: virtual

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::group;
use event_loop::Clock;
use timers::{now, sleep};
use trace::say;

// ANCHOR: taxi
/// What the three taxis share.
struct Office {
    rides: RefCell<VecDeque<u64>>,
    out: Cell<u32>,
    most: Cell<u32>,
}

async fn taxi(name: char, office: Rc<Office>) {
    loop {
        // Taken out in a line of its own: no borrow is held while the taxi drives.
        let ride = office.rides.borrow_mut().pop_front();
        let Some(seconds) = ride else { break };
        office.out.set(office.out.get() + 1);
        office.most.set(office.most.get().max(office.out.get()));
        say!("{} s  {name} takes {seconds} s", now().as_secs());
        sleep(Duration::from_secs(seconds)).await;
        office.out.set(office.out.get() - 1);
    }
}
// ANCHOR_END: taxi

// ANCHOR: main
async fn main() {
    let office = Rc::new(Office {
        rides: RefCell::new(VecDeque::from([3, 1, 4, 1, 5, 2, 1, 1])),
        out: Cell::new(0),
        most: Cell::new(0),
    });
    let all = group(async |group| {
        for name in ['A', 'B', 'C'] {
            group.spawn(taxi(name, office.clone()));
        }
    });
    all.await.expect("no taxi fails");
    say!(
        "{} s  all are home, at most {} were out",
        now().as_secs(),
        office.most.get()
    );
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), main());
    Ok(())
}
