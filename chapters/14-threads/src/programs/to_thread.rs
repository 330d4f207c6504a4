//! A blocking call on a thread of the default pool: the taxi drives on, and the loop hears of the result.
//!
//! twin: same

use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use task_cell::spawn;
use threads::spawn_blocking;
use trace::say;

fn look_up(miles: &Receiver<u32>) -> usize {
    let patience = Duration::from_millis(200);
    let heard = (0..3).map_while(|_| miles.recv_timeout(patience).ok());
    heard.count()
}

async fn drive(miles: Sender<u32>) {
    for mile in 1..=3 {
        say!("taxi: mile {mile}");
        let _heard = miles.send(mile);
        yield_now().await;
    }
}

// ANCHOR: main
async fn office() {
    let (miles, heard) = mpsc::channel();
    let taxi = spawn(drive(miles));
    let driven = spawn_blocking(move || look_up(&heard)).await;
    let driven = driven.expect("a look-up does not panic");
    say!("archive: here it is; {driven} miles were driven meanwhile");
    let _arrived = taxi.await;
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    threads::run(Clock::real(), office())
        .map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main
