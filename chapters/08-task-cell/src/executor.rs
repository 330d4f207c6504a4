//! The loop: in each round a turn for everybody who is ready, then wait.

use std::io;
use std::panic::Location;
use std::rc::Rc;
use std::time::Duration;

use ::tasks::Unfinished;
use wakers::{
    CallbackSink, PanicHook, PanicReport, Park, block_thread, contained, report,
    set_callback_sink, set_panic_hook,
};

use crate::core::{Core, Pass, Watch, read_mail};
use crate::sync::{Arc, round_limit};
use crate::task::{NewTask, begin_loop, enter, run_root};
use crate::tasks::who_waits;
use crate::{Handle, JoinError, JoinHandle, TaskHandle, TaskInfo, cancelled, or_panic};

/// Runs tasks, and waits as `P` does when none of them is ready.
///
/// Dropping it drops its tasks, as [`close`](Executor::close) does, wherever that is: also on unwind, and while the
/// thread ends.
///
/// ```
/// use task_cell::Executor;
/// use wakers::ThreadPark;
///
/// let mut executor = Executor::new(ThreadPark::new());
/// let meter = executor.spawn(async { 3 });
/// executor.call_soon(|| println!("after the meter's first turn"));
/// assert_eq!(executor.run_until_complete(async { meter.await.unwrap() + 4 }), 7);
/// // What one run leaves goes on in the next.
/// let idle = executor.spawn_named("idle", std::future::pending::<()>());
/// executor.run_until_complete(async {});
/// assert!(!idle.is_finished());
/// ```
pub struct Executor<P: Park> {
    park: P,
    core: Rc<Core>,
    /// Queues a callback here.
    sink: CallbackSink,
    panic_hook: Option<Rc<PanicHook>>,
}

impl<P: Park> Executor<P> {
    /// An executor that waits as `park` does.
    pub fn new(park: P) -> Executor<P> {
        let core = Rc::new(Core::new(park.unparker()));
        let queue = Rc::clone(&core);
        let sink = move |callback| {
            // What was woken before it is queued before it.
            read_mail(&queue);
            queue.call_soon(callback);
        };
        Executor {
            park,
            core,
            sink: Rc::new(sink),
            panic_hook: None,
        }
    }

    /// Reports to `hook` what panics here and is nobody's business: a callback, a waker, a destructor. The executor
    /// and everybody else go on. Without a hook a line on standard error tells of it. (A task's panic is not reported:
    /// its handle has it.)
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    ///
    /// let mut executor = task_cell::Executor::new(wakers::ThreadPark::new());
    /// let reports = Rc::new(RefCell::new(Vec::new()));
    /// let list = Rc::clone(&reports);
    /// executor.set_panic_hook(move |report| list.borrow_mut().push(report.to_string()));
    /// executor.call_soon(|| panic!("no fuel"));
    /// executor.run_until_complete(async {});
    /// assert_eq!(reports.take(), ["a callback panicked: no fuel"]);
    /// ```
    pub fn set_panic_hook(&mut self, hook: impl Fn(&PanicReport<'_>) + 'static) {
        self.panic_hook = Some(Rc::new(hook));
    }

    /// Has `watch` called for each turn from now on: with the task, or with `None` if a callback is called, and with the
    /// turn, which `watch` is to call, once. The first one set is kept.
    ///
    /// It must not panic.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    ///
    /// let mut executor = task_cell::Executor::new(wakers::ThreadPark::new());
    /// let turns = Rc::new(RefCell::new(Vec::new()));
    /// let list = Rc::clone(&turns);
    /// executor.set_watch(Box::new(move |task, turn| {
    ///     turn();
    ///     let task = task.expect("there are no callbacks");
    ///     list.borrow_mut().push((task.name(), task.is_finished()));
    /// }));
    /// executor.run_until_complete(polling::yield_now());
    /// assert_eq!(turns.take(), [("Task-1".into(), false), ("Task-1".into(), true)]);
    /// ```
    pub fn set_watch(&mut self, watch: Box<Watch>) {
        let _first = self.core.watch.set(watch);
    }

    /// Makes a task of `future`, which starts when the executor runs. Its name is `Task-N`.
    ///
    /// # Panics
    ///
    /// If the executor is closed.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        (self.open_core()).spawn(NewTask::new(future), None, Location::caller())
    }

    /// [`spawn`](Executor::spawn) with a name.
    ///
    /// # Panics
    ///
    /// If the executor is closed.
    #[track_caller]
    pub fn spawn_named<F: Future<Output: 'static> + 'static>(
        &self,
        name: impl Into<String>,
        future: F,
    ) -> JoinHandle<F::Output> {
        let (future, name) = (NewTask::new(future), Some(name.into()));
        self.open_core().spawn(future, name, Location::caller())
    }

    /// Calls `callback` in a turn of its own when the executor runs.
    ///
    /// # Panics
    ///
    /// If the executor is closed.
    #[track_caller]
    pub fn call_soon(&self, callback: impl FnOnce() + 'static) {
        self.open_core().call_soon(Box::new(callback));
    }

    /// A handle to this executor, for other threads.
    pub fn handle(&self) -> Handle {
        Handle(Arc::clone(&self.core.inbox))
    }

    /// Its tasks that are not over, the oldest first: [`tasks`](crate::tasks()) for whoever has the executor.
    ///
    /// ```
    /// let executor = task_cell::Executor::new(wakers::ThreadPark::new());
    /// let _meter = executor.spawn_named("meter", std::future::pending::<()>());
    /// assert_eq!(executor.tasks()[0].name, "meter");
    /// ```
    pub fn tasks(&self) -> Vec<TaskInfo> {
        self.core.tasks()
    }

    /// Runs `future` and all tasks, until `future` is over. Other tasks stay where they are, and go on when the
    /// executor runs again.
    ///
    /// # Panics
    ///
    /// If `future` panics, or is cancelled; if the executor is closed; while another one runs on this thread; if
    /// [`stop`](crate::stop) was called before the future was over; if the operating system cannot wait; on the
    /// virtual clock, if nothing can ever happen again.
    #[track_caller]
    pub fn run_until_complete<F: IntoFuture>(&mut self, future: F) -> F::Output {
        or_panic(self.try_run_until_complete(future))
    }

    /// As [`run_until_complete`](Executor::run_until_complete), but the panic or the cancellation of `future` is a
    /// value.
    ///
    /// ```
    /// use task_cell::{Executor, JoinError};
    /// use wakers::ThreadPark;
    ///
    /// let mut executor = Executor::new(ThreadPark::new());
    /// let end = executor.try_run_until_complete(async { panic!("no fuel") });
    /// let Err::<(), _>(JoinError::Panicked(panic)) = end else {
    ///     panic!("it had fuel");
    /// };
    /// assert_eq!(panic.message().as_deref(), Some("no fuel"));
    /// ```
    ///
    /// # Errors
    ///
    /// If `future` panics or is cancelled.
    ///
    /// # Panics
    ///
    /// As [`run_until_complete`](Executor::run_until_complete) in all other cases.
    #[track_caller]
    pub fn try_run_until_complete<F: IntoFuture>(
        &mut self,
        future: F,
    ) -> Result<F::Output, JoinError> {
        let future = NewTask::new(future.into_future());
        self.must_be_open();
        let _blocked = block_thread();
        let _current = self.enter();
        let (park, core) = (&mut self.park, &self.core);
        let (ran, ended) = run_root(core, future, Location::caller(), |root| {
            let id = root.id;
            core.start(root);
            run(park, core, Some(id))
        });
        if let Err(why) = ran {
            panic!("{why}");
        }
        ended.expect("stop() was called before the future was over: no result")
    }

    /// Runs tasks until one of them calls [`stop`](crate::stop).
    ///
    /// ```
    /// use task_cell::{Executor, spawn, stop};
    /// use wakers::ThreadPark;
    ///
    /// let mut executor = Executor::new(ThreadPark::new());
    /// let last = executor.spawn(async {
    ///     stop();
    ///     "the last word"
    /// });
    /// executor.run_forever();
    /// assert_eq!(*last.result().unwrap().unwrap(), "the last word");
    /// ```
    ///
    /// # Panics
    ///
    /// As [`run_until_complete`](Executor::run_until_complete).
    #[track_caller]
    pub fn run_forever(&mut self) {
        self.must_be_open();
        let _blocked = block_thread();
        let _current = self.enter();
        if let Err(why) = run(&mut self.park, &self.core, None) {
            panic!("{why}");
        }
    }

    /// Makes this executor and its layers current on this thread, and restores what was. The mail is read.
    fn enter(&self) -> impl Sized + 'static {
        let hook = self.panic_hook.clone().map(set_panic_hook);
        let current = enter(Rc::clone(&self.core));
        let layers = self.park.enter();
        let sink = set_callback_sink(Rc::clone(&self.sink));
        self.core.inbox.read(&self.core);
        // Dropped in this order.
        (sink, current, layers, hook)
    }

    #[track_caller]
    fn must_be_open(&self) {
        assert!(!self.core.closed.get(), "{CLOSED}");
    }

    /// The core of an executor that is open, to queue something: what was woken before that is queued first.
    #[track_caller]
    fn open_core(&self) -> &Core {
        self.must_be_open();
        read_mail(&self.core);
        &self.core
    }

    /// Cancels every task that is not over, and runs until those have ended: what [`run`](crate::run) does at its end.
    ///
    /// ```
    /// let mut executor = task_cell::Executor::new(wakers::ThreadPark::new());
    /// let left = executor.spawn(std::future::pending::<()>());
    /// executor.cancel_all();
    /// assert!(left.is_cancelled());
    /// ```
    ///
    /// # Panics
    ///
    /// As [`run_until_complete`](Executor::run_until_complete).
    #[track_caller]
    pub fn cancel_all(&mut self) {
        self.must_be_open();
        let ended = {
            let _current = self.enter();
            let left = self.core.registry.unfinished();
            if left.is_empty() {
                return;
            }
            cancelled(left.into_iter().map(TaskHandle).collect())
        };
        self.run_until_complete(ended);
    }

    /// Closes the executor: drops every task that is not over, and says which they were.
    ///
    /// ```
    /// let mut executor = task_cell::Executor::new(wakers::ThreadPark::new());
    /// drop(executor.spawn_named("meter", std::future::pending::<()>()));
    /// let unfinished = executor.close();
    /// assert_eq!(unfinished[0].name, "meter");
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no end to it: a destructor spawns a task whose destructor spawns another, and so on. Those that
    /// are left then are never dropped. On unwind this is reported to the [panic hook](Executor::set_panic_hook), and
    /// so it is when an executor is dropped.
    #[track_caller]
    pub fn close(&mut self) -> Vec<Unfinished> {
        let _hook = self.panic_hook.clone().map(set_panic_hook);
        let (unfinished, all) = self.drop_all();
        if !all {
            assert!(std::thread::panicking(), "{NO_END}");
            report("closing", Box::new(NO_END));
        }
        unfinished
    }

    /// Drops every task. False if some are left, to which there was no end. Its caller has set the panic hook.
    fn drop_all(&mut self) -> (Vec<Unfinished>, bool) {
        if self.core.closed.replace(true) {
            return (Vec::new(), true);
        }
        // Whatever panics before it is dropped.
        let _shut = Shut(&self.core);
        // What a task holds, such as a sleep, may need its layers once more.
        let current = self.enter();
        let left = self.core.registry.unfinished().into_iter();
        let unfinished = left.map(|task| task.unfinished()).collect();
        let all = self.core.drop_all();
        // Leaving the layers may panic. A result that is on its way out would be leaked then.
        drop(current);
        (unfinished, all)
    }
}

pub(crate) const CLOSED: &str =
    "the executor is closed: make a new one with Executor::new";
const NO_END: &str = "closing has no end: a Drop spawns its like";

/// Shuts the core down when it is dropped, also on unwind: then futures may be left, which are leaked.
struct Shut<'c>(&'c Core);

impl Drop for Shut<'_> {
    fn drop(&mut self) {
        self.0.registry.close(&self.0.inbox);
    }
}

/// Runs until the root is over, or somebody stops it.
///
/// # Errors
///
/// If there is no waiting: why, and for whom.
fn run<P: Park>(park: &mut P, core: &Core, root: Option<u64>) -> Result<(), String> {
    let _traced = trace::loop_started();
    let _running = begin_loop();
    core.stopping.set(false);
    let mut pass = Pass {
        left: 0,
        at_once: false,
        limit: (!timers::is_virtual()).then(round_limit),
    };
    while pass.left > 0 || !core.stopping.get() {
        let waited = wait(park, core).map_err(|error| {
            format!("cannot wait: {error}; waiting: {}", who_waits(core.tasks()))
        })?;
        if let Some(limit) = &mut pass.limit {
            limit.begin(waited);
        }
        core.round(&mut pass, root);
    }
    Ok(())
}

/// Waits if nobody is ready; looks at the timers and at the mail in any case. True: it has waited.
fn wait<P: Park>(park: &mut P, core: &Core) -> io::Result<bool> {
    core.inbox.read(core);
    let look = (core.queue.len() > 0).then_some(Duration::ZERO);
    core.queue.set_waiting(true);
    let waited = park.park(look);
    core.queue.set_waiting(false);
    core.inbox.read(core);
    waited.map(|_woken| look.is_none())
}

impl<P: Park> Drop for Executor<P> {
    fn drop(&mut self) {
        let _hook = self.panic_hook.clone().map(set_panic_hook);
        // Its layers are foreign code.
        if let Some((_, false)) = contained("closing", || self.drop_all()) {
            report("closing", Box::new(NO_END));
        }
    }
}
