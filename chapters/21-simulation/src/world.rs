//! What a program takes from its world. It is the seam at which the world can be exchanged.

use std::io;
use std::time::Duration;

use futures_io::{AsyncRead, AsyncWrite};
use taxi::Time;
use taxi::time::Elapsed;

/// Network, clock, disk and chance: all that a program does not have in itself.
///
/// A program that takes these four from a `World`, and nothing from elsewhere, runs on [`Real`](crate::Real) sockets as
/// on a [simulated](crate::Simulation) host, unchanged. It is generic: `async fn server<W: World>(world: W) -> Outcome`.
/// Tasks it makes with [`taxi::spawn`]. A clone is the same world.
///
/// What else differs between two runs is not taken from here and must not be used: threads, the process's environment,
/// the order of a `HashMap`.
///
/// ```
/// use futures::AsyncWriteExt;
/// use simulation::{Listener, Outcome, World};
///
/// async fn greeter<W: World>(world: W) -> Outcome {
///     let listener = world.bind(7).await?;
///     loop {
///         let mut stream = listener.accept().await?;
///         stream.write_all(b"hello\n").await?;
///     }
/// }
/// ```
// ANCHOR: world
pub trait World: Clone + 'static {
    /// Where it is called.
    type Listener: Listener<Stream = Self::Stream>;
    /// Bytes both ways.
    type Stream: Stream;
    /// Letters that may be lost.
    type Datagrams: Datagrams;

    /// The name of the host that the program runs on.
    fn name(&self) -> &str;

    /// Listens on a port of this host.
    ///
    /// # Errors
    ///
    /// If another program has that port.
    fn bind(&self, port: u16) -> impl Future<Output = io::Result<Self::Listener>>;

    /// Connects to a port of the host of that name.
    ///
    /// # Errors
    ///
    /// If there is no such host, nobody listens there, or nothing comes back for two
    /// minutes.
    fn connect(
        &self,
        host: &str,
        port: u16,
    ) -> impl Future<Output = io::Result<Self::Stream>>;

    /// A socket for datagrams, at a port of this host.
    ///
    /// # Errors
    ///
    /// If another program has that port.
    fn datagrams(&self, port: u16) -> impl Future<Output = io::Result<Self::Datagrams>>;

    /// What this host's clock shows. It may run fast or slow, beside those of the other
    /// hosts.
    fn now(&self) -> Time;

    /// Waits until this host's clock shows so much more.
    fn sleep(&self, wait: Duration) -> impl Future<Output = ()>;

    /// Awaits `future` for so long, by this host's clock.
    ///
    /// # Errors
    ///
    /// If it is not ready then. It has been dropped.
    fn timeout<F: Future>(
        &self,
        limit: Duration,
        future: F,
    ) -> impl Future<Output = Result<F::Output, Elapsed>>;

    /// A random number.
    fn random(&self) -> u64;

    /// What this host's file of that name holds.
    ///
    /// # Errors
    ///
    /// If there is no such file, or the disk fails.
    fn read(&self, file: &str) -> impl Future<Output = io::Result<Vec<u8>>>;

    /// Puts `bytes` in the place of all that the file held, if there was one. After a
    /// crash it holds the one or the other, never a part.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    fn write(&self, file: &str, bytes: &[u8]) -> impl Future<Output = io::Result<()>>;

    /// Adds `bytes` at the file's end. A crash may cut them off anywhere.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    fn append(&self, file: &str, bytes: &[u8]) -> impl Future<Output = io::Result<()>>;

    /// Waits until all that was written to the file is safe. What was written since the
    /// last time may be lost at a crash: the latest first.
    ///
    /// # Errors
    ///
    /// If there is no such file, or the disk fails.
    fn sync(&self, file: &str) -> impl Future<Output = io::Result<()>>;
}
// ANCHOR_END: world

// ANCHOR: network
/// Where a program is called.
///
/// ```
/// use simulation::Listener;
///
/// /// Turns away the first caller.
/// async fn shy<L: Listener>(listener: &L) -> std::io::Result<L::Stream> {
///     drop(listener.accept().await?);
///     listener.accept().await
/// }
/// ```
pub trait Listener: 'static {
    /// What comes of it.
    type Stream;

    /// The next caller.
    ///
    /// # Errors
    ///
    /// If the operating system cannot listen any longer.
    fn accept(&self) -> impl Future<Output = io::Result<Self::Stream>>;
}

/// Bytes both ways, in order.
///
/// ```
/// use futures::{AsyncReadExt, AsyncWriteExt};
/// use simulation::Stream;
///
/// async fn echo<S: Stream>(stream: S) -> std::io::Result<()> {
///     let (mut reads, mut writes) = stream.into_split();
///     let mut byte = [0];
///     while reads.read(&mut byte).await? > 0 {
///         writes.write_all(&byte).await?;
///     }
///     Ok(())
/// }
/// ```
pub trait Stream: AsyncRead + AsyncWrite + Unpin + 'static {
    /// The half to read from.
    type Reads: AsyncRead + Unpin + 'static;
    /// The half to write to. Dropping it ends that direction.
    type Writes: AsyncWrite + Unpin + 'static;

    /// The two halves, for two tasks.
    fn into_split(self) -> (Self::Reads, Self::Writes);
}

/// Datagrams: each arrives whole, or not, or twice, or after a later one.
///
/// ```
/// use simulation::{Datagrams, Outcome, Simulation, World};
///
/// async fn send<W: World>(world: W) -> Outcome {
///     let socket = world.datagrams(0).await?;
///     let garage = socket.peer("garage", 53).await?;
///     socket.send_to(b"a taxi", &garage).await?;
///     Ok(())
/// }
///
/// async fn hear<W: World>(world: W) -> Outcome {
///     let (socket, mut buffer) = (world.datagrams(53).await?, [0; 16]);
///     let (count, _from) = socket.receive_from(&mut buffer).await?;
///     assert_eq!(&buffer[..count], b"a taxi");
///     Ok(())
/// }
///
/// let mut simulation = Simulation::new(1);
/// simulation.client("garage", hear);
/// simulation.client("office", send);
/// simulation.run()?;
/// # Ok::<(), simulation::Failure>(())
/// ```
pub trait Datagrams: 'static {
    /// Where one is sent to, and where it came from.
    type Peer: Clone + Eq + std::fmt::Debug;

    /// Where datagrams for that port of that host go.
    ///
    /// # Errors
    ///
    /// If there is no such host.
    fn peer(&self, host: &str, port: u16)
    -> impl Future<Output = io::Result<Self::Peer>>;

    /// Sends one. That it was sent says nothing about whether it arrives.
    ///
    /// # Errors
    ///
    /// If it is too long.
    fn send_to(
        &self,
        bytes: &[u8],
        peer: &Self::Peer,
    ) -> impl Future<Output = io::Result<()>>;

    /// The next one that has arrived, and where it came from. What `buffer` has no room
    /// for is lost.
    ///
    /// # Errors
    ///
    /// If the operating system says so: on some systems, that nobody was at a port
    /// something was sent to.
    fn receive_from(
        &self,
        buffer: &mut [u8],
    ) -> impl Future<Output = io::Result<(usize, Self::Peer)>>;
}
// ANCHOR_END: network
