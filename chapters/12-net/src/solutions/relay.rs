//! Chapter 12, exercise 3: a relay between a guest and the office, which passes on ends too.
//!
//! clock: virtual

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::join;
use event_loop::Clock;
use net::{StreamReader, TcpListener, TcpStream};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
/// Passes on what comes, and then the end. How many bytes it were.
async fn pass_on(from: &TcpStream, to: &TcpStream) -> io::Result<usize> {
    let (mut buffer, mut all) = ([0; 1024], 0);
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            to.shutdown(Shutdown::Write)?;
            return Ok(all);
        }
        to.write_all(&buffer[..length]).await?;
        all += length;
    }
}

async fn relay(listener: TcpListener, office: SocketAddr) -> io::Result<()> {
    let (guest, _) = listener.accept().await?;
    let office = TcpStream::connect(office).await?;
    let (there, back) = join(pass_on(&guest, &office), pass_on(&office, &guest)).await;
    let second = now().as_secs();
    say!("{second} s  relay: {} bytes there, {} back", there?, back?);
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: ends
/// Adds up the fares that come, one a line, and says the sum two seconds after the end.
async fn add_up(listener: TcpListener) -> io::Result<()> {
    let (stream, _) = listener.accept().await?;
    let (reading, writing) = stream.into_split();
    let (mut reader, mut total) = (StreamReader::new(reading), 0);
    while let Some(line) = reader.read_line().await? {
        total += line.parse::<u32>().map_err(io::Error::other)?;
    }
    sleep(Duration::from_secs(2)).await;
    writing.write_all(format!("{total}\n").as_bytes()).await
}

async fn call() -> io::Result<()> {
    let bind = || TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)));
    let (office, front) = (bind()?, bind()?);
    let (behind, address) = (office.local_addr()?, front.local_addr()?);
    let tasks = [spawn(add_up(office)), spawn(relay(front, behind))];
    let (reading, writing) = TcpStream::connect(address).await?.into_split();
    writing.write_all(b"20\n15\n7\n").await?;
    drop(writing);
    say!("{} s  guest: three fares, and the end", now().as_secs());
    let sum = StreamReader::new(reading).read_line().await?;
    let sum = sum.unwrap_or_default();
    say!("{} s  guest hears: {}", now().as_secs(), sum);
    for task in tasks {
        task.await.map_err(io::Error::other)??;
    }
    Ok(())
}
// ANCHOR_END: ends

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
