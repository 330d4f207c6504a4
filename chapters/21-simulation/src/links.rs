//! The links between hosts: who hears whom, and how late.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use taxi::Time;

use crate::event::seed_for;
use crate::link::Link;
use crate::network::{HostId, Network};

/// What lies between the hosts.
#[derive(Debug, Default)]
pub(crate) struct Links {
    usual: Link,
    set: BTreeMap<(HostId, HostId), Link>,
    /// Those that were used or broken.
    states: BTreeMap<(HostId, HostId), State>,
}

// ANCHOR: state
/// One direction between two hosts.
#[derive(Debug)]
pub(crate) struct State {
    link: Link,
    dice: Rng,
    /// How many faults keep everything from getting through.
    cuts: u32,
    /// When what was sent has left.
    busy_until: Time,
}
// ANCHOR_END: state

/// What the operating system puts round a piece of data, in bytes.
const ENVELOPE: usize = 40;

impl Network {
    pub(crate) fn set_usual(&self, link: Link) {
        let mut links = self.links.borrow_mut();
        links.usual = link;
        let Links { set, states, .. } = &mut *links;
        let others = states
            .iter_mut()
            .filter(|(ends, _)| !set.contains_key(ends));
        others.for_each(|(_, state)| state.link = link);
    }

    pub(crate) fn set_link(&self, from: HostId, to: HostId, link: Link) {
        let mut links = self.links.borrow_mut();
        links.set.insert((from, to), link);
        if let Some(state) = links.states.get_mut(&(from, to)) {
            state.link = link;
        }
    }

    pub(crate) fn on_link<R>(
        &self,
        from: HostId,
        to: HostId,
        work: impl FnOnce(&mut State) -> R,
    ) -> R {
        let mut links = self.links.borrow_mut();
        let Links { usual, set, states } = &mut *links;
        let state = states.entry((from, to)).or_insert_with(|| {
            let names = [&*self.name(from), &*self.name(to)];
            let link = set.get(&(from, to)).copied().unwrap_or(*usual);
            State {
                link,
                dice: Rng::with_seed(seed_for(self.seed, &["link", names[0], names[1]])),
                cuts: 0,
                busy_until: Time::ZERO,
            }
        });
        work(state)
    }

    /// How long a packet takes there and back, at most.
    pub(crate) fn round_trip(&self, one: HostId, other: HostId) -> Duration {
        let longest = |link: Link| link.latency + link.jitter;
        let way = |from, to| self.on_link(from, to, |it| longest(it.link));
        way(one, other) + way(other, one)
    }

    pub(crate) fn is_cut(&self, from: HostId, to: HostId) -> bool {
        self.on_link(from, to, |it| it.cuts > 0)
    }

    pub(crate) fn cut(&self, from: HostId, to: HostId) {
        self.on_link(from, to, |it| it.cuts += 1);
    }

    pub(crate) fn mend(&self, from: HostId, to: HostId) {
        self.on_link(from, to, |it| it.cuts = it.cuts.saturating_sub(1));
    }

    pub(crate) fn mend_all(&self) {
        let mut links = self.links.borrow_mut();
        links.states.values_mut().for_each(|it| it.cuts = 0);
    }
}

/// The way of a packet.
pub(crate) struct Way {
    pub(crate) arrives: Time,
    /// When it arrives once more.
    pub(crate) again: Option<Time>,
}

/// How often a packet arrives that goes this way.
pub(crate) fn copies(way: &Option<Way>) -> usize {
    way.as_ref()
        .map_or(0, |it| 1 + usize::from(it.again.is_some()))
}

impl State {
    // ANCHOR: way
    /// When a packet arrives. `None`: it does not.
    pub(crate) fn way(
        &mut self,
        now: Time,
        size: usize,
        is_datagram: bool,
    ) -> Option<Way> {
        // hole: way — a cut link and bad luck lose it; else it waits until the link is free, and is then on its way
        // tried by: echo, datagrams, slow-link
        // also: simulation
        let link = self.link;
        if self.cuts > 0 || self.happens(link.loss) {
            return None;
        }
        let leaves = now.max(self.busy_until).saturating_add(link.time_for(size));
        self.busy_until = leaves;
        let mut arrives = leaves.saturating_add(self.travel());
        if is_datagram && self.happens(link.reordering) {
            arrives = arrives.saturating_add((link.latency + link.jitter) * 10);
        }
        let twice = is_datagram && self.happens(link.duplication);
        let again = twice.then(|| leaves.saturating_add(self.travel()));
        Some(Way { arrives, again })
        // end hole
    }
    // ANCHOR_END: way

    fn travel(&mut self) -> Duration {
        let jitter = self.link.jitter;
        match jitter.is_zero() {
            true => self.link.latency,
            false => self.link.latency + jitter.mul_f64(self.dice.f64()),
        }
    }

    fn happens(&mut self, share: f64) -> bool {
        share > 0.0 && self.dice.f64() < share
    }
}

impl Link {
    /// How long it takes until a packet with so many bytes has left.
    fn time_for(self, size: usize) -> Duration {
        let bytes = (size + ENVELOPE) as u64;
        let nanos = |room: u64| bytes.saturating_mul(1_000_000_000).div_ceil(room);
        let nanos = self.bandwidth.map_or(0, nanos);
        Duration::from_nanos(nanos)
    }
}
