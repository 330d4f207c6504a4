//! Writes down what the hooks say.
//!
//! One recorder for the whole process, behind a lock, since threads that a loop does not know may wake its tasks.

mod mail;
mod network;

use std::cell::Cell;
use std::collections::{HashMap, VecDeque};
use std::panic::Location;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use timeline::{By, ClockKind, Event, Mail, Place, Trace, What};

use crate::hooks::here;
use network::Between;

/// How many events are recorded; of those that follow, what is printed is recorded too, and the others are counted.
const LIMIT: usize = 250_000;

/// Up to this many keys of a heap, its array is part of each event; and up to this many events.
pub(crate) const PICTURED: usize = 63;
const PICTURED_EVENTS: usize = 50_000;

static RECORDER: Mutex<Option<Recorder>> = Mutex::new(None);

thread_local! {
    /// A hook inside a hook (a `Display` that prints) would wait for itself.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// What is known so far.
pub(crate) struct Recorder {
    trace: Trace,
    /// Where the loop was started.
    pub(crate) loop_location: Option<&'static Location<'static>>,
    /// On the virtual clock.
    now: u64,
    /// Where the wall clock rules: when the loop started.
    started: Option<Instant>,
    /// Of the loop that starts next, and what it shows.
    clock: (ClockKind, u64),
    tasks: Vec<Known>,
    heaps: u32,
    callbacks: u32,
    sockets: u32,
    timers: HashMap<(u32, u64), u32>,
    /// Who set each timer, and for when.
    setters: Vec<(By, u64)>,
    /// The timers that have fired and woken nobody yet, since the last poll.
    fired: Vec<u32>,
    last_fired: u32,
    /// A loop has taken this timer off the heap and waits until it is due: it fires then.
    early: Option<What>,
    /// The socket that was told about last.
    told: Option<u32>,
    /// What lies in each inbox.
    inboxes: Vec<VecDeque<Letter>>,
    /// What was taken out of an inbox in the step before.
    delivered: Option<Letter>,
    places: HashMap<(&'static str, u32), usize>,
    /// What the loop that runs calls its tasks.
    ids: HashMap<u64, u32>,
    /// There was a simulated network; of a second nothing is noted.
    pub(crate) has_network: bool,
    pub(crate) between: Between,
}

/// Something in an inbox, and the task that it is about.
type Letter = (Mail, Option<u32>);

/// What is known of a task.
#[derive(Default)]
struct Known {
    name: String,
    /// It waits for wakers, and is in the queue.
    queued: bool,
    /// It has been woken: it runs only when it is.
    woken: bool,
    /// Wakes by other threads that were noted before they were told.
    ahead: u32,
    /// A wake by another thread was told before the poll that it follows.
    behind: bool,
    /// It has ended: its wakes change nothing.
    over: bool,
    /// The step that spawned it, as long as it has the name that it was given there for want of another.
    unnamed: Option<usize>,
}

fn lock() -> MutexGuard<'static, Option<Recorder>> {
    // Whoever panicked in here has pushed an event or has not: both are in order.
    RECORDER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins to record. Outside any loop, this thread is the program, and any other is another thread.
pub(crate) fn start(trace: Trace) {
    MAIN.set(true);
    *lock() = Some(Recorder {
        trace,
        loop_location: None,
        now: 0,
        started: None,
        clock: (ClockKind::None, 0),
        tasks: Vec::new(),
        heaps: 0,
        callbacks: 0,
        sockets: 0,
        timers: HashMap::new(),
        setters: Vec::new(),
        fired: Vec::new(),
        last_fired: 0,
        early: None,
        told: None,
        inboxes: Vec::new(),
        delivered: None,
        places: HashMap::new(),
        ids: HashMap::new(),
        has_network: false,
        between: Between::default(),
    });
}

/// What was recorded. Nothing is from now on.
pub(crate) fn end() -> Option<Trace> {
    let mut recorder = lock().take()?;
    recorder.fire_early();
    Some(recorder.trace)
}

/// Runs `f` on the recorder, if there is one, and if this thread runs the program: of a loop on another thread
/// nothing is recorded, nor of several that take turns on this one, since the steps of two loops cannot be told apart.
pub(crate) fn record<T: Default>(f: impl FnOnce(&mut Recorder) -> T) -> T {
    match MAIN.get() && MANY.get() == 0 {
        true => record_anywhere(f),
        false => T::default(),
    }
}

/// The same for what other threads do to the loop, or say.
pub(crate) fn record_anywhere<T: Default>(f: impl FnOnce(&mut Recorder) -> T) -> T {
    if INSIDE.replace(true) {
        return T::default();
    }
    let value = lock().as_mut().map(f).unwrap_or_default();
    INSIDE.set(false);
    value
}

thread_local! {
    /// Whether this thread runs the program.
    pub(crate) static MAIN: Cell<bool> = const { Cell::new(false) };

    /// How many have said that several loops take turns on this thread.
    pub(crate) static MANY: Cell<usize> = const { Cell::new(0) };
}

impl Recorder {
    /// Notes that something happened.
    pub(crate) fn push(&mut self, what: What) {
        let waits = matches!(what, What::Jumped { .. } | What::Parked { .. });
        let waited = matches!(what, What::Unparked);
        if !waits && !waited {
            self.fire_early();
        }
        self.note(what);
        if waited {
            self.fire_early();
        }
    }

    fn note(&mut self, what: What) {
        match what {
            What::Woken { .. } => {}
            What::Polled { .. } | What::Dropping { .. } => self.fired.clear(),
            _ => self.told = None,
        }
        self.delivered = None;
        self.note_end(&what);
        // What is printed is what the program is about.
        let printed = matches!(what, What::Printed { .. });
        if self.trace.events.len() >= LIMIT && !printed {
            self.trace.left_out += 1;
            return;
        }
        let (at, says) = (self.now(), String::new());
        self.trace.events.push(Event { at, what, says });
    }

    /// The index of a line. `None` if it is none of ours, such as one in std that has called `spawn` for somebody.
    pub(crate) fn place(
        &mut self,
        location: &'static Location<'static>,
    ) -> Option<usize> {
        let file = crate::run::in_workspace(location.file())?;
        let places = &mut self.trace.places;
        let key = (location.file(), location.line());
        let index = self.places.entry(key).or_insert_with(|| {
            places.push(Place {
                file,
                line: location.line(),
                text: String::new(),
            });
            places.len() - 1
        });
        Some(*index)
    }

    pub(crate) fn spawn(&mut self, name: &str, place: Option<usize>) -> u32 {
        self.tasks.push(Known::default());
        let task = u32::try_from(self.tasks.len()).unwrap_or(u32::MAX);
        let name = match name.ends_with('-') {
            true => format!("{name}{task}"),
            false => name.to_string(),
        };
        if let Some(known) = self.known(task) {
            known.name.clone_from(&name);
        }
        self.push(What::Spawned { task, name, place });
        let step = self.trace.events.len().checked_sub(1);
        if let Some(known) = self.known(task) {
            known.unnamed = step;
        }
        task
    }

    /// The task of this name, or a new one.
    pub(crate) fn named(&mut self, name: &str) -> u32 {
        match (1..).zip(&self.tasks).find(|(_, known)| known.name == name) {
            Some((task, _)) => task,
            None => self.spawn(name, None),
        }
    }

    /// `task` is called `name`, if it was not before. A future that is blocked on may hold many that want a name.
    ///
    /// The first name that it is given is its name from the first step on: nobody has to learn two.
    pub(crate) fn name(&mut self, task: u32, name: String) {
        let Some(known) = self.known(task) else {
            return;
        };
        if known.name == name || known.name.starts_with("future-") {
            return;
        }
        known.name.clone_from(&name);
        let spawned = known.unnamed.take();
        let spawned = spawned.and_then(|step| self.trace.events.get_mut(step));
        match spawned.map(|event| &mut event.what) {
            Some(What::Spawned {
                task: it,
                name: first,
                ..
            }) if *it == task => {
                *first = name;
            }
            _ => self.push(What::Named { task, name }),
        }
    }

    fn known(&mut self, task: u32) -> Option<&mut Known> {
        self.tasks.get_mut((task as usize).checked_sub(1)?)
    }

    /// A task was woken. Another thread says so a moment after it has done it, and the loop may have been quicker.
    pub(crate) fn wake(&mut self, task: u32, again: bool) {
        let by = self.waker_of(task);
        let Some(known) = self.known(task).filter(|known| !known.over) else {
            return;
        };
        if by == By::Thread {
            match (again, known.queued) {
                // Its poll has been noted, and this wake before it.
                (false, false) if known.ahead > 0 => {
                    known.ahead -= 1;
                    return;
                }
                // Its poll has begun, and will be noted in a moment; then it queues up again.
                (false, true) => {
                    known.behind = true;
                    return;
                }
                // The wake that made this one needless comes in a moment.
                (true, false) => return,
                _ => {}
            }
        }
        known.woken = true;
        known.queued = true;
        self.push(What::Woken { task, by, again });
    }

    /// A task runs. If another thread has woken it and has not come round to saying so, that is noted first.
    pub(crate) fn poll(&mut self, task: u32) {
        let (by, again) = (By::Thread, false);
        let Some(known) = self.known(task) else {
            return;
        };
        let unheard = known.woken && !known.queued;
        known.ahead += u32::from(unheard);
        known.queued = std::mem::take(&mut known.behind);
        let queued = known.queued;
        if unheard {
            self.push(What::Woken { task, by, again });
        }
        self.push(What::Polled { task });
        if queued {
            self.push(What::Woken { task, by, again });
        }
    }

    pub(crate) fn call_it(&mut self, id: u64, task: u32) {
        self.ids.insert(id, task);
    }

    pub(crate) fn requeue(&mut self, id: u64) {
        if let Some(&task) = self.ids.get(&id) {
            self.push(What::Requeued { task });
        }
    }

    pub(crate) fn new_heap(&mut self) -> u32 {
        self.heaps += 1;
        self.heaps
    }

    pub(crate) fn new_callback(&mut self) -> u32 {
        self.callbacks += 1;
        self.callbacks
    }

    pub(crate) fn new_socket(&mut self) -> u32 {
        self.sockets += 1;
        self.sockets
    }

    pub(crate) fn new_timer(&mut self, key: (u32, u64), deadline: u64) -> u32 {
        self.setters.push((here(), deadline));
        let timer = u32::try_from(self.setters.len()).unwrap_or(u32::MAX);
        self.timers.insert(key, timer);
        timer
    }

    pub(crate) fn timer(&self, key: (u32, u64)) -> u32 {
        self.timers.get(&key).copied().unwrap_or_default()
    }

    /// A timer has left the heap. If the loop waits for its time only now, it fires after that.
    pub(crate) fn fire(&mut self, key: (u32, u64), heap: Option<Vec<u32>>) {
        let timer = self.timer(key);
        self.last_fired = timer;
        self.fired.push(timer);
        let fired = What::TimerFired { timer, heap };
        let (_, deadline) = self.setting(timer);
        match deadline > self.now() {
            true => {
                self.fire_early();
                self.early = Some(fired);
            }
            false => self.push(fired),
        }
    }

    /// The timer for which the loop has waited fires.
    fn fire_early(&mut self) {
        if let Some(fired) = self.early.take() {
            self.note(fired);
        }
    }

    /// Who set a timer, and for when.
    fn setting(&self, timer: u32) -> (By, u64) {
        let index = (timer as usize).checked_sub(1);
        let setting = index.and_then(|index| self.setters.get(index));
        setting.copied().unwrap_or((By::Loop, 0))
    }

    fn setter(&self, timer: u32) -> By {
        self.setting(timer).0
    }

    pub(crate) fn owner_of_last_fired(&self) -> u32 {
        match self.setter(self.last_fired) {
            By::Task(task) => task,
            _ => 0,
        }
    }

    pub(crate) fn told(&mut self, socket: u32) {
        self.told = Some(socket);
    }

    /// Who wakes `task`: the socket or the timer the loop is dealing with, or whoever runs.
    pub(crate) fn waker_of(&mut self, task: u32) -> By {
        let by = here();
        if self.delivered == Some((Mail::Wake, Some(task))) {
            return By::Mail;
        }
        if by != By::Loop {
            return by;
        }
        if let Some(socket) = self.told {
            return By::Socket(socket);
        }
        let own = |&timer: &u32| self.setter(timer) == By::Task(task);
        match self.fired.iter().position(own) {
            Some(index) => By::Timer(self.fired.remove(index)),
            None => by,
        }
    }

    /// Who asks for a callback: the timer the loop is dealing with, or whoever runs.
    pub(crate) fn caller(&mut self) -> By {
        match here() {
            _ if self.delivered == Some((Mail::Call, None)) => By::Mail,
            By::Loop if !self.fired.is_empty() => By::Timer(self.fired.remove(0)),
            by => by,
        }
    }

    pub(crate) fn has_few_events(&self) -> bool {
        self.trace.events.len() < PICTURED_EVENTS
    }

    /// Nanoseconds since the loop's start, on its own clock.
    fn now(&self) -> u64 {
        match self.started {
            Some(started) => {
                u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX)
            }
            None => self.now,
        }
    }

    pub(crate) fn start_loop(
        &mut self,
        location: &'static Location<'static>,
        of_one: bool,
    ) {
        self.loop_location = Some(location);
        let (clock, nanos) = std::mem::replace(&mut self.clock, (ClockKind::None, 0));
        self.now = nanos;
        let before = Duration::from_nanos(nanos);
        self.started = match clock {
            ClockKind::Real => Instant::now().checked_sub(before),
            ClockKind::Virtual | ClockKind::None => None,
        };
        self.push(What::LoopStarted { clock, of_one });
    }

    pub(crate) fn end_loop(&mut self) {
        self.push(What::LoopEnded);
    }

    pub(crate) fn clock_is(&mut self, virtual_time: bool, nanos: u64) {
        let kind = if virtual_time {
            ClockKind::Virtual
        } else {
            ClockKind::Real
        };
        self.clock = (kind, nanos);
    }

    pub(crate) fn jump(&mut self, to: u64) {
        if to > self.now {
            self.push(What::Jumped { to });
            self.now = to;
            self.fire_early();
        }
    }

    pub(crate) fn park(&mut self, timeout: Option<Duration>) {
        let until = timeout.and_then(|timeout| u64::try_from(timeout.as_nanos()).ok());
        let until = until.and_then(|nanos| self.now().checked_add(nanos));
        self.push(What::Parked { until });
    }
}
