//! A pool with a limit for its queue refuses what is too much. A semaphore lets it wait instead.
//!
//! twin: none, the queue of Python's pool has no limit

use std::sync::mpsc;

use chapter::{Args, BadInput};
use combinators::{gather_all, shield};
use event_loop::Clock;
use std::rc::Rc;
use sync::Semaphore;
use threads::Pool;
use trace::say;
use wakers::phone;

// ANCHOR: main
async fn refused() {
    let archive = Pool::builder().max_threads(1).queue_limit(1).build();
    let (begun, has_begun) = phone();
    let (go_on, told) = mpsc::channel::<()>();
    let first = archive.run(move || {
        begun.say(());
        told.recv().is_err()
    });
    let _begun = has_begun.await;
    say!("the first is at work");
    for name in ["second", "third"] {
        match archive.try_run(|| ()) {
            Ok(_detached) => say!("the {name} waits"),
            Err(refused) => say!("the {name} is refused: {refused}"),
        }
    }
    drop(go_on);
    let _ended = first.await;
}
// ANCHOR_END: main

// ANCHOR: wait
async fn waits() {
    let archive = Pool::builder().max_threads(1).queue_limit(1).build();
    // One at work, and one in the queue.
    let places = Rc::new(Semaphore::new(2));
    let jobs = (1..=5).map(|number| {
        let (archive, places) = (archive.clone(), Rc::clone(&places));
        // The job keeps its place until it is over, also if nobody waits for it any more.
        shield(async move {
            let _place = places.acquire().await;
            archive.run(move || number).await
        })
    });
    let done = gather_all(jobs).await;
    let done = done.iter().flatten().flatten().flatten();
    say!("with a semaphore: {} of 5 were done", done.count());
}
// ANCHOR_END: wait

pub fn run(_: &Args) -> Result<(), BadInput> {
    let both = async {
        refused().await;
        waits().await;
    };
    threads::run(Clock::real(), both).map_err(|error| BadInput::new(error.to_string()))
}
