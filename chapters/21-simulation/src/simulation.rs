//! Many hosts in one process, on one clock, from one seed.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use taxi::parts::{Park, ThreadPark};
use taxi::time::Timers;
use taxi::{Clock, Time};

use crate::control::Control;
use crate::event::{Event, What};
use crate::failure::{Failure, Outcome};
use crate::fault::{Fault, Planned};
use crate::host::{Program, Ready, Running, next_ready};
use crate::link::Link;
use crate::network::{Due, HostId, Network};
use crate::simulated::Simulated;

mod breaks;

/// Many hosts in one process, on one virtual clock. All chance is from one seed: the same seed is the same run.
///
/// ```
/// use simulation::{Listener, Simulation, World};
/// use std::time::Duration;
/// use taxi::net::StreamReader;
/// use futures::AsyncWriteExt;
///
/// let mut simulation = Simulation::new(7);
/// simulation.host("garage", async |world| {
///     let listener = world.bind(80).await?;
///     loop {
///         let mut stream = listener.accept().await?;
///         stream.write_all(b"3 taxis\n").await?;
///     }
/// });
/// simulation.client("office", async |world| {
///     let stream = world.connect("garage", 80).await?;
///     let line = StreamReader::new(stream).read_line().await?;
///     assert_eq!(line.as_deref(), Some("3 taxis"));
///     Ok(())
/// });
/// simulation.run()?;
/// assert_eq!(simulation.now().as_nanos(), 2_000_000); // there, and back with the line
/// # Ok::<(), simulation::Failure>(())
/// ```
///
/// What is between the hosts, and what goes wrong:
///
/// ```
/// use simulation::{Fault, Link, Planned, Simulation, World};
/// use std::time::Duration;
/// use taxi::Time;
///
/// let mut simulation = Simulation::new(7);
/// simulation.keep_events();
/// for name in ["a", "b", "c"] {
///     simulation.client(name, async |world| {
///         world.sleep(Duration::from_secs(60)).await;
///         Ok(())
///     });
/// }
/// simulation.links(Link::new(Duration::from_millis(5)));
/// simulation.link("a", "b", Link::new(Duration::from_millis(80)).loss(0.01));
/// let (at, lasts) = (Time::from_secs(10), Duration::from_secs(5));
/// let fault = Fault::Partition(vec!["a".into()]);
/// simulation.plan(&[Planned { at, lasts, fault }]);
/// simulation.control().crash("c");
/// simulation.limit(Duration::from_secs(600));
/// assert_eq!(simulation.run_for(Duration::from_secs(20)), Ok(false));
/// let before = simulation.fingerprint();
/// simulation.control().restart("c");
/// assert_eq!(simulation.run(), Ok(()));
/// assert_eq!(simulation.now().as_secs(), 80);
/// assert_ne!(simulation.fingerprint(), before);
/// assert_eq!(simulation.events()[3].to_string(), "  0.000000 s  c loses its power");
/// ```
// ANCHOR: simulation
pub struct Simulation {
    network: Rc<Network>,
    /// Every host's sleeps: what is due soonest, on whichever host.
    timers: Timers<ThreadPark>,
    ready: Ready,
    hosts: Vec<Machine>,
    limit: Duration,
    // The last to be dropped: trace::many_loops says why.
    _traced: trace::ManyLoops,
}

/// What a host is, whether it runs or not.
struct Machine {
    program: Program,
    running: Option<Running>,
    is_client: bool,
    /// A client whose program has ended.
    is_done: bool,
}
// ANCHOR_END: simulation

impl Simulation {
    /// A simulation without hosts, whose chance begins with `seed`.
    pub fn new(seed: u64) -> Simulation {
        Simulation {
            network: Rc::new(Network::new(seed)),
            timers: Timers::new(ThreadPark::new(), Clock::virtual_time()),
            ready: Ready::default(),
            hosts: Vec::new(),
            limit: Duration::from_secs(3600),
            _traced: trace::many_loops(),
        }
    }

    /// A host of this name, which runs `program`, and runs it anew whenever it starts again. When the program ends
    /// without an error the host stays on: its other tasks go on, and whoever calls it is refused.
    ///
    /// # Panics
    ///
    /// If there is a host of that name.
    #[track_caller]
    pub fn host<F>(&mut self, name: &str, program: impl Fn(Simulated) -> F + 'static)
    where
        F: Future<Output = Outcome> + 'static,
    {
        self.add(name, program, false);
    }

    /// A host of this name, with a program whose end [`run`](Simulation::run) waits for.
    ///
    /// # Panics
    ///
    /// If there is a host of that name.
    #[track_caller]
    pub fn client<F>(&mut self, name: &str, program: impl Fn(Simulated) -> F + 'static)
    where
        F: Future<Output = Outcome> + 'static,
    {
        self.add(name, program, true);
    }

    #[track_caller]
    fn add<F>(
        &mut self,
        name: &str,
        program: impl Fn(Simulated) -> F + 'static,
        is_client: bool,
    ) where
        F: Future<Output = Outcome> + 'static,
    {
        let host = self.network.add(name);
        self.hosts.push(Machine {
            program: Rc::new(move |world| Box::pin(program(world))),
            running: None,
            is_client,
            is_done: false,
        });
        self.start(host);
    }

    /// What all links are like that are not [set](Simulation::link) by themselves: a millisecond, and nothing is lost.
    pub fn links(&mut self, link: Link) {
        self.network.set_usual(link);
    }

    /// What the link between `a` and `b` is like, both ways.
    ///
    /// # Panics
    ///
    /// If there is no host of one of these names.
    #[track_caller]
    pub fn link(&mut self, a: &str, b: &str, link: Link) {
        let (a, b) = (known(&self.network, a), known(&self.network, b));
        self.network.set_link(a, b, link);
        self.network.set_link(b, a, link);
    }

    /// These faults, each at its time.
    ///
    /// # Panics
    ///
    /// If one is about a host that there is not.
    #[track_caller]
    pub fn plan(&mut self, plan: &[Planned]) {
        for planned in plan {
            must_be_known(&self.network, &planned.fault);
            let begins = Due::Begins(planned.fault.clone(), planned.lasts);
            self.network.schedule(planned.at, begins);
        }
    }

    /// After how much time [`run`](Simulation::run) gives up: an hour, unless it is set.
    pub fn limit(&mut self, limit: Duration) {
        self.limit = limit;
    }

    /// What breaks things by hand; also for the programs of hosts.
    pub fn control(&self) -> Control {
        Control::new(&self.network)
    }

    /// The time of the simulation, which no host's clock need show.
    pub fn now(&self) -> Time {
        self.network.now.get()
    }

    /// Keeps every event from now on, for [`events`](Simulation::events).
    pub fn keep_events(&mut self) {
        self.network.log.borrow_mut().kept.get_or_insert_default();
    }

    /// What has happened since [`keep_events`](Simulation::keep_events).
    pub fn events(&self) -> Vec<Event> {
        let log = self.network.log.borrow();
        log.kept.clone().unwrap_or_default()
    }

    /// A number that tells runs apart: it is the same if the same has happened, in the same order at the same times.
    pub fn fingerprint(&self) -> u64 {
        self.network.log.borrow().fingerprint()
    }

    /// Runs until all clients have ended.
    ///
    /// # Errors
    ///
    /// If a program fails, or there is no end.
    pub fn run(&mut self) -> Result<(), Failure> {
        let limit = Time::ZERO.saturating_add(self.limit);
        match self.run_until(limit, false)? {
            true => Ok(()),
            false => Err(Failure::TooLong(self.limit)),
        }
    }

    /// Runs for so long, or until all clients have ended: then it is true.
    ///
    /// # Errors
    ///
    /// If a program fails.
    pub fn run_for(&mut self, time: Duration) -> Result<bool, Failure> {
        let until = self.now().saturating_add(time);
        self.run_until(until, true)
    }

    // ANCHOR: run
    /// Runs until then at most. True: all clients have ended. Who is `patient` lets the
    /// time pass also if nothing can happen in it.
    fn run_until(&mut self, until: Time, patient: bool) -> Result<bool, Failure> {
        let _current = self.timers.enter();
        loop {
            self.obey();
            while let Some(host) = next_ready(&self.ready) {
                self.turn(host)?;
                self.obey();
            }
            if self.clients_are_done() {
                return Ok(true);
            }
            if self.now() >= until {
                return Ok(false);
            }
            if !patient && self.is_stuck() {
                return Err(self.deadlock());
            }
            self.pass(until);
        }
    }
    // ANCHOR_END: run

    /// No sleep is set, and nothing is on its way.
    fn is_stuck(&self) -> bool {
        self.timers.pending() == 0 && self.network.due.borrow().is_empty()
    }

    // ANCHOR: pass
    /// Lets time pass until something happens.
    fn pass(&mut self, until: Time) {
        let next = self.network.due.borrow_mut().next_deadline();
        // hole: pass — until what is due first, of the sleeps and of the network; then deal with all that is due
        // tried by: echo, partition
        // also: simulation
        let wait = next.map_or(until, |next| next.min(until)) - self.now();
        self.timers.park(Some(wait)).expect("it only looks");
        self.network.now.set(taxi::time::now());
        while let Some(due) = self.network.next_due() {
            self.happen(due);
        }
        // end hole
    }
    // ANCHOR_END: pass

    fn clients_are_done(&self) -> bool {
        let mut clients = self.hosts.iter().filter(|it| it.is_client).peekable();
        clients.peek().is_some() && clients.all(|it| it.is_done)
    }

    fn turn(&mut self, host: HostId) -> Result<(), Failure> {
        let machine = &mut self.hosts[host];
        let Some(running) = &mut machine.running else {
            return Ok(());
        };
        let name = self.network.name(host);
        self.network.traced.clock(self.network.now.get().as_nanos());
        let _traced = self.network.traced.runs(host);
        let has_ended = running.turn(&name)?;
        if has_ended {
            machine.is_done = true;
            self.network.traced.ended(host);
            self.network.tell(What::Ended { host: name });
        }
        Ok(())
    }

    fn deadlock(&self) -> Failure {
        let mut waiting = Vec::new();
        for (host, machine) in self.hosts.iter().enumerate() {
            let name = self.network.name(host);
            for task in machine.running.iter().flat_map(Running::tasks) {
                waiting.push(format!("{name}'s {task}"));
            }
        }
        let waiting = match waiting.is_empty() {
            true => "nobody".to_string(),
            false => waiting.join(", "),
        };
        Failure::Deadlock { waiting }
    }
}

/// The host of that name.
#[track_caller]
pub(crate) fn known(network: &Network, name: &str) -> HostId {
    match network.find(name) {
        Some(host) => host,
        None => panic!("there is no host called {name}"),
    }
}

#[track_caller]
pub(crate) fn must_be_known(network: &Network, fault: &Fault) {
    for host in fault.hosts() {
        known(network, host);
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        // What is left of the hosts needs its timers once more, and sends nothing.
        let _current = self.timers.enter();
        for host in 0..self.hosts.len() {
            self.network.with(host, |it| it.up = false);
            self.end_tasks(host);
        }
        // Streams hold the network, which holds what is on its way.
        let due = std::mem::take(&mut *self.network.due.borrow_mut());
        drop(due);
    }
}

impl fmt::Debug for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulation").finish_non_exhaustive()
    }
}
