//! Who leads: a term has one leader at most, since each replica has one vote in it (§5.2, §5.4.1).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Ahead, Peer, Reads, Replica, Role};
use crate::dispatch::log::{Mark, Record};
use crate::dispatch::message::{Answer, Message};

impl Replica {
    // ANCHOR: patience
    /// Waits for a leader, from now on.
    pub(super) fn be_patient(&mut self, now: Duration) {
        let patience = &self.settings.patience;
        let more = (patience.end.saturating_sub(patience.start)).mul_f64(self.rng.f64());
        self.due = now + patience.start + more;
    }
    // ANCHOR_END: patience

    // ANCHOR: follow
    /// Is a follower, in this term. Whoever waits for an answer is sent away: another may be able to give it.
    pub(super) fn follow(&mut self, now: Duration, term: u64, leader: Option<u32>) {
        if term > self.saved.term() {
            self.keep(Record::Term { term, vote: None });
        }
        let before = std::mem::replace(&mut self.role, Role::Follower { leader });
        if let Role::Leader { waiting, .. } = before {
            for (client, number) in waiting.into_values() {
                self.answer(client, number, Answer::Elsewhere(leader));
            }
            self.be_patient(now);
        }
    }
    // ANCHOR_END: follow

    // ANCHOR: stand
    /// Nobody has been heard: wants to lead, in a new term, and has its own vote.
    pub(super) fn stand(&mut self, now: Duration) {
        let term = self.saved.term() + 1;
        let vote = Some(self.id);
        self.keep(Record::Term { term, vote });
        let votes = BTreeSet::from([self.id]);
        self.role = Role::Candidate { votes };
        self.be_patient(now);
        let last = self.saved.last();
        for to in self.others() {
            self.send(to, Message::Elect { term, last });
        }
        self.lead_if_elected(now);
    }
    // ANCHOR_END: stand

    // ANCHOR: elect
    /// One vote a term, and only for who has every entry that may be committed.
    pub(super) fn elect(&mut self, now: Duration, from: u32, term: u64, last: Mark) {
        // hole: vote — no vote in an older term, none beside another, and none for a log that is behind this one
        // tried by: night
        // also: dispatch
        let free = self.saved.vote().is_none_or(|it| it == from);
        let own = self.saved.last();
        let ahead = match self.settings.ahead {
            Ahead::LastTerm => last >= own,
            Ahead::Length => last.index >= own.index,
        };
        let granted = term == self.saved.term() && free && ahead;
        if granted {
            let vote = Some(from);
            self.keep(Record::Term { term, vote });
            self.be_patient(now);
        }
        let term = self.saved.term();
        self.send(from, Message::Vote { term, granted });
        // end hole
    }
    // ANCHOR_END: elect

    // ANCHOR: count
    pub(super) fn count_vote(
        &mut self,
        now: Duration,
        from: u32,
        term: u64,
        granted: bool,
    ) {
        if let Role::Candidate { votes } = &mut self.role
            && granted
            && term == self.saved.term()
        {
            votes.insert(from);
            self.lead_if_elected(now);
        }
    }

    fn lead_if_elected(&mut self, now: Duration) {
        let Role::Candidate { votes } = &self.role else {
            return;
        };
        if votes.len() < self.majority() {
            return;
        }
        let peer = Peer {
            matched: 0,
            sent_from: self.saved.last().index,
            busy: false,
            heard: None,
        };
        let peers = self.others().map(|it| (it, peer.clone())).collect();
        let waiting = BTreeMap::new();
        self.role = Role::Leader { peers, waiting };
        self.send_heartbeats(now);
    }
    // ANCHOR_END: count

    // ANCHOR: lease
    /// With leases: whether a leader was heard within the shortest patience. So long it
    /// may answer by itself.
    pub(super) fn has_promised_not_to_vote(&self, now: Duration) -> bool {
        let until = self.heard.map(|it| it + self.settings.patience.start);
        self.settings.reads == Reads::Lease && until.is_some_and(|it| now < it)
    }

    /// With leases: whether a majority has promised that, and the promise still holds
    /// by this replica's own clock.
    pub(super) fn has_lease(&self, now: Duration) -> bool {
        let Role::Leader { peers, .. } = &self.role else {
            return false;
        };
        let fresh = |peer: &&Peer| {
            let until = peer.heard.map(|it| it + self.settings.patience.start);
            until.is_some_and(|it| now < it)
        };
        let fresh = peers.values().filter(fresh).count() + 1;
        // What was committed before its own term it may not know of.
        let commit = self.saved.mark(self.commit).unwrap_or_default();
        self.settings.reads == Reads::Lease
            && fresh >= self.majority()
            && commit.term == self.saved.term()
    }
    // ANCHOR_END: lease
}
