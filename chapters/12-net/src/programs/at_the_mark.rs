//! At the high mark nobody waits yet; at the low one all who wait go on.
//!
//! twin: none, a transport that takes so much a second would be longer than the program
//! clock: virtual

use std::io;
use std::rc::Rc;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::StreamWriter;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

use crate::programs::two_marks::{Road, SECOND};

// ANCHOR: main
/// 8 KiB a second, as in `two_marks`.
async fn write() -> io::Result<()> {
    let writer = Rc::new(StreamWriter::new(Road(Box::pin(sleep(SECOND)))));
    writer.set_write_buffer_limits(64 << 10, 16 << 10);
    say_how("first", &writer, 64).await?;
    // Above it, two wait.
    let waiting = ["A", "B"].map(|name| {
        let writer = Rc::clone(&writer);
        spawn(async move { say_how(name, &writer, 4).await })
    });
    for it in waiting {
        it.await.map_err(io::Error::other)??;
    }
    Ok(())
}

async fn say_how(name: &str, writer: &StreamWriter<Road>, more: usize) -> io::Result<()> {
    writer.write(&vec![b'.'; more << 10]);
    let before = writer.write_buffer_size() >> 10;
    writer.drain().await?;
    let (after, second) = (writer.write_buffer_size() >> 10, now().as_secs());
    say!("{second} s  {name}: {before} KiB were kept, and now {after}");
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), write())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
