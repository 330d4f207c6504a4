//! Random trees of scopes, timeouts, selects, joins and sets of futures, and requests at random instants: what the
//! runtime does is what a plain model of *Cancelling* says.
//!
//! `CELL_MODEL_SEEDS` says how many programs (3,000 unless told), `CELL_MODEL_SEED` the first of them.

use std::cell::{Cell, RefCell};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use event_loop::Clock;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use task_cell::{Cancelled, Executor, JoinHandle, catch_cancel};
use timers::Timers;
use wakers::{Park, ThreadPark};

use crate::fuzz::number;
use play::{Play, World, drive};
use tree::{Program, program, smaller};

#[path = "scope_model/model.rs"]
mod model;
#[path = "scope_model/play.rs"]
mod play;
#[path = "scope_model/tree.rs"]
mod tree;

/// Timers that say how many are set, whenever the loop looks at them.
struct Watched {
    timers: Timers<ThreadPark>,
    pending: Rc<Cell<usize>>,
}

impl Park for Watched {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.pending.set(self.timers.pending());
        self.timers.park(timeout)
    }

    fn unparker(&self) -> Waker {
        self.timers.unparker()
    }

    fn enter(&self) -> impl Sized + 'static {
        self.timers.enter()
    }

    fn expects_wake(&self) -> bool {
        self.timers.expects_wake()
    }
}

/// The runtime. Task `n` is the handle at `n - 1`.
#[derive(Default)]
struct Real(RefCell<Vec<JoinHandle<()>>>);

impl World for Real {
    fn spawn(
        &self,
        task: usize,
        body: LocalBoxFuture<'static, ()>,
        over: Box<dyn FnOnce(bool)>,
    ) {
        let handle = task_cell::spawn(body);
        handle.add_done_callback(move |end| over(end.is_err()));
        self.0.borrow_mut().push(handle);
        assert_eq!(self.0.borrow().len(), task);
    }

    fn cancel(&self, task: usize) -> bool {
        self.0.borrow()[task - 1].cancel()
    }

    fn abort(&self, task: usize) {
        self.0.borrow()[task - 1].abort();
    }

    fn is_over(&self, task: usize) -> bool {
        self.0.borrow()[task - 1].is_finished()
    }

    fn catch(
        &self,
        future: LocalBoxFuture<'static, ()>,
    ) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        catch_cancel(future).boxed_local()
    }

    fn resume(&self) -> LocalBoxFuture<'static, ()> {
        async { Cancelled::resume().await }.boxed_local()
    }
}

/// What `program` logs on the runtime. When it is over, nothing is left.
fn real(program: &Program) -> String {
    let pending = Rc::new(Cell::new(0));
    let park = Watched {
        timers: Timers::new(ThreadPark::new(), Clock::virtual_time()),
        pending: Rc::clone(&pending),
    };
    let mut executor = Executor::new(park);
    let play = Play::new(Rc::new(Real::default()));
    executor.run_until_complete(drive(Rc::clone(&play), program.clone()));
    assert_eq!(pending.get(), 0, "timers are left");
    assert!(play.is_idle(), "somebody waits for a gate");
    assert!(executor.close().is_empty(), "tasks are left");
    assert_eq!(Rc::strong_count(&play), 1, "a future is left");
    play.log()
}

/// What `program` logs, or what is wrong with that.
fn run(program: &Program) -> Result<String, String> {
    let expected = model::log(program);
    let found =
        catch_unwind(AssertUnwindSafe(|| real(program))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<&str>().map(ToString::to_string);
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            format!("a panic: {}", text.unwrap_or_default())
        });
    match found == expected {
        true => Ok(found),
        false => Err(format!("the runtime:\n{found}\n\nthe model:\n{expected}\n")),
    }
}

/// How many smaller programs are tried.
const MOST_TRIES: usize = 5000;

/// The smallest program that is still wrong, and how.
fn smallest(mut program: Program, mut what: String) -> (Program, String) {
    let mut left = MOST_TRIES;
    loop {
        let wrong = |it: Program| run(&it).err().map(|what| (it, what));
        let some = smaller(&program).into_iter().take(left);
        match some.inspect(|_| left -= 1).find_map(wrong) {
            Some(found) => (program, what) = found,
            None => return (program, what),
        }
    }
}

#[test]
fn who_hears_which_request_is_what_the_model_says() {
    let first = number("CELL_MODEL_SEED", 0);
    let programs = number("CELL_MODEL_SEEDS", 3000);
    let mut answers = 0;
    for seed in first..first + programs {
        let program = program(seed);
        match run(&program) {
            Ok(log) => answers += log.matches("is cancelled").count(),
            Err(fault) => {
                let (program, fault) = smallest(program, fault);
                panic!("CELL_MODEL_SEED={seed}, made smaller:\n{program}\n{fault}");
            }
        }
    }
    // Programs in which nobody is asked would prove nothing.
    assert!(answers as u64 >= programs, "only {answers} answers");
}
