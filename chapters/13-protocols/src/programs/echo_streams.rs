//! The echo, by streams: a task for each connection, in straight-line code.
//!
//! rows: P20
//! twin: same
//! clock: virtual

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{TcpListener, TcpStream};
use task_cell::spawn;
use trace::say;

// ANCHOR: echo
async fn echo(stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 65536];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            length => stream.write_all(&buffer[..length]).await?,
        }
    }
}
// ANCHOR_END: echo

// ANCHOR: main
async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let _served_alone = spawn(echo(stream));
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), async {
        let listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
        let address = listener.local_addr()?;
        let _server = spawn(serve(listener));
        call(address).await
    })
    .flatten()
    .map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main

const MUCH: usize = 16 << 20;

// ANCHOR: call
/// Two who speak by turns, and one with a great deal to say: the clients of three echo servers.
pub(crate) async fn call(address: SocketAddr) -> io::Result<()> {
    let lines = [
        ("A", TcpStream::connect(address).await?),
        ("B", TcpStream::connect(address).await?),
    ];
    for words in ["good evening", "a taxi, please"] {
        for (name, line) in &lines {
            line.write_all(words.as_bytes()).await?;
            let mut heard = vec![0; words.len()];
            line.read_exact(&mut heard).await?;
            say!("{name} hears: {}", String::from_utf8_lossy(&heard));
        }
    }
    for (name, line) in lines {
        line.shutdown(Shutdown::Write)?;
        assert_eq!(line.read(&mut [0]).await?, 0);
        say!("{name} hears the end");
    }

    // Sends and listens at once, or neither would end.
    let line = Rc::new(TcpStream::connect(address).await?);
    let sent = spawn(send(Rc::clone(&line)));
    let heard = hear(&line).await?;
    sent.await.expect("nobody cancels it")?;
    say!("C hears {heard} of {MUCH} bytes");
    Ok(())
}
// ANCHOR_END: call

async fn send(line: Rc<TcpStream>) -> io::Result<()> {
    line.write_all(&vec![0; MUCH]).await?;
    line.shutdown(Shutdown::Write)
}

/// How many bytes come until the end.
async fn hear(line: &TcpStream) -> io::Result<usize> {
    let (mut all, mut buffer) = (0, vec![0; 65536]);
    loop {
        match line.read(&mut buffer).await? {
            0 => return Ok(all),
            length => all += length,
        }
    }
}
