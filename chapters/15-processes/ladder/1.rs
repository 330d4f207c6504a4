//! A signal that is awaited
//!
//! A signal interrupts a thread between any two instructions, and runs a handler there. That may do next to nothing: no
//! lock, no allocation, and so no waker. But it may write a byte into a socket, and your reactor knows how to wait for
//! one.
//!
//! First add this to the dependencies in `mine/Cargo.toml`. The crate has the handler, which takes care to do no more
//! than it may:
//!
//!     signal-hook = "0.4"
//!
//! Then write:
//!
//!     pub struct Signal { /* … */ }
//!
//!     impl Signal {
//!         /// Listens from here on, until it is dropped.
//!         pub fn new(reactor: &Reactor, number: i32) -> io::Result<Signal>
//!
//!         /// Waits until it has come since it was last told: once,
//!         /// however often it came.
//!         pub async fn recv(&mut self) -> io::Result<()>
//!     }
//!
//! Several may listen for the same signal, and each is told. To drop one ends its handler.
//!
//! needs: 7.6
//!
//! hint: `mio::net::UnixStream::pair()` makes two sockets that are connected, and neither of them blocks. One is for the
//! handler, the other one is for your reactor.
//!
//! hint: `signal_hook::low_level::pipe::register(number, socket)` sets a handler that writes a byte into the socket, and
//! gives an id. `signal_hook::low_level::unregister(id)` ends it. To wait for the signal is to try to read, as in
//! rung 7.3. How many bytes may be there, and how many answers are they?
//!
//! hint: In `recv`,
//!
//!     let mut came = false;
//!     let mut take = || loop {
//!         match (&self.bytes).read(&mut [0; 64]) {
//!             Err(error) if came && error.kind() == ErrorKind::WouldBlock => {
//!                 return Ok(());
//!             }
//!             read => came = read? > 0,
//!         }
//!     };
//!     poll_fn(|context| self.socket.attempt(Direction::Read, context, &mut take)).await
//!
//! done: This is the self-pipe trick. A signal is now what everything else is in your loop: something that may be ready to
//! be read. The operating system sends one when a child has ended, and that is next.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::pin::pin;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ladder::{Bell, Sleeper};
use mine::processes::Signal;
use mine::readiness::{Runtime, run};
use signal_hook::consts::{SIGUSR1, SIGUSR2};
use signal_hook::low_level::raise;

/// The signals do nothing by themselves: they would end the check.
fn harmless() {
    for number in [SIGUSR1, SIGUSR2] {
        let flag = Arc::default();
        signal_hook::flag::register(number, flag).expect("a handler");
    }
}

fn listen(runtime: &Runtime, number: i32) -> Signal {
    let signal = Signal::new(&runtime.reactor, number);
    signal.unwrap_or_else(|error| ladder::fail(format_args!("new says: {error}")))
}

async fn told(signal: &mut Signal) {
    if let Err(error) = signal.recv().await {
        ladder::fail(format_args!("recv says: {error}"));
    }
}

/// Whether `recv` has an answer at once.
fn has_come(signal: &mut Signal) -> bool {
    let recv = pin!(signal.recv());
    ladder::poll(recv, &Bell::new()).is_ready()
}

async fn before(runtime: Runtime) {
    ladder::tries("recv, and no signal has come");
    ladder::hangs("the poll waits for it: no end of the pair may block");
    let mut signal = listen(&runtime, SIGUSR1);
    ladder::check!(!has_come(&mut signal), "recv says that it has come");

    ladder::tries("a signal that comes before it is awaited");
    ladder::hangs("it is not told: whoever has made a listener is told from then on");
    let mut signal = listen(&runtime, SIGUSR1);
    raise(SIGUSR1).expect("it is sent");
    told(&mut signal).await;
}

async fn three_times(runtime: Runtime) {
    ladder::tries("a signal that comes three times, and then once more");
    ladder::hangs("it is not told of the fourth one");
    let mut signal = listen(&runtime, SIGUSR1);
    for _ in 0..3 {
        raise(SIGUSR1).expect("it is sent");
    }
    told(&mut signal).await;
    ladder::check!(
        !has_come(&mut signal),
        "it was told of them, and is told again: the bytes say that it came, and not how often"
    );
    raise(SIGUSR1).expect("it is sent");
    told(&mut signal).await;
}

async fn two(runtime: Runtime) {
    ladder::tries("two who listen for one signal, and one who listens for another");
    ladder::hangs("one of the two is not told");
    let mut first = listen(&runtime, SIGUSR1);
    let mut second = listen(&runtime, SIGUSR1);
    let mut other = listen(&runtime, SIGUSR2);
    raise(SIGUSR1).expect("it is sent");
    told(&mut first).await;
    told(&mut second).await;
    ladder::check!(
        !has_come(&mut other),
        "SIGUSR1 came, and who listens for SIGUSR2 is told"
    );
    drop(first);
    raise(SIGUSR1).expect("it is sent");
    ladder::hangs("one has stopped listening, and the other one is not told any more");
    told(&mut second).await;
}

async fn asleep(runtime: Runtime) {
    ladder::tries("a signal that comes while the loop sleeps");
    ladder::hangs(
        "the loop sleeps on: is the reactor told to watch the end that is read?",
    );
    let mut signal = listen(&runtime, SIGUSR1);
    let here = Sleeper::here();
    let sends = thread::spawn(move || {
        here.falls_asleep(Duration::from_secs(5));
        raise(SIGUSR1)
    });
    told(&mut signal).await;
    let sent = sends.join().is_ok_and(|it| it.is_ok());
    ladder::check!(sent, "the check could not send it");
}

/// The highest number of 40 descriptors that are opened now. They get the lowest that are free.
fn highest_of_forty() -> i32 {
    let open = |_| File::open("/dev/null").expect("it is there");
    let files: Vec<File> = (0..40).map(open).collect();
    files.iter().map(AsRawFd::as_raw_fd).max().unwrap_or(0)
}

async fn dropped(runtime: Runtime) {
    ladder::tries("20 listeners that are dropped");
    let before = highest_of_forty();
    for _ in 0..20 {
        drop(listen(&runtime, SIGUSR1));
    }
    let left = highest_of_forty() - before;
    ladder::check!(
        left == 0,
        "they are gone, and {} still open: who ends the handlers?",
        match left {
            1 => "a descriptor is".to_string(),
            _ => format!("{left} descriptors are"),
        }
    );
}

fn main() {
    harmless();
    run(before).expect("a runtime");
    run(three_times).expect("a runtime");
    run(two).expect("a runtime");
    run(asleep).expect("a runtime");
    run(dropped).expect("a runtime");
}
