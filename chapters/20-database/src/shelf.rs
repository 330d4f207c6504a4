//! Connections that nobody uses at the moment, and the line of those who want one.

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;
use std::time::Duration;

use taxi::sync::Semaphore;
use taxi::time::timeout;

use crate::Error;

// ANCHOR: shelf
/// As many places as there may be connections. Whoever has a place has a connection from
/// here, or has found none here and may make one.
pub(crate) struct Shelf<C> {
    idle: RefCell<Vec<C>>,
    places: Semaphore,
}

/// A place, and what is in it; dropping it gives both back.
pub(crate) struct Lease<C> {
    shelf: Rc<Shelf<C>>,
    item: Option<C>,
}
// ANCHOR_END: shelf

impl<C> Shelf<C> {
    pub(crate) fn new(places: usize, idle: Vec<C>) -> Rc<Shelf<C>> {
        Rc::new(Shelf {
            idle: RefCell::new(idle),
            places: Semaphore::new(places),
        })
    }

    // ANCHOR: take
    /// Waits for a place, in order of arrival, but not longer than `limit`.
    pub(crate) async fn take(
        self: &Rc<Shelf<C>>,
        what: &'static str,
        limit: Duration,
    ) -> Result<Lease<C>, Error> {
        let place = timeout(limit, self.places.acquire()).await;
        let place = place.map_err(|_| Error::Waited { what, limit })?;
        // From here on the place is the lease's, which may outlive this borrow.
        place.forget();
        let mut lease = Lease {
            shelf: Rc::clone(self),
            item: None,
        };
        lease.item = self.idle.borrow_mut().pop();
        Ok(lease)
    }
    // ANCHOR_END: take

    /// How many places nobody has.
    pub(crate) fn free(&self) -> usize {
        self.places.available()
    }

    /// How many connections nobody uses.
    pub(crate) fn idle(&self) -> usize {
        self.idle.borrow().len()
    }
}

impl<C> Lease<C> {
    /// What is in the place, if there is anything.
    pub(crate) fn get(&self) -> Option<&C> {
        self.item.as_ref()
    }

    /// Takes out what is in the place.
    pub(crate) fn remove(&mut self) -> Option<C> {
        self.item.take()
    }

    /// Puts a new connection in the place.
    pub(crate) fn put(&mut self, item: C) {
        self.item = Some(item);
    }
}

impl<C> Deref for Lease<C> {
    type Target = Option<C>;

    fn deref(&self) -> &Option<C> {
        &self.item
    }
}

// ANCHOR: give-back
impl<C> Drop for Lease<C> {
    fn drop(&mut self) {
        if let Some(item) = self.item.take() {
            self.shelf.idle.borrow_mut().push(item);
        }
        self.shelf.places.add(1);
    }
}
// ANCHOR_END: give-back
