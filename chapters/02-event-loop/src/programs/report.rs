//! A report and an e-mail, one after another and at once: the waits overlap, the work does not.
//!
//! A minute of the story is a second on the clock.
//!
//! rows: P43
//! twin: same
//! clock: virtual

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, EventLoop, Time};
use generators::{Coroutine, CoroutineState};
use trace::say;

/// What began at which minute.
type Log = Rc<RefCell<BTreeMap<u64, Vec<&'static str>>>>;

const REPORT: [(&str, u64); 3] = [
    ("enter the figures", 1),
    ("(report is made)", 5),
    ("check the report", 1),
];
const EMAIL: [(&str, u64); 1] = [("write the e-mail", 3)];

// ANCHOR: script
/// Goes through steps of known lengths, in minutes.
struct Script {
    /// What the picture calls it.
    name: &'static str,
    steps: std::vec::IntoIter<(&'static str, u64)>,
    log: Log,
}

impl Coroutine<Time> for Script {
    type Yield = Time;
    type Return = ();

    fn resume(&mut self, now: Time) -> CoroutineState<Time, ()> {
        trace::name(format_args!("{}", self.name));
        let Some((step, minutes)) = self.steps.next() else {
            return CoroutineState::Complete(());
        };
        self.log
            .borrow_mut()
            .entry(now.as_secs())
            .or_default()
            .push(step);
        trace::suspended(trace::here(), step);
        CoroutineState::Yielded(now.saturating_add(Duration::from_secs(minutes)))
    }
}
// ANCHOR_END: script

// ANCHOR: timeline
/// Runs each list of steps as a coroutine, and says what began when.
fn timeline(
    args: &Args,
    scripts: Vec<(&'static str, Vec<(&'static str, u64)>)>,
) -> BTreeMap<u64, Vec<&'static str>> {
    let log = Log::default();
    let mut event_loop = EventLoop::new(Clock::real_if(args.real()));
    for (name, steps) in scripts {
        event_loop.start(Script {
            name,
            steps: steps.into_iter(),
            log: Rc::clone(&log),
        });
    }
    let end = event_loop.run();
    log.borrow_mut()
        .entry(end.as_secs())
        .or_default()
        .push("all done");
    log.take()
}
// ANCHOR_END: timeline

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let both = [&REPORT[..], &EMAIL].concat();
    let one_by_one = timeline(args, vec![("one by one", both)]);
    let email = [&[("(wait for the figures)", 1)], &EMAIL[..]].concat();
    let at_once = timeline(args, vec![("report", REPORT.to_vec()), ("e-mail", email)]);
    say!("minute  {:20}at once", "one after another");
    for minute in 0..=10 {
        let what = |timeline: &BTreeMap<_, Vec<&str>>| {
            timeline
                .get(&minute)
                .map(|steps| steps.join(", "))
                .unwrap_or_default()
        };
        say!(
            "{}",
            format!("{minute:6}  {:20}{}", what(&one_by_one), what(&at_once)).trim_end()
        );
    }
    Ok(())
}
// ANCHOR_END: main
