//! What a runtime is to be like.

use std::fmt;
use std::io::{self, Write as _, stderr};
use std::rc::Rc;
use std::time::Duration;

use event_loop::Clock;
use task_cell::Executor;
use threads::{Pool, Threads};
use wakers::{PanicHook, PanicReport};

use crate::Runtime;
use crate::debug::{Debug, Report, Settings};
use crate::metrics::{Counters, Metered};
use crate::runtime::{Layers, is_debugged};
use crate::watch::Watch;

/// What a [`Runtime`] is to be like; made by [`Runtime::builder`].
///
/// ```
/// use std::time::Duration;
/// use taxi::{Clock, Runtime};
///
/// let mut runtime = Runtime::builder()
///     .clock(Clock::virtual_time())
///     .blocking_limit(Duration::from_secs(1))
///     .live_view(true)
///     .build()?;
/// runtime.block_on(taxi::time::sleep(Duration::from_secs(3600))); // takes no time
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Builder {
    clock: Clock,
    name: Option<Rc<str>>,
    budget: Option<u32>,
    pool: Option<Pool>,
    blocking_limit: Option<Duration>,
    panic_hook: Option<Box<PanicHook>>,
    live_view: bool,
    debug: Settings,
    #[cfg(feature = "tracing")]
    tracing: bool,
}

impl Builder {
    pub(crate) fn new() -> Builder {
        Builder {
            clock: Clock::real(),
            name: None,
            budget: None,
            pool: None,
            blocking_limit: None,
            panic_hook: None,
            live_view: is_debugged(),
            debug: Settings::default(),
            #[cfg(feature = "tracing")]
            tracing: false,
        }
    }

    /// The clock of its timers: the wall clock, if nothing is said.
    pub fn clock(mut self, clock: Clock) -> Builder {
        self.clock = clock;
        self
    }

    /// Its name, for a program that has several: its pool's threads are `web-1`, `web-2`, …, the reports of debug mode and
    /// the lines that tell of panics begin with `web: `, and so does the [tree](crate::tree()).
    ///
    /// ```
    /// let mut runtime = taxi::Runtime::builder().name("web").build()?;
    /// runtime.block_on(async {
    ///     assert!(taxi::tree().to_string().starts_with("web: 1 task\n"));
    ///     let thread = || std::thread::current().name().map(String::from);
    ///     let name = taxi::spawn_blocking(thread).await.unwrap();
    ///     assert_eq!(name.as_deref(), Some("web-1"));
    /// });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is a zero byte in it, which no thread can have in its name.
    #[track_caller]
    pub fn name(mut self, name: impl Into<String>) -> Builder {
        let name = name.into();
        assert!(
            !name.contains('\0'),
            "no thread can have a name with a zero byte in it"
        );
        self.name = Some(name.into());
        self
    }

    /// How often in one turn of a task that which it awaits may be ready, before it has to let the others have theirs:
    /// 128 if nothing is said, no limit with `u32::MAX`. With a small budget a busy task hinders the others less, and has
    /// more turns, each of which costs something.
    ///
    /// ```
    /// use taxi::sync::Semaphore;
    ///
    /// let mut runtime = taxi::Runtime::builder().budget(2).debug(true).build()?;
    /// runtime.block_on(async {
    ///     let free = Semaphore::new(1);
    ///     for _ in 0..5 {
    ///         drop(free.acquire().await); // ready each time
    ///     }
    /// });
    /// assert_eq!(runtime.metrics().turns, 3); // of 2, 2 and 1
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If it is 0: nobody would ever go on.
    #[track_caller]
    pub fn budget(mut self, ready: u32) -> Builder {
        assert!(
            ready > 0,
            "with a budget of 0 no task would ever go on: the least is 1"
        );
        self.budget = Some(ready);
        self
    }

    /// The pool that [`spawn_blocking`](crate::spawn_blocking), files and names use. It is shut down at the end of the
    /// runtime. If nothing is said, it has 32 threads at most.
    ///
    /// ```
    /// let pool = taxi::threads::Pool::builder().name("disk").max_threads(2).build();
    /// let mut runtime = taxi::Runtime::builder().pool(pool).build()?;
    /// let sum = runtime.block_on(async { taxi::spawn_blocking(|| 1 + 2).await });
    /// assert_eq!(sum.unwrap(), 3);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn pool(mut self, pool: Pool) -> Builder {
        self.pool = Some(pool);
        self
    }

    /// How long the end of the runtime waits for blocking jobs that are under way: 10 s, if nothing is said.
    pub fn blocking_limit(mut self, limit: Duration) -> Builder {
        self.blocking_limit = Some(limit);
        self
    }

    /// Who is told of a panic that is nobody's business: of a callback, a waker, a destructor. If nothing is said, a
    /// line on standard error tells of it.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    ///
    /// let told = Rc::new(RefCell::new(String::new()));
    /// let note = Rc::clone(&told);
    /// let builder = taxi::Runtime::builder();
    /// let mut runtime = builder.panic_hook(move |report| *note.borrow_mut() = report.to_string()).build()?;
    /// runtime.block_on(async {
    ///     taxi::call_soon(|| panic!("no fuel"));
    ///     taxi::yield_now().await;
    /// });
    /// assert_eq!(*told.borrow(), "a callback panicked: no fuel");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn panic_hook(mut self, hook: impl Fn(&PanicReport<'_>) + 'static) -> Builder {
        self.panic_hook = Some(Box::new(hook));
        self
    }

    /// Whether SIGUSR1 prints the [tree](crate::tree()) of its tasks on standard error, while it runs: for a program that
    /// seems to do nothing. If nothing is said, it does if the variable `TAXI_DEBUG` is set, to something but `0`. On
    /// Windows there is no such signal.
    pub fn live_view(mut self, on: bool) -> Builder {
        self.live_view = on;
        self
    }

    /// Whether it tells what goes wrong without an error: see [`Report`]. If nothing is said, it does if the environment's
    /// `TAXI_DEBUG` is set, and neither empty nor 0.
    ///
    /// ```
    /// let mut runtime = taxi::Runtime::builder().debug(true).build()?;
    /// runtime.block_on(taxi::yield_now());
    /// assert_eq!(runtime.metrics().turns, 2);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn debug(mut self, on: bool) -> Builder {
        self.debug.on = Some(on);
        self
    }

    /// From when on a turn of a task, or a callback, is reported as slow, in debug mode: 100 ms, if nothing is said.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    /// use std::time::Duration;
    ///
    /// let told = Rc::new(Cell::new(0));
    /// let count = Rc::clone(&told);
    /// let builder = taxi::Runtime::builder().debug(true).slow_turn(Duration::ZERO);
    /// let mut runtime = builder.report(move |_| count.set(count.get() + 1)).build()?;
    /// runtime.block_on(taxi::yield_now());
    /// assert_eq!(told.get(), 2); // every turn is as long as that
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn slow_turn(mut self, limit: Duration) -> Builder {
        self.debug.slow_turn = limit;
        self
    }

    /// What turns are measured by, in debug mode: how long it is since some moment. The wall clock, if nothing is said;
    /// a test says something else, since on a busy machine any turn may be long.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    /// use std::time::Duration;
    ///
    /// let passed = Rc::new(Cell::new(Duration::ZERO));
    /// let clock = Rc::clone(&passed);
    /// let builder = taxi::Runtime::builder().debug(true);
    /// let mut runtime = builder.stopwatch(move || clock.get()).build()?;
    /// runtime.block_on(async move { passed.set(Duration::from_millis(70)) });
    /// assert_eq!(runtime.metrics().longest_turn.as_millis(), 70);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn stopwatch(mut self, clock: impl Fn() -> Duration + 'static) -> Builder {
        self.debug.stopwatch = Box::new(clock);
        self
    }

    /// Who is given the reports of debug mode. If nothing is said, a line on standard error tells of each.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    ///
    /// let told = Rc::new(RefCell::new(Vec::new()));
    /// let list = Rc::clone(&told);
    /// let hook = move |report: &taxi::debug::Report| list.borrow_mut().push(report.to_string());
    /// let mut runtime = taxi::Runtime::builder().debug(true).report(hook).build()?;
    /// drop(runtime.spawn(std::future::pending::<()>()));
    /// runtime.close();
    /// assert!(told.borrow()[0].starts_with("destroyed while pending: Task-1 "));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn report(mut self, hook: impl Fn(&Report) + 'static) -> Builder {
        self.debug.hook = Some(Box::new(hook));
        self
    }

    /// Whether each task is a span of the crate `tracing`: whatever is logged in a turn of it is logged in its span. The
    /// reports of debug mode are events then, if nothing else is [said](Builder::report). If nothing is said, it is off.
    /// Needs the feature `tracing`.
    ///
    /// The span, of the level DEBUG, is called `task` and has the target `taxi`. Its fields are `id`, `name`, `spawned`
    /// (file and line) and `runtime` (the [name](Builder::name)). It is made before the task's first turn, has no parent,
    /// is entered for each turn, and is closed at the task's end, after an event with the field `end`: `value`,
    /// `cancelled`, or what the panic says. The reports are events of the level WARN.
    ///
    /// What it costs: a turn pays for a look at the map of spans, and for whatever the subscriber does; a task pays for
    /// the span. Without it a turn costs what it always does.
    ///
    /// ```
    /// let mut runtime = taxi::Runtime::builder().tracing(true).build()?;
    /// runtime.block_on(async { tracing::info!("is logged within the span of Task-1") });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "tracing")]
    pub fn tracing(mut self, on: bool) -> Builder {
        self.tracing = on;
        self
    }

    /// Makes it.
    ///
    /// # Errors
    ///
    /// If the operating system has no descriptor left for the reactor.
    pub fn build(mut self) -> io::Result<Runtime> {
        let counters = Rc::new(Counters::new(self.name.clone()));
        let mut executor = Executor::new(self.layers(&counters)?);
        if let Some(hook) = self.panic_hook.take().or_else(|| self.names_panics()) {
            executor.set_panic_hook(hook);
        }
        let watch = self.watch(&counters).map(Rc::new);
        if let Some(watch) = watch.clone() {
            executor.set_watch(Box::new(move |task, turn| watch.turn(task, turn)));
        }
        Ok(Runtime {
            executor,
            counters,
            watch,
        })
    }

    fn layers(&mut self, counters: &Rc<Counters>) -> io::Result<Layers> {
        let mut threads = threads::layers(self.clock.clone())?;
        let named = |name: &Rc<str>| Pool::builder().name(&**name).build();
        let pool = self.pool.take();
        if let Some(pool) = pool.or_else(|| self.name.as_ref().map(named)) {
            threads.set_pool(pool);
        }
        if let Some(limit) = self.blocking_limit {
            threads.set_limit(limit);
        }
        let counts = |threads: &Threads<_>| {
            let timers: &timers::Timers<readiness::Reactor> = threads.lower();
            (timers.pending(), timers.lower().watched())
        };
        let counters = Rc::clone(counters);
        let layers = Metered::new(threads, counts, counters, self.live_view);
        Ok(layers.with_budget(self.budget))
    }

    /// What tells of panics as it would without a hook, and says in which runtime.
    fn names_panics(&self) -> Option<Box<PanicHook>> {
        let name = self.name.clone()?;
        Some(Box::new(move |report: &PanicReport<'_>| {
            drop(writeln!(stderr(), "{name}: {report}"));
        }))
    }

    /// Whoever looks at each turn, if somebody does.
    fn watch(self, counters: &Rc<Counters>) -> Option<Watch> {
        #[cfg(not(feature = "tracing"))]
        let tracing = false;
        #[cfg(feature = "tracing")]
        let tracing = self.tracing;
        let is_on = self.debug.is_on();
        let debug = is_on.then(|| Debug::new(self.debug, tracing, Rc::clone(counters)));
        let watch = Watch {
            debug,
            #[cfg(feature = "tracing")]
            spans: tracing.then(|| crate::spans::Spans::new(self.name)),
        };
        (tracing || is_on).then_some(watch)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
    }
}
