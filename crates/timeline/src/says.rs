//! Every event in a sentence.

use std::collections::HashMap;

use crate::{By, ClockKind, Mail, Outcome, Way, What};

/// Says each event of a trace in a sentence; it learns the names on the way, so it must hear every event, in order.
#[derive(Debug, Default)]
pub struct Teller {
    tasks: HashMap<u32, String>,
    sockets: HashMap<u32, String>,
    hosts: HashMap<u32, String>,
    messages: HashMap<u32, (u32, u32, String)>,
    faults: HashMap<u32, String>,
    /// Of each loop that runs, whether it is a loop of one.
    of_one: Vec<bool>,
}

impl Teller {
    /// One who has heard nothing yet.
    pub fn new() -> Teller {
        Teller::default()
    }

    /// The name of a task.
    pub fn task(&self, task: u32) -> String {
        self.tasks
            .get(&task)
            .cloned()
            .unwrap_or_else(|| format!("task {task}"))
    }

    fn socket(&self, socket: u32) -> String {
        let name = self.sockets.get(&socket);
        name.cloned().unwrap_or_else(|| format!("socket {socket}"))
    }

    fn by(&self, by: By) -> String {
        match by {
            By::Task(task) => self.task(task),
            By::Callback(callback) => format!("callback {callback}"),
            By::Timer(timer) => format!("timer {timer}"),
            By::Socket(socket) => self.socket(socket),
            By::Mail => "the mail".into(),
            By::Loop => "the loop".into(),
            By::Thread => "another thread".into(),
            By::Program => "the program".into(),
        }
    }

    /// `what` in a sentence, without the time.
    pub fn tell(&mut self, what: &What) -> String {
        match what {
            What::LoopStarted { clock, of_one } => {
                self.of_one.push(*of_one);
                match clock {
                    ClockKind::Virtual => "a loop starts, on the virtual clock".into(),
                    ClockKind::Real => "a loop starts, on the wall clock".into(),
                    ClockKind::None => "a loop starts".into(),
                }
            }
            What::LoopEnded => {
                self.of_one.pop();
                "the loop ends".into()
            }
            What::Jumped { to } => {
                format!("nothing can happen now: the clock jumps to {}", time(*to))
            }
            What::Parked { until: Some(until) } => {
                format!("the loop waits until {}", time(*until))
            }
            What::Parked { until: None } => "the loop waits until somebody calls".into(),
            What::Unparked => "the loop goes on".into(),
            What::Printed { text, host: None } => format!("prints: {text}"),
            What::Printed {
                text,
                host: Some(host),
            } => format!("{} prints: {text}", self.host(*host)),
            _ => self.tell_of_task(what),
        }
    }

    fn tell_of_task(&mut self, what: &What) -> String {
        match what {
            What::Spawned { task, name, place } => {
                self.tasks.insert(*task, name.clone());
                // Nobody spawned a coroutine that no loop drives, nor what a loop was given to run.
                match place {
                    Some(_) => format!("{name} is spawned"),
                    None => format!("{name} is made"),
                }
            }
            What::Named { task, name } => {
                let before = self.tasks.insert(*task, name.clone());
                format!("{} is called {name}", before.unwrap_or_default())
            }
            What::Woken { task, by, again } => {
                let (who, by) = (self.task(*task), self.by_whom(*by, *task));
                let so = match (self.of_one.last(), again) {
                    (Some(true), false) => ": the flag goes up",
                    (Some(true), true) => ": the flag is up already",
                    (_, false) => ", and queues up",
                    (_, true) => ", and is in the queue already",
                };
                format!("{who} is woken by {by}{so}")
            }
            What::Requeued { task } => {
                format!(
                    "{}, woken while the loop waited, goes to the end of the queue",
                    self.task(*task)
                )
            }
            What::Polled { task } => format!("{} runs", self.task(*task)),
            What::Pending {
                task,
                why: Some(why),
                ..
            } => {
                format!("{} stops half-way: {why}", self.task(*task))
            }
            What::Pending { task, .. } => format!("{} stops half-way", self.task(*task)),
            What::Finished { task } => format!("{} is over", self.task(*task)),
            What::Dropped { task } => {
                format!("{} is dropped before its end", self.task(*task))
            }
            What::CancelAsked { task, by } => {
                format!(
                    "{} asks for {} to be cancelled",
                    self.by(*by),
                    self.task(*task)
                )
            }
            What::Dropping { task } => {
                format!("{} is to end: its future is dropped", self.task(*task))
            }
            What::Cancelled { task } => format!("{} is cancelled", self.task(*task)),
            What::Panicked { task, message } if message.is_empty() => {
                format!("{} panics", self.task(*task))
            }
            What::Panicked { task, message } => {
                format!("{} panics: {message}", self.task(*task))
            }
            _ => self.tell_of_source(what),
        }
    }

    fn tell_of_mail(&mut self, what: &What) -> String {
        match *what {
            What::Mailed { what, task, by } => {
                let (by, letter) = (self.by(by), self.letter(what, task));
                format!("{by} sends the loop {letter}")
            }
            What::MailRead { what, task } => {
                format!("the loop reads its mail: {}", self.letter(what, task))
            }
            What::MailRefused { what, task } => {
                let letter = self.letter(what, task);
                format!("the loop is closed, and has not read {letter}")
            }
            _ => self.tell_of_network(what),
        }
    }

    fn letter(&self, what: Mail, task: Option<u32>) -> String {
        let whose = |between| {
            let task = task.map(|task| self.task(task));
            task.map_or(String::new(), |task| format!(" {between} {task}"))
        };
        match what {
            Mail::Wake => format!("a wake{}", whose("for")),
            Mail::Drop => format!("a reference{}", whose("to")),
            Mail::Call => format!("a call{}", whose("for")),
        }
    }

    fn tell_of_source(&mut self, what: &What) -> String {
        match what {
            What::CallbackQueued { callback, by } => {
                format!("callback {callback} of {} queues up", self.by(*by))
            }
            What::CallbackCalled { callback } => format!("callback {callback} runs"),
            What::CallbackReturned { callback } => format!("callback {callback} returns"),
            What::TimerSet {
                timer,
                deadline,
                by,
                ..
            } => {
                format!(
                    "{} sets timer {timer} for {}",
                    self.by(*by),
                    time(*deadline)
                )
            }
            What::TimerFired { timer, .. } => format!("timer {timer} fires"),
            What::TimerCancelled { timer, .. } => format!("timer {timer} is cancelled"),
            What::SocketOpened { socket, name } => {
                let name = format!("{name} {socket}");
                let says = format!("{name} is registered");
                self.sockets.insert(*socket, name);
                says
            }
            What::Tried {
                socket,
                way,
                outcome,
            } => {
                let how = match outcome {
                    Outcome::Done => "and it works",
                    Outcome::WouldBlock => "and it would block",
                    Outcome::Failed => "and it fails",
                };
                format!(
                    "{} is tried for {}, {how}",
                    self.socket(*socket),
                    way_name(*way)
                )
            }
            What::Ready {
                socket,
                way,
                closed,
            } => {
                let why = if *closed {
                    ": the other side is gone"
                } else {
                    ""
                };
                let way = way_name(*way);
                format!(
                    "the operating system tells that {} is ready for {way}{why}",
                    self.socket(*socket)
                )
            }
            What::SocketClosed { socket } => {
                format!("{} is closed", self.socket(*socket))
            }
            _ => self.tell_of_mail(what),
        }
    }

    fn tell_of_network(&mut self, what: &What) -> String {
        match what {
            What::HostStarted { host, name } => {
                let before = self.hosts.insert(*host, name.clone());
                let again = if before.is_some() { " again" } else { "" };
                format!("{name} starts{again}")
            }
            What::HostStopped { host, .. } => format!("{} stops", self.host(*host)),
            What::HostEnded { host } => format!("{} has done its work", self.host(*host)),
            What::HostIs { host, what, .. } => format!("{} {what}", self.host(*host)),
            What::Sent {
                message,
                from,
                to,
                about,
                twice,
            } => {
                let known = (*from, *to, about.clone());
                self.messages.insert(*message, known);
                let twice = if *twice {
                    ", which will come twice"
                } else {
                    ""
                };
                let (from, to) = (self.host(*from), self.host(*to));
                format!("{from} sends {to}: {about}{twice}")
            }
            What::Arrived { message } => {
                let (from, to, about) = self.message(*message);
                format!("{to} gets from {from}: {about}")
            }
            What::Lost { message } => {
                let (from, to, about) = self.message(*message);
                format!("lost on the way from {from} to {to}: {about}")
            }
            What::FaultBegan { fault, what, .. } => {
                self.faults.insert(*fault, what.clone());
                format!("fault: {what}")
            }
            What::FaultOver { fault } => {
                let what = self.faults.get(fault).cloned();
                format!("over: {}", what.unwrap_or_default())
            }
            _ => String::new(),
        }
    }

    /// The name of a simulated host.
    pub fn host(&self, host: u32) -> String {
        let name = self.hosts.get(&host);
        name.cloned().unwrap_or_else(|| format!("host {host}"))
    }

    /// Who sends a message, to whom, and what it says.
    pub fn message(&self, message: u32) -> (String, String, String) {
        match self.messages.get(&message) {
            Some((from, to, about)) => (self.host(*from), self.host(*to), about.clone()),
            None => ("?".into(), "?".into(), format!("message {message}")),
        }
    }

    fn by_whom(&self, by: By, task: u32) -> String {
        if by == By::Task(task) {
            "itself".into()
        } else {
            self.by(by)
        }
    }
}

fn way_name(way: Way) -> &'static str {
    match way {
        Way::Read => "reading",
        Way::Write => "writing",
    }
}

/// `nanos` as people write it: `3 s`, `2.5 s`, `250 ms`, `17 µs`.
pub(crate) fn time(nanos: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (1_000_000_000, "s"),
        (1_000_000, "ms"),
        (1_000, "µs"),
        (1, "ns"),
    ];
    let of = |(size, _): &&(u64, &str)| nanos >= *size;
    let (size, unit) = match nanos {
        0 => UNITS[0],
        _ => *UNITS.iter().find(of).expect("at least a nanosecond"),
    };
    // Three places at most: what is below a thousandth of the unit says nothing.
    let thousandths = u128::from(nanos) * 1000 / u128::from(size);
    let (whole, part) = (thousandths / 1000, thousandths % 1000);
    match part {
        0 => format!("{whole} {unit}"),
        _ => format!(
            "{} {unit}",
            format!("{whole}.{part:03}").trim_end_matches('0')
        ),
    }
}
