//! A minibus leaves when three passengers wait for it. Whoever comes to the stand says so to all who wait there.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::{Condition, Lock};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: bus
#[derive(Default)]
struct Stand {
    waiting: Lock<u32>,
    changed: Condition,
}

async fn bus(name: char, stand: Rc<Stand>) {
    let waiting = stand.waiting.lock().await;
    let too_few = |waiting: &mut u32| {
        say!("{} s  bus {name} looks: {waiting}", now().as_secs());
        *waiting < 3
    };
    let mut waiting = stand.changed.wait_while(waiting, too_few).await;
    *waiting -= 3;
    say!("{} s  bus {name} leaves, {} left behind", now().as_secs(), *waiting);
}
// ANCHOR_END: bus

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let stand = Rc::new(Stand::default());
        let buses = ['A', 'B'].map(|name| spawn(bus(name, Rc::clone(&stand))));
        for group in [2, 2, 1, 1] {
            sleep(Duration::from_secs(1)).await;
            let mut waiting = stand.waiting.lock().await;
            *waiting += group;
            say!("{} s  {group} come, {} wait", now().as_secs(), *waiting);
            stand.changed.notify_all();
        }
        for bus in buses {
            let _gone = bus.await;
        }
    });
    Ok(())
}
// ANCHOR_END: main
