//! A coroutine for chapter 2's loop that notes when it is resumed.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use event_loop::{Clock, EventLoop, Time};
use generators::{Coroutine, CoroutineState};

/// When which coroutine was resumed for the how-manieth time.
pub(crate) type Log = Rc<RefCell<Vec<(u64, usize, usize)>>>;

/// Sleeps for each of its waits, in nanoseconds, and notes each resume.
pub(crate) struct Sleeper {
    pub number: usize,
    pub waits: Vec<u64>,
    pub resumes: usize,
    pub log: Log,
}

impl Coroutine<Time> for Sleeper {
    type Yield = Time;
    type Return = usize;

    fn resume(&mut self, now: Time) -> CoroutineState<Time, usize> {
        self.log
            .borrow_mut()
            .push((now.as_nanos(), self.number, self.resumes));
        let wait = self.waits.get(self.resumes).copied();
        self.resumes += 1;
        match wait {
            Some(wait) => {
                CoroutineState::Yielded(now.saturating_add(Duration::from_nanos(wait)))
            }
            None => CoroutineState::Complete(self.number),
        }
    }
}

/// Drives a sleeper for each of `nights`: what was noted, and when the last one was over.
pub(crate) fn run(nights: &[Vec<u64>]) -> (Vec<(u64, usize, usize)>, Time) {
    let log = Log::default();
    let mut event_loop = EventLoop::new(Clock::virtual_time());
    for (number, waits) in nights.iter().enumerate() {
        let log = Rc::clone(&log);
        event_loop.start(Sleeper {
            number,
            waits: waits.clone(),
            resumes: 0,
            log,
        });
    }
    let end = event_loop.run();
    (log.take(), end)
}
