//! Rows as a stream: a thread that finds them, a channel with little room, and a task that takes them.

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use async_channel::{Receiver, Sender};
use futures_core::Stream;
use rusqlite::{Connection, Params};
use taxi::time::{Outside, is_virtual, outside};

use super::Record;
use super::worker::Worker;
use crate::Error;
use crate::shelf::Lease;

/// Rows, as they are asked for; made by [`rows`](super::Database::rows).
///
/// The thread waits while as many rows as the channel has room for were not taken yet. Dropping the stream stops the
/// query, and gives the reader back.
// ANCHOR: rows
#[must_use = "dropping it stops the query"]
pub struct Rows<T> {
    /// Those that wait to be taken. A thread that waits for room hears that this is
    /// dropped.
    found: Pin<Box<Receiver<Result<T, Error>>>>,
    /// What it hears if it is still looking for the next row.
    unwanted: Arc<AtomicBool>,
    /// While somebody waits for a row, virtual time does not jump.
    waits: Option<Outside>,
    _reader: Lease<Rc<Worker>>,
}
// ANCHOR_END: rows

impl<T: Record> Rows<T> {
    // ANCHOR: begin
    pub(super) fn begin(
        lease: Lease<Rc<Worker>>,
        reader: &Worker,
        sql: String,
        params: impl Params + Send + 'static,
        ahead: usize,
    ) -> Rows<T> {
        let (find, found) = async_channel::bounded(ahead.max(1));
        let unwanted = reader.stream(move |connection| {
            if let Err(error) = find_rows(connection, &sql, params, &find) {
                let _told = find.send_blocking(Err(error));
            }
            Ok(())
        });
        Rows {
            found: Box::pin(found),
            unwanted,
            waits: None,
            _reader: lease,
        }
    }
    // ANCHOR_END: begin
}

// ANCHOR: find
/// On the thread: finds rows until there are no more, or nobody takes them.
fn find_rows<T: Record>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    find: &Sender<Result<T, Error>>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    // hole: send — give each row to whoever takes them, wait while there is no room, and stop when nobody is there
    // tried by: stream
    // also: database
    while let Some(row) = rows.next()? {
        if find.send_blocking(Ok(T::try_from(row)?)).is_err() {
            break;
        }
    }
    Ok(())
    // end hole
}
// ANCHOR_END: find

impl<T: Record> Stream for Rows<T> {
    type Item = Result<T, Error>;

    #[track_caller]
    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        let polled = self.found.as_mut().poll_next(context);
        self.waits = match polled {
            Poll::Pending if is_virtual() => Some(outside()),
            _ => None,
        };
        polled
    }
}

impl<T> Drop for Rows<T> {
    fn drop(&mut self) {
        self.unwanted.store(true, Ordering::Relaxed);
    }
}

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rows, {} to be taken", self.found.len())
    }
}
