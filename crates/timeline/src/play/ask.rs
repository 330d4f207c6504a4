//! What a reader may be asked before a step is shown, and why the answer is what it is.
//!
//! It is asked where there is a choice: when nobody runs any more, who runs next; before somebody prints, what.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::panes::Panes;
use super::{entry, has_flag, name, time};
use crate::{By, Event, Runnable, State, Trace, What};

/// A question has at most this many answers to choose from.
const CHOICES: usize = 4;

/// How far ahead the answer may lie, in events, and how far ahead other lines are looked for.
const HORIZON: usize = 2_000;
const LINES_AHEAD: usize = 400;

/// A question before a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Question {
    ask: &'static str,
    /// What to choose from.
    options: Vec<String>,
    /// Which of them is true.
    answer: usize,
    why: String,
    /// The options are lines that are printed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    lines: bool,
}

/// Who asks about a run.
#[derive(Debug)]
pub(super) struct Asker<'t> {
    trace: &'t Trace,
    flag: bool,
    /// Somebody is in the queue at some step.
    queues: bool,
    /// Names that several tasks have.
    twins: HashSet<&'t str>,
}

impl<'t> Asker<'t> {
    pub(super) fn of(trace: &'t Trace) -> Asker<'t> {
        let queues = |event: &Event| {
            matches!(
                event.what,
                What::Woken { again: false, .. } | What::CallbackQueued { .. }
            )
        };
        Asker {
            trace,
            flag: has_flag(trace),
            queues: trace.events.iter().any(queues),
            twins: twins(trace),
        }
    }

    /// What somebody is called, with the number where several have the name.
    fn name(&self, who: Runnable, state: &State<'_>) -> String {
        let name = name(who, state);
        match self.twins.contains(&*name) {
            true => format!("{name} {}", entry(who)),
            false => name,
        }
    }

    /// What to ask between `step`, which has led to `state`, and the next.
    pub(super) fn question(
        &self,
        step: usize,
        state: &State<'_>,
        panes: &Panes,
    ) -> Option<Question> {
        let now = &self.trace.events[step].what;
        let next = &self.trace.events.get(step + 1)?.what;
        match (now, next) {
            (What::Printed { .. }, What::Printed { .. }) => None,
            (_, What::Printed { text, .. }) => {
                self.about_line(step + 1, text, state, panes)
            }
            _ if stops(now) && state.running().is_empty() => self.about_task(step, state),
            _ => None,
        }
    }

    /// Who runs next, if that is for the loop to decide, and there are several it might be.
    fn about_task(&self, step: usize, state: &State<'_>) -> Option<Question> {
        let events = self.trace.events[step + 1..].iter().take(HORIZON);
        let until = events.clone().position(|event| {
            runs(&event.what).is_some() || is_unforeseen(&event.what)
        })?;
        let ahead = &self.trace.events[step + 1..step + 1 + until];
        let answer = runs(&self.trace.events[step + 1 + until].what)?;
        let is_there = match answer {
            Runnable::Task(task) => state.task(task).is_some(),
            Runnable::Callback(_) => state.queue().any(|who| who == answer),
        };
        let mut who = rivals(answer, state);
        if !is_there || who.is_empty() {
            return None;
        }
        who.push(answer);
        who.sort_by_key(|who| match who {
            Runnable::Task(task) => (0, *task),
            Runnable::Callback(callback) => (1, *callback),
        });
        Some(Question {
            ask: "Who runs next?",
            answer: who.iter().position(|it| *it == answer)?,
            options: who.iter().map(|who| self.name(*who, state)).collect(),
            why: self.why_task(answer, ahead, state),
            lines: false,
        })
    }

    fn why_task(&self, answer: Runnable, ahead: &[Event], state: &State<'_>) -> String {
        let who = self.name(answer, state);
        let requeued = |event: &Event| matches!(event.what, What::Requeued { .. });
        let is_first = state.queue().next() == Some(answer);
        match (is_first, state.queue().any(|it| it == answer)) {
            (true, _) if self.flag => return format!("The flag is up: {who} was woken."),
            (true, _) if !ahead.iter().any(requeued) => {
                return format!("{who} is at the front of the queue.");
            }
            (_, true) => {
                return format!(
                    "Those before {who} in the queue go to its end: they were woken while the loop waited."
                );
            }
            _ => {}
        }
        let empty = match (self.queues, self.flag) {
            (false, _) => "",
            (true, true) => "The flag is down. ",
            (true, false) => "Nobody is in the queue. ",
        };
        let wake = ahead.iter().find_map(|event| match event.what {
            What::Woken { task, by, .. } if Runnable::Task(task) == answer => {
                Some((by, &event.says))
            }
            _ => None,
        });
        let why = match (timer_of(answer, ahead, wake.map(|it| it.0), state), wake) {
            (Some(timer), _) => earliest(&who, timer, ahead, state),
            (None, Some((By::Socket(socket), _))) => {
                let socket = match state.sockets().get(socket as usize - 1) {
                    Some(known) => format!("{} {socket}", known.name),
                    None => "A socket".into(),
                };
                format!("{socket} becomes ready, and {who} waits for it.")
            }
            (None, Some((By::Mail, _))) => {
                format!("The loop reads its mail: a wake for {who}.")
            }
            (None, Some((By::Thread, _))) => format!("Another thread wakes {who}."),
            (None, Some((_, says))) => format!("{}.", capital(says)),
            (None, None) => {
                format!("Nobody has to wake {who}: it is polled in its turn.")
            }
        };
        format!("{empty}{why}")
    }

    /// Which line is printed next, if there are others to come that it might be.
    fn about_line(
        &self,
        at: usize,
        line: &str,
        state: &State<'_>,
        panes: &Panes,
    ) -> Option<Question> {
        let runner = state.running().last().copied();
        let mut lines = self.other_lines(at, line.trim(), runner);
        if lines.is_empty() {
            return None;
        }
        lines.push(line);
        // In an order that is the same every time, and gives nothing away.
        lines.sort_by_key(|line| scatter(line, at));
        let or_empty = |line: &&str| match line.trim() {
            "" => "(an empty line)".to_string(),
            line => line.to_string(),
        };
        Some(Question {
            ask: "What is printed next?",
            answer: lines.iter().position(|it| *it == line)?,
            options: lines.iter().map(or_empty).collect(),
            why: self.why_line(runner, state, panes),
            lines: true,
        })
    }

    fn why_line(
        &self,
        runner: Option<Runnable>,
        state: &State<'_>,
        panes: &Panes,
    ) -> String {
        let Some(runner) = runner else {
            return "Nobody runs: the program prints it by itself.".into();
        };
        let who = self.name(runner, state);
        let Runnable::Task(task) = runner else {
            return format!("{who} runs: the line is its own.");
        };
        if state.task(task).is_some_and(|known| known.is_dropping) {
            return format!("The future of {who} is dropped: its destructors run.");
        }
        match panes
            .stopped_at(task)
            .map(|place| &self.trace.places[place])
        {
            Some(place) => format!(
                "{who} runs. It goes on where it stopped, at line {} of {}, and this is what it prints next.",
                place.line,
                place.file.rsplit('/').next().unwrap_or_default()
            ),
            None => format!("{who} runs: the line is its own."),
        }
    }

    /// Lines that are printed later: the next of whoever runs, then those of others.
    fn other_lines(
        &self,
        at: usize,
        truth: &str,
        runner: Option<Runnable>,
    ) -> Vec<&'t str> {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        let (mut who, mut stack) = (runner, Vec::new());
        for event in self.trace.events[at + 1..].iter().take(LINES_AHEAD) {
            match &event.what {
                What::Printed { text, .. } if !["", truth].contains(&text.trim()) => {
                    let lines = if who == runner { &mut own } else { &mut others };
                    lines.push(&**text);
                }
                What::Dropping { task } => {
                    stack.push(who);
                    who = Some(Runnable::Task(*task));
                }
                what if runs(what).is_some() => {
                    stack.push(who);
                    who = runs(what);
                }
                what if stops(what) => who = stack.pop().flatten(),
                _ => {}
            }
        }
        let order = [
            own.first(),
            others.first(),
            own.get(1),
            others.get(1),
            own.get(2),
        ];
        let mut lines: Vec<&str> = Vec::new();
        for line in order.into_iter().flatten() {
            if !lines.iter().any(|it| it.trim() == line.trim()) {
                lines.push(line);
            }
        }
        lines.truncate(CHOICES - 1);
        lines
    }
}

/// The names that more than one task has, or has had.
fn twins(trace: &Trace) -> HashSet<&str> {
    let mut tasks: HashMap<&str, u32> = HashMap::new();
    let mut twins = HashSet::new();
    for event in &trace.events {
        if let What::Spawned { task, name, .. } | What::Named { task, name } = &event.what
        {
            let first = *tasks.entry(name).or_insert(*task);
            if first != *task {
                twins.insert(&**name);
            }
        }
    }
    twins
}

/// After these somebody runs no more; if nobody does, the loop chooses who is next.
fn stops(what: &What) -> bool {
    matches!(
        what,
        What::Pending { .. }
            | What::Finished { .. }
            | What::Cancelled { .. }
            | What::Panicked { .. }
            | What::CallbackReturned { .. }
            | What::LoopStarted { .. }
    )
}

fn runs(what: &What) -> Option<Runnable> {
    match *what {
        What::Polled { task } => Some(Runnable::Task(task)),
        What::CallbackCalled { callback } => Some(Runnable::Callback(callback)),
        _ => None,
    }
}

/// Where one of these comes first, it is not asked who runs next.
fn is_unforeseen(what: &What) -> bool {
    matches!(
        what,
        What::LoopEnded
            | What::LoopStarted { .. }
            | What::Printed { .. }
            | What::Dropping { .. }
    )
}

/// Whom the reader might take for the answer: first who else is ready, then who waits.
fn rivals(answer: Runnable, state: &State<'_>) -> Vec<Runnable> {
    let waits = (1..)
        .zip(state.tasks())
        .filter(|(_, task)| task.end.is_none());
    let waits = waits.map(|(number, _)| Runnable::Task(number));
    let mut found = Vec::new();
    for who in state.queue().take(CHOICES).chain(waits) {
        if who != answer && !found.contains(&who) {
            found.push(who);
        }
        if found.len() == CHOICES - 1 {
            break;
        }
    }
    found
}

/// The timer that fires on the way and lets `answer` run.
fn timer_of(
    answer: Runnable,
    ahead: &[Event],
    wake: Option<By>,
    state: &State<'_>,
) -> Option<u32> {
    if let Some(By::Timer(timer)) = wake {
        return Some(timer);
    }
    ahead.iter().find_map(|event| match event.what {
        What::TimerFired { timer, .. } => {
            let own = match setting(timer, ahead, state)?.1 {
                By::Task(task) => Runnable::Task(task) == answer,
                _ => false,
            };
            own.then_some(timer)
        }
        _ => None,
    })
}

/// When a timer is due, and who has set it or will have.
fn setting(timer: u32, ahead: &[Event], state: &State<'_>) -> Option<(u64, By)> {
    if let Some(known) = state.timers().get(timer as usize - 1) {
        return Some((known.deadline, known.by));
    }
    ahead.iter().find_map(|event| match event.what {
        What::TimerSet {
            timer: it,
            deadline,
            by,
            ..
        } if it == timer => Some((deadline, by)),
        _ => None,
    })
}

fn earliest(who: &str, timer: u32, ahead: &[Event], state: &State<'_>) -> String {
    let Some((deadline, _)) = setting(timer, ahead, state) else {
        return format!("Timer {timer} fires, and {who} has set it.");
    };
    let live = |it: &(u32, &crate::Timer)| it.1.is == crate::TimerState::Live;
    let mut others = (1..).zip(state.timers()).filter(live);
    let first = match others.any(|(it, known)| it != timer && known.deadline == deadline)
    {
        true => ", and set before the others that are due then",
        false => "",
    };
    let due = time(deadline);
    format!("The earliest timer is that of {who}: timer {timer}, due at {due}{first}.")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A number that depends on all of `line` (FNV-1a).
fn scatter(line: &str, seed: usize) -> u32 {
    let start = 2_166_136_261 ^ u32::try_from(seed).unwrap_or(0);
    let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(16_777_619);
    line.bytes().fold(start, mix)
}
