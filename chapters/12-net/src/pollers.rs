//! Who waits for a stream without a future of their own.
//!
//! `poll_read` of `futures-io` leaves a waker with the stream, and nothing else: nobody knows how long it counts, and
//! nothing is dropped when it does not count any more. Through references several tasks may do so at once. If only the
//! last waker counted, the others would sleep for ever; if whoever is displaced were woken, two of them would displace
//! each other without end (async-io does that). So a stream keeps the last few wakers, and each counts.

use std::cell::Cell;
use std::mem;
use std::task::{Context, Poll, Waker};
use std::{io, panic::Location};

use mio::event::Source;
use readiness::{Io, Readiness};
use wakers::{WaiterKey, contained};

/// So many may wait for one direction. One more, and the first of them is woken, to come again.
const MOST: usize = 4;

/// Those who wait for one direction of a stream: their wakers, and their keys with the socket. Nothing, until somebody
/// has waited: most streams are used by their own methods alone.
#[derive(Default)]
pub(crate) struct Pollers(Cell<Option<Box<List>>>);

/// A waker stays when its key has served: nearly always the one who has waited is the next who waits.
#[derive(Default)]
struct List(Vec<(WaiterKey, Waker)>);

impl Pollers {
    /// Tries `operation` on `io`, for whoever has the context's waker; see [`Io::run`].
    #[track_caller]
    pub(crate) fn poll<S: Source, T>(
        &self,
        io: &Io<S>,
        way: Readiness,
        context: &Context<'_>,
        operation: &mut impl FnMut(&S) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        let mut attempt = io.attempt(Location::caller(), way);
        let polled = attempt.poll_try(context, operation);
        // Empty: it waits for nobody, or for its turn, and not for the socket.
        if attempt.key != WaiterKey::default() {
            // Dropping the attempt takes the key that comes back off the socket's list.
            self.keep(&mut attempt.key, context.waker());
        }
        polled
    }

    /// Keeps `key` for whoever has `waker`. What it is then is no longer kept: the key that they had before; or, if
    /// this is one too many, that of the first, who is woken.
    fn keep(&self, key: &mut WaiterKey, waker: &Waker) {
        if let Some(mut list) = self.0.take() {
            let own = list.0.iter_mut().find(|(_, it)| it.will_wake(waker));
            let found = own.map(|(old, _)| mem::swap(old, key)).is_some();
            self.0.set(Some(list));
            if found {
                return;
            }
        }
        // Foreign code: before anything is changed.
        let waker = waker.clone();
        let mut list = self.0.take().unwrap_or_default();
        list.0.push((mem::take(key), waker));
        let first = (list.0.len() > MOST).then(|| list.0.remove(0));
        self.0.set(Some(list));
        if let Some((old, waker)) = first {
            *key = old;
            contained("a waker", || waker.wake());
        }
    }

    /// Nobody waits any more.
    pub(crate) fn forget<S: Source>(&self, io: &Io<S>, way: Readiness) {
        for (key, waker) in self.0.take().into_iter().flat_map(|it| it.0) {
            io.attempt(Location::caller(), way).key = key;
            contained("a waker", || drop(waker));
        }
    }
}
