//! A pool makes a thread when all are busy, uses it again, and lets it go when there is nothing to do.
//!
//! twin: none, the threads of Python's pool stay until its end

use std::cell::RefCell;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use threads::{Pool, spawn_blocking};
use trace::say;

fn count(when: &str, pool: &Pool) {
    let it = pool.counts();
    let [threads, idle, queued, made] = [it.threads, it.idle, it.queued, it.started];
    say!("{when:12}{threads:8}{idle:5}{queued:6}{made:5}");
}

// ANCHOR: main
async fn grow() {
    let archive = Pool::builder().name("archive").max_threads(2).build();
    say!("{:12} threads idle queue made", "");
    count("new", &archive);
    for _ in 0..3 {
        let _ended = archive.run(|| ()).await;
    }
    count("3 in turn", &archive);

    // Three that stay until they are told.
    let (begins, begun) = mpsc::channel();
    let jobs = [(); 3].map(|()| {
        let (go_on, told) = mpsc::channel::<()>();
        let begins = begins.clone();
        let job = archive.run(move || {
            let _said = begins.send(());
            let _told = told.recv();
        });
        (go_on, job)
    });
    // Until two have begun.
    let two = spawn_blocking(move || begun.iter().take(2).count());
    let _two = two.await;
    count("3 at once", &archive);
    for (go_on, job) in jobs {
        drop(go_on);
        let _ended = job.await;
    }
    count("after them", &archive);
}
// ANCHOR_END: main

// ANCHOR: shrink
thread_local! {
    /// Dropped when the thread ends, and nobody can be heard on this line any more.
    static LINE: RefCell<Option<Sender<()>>> = const { RefCell::new(None) };
}

async fn shrink() {
    let patience = Duration::from_millis(20);
    let archive = Pool::builder().keep_alive(patience).build();
    for when in ["20 ms later", "and again"] {
        let (line, ended): (_, Receiver<()>) = mpsc::channel();
        let _done = archive.run(|| LINE.set(Some(line))).await;
        // Until that thread has ended.
        let _ended = spawn_blocking(move || ended.recv()).await;
        count(when, &archive);
    }
}
// ANCHOR_END: shrink

pub fn run(_: &Args) -> Result<(), BadInput> {
    let both = async {
        grow().await;
        shrink().await;
    };
    threads::run(Clock::real(), both).map_err(|error| BadInput::new(error.to_string()))
}
