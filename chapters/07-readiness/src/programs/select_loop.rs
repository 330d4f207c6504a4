//! The select loop: one thread, callbacks, and three passengers at once.
//!
//! rows: P11
//! twin: same

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use mio::event::Source;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use trace::say;

// ANCHOR: loop
/// Called when its socket is ready. False: it is not to be called again.
type Callback = Box<dyn FnMut(&mut Loop) -> io::Result<bool>>;

struct Loop {
    poll: Poll,
    callbacks: HashMap<Token, Callback>,
    last: usize,
}

impl Loop {
    /// Has `callback` called whenever `socket` is ready.
    fn watch<S: Source + 'static>(
        &mut self,
        mut socket: S,
        mut callback: impl FnMut(&S, &mut Loop) -> io::Result<bool> + 'static,
    ) -> io::Result<()> {
        self.last += 1;
        let (token, both) = (Token(self.last), Interest::READABLE | Interest::WRITABLE);
        self.poll.registry().register(&mut socket, token, both)?;
        let callback = Box::new(move |all: &mut Loop| callback(&socket, all));
        self.callbacks.insert(token, callback);
        Ok(())
    }
    // ANCHOR_END: loop

    // ANCHOR: run
    fn run(&mut self) -> io::Result<()> {
        let mut events = Events::with_capacity(64);
        while !self.callbacks.is_empty() {
            self.poll.poll(&mut events, Some(Duration::from_secs(30)))?;
            for event in &events {
                // Taken out, since it may add others.
                let Some(mut callback) = self.callbacks.remove(&event.token()) else {
                    continue;
                };
                if callback(self)? {
                    self.callbacks.insert(event.token(), callback);
                }
            }
        }
        Ok(())
    }
    // ANCHOR_END: run
}

/// What was tried, or nothing if it would have blocked.
fn unless_blocked<T>(tried: io::Result<T>) -> io::Result<Option<T>> {
    match tried {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}

// ANCHOR: listen
/// Accepts three passengers.
fn listen(all: &mut Loop, listener: TcpListener) -> io::Result<()> {
    let mut names = "ABC".chars();
    all.watch(listener, move |listener, all| {
        while let Some((stream, _)) = unless_blocked(listener.accept())? {
            let Some(name) = names.next() else { break };
            say!("{name} calls");
            serve(all, name, stream)?;
        }
        Ok(!names.as_str().is_empty())
    })
}
// ANCHOR_END: listen

// ANCHOR: serve
/// Greets with a letter, then sends back what comes, until it ends.
fn serve(all: &mut Loop, name: char, stream: TcpStream) -> io::Result<()> {
    // What a coroutine would keep in variables.
    let mut to_send = vec![name as u8];
    let mut ended = false;
    all.watch(stream, move |mut stream, _| {
        let mut buffer = [0; 100];
        while !ended && let Some(length) = unless_blocked(stream.read(&mut buffer))? {
            let text = &buffer[..length];
            ended = length == 0;
            match ended {
                true => say!("{name} hangs up"),
                false => say!("{name} says: {}", String::from_utf8_lossy(text)),
            }
            to_send.extend(text);
        }
        while !to_send.is_empty()
            && let Some(length) = unless_blocked(stream.write(&to_send))?
        {
            to_send.drain(..length);
        }
        Ok(!ended || !to_send.is_empty())
    })
}
// ANCHOR_END: serve

// ANCHOR: clients
/// Three passengers on the line at once, who speak by turns. Each waits for what it hears, so the order is certain.
fn call(address: SocketAddr) -> io::Result<()> {
    let mut lines = Vec::new();
    for _ in 0..3 {
        let mut line = std::net::TcpStream::connect(address)?;
        line.read_exact(&mut [0])?;
        lines.push(line);
    }
    for words in ["good evening", "a taxi, please"] {
        for line in &mut lines {
            line.write_all(words.as_bytes())?;
            line.read_exact(&mut vec![0; words.len()])?;
        }
    }
    for line in lines.iter_mut().rev() {
        line.shutdown(Shutdown::Write)?;
        line.read_to_end(&mut Vec::new())?;
    }
    Ok(())
}
// ANCHOR_END: clients

fn serve_all() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let clients = thread::spawn(move || call(address));
    let mut all = Loop {
        poll: Poll::new()?,
        callbacks: HashMap::new(),
        last: 0,
    };
    listen(&mut all, listener)?;
    all.run()?;
    clients.join().expect("the passengers do not panic")
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    serve_all().map_err(|error| BadInput::new(error.to_string()))
}
