//! The taxis and the echo, on your runtime
//!
//! The last rung puts the runtime together: tasks, a clock and sockets.
//!
//!     /// Clones are the same runtime.
//!     #[derive(Clone)]
//!     pub struct Runtime {
//!         pub executor: Executor,
//!         pub timers: Timers,
//!         pub reactor: Reactor,
//!     }
//!
//!     /// Makes a runtime, and drives what `program` makes of it.
//!     pub fn run<F: Future + 'static>(
//!         program: impl FnOnce(Runtime) -> F,
//!     ) -> io::Result<F::Output>
//!
//! The layers stand on one another: an executor, which parks on timers, which park on the reactor. The chapter's own has
//! the same type.
//!
//! The check plays two programs of the book on it, the taxi simulation and the echo server with its three passengers,
//! and compares every line with what ours print.
//!
//! needs: 5.4 6.4
//!
//! hint: As in rung 6.5. What is the lowest way to wait now?
//!
//! hint: `TimerPark` takes any `Park` below. A clone of the reactor is the same reactor: one clone waits, the other is for
//! the program.
//!
//! hint: Line for line:
//!
//!     let (timers, reactor) = (Timers::new(), Reactor::new()?);
//!     let mut park = TimerPark::new(&timers, reactor.clone());
//!     let executor = Executor::new(park.unparker());
//!     let future = program(Runtime {
//!         executor: executor.clone(),
//!         timers,
//!         reactor,
//!     });
//!     Ok(executor.block_on(&mut park, future))
//!
//! done: Seven chapters ago there was a function that stops half-way. This is a runtime. You have written every line of
//! it, and it plays the book's programs byte for byte. Ours is longer, since it also reads the wall clock, contains
//! panics, and wakes without a system call where none is needed: now you can read it. Chapter 8 opens the last box, the
//! waker itself.

use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use ladder::Taxi;
use mine::readiness::{Runtime, TcpListener, TcpStream, run};
use mine::wakers::Park;

fn well<T>(result: io::Result<T>) -> T {
    result.unwrap_or_else(|error| ladder::fail(format_args!("it fails: {error}")))
}

/// One taxi's night: wait, go on, wait.
async fn night(runtime: Runtime, mut taxi: Taxi) {
    while let Some(next) = taxi.go_on(runtime.timers.now()) {
        let wait = next - runtime.timers.now();
        runtime.timers.sleep(wait).await;
    }
}

async fn simulation(runtime: Runtime) -> Duration {
    let start = |taxi| runtime.executor.spawn(night(runtime.clone(), taxi));
    let taxis = Taxi::three().map(start);
    for taxi in taxis {
        taxi.await;
    }
    runtime.timers.now()
}

/// Sends back what comes, until it ends.
async fn echo(stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..length]).await?;
    }
}

/// A task for each who calls.
async fn serve(runtime: Runtime, listener: TcpListener) {
    loop {
        let stream = well(listener.accept().await);
        runtime.executor.spawn(async { well(echo(stream).await) });
    }
}

/// Says each word after a wait, and hears it come back.
async fn passenger(
    runtime: Runtime,
    name: char,
    wait: u64,
    server: SocketAddr,
) -> io::Result<()> {
    let stream = TcpStream::connect(&runtime.reactor, server).await?;
    for word in ["good evening", "a taxi, please", "thank you"] {
        runtime.timers.sleep(Duration::from_secs(wait)).await;
        stream.write_all(word.as_bytes()).await?;
        let mut heard = vec![0; word.len()];
        let mut length = 0;
        while length < heard.len() {
            match stream.read(&mut heard[length..]).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => length += more,
            }
        }
        let now = runtime.timers.now().as_secs();
        let heard = String::from_utf8_lossy(&heard);
        ladder::say(format_args!("{now:2} s  {name} hears: {heard}"));
    }
    Ok(())
}

async fn evening(runtime: Runtime) -> io::Result<()> {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(&runtime.reactor, anywhere)?;
    let server = listener.local_addr()?;
    runtime.executor.spawn(serve(runtime.clone(), listener));
    let passengers = [('A', 4), ('B', 5), ('C', 7)]
        .map(|(name, wait)| passenger(runtime.clone(), name, wait, server))
        .map(|passenger| runtime.executor.spawn(passenger));
    for passenger in passengers {
        passenger.await?;
    }
    Ok(())
}

/// Gives way so often.
async fn yields(times: usize) {
    let mut left = times;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

async fn sleeps(runtime: Runtime, seconds: u64) {
    runtime.timers.sleep(Duration::from_secs(seconds)).await;
}

/// Whether a wake from another thread ends a wait.
async fn called_from_outside(runtime: Runtime) -> bool {
    let mut ended = None;
    poll_fn(|context| {
        if let Some(ended) = ended {
            return Poll::Ready(ended);
        }
        let waker = context.waker().clone();
        let caller = thread::spawn(move || waker.wake());
        caller.join().expect("the caller ends");
        ended = Some(runtime.reactor.clone().park(Some(Duration::ZERO)));
        Poll::Pending
    })
    .await
}

/// When a task is over that gives way three times while another one sleeps.
async fn meanwhile(runtime: Runtime) -> Duration {
    runtime.executor.spawn(sleeps(runtime.clone(), 50));
    runtime.executor.spawn(yields(3)).await;
    runtime.timers.now()
}

fn main() {
    ladder::tries("a task that gives way three times, while another one sleeps for 50 s");
    ladder::hangs(
        "it never ends: is the executor that the program spawns on the one that is driven?",
    );
    let now = well(run(meanwhile));
    ladder::check!(
        now == Duration::ZERO,
        "the clock jumped to {now:?}, though somebody was ready: only who is idle may jump"
    );

    ladder::tries("a task that another thread wakes, and a park for zero");
    ladder::hangs("it never ends: the task was woken, and is not polled");
    let ended = well(run(called_from_outside));
    ladder::check!(
        ended,
        "the reactor has not heard of it, and a loop that waits for sockets would sleep on: whose unparker does the \
         executor call?"
    );

    ladder::tries("the taxi simulation");
    ladder::hangs(
        "the night never ends: does the loop wait with the clock that they sleep on?",
    );
    let total = well(run(simulation)).as_secs();
    ladder::say(format_args!(
        "total: {total} s, as long as the last taxi was out"
    ));
    ladder::prints_as("06-tasks", "taxi");

    ladder::tries("the echo server and its three passengers");
    ladder::hangs(
        "the evening never ends: does the loop wait with the reactor that watches the sockets?",
    );
    well(well(run(evening)));
    ladder::prints_as("07-readiness", "echo");
}
