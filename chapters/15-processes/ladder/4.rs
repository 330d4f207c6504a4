//! Nobody waits
//!
//! Whoever has a child may be dropped: by a timeout, say. Dropping cannot wait. Yet when the child has ended, somebody has
//! to ask for its status, or it stays as a zombie.
//!
//!     impl Child {
//!         /// Whether it is killed if it is dropped before it has
//!         /// ended. It is not, unless this says so.
//!         pub fn kill_on_drop(&mut self, kills: bool)
//!     }
//!
//!     impl Drop for Child { /* … */ }
//!
//! One that is not killed goes on. Either way it is reaped, some time after it has ended, as long as the loop runs.
//!
//! hint: If dropping cannot wait, who can? You have the runtime at hand.
//!
//! hint: A task can. It needs the child and the signal, and `drop` has only `&mut self`: so keep both in an
//! `Option<Watched>`, and take them out.
//!
//! hint: With a struct `Watched` that has the two fields of rung 2 and its `wait`,
//!
//!     fn drop(&mut self) {
//!         let Some(mut watched) = self.watched.take() else {
//!             return;
//!         };
//!         if !matches!(watched.child.try_wait(), Ok(None)) {
//!             return;
//!         }
//!         if self.kills {
//!             let _ended_meanwhile = watched.child.kill();
//!         }
//!         let reaper = async move { drop(watched.wait().await) };
//!         self.runtime.executor.spawn(reaper);
//!     }
//!
//! done: tokio has the same switch, with the same default. What is left are children that outlive their loop: nobody's
//! task waits for them. The chapter keeps a list of them, and looks through it when the next child is started.

use std::future::poll_fn;
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::pin::pin;
use std::process::{Command, Stdio};
use std::task::Poll;

use ladder::Bell;
use mine::processes::Child;
use mine::readiness::{Runtime, run};
use rustix::process::{Pid, test_kill_process};

/// Says Pending once, and wakes.
async fn a_turn() {
    let mut waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Goes round the loop until the table of processes has no entry for it.
async fn reaped(id: u32) {
    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    let id = id.unwrap_or_else(|| ladder::fail("id says a number that is none"));
    while test_kill_process(id).is_ok() {
        a_turn().await;
    }
}

fn spawn(runtime: &Runtime, command: &mut Command) -> Child {
    let child = Child::spawn(runtime, command);
    child.unwrap_or_else(|error| ladder::fail(format_args!("spawn says: {error}")))
}

/// `cat`, with the other ends of its input and its output: it runs until its input is dropped.
fn cat(runtime: &Runtime) -> (Child, PipeWriter, PipeReader) {
    let (input, hold) = pipe().expect("a pipe");
    let (says, output) = pipe().expect("a pipe");
    let mut command = Command::new("cat");
    let child = spawn(runtime, command.stdin(input).stdout(output));
    (child, hold, says)
}

async fn goes_on(runtime: Runtime) {
    ladder::tries("a child that is dropped while it runs");
    ladder::hangs("to drop it waits for its end");
    let (child, mut hold, mut says) = cat(&runtime);
    let id = child.id();
    drop(child);
    for _ in 0..10 {
        a_turn().await;
    }
    ladder::hangs("it does not go on");
    // If it is gone, nothing comes back.
    let _ = hold.write_all(b"x");
    let mut back = [0];
    let length = says.read(&mut back).unwrap_or(0);
    ladder::check!(
        length == 1,
        "it was killed: it should go on, unless kill_on_drop was called"
    );
    ladder::hangs("it has ended, and stays as a zombie: who asks how it ended?");
    drop(hold);
    reaped(id).await;
}

async fn is_killed(runtime: Runtime) {
    ladder::tries("a child that is to be killed, and is dropped");
    ladder::hangs("it runs on");
    let (mut child, _hold, mut says) = cat(&runtime);
    let id = child.id();
    child.kill_on_drop(true);
    drop(child);
    let _end = says.read(&mut [0]);
    ladder::hangs("it was killed, and stays as a zombie: who asks how it ended?");
    reaped(id).await;

    ladder::tries("communicate that is given up, with a child that is to be killed");
    ladder::hangs("it runs on: the child is dropped with the future");
    let (input, hold) = pipe().expect("a pipe");
    let (mut says, complaints) = pipe().expect("a pipe");
    let mut command = Command::new("cat");
    command.stdin(input).stdout(Stdio::piped());
    let mut child = spawn(&runtime, command.stderr(complaints));
    drop(command);
    let id = child.id();
    child.kill_on_drop(true);
    let polled = {
        let talk = pin!(child.communicate(b""));
        ladder::poll(talk, &Bell::new()).is_pending()
    };
    ladder::check!(polled, "it runs, and communicate is ready");
    let _end = says.read(&mut [0]);
    ladder::hangs("it was killed, and stays as a zombie");
    reaped(id).await;
    drop(hold);
}

async fn several(runtime: Runtime) {
    ladder::tries("ten children that are forgotten at once");
    ladder::hangs("at least one stays as a zombie: is each asked until it has ended?");
    let mut ids = Vec::new();
    for _ in 0..10 {
        let child = spawn(&runtime, &mut Command::new("true"));
        ids.push(child.id());
    }
    for id in ids {
        reaped(id).await;
    }

    ladder::tries("a child that was waited for, and is dropped");
    ladder::hangs("to drop it never ends");
    let mut child = spawn(&runtime, &mut Command::new("true"));
    child.kill_on_drop(true);
    let status = child.wait().await;
    ladder::check!(
        status.is_ok_and(|it| it.success()),
        "it ended well, and wait says otherwise"
    );
    drop(child);
}

fn main() {
    run(goes_on).expect("a runtime");
    run(is_killed).expect("a runtime");
    run(several).expect("a runtime");
}
