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

#[derive(Default)]
struct List(Vec<(WaiterKey, Waker)>);

impl Pollers {
    /// The key of whoever has `waker`, which is no longer kept.
    fn take(&self, waker: &Waker) -> WaiterKey {
        let Some(mut list) = self.0.take() else {
            return WaiterKey::default();
        };
        let place = list.0.iter().position(|(_, it)| it.will_wake(waker));
        let taken = place.map(|place| list.0.remove(place));
        self.0.set(Some(list));
        let Some((key, old)) = taken else {
            return WaiterKey::default();
        };
        contained("a waker", || drop(old));
        key
    }

    /// Keeps `key` for whoever has `waker`. If that is one too many, the first goes.
    fn keep(&self, key: WaiterKey, waker: Waker) -> Option<(WaiterKey, Waker)> {
        let mut list = self.0.take().unwrap_or_default();
        list.0.push((key, waker));
        let first = (list.0.len() > MOST).then(|| list.0.remove(0));
        self.0.set(Some(list));
        first
    }

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
        attempt.key = self.take(context.waker());
        let polled = attempt.poll_try(context, operation);
        // Empty: it waits for its turn, and not for the socket.
        if polled.is_pending() && attempt.key != WaiterKey::default() {
            let waker = context.waker().clone();
            let first = self.keep(mem::take(&mut attempt.key), waker);
            if let Some((key, waker)) = first {
                // Dropping the attempt takes this one off the socket's list.
                attempt.key = key;
                contained("a waker", || waker.wake());
            }
        }
        polled
    }

    /// Nobody waits any more.
    pub(crate) fn forget<S: Source>(&self, io: &Io<S>, way: Readiness) {
        for (key, waker) in self.0.take().into_iter().flat_map(|it| it.0) {
            io.attempt(Location::caller(), way).key = key;
            contained("a waker", || drop(waker));
        }
    }
}
