//! A guard that is held across an await it has nothing to do with: everybody waits for one driver's ride.
//!
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Lock;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
/// The office has one street map.
type Map = Rc<Lock<[u64; 3]>>;

async fn map_in_hand(taxi: usize, map: Map) {
    let streets = map.lock().await;
    sleep(Duration::from_secs(streets[taxi])).await;
    say!("{:2} s  taxi {taxi} is there", now().as_secs());
}

async fn map_put_back(taxi: usize, map: Map) {
    let way = map.lock().await[taxi];
    sleep(Duration::from_secs(way)).await;
    say!("{:2} s  taxi {taxi} is there", now().as_secs());
}

// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let map: Map = Rc::new(Lock::new([10, 12, 11]));
        say!("with the map in hand");
        let rides = [0, 1, 2].map(|taxi| spawn(map_in_hand(taxi, Rc::clone(&map))));
        for ride in rides {
            let _there = ride.await;
        }
        let start = now().as_secs();
        say!("the map is put back, at {start} s");
        let rides = [0, 1, 2].map(|taxi| spawn(map_put_back(taxi, Rc::clone(&map))));
        for ride in rides {
            let _there = ride.await;
        }
    });
    Ok(())
}
