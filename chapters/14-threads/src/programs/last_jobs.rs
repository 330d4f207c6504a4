//! What is queued when its pool is dropped is still done, in order; and so is a job that comes just as a thread leaves.
//!
//! twin: none, the threads of Python's pool never leave before its end

use std::sync::mpsc;
use std::time::Duration;
use std::{hint, iter};

use chapter::{Args, BadInput};
use event_loop::Clock;
use threads::Pool;
use trace::say;

// ANCHOR: main
async fn drop_it() {
    let archive = Pool::builder().max_threads(1).build();
    let (go_on, told) = mpsc::channel::<()>();
    let _first = archive.run(move || told.recv());
    let jobs = ["A", "B", "C"].map(|name| archive.run(move || say!("{name} is done")));
    drop(archive);
    drop(go_on);
    for job in jobs {
        if job.await.is_err() {
            say!("a job was dropped");
        }
    }
}

/// The thread has no patience. The pauses differ, so that some jobs come as it leaves.
async fn come_late() {
    let patience = Duration::ZERO;
    let archive = Pool::builder().max_threads(1).keep_alive(patience).build();
    let mut done = 0;
    for pause in 0..3_000 {
        iter::repeat_n((), pause % 500).for_each(|()| hint::spin_loop());
        done += archive.run(|| 1).await.unwrap_or(0);
    }
    say!("{done} of 3000 that came late are done");
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let both = async {
        drop_it().await;
        come_late().await;
    };
    threads::run(Clock::real(), both).map_err(|error| BadInput::new(error.to_string()))
}
