//! Back-pressure: who writes to a guest that does not read waits in `drain`.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, StreamWriter, TcpListener, open_connection, start_server};
use timers::{now, sleep};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
/// Sleeps for ten seconds, and then reads everything.
async fn asleep(mut reader: StreamReader, _writer: StreamWriter) -> io::Result<()> {
    sleep(Duration::from_secs(10)).await;
    say!("{:2} s  the guest wakes up, and reads", now().as_secs());
    let mut buffer = vec![0; 64 << 10];
    while reader.read(&mut buffer).await? > 0 {}
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: call
async fn call() -> io::Result<()> {
    let server = start_server(TcpListener::bind(local(0))?, asleep)?;
    let (_reader, writer) = open_connection(server.local_addr()).await?;
    writer.set_write_buffer_limits(64 << 10, 16 << 10);
    writer.write(b"a short word");
    writer.drain().await?;
    say!("{:2} s  12 bytes are drained at once", now().as_secs());

    writer.write(&vec![b'.'; 16 << 20]);
    assert!(writer.write_buffer_size() > 64 << 10);
    let second = now().as_secs();
    say!("{second:2} s  16 MiB are written, and more than 64 KiB are left");
    writer.drain().await?;
    assert!(writer.write_buffer_size() <= 16 << 10);
    let second = now().as_secs();
    say!("{second:2} s  drained: no more than 16 KiB are left");
    writer.close();
    writer.wait_closed().await?;
    say!("{:2} s  closed", now().as_secs());
    Ok(())
}
// ANCHOR_END: call

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
