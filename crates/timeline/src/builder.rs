//! Builds a chart, event by event.

use crate::chart::{
    Arrow, Chart, Column, Is, Kind, Lane, Lanes, Limits, Mark, Sign, Who, callbacks_are,
    task_is,
};
use crate::{By, ClockKind, End, Event, Phase, Runnable, State, What};

/// A chart in the making.
pub(crate) struct Builder {
    limits: Limits,
    /// How many columns may follow.
    pub(crate) columns_left: usize,
    clock: Option<ClockKind>,
    pub(crate) lanes: Lanes,
    pub(crate) columns: Vec<Column>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) arrows: Vec<Arrow>,
    tasks: usize,
    tasks_left_out: usize,
    sockets: usize,
    sockets_left_out: usize,
    /// The last column is not full: who runs in it, or `None` for an event's.
    pub(crate) open: Option<Option<Runnable>>,
    /// Timers that have fired and stand in no column yet: step, deadline and setter.
    due: Vec<(usize, u64, By)>,
    /// Since when the loop waits, as far as that is not drawn.
    parked: Option<u64>,
    callbacks_queued: usize,
}

impl Builder {
    pub(crate) fn new(columns_left: usize, limits: Limits) -> Builder {
        Builder {
            limits,
            columns_left,
            clock: None,
            lanes: Lanes::new(),
            columns: Vec::new(),
            marks: Vec::new(),
            arrows: Vec::new(),
            tasks: 0,
            tasks_left_out: 0,
            sockets: 0,
            sockets_left_out: 0,
            open: None,
            due: Vec::new(),
            parked: None,
            callbacks_queued: 0,
        }
    }

    /// The chart begins in the middle of a run: those who are there have lanes.
    pub(crate) fn begin(&mut self, state: &State<'_>) {
        for (task, number) in state.tasks().iter().zip(1..) {
            if !matches!(task.phase(), Phase::Over(_)) {
                self.add_task(number, task.name);
            }
        }
        for (socket, number) in state.sockets().iter().zip(1..) {
            if socket.open {
                self.add_socket(number, socket.name);
            }
        }
        let callback = |runnable: &Runnable| matches!(runnable, Runnable::Callback(_));
        self.callbacks_queued = state.queue().filter(callback).count();
    }

    /// The chart. `state` is what there is at its end.
    pub(crate) fn finish(&mut self, state: &State<'_>) -> Chart {
        if let Some((step, _, _)) = self.due.first().copied()
            && self.columns_left > 0
        {
            let (kind, at) = (Kind::Event, state.now());
            self.push(Column { kind, step, at }, Some(u64::MAX), state);
        }
        Chart {
            clock: self.clock,
            lanes: std::mem::take(&mut self.lanes).into_values().collect(),
            columns: std::mem::take(&mut self.columns),
            marks: std::mem::take(&mut self.marks),
            arrows: std::mem::take(&mut self.arrows),
            tasks_left_out: self.tasks_left_out,
            sockets_left_out: self.sockets_left_out,
        }
    }

    /// Adds an event, which `state` has just taken in. False: there was no room, and nothing was added.
    pub(crate) fn see(&mut self, step: usize, event: &Event, state: &State<'_>) -> bool {
        // An event takes two columns at most: time that passes, and itself.
        if self.columns_left < 2 {
            return false;
        }
        match &event.what {
            What::LoopStarted { clock, .. } => self.start(*clock, event.at),
            What::LoopEnded => self.open = None,
            What::Jumped { to } => self.gap(step, event.at, Some(*to), state),
            // Until now: it only looks.
            What::Parked { until: Some(until) } if *until <= event.at => {}
            What::Parked { .. } => self.park(step, event.at, state),
            What::Unparked => self.unpark(step, event.at, state),
            What::Polled { task } | What::Dropping { task } => {
                self.run(step, Runnable::Task(*task), state)
            }
            What::CallbackCalled { callback } => {
                self.callbacks_queued = self.callbacks_queued.saturating_sub(1);
                self.run(step, Runnable::Callback(*callback), state);
            }
            What::Pending { .. } | What::CallbackReturned { .. } => self.open = None,
            What::Printed { .. } => {
                if let Some(top) = state.running().last() {
                    self.mark(step, who(*top), Sign::Printed, state);
                }
            }
            _ => self.see_task(step, event, state),
        }
        true
    }

    /// The loop's clock starts at `at`, and was not asked before.
    fn start(&mut self, clock: ClockKind, at: u64) {
        self.clock = Some(clock);
        for column in &mut self.columns {
            column.at = column.at.min(at);
        }
    }

    fn see_task(&mut self, step: usize, event: &Event, state: &State<'_>) {
        match event.what {
            What::Spawned { task, ref name, .. } => self.add_task(task, name),
            What::Named { task, ref name } => {
                if let Some(lane) = self.lanes.get_mut(&Who::Task(task)) {
                    lane.name.clone_from(name);
                }
            }
            What::Woken { task, by, again } => self.wake(step, task, (by, again), state),
            What::Finished { task } => self.end(step, task, End::Finished, state),
            What::Dropped { task } => self.end(step, task, End::Dropped, state),
            What::Cancelled { task } => self.end(step, task, End::Cancelled, state),
            What::Panicked { task, .. } => self.end(step, task, End::Panicked, state),
            What::CancelAsked { task, by } => {
                let (again, cancels) = (false, true);
                self.arrow(step, by, task, (again, cancels), state);
            }
            What::CallbackQueued { by, .. } => {
                self.callbacks_queued += 1;
                self.add(Who::Callbacks, "callbacks");
                self.act(step, by, state);
                self.mark(step, Who::Callbacks, Sign::Woken, state);
                self.set(Who::Callbacks, Is::Ready);
                let (again, cancels) = (false, false);
                self.arrow_to(step, by, Who::Callbacks, (again, cancels));
            }
            _ => self.see_source(step, event, state),
        }
    }

    fn see_source(&mut self, step: usize, event: &Event, state: &State<'_>) {
        match event.what {
            What::TimerFired { timer, .. } => {
                let timer = &state.timers()[timer as usize - 1];
                if !self.shows(timer.by) {
                    return;
                }
                self.add(Who::Timers, "timers");
                self.due.push((step, timer.deadline, timer.by));
                if self.open == Some(None) {
                    self.take_due(state.now(), state);
                }
            }
            What::TimerCancelled { timer, .. } => {
                if !self.shows(state.timers()[timer as usize - 1].by) {
                    return;
                }
                self.add(Who::Timers, "timers");
                // Beside a timer that fires, not over it.
                self.open = self.open.filter(Option::is_some);
                self.mark(step, Who::Timers, Sign::TimerCancelled, state);
            }
            What::SocketOpened { socket, ref name } => {
                self.add_socket(socket, name);
                if self.open.is_some() {
                    self.set(Who::Socket(socket), Is::Waiting);
                }
            }
            What::Tried {
                socket, outcome, ..
            } => {
                self.mark(step, Who::Socket(socket), Sign::Tried(outcome), state);
            }
            What::Ready { socket, .. } => {
                self.mark(step, Who::Socket(socket), Sign::Told, state);
            }
            What::Mailed { .. } | What::MailRead { .. } | What::MailRefused { .. } => {
                self.mail(step, &event.what, state);
            }
            _ => {}
        }
    }

    /// What tasks without a lane do is not shown.
    fn shows(&self, by: By) -> bool {
        match by {
            By::Task(task) => self.lanes.contains_key(&Who::Task(task)),
            _ => true,
        }
    }

    pub(crate) fn add(&mut self, who: Who, name: &str) {
        let columns = self.columns.len();
        let lane = || Lane::new(who, name.to_string(), columns);
        self.lanes.entry(who).or_insert_with(lane);
    }

    fn add_task(&mut self, task: u32, name: &str) {
        if self.tasks < self.limits.tasks {
            self.tasks += 1;
            self.add(Who::Task(task), name);
        } else {
            self.tasks_left_out += 1;
        }
    }

    fn add_socket(&mut self, socket: u32, name: &str) {
        if self.sockets < self.limits.sockets {
            self.sockets += 1;
            self.add(Who::Socket(socket), &format!("{name} {socket}"));
        } else {
            self.sockets_left_out += 1;
        }
    }

    /// Time passes until `to`.
    fn gap(&mut self, step: usize, at: u64, to: Option<u64>, state: &State<'_>) {
        self.open = None;
        if self.due.iter().any(|(_, deadline, _)| *deadline <= at) {
            let kind = Kind::Event;
            self.push(Column { kind, step, at }, Some(at), state);
        }
        // Nothing that is shown has happened meanwhile: it goes on passing.
        if let (Some(to), Some(last)) = (to, self.columns.last_mut())
            && let Kind::Gap { to: end } = &mut last.kind
            && (self.parked.is_some() || end.is_some())
        {
            *end = Some(to);
        } else {
            self.push(
                Column {
                    kind: Kind::Gap { to },
                    step,
                    at,
                },
                None,
                state,
            );
        }
        self.parked = self.parked.and(to);
    }

    /// The loop waits. For how long is seen when it goes on.
    fn park(&mut self, step: usize, at: u64, state: &State<'_>) {
        self.gap(step, at, None, state);
        self.parked = Some(at);
    }

    fn unpark(&mut self, step: usize, now: u64, state: &State<'_>) {
        if let Some(since) = self.parked.take() {
            self.passed(step, since, now, state);
        }
        self.open = None;
    }

    /// The loop has waited from `since` to `now`, and its wait is the last column, or is not drawn yet.
    fn passed(&mut self, step: usize, since: u64, now: u64, state: &State<'_>) {
        if now > since || self.clock == Some(ClockKind::Real) {
            match self.columns.last_mut() {
                Some(Column {
                    kind: Kind::Gap { to },
                    ..
                }) => *to = Some(now),
                _ if now > since => self.gap(step, since, Some(now), state),
                _ => {}
            }
        }
    }

    fn run(&mut self, step: usize, runnable: Runnable, state: &State<'_>) {
        let who = who(runnable);
        if let Who::Callbacks = who {
            self.add(who, "callbacks");
        }
        if !self.lanes.contains_key(&who) {
            self.open = None;
            return;
        }
        let column = Column {
            kind: Kind::Run,
            step,
            at: state.now(),
        };
        self.push(column, Some(state.now()), state);
        self.open = Some(Some(runnable));
    }

    /// Makes sure that the last column is one in which something can happen now.
    pub(crate) fn here(&mut self, step: usize, state: &State<'_>) {
        let top = state.running().last().copied();
        let top = top.filter(|top| self.lanes.contains_key(&who(*top)));
        if self.open.is_some_and(|open| open == top) {
            return;
        }
        if let Some(since) = self.parked {
            self.passed(step, since, state.now(), state);
            // It may wait on after this.
            self.parked = state.parked().map(|_| state.now());
        }
        let kind = if top.is_some() {
            Kind::Run
        } else {
            Kind::Event
        };
        self.push(
            Column {
                kind,
                step,
                at: state.now(),
            },
            Some(state.now()),
            state,
        );
        self.open = Some(top);
    }

    /// A new column, filled with what everybody does now. Timers that are due by `now` stand in it.
    fn push(&mut self, column: Column, now: Option<u64>, state: &State<'_>) {
        self.columns_left = self.columns_left.saturating_sub(1);
        self.columns.push(column);
        let callbacks_queued = self.callbacks_queued > 0;
        for lane in self.lanes.values_mut() {
            lane.cells.push(match lane.who {
                Who::Task(task) => task_is(task, state),
                Who::Callbacks => callbacks_are(callbacks_queued, state),
                Who::Socket(socket) => match state.sockets()[socket as usize - 1].open {
                    true => Is::Waiting,
                    false => Is::Absent,
                },
                Who::Inbox if !state.inbox().is_empty() => Is::Mail,
                Who::Inbox | Who::Thread | Who::Program | Who::Timers => Is::Absent,
            });
        }
        if let Some(now) = now {
            self.take_due(now, state);
        }
    }

    /// The timers that are due by now stand in the last column.
    fn take_due(&mut self, now: u64, state: &State<'_>) {
        for (step, deadline, by) in std::mem::take(&mut self.due) {
            if deadline > now {
                self.due.push((step, deadline, by));
                continue;
            }
            self.sign(step, Who::Timers, Sign::Fired);
            // Where there are no wakers, the timer itself brings its coroutine back.
            let top = state.running().last().map(|top| who(*top));
            if let (By::Task(task), Some(Who::Task(top))) = (by, top)
                && task == top
                && self.lanes.contains_key(&Who::Task(task))
            {
                let (from, to) = (Who::Timers, Who::Task(task));
                let column = self.columns.len() - 1;
                let (again, cancels) = (false, false);
                self.arrows.push(Arrow {
                    column,
                    from,
                    to,
                    again,
                    cancels,
                    step,
                });
            }
        }
    }
}

fn who(runnable: Runnable) -> Who {
    match runnable {
        Runnable::Task(task) => Who::Task(task),
        Runnable::Callback(_) => Who::Callbacks,
    }
}
