//! The run in Chrome's trace-event format, which Perfetto reads.
//!
//! Each task is a thread of one process and each of its polls a *complete event* (`ph: "X"`); callbacks, timers,
//! sockets, the inbox and those outside are threads of a second process. A wake is a *flow* (`s` to `f`) from whoever
//! wakes to the next run of whoever is woken, and so is mail, up to where it is read; what is printed is an *instant*
//! (`i`), and so is the end of a task that does not run. Simulated hosts are threads of a third process: a message is a
//! short event where it is sent and where it arrives, with a flow from the one to the other.
//!
//! There, running takes time. On the virtual clock it takes none, and every step of one instant would fall on the
//! same point. So each step that is not measured is given a microsecond, and `otherData` says so.

mod flow;
mod hosts;

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::chrome_entry::{Entry, NOTHING, micros};
use crate::missing::number;
use crate::{ClockKind, Damaged, Event, Letter, Replay, Runnable, State, Trace, What};
use flow::Flow;

/// What a step takes that no clock measures, and what one takes at least that the wall clock does, in nanoseconds.
const STEP: u64 = 1_000;
const LEAST: u64 = 100;

/// Between two loops, in nanoseconds.
const BREAK: u64 = 1_000_000;

/// The process of the tasks, that of all others on their loop, and that of simulated hosts.
const TASKS: u32 = 1;
const OTHERS: u32 = 2;
const HOSTS: u32 = 3;

/// The threads of the second process.
const NAMES: [(u32, &str); 5] = [
    (CALLBACKS, "callbacks"),
    (TIMERS, "timers"),
    (SOCKETS, "sockets"),
    (OUTSIDE, "outside"),
    (INBOX, "inbox"),
];
const CALLBACKS: u32 = 1;
const TIMERS: u32 = 2;
const SOCKETS: u32 = 3;
const OUTSIDE: u32 = 4;
const INBOX: u32 = 5;

impl Trace {
    /// The run in Chrome's trace-event format: a JSON document that <https://ui.perfetto.dev> opens.
    ///
    /// # Errors
    ///
    /// If the trace is damaged.
    ///
    /// ```
    /// let trace = timeline::Trace::new("ch02-event-loop", "taxi", &[]);
    /// let json: serde_json::Value = serde_json::from_str(&trace.to_chrome()?).unwrap();
    /// assert_eq!(json["displayTimeUnit"], "ms");
    /// # Ok::<(), timeline::Damaged>(())
    /// ```
    pub fn to_chrome(&self) -> Result<String, Damaged> {
        let mut chrome = Chrome::default();
        let mut replay = Replay::new(self);
        for (pid, name) in [
            (TASKS, "tasks"),
            (OTHERS, "the loop, and what is around it"),
        ] {
            chrome.metadata("process_name", (pid, 0), json!({ "name": name }));
        }
        while let Some(event) = self.events.get(replay.played()) {
            let step = replay.played();
            replay.apply(event)?;
            chrome.see(self, (step, event), replay.state());
        }
        let state = replay.finish()?;
        chrome.stop_left(&State::default());
        for (task, number) in state.tasks().iter().zip(1..) {
            chrome.metadata("thread_name", (TASKS, number), json!({ "name": task.name }));
        }
        chrome.name_hosts(state.network());
        for (tid, name) in NAMES {
            if chrome.seen[tid as usize].is_some() {
                chrome.metadata("thread_name", (OTHERS, tid), json!({ "name": name }));
            }
        }
        Ok(chrome.finish(self))
    }
}

/// Who runs, and since when.
struct Open {
    who: Runnable,
    since: u64,
    step: usize,
}

#[derive(Default)]
struct Chrome {
    entries: Vec<String>,
    /// In nanoseconds, on the axis of the drawing: it only grows.
    now: u64,
    /// What the current step takes at least, in nanoseconds.
    step: u64,
    /// What is added to the loop's clock.
    shift: u64,
    clock: Option<ClockKind>,
    open: Vec<Open>,
    /// The flows on their way to each task, or to a callback.
    flows: HashMap<Runnable, Vec<Flow>>,
    /// What lies in the inbox, and the flow that is to end where it is read.
    mail: Vec<(Letter, Option<Flow>)>,
    last_flow: u64,
    /// Of each message of simulated hosts, when it was sent, in nanoseconds.
    sent: Vec<u64>,
    /// The threads of the second process that there are, and when each was last seen to do something.
    seen: [Option<u64>; 6],
    estimated: bool,
}

impl Chrome {
    fn push(&mut self, entry: &Entry<'_>) {
        let json = serde_json::to_string(entry).expect("only strings and numbers");
        self.entries.push(json);
    }

    fn metadata(&mut self, name: &str, (pid, tid): (u32, u32), args: Value) {
        let entry = Entry {
            name,
            cat: "__metadata",
            ph: "M",
            pid,
            tid,
            args,
            ..NOTHING
        };
        self.push(&entry);
    }

    fn see(&mut self, trace: &Trace, (step, event): (usize, &Event), state: &State<'_>) {
        self.tell_time(event);
        match &event.what {
            What::Polled { task } | What::Dropping { task } => {
                self.start(Runnable::Task(*task), step);
            }
            What::CallbackCalled { callback } => {
                self.start(Runnable::Callback(*callback), step);
            }
            What::Pending { task, place, why } => {
                let place = place.and_then(|place| trace.places.get(place));
                let args = json!({
                    "waits for": why,
                    "at": place.map(|place| format!("{}: {}", place.file, place.text)),
                });
                self.stop(Runnable::Task(*task), args);
            }
            What::Finished { task } => {
                self.end(*task, json!({ "ends": "finished" }), step)
            }
            What::Dropped { task } => self.end(*task, json!({ "ends": "dropped" }), step),
            What::Cancelled { task } => {
                self.end(*task, json!({ "ends": "cancelled" }), step)
            }
            What::Panicked { task, message } => {
                let args = json!({ "ends": "panicked", "message": message });
                self.end(*task, args, step);
            }
            What::CancelAsked { task, .. } => {
                self.instant(("cancel", "is asked to end"), (TASKS, *task), step);
            }
            What::CallbackReturned { callback } => {
                self.stop(Runnable::Callback(*callback), Value::Null);
            }
            What::Woken {
                task,
                by,
                again: false,
            } => {
                self.flow(*by, Runnable::Task(*task), step);
            }
            What::CallbackQueued { callback, by } => {
                self.flow(*by, Runnable::Callback(*callback), step);
            }
            What::TimerFired { timer, .. } => {
                self.moment((OTHERS, TIMERS), &format!("timer {timer}"), step);
            }
            What::Ready { .. } | What::Tried { .. } => {
                self.moment((OTHERS, SOCKETS), &event.says, step);
            }
            What::Printed { text, host } => self.printed(text, *host, step),
            What::LoopEnded => self.stop_left(state),
            What::Mailed { .. } | What::MailRead { .. } | What::MailRefused { .. } => {
                self.see_mail((step, event));
            }
            _ => self.see_host((step, event), state.network()),
        }
    }

    /// Moves on to the time of `event`.
    fn tell_time(&mut self, event: &Event) {
        if let What::LoopStarted { clock, .. } = event.what {
            self.clock = Some(clock);
            if self.shift + event.at < self.now {
                self.shift = self.now + BREAK - event.at.min(self.now);
            }
        }
        let at = self.shift.saturating_add(event.at);
        let real = self.clock == Some(ClockKind::Real);
        self.estimated |= !real;
        self.step = if real { LEAST } else { STEP };
        self.now = at.max(self.now.saturating_add(self.step));
    }

    fn start(&mut self, who: Runnable, step: usize) {
        let since = self.now;
        self.open.push(Open { who, since, step });
        for flow in self.flows.remove(&who).unwrap_or_default() {
            let thread = self.thread(who);
            self.bind(flow, thread);
        }
    }

    /// The end of a task. One that does not run ends in an instant.
    fn end(&mut self, task: u32, args: Value, step: usize) {
        let ends = args["ends"].as_str().unwrap_or_default().to_string();
        if !self.stop(Runnable::Task(task), args) {
            self.instant(("end", &ends), (TASKS, task), step);
        }
    }

    /// False if it did not run.
    fn stop(&mut self, who: Runnable, mut args: Value) -> bool {
        let Some(index) = self.open.iter().rposition(|open| open.who == who) else {
            return false;
        };
        let Open { since, step, .. } = self.open.remove(index);
        if let Value::Object(args) = &mut args {
            args.retain(|_, value| !value.is_null());
            args.insert("step".into(), step.into());
        }
        let (pid, tid) = self.thread(who);
        let (ts, dur) = (Some(micros(since)), Some(micros(self.now - since)));
        let name = match who {
            Runnable::Task(_) => "runs".to_string(),
            Runnable::Callback(callback) => format!("callback {callback}"),
        };
        let (name, cat, ph) = (name.as_str(), "poll", "X");
        self.push(&Entry {
            name,
            cat,
            ph,
            ts,
            dur,
            pid,
            tid,
            args,
            ..NOTHING
        });
        true
    }

    /// After a panic, or at the end: those who ran, and run no more.
    fn stop_left(&mut self, state: &State<'_>) {
        let left = self.open.iter().map(|open| open.who);
        let left: Vec<Runnable> =
            left.filter(|who| !state.running().contains(who)).collect();
        for who in left.into_iter().rev() {
            self.stop(who, json!({}));
        }
    }

    fn thread(&mut self, who: Runnable) -> (u32, u32) {
        match who {
            Runnable::Task(task) => (TASKS, task),
            Runnable::Callback(_) => {
                self.seen[CALLBACKS as usize] = Some(self.now);
                (OTHERS, CALLBACKS)
            }
        }
    }

    /// Something short that happens on a thread that is no task's.
    fn moment(&mut self, (pid, tid): (u32, u32), name: &str, step: usize) {
        if pid == OTHERS {
            self.seen[tid as usize] = Some(self.now);
        }
        let (ts, dur) = (Some(micros(self.now)), Some(micros(self.step)));
        let cat = if pid == OTHERS { "loop" } else { "message" };
        let (ph, args) = ("X", json!({ "step": step }));
        self.push(&Entry {
            name,
            cat,
            ph,
            ts,
            dur,
            pid,
            tid,
            args,
            ..NOTHING
        });
    }

    fn printed(&mut self, text: &str, host: Option<u32>, step: usize) {
        let (pid, tid) = match (host, self.open.last().map(|open| open.who)) {
            (Some(host), _) => (HOSTS, host),
            (None, Some(who)) => self.thread(who),
            (None, None) => {
                self.seen[OUTSIDE as usize] = Some(self.now);
                (OTHERS, OUTSIDE)
            }
        };
        self.instant(("print", text), (pid, tid), step);
    }

    fn instant(
        &mut self,
        (cat, name): (&'static str, &str),
        (pid, tid): (u32, u32),
        step: usize,
    ) {
        let (ph, s) = ("i", Some("t"));
        let (ts, args) = (Some(micros(self.now)), json!({ "step": step }));
        self.push(&Entry {
            name,
            cat,
            ph,
            ts,
            pid,
            tid,
            s,
            args,
            ..NOTHING
        });
    }

    fn finish(self, trace: &Trace) -> String {
        let mut other = json!({
            // By which such a file is told from other people's.
            "format": crate::FORMAT,
            "program": format!("{} {}", trace.chapter, trace.program),
            "steps": number(trace.events.len()),
        });
        if self.estimated {
            other["time"] =
                "The virtual clock stands still while somebody runs: here each step is \
                             given a microsecond, so that it can be seen."
                    .into();
        }
        if trace.left_out > 0 {
            other["not recorded"] = trace.left_out.into();
        }
        format!(
            "{{\"displayTimeUnit\": \"ms\",\n\"otherData\": {other},\n\"traceEvents\": [\n{}\n]}}\n",
            self.entries.join(",\n")
        )
    }
}
