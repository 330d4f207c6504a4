//! A blocking call in a coroutine: the taxi on the same thread stands still until the call is over.
//!
//! twin: same

use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use task_cell::spawn;
use trace::say;

// ANCHOR: main
/// Looks something up in the archive, and blocks. It takes as long as a drive of three
/// miles, or, if nobody drives, a fifth of a second. The miles that it has heard of.
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

async fn office() {
    let (miles, heard) = mpsc::channel();
    let taxi = spawn(drive(miles));
    let driven = look_up(&heard);
    say!("archive: here it is; {driven} miles were driven meanwhile");
    let _arrived = taxi.await;
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real(), office());
    Ok(())
}
