//! A run as a grid, which the drawings are made from: a lane a task, a column a moment.
//!
//! On the virtual clock running takes no time, and whole hours pass between two moments. So the axis is made of
//! columns: each poll has one of its own, what happens between polls at one instant shares one, and time that passes
//! has one whose width is the drawing's choice.

use std::collections::BTreeMap;

use crate::builder::Builder;
use crate::{
    ClockKind, Damaged, End, Outcome, Phase, Replay, Runnable, State, Task, Trace, What,
};

/// How much is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Tasks in one loop.
    pub tasks: usize,
    /// Sockets in one loop.
    pub sockets: usize,
    /// Columns in all loops together.
    pub columns: usize,
}

/// Who a lane belongs to; in the order in which lanes are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Task(u32),
    Callbacks,
    Inbox,
    Socket(u32),
    Thread,
    Program,
    Timers,
}

/// What somebody does during a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Is {
    /// Not there yet, or no more.
    Absent,
    Waiting,
    Ready,
    Running,
    /// It runs, and has called somebody else who runs.
    Calling,
    /// Of the inbox: something lies in it.
    Mail,
}

/// A moment, or a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    pub kind: Kind,
    /// Its first step.
    pub step: usize,
    /// When it begins, in nanoseconds.
    pub at: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Somebody runs.
    Run,
    /// Something happens while nobody runs.
    Event,
    /// Time passes until `to`, in nanoseconds; `None` where no clock tells how long.
    Gap { to: Option<u64> },
}

/// Something to be seen in a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub column: usize,
    pub who: Who,
    pub what: Sign,
    /// Its step.
    pub step: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Woken,
    Printed,
    Ended(End),
    Fired,
    TimerCancelled,
    Told,
    Tried(Outcome),
    /// Something was put into the inbox.
    Mailed,
    /// Somebody outside the loop did something.
    Acted,
}

/// Somebody makes somebody go on, or asks for its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrow {
    pub column: usize,
    pub from: Who,
    pub to: Who,
    /// It changed nothing: whom it reaches was in the queue already.
    pub again: bool,
    /// It asks for the end.
    pub cancels: bool,
    pub step: usize,
}

/// A lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lane {
    pub who: Who,
    pub name: String,
    /// As many as there are columns.
    pub cells: Vec<Is>,
}

/// One loop's run, or what came before the first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chart {
    /// What tells the time.
    pub clock: Option<ClockKind>,
    pub lanes: Vec<Lane>,
    pub columns: Vec<Column>,
    pub marks: Vec<Mark>,
    pub arrows: Vec<Arrow>,
    /// So many tasks have no lane.
    pub tasks_left_out: usize,
    pub sockets_left_out: usize,
}

/// All loops of a run, and what is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Charts {
    pub charts: Vec<Chart>,
    /// How many loops there were.
    pub loops: usize,
    /// The first step that is not drawn.
    pub drawn_until: Option<usize>,
}

impl Charts {
    /// How many tasks have no lane in the loop where most have none.
    pub(crate) fn tasks_left_out(&self) -> usize {
        let left_out = self.charts.iter().map(|chart| chart.tasks_left_out);
        left_out.max().unwrap_or(0)
    }

    pub(crate) fn sockets_left_out(&self) -> usize {
        let left_out = self.charts.iter().map(|chart| chart.sockets_left_out);
        left_out.max().unwrap_or(0)
    }
}

impl Lane {
    pub(crate) fn new(who: Who, name: String, columns: usize) -> Lane {
        let cells = vec![Is::Absent; columns];
        Lane { who, name, cells }
    }
}

impl Chart {
    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Whether time passes just before `column`, or it is the first: then it begins an instant.
    pub(crate) fn begins_instant(&self, column: usize) -> bool {
        let gap = |column: &Column| matches!(column.kind, Kind::Gap { .. });
        match column.checked_sub(1) {
            None => !gap(&self.columns[column]),
            Some(before) => gap(&self.columns[before]) && !gap(&self.columns[column]),
        }
    }

    /// Whether anything stands in `lane` between two columns.
    pub(crate) fn is_seen(&self, lane: &Lane, band: (usize, usize)) -> bool {
        let mut marks = self.marks.iter().filter(|mark| mark.who == lane.who);
        lane.cells[band.0..band.1]
            .iter()
            .any(|is| *is != Is::Absent)
            || marks.any(|mark| (band.0..band.1).contains(&mark.column))
    }
}

/// The charts of `trace`, a loop each.
///
/// # Errors
///
/// If the trace is damaged, also in a part that is not drawn.
pub(crate) fn charts(trace: &Trace, limits: Limits) -> Result<Charts, Damaged> {
    let mut replay = Replay::new(trace);
    let mut charts = Charts::default();
    let mut builder = Builder::new(limits.columns, limits);
    let (mut over, mut drawing) = (false, true);
    while let Some(event) = trace.events.get(replay.played()) {
        let step = replay.played();
        let outside = replay.state().depth() == 0;
        let starts = outside && matches!(event.what, What::LoopStarted { .. });
        // Who is spawned after a loop's end is there for the next.
        let next = starts || (outside && matches!(event.what, What::Spawned { .. }));
        if drawing && next && std::mem::take(&mut over) {
            charts.charts.push(builder.finish(replay.state()));
            builder = Builder::new(builder.columns_left, limits);
            builder.begin(replay.state());
        }
        charts.loops += usize::from(starts);
        replay.apply(event)?;
        if drawing && !builder.see(step, event, replay.state()) {
            drawing = false;
            charts.drawn_until = Some(step);
        }
        over |= matches!(event.what, What::LoopEnded) && replay.state().depth() == 0;
    }
    charts.charts.push(builder.finish(replay.state()));
    replay.finish()?;
    charts.charts.retain(|chart| !chart.is_empty());
    Ok(charts)
}

/// Lanes by who they belong to.
pub(crate) type Lanes = BTreeMap<Who, Lane>;

/// What a task does now.
pub(crate) fn task_is(task: u32, state: &State<'_>) -> Is {
    let known = state.task(task);
    match known.map(Task::phase) {
        Some(Phase::Ready) => Is::Ready,
        Some(Phase::Running) if state.running().last() == Some(&Runnable::Task(task)) => {
            Is::Running
        }
        Some(Phase::Running) => Is::Calling,
        Some(Phase::Waiting) => Is::Waiting,
        Some(Phase::Over(_)) | None => Is::Absent,
    }
}

/// What the callbacks do now, of which `queued` tells whether any are in the queue.
pub(crate) fn callbacks_are(queued: bool, state: &State<'_>) -> Is {
    let running = state.running();
    let callback = |runnable: &Runnable| matches!(runnable, Runnable::Callback(_));
    match running.iter().rposition(callback) {
        Some(place) if place + 1 == running.len() => Is::Running,
        Some(_) => Is::Calling,
        None if queued => Is::Ready,
        None => Is::Absent,
    }
}
