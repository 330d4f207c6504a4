//! Chapter 2, exercise 2: a taxi that always asks for the present moment, beside one that is due then.

use chapter::{Args, BadInput};
use event_loop::{Clock, EventLoop, Time};
use generators::{Coroutine, CoroutineState};
use trace::say;

// ANCHOR: main
struct Bus {
    name: char,
    timetable: std::vec::IntoIter<u64>,
}

impl Coroutine<Time> for Bus {
    type Yield = Time;
    type Return = ();

    fn resume(&mut self, now: Time) -> CoroutineState<Time, ()> {
        say!("{} s  {}", now.as_secs(), self.name);
        match self.timetable.next() {
            Some(second) => CoroutineState::Yielded(Time::from_secs(second)),
            None => CoroutineState::Complete(()),
        }
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut event_loop = EventLoop::new(Clock::virtual_time());
    for (name, timetable) in [('A', vec![0, 0, 0]), ('B', vec![0, 1])] {
        event_loop.start(Bus {
            name,
            timetable: timetable.into_iter(),
        });
    }
    event_loop.run();
    Ok(())
}
// ANCHOR_END: main
