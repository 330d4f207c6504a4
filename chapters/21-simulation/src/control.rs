//! Breaking things by hand.

use std::rc::Rc;
use std::time::Duration;

use crate::fault::Fault;
use crate::network::{HostId, Network, Order};
use crate::simulation::{known, must_be_known};

/// Breaks things, and mends them: as soon as whoever asks has had its turn.
///
/// ```
/// use simulation::{Simulation, World};
/// use std::time::Duration;
///
/// let mut simulation = Simulation::new(1);
/// simulation.host("b", async |world| {
///     let _listener = world.bind(7).await?;
///     std::future::pending().await
/// });
/// let control = simulation.control();
/// simulation.client("a", move |world| {
///     let control = control.clone();
///     async move {
///         control.cut("a", "b");
///         world.sleep(Duration::from_millis(1)).await;
///         let call = world.timeout(Duration::from_secs(5), world.connect("b", 7));
///         assert!(call.await.is_err());
///         control.heal();
///         world.connect("b", 7).await?;
///         Ok(())
///     }
/// });
/// simulation.run()?;
/// # Ok::<(), simulation::Failure>(())
/// ```
///
/// From outside:
///
/// ```
/// use simulation::{Fault, Simulation, World};
/// use std::time::Duration;
///
/// let mut simulation = Simulation::new(1);
/// for name in ["a", "b"] {
///     simulation.host(name, async |_| std::future::pending().await);
/// }
/// let (control, second) = (simulation.control(), Duration::from_secs(1));
/// simulation.keep_events();
/// control.partition(&["a"]);
/// control.drift("a", 200);
/// control.kill("b");
/// control.restart("b");
/// control.crash("a");
/// control.fault(Fault::Kill("b".into()), second);
/// simulation.run_for(2 * second).unwrap();
/// let events: Vec<_> = simulation.events().iter().map(|it| it.what.to_string()).collect();
/// assert_eq!(events[3..], ["b starts", "a loses its power", "b's program is ended", "over: b's program is ended", "b starts"]);
/// ```
///
/// Each of its calls panics if there is no host of a name that it is given.
#[derive(Debug, Clone)]
pub struct Control {
    network: Rc<Network>,
}

impl Control {
    pub(crate) fn new(network: &Rc<Network>) -> Control {
        Control {
            network: Rc::clone(network),
        }
    }

    #[track_caller]
    fn begin(&self, fault: Fault) {
        must_be_known(&self.network, &fault);
        self.order(Order::Begin(fault));
    }

    fn order(&self, order: Order) {
        self.network.orders.borrow_mut().push_back(order);
    }

    /// This fault, from now on for so long.
    #[track_caller]
    pub fn fault(&self, fault: Fault, lasts: Duration) {
        must_be_known(&self.network, &fault);
        self.order(Order::For(fault, lasts));
    }

    /// Nothing gets from `from` to `to` any more.
    #[track_caller]
    pub fn cut(&self, from: &str, to: &str) {
        let (from, to) = (from.to_string(), to.to_string());
        self.begin(Fault::Cut { from, to });
    }

    /// Nothing gets from `side` to all others any more, nor back.
    #[track_caller]
    pub fn partition(&self, side: &[&str]) {
        let side = side.iter().map(|it| it.to_string()).collect();
        self.begin(Fault::Partition(side));
    }

    /// Every cut and partition is over.
    pub fn heal(&self) {
        self.order(Order::Heal);
    }

    /// The host loses its power.
    #[track_caller]
    pub fn crash(&self, host: &str) {
        self.begin(Fault::Crash(host.to_string()));
    }

    /// The host's program is ended.
    #[track_caller]
    pub fn kill(&self, host: &str) {
        self.begin(Fault::Kill(host.to_string()));
    }

    /// The host's clock runs fast, or slow, from now on: by so many millionths.
    #[track_caller]
    pub fn drift(&self, host: &str, ppm: i32) {
        let host = host.to_string();
        self.begin(Fault::Drift { host, ppm });
    }

    /// The host starts again, if it does not run.
    #[track_caller]
    pub fn restart(&self, host: &str) {
        known(&self.network, host);
        self.order(Order::Restart(host.to_string()));
    }
}

impl Fault {
    /// Whether it is about what lies between hosts.
    pub(crate) fn cuts(&self) -> bool {
        matches!(self, Fault::Cut { .. } | Fault::Partition(_))
    }

    /// The hosts that it names.
    pub(crate) fn hosts(&self) -> Vec<&str> {
        match self {
            Fault::Cut { from, to } => vec![from, to],
            Fault::Partition(side) => side.iter().map(String::as_str).collect(),
            Fault::Crash(host) | Fault::Kill(host) | Fault::Drift { host, .. } => {
                vec![host]
            }
        }
    }
}

impl Network {
    /// Calls `work` for each direction that the fault cuts.
    pub(crate) fn each_cut(
        &self,
        fault: &Fault,
        work: impl Fn(&Network, HostId, HostId),
    ) {
        let count = self.hosts.borrow().len();
        let named: Vec<HostId> = fault
            .hosts()
            .into_iter()
            .map(|it| known(self, it))
            .collect();
        match fault {
            Fault::Cut { .. } => work(self, named[0], named[1]),
            Fault::Partition(_) => {
                for (inside, outside) in named
                    .iter()
                    .flat_map(|it| (0..count).map(move |other| (*it, other)))
                    .filter(|(_, other)| !named.contains(other))
                {
                    work(self, inside, outside);
                    work(self, outside, inside);
                }
            }
            Fault::Crash(_) | Fault::Kill(_) | Fault::Drift { .. } => {}
        }
    }

    pub(crate) fn drift(&self, host: &str, ppm: i32) {
        let (host, now) = (known(self, host), self.now.get());
        self.with(host, |it| it.clock.drift(now, ppm));
    }
}
