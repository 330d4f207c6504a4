//! What the faults are tried on.

use std::pin::Pin;
use std::task::Context;

use event_loop::Clock;
use timers::Timers;
use wakers::{ThreadPark, block_on_with};

use crate::faults::Fragile;

/// A future in a box.
pub(crate) type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

/// A way to run futures.
pub(crate) struct Runtime {
    pub name: &'static str,
    /// A loop that can run more than once, on virtual time.
    pub new: fn() -> Box<dyn Loop>,
    /// What can be asked of it while it runs, if it has tasks.
    pub tasks: Option<Tasks>,
    /// Whether tasks can wait for sockets.
    pub has_sockets: bool,
}

/// A loop.
pub(crate) trait Loop {
    fn run(&mut self, root: Boxed<()>);
}

/// What runs beside others.
#[derive(Clone, Copy)]
pub(crate) struct Tasks {
    pub spawn: fn(Boxed<Fragile>) -> Box<dyn Handle>,
    pub call_soon: fn(Box<dyn FnOnce()>),
}

/// A handle of a task.
pub(crate) trait Handle {
    /// Whether it is ready.
    fn poll(&mut self, context: &mut Context<'_>) -> bool;
    fn add_done_callback(&self, callback: Box<dyn FnOnce()>);
}

struct One(Timers<ThreadPark>);

impl Loop for One {
    fn run(&mut self, root: Boxed<()>) {
        block_on_with(&mut self.0, root);
    }
}

fn timers() -> Timers<ThreadPark> {
    Timers::new(ThreadPark::new(), Clock::virtual_time())
}

/// The handles of the tasks of `$tasks`.
macro_rules! with_handles {
    ($tasks:ident) => {
        impl Handle for $tasks::JoinHandle<Fragile> {
            fn poll(&mut self, context: &mut Context<'_>) -> bool {
                Future::poll(Pin::new(self), context).is_ready()
            }

            fn add_done_callback(&self, callback: Box<dyn FnOnce()>) {
                self.add_done_callback(|_| callback());
            }
        }
    };
}

/// The runtime of the tasks of `$tasks`, on the layers `$park`.
macro_rules! with_tasks {
    ($module:ident, $tasks:ident, $park:ty, $new:expr, $has_sockets:literal) => {
        mod $module {
            use crate::runtimes::{Boxed, Loop, Runtime, Tasks};

            struct Executor($tasks::Executor<$park>);

            impl Loop for Executor {
                fn run(&mut self, root: Boxed<()>) {
                    self.0.run_until_complete(root);
                }
            }

            pub(crate) const RUNTIME: Runtime = Runtime {
                name: stringify!($module),
                new: || Box::new(Executor($tasks::Executor::new($new))),
                tasks: Some(Tasks {
                    spawn: |future| Box::new($tasks::spawn(future)),
                    call_soon: |callback| $tasks::call_soon(callback),
                }),
                has_sockets: $has_sockets,
            };
        }
    };
}

with_handles!(tasks);
with_handles!(task_cell);

with_tasks!(
    six,
    tasks,
    timers::Timers<wakers::ThreadPark>,
    super::timers(),
    false
);

with_tasks!(
    seven,
    tasks,
    timers::Timers<readiness::Reactor>,
    readiness::layers(event_loop::Clock::virtual_time()).unwrap(),
    true
);

with_tasks!(
    eight,
    task_cell,
    timers::Timers<wakers::ThreadPark>,
    super::timers(),
    false
);

with_tasks!(
    eight_with_sockets,
    task_cell,
    timers::Timers<readiness::Reactor>,
    readiness::layers(event_loop::Clock::virtual_time()).unwrap(),
    true
);

/// All of them.
pub(crate) const RUNTIMES: &[Runtime] = &[
    Runtime {
        name: "five",
        new: || Box::new(One(timers())),
        tasks: None,
        has_sockets: false,
    },
    six::RUNTIME,
    seven::RUNTIME,
    eight::RUNTIME,
    eight_with_sockets::RUNTIME,
];
