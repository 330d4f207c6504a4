//! Bad news, by mail
//!
//! Whoever asks a core for a value may wait for ever: a task that panics says nothing, nor does one that is dropped with
//! its core. And nobody on another thread could see it.
//!
//!     impl Cores {
//!         /// As `spawn_on`; `None` if its value will never come.
//!         pub fn ask<F>(
//!             &self,
//!             core: usize,
//!             make: impl FnOnce() -> F + Send + 'static,
//!         ) -> Phone<Option<F::Output>>
//!         where
//!             F: Future + 'static,
//!             F::Output: Send + 'static
//!     }
//!
//! A panic ends the whole core here, as your executor does not catch it: then nothing comes from any of its tasks. It
//! may also come from `make`.
//!
//! hint: What happens in any case, whether a task ends, panics, or is dropped before it began?
//!
//! hint: Whatever it holds is dropped. Let it hold, instead of the `Caller`, something whose drop says `None`, unless a
//! value was said before.
//!
//! hint: With `struct Reply<T>(Option<Caller<Option<T>>>)`, whose `Drop` takes the caller, if it is there, and says `None`:
//!
//!     let reply = Reply(Some(caller));
//!     self.cores[core].handle.call(move |executor| {
//!         let reply = reply;
//!         let future = make();
//!         executor.spawn(async move { reply.send(future.await) });
//!     });
//!
//! The second line takes it into the call, so that a panic of `make` drops it.
//!
//! done: Chapter 14's `RemoteTask` has such a reply, and says besides what it was: a panic, with its payload, or an end.
//! You have a loop a core: what is made on one stays there, and mail goes between them.

use std::sync::mpsc;

use mine::cores::Cores;
use mine::wakers::block_on;

fn value() {
    ladder::tries("a task with a value");
    ladder::hangs("it never ends: its value does not come back");
    let cores = Cores::new(2);
    let fare = block_on(cores.ask(1, || async { 11 }));
    ladder::check!(
        fare == Some(11),
        "it should give Some(11), and gives {fare:?}"
    );
}

fn dropped() {
    ladder::tries("a task that is dropped with its core");
    ladder::hangs("whoever waits is told nothing: the task is gone, and it never spoke");
    let cores = Cores::new(2);
    let (begins, begun) = mpsc::channel();
    let never = cores.ask(0, move || async move {
        let _begun = begins.send(());
        std::future::pending::<u32>().await
    });
    let _begun = begun.recv();
    drop(cores);
    let value = block_on(never);
    ladder::check!(value.is_none(), "it had no value, and gives {value:?}");
}

/// Without the message that a panic prints.
fn torn() -> u32 {
    std::panic::resume_unwind(Box::new("torn"))
}

fn panics() {
    ladder::tries("a task that panics");
    ladder::hangs(
        "whoever waits is told nothing: a task that panics says nothing by itself",
    );
    let cores = Cores::new(3);
    let value = block_on(cores.ask(0, || async { torn() }));
    ladder::check!(value.is_none(), "it panicked, and gives {value:?}");

    ladder::tries("a `make` that panics");
    ladder::hangs(
        "whoever waits is told nothing: there was never a future that could speak",
    );
    let value = block_on(cores.ask(1, || std::future::ready(torn())));
    ladder::check!(value.is_none(), "it panicked, and gives {value:?}");

    ladder::tries("another core, after the panics of two");
    let value = block_on(cores.ask(2, || async { 7 }));
    ladder::check!(
        value == Some(7),
        "it should give Some(7), and gives {value:?}"
    );
}

fn main() {
    value();
    dropped();
    panics();
}
