//! The loop: in each round a turn for everybody who is ready, then wait.

use std::future::Ready;
use std::io;
use std::panic::Location;
use std::pin::pin;
use std::rc::Rc;
use std::task::Context;
use std::time::Duration;

use polling::begin_poll;
use wakers::{
    CallbackSink, Held, PanicHook, PanicReport, Park, block_thread, contained, enter,
    set_callback_sink, set_panic_hook,
};

use crate::close::{CLOSED, Unfinished};
use crate::current::{CURRENT, Shared, Task};
use crate::join::JoinHandle;
use crate::ready::Entry;
use crate::root::Root;
use crate::round::RoundLimit;

// ANCHOR: struct
/// Runs tasks, and waits as `P` does when none of them is ready.
///
/// Dropping it drops its tasks, as [`close`](Executor::close) does.
///
/// ```
/// use tasks::Executor;
/// use wakers::ThreadPark;
///
/// let mut executor = Executor::new(ThreadPark::new());
/// let meter = executor.spawn(async { 3 });
/// executor.call_soon(|| println!("after the meter's turn"));
/// assert_eq!(executor.run_until_complete(async { meter.await + 4 }), 7);
/// ```
pub struct Executor<P: Park> {
    park: P,
    pub(crate) shared: Rc<Shared>,
    /// Queues a callback here.
    sink: CallbackSink,
    panic_hook: Option<Rc<PanicHook>>,
}

/// Everybody who was in the queue at one moment.
#[derive(Default)]
struct Pass {
    /// How many of them have not had their turn.
    left: usize,
    limit: RoundLimit,
}
// ANCHOR_END: struct

impl<P: Park> Executor<P> {
    /// An executor that waits as `park` does.
    pub fn new(park: P) -> Executor<P> {
        let shared = Rc::new(Shared::new(park.unparker()));
        let queue = Rc::clone(&shared);
        Executor {
            park,
            shared,
            sink: Rc::new(move |callback| queue.call_soon(callback)),
            panic_hook: None,
        }
    }

    /// Reports to `hook` what panics here and is nobody's business: a callback, a waker, a destructor. The executor
    /// and everybody else go on. Without a hook a line on standard error tells of it.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    ///
    /// let mut executor = tasks::Executor::new(wakers::ThreadPark::new());
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

    /// Makes a task of `future`, which starts when the executor runs. How large it may be: see [`spawn`](crate::spawn).
    ///
    /// # Panics
    ///
    /// If the executor is closed.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        self.must_be_open();
        self.shared.spawn(future, Location::caller())
    }

    /// Calls `callback` in a turn of its own when the executor runs.
    ///
    /// # Panics
    ///
    /// If the executor is closed.
    #[track_caller]
    pub fn call_soon(&self, callback: impl FnOnce() + 'static) {
        self.must_be_open();
        self.shared.call_soon(Box::new(callback));
    }

    /// Runs `future` and all tasks, until `future` is over. Other tasks stay where they are, and go on when the
    /// executor runs again.
    ///
    /// # Panics
    ///
    /// If the executor is closed; while another one runs on this thread; if [`stop`](crate::stop) was called before
    /// the future was over; if the operating system cannot wait; on the virtual clock, if nothing can ever happen
    /// again.
    #[track_caller]
    pub fn run_until_complete<F: IntoFuture>(&mut self, future: F) -> F::Output {
        let future = pin!(Some(future.into_future()));
        let output = self.run(Some(Held(future)));
        output.expect("stop() was called before the future was over: no result")
    }

    /// Runs tasks until one of them calls [`stop`](crate::stop).
    ///
    /// ```
    /// use tasks::{Executor, stop};
    /// use wakers::ThreadPark;
    ///
    /// let mut executor = Executor::new(ThreadPark::new());
    /// let last = executor.spawn(async {
    ///     stop();
    ///     "the last word"
    /// });
    /// executor.run_forever();
    /// assert_eq!(last.result().as_deref(), Some(&"the last word"));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`run_until_complete`](Executor::run_until_complete).
    #[track_caller]
    pub fn run_forever(&mut self) {
        self.run::<Ready<()>>(None);
    }

    // ANCHOR: run
    #[track_caller]
    fn run<F: Future>(&mut self, root: Option<Held<'_, F>>) -> Option<F::Output> {
        self.must_be_open();
        let _blocked = block_thread();
        let _current = self.enter();
        let _traced = trace::loop_started();
        let mut root = root.map(|future| Root::new(&self.shared, future));
        let root_id = root.as_ref().map(|root| root.id);
        self.shared.stopping.set(false);
        let mut pass = Pass::default();
        while pass.left > 0 || !self.shared.stopping.get() {
            let waited = self.wait(root_id);
            pass.limit.begin(waited);
            self.round(&mut pass, &mut root);
        }
        root?.output.take()
    }
    // ANCHOR_END: run

    // ANCHOR: wait
    /// Waits if nobody is ready; looks at the timers in any case. True: it has waited.
    #[track_caller]
    fn wait(&mut self, root: Option<u64>) -> bool {
        let ready = &self.shared.ready;
        let look = (ready.len() > 0).then_some(Duration::ZERO);
        ready.set_waiting(true);
        let waited = self.park.park(look);
        ready.set_waiting(false);
        if let Err(error) = waited {
            self.cannot_wait(&error, root);
        }
        look.is_none()
    }
    // ANCHOR_END: wait

    // ANCHOR: round
    /// Deals with everybody who is in the queue now. Those who come in meanwhile wait for the
    /// next pass. On the wall clock a long pass takes more than one round.
    fn round<F: Future>(&self, pass: &mut Pass, root: &mut Option<Root<'_, F>>) {
        let on_wall_clock = !timers::is_virtual();
        // hole: round — as many entries as there are at the start of the pass; on the wall clock stop at the limit
        // tried by: turns, hello-world
        // also: tasks
        if pass.left == 0 {
            pass.left = self.shared.ready.len();
        }
        while pass.left > 0 {
            pass.left -= 1;
            if let Some(entry) = self.shared.ready.pop() {
                self.deal_with(entry, root);
            }
            if on_wall_clock && pass.limit.is_reached() {
                break;
            }
        }
        // end hole
    }
    // ANCHOR_END: round

    // ANCHOR: entry
    /// Gives whoever was first in the queue a turn.
    fn deal_with<F: Future>(&self, entry: Entry, root: &mut Option<Root<'_, F>>) {
        let shared = &self.shared;
        match (entry, root) {
            (Entry::Poll(id), Some(root)) if id == root.id => root.poll(shared),
            (Entry::Poll(id), _) => self.poll_task(id),
            (Entry::Woken(id), _) => {
                trace::requeued(id);
                shared.ready.push(Entry::Poll(id));
            }
            (Entry::Call, _) => {
                let callback = shared.callbacks.borrow_mut().pop_front();
                callback.map(|it| contained("a callback", it));
            }
            (Entry::Over(id), Some(root)) if id == root.id => shared.stopping.set(true),
            // Of an earlier root, which stop() has cut off.
            (Entry::Over(_), _) => {}
        }
    }
    // ANCHOR_END: entry

    // ANCHOR: poll
    fn poll_task(&self, id: u64) {
        // hole: poll — take the task out of the map, poll it, put it back if it is not over
        // tried by: hello-world, run-forever
        // It is outside while it is polled: it may spawn, and what it drops may spawn too.
        let task = self.shared.tasks.borrow_mut().remove(&id);
        let Some(mut task) = task else { return };
        task.queue.leaves_queue();
        let mut context = Context::from_waker(&task.waker);
        let _poll = begin_poll();
        if task.future.as_mut().poll(&mut context).is_pending() {
            self.shared.tasks.borrow_mut().insert(id, task);
        }
        // end hole
    }
    // ANCHOR_END: poll

    /// Makes this executor and its layers current on this thread, and restores what was.
    pub(crate) fn enter(&self) -> impl Sized + 'static {
        let current = enter(&CURRENT, Rc::clone(&self.shared));
        let layers = self.park.enter();
        let sink = set_callback_sink(Rc::clone(&self.sink));
        let hook = self.panic_hook.clone().map(set_panic_hook);
        // Dropped in this order.
        (sink, current, layers, hook)
    }

    #[track_caller]
    fn must_be_open(&self) {
        assert!(!self.shared.closed.get(), "{CLOSED}");
    }

    #[track_caller]
    fn cannot_wait(&self, error: &io::Error, root: Option<u64>) -> ! {
        let root = root.map(|id| format!("Task-{id} (the root)"));
        let tasks = self.unfinished().into_iter().map(|it| it.to_string());
        let mut names: Vec<String> = root.into_iter().chain(tasks).collect();
        if names.is_empty() {
            names.push("nobody".to_string());
        }
        panic!("cannot wait: {error}; waiting: {}", names.join(", "))
    }

    /// The tasks that are not over.
    pub(crate) fn unfinished(&self) -> Vec<Unfinished> {
        let tasks = self.shared.tasks.borrow();
        let of = |(id, task): (&u64, &Task)| Unfinished::new(*id, task.spawned);
        tasks.iter().map(of).collect()
    }
}
