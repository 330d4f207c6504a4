//! What a run looks like between two of its steps.

use std::collections::BTreeMap;

use crate::network::Network;
use crate::{ClockKind, Mail, Outcome, Way};

/// Something that can stand in the queue, and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runnable {
    /// The task with this number.
    Task(u32),
    /// The callback with this number.
    Callback(u32),
}

/// Where a task is. At every step it is in exactly one of these places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// In the queue.
    Ready,
    /// On the stack of those who run, whether or not it has been woken again meanwhile.
    Running,
    /// In neither: it waits to be woken, or, where there is no queue, to be resumed.
    Waiting,
    /// Over.
    Over(End),
}

/// How a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By returning.
    Finished,
    /// It was dropped half-way.
    Dropped,
    /// It was cancelled.
    Cancelled,
    /// It panicked.
    Panicked,
}

/// What is known of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task<'t> {
    /// What it is called now.
    pub name: &'t str,
    /// The line that spawned it: an index in [`Trace::places`](crate::Trace::places).
    pub spawned_at: Option<usize>,
    /// How often it has run.
    pub polls: u64,
    /// The line it is suspended at: an index in [`Trace::places`](crate::Trace::places).
    pub suspended_at: Option<usize>,
    /// What it waits for there.
    pub why: Option<&'t str>,
    /// The step since which it is in its phase.
    pub since: usize,
    /// Its future is being dropped: its destructors run.
    pub is_dropping: bool,
    pub(crate) ticket: Option<u64>,
    pub(crate) running: bool,
    pub(crate) end: Option<End>,
}

impl<'t> Task<'t> {
    pub(crate) fn new(name: &'t str, spawned_at: Option<usize>, step: usize) -> Task<'t> {
        Task {
            name,
            spawned_at,
            polls: 0,
            suspended_at: None,
            why: None,
            since: step,
            is_dropping: false,
            ticket: None,
            running: false,
            end: None,
        }
    }

    /// Where it is.
    pub fn phase(&self) -> Phase {
        match (self.end, self.running, self.ticket) {
            (Some(end), _, _) => Phase::Over(end),
            (None, true, _) => Phase::Running,
            (None, false, Some(_)) => Phase::Ready,
            (None, false, None) => Phase::Waiting,
        }
    }

    /// Whether it is in the queue: also while it runs, if it has been woken meanwhile.
    pub fn is_queued(&self) -> bool {
        self.ticket.is_some()
    }
}

/// What is known of a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    /// When it is due, in nanoseconds.
    pub deadline: u64,
    /// Who set it.
    pub by: crate::By,
    /// What has become of it.
    pub is: TimerState,
}

/// What has become of a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerState {
    /// It will fire.
    Live,
    /// It has fired.
    Fired,
    /// It was cancelled; its key may still be on the heap.
    Cancelled,
}

/// What is known of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Socket<'t> {
    /// What it is.
    pub name: &'t str,
    /// Not closed yet.
    pub open: bool,
    /// Its last system call, and how that went.
    pub tried: Option<(Way, Outcome)>,
    /// What the operating system said last: the way, and whether the other side is gone.
    pub ready: Option<(Way, bool)>,
}

/// Something that lies in an inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// What.
    pub what: Mail,
    /// Whom it is about; `None` for a call.
    pub task: Option<u32>,
}

/// What a step has done to a list, or to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    /// Something may have become of this task.
    Touched(u32),
    /// Somebody came to this place in the queue.
    Queued(usize, Runnable),
    /// Whoever stood at this place left the queue.
    Unqueued(usize),
    /// A letter came to this place in the inbox.
    Mailed(usize, Letter),
    /// The letter at this place was taken out.
    Read(usize),
}

/// What is known of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallbackState {
    Queued(u64),
    Running,
    Returned,
}

/// A run between two steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State<'t> {
    /// The step that was played last.
    pub(crate) step: usize,
    pub(crate) now: u64,
    /// Events at the end were left out, but for the lines that were printed.
    pub(crate) cut: bool,
    pub(crate) clock: Option<ClockKind>,
    /// How many stood on the stack as each loop that still runs began.
    pub(crate) loops: Vec<usize>,
    pub(crate) tasks: Vec<Task<'t>>,
    pub(crate) callbacks: Vec<CallbackState>,
    /// By tickets, which grow: the first is the front.
    pub(crate) queue: BTreeMap<u64, Runnable>,
    pub(crate) next_ticket: u64,
    pub(crate) running: Vec<Runnable>,
    pub(crate) timers: Vec<Timer>,
    pub(crate) heap: Option<&'t [u32]>,
    pub(crate) sockets: Vec<Socket<'t>>,
    pub(crate) output: Vec<&'t str>,
    pub(crate) parked: Option<Option<u64>>,
    pub(crate) inbox: Vec<Letter>,
    /// What the step before took out of the inbox.
    pub(crate) delivered: Option<Letter>,
    /// What the last step has moved, in order.
    pub(crate) moves: Vec<Move>,
    pub(crate) network: Network<'t>,
}

impl<'t> State<'t> {
    /// The time on the clock of the loop that started last, in nanoseconds.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// What tells the time; `None` before the first loop.
    pub fn clock(&self) -> Option<ClockKind> {
        self.clock
    }

    /// How many loops run, one inside the other: 0 outside any.
    pub fn depth(&self) -> usize {
        self.loops.len()
    }

    /// All tasks so far; task 1 comes first.
    pub fn tasks(&self) -> &[Task<'t>] {
        &self.tasks
    }

    /// The task with this number.
    pub fn task(&self, number: u32) -> Option<&Task<'t>> {
        self.tasks.get((number as usize).checked_sub(1)?)
    }

    /// Who is ready, the front first.
    pub fn queue(&self) -> impl ExactSizeIterator<Item = Runnable> + '_ {
        self.queue.values().copied()
    }

    /// Who runs: the outermost first, and the one that really does last.
    pub fn running(&self) -> &[Runnable] {
        &self.running
    }

    /// All timers so far; timer 1 comes first.
    pub fn timers(&self) -> &[Timer] {
        &self.timers
    }

    /// The array of the heap that was used last, dead keys included; `None` if it was too long to be recorded.
    pub fn heap(&self) -> Option<&'t [u32]> {
        self.heap
    }

    /// All sockets so far; socket 1 comes first.
    pub fn sockets(&self) -> &[Socket<'t>] {
        &self.sockets
    }

    /// What lies in the inboxes, the oldest first.
    pub fn inbox(&self) -> &[Letter] {
        &self.inbox
    }

    /// The lines printed so far.
    pub fn output(&self) -> &[&'t str] {
        &self.output
    }

    /// The simulated hosts, and what is between them.
    pub fn network(&self) -> &Network<'t> {
        &self.network
    }

    /// While the loop waits: until when at most, in nanoseconds, if there is a limit.
    pub fn parked(&self) -> Option<Option<u64>> {
        self.parked
    }

    /// Counts everybody, and says what is wrong if a live task is not in exactly one place: in the queue, on the
    /// stack, or in neither; or if anybody is in one of them twice, or in it after the end.
    ///
    /// It takes time in proportion to the number of tasks, and asks the queue and the stack, not what
    /// [`Task::phase`] remembers.
    ///
    /// # Errors
    ///
    /// What is wrong.
    pub fn check(&self) -> Result<(), String> {
        let mut queued = vec![0_u32; self.tasks.len()];
        let mut running = queued.clone();
        for (list, counts) in [
            (self.queue().collect::<Vec<_>>(), &mut queued),
            (self.running.clone(), &mut running),
        ] {
            for task in list {
                if let Runnable::Task(task) = task {
                    counts[task as usize - 1] += 1;
                }
            }
        }
        for (i, task) in self.tasks.iter().enumerate() {
            let expected = match (task.phase(), queued[i], running[i]) {
                (Phase::Ready, 1, 0) | (Phase::Waiting | Phase::Over(_), 0, 0) => true,
                (Phase::Running, queued, 1) => queued <= 1,
                _ => false,
            };
            if !expected {
                return Err(format!(
                    "task {} is {:?}, is {} times in the queue and runs {} times",
                    i + 1,
                    task.phase(),
                    queued[i],
                    running[i]
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Task 1 runs, task 2 is ready.
    fn state() -> State<'static> {
        let mut state = State {
            tasks: vec![Task::new("A", None, 0), Task::new("B", None, 0)],
            ..State::default()
        };
        state.tasks[0].running = true;
        state.running.push(Runnable::Task(1));
        state.tasks[1].ticket = Some(7);
        state.queue.insert(7, Runnable::Task(2));
        state
    }

    #[test]
    fn everybody_is_in_one_place() {
        assert_eq!(state().check(), Ok(()));
        // One that runs may be in the queue, too, but once.
        let mut woken = state();
        woken.tasks[0].ticket = Some(8);
        woken.queue.insert(8, Runnable::Task(1));
        assert_eq!(woken.check(), Ok(()));
    }

    #[test]
    fn who_is_nowhere_or_in_two_places_is_found() {
        let corrupt: [fn(&mut State<'static>); 6] = [
            |state| state.queue.clear(),
            |state| state.running.clear(),
            |state| state.running.push(Runnable::Task(1)),
            |state| state.running.push(Runnable::Task(2)),
            |state| state.queue.extend([(8, Runnable::Task(2))]),
            |state| state.tasks[1].end = Some(End::Dropped),
        ];
        for (corrupt, number) in corrupt.iter().zip(1..) {
            let mut state = state();
            corrupt(&mut state);
            assert!(state.check().is_err(), "corruption {number}");
        }
    }
}
