//! The frontier: what has been found, and has not been fetched yet.
//!
//! It is a queue with a memory and with manners. The memory: an address that was ever put in is never put in again, so a
//! site whose pages all link to one another is fetched once. The manners: each server has a queue of its own, and is not
//! asked again before a set time has passed, nor by more than so many at once, while the others are.

mod bounds;
mod visit;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use taxi::sync::Notify;
use taxi::time::{now, sleep_until};
use taxi::{Time, select};
use url::Url;

use crate::address::{normal, origin};

pub use bounds::{Added, Bounds};
pub use visit::Visit;

/// What is to be visited, and when, and by whom.
///
/// Several tasks may ask for the [`next`](Frontier::next) one, and add what they find:
///
/// ```
/// use crawler::{Bounds, Frontier};
///
/// taxi::test::run(async {
///     let frontier = Frontier::new(Bounds::default());
///     frontier.add(&"http://taxi.example/".parse().unwrap(), 0);
///     let mut seen = Vec::new();
///     while let Some(visit) = frontier.next().await {
///         seen.push(visit.url().path().to_string());
///         // Both pages link to both.
///         for link in ["/", "/fares#night"] {
///             frontier.add(&visit.url().join(link).unwrap(), visit.depth() + 1);
///         }
///     }
///     assert_eq!(seen, ["/", "/fares"]);
///     assert_eq!(frontier.waiting(), 0);
/// });
/// ```
// ANCHOR: struct
pub struct Frontier {
    state: RefCell<State>,
    /// Something has been added or given back, or there is nothing more to come.
    changed: Notify,
}
// ANCHOR_END: struct

// ANCHOR: state
struct State {
    bounds: Bounds,
    /// Whatever was ever added.
    known: HashSet<Url>,
    hosts: Vec<Host>,
    /// Their places in `hosts`, by their origins.
    names: HashMap<String, usize>,
    /// The hosts that have something waiting and may have one more request: from when on,
    /// and whose turn it is among equals.
    due: BTreeSet<(Time, u64, usize)>,
    /// What is to be tried again: when, and in which order.
    later: BTreeMap<(Time, u64), Item>,
    /// How many visits are under way.
    under_way: usize,
    /// Numbers those who are due in the order in which they came.
    turn: u64,
    closed: bool,
}
// ANCHOR_END: state

// ANCHOR: host
struct Host {
    /// By their numbers.
    waiting: BTreeMap<u64, Item>,
    under_way: usize,
    /// Before this moment it is left alone.
    free_at: Time,
    delay: Duration,
    /// Its entry in `due`.
    listed: Option<(Time, u64)>,
}

/// What is to be visited.
#[derive(Debug, Clone)]
struct Item {
    /// The how manyeth address it is: who was found first is visited first.
    number: u64,
    url: Url,
    host: usize,
    depth: u32,
    redirects: u32,
    attempt: u32,
}
// ANCHOR_END: host

/// What [`Frontier::next`] is to do.
enum Step {
    Visit(Item),
    /// Until a moment, or until something changes.
    Wait(Option<Time>),
    Over,
}

impl Frontier {
    /// An empty one.
    ///
    /// # Panics
    ///
    /// If no server may be asked: `per_host` is 0.
    #[track_caller]
    pub fn new(bounds: Bounds) -> Frontier {
        assert!(bounds.per_host > 0, "a server must be asked: per_host is 0");
        let state = State {
            bounds,
            known: HashSet::new(),
            hosts: Vec::new(),
            names: HashMap::new(),
            due: BTreeSet::new(),
            later: BTreeMap::new(),
            under_way: 0,
            turn: 0,
            closed: false,
        };
        Frontier {
            state: RefCell::new(state),
            changed: Notify::new(),
        }
    }

    /// Adds what was found so many links from the start.
    pub fn add(&self, url: &Url, depth: u32) -> Added {
        self.put(url, depth, 0)
    }

    /// Adds where the page of `visit` has moved to: as deep as that, and one redirect more.
    ///
    /// ```
    /// use crawler::{Bounds, Frontier};
    ///
    /// taxi::test::run(async {
    ///     let frontier = Frontier::new(Bounds::default());
    ///     frontier.add(&"http://taxi.example/".parse().unwrap(), 0);
    ///     let visit = frontier.next().await.unwrap();
    ///     frontier.add_redirect(&visit, &visit.url().join("/home").unwrap());
    ///     assert_eq!(frontier.next().await.unwrap().redirects(), 1);
    /// });
    /// ```
    pub fn add_redirect(&self, visit: &Visit<'_>, to: &Url) -> Added {
        self.put(to, visit.depth(), visit.redirects() + 1)
    }

    fn put(&self, url: &Url, depth: u32, redirects: u32) -> Added {
        let Some(url) = normal(url) else {
            return Added::Foreign;
        };
        let added = self.state.borrow_mut().add(url, depth, redirects);
        if added == Added::New {
            self.changed.notify_waiters();
        }
        added
    }

    /// The next one that may be visited now: waits until there is one. `None` when nothing is left and no visit is under
    /// way, which could still find something; or after [`close`](Frontier::close).
    ///
    /// ```
    /// use crawler::{Bounds, Frontier, Visit};
    ///
    /// taxi::test::run(async {
    ///     let frontier = Frontier::new(Bounds::default());
    ///     frontier.add(&"http://taxi.example/fares".parse().unwrap(), 0);
    ///     let visit: Visit<'_> = frontier.next().await.unwrap();
    ///     assert_eq!((visit.url().path(), visit.attempt()), ("/fares", 1));
    ///     drop(visit);
    ///     assert!(frontier.next().await.is_none());
    /// });
    /// ```
    // ANCHOR: next
    pub async fn next(&self) -> Option<Visit<'_>> {
        loop {
            let step = self.state.borrow_mut().step(now());
            let changed = self.changed.notified();
            match step {
                Step::Visit(item) => return Some(Visit::new(self, item)),
                Step::Wait(Some(time)) => drop(select(changed, sleep_until(time)).await),
                Step::Wait(None) => changed.await,
                Step::Over => return None,
            }
        }
    }
    // ANCHOR_END: next

    /// Leaves the server of `url` alone for so long after each request, if that is longer than it was to be.
    ///
    /// ```
    /// use crawler::{Bounds, Frontier};
    /// use std::time::Duration;
    /// use taxi::time::now;
    ///
    /// taxi::test::run(async {
    ///     let frontier = Frontier::new(Bounds::default());
    ///     frontier.add(&"http://taxi.example/".parse().unwrap(), 0);
    ///     let visit = frontier.next().await.unwrap();
    ///     frontier.slow_down(visit.url(), Duration::from_secs(5));
    ///     visit.put_back();
    ///     frontier.next().await.unwrap();
    ///     assert_eq!(now().as_secs(), 5);
    /// });
    /// ```
    pub fn slow_down(&self, url: &Url, delay: Duration) {
        let mut state = self.state.borrow_mut();
        let place = state.host(url);
        let host = &mut state.hosts[place];
        host.delay = host.delay.max(delay);
        // The request that told us so has begun already.
        let free_at = now().saturating_add(host.delay);
        host.free_at = host.free_at.max(free_at);
        state.relist(place);
    }

    /// Gives out nothing more: for whoever has seen enough.
    ///
    /// ```
    /// use crawler::{Bounds, Frontier};
    ///
    /// taxi::test::run(async {
    ///     let frontier = Frontier::new(Bounds::default());
    ///     frontier.add(&"http://taxi.example/".parse().unwrap(), 0);
    ///     frontier.close();
    ///     assert!(frontier.next().await.is_none());
    ///     assert_eq!((frontier.known(), frontier.waiting()), (1, 1));
    /// });
    /// ```
    pub fn close(&self) {
        self.state.borrow_mut().closed = true;
        self.changed.notify_waiters();
    }

    /// How many addresses it has taken so far.
    pub fn known(&self) -> usize {
        self.state.borrow().known.len()
    }

    /// How many of them wait.
    pub fn waiting(&self) -> usize {
        let state = self.state.borrow();
        let waiting = state.hosts.iter().map(|host| host.waiting.len());
        waiting.sum::<usize>() + state.later.len()
    }
}

impl State {
    // ANCHOR: add
    /// Notes `url`, in its normal form, unless it is known or beyond the bounds.
    fn add(&mut self, url: Url, depth: u32, redirects: u32) -> Added {
        // hole: add — say `Known`, `TooDeep` or `Full`; a new address is remembered, and queued
        // tried by: frontier, bad-sites
        // also: crawler
        if self.known.contains(&url) {
            return Added::Known;
        }
        if depth > self.bounds.depth {
            return Added::TooDeep;
        }
        if self.known.len() >= self.bounds.pages {
            return Added::Full;
        }
        self.known.insert(url.clone());
        self.queue(url, depth, redirects);
        Added::New
        // end hole
    }
    // ANCHOR_END: add

    /// Queues `url`, which was found just now.
    fn queue(&mut self, url: Url, depth: u32, redirects: u32) {
        let host = self.host(&url);
        let attempt = 1;
        let number = self.known.len() as u64;
        self.wait(Item {
            number,
            url,
            host,
            depth,
            redirects,
            attempt,
        });
    }

    /// Puts it in its place in its server's queue.
    fn wait(&mut self, item: Item) {
        let host = item.host;
        self.hosts[host].waiting.insert(item.number, item);
        self.relist(host);
    }

    /// The place of its server.
    fn host(&mut self, url: &Url) -> usize {
        let delay = self.bounds.delay;
        *self.names.entry(origin(url)).or_insert_with(|| {
            self.hosts.push(Host {
                waiting: BTreeMap::new(),
                under_way: 0,
                free_at: Time::ZERO,
                delay,
                listed: None,
            });
            self.hosts.len() - 1
        })
    }

    // ANCHOR: relist
    /// Lists the server at `place` anew: as due from the moment when it is free, if it has
    /// something waiting and may have one more request.
    fn relist(&mut self, place: usize) {
        let host = &mut self.hosts[place];
        if let Some((time, turn)) = host.listed.take() {
            self.due.remove(&(time, turn, place));
        }
        if !host.waiting.is_empty() && host.under_way < self.bounds.per_host {
            self.turn += 1;
            host.listed = Some((host.free_at, self.turn));
            self.due.insert((host.free_at, self.turn, place));
        }
    }
    // ANCHOR_END: relist

    // ANCHOR: step
    /// What there is to do at `now`.
    fn step(&mut self, now: Time) -> Step {
        if self.closed {
            return Step::Over;
        }
        while let Some(entry) = self.later.first_entry()
            && entry.key().0 <= now
        {
            let item = entry.remove();
            self.wait(item);
        }
        let due = self.due.first().copied();
        match due {
            Some((time, _, place)) if time <= now => Step::Visit(self.begin(place, now)),
            _ => {
                let later = self.later.keys().next().map(|key| key.0);
                let times = due.map(|entry| entry.0).into_iter().chain(later);
                match times.min() {
                    None if self.under_way == 0 => Step::Over,
                    time => Step::Wait(time),
                }
            }
        }
    }
    // ANCHOR_END: step

    // ANCHOR: begin
    /// Begins a visit of the server at `place`, which is due: its first in the queue.
    fn begin(&mut self, place: usize, now: Time) -> Item {
        let host = &mut self.hosts[place];
        let (_, item) = host.waiting.pop_first().expect("who is due has one");
        // hole: begin — count the visit, leave the server alone for its delay, list it anew
        // tried by: politeness
        // also: crawler
        host.under_way += 1;
        self.under_way += 1;
        host.free_at = now.saturating_add(host.delay);
        self.relist(place);
        item
        // end hole
    }
    // ANCHOR_END: begin

    /// A visit is over, or its task was dropped.
    fn end(&mut self, place: usize) {
        self.hosts[place].under_way -= 1;
        self.under_way -= 1;
        self.relist(place);
    }
}
