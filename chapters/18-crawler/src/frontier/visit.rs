//! A page while it is being visited, and the ways in which that ends.

use std::time::Duration;

use taxi::Time;
use taxi::time::now;
use url::Url;

use super::{Frontier, Item};

/// A page that is being visited; made by [`Frontier::next`]. Dropping it says that this is over, however it went.
// ANCHOR: struct
pub struct Visit<'a> {
    frontier: &'a Frontier,
    item: Item,
    /// When its server may be asked next, as this visit's beginning has it.
    free_at: Time,
}
// ANCHOR_END: struct

impl<'a> Visit<'a> {
    /// Of `item`, which has been begun just now.
    pub(super) fn new(frontier: &'a Frontier, item: Item) -> Visit<'a> {
        let free_at = frontier.state.borrow().hosts[item.host].free_at;
        Visit {
            frontier,
            item,
            free_at,
        }
    }

    /// What is to be fetched: in its normal form.
    pub fn url(&self) -> &Url {
        &self.item.url
    }

    /// How many links it is from the start.
    pub fn depth(&self) -> u32 {
        self.item.depth
    }

    /// How many redirects have led here.
    pub fn redirects(&self) -> u32 {
        self.item.redirects
    }

    /// The how manyeth attempt this is, from 1 on.
    pub fn attempt(&self) -> u32 {
        self.item.attempt
    }

    /// Ends it, and has it given out again after a pause: nobody waits for that meanwhile.
    ///
    /// ```
    /// use crawler::{Bounds, Frontier};
    /// use std::time::Duration;
    /// use taxi::time::now;
    ///
    /// taxi::test::run(async {
    ///     let frontier = Frontier::new(Bounds::default());
    ///     frontier.add(&"http://taxi.example/".parse().unwrap(), 0);
    ///     frontier.next().await.unwrap().again_after(Duration::from_secs(3));
    ///     assert_eq!(frontier.next().await.unwrap().attempt(), 2);
    ///     assert_eq!(now().as_secs(), 3);
    /// });
    /// ```
    pub fn again_after(self, pause: Duration) {
        let mut item = self.item.clone();
        item.attempt += 1;
        let mut state = self.frontier.state.borrow_mut();
        state.turn += 1;
        let key = (now().saturating_add(pause), state.turn);
        state.later.insert(key, item);
    }

    /// Ends it before it has begun, and has it given out again as soon as its server may be asked: for whoever has
    /// learnt only now how long that is to be [left alone](Frontier::slow_down), which has an example.
    ///
    /// ```
    /// use crawler::{Bounds, Frontier};
    ///
    /// taxi::test::run(async {
    ///     let frontier = Frontier::new(Bounds::default());
    ///     frontier.add(&"http://taxi.example/".parse().unwrap(), 0);
    ///     frontier.next().await.unwrap().put_back();
    ///     assert_eq!(frontier.next().await.unwrap().attempt(), 1);
    /// });
    /// ```
    pub fn put_back(self) {
        self.frontier.state.borrow_mut().wait(self.item.clone());
    }

    /// Ends it at once: the server was not asked, and need not be left alone for that.
    ///
    /// ```
    /// use crawler::{Bounds, Frontier};
    /// use std::time::Duration;
    /// use taxi::time::now;
    ///
    /// taxi::test::run(async {
    ///     let delay = Duration::from_secs(5);
    ///     let frontier = Frontier::new(Bounds { delay, ..Bounds::default() });
    ///     for page in ["http://taxi.example/private", "http://taxi.example/"] {
    ///         frontier.add(&page.parse().unwrap(), 0);
    ///     }
    ///     frontier.next().await.unwrap().skip();
    ///     frontier.next().await.unwrap();
    ///     assert_eq!(now().as_secs(), 0);
    /// });
    /// ```
    pub fn skip(self) {
        let mut state = self.frontier.state.borrow_mut();
        let host = &mut state.hosts[self.item.host];
        // Another request may have begun since, or the server may have asked for a longer delay: that holds.
        if host.free_at == self.free_at {
            host.free_at = now();
        }
    }
}

// ANCHOR: drop
impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.frontier.state.borrow_mut().end(self.item.host);
        self.frontier.changed.notify_waiters();
    }
}
// ANCHOR_END: drop
