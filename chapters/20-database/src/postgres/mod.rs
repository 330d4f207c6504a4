//! PostgreSQL: a server, spoken with through a socket of taxi's.

mod client;
#[cfg(all(unix, feature = "programs"))]
mod private;
mod transaction;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use taxi::net::located;
use taxi::threads::connect;
use taxi::time::timeout;
use taxi::tokio_io::Compat;
use tokio_postgres::config::Host;
use tokio_postgres::{Config, NoTls};

use self::client::Line;
pub use self::client::{Client, PgRows};
#[cfg(all(unix, feature = "programs"))]
pub use self::private::{Private, on_a_server};
pub use self::transaction::PgTransaction;
use crate::Error;
use crate::errands::Errands;
use crate::shelf::Shelf;

/// Connections to a PostgreSQL server: so many at most, made when they are needed, and used again. Clones are the same
/// pool.
///
/// It needs a loop from the beginning, since it has a task that does what [`Client`]s leave to be done.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let Ok(url) = std::env::var("DATABASE_URL") else { return Ok(()) }; // There is no server here.
/// use database::{Error, Postgres};
///
/// taxi::run(async {
///     let pool = Postgres::at(&url)?.connections(4).build();
///     let client = pool.get().await?;
///     let row = client.query_one("SELECT $1::INT8 + 22", &[&20_i64]).await?;
///     assert_eq!(row.get::<_, i64>(0), 42);
///     drop(client);
///     assert_eq!((pool.free(), pool.idle()), (4, 1));
///     let seven = pool.transaction(async |tx| tx.query("SELECT 7::INT8", &[]).await);
///     assert_eq!(seven.await?[0].get::<_, i64>(0), 7);
///     Ok::<(), Error>(())
/// })??;
/// # Ok(())
/// # }
/// ```
// ANCHOR: pool
#[derive(Clone)]
pub struct Postgres(Rc<Pool>);

struct Pool {
    server: Server,
    /// A place may be empty: then whoever has it connects.
    shelf: Rc<Shelf<Rc<Line>>>,
    wait: Duration,
    errands: Errands,
}

/// Whom to call, and as whom.
#[derive(Clone)]
struct Server {
    config: Rc<Config>,
    address: Rc<str>,
}
// ANCHOR_END: pool

/// How long a server has to answer a new connection, or one that has lain on the shelf.
const ANSWER: Duration = Duration::from_secs(10);

/// How a pool is to be; made by [`Postgres::at`].
///
/// ```
/// use std::time::Duration;
///
/// let pool = database::Postgres::at("postgres://taxi@localhost:5432/rides")?;
/// let pool = pool.connections(2).wait(Duration::from_secs(3));
/// assert!(database::Postgres::at("postgres://").is_err()); // It names no server.
/// # Ok::<(), database::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a pool is made by `build`"]
pub struct PostgresBuilder {
    config: Config,
    address: String,
    connections: usize,
    wait: Duration,
}

impl PostgresBuilder {
    /// How many connections there are at most, 8 if nothing is said.
    ///
    /// # Panics
    ///
    /// If it is none.
    #[track_caller]
    pub fn connections(mut self, connections: usize) -> PostgresBuilder {
        assert!(connections > 0, "without connections nothing can be asked");
        self.connections = connections;
        self
    }

    /// How long to wait while others have all connections, 10 s if nothing is said. (Whatever is said, a server has
    /// 10 s to answer a new connection.)
    pub fn wait(mut self, limit: Duration) -> PostgresBuilder {
        self.wait = limit;
        self
    }

    /// Makes the pool, which has no connections yet.
    ///
    /// # Panics
    ///
    /// If no loop is running on this thread.
    #[track_caller]
    pub fn build(self) -> Postgres {
        Postgres(Rc::new(Pool {
            server: Server {
                config: Rc::new(self.config),
                address: self.address.into(),
            },
            shelf: Shelf::new(self.connections, Vec::new()),
            wait: self.wait,
            errands: Errands::begin(),
        }))
    }
}

impl Postgres {
    /// The server that `url` names, as `postgres://user@host:port/database`, by its first host.
    ///
    /// # Errors
    ///
    /// If it is no such address.
    pub fn at(url: &str) -> Result<PostgresBuilder, Error> {
        let config: Config = url.parse()?;
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let address = match config.get_hosts().first() {
            Some(Host::Tcp(host)) if host.contains(':') => format!("[{host}]:{port}"),
            Some(Host::Tcp(host)) => format!("{host}:{port}"),
            _ => {
                let why = "the address names no host to connect to by TCP";
                let why = std::io::Error::new(std::io::ErrorKind::InvalidInput, why);
                return Err(Error::Connect(why));
            }
        };
        Ok(PostgresBuilder {
            config,
            address,
            connections: 8,
            wait: Duration::from_secs(10),
        })
    }

    /// A connection: one that nobody uses, or a new one. Dropping it gives it back.
    ///
    /// # Errors
    ///
    /// If there was none within the time to wait, or the server cannot be reached, or refuses.
    #[track_caller]
    pub fn get(&self) -> impl Future<Output = Result<Client, Error>> + use<> {
        located("get", Postgres(Rc::clone(&self.0)).taken())
    }

    // ANCHOR: get
    async fn taken(self) -> Result<Client, Error> {
        let pool = &self.0;
        let mut place = pool.shelf.take("a connection", pool.wait).await?;
        // What has lain there may be broken meanwhile.
        if let Some(line) = place.get()
            && !line.is_well(ANSWER).await
        {
            place.remove();
        }
        if place.get().is_none() {
            place.put(Rc::new(pool.server.connect().await?));
        }
        Ok(Client::new(
            place,
            pool.server.clone(),
            pool.errands.clone(),
        ))
    }
    // ANCHOR_END: get

    /// Awaits `body` in a transaction on a connection of its own: as [`Client::transaction`].
    ///
    /// # Errors
    ///
    /// What the body fails with, what the server says, and as those of [`get`](Postgres::get).
    pub async fn transaction<T, E: From<Error>>(
        &self,
        body: impl AsyncFnOnce(&mut PgTransaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let client = self.get().await?;
        client.transaction(body).await
    }

    /// How many connections could be had without waiting.
    pub fn free(&self) -> usize {
        self.0.shelf.free()
    }

    /// How many connections are open and used by nobody.
    pub fn idle(&self) -> usize {
        self.0.shelf.idle()
    }
}

impl Server {
    // ANCHOR: connect
    /// A new connection: a socket of ours, on which tokio-postgres speaks, and a task that
    /// carries what is said.
    async fn connect(&self) -> Result<Line, Error> {
        let (limit, what) = (ANSWER, "an answer of the server");
        let connected = timeout(limit, async {
            let stream = self.call().await?;
            let connected = self.config.connect_raw(stream, NoTls).await?;
            Ok(connected)
        });
        let connected: Result<_, Error> =
            connected.await.map_err(|_| Error::Waited { what, limit })?;
        let (client, connection) = connected?;
        Ok(Line::new(client, taxi::spawn(connection)))
    }
    // ANCHOR_END: connect

    async fn call(&self) -> Result<Compat<taxi::net::TcpStream>, Error> {
        let stream = connect(&self.address).await.map_err(Error::Connect)?;
        stream.set_nodelay(true).map_err(Error::Connect)?;
        Ok(Compat::new(stream))
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (free, idle) = (self.free(), self.idle());
        write!(
            f,
            "Postgres {}, {free} free, {idle} idle",
            self.0.server.address
        )
    }
}
