//! Which tasks there are, and where each is suspended: what asyncio's `all_tasks` tells.

use std::fmt;
use std::panic::Location;

use polling::{Suspension, file_name};

use crate::TaskHandle;
use crate::core::Core;
use crate::current::current;
use crate::task::{CANCELLING, ENDING, QUEUED, ROOT, RUNNING};

/// What a task is doing.
///
/// ```
/// use event_loop::Clock;
/// use task_cell::{TaskState, spawn, tasks};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let _waits = spawn(std::future::pending::<()>());
///     polling::yield_now().await;
///     let _ready = spawn(async {});
///     let states: Vec<_> = tasks().iter().map(|task| task.state).collect();
///     assert_eq!(states, [TaskState::Running, TaskState::Waiting, TaskState::Ready]);
/// });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// It is the one that asks.
    Running,
    /// It is in the queue.
    Ready,
    /// It waits to be woken.
    Waiting,
    /// It was asked to end, and has not had its turn.
    Cancelling,
}

/// A task that is not over, as it was when [`tasks()`] looked.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use task_cell::{spawn, tasks};
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let _ride = spawn(async { sleep(Duration::from_secs(9)).await });
///     sleep(Duration::from_secs(1)).await;
///     let ride = tasks().pop().unwrap();
///     assert_eq!(ride.suspended.unwrap().why, "sleep");
///     assert!(ride.to_string().starts_with("Task-2 waiting, spawned in "));
///     assert!(ride.cancel());
/// });
/// ```
#[derive(Clone)]
pub struct TaskInfo {
    /// Its number.
    pub id: u64,
    /// `Task-N` unless it was given another.
    pub name: String,
    /// What it is doing.
    pub state: TaskState,
    /// Whether it is the future that the executor was asked to run.
    pub is_root: bool,
    /// Where it was spawned; the root: where the executor was started.
    pub spawned: &'static Location<'static>,
    /// Where its last poll stopped, and for what. `None` before that, and in a future that does not say.
    pub suspended: Option<Suspension>,
    /// The task itself.
    pub task: TaskHandle,
}

/// The tasks of the running executor that are not over, the root among them, oldest first.
///
/// ```
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let _meter = task_cell::spawn_named("meter", std::future::pending::<()>());
///     let names: Vec<String> = task_cell::tasks().into_iter().map(|task| task.name).collect();
///     assert_eq!(names, ["Task-1", "meter"]);
/// });
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn tasks() -> Vec<TaskInfo> {
    current("tasks", Core::tasks)
}

impl Core {
    pub(crate) fn tasks(&self) -> Vec<TaskInfo> {
        let tasks = self.registry.unfinished().into_iter();
        tasks.map(|it| TaskInfo::of(TaskHandle(it))).collect()
    }
}

impl TaskInfo {
    /// What `task` is now, also if it is over: then it is suspended where it was last.
    ///
    /// ```
    /// let executor = task_cell::Executor::new(wakers::ThreadPark::new());
    /// let meter = executor.spawn(std::future::pending::<()>());
    /// let info = task_cell::TaskInfo::of(meter.task_handle());
    /// assert_eq!((&*info.name, info.state), ("Task-1", task_cell::TaskState::Ready));
    /// ```
    pub fn of(task: TaskHandle) -> TaskInfo {
        let state = &task.0.state;
        TaskInfo {
            id: task.id(),
            name: task.name(),
            state: match () {
                () if state.has(RUNNING) => TaskState::Running,
                () if state.has(CANCELLING | ENDING) => TaskState::Cancelling,
                () if state.has(QUEUED) => TaskState::Ready,
                () => TaskState::Waiting,
            },
            is_root: state.has(ROOT),
            spawned: task.0.spawned,
            suspended: task.0.suspended.get(),
            task,
        }
    }

    /// Asks it to end, as [`TaskHandle::cancel`] does. False if it is over by now.
    pub fn cancel(&self) -> bool {
        self.task.cancel()
    }
}

impl fmt::Display for TaskInfo {
    /// `Task-2 waiting, spawned in taxi.rs, sleep in taxi.rs`; with the lines if it is printed by `{:#}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = format!("{:?}", self.state).to_lowercase();
        let how = if self.is_root { "the root" } else { "spawned" };
        let spawned = file_name(self.spawned, f.alternate());
        write!(f, "{} {state}, {how} in {spawned}", self.name)?;
        self.suspended.map_or(Ok(()), |suspended| {
            f.write_str(", ")?;
            suspended.fmt(f)
        })
    }
}

impl fmt::Debug for TaskInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

/// Who waits, in a message: `Task-2 (the root; join in taxi.rs), Task-1 (spawned in taxi.rs; sleep in taxi.rs)`. The
/// root comes first: it is the one that the caller waits for.
pub(crate) fn who_waits(mut tasks: Vec<TaskInfo>) -> String {
    if tasks.is_empty() {
        return "nobody".to_string();
    }
    tasks.sort_by_key(|task| !task.is_root);
    let one = |task: &TaskInfo| {
        let spawned = match task.is_root {
            true => "the root".to_string(),
            false => format!("spawned in {}", file_name(task.spawned, false)),
        };
        let suspended = task.suspended.map_or(String::new(), |at| format!("; {at}"));
        format!("{} ({spawned}{suspended})", task.name)
    };
    tasks.iter().map(one).collect::<Vec<_>>().join(", ")
}
