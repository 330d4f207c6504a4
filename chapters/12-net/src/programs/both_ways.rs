//! One socket, two tasks: one reads, one writes, and neither waits for the other.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{TcpListener, TcpStream};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
/// Says the fare every two seconds.
async fn meter(stream: Rc<TcpStream>) -> io::Result<()> {
    trace::name(format_args!("meter"));
    for fare in 1.. {
        sleep(Duration::from_secs(2)).await;
        let line = format!("{} so far", 3 * fare);
        stream.write_all(line.as_bytes()).await?;
    }
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: drive
async fn drive(listener: TcpListener) -> io::Result<()> {
    trace::name(format_args!("driver"));
    let stream = Rc::new(listener.accept().await?.0);
    let meter = spawn(meter(Rc::clone(&stream)));
    hear("driver", &stream).await?;
    meter.cancel();
    say!("{} s  driver: the ride is over", now().as_secs());
    Ok(())
}
// ANCHOR_END: drive

// ANCHOR: ends
/// Says what comes, until the end.
async fn hear(who: &str, stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 100];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            length => {
                let words = String::from_utf8_lossy(&buffer[..length]).into_owned();
                say!("{} s  {who} hears: {words}", now().as_secs());
            }
        }
    }
}

async fn ride() -> io::Result<()> {
    trace::name(format_args!("passenger"));
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let driver = spawn(drive(listener));
    let stream = Rc::new(TcpStream::connect(address).await?);
    let ours = Rc::clone(&stream);
    let hearing = spawn(async move { hear("passenger", &ours).await });
    for (wait, word) in [
        (1, "to the station"),
        (4, "faster, please"),
        (2, "stop here"),
    ] {
        sleep(Duration::from_secs(wait)).await;
        stream.write_all(word.as_bytes()).await?;
    }
    stream.shutdown(Shutdown::Write)?;
    driver.await.map_err(io::Error::other)??;
    hearing.await.map_err(io::Error::other)?
}
// ANCHOR_END: ends

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), ride())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
