//! A taxi that asks for a moment in the past: it is resumed at once, after those already due, and time goes on.
//!
//! twin: same
//! clock: virtual

use chapter::{Args, BadInput};
use event_loop::{Clock, EventLoop, Time};
use generators::{Coroutine, CoroutineState};
use trace::say;

// ANCHOR: taxi
/// A taxi with a timetable: whatever the time is, it asks for the next line of it.
struct Bus {
    name: char,
    timetable: std::vec::IntoIter<u64>,
}

impl Coroutine<Time> for Bus {
    type Yield = Time;
    type Return = ();

    fn resume(&mut self, now: Time) -> CoroutineState<Time, ()> {
        trace::name(format_args!("bus {}", self.name));
        match self.timetable.next() {
            Some(second) => {
                say!(
                    "{} s  {} wants to go on at {second} s",
                    now.as_secs(),
                    self.name
                );
                trace::suspended(trace::here(), "yield");
                CoroutineState::Yielded(Time::from_secs(second))
            }
            None => {
                say!("{} s  {} is home", now.as_secs(), self.name);
                CoroutineState::Complete(())
            }
        }
    }
}
// ANCHOR_END: taxi

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let mut event_loop = EventLoop::new(clock);
    for (name, timetable) in [('A', vec![5, 2, 7]), ('B', vec![5, 6])] {
        event_loop.start(Bus {
            name,
            timetable: timetable.into_iter(),
        });
    }
    let total = event_loop.run();
    say!("total: {} s", total.as_secs());
    Ok(())
}
