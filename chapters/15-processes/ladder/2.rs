//! A child that has ended
//!
//! A program that was started and forgotten stays in the table of processes when it has ended: a zombie, until its parent
//! asks how it ended. std's `wait` blocks until then. Its `try_wait` does not, and says `None` while the child runs. When
//! some child has ended, the operating system sends SIGCHLD.
//!
//!     pub struct Child { /* … */ }
//!
//!     impl Child {
//!         pub fn spawn(
//!             runtime: &Runtime,
//!             command: &mut std::process::Command,
//!         ) -> io::Result<Child>
//!
//!         pub fn id(&self) -> u32
//!
//!         /// Waits until it has ended. Asked again, it says the
//!         /// same.
//!         pub async fn wait(&mut self) -> io::Result<ExitStatus>
//!     }
//!
//! Your clock jumps when nobody is ready, and knows nothing of children. So there are no timers in this rung.
//!
//! hint: The signal does not say which child. But whom must you ask, when it has come?
//!
//! hint: Ask; and as long as the answer is `None`, wait for the signal and ask again. From which moment on must you
//! listen, so that a child which ends at once is not missed?
//!
//! hint: With `child: std::process::Child` and `ended: Signal`, which is made *before* the child is started,
//!
//!     loop {
//!         if let Some(status) = self.child.try_wait()? {
//!             return Ok(status);
//!         }
//!         self.ended.recv().await?;
//!     }
//!
//! done: It is a wait like all others: a try that does not wait, and somebody who says when to try again. asyncio's
//! `SafeChildWatcher` did just this. The chapter uses a descriptor for a process where there is one, which wakes only
//! those who wait for it.

use std::io::{PipeReader, PipeWriter, pipe};
use std::os::unix::process::ExitStatusExt;
use std::pin::pin;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use ladder::Bell;
use mine::processes::Child;
use mine::readiness::{Runtime, run};
use signal_hook::consts::{SIGCHLD, SIGTERM};

fn spawn(runtime: &Runtime, command: &mut Command) -> Child {
    let child = Child::spawn(runtime, command);
    child.unwrap_or_else(|error| ladder::fail(format_args!("spawn says: {error}")))
}

fn sh(runtime: &Runtime, script: &str) -> Child {
    spawn(runtime, Command::new("sh").args(["-c", script]))
}

/// A child that ends when the other end of its input is dropped.
fn held(runtime: &Runtime) -> (Child, PipeWriter) {
    let (input, hold): (PipeReader, PipeWriter) = pipe().expect("a pipe");
    (spawn(runtime, Command::new("cat").stdin(input)), hold)
}

async fn ended(child: &mut Child) -> ExitStatus {
    let status = child.wait().await;
    status.unwrap_or_else(|error| ladder::fail(format_args!("wait says: {error}")))
}

async fn turns(runtime: Runtime) {
    ladder::tries("a child that ends when another task lets it");
    ladder::hangs(
        "it never ends: wait blocks the thread, and the other task has no turn; or nobody asks again when SIGCHLD has come",
    );
    let (mut child, hold) = held(&runtime);
    runtime.executor.spawn(async move { drop(hold) });
    let status = ended(&mut child).await;
    ladder::check!(status.success(), "it ended well, and wait says {status}");
}

async fn how(runtime: Runtime) {
    ladder::tries("a child that ends with 3");
    ladder::hangs("it never ends: is it asked again when SIGCHLD has come?");
    let mut child = sh(&runtime, "exit 3");
    let status = ended(&mut child).await;
    ladder::check!(status.code() == Some(3), "it says {status}");
    ladder::hangs("asked again, it does not answer: nothing will come any more");
    let again = ended(&mut child).await;
    ladder::check!(again == status, "it says {status}, and asked again {again}");

    ladder::tries("a child that ends itself by SIGTERM");
    ladder::hangs("it never ends");
    let status = ended(&mut sh(&runtime, "kill -TERM $$")).await;
    ladder::check!(status.signal() == Some(SIGTERM), "it says {status}");
}

async fn early(runtime: Runtime) {
    ladder::tries("a child that has ended before it is waited for");
    ladder::hangs("it never ends: from when on is SIGCHLD listened for?");
    let flag = Arc::new(AtomicBool::new(false));
    let id = signal_hook::flag::register(SIGCHLD, flag.clone()).expect("a handler");
    let mut child = spawn(&runtime, &mut Command::new("true"));
    while !flag.load(Ordering::SeqCst) {
        thread::yield_now();
    }
    signal_hook::low_level::unregister(id);
    let status = ended(&mut child).await;
    ladder::check!(status.success(), "it says {status}");
}

async fn another(runtime: Runtime) {
    ladder::tries("one child that runs, and another one that ends");
    let (mut first, hold) = held(&runtime);
    let bell = Bell::new();
    {
        let mut wait = pin!(first.wait());
        ladder::hangs("the poll blocks: it should say Pending");
        let polled = ladder::poll(wait.as_mut(), &bell);
        ladder::check!(polled.is_pending(), "it runs, and wait says {polled:?}");
        ladder::check!(
            bell.rings() == 0,
            "its future wakes itself: the loop would go round and round, as long as the child runs"
        );
        ladder::hangs("the other one has ended, and is not heard of");
        let status = ended(&mut sh(&runtime, "exit 4")).await;
        ladder::check!(
            status.code() == Some(4),
            "the other one ended with 4, and wait says {status}: whose end is that?"
        );
        ladder::hangs("the poll blocks: SIGCHLD came for the other one");
        let polled = ladder::poll(wait.as_mut(), &bell);
        ladder::check!(
            polled.is_pending(),
            "it runs, and says {polled:?}: SIGCHLD came for the other one"
        );
    }
    ladder::tries("a wait that was given up, and is asked for again");
    ladder::hangs("it never ends: was what it listens with lost with the first wait?");
    drop(hold);
    let status = ended(&mut first).await;
    ladder::check!(status.success(), "it says {status}");
}

async fn missing(runtime: Runtime) {
    ladder::tries("a program that is not there");
    let spawned = Child::spawn(&runtime, &mut Command::new("no-such-program"));
    ladder::check!(spawned.is_err(), "spawn says that it was started");
}

async fn many(runtime: Runtime) {
    ladder::tries("ten children that run at once");
    ladder::hangs("one of them is never told that it has ended");
    let mut children: Vec<_> = (0..10)
        .map(|number| sh(&runtime, &format!("exit {number}")))
        .collect();
    for (number, child) in children.iter_mut().enumerate() {
        let status = ended(child).await;
        ladder::check!(
            status.code() == i32::try_from(number).ok(),
            "the one that ends with {number} says {status}"
        );
    }
}

fn main() {
    run(turns).expect("a runtime");
    run(early).expect("a runtime");
    run(how).expect("a runtime");
    run(another).expect("a runtime");
    run(missing).expect("a runtime");
    run(many).expect("a runtime");
}
