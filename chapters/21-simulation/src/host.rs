//! A host: an executor of its own, which gives way when it has nothing to do.

use std::any::Any;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};
use std::time::Duration;

use taxi::parts::{Executor, Park, TaskInfo};
use taxi::{JoinError, JoinHandle};

use crate::failure::{Failure, Outcome};
use crate::network::{HostId, Life, Network};
use crate::simulated::Simulated;

/// What a host runs, made anew whenever it starts.
pub(crate) type Program = Rc<dyn Fn(Simulated) -> Pin<Box<dyn Future<Output = Outcome>>>>;

/// The hosts that have something to do, in the order in which they were woken.
pub(crate) type Ready = Arc<Mutex<VecDeque<HostId>>>;

pub(crate) fn next_ready(ready: &Ready) -> Option<HostId> {
    let mut ready = ready.lock().unwrap_or_else(PoisonError::into_inner);
    ready.pop_front()
}

/// How often a host looks for something to do at one instant: more often is for ever.
const MOST_ROUNDS: u32 = 1_000_000;

// ANCHOR: park
/// How a host waits: it does not. It stops, and the simulation goes on with the others.
pub(crate) struct HostPark {
    bell: Arc<Bell>,
    rounds: u32,
}

impl Park for HostPark {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.rounds += 1;
        if timeout != Some(Duration::ZERO) || self.rounds > MOST_ROUNDS {
            self.bell.busy.store(timeout.is_some(), Ordering::Relaxed);
            self.rounds = 0;
            taxi::parts::stop();
        }
        Ok(false)
    }

    fn unparker(&self) -> Waker {
        Waker::from(Arc::clone(&self.bell))
    }

    // The timers below all hosts are current already.
    fn enter(&self) -> impl Sized + 'static {}

    fn expects_wake(&self) -> bool {
        true
    }
}
// ANCHOR_END: park

/// Puts a host on the list of those that have something to do, once.
struct Bell {
    host: HostId,
    rung: AtomicBool,
    /// The host has not come to an end with its work.
    busy: AtomicBool,
    ready: Ready,
}

impl Wake for Bell {
    fn wake(self: Arc<Bell>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Bell>) {
        if !self.rung.swap(true, Ordering::Relaxed) {
            let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
            ready.push_back(self.host);
        }
    }
}

// ANCHOR: running
/// A host that runs.
pub(crate) struct Running {
    executor: Executor<HostPark>,
    bell: Arc<Bell>,
    program: JoinHandle<Outcome>,
    /// The first panic of a task of this host.
    panicked: Rc<RefCell<Option<String>>>,
    /// Its program has ended, and that was told.
    pub(crate) ended: bool,
}
// ANCHOR_END: running

impl Running {
    pub(crate) fn start(
        network: &Rc<Network>,
        life: Life,
        program: &Program,
        ready: &Ready,
    ) -> Running {
        let host = life.host;
        let bell = Arc::new(Bell {
            host,
            rung: AtomicBool::new(false),
            busy: AtomicBool::new(false),
            ready: Arc::clone(ready),
        });
        let rounds = 0;
        let mut executor = Executor::new(HostPark {
            bell: Arc::clone(&bell),
            rounds,
        });
        let panicked: Rc<RefCell<Option<String>>> = Rc::default();
        let tell = Rc::clone(&panicked);
        executor.set_watch(Box::new(move |task, turn| {
            turn();
            if let Some(Err(JoinError::Panicked(panic))) = task.and_then(|it| it.end()) {
                let message = panic.message().unwrap_or_default();
                tell.borrow_mut().get_or_insert(message);
            }
        }));
        let tell = Rc::clone(&panicked);
        executor.set_panic_hook(move |report| {
            tell.borrow_mut().get_or_insert(report.to_string());
        });
        let world = Simulated::new(Rc::clone(network), life);
        let (name, program) = (network.name(host), Rc::clone(program));
        let program = executor.spawn_named(&*name, async move { program(world).await });
        bell.wake_by_ref();
        Running {
            executor,
            bell,
            program,
            panicked,
            ended: false,
        }
    }

    // ANCHOR: turn
    /// Runs the host until it has nothing to do. True: its program has ended just now.
    pub(crate) fn turn(&mut self, name: &str) -> Result<bool, Failure> {
        self.bell.rung.store(false, Ordering::Relaxed);
        self.executor.run_forever();
        let host = || name.to_string();
        if let Some(message) = self.panicked.take() {
            let host = host();
            return Err(Failure::Panicked { host, message });
        }
        if self.bell.busy.load(Ordering::Relaxed) {
            return Err(Failure::Busy { host: host() });
        }
        match self.program.result() {
            Some(Ok(Err(error))) => {
                let (host, error) = (host(), error.to_string());
                Err(Failure::Failed { host, error })
            }
            Some(_) => Ok(!std::mem::replace(&mut self.ended, true)),
            None => Ok(false),
        }
    }
    // ANCHOR_END: turn

    pub(crate) fn tasks(&self) -> Vec<TaskInfo> {
        self.executor.tasks()
    }
}

/// Drops a host that runs. A destructor that panics is no reason to end the simulation.
pub(crate) fn stop(running: impl Any) {
    taxi::parts::discard("a host's destructor", running);
}
