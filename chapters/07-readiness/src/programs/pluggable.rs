//! One program on five loops: which way of waiting and which clock is chosen in one place.
//!
//! rows: P20
//! twin: own, asyncio's parts have other names; what plugs in is a selector

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::Reactor;
use tasks::{Executor, spawn};
use timers::{Timers, now, sleep_until};
use trace::say;
use wakers::{Park, ThreadPark};

// ANCHOR: program
/// Two tasks, the second of which is the first to end. It knows nothing of any loop.
async fn program() -> String {
    let (start, order) = (now(), Rc::new(RefCell::new(Vec::new())));
    let tasks = [("slow", 20), ("fast", 10)].map(|(name, millis)| {
        let order = Rc::clone(&order);
        let deadline = start.saturating_add(Duration::from_millis(millis));
        spawn(async move {
            sleep_until(deadline).await;
            order.borrow_mut().push(name);
        })
    });
    for task in tasks {
        task.await;
    }
    order.borrow().join(", then ")
}
// ANCHOR_END: program

// ANCHOR: on
fn on<P: Park + 'static>(name: &str, park: P, clock: Clock) {
    let mut executor = Executor::new(Timers::new(park, clock));
    say!("{name:26} {}", executor.run_until_complete(program()));
}

fn on_all() -> io::Result<()> {
    on("a thread, wall clock:", ThreadPark::new(), Clock::real());
    on(
        "a thread, virtual time:",
        ThreadPark::new(),
        Clock::virtual_time(),
    );
    on("a reactor, wall clock:", Reactor::new()?, Clock::real());
    on(
        "a reactor, virtual time:",
        Reactor::new()?,
        Clock::virtual_time(),
    );
    on(
        "no rest, wall clock:",
        Restless(ThreadPark::new()),
        Clock::real(),
    );
    Ok(())
}
// ANCHOR_END: on

// ANCHOR: restless
/// A way to wait of our own: it never sleeps, and answers a little sooner for that.
struct Restless(ThreadPark);

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
