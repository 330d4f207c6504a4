//! A listener
//!
//!     pub struct TcpListener { /* … */ }
//!
//!     impl TcpListener {
//!         pub fn bind(reactor: &Reactor, address: SocketAddr) -> io::Result<TcpListener>
//!
//!         pub fn local_addr(&self) -> io::Result<SocketAddr>
//!
//!         pub async fn accept(&self) -> io::Result<TcpStream>
//!     }
//!
//! What `accept` gives is a new socket, which the reactor has to watch as well.
//!
//! hint: Accepting is reading: a listener is ready to be read when somebody calls.
//!
//! hint: A constructor for `TcpStream` that takes a `mio::net::TcpStream` and has it watched serves `connect` and
//! `accept`.
//!
//! hint: The whole of `accept`:
//!
//!     let accept = || self.listener.accept();
//!     let (stream, _from) =
//!         poll_fn(|context| self.socket.attempt(Direction::Read, context, accept)).await?;
//!     TcpStream::new(&self.reactor, stream)
//!
//! done: A server is a task that accepts, and a task for each that it has accepted. On the wall clock yours would be
//! finished. On the virtual clock one question is open, and it is the last one.

use std::cell::RefCell;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use mine::readiness::{Reactor, TcpListener, TcpStream};
use mine::tasks::Executor;
use mine::wakers::Park;

fn anywhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// Runs a future on the executor of chapter 6, which waits in the operating system.
fn run<F: Future + 'static>(
    reactor: &Reactor,
    future: impl FnOnce(Executor) -> F,
) -> F::Output {
    let executor = Executor::new(reactor.unparker());
    executor.block_on(&mut reactor.clone(), future(executor.clone()))
}

fn well<T>(result: io::Result<T>) -> T {
    result.unwrap_or_else(|error| ladder::fail(format_args!("it fails: {error}")))
}

/// Says what comes, until it ends.
async fn hears(stream: TcpStream) -> String {
    let mut heard = Vec::new();
    let mut buffer = [0; 16];
    loop {
        match well(stream.read(&mut buffer).await) {
            0 => return String::from_utf8_lossy(&heard).into_owned(),
            length => heard.extend_from_slice(&buffer[..length]),
        }
    }
}

fn from_outside(reactor: &Reactor) {
    ladder::tries("accept when somebody has called before");
    ladder::hangs("it never ends, and somebody has called: try first");
    let listener = well(TcpListener::bind(reactor, anywhere()));
    let address = well(listener.local_addr());
    ladder::check!(
        address.port() != 0,
        "local_addr says port 0: it should say which one was chosen"
    );
    let mut caller = std::net::TcpStream::connect(address).expect("a connection");
    // The event that tells of it, while nobody waits.
    reactor.clone().park(Some(Duration::ZERO));
    let stream = run(reactor, |_| async move { well(listener.accept().await) });

    ladder::tries("a read from a connection that was accepted");
    ladder::hangs(
        "it never ends, and there is something to read: does the reactor watch the new socket?",
    );
    let hearing = run(reactor, |executor| async move {
        let hearing = executor.spawn(hears(stream));
        // Behind it in the queue: by now it waits.
        executor.spawn(async {}).await;
        caller.write_all(b"taxi").expect("it can be written");
        drop(caller);
        hearing.await
    });
    ladder::check!(
        hearing == "taxi",
        "it should hear \"taxi\", and hears {hearing:?}"
    );
}

fn drops(reactor: &Reactor) {
    ladder::tries("a connection that is dropped");
    ladder::hangs("the other end waits: a stream that is dropped has to close");
    let listener = well(TcpListener::bind(reactor, anywhere()));
    let address = well(listener.local_addr());
    let mut caller = std::net::TcpStream::connect(address).expect("a connection");
    run(
        reactor,
        |_| async move { drop(well(listener.accept().await)) },
    );
    let length = caller.read(&mut [0; 8]).expect("an end");
    ladder::check!(
        length == 0,
        "the other end should read an end, and reads {length} bytes"
    );
}

fn among_tasks(reactor: &Reactor) {
    ladder::tries("a task that accepts, and two that connect");
    ladder::hangs("it never ends: does each socket know who waits for it?");
    let log = Rc::new(RefCell::new(Vec::new()));
    let (reactor_of_all, server_log) = (reactor.clone(), log.clone());
    run(reactor, |executor| async move {
        let reactor = reactor_of_all;
        let listener = well(TcpListener::bind(&reactor, anywhere()));
        let address = well(listener.local_addr());
        let serving = executor.clone();
        let server = executor.spawn(async move {
            let mut served = Vec::new();
            for _ in 0..2 {
                let stream = well(listener.accept().await);
                served.push(serving.spawn(hears(stream)));
            }
            for hearing in served {
                let heard = hearing.await;
                server_log.borrow_mut().push(heard);
            }
        });
        for word in ["good evening", "thank you"] {
            let reactor = reactor.clone();
            executor.spawn(async move {
                let stream = well(TcpStream::connect(&reactor, address).await);
                well(stream.write_all(word.as_bytes()).await);
            });
        }
        server.await;
    });
    let mut heard = log.take();
    heard.sort();
    ladder::check!(
        heard == ["good evening", "thank you"],
        "it should hear \"good evening\" and \"thank you\", and hears {heard:?}"
    );
}

fn main() {
    let reactor = Reactor::new().expect("a reactor");
    from_outside(&reactor);
    drops(&reactor);
    among_tasks(&reactor);
}
