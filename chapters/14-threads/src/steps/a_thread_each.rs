//! A thread for each blocking call, and a telephone for what it found: the taxi drives on.
//!
//! twin: none, it is a step on the way

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use task_cell::spawn;
use trace::say;
use wakers::phone;

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
    let (caller, phone) = phone();
    thread::spawn(move || caller.say(look_up(&heard)));
    match phone.await {
        Some(driven) => {
            say!("archive: here it is; {driven} miles were driven meanwhile")
        }
        None => say!("archive: nobody has called"),
    }
    let _arrived = taxi.await;
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real(), office());
    Ok(())
}
