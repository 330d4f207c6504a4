//! *From Yield to Await*: an async runtime for one thread, built a chapter at a time. This is the front page of its
//! crates; it has no items of its own.
//!
//! # Where to begin
//!
//! - **To learn how it works**, read the book: `cargo run -- read` opens it. Each chapter is a crate, and the book shows
//!   its code in the order in which it is built.
//! - **To use it**, begin with [`task_cell::run`] and [`task_cell::spawn`], then see [`timers`] for `sleep`, `timeout` and
//!   `interval`, and [`readiness`] for sockets. [`task_cell::catch_cancel`] says how a task is cancelled.
//! - **To read its code**, begin with [`wakers::Park`], the trait on which all layers stand.
//!
//! # A program
//!
//! ```
//! use event_loop::Clock;
//! use std::time::Duration;
//! use timers::{now, sleep, timeout};
//!
//! task_cell::run(Clock::virtual_time(), async {
//!     let ride = task_cell::spawn(async {
//!         sleep(Duration::from_secs(8)).await;
//!         "at the station"
//!     });
//!     let call = timeout(Duration::from_secs(5), std::future::pending::<()>());
//!     assert!(call.await.is_err());
//!     assert_eq!(ride.await.unwrap(), "at the station");
//!     assert_eq!(now().as_secs(), 8); // on a clock that jumps: the run takes no time
//! });
//! ```
//!
//! With [`Clock::real()`](event_loop::Clock::real) the same program takes eight seconds.
//!
//! # The layers
//!
//! An event loop is a queue of who is ready, and a way to wait. The way to wait is a trait, [`Park`](wakers::Park). Each
//! source of wake-ups is one more layer that implements it, on top of another. So the type of the whole runtime is its
//! table of contents, `Executor<Timers<Reactor>>`:
//!
//! | layer | what it adds | in place of it |
//! |---|---|---|
//! | [`task_cell::Executor`] | tasks, callbacks, the run queue | chapter 6's executor, in [tasks](../tasks/index.html) |
//! | [`timers::Timers`] | `sleep`, `timeout`, `interval`, and the clock | nothing, if nobody sleeps |
//! | [`readiness::Reactor`] | sockets, and the wait in the operating system | [`wakers::ThreadPark`], a thread that sleeps |
//!
//! ```
//! use event_loop::Clock;
//! use readiness::Reactor;
//! use task_cell::Executor;
//! use timers::Timers;
//!
//! let layers = Timers::new(Reactor::new()?, Clock::real());
//! let mut executor: Executor<Timers<Reactor>> = Executor::new(layers);
//! let meter = executor.spawn(async { 7 });
//! assert_eq!(executor.run_until_complete(meter).unwrap(), 7);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # The chapters
//!
//! Each is a library that the later ones use as it stands, and a binary with its programs.
//!
//! | | crate | what it adds |
//! |---|---|---|
//! | 01 | [generators](../generators/index.html) | functions that stop half-way: a coroutine trait, state machines by hand, delegation |
//! | 02 | [event-loop](../event_loop/index.html) | a heap ordered by time, a clock, and the loop that resumes whoever is due |
//! | 03 | [polling](../polling/index.html) | futures: coroutines that are polled, by hand and by `async fn` |
//! | 04 | [wakers](../wakers/index.html) | sleeping until somebody calls: wakers, and the lost wake-up |
//! | 05 | [timers](../timers/index.html) | sleep, timeout and interval on chapter 2's heap; virtual time |
//! | 06 | [tasks](../tasks/index.html) | many futures at once: spawn, join, callbacks, one run queue |
//! | 07 | [readiness](../readiness/index.html) | waiting for sockets, with a small crate, mio |
//! | 08 | [task-cell](../task_cell/index.html) | the task in one allocation: cancel, panics as values, who waits where |
//! | 09 | [combinators](../combinators/index.html) | gather, wait, as_completed, race, shield, timeouts, task groups |
//! | 10 | [sync](../sync/index.html) | events, locks, semaphores, queues, channels |
//! | 11 | [streams](../streams/index.html) | asynchronous iterators, generators and contexts |
//! | 12 | [net](../net/index.html) | TCP, UDP and Unix sockets |
//! | 13 | [protocols](../protocols/index.html) | transports and protocols, flow control, TLS |
//! | 14 | [threads](../threads/index.html) | blocking work on threads, and calls into the loop from outside |
//! | 15 | [processes](../processes/index.html) | children, pipes, signals, the real Ctrl-C |
//! | 16 | [cores](../cores/index.html) | a loop a core, a loop a process |
//! | 17 | [web](../web/index.html) | a web server with routes, forms, templates and files |
//! | 18 | [crawler](../crawler/index.html) | fifteen sites, three ways, measured |
//! | 19 | [load-test](../load_test/index.html) | a load tester with a report and a histogram |
//! | 20 | [database](../database/index.html) | SQLite and PostgreSQL |
//! | 21 | [simulation](../simulation/index.html) | a network with faults on the virtual clock |
//! | 22 | [performance](../performance/index.html) | what it costs, measured against the peers |
//!
//! # The tools
//!
//! | crate | what it does |
//! |---|---|
//! | [trace](../trace/index.html) | `say!`, the hooks, and the recorder of what a run does |
//! | [timeline](../timeline/index.html) | what a trace means: its replay, and the pictures drawn from it |
//! | [chapter](../chapter/index.html) | what every chapter's `main` shares: its list of programs and their flags |
//! | [catalogue](../catalogue/index.html) | the chapters, programs and holes, and how cargo builds them |
//! | [ladder](../ladder/index.html) | what the checks of the ladders share: counting wakers, and failures with a name |
//! | [pages](../pages/index.html) | the book: its directives, and the rules of a page |
//! | [workbook](../workbook/index.html) | the reader's command line |
#![forbid(unsafe_code)]
