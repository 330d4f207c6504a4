//! A run in two or three sentences, for those who do not see the picture.

use crate::missing::number;
use crate::says::time;
use crate::{ClockKind, Damaged, Event, Message, Phase, Replay, State, Trace, What};

/// What is added up over a run.
#[derive(Default)]
struct Sums {
    /// How long each task has waited, in nanoseconds.
    waited: Vec<u64>,
    /// Since when those wait who do.
    since: Vec<Option<u64>>,
    /// How long all clocks ran, in nanoseconds.
    passed: u64,
    loops: usize,
    wall_clock: bool,
    virtual_clock: bool,
}

impl Trace {
    /// The run in two or three sentences, to be read instead of a picture: how many tasks there are, how many steps
    /// and how much time it takes, and who runs most often and who waits longest, if that is one task alone.
    ///
    /// # Errors
    ///
    /// If the trace is damaged.
    ///
    /// ```
    /// # let json = r#"{"format": "from-yield-to-await trace", "version": 1, "chapter": "", "program": "taxi",
    /// #     "args": [], "places": [], "sources": [], "left_out": 0, "events": [
    /// #     {"at": 0, "kind": "spawned", "task": 1, "name": "taxi A", "place": null, "says": ""},
    /// #     {"at": 0, "kind": "polled", "task": 1, "says": ""},
    /// #     {"at": 0, "kind": "finished", "task": 1, "says": ""}]}"#;
    /// let trace = timeline::Trace::parse(json)?;
    /// assert_eq!(trace.alt()?, "1 task, taxi A, in 3 steps.");
    /// # Ok::<(), timeline::Damaged>(())
    /// ```
    pub fn alt(&self) -> Result<String, Damaged> {
        let mut sums = Sums::default();
        let mut replay = Replay::new(self);
        while let Some(event) = self.events.get(replay.played()) {
            let before = replay.state().now();
            replay.apply(event)?;
            sums.see(event, before, replay.state());
        }
        let state = replay.finish()?;
        Ok(sums.says(self, &state))
    }

    /// Who is in the run, and nothing that one might be asked: the first and the last task by their names.
    ///
    /// # Errors
    ///
    /// If the trace is damaged.
    pub fn cast(&self) -> Result<String, Damaged> {
        Ok(names(&Replay::new(self).finish()?))
    }
}

impl Sums {
    fn see(&mut self, event: &Event, before: u64, state: &State<'_>) {
        let now = state.now();
        match event.what {
            What::LoopStarted { clock, .. } => {
                self.loops += 1;
                self.wall_clock |= clock == ClockKind::Real;
                self.virtual_clock |= clock == ClockKind::Virtual;
                // Another clock: who waits, waits anew.
                for since in self.since.iter_mut().flatten() {
                    *since = now;
                }
            }
            _ => self.passed = self.passed.saturating_add(now.saturating_sub(before)),
        }
        self.waited.resize(state.tasks().len(), 0);
        self.since.resize(state.tasks().len(), None);
        let Some(index) =
            task_of(&event.what).and_then(|task| (task as usize).checked_sub(1))
        else {
            return;
        };
        let waits = state.tasks()[index].phase() == Phase::Waiting;
        match (self.since[index], waits) {
            (None, true) => self.since[index] = Some(now),
            (Some(since), false) => {
                let waited = &mut self.waited[index];
                *waited = waited.saturating_add(now.saturating_sub(since));
                self.since[index] = None;
            }
            _ => {}
        }
    }

    fn says(&self, trace: &Trace, state: &State<'_>) -> String {
        let tasks = state.tasks();
        let hosts = state.network().hosts();
        if !hosts.is_empty() && tasks.is_empty() {
            return self.says_of_hosts(trace, state);
        }
        let who = match tasks {
            [] => "No task".to_string(),
            [_] => format!("1 task, {},", names(state)),
            _ => format!("{} tasks, {},", number(tasks.len()), names(state)),
        };
        let mut says = format!("{who} in {}", count(trace.events.len(), "step"));
        if self.loops > 1 {
            says += &format!(" of {} loops", number(self.loops));
        }
        if self.passed > 0 {
            let clock = match (self.virtual_clock, self.wall_clock) {
                (true, false) => " on the virtual clock",
                (false, true) => " on the wall clock",
                _ => "",
            };
            says += &format!("; {} pass{clock}", time(self.passed));
        }
        says.push('.');
        let polls: Vec<u64> = tasks.iter().map(|task| task.polls).collect();
        let often = greatest(&polls).map(|(index, polls)| {
            let polls = usize::try_from(polls).unwrap_or(usize::MAX);
            (index, format!("runs most often, {}", count(polls, "time")))
        });
        let long = greatest(&self.waited).map(|(index, waited)| {
            (index, format!("waits longest, {} in all", time(waited)))
        });
        let name = |index: usize| tasks[index].name;
        match (often, long) {
            (Some((one, often)), Some((other, long))) if one == other => {
                says += &format!(" {} {often}, and {long}.", name(one));
            }
            (often, long) => {
                for (index, most) in often.into_iter().chain(long) {
                    says += &format!(" {} {most}.", name(index));
                }
            }
        }
        says
    }
}

impl Sums {
    /// The same of simulated hosts.
    fn says_of_hosts(&self, trace: &Trace, state: &State<'_>) -> String {
        let network = state.network();
        let hosts = network.hosts();
        let sum = |count: fn(&Message<'_>) -> u32| -> usize {
            network.messages().iter().map(count).sum::<u32>() as usize
        };
        let (arrived, lost) = (sum(|it| it.arrived), sum(|it| it.lost));
        let under_way = sum(|it| it.under_way);
        let mut says = format!(
            "{}, {}, in {}; {} pass. {}: {} arrived, {} lost",
            count(hosts.len(), "host"),
            names(state),
            count(trace.events.len(), "step"),
            time(self.passed),
            count(arrived + lost + under_way, "message"),
            number(arrived),
            number(lost),
        );
        if under_way > 0 {
            says += &format!(", {} under way at the end", number(under_way));
        }
        says + "."
    }
}

/// The first and the last, of the tasks or else of the hosts.
fn names(state: &State<'_>) -> String {
    let hosts = state.network().hosts().iter().map(|it| it.name);
    let names: Vec<&str> = match state.tasks() {
        [] => hosts.collect(),
        tasks => tasks.iter().map(|it| it.name).collect(),
    };
    match names[..] {
        [] => "nobody".to_string(),
        [one] => one.to_string(),
        [one, two] => format!("{one} and {two}"),
        [one, .., last] => format!("{one} to {last}"),
    }
}

/// Whom an event is about.
pub(crate) fn task_of(what: &What) -> Option<u32> {
    match *what {
        What::Spawned { task, .. }
        | What::Named { task, .. }
        | What::Woken { task, .. }
        | What::Requeued { task }
        | What::Polled { task }
        | What::Pending { task, .. }
        | What::Finished { task }
        | What::Dropped { task }
        | What::CancelAsked { task, .. }
        | What::Dropping { task }
        | What::Cancelled { task }
        | What::Panicked { task, .. } => Some(task),
        What::Mailed { task, .. }
        | What::MailRead { task, .. }
        | What::MailRefused { task, .. } => task,
        _ => None,
    }
}

/// The greatest of several, if it is one alone, and more than nothing.
fn greatest(values: &[u64]) -> Option<(usize, u64)> {
    let (index, &value) = values.iter().enumerate().max_by_key(|(_, value)| **value)?;
    let alone = values.iter().filter(|other| **other == value).count() == 1;
    (values.len() > 1 && value > 0 && alone).then_some((index, value))
}

/// `3 steps`, `1 step`.
fn count(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(count))
}
