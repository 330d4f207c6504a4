//! Chapter 2, exercise 3: two church clocks, one strikes every two seconds and one every three.

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, EventLoop, Time};
use generators::{Coroutine, CoroutineState};
use trace::say;

// ANCHOR: main
struct Church {
    name: &'static str,
    every: u64,
    strikes: u32,
}

impl Coroutine<Time> for Church {
    type Yield = Time;
    type Return = ();

    fn resume(&mut self, now: Time) -> CoroutineState<Time, ()> {
        if now > Time::ZERO {
            say!("{} s  {}", now.as_secs(), self.name);
        }
        if self.strikes == 0 {
            return CoroutineState::Complete(());
        }
        self.strikes -= 1;
        CoroutineState::Yielded(now.saturating_add(Duration::from_secs(self.every)))
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut event_loop = EventLoop::new(Clock::virtual_time());
    event_loop.start(Church {
        name: "ding",
        every: 2,
        strikes: 3,
    });
    event_loop.start(Church {
        name: "dong",
        every: 3,
        strikes: 2,
    });
    event_loop.run();
    Ok(())
}
// ANCHOR_END: main
