//! What panics where somebody waits for a socket.

use std::any::Any;
use std::future::pending;
use std::mem;
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;
use std::task::{Context, Waker};

use readiness::{Io, Readiness, TcpListener, TcpStream};
use timers::sleep;

use crate::faults::{BOMB, Fault, Fragile, SECOND, bad, fault, polled_by, tasks};
use crate::runtimes::Runtime;

/// All of them.
pub(crate) const SOCKET_FAULTS: &[Fault] = &[
    fault!(
        "reader-wake",
        |runtime, _| meets(runtime, Meeting::Bytes, |read, kept| {
            polled_by(bad::wake(), read, kept);
        }),
        needs_sockets,
        is_reported
    ),
    fault!(
        "reader-wake-shutdown",
        |runtime, _| meets(runtime, Meeting::Shutdown, |read, kept| {
            polled_by(bad::wake(), read, kept);
        }),
        needs_sockets,
        is_reported
    ),
    fault!(
        "reader-clone",
        |runtime, _| meets(runtime, Meeting::Bytes, |read, kept| {
            polled_by(bad::clone(), read, kept);
        }),
        needs_sockets
    ),
    fault!(
        "reader-drop",
        |runtime, _| meets(runtime, Meeting::Bytes, |read, kept| {
            polled_by(bad::drop(), read, kept);
        }),
        needs_sockets,
        is_reported
    ),
    fault!(
        "reader-renewed",
        |runtime, _| meets(runtime, Meeting::Bytes, |mut read, kept| {
            let first = mem::ManuallyDrop::new(bad::drop());
            for waker in [&first, Waker::noop()] {
                let polled = read.as_mut().poll(&mut Context::from_waker(waker));
                assert!(polled.is_pending());
            }
            kept.push(Box::new(read));
        }),
        needs_sockets,
        is_reported
    ),
    fault!(
        "operation",
        |runtime, _| {
            let future = async {
                let socket = mio::net::UdpSocket::bind(anywhere()).unwrap();
                let io = Io::new(socket).unwrap();
                sleep(SECOND).await;
                let tries = |_: &_| -> std::io::Result<Fragile> { panic!("tried") };
                io.run(Readiness::Write, tries).await.unwrap()
            };
            drop((tasks(runtime).spawn)(Box::pin(future)));
        },
        needs_sockets,
        may_end_run
    ),
    fault!(
        "buffer-drop",
        |runtime, _| {
            let future = async {
                let bomb = BOMB;
                let (one, _other) = pair().await;
                let mut buffer = [0];
                one.read(&mut buffer).await.unwrap();
                bomb
            };
            drop((tasks(runtime).spawn)(Box::pin(future)));
        },
        needs_sockets
    ),
];

type Read = std::pin::Pin<Box<dyn Future<Output = usize>>>;

/// What the reader hears after a second.
enum Meeting {
    Bytes,
    Shutdown,
}

/// A task that has both ends of a connection. `wait` polls a read of one of them.
fn meets(runtime: &Runtime, meeting: Meeting, wait: fn(Read, &mut Vec<Box<dyn Any>>)) {
    drop((tasks(runtime).spawn)(Box::pin(async move {
        let (one, other) = pair().await;
        let other = Rc::new(other);
        let reader = Rc::clone(&other);
        let read = async move { reader.read(&mut [0]).await.unwrap() };
        let mut kept = Vec::new();
        wait(Box::pin(read), &mut kept);
        sleep(SECOND).await;
        match meeting {
            Meeting::Bytes => one.write_all(b"!").await.unwrap(),
            Meeting::Shutdown => other.shutdown(Shutdown::Read).unwrap(),
        }
        pending().await
    })));
}

fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let address = listener.local_addr().unwrap();
    let client = TcpStream::connect(address).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (client, server)
}
