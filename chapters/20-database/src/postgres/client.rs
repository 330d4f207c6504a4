//! A connection for as long as somebody has it, and what it leaves behind.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use taxi::JoinHandle;
use taxi::net::located;
use taxi::stream::with;
use taxi::sync::Event;
use taxi::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Row, RowStream};

use super::transaction::{Begin, PgTransaction};
use super::{ANSWER, Server};
use crate::Error;
use crate::errands::Errands;
use crate::shelf::Lease;

// ANCHOR: line
/// A connection to the server.
pub(super) struct Line {
    client: tokio_postgres::Client,
    /// The task that reads and writes. Aborting it hangs up.
    carries: JoinHandle<Result<(), tokio_postgres::Error>>,
    /// What is still to be said before anybody else may ask.
    to_say: RefCell<VecDeque<Say>>,
    /// Whether somebody is at it.
    busy: Cell<bool>,
    quiet: Event,
    broken: Cell<bool>,
}

/// What a destructor leaves to be said.
pub(super) enum Say {
    /// Nobody wants the answer to what runs there.
    Cancel,
    /// A statement that ends a transaction, or a part of one.
    Statement(String),
}
// ANCHOR_END: line

/// A connection of a [`Postgres`](super::Postgres) pool, which goes back when this is dropped.
///
/// The future of a query may be dropped: then the server is asked to cancel it, and the connection is not used before
/// that is over.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let Ok(url) = std::env::var("DATABASE_URL") else { return Ok(()) }; // There is no server here.
/// use database::{Error, Postgres};
/// use taxi::stream::StreamExt;
///
/// taxi::run(async {
///     let pool = Postgres::at(&url)?.build();
///     let client = pool.get().await?;
///     client.batch("CREATE TEMP TABLE rides (id INT8); INSERT INTO rides VALUES (1)").await?;
///     assert_eq!(client.execute("INSERT INTO rides VALUES ($1)", &[&2_i64]).await?, 1);
///     assert_eq!(client.query("SELECT id FROM rides", &[]).await?.len(), 2);
///     let mut rows = client.rows("SELECT id FROM rides ORDER BY id", &[]).await?;
///     let first = rows.next().await.transpose()?.unwrap();
///     assert_eq!(first.get::<_, i64>(0), 1);
///     drop(rows);
///     let failed = client.transaction(async |tx| {
///         tx.execute("DELETE FROM rides", &[]).await?;
///         tx.execute("DELETE FROM riders", &[]).await
///     });
///     assert!(failed.await.is_err());
///     let count = client.query_one("SELECT count(*) FROM rides", &[]).await?;
///     assert_eq!(count.get::<_, i64>(0), 2);
///     Ok::<(), Error>(())
/// })??;
/// # Ok(())
/// # }
/// ```
// ANCHOR: client
pub struct Client {
    /// `None` only while it is dropped.
    place: Option<Lease<Rc<Line>>>,
    line: Rc<Line>,
    server: Server,
    errands: Errands,
}
// ANCHOR_END: client

/// The values of a statement's parameters.
pub(super) type Values<'v> = [&'v (dyn ToSql + Sync)];

impl Line {
    pub(super) fn new(
        client: tokio_postgres::Client,
        carries: JoinHandle<Result<(), tokio_postgres::Error>>,
    ) -> Line {
        Line {
            client,
            carries,
            to_say: RefCell::default(),
            busy: Cell::new(false),
            quiet: Event::new(),
            broken: Cell::new(false),
        }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.get() || self.client.is_closed()
    }

    // ANCHOR: well
    /// Whether it still answers. What is asked rolls back what somebody has left open.
    pub(super) async fn is_well(&self, limit: Duration) -> bool {
        let answer = timeout(limit, self.client.batch_execute("ROLLBACK"));
        !self.is_broken() && matches!(answer.await, Ok(Ok(())))
    }
    // ANCHOR_END: well

    // ANCHOR: say
    /// Says all that there is to be said. If it is dropped before that, the connection is of
    /// no use any more.
    async fn say_all(self: Rc<Line>, server: Server) {
        struct Broken<'l>(&'l Line);
        impl Drop for Broken<'_> {
            fn drop(&mut self) {
                self.0.broken.set(true);
                self.0.over();
            }
        }
        let broken = Broken(&self);
        loop {
            let next = self.to_say.borrow_mut().pop_front();
            let said = match next {
                Some(Say::Cancel) => self.cancel(&server).await,
                Some(Say::Statement(sql)) => {
                    self.client.batch_execute(&sql).await.map_err(Error::from)
                }
                None => break,
            };
            if said.is_err() {
                return;
            }
        }
        std::mem::forget(broken);
        self.over();
    }
    // ANCHOR_END: say

    fn over(&self) {
        self.busy.set(false);
        self.quiet.set();
    }

    // ANCHOR: cancel
    /// Asks the server, by a connection of its own, to cancel what runs on this one, until
    /// nothing does.
    async fn cancel(&self, server: &Server) -> Result<(), Error> {
        // An empty statement, which is answered when all before it is over.
        let mut over = pin!(self.client.simple_query(""));
        loop {
            self.request_cancel(server).await?;
            // A request may come before the query that it is meant for.
            match timeout(Duration::from_millis(100), over.as_mut()).await {
                Ok(Err(error)) if error.code() == Some(&SqlState::QUERY_CANCELED) => {
                    break;
                }
                Ok(answered) => {
                    answered?;
                    return Ok(());
                }
                Err(_) => {}
            }
        }
        // It has met the empty one: another asks whether it is over.
        self.client.simple_query("").await?;
        Ok(())
    }
    // ANCHOR_END: cancel

    // ANCHOR: request
    /// One request. When this returns, the server has passed it on to what runs: it comes no
    /// later.
    async fn request_cancel(&self, server: &Server) -> Result<(), Error> {
        let (limit, what) = (ANSWER, "an answer of the server");
        let requested = timeout(limit, async {
            let mut stream = server.call().await?;
            let token = self.client.cancel_token();
            token.cancel_query_raw(&mut stream, NoTls).await?;
            // It says nothing. It hangs up, and an error is the same to us.
            let _hung_up = stream.get_ref().read(&mut [0]).await;
            Ok(())
        });
        requested.await.map_err(|_| Error::Waited { what, limit })?
    }
    // ANCHOR_END: request
}

impl Client {
    pub(super) fn new(
        place: Lease<Rc<Line>>,
        server: Server,
        errands: Errands,
    ) -> Client {
        let line = place.get().map(Rc::clone);
        Client {
            line: line.expect("whoever takes a place puts a connection there"),
            place: Some(place),
            server,
            errands,
        }
    }

    /// Executes a statement; how many rows it has changed.
    ///
    /// # Errors
    ///
    /// What the server says, or that the connection is lost.
    #[track_caller]
    pub fn execute(
        &self,
        sql: &str,
        values: &Values<'_>,
    ) -> impl Future<Output = Result<u64, Error>> {
        located("execute", self.ask(self.line.client.execute(sql, values)))
    }

    /// Executes several statements.
    ///
    /// # Errors
    ///
    /// As those of [`execute`](Client::execute).
    #[track_caller]
    pub fn batch(&self, sql: &str) -> impl Future<Output = Result<(), Error>> {
        located("batch", self.ask(self.line.client.batch_execute(sql)))
    }

    /// All rows that `sql` finds.
    ///
    /// # Errors
    ///
    /// As those of [`execute`](Client::execute).
    #[track_caller]
    pub fn query(
        &self,
        sql: &str,
        values: &Values<'_>,
    ) -> impl Future<Output = Result<Vec<Row>, Error>> {
        located("query", self.ask(self.line.client.query(sql, values)))
    }

    /// The one row that `sql` finds.
    ///
    /// # Errors
    ///
    /// As those of [`execute`](Client::execute), and if it is not one.
    #[track_caller]
    pub fn query_one(
        &self,
        sql: &str,
        values: &Values<'_>,
    ) -> impl Future<Output = Result<Row, Error>> {
        located(
            "query_one",
            self.ask(self.line.client.query_one(sql, values)),
        )
    }

    /// The rows that `sql` finds, one after the other: what was not taken waits in sockets, and at last the server
    /// waits. Dropping the stream cancels the query there.
    ///
    /// # Errors
    ///
    /// As those of [`execute`](Client::execute); what is found out later is an item.
    pub async fn rows(
        &self,
        sql: &str,
        values: &Values<'_>,
    ) -> Result<PgRows<'_>, Error> {
        let values = values.iter().copied();
        let rows = self.ask(self.line.client.query_raw(sql, values)).await?;
        Ok(PgRows {
            rows: Box::pin(rows),
            under_way: Some(UnderWay(self)),
        })
    }

    // ANCHOR: ask
    /// Awaits `asked`, when all is said that was to be. If it is given up, the server is told.
    pub(super) async fn ask<T>(
        &self,
        asked: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Error> {
        self.quiet().await?;
        let under_way = UnderWay(self);
        let answer = asked.await;
        std::mem::forget(under_way);
        Ok(answer?)
    }
    // ANCHOR_END: ask

    async fn quiet(&self) -> Result<(), Error> {
        while self.line.busy.get() {
            self.line.quiet.wait().await;
        }
        match self.line.is_broken() {
            true => Err(Error::Closed),
            false => Ok(()),
        }
    }

    /// Awaits `body` in a transaction: it commits if the body returns a value, and rolls back if that fails, is
    /// cancelled, or panics. If this is *dropped*, it is rolled back before the connection is used again.
    ///
    /// # Errors
    ///
    /// What the body fails with, and what the server says. A body that has swallowed the error of a statement does not
    /// commit: the server says that the transaction has failed.
    #[track_caller]
    pub fn transaction<'c, T, E: From<Error>>(
        &'c self,
        body: impl AsyncFnOnce(&mut PgTransaction<'c>) -> Result<T, E>,
    ) -> impl Future<Output = Result<T, E>> {
        located("transaction", with(Begin::outermost(self), body))
    }

    // ANCHOR: later
    /// What a destructor leaves to be said. Nobody asks anything else before it is said.
    pub(super) fn later(&self, say: Say) {
        self.line.to_say.borrow_mut().push_back(say);
        if !self.line.busy.replace(true) {
            self.line.quiet.clear();
            let saying = Rc::clone(&self.line).say_all(self.server.clone());
            self.errands.hand_over(saying);
        }
    }
    // ANCHOR_END: later
}

// ANCHOR: under-way
/// A query whose answer somebody waits for. Dropping it is to give the query up.
struct UnderWay<'c>(&'c Client);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        // hole: under-way — the server would go on with it: leave word that it be cancelled
        // tried by: at-the-server
        // also: database
        self.0.later(Say::Cancel);
        // end hole
    }
}
// ANCHOR_END: under-way

// ANCHOR: drop
impl Drop for Client {
    fn drop(&mut self) {
        let Some(mut place) = self.place.take() else {
            return;
        };
        if self.line.is_broken() {
            // Whoever has the place next connects anew.
            self.line.carries.abort();
            place.remove();
        } else if self.line.busy.get() {
            // Somebody is still speaking for it. It goes back when that is over, and if it
            // never is, since the loop ends, with nothing in the place.
            let mut waits = Waits(Some(place));
            let line = Rc::clone(&self.line);
            self.errands.hand_over(async move {
                while line.busy.get() {
                    line.quiet.wait().await;
                }
                match line.is_broken() {
                    true => drop(waits),
                    // Dropping the place gives back what is in it.
                    false => drop(waits.0.take()),
                }
            });
        }
    }
}

// ANCHOR_END: drop

// ANCHOR: waits
/// A place whose connection is good only if somebody takes it out of here.
struct Waits(Option<Lease<Rc<Line>>>);

impl Drop for Waits {
    fn drop(&mut self) {
        if let Some(place) = &mut self.0
            && let Some(line) = place.remove()
        {
            line.carries.abort();
        }
    }
}
// ANCHOR_END: waits

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match (self.line.is_broken(), self.line.busy.get()) {
            (true, _) => "broken",
            (_, true) => "about to be quiet",
            _ => "open",
        };
        write!(f, "Client {state}")
    }
}

/// Rows, as they are asked for; made by [`Client::rows`].
#[must_use = "dropping it cancels the query"]
pub struct PgRows<'c> {
    rows: Pin<Box<RowStream>>,
    /// Until the last row was taken.
    under_way: Option<UnderWay<'c>>,
}

impl Stream for PgRows<'_> {
    type Item = Result<Row, Error>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        let polled = self.rows.as_mut().poll_next(context);
        if let Poll::Ready(None | Some(Err(_))) = &polled {
            std::mem::forget(self.under_way.take());
        }
        polled.map(|row| row.map(|row| Ok(row?)))
    }
}

impl fmt::Debug for PgRows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let over = self.under_way.is_none();
        write!(
            f,
            "PgRows, {}",
            if over { "at their end" } else { "under way" }
        )
    }
}
