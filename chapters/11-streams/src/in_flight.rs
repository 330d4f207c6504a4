//! A stream of futures, some of which are awaited at once.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use combinators::Turns;
use futures_core::Stream;
use pin_project_lite::pin_project;
use polling::suspended;
use wakers::contained;

use crate::merge::Side;

// ANCHOR: in-flight
pin_project! {
    /// The values of a stream's futures, some of which are awaited at once; made by
    /// [`buffered`](crate::StreamExt::buffered) and
    /// [`unordered`](crate::StreamExt::unordered).
    pub struct InFlight<S: Stream<Item: Future>> {
        #[pin]
        futures: Side<S>,
        flights: Vec<Flight<S::Item>>,
        // The places of those that are not under way.
        free: Vec<usize>,
        // The places whose values are given next: as they began, or as they ended.
        line: VecDeque<usize>,
        in_order: bool,
        limit: usize,
        turns: Turns,
        location: &'static Location<'static>,
    }
}

/// A place for a future. It is used again and again.
struct Flight<F: Future> {
    future: Pin<Box<Option<F>>>,
    value: Option<F::Output>,
}
// ANCHOR_END: in-flight

/// The stream's own place. A flight's is one more than its index.
const STREAM: usize = 0;

impl<F: Future> Flight<F> {
    /// True: it is ready, and was not before.
    fn poll(&mut self, turns: &Turns, index: usize) -> bool {
        let Some(mut future) = self.future.as_mut().as_pin_mut() else {
            // A late wake.
            return false;
        };
        let waker = turns.waker(index + 1);
        // Through a reference: no line of this file is where a handle is awaited.
        let polled = Pin::new(&mut future).poll(&mut Context::from_waker(waker));
        if let Poll::Ready(value) = polled {
            self.value = Some(value);
            self.end();
            return true;
        }
        false
    }

    fn end(&mut self) {
        contained("a future's destructor", || self.future.set(None));
    }
}

impl<F: Future> Drop for Flight<F> {
    fn drop(&mut self) {
        self.end();
    }
}

impl<S: Stream<Item: Future>> InFlight<S> {
    #[track_caller]
    pub(crate) fn new(futures: S, limit: usize, in_order: bool) -> InFlight<S> {
        assert!(limit > 0, "at least one future is awaited at once");
        InFlight {
            futures: Side::new(futures),
            flights: Vec::new(),
            free: Vec::new(),
            line: VecDeque::new(),
            in_order,
            limit,
            turns: Turns::default(),
            location: Location::caller(),
        }
    }

    // ANCHOR: poll-woken
    /// Polls those who were woken.
    fn poll_woken(mut self: Pin<&mut Self>) {
        loop {
            let this = self.as_mut().project();
            let Some(place) = this.turns.next(this.flights.len() + 1) else {
                return;
            };
            let Some(index) = place.checked_sub(1) else {
                this.futures.woken();
                continue;
            };
            let is_ready = self.as_mut().poll_flight(index);
            let this = self.as_mut().project();
            if is_ready && !*this.in_order {
                this.line.push_back(index);
            }
        }
    }

    // ANCHOR_END: poll-woken

    /// Polls the future in this place. Of one that panics there is no value to wait for: who
    /// catches the panic may go on with the others.
    fn poll_flight(self: Pin<&mut Self>, index: usize) -> bool {
        let this = self.project();
        let flight = &mut this.flights[index];
        let polled = catch_unwind(AssertUnwindSafe(|| flight.poll(this.turns, index)));
        polled.unwrap_or_else(|payload| {
            flight.end();
            this.line.retain(|place| *place != index);
            this.free.push(index);
            resume_unwind(payload)
        })
    }

    // ANCHOR: set-off
    /// Sets off with one more future, if there is room and there is one.
    fn set_off(mut self: Pin<&mut Self>) -> bool {
        let mut this = self.as_mut().project();
        if this.flights.len() - this.free.len() == *this.limit {
            return false;
        }
        let Poll::Ready(Some(future)) = this.futures.poll(this.turns, STREAM) else {
            return false;
        };
        let index = this.free.pop().unwrap_or(this.flights.len());
        let mut is_ready = false;
        if let Some(flight) = this.flights.get_mut(index) {
            flight.future.set(Some(future));
            // The place had its first turn with another future.
            is_ready = self.as_mut().poll_flight(index);
            this = self.project();
        } else {
            let future = Box::pin(Some(future));
            this.flights.push(Flight {
                future,
                value: None,
            });
        }
        if *this.in_order || is_ready {
            this.line.push_back(index);
        }
        true
    }
    // ANCHOR_END: set-off
}

// ANCHOR: poll
impl<S: Stream<Item: Future>> Stream for InFlight<S> {
    type Item = <S::Item as Future>::Output;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.as_mut().project().turns.begin(context);
        self.as_mut().poll_woken();
        while self.as_mut().set_off() {
            self.as_mut().poll_woken();
        }
        let this = self.project();
        if let Some(&index) = this.line.front()
            && let Some(value) = this.flights[index].value.take()
        {
            this.line.pop_front();
            this.free.push(index);
            return Poll::Ready(Some(value));
        }
        if this.futures.is_over() && this.free.len() == this.flights.len() {
            return Poll::Ready(None);
        }
        suspended(this.location, "buffered");
        Poll::Pending
    }
}
// ANCHOR_END: poll
