//! The world itself: chapter 12's sockets, the clock on the wall, a folder.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use fastrand::Rng;
use taxi::Time;
use taxi::net::{OwnedReadHalf, OwnedWriteHalf, TcpListener, TcpStream, UdpSocket};
use taxi::spawn_blocking;
use taxi::time::Elapsed;

use crate::world::{Datagrams, Listener, Stream, World};

/// A host of the real world.
///
/// ```
/// use simulation::{Real, World};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let world = Real::new("node-1", folder.path());
/// // Where the others are. Any other name is looked up.
/// let world = world.with("node-2", 7000, "127.0.0.1:7002".parse()?);
/// taxi::run(async move {
///     assert_eq!(world.name(), "node-1");
///     world.append("log", b"Ann, ").await?;
///     world.append("log", b"Ben").await?;
///     world.sync("log").await?;
///     assert_eq!(world.read("log").await?, b"Ann, Ben");
///     std::io::Result::Ok(())
/// })??;
/// # Ok(())
/// # }
/// ```
// ANCHOR: host
#[derive(Debug, Clone)]
pub struct Real {
    inner: Rc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: String,
    folder: PathBuf,
    addresses: RefCell<BTreeMap<(String, u16), SocketAddr>>,
    dice: RefCell<Rng>,
}
// ANCHOR_END: host

impl Real {
    /// The host `name`, whose files are in `folder`, which must exist.
    pub fn new(name: impl Into<String>, folder: &Path) -> Real {
        Real {
            inner: Rc::new(Inner {
                name: name.into(),
                folder: folder.to_path_buf(),
                addresses: RefCell::default(),
                dice: RefCell::new(Rng::new()),
            }),
        }
    }

    /// The same, and that port of `host` is at `address`. If `host` is this one, that is where
    /// [`bind`](World::bind) listens; without it, it listens on the port itself, for everybody.
    pub fn with(self, host: &str, port: u16, address: SocketAddr) -> Real {
        let mut addresses = self.inner.addresses.borrow_mut();
        addresses.insert((host.to_string(), port), address);
        drop(addresses);
        self
    }

    fn known(&self, host: &str, port: u16) -> Option<SocketAddr> {
        let key = (host.to_string(), port);
        self.inner.addresses.borrow().get(&key).copied()
    }

    fn own(&self, port: u16) -> SocketAddr {
        let everybody = (Ipv4Addr::UNSPECIFIED, port).into();
        self.known(&self.inner.name, port).unwrap_or(everybody)
    }

    /// Works on the file `name` in a thread of the pool.
    async fn on_file<R: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(PathBuf) -> io::Result<R> + Send + 'static,
    ) -> io::Result<R> {
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            let why =
                format!("'{name}' is no name for a file: letters, digits, '-', '.'");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let path = self.inner.folder.join(name);
        let done = spawn_blocking(move || work(path)).await;
        done.map_err(io::Error::other)?
    }
}

/// Writes aside, and puts that in the place of the old by one step of the file system.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut aside = path.as_os_str().to_os_string();
    aside.push(".new");
    let mut file = File::create(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(aside, path)
}

/// The file, and that there is a file of this name.
fn sync(path: &Path) -> io::Result<()> {
    OpenOptions::new().append(true).open(path)?.sync_all()?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

// ANCHOR: real
impl World for Real {
    type Listener = TcpListener;
    type Stream = TcpStream;
    type Datagrams = RealDatagrams;

    fn name(&self) -> &str {
        &self.inner.name
    }

    async fn bind(&self, port: u16) -> io::Result<TcpListener> {
        TcpListener::bind(self.own(port))
    }

    async fn connect(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        match self.known(host, port) {
            Some(address) => TcpStream::connect(address).await,
            None => taxi::threads::connect(&format!("{host}:{port}")).await,
        }
    }

    async fn datagrams(&self, port: u16) -> io::Result<RealDatagrams> {
        let (socket, world) = (UdpSocket::bind(self.own(port))?, self.clone());
        Ok(RealDatagrams { socket, world })
    }

    fn now(&self) -> Time {
        taxi::time::now()
    }

    #[track_caller]
    fn sleep(&self, wait: Duration) -> impl Future<Output = ()> {
        taxi::time::sleep(wait)
    }

    #[track_caller]
    fn timeout<F: Future>(
        &self,
        limit: Duration,
        future: F,
    ) -> impl Future<Output = Result<F::Output, Elapsed>> {
        taxi::time::timeout(limit, future)
    }

    fn random(&self) -> u64 {
        self.inner.dice.borrow_mut().u64(..)
    }

    async fn read(&self, file: &str) -> io::Result<Vec<u8>> {
        self.on_file(file, fs::read).await
    }

    async fn write(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let bytes = bytes.to_vec();
        self.on_file(file, move |path| replace(&path, &bytes)).await
    }

    async fn append(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let bytes = bytes.to_vec();
        let add = move |path| {
            let mut file = OpenOptions::new().create(true).append(true).open(path)?;
            file.write_all(&bytes)
        };
        self.on_file(file, add).await
    }

    async fn sync(&self, file: &str) -> io::Result<()> {
        self.on_file(file, |path| sync(&path)).await
    }
}
// ANCHOR_END: real

impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<TcpStream> {
        Ok(taxi::net::Listener::accept(self).await?.0)
    }
}

impl Stream for TcpStream {
    type Reads = OwnedReadHalf;
    type Writes = OwnedWriteHalf;

    fn into_split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
        taxi::net::Connection::into_split(self)
    }
}

/// A socket for datagrams in the real world; made by [`Real::new`].
#[derive(Debug)]
pub struct RealDatagrams {
    socket: UdpSocket,
    world: Real,
}

impl Datagrams for RealDatagrams {
    type Peer = SocketAddr;

    async fn peer(&self, host: &str, port: u16) -> io::Result<SocketAddr> {
        if let Some(address) = self.world.known(host, port) {
            return Ok(address);
        }
        let found = taxi::threads::lookup(&format!("{host}:{port}")).await?;
        let first = found.into_iter().next();
        first.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    async fn send_to(&self, bytes: &[u8], peer: &SocketAddr) -> io::Result<()> {
        self.socket.send_to(bytes, *peer).await.map(drop)
    }

    async fn receive_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.socket.recv_from(buffer).await
    }
}
