//! One program on several loops, with its sockets: which loop it is, is said once, where it starts.
//!
//! rows: P20 P49
//! twin: own, asyncio asks which loop is running; here it is an argument

use std::io;
use std::task::Waker;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::create_server;
use readiness::Reactor;
use timers::{Timers, sleep};
use trace::say;
use wakers::Park;

use crate::programs::echo_protocol::Echo;

// ANCHOR: program
/// It knows nothing of any loop.
async fn program() -> io::Result<String> {
    let server = create_server(([127, 0, 0, 1], 0).into(), Echo::default)?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    sleep(Duration::from_millis(20)).await;
    stream.write_all(b"a taxi, please").await?;
    let mut heard = [0; 14];
    stream.read_exact(&mut heard).await?;
    Ok(String::from_utf8_lossy(&heard).into_owned())
}
// ANCHOR_END: program

// ANCHOR: on
fn on<P: Park + 'static>(name: &str, park: P) -> io::Result<()> {
    let heard = task_cell::run_with(park, program())?;
    say!("{name:24} {heard}");
    Ok(())
}

fn on_all() -> io::Result<()> {
    let wall = Timers::new(Reactor::new()?, Clock::real());
    on("the wall clock:", wall)?;
    let virtual_time = Timers::new(Reactor::new()?, Clock::virtual_time());
    on("virtual time:", virtual_time)?;
    let restless = Timers::new(Restless(Reactor::new()?), Clock::real());
    on("one that never sleeps:", restless)
}
// ANCHOR_END: on

// ANCHOR: restless
/// A way to wait of our own: it looks, and comes back at once.
struct Restless(Reactor);

impl Park for Restless {
    fn park(&mut self, _: Option<Duration>) -> io::Result<bool> {
        self.0.park(Some(Duration::ZERO))
    }

    fn unparker(&self) -> Waker {
        self.0.unparker()
    }

    fn enter(&self) -> impl Sized + 'static {
        self.0.enter()
    }

    fn expects_wake(&self) -> bool {
        self.0.expects_wake()
    }
}
// ANCHOR_END: restless

pub fn run(_: &Args) -> Result<(), BadInput> {
    on_all().map_err(|error| BadInput::new(error.to_string()))
}
