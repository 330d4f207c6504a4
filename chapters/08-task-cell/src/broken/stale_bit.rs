//! A loop that takes back "a wake is on its way" after the poll, not before: a wake during the poll is not sent.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: remote
/// What another thread has of a task.
struct Remote {
    mailed: AtomicBool,
    inbox: mpsc::Sender<&'static str>,
}

impl Remote {
    fn wake(&self, why: &str) {
        if self.mailed.swap(true, Ordering::AcqRel) {
            say!("    {why}: a wake is on its way, no other one is sent");
        } else {
            say!("    {why}: sent");
            let _closed = self.inbox.send("taxi");
        }
    }
}
// ANCHOR_END: remote

/// Each call comes from a thread of its own, which is over when this returns.
fn call(remote: &Arc<Remote>, why: &'static str) {
    let remote = Arc::clone(remote);
    let _rang = thread::spawn(move || remote.wake(why)).join();
}

// ANCHOR: main
/// How often the task is polled. It needs two calls, and the second one comes in the
/// middle of the poll for the first.
fn drive(clear_first: bool) -> u32 {
    let (inbox, mail) = mpsc::channel();
    let remote = Arc::new(Remote {
        mailed: AtomicBool::new(false),
        inbox,
    });
    call(&remote, "first call");
    let mut polls = 0;
    while let Ok(task) = mail.try_recv() {
        if clear_first {
            remote.mailed.swap(false, Ordering::Acquire);
        }
        polls += 1;
        say!("    {task} is polled");
        if polls == 1 {
            // It has looked already, and sees nothing of this.
            call(&remote, "second call");
        }
        if !clear_first {
            remote.mailed.swap(false, Ordering::Acquire);
        }
    }
    polls
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    for (how, clear_first) in [("before", true), ("after", false)] {
        say!("the bit is taken back {how} the poll");
        let polls = drive(clear_first);
        let end = if polls == 2 {
            "has heard both"
        } else {
            "waits for ever"
        };
        let plural = if polls == 1 { "" } else { "s" };
        say!("    {polls} poll{plural}: it {end}");
    }
    Ok(())
}
