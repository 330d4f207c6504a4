//! The world of a simulated host.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use taxi::Time;
use taxi::net::{Located, located};
use taxi::time::{Elapsed, sleep, timeout};

use crate::datagram::SimulatedDatagrams;
use crate::listener::{Call, SimulatedListener};
use crate::network::{Host, Life, Network};
use crate::stream::SimulatedStream;
use crate::world::World;

/// How long a disk takes until what was written is safe.
const SYNC: Duration = Duration::from_millis(1);

/// The world of a simulated host: what [`Simulation::host`](crate::Simulation::host) gives to the host's program.
///
/// ```
/// use simulation::{Simulation, World};
/// use std::time::Duration;
///
/// let mut simulation = Simulation::new(1);
/// simulation.client("a", async |world| {
///     assert_eq!(world.name(), "a");
///     world.write("note", b"3 taxis").await?;
///     world.sync("note").await?;
///     assert_eq!(world.read("note").await?, b"3 taxis");
///     assert_eq!(world.connect("b", 7).await.unwrap_err().to_string(), "there is no host called b");
///     Ok(())
/// });
/// simulation.run()?;
/// # Ok::<(), simulation::Failure>(())
/// ```
#[derive(Debug, Clone)]
pub struct Simulated {
    network: Rc<Network>,
    life: Life,
    name: Rc<str>,
}

impl Simulated {
    pub(crate) fn new(network: Rc<Network>, life: Life) -> Simulated {
        let name = network.name(life.host);
        Simulated {
            network,
            life,
            name,
        }
    }

    /// Works on the host, if it has not stopped.
    fn with<R>(&self, work: impl FnOnce(&mut Host) -> R) -> io::Result<R> {
        self.is_up()?;
        Ok(self.network.with(self.life.host, work))
    }

    fn is_up(&self) -> io::Result<()> {
        match self.network.lives(self.life) {
            true => Ok(()),
            false => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn really(&self, wait: Duration) -> Duration {
        self.network
            .with(self.life.host, |host| host.clock.really(wait))
    }
}

impl World for Simulated {
    type Listener = SimulatedListener;
    type Stream = SimulatedStream;
    type Datagrams = SimulatedDatagrams;

    fn name(&self) -> &str {
        &self.name
    }

    async fn bind(&self, port: u16) -> io::Result<SimulatedListener> {
        self.is_up()?;
        SimulatedListener::bind(&self.network, self.life, port)
    }

    #[track_caller]
    fn connect(
        &self,
        host: &str,
        port: u16,
    ) -> impl Future<Output = io::Result<SimulatedStream>> {
        located("connect", async move {
            self.is_up()?;
            let host = self.network.look_up(host)?;
            Call::connect(Rc::clone(&self.network), self.life, host, port).await
        })
    }

    async fn datagrams(&self, port: u16) -> io::Result<SimulatedDatagrams> {
        self.is_up()?;
        SimulatedDatagrams::bind(&self.network, self.life, port)
    }

    fn now(&self) -> Time {
        let now = self.network.now.get();
        self.network
            .with(self.life.host, |host| host.clock.read(now))
    }

    #[track_caller]
    fn sleep(&self, wait: Duration) -> impl Future<Output = ()> {
        sleep(self.really(wait))
    }

    #[track_caller]
    fn timeout<F: Future>(
        &self,
        limit: Duration,
        future: F,
    ) -> impl Future<Output = Result<F::Output, Elapsed>> {
        timeout(self.really(limit), future)
    }

    fn random(&self) -> u64 {
        self.network.with(self.life.host, |host| host.dice.u64(..))
    }

    async fn read(&self, file: &str) -> io::Result<Vec<u8>> {
        self.with(|host| host.disk.read(file))?
    }

    async fn write(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        self.with(|host| host.disk.replace(file, bytes))
    }

    async fn append(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        self.with(|host| host.disk.append(file, bytes))
    }

    #[track_caller]
    fn sync(&self, file: &str) -> impl Future<Output = io::Result<()>> {
        self.syncs(file)
    }
}

impl Simulated {
    #[track_caller]
    fn syncs(&self, file: &str) -> Located<impl Future<Output = io::Result<()>>> {
        located("sync", async move {
            let count = self.with(|host| host.disk.writes(file))??;
            sleep(SYNC).await;
            self.with(|host| host.disk.settle(file, count))
        })
    }
}
