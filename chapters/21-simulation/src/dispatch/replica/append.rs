//! One log for all: the leader's, which the others copy (§5.3), and when an entry of it is committed (§5.4.2).

use std::time::Duration;

use super::{Commit, Replica, Role};
use crate::dispatch::desk::Request;
use crate::dispatch::log::{Entry, Record};
use crate::dispatch::message::{Answer, Append, Message};

impl Replica {
    // ANCHOR: take
    /// The leader's part: into its own log, and to whoever is not busy.
    pub(super) fn take(&mut self, now: Duration, request: Request) {
        let (client, number) = (request.client, request.number);
        let term = self.saved.term();
        let index = self.saved.last().index + 1;
        let entry = Entry { term, request };
        self.keep(Record::Entry { index, entry });
        if let Role::Leader { waiting, .. } = &mut self.role {
            waiting.insert(index, (client, number));
        }
        for to in self.others() {
            self.send_entries(now, to, false);
        }
        self.commit_what_most_have();
    }
    // ANCHOR_END: take

    pub(super) fn send_heartbeats(&mut self, now: Duration) {
        self.due = now + self.settings.heartbeat;
        for to in self.others() {
            self.send_entries(now, to, true);
        }
        self.commit_what_most_have();
    }

    // ANCHOR: send
    /// Sends what that replica does not have. Who has not answered yet is left alone, but for heartbeats.
    fn send_entries(&mut self, now: Duration, to: u32, heartbeat: bool) {
        let Role::Leader { peers, .. } = &mut self.role else {
            return;
        };
        let Some(peer) = peers.get_mut(&to) else {
            return;
        };
        let has_all = peer.sent_from == self.saved.last().index;
        if !heartbeat && (peer.busy || has_all) {
            return;
        }
        peer.busy = true;
        let after = self.saved.mark(peer.sent_from).unwrap_or_default();
        let append = Append {
            term: self.saved.term(),
            after,
            entries: self.saved.behind(after.index, self.settings.batch),
            commit: self.commit,
            sent: now,
        };
        self.send(to, Message::Append(append));
    }
    // ANCHOR_END: send

    // ANCHOR: append
    /// A follower's part. `Ok`: up to there its log is the leader's. `Err`: it has no
    /// such `after`.
    pub(super) fn append(
        &mut self,
        now: Duration,
        from: u32,
        append: Append,
    ) -> Result<u64, u64> {
        let Append { term, after, .. } = append;
        if term < self.saved.term() {
            return Err(self.saved.last().index);
        }
        self.follow(now, term, Some(from));
        self.heard = Some(now);
        self.be_patient(now);
        if self.saved.mark(after.index) != Some(after) {
            return Err(self.saved.last().index.min(after.index.saturating_sub(1)));
        }
        let mut index = after.index;
        for entry in append.entries {
            index += 1;
            // hole: conflict — what is there already stays, and all behind it; only another entry is put in its place
            // tried by: night
            // also: dispatch
            if self.saved.entry(index) != Some(&entry) {
                self.keep(Record::Entry { index, entry });
            }
            // end hole
        }
        self.commit_up_to(append.commit.min(index));
        Ok(index)
    }
    // ANCHOR_END: append

    // ANCHOR: appended
    pub(super) fn appended(
        &mut self,
        now: Duration,
        from: u32,
        term: u64,
        matched: Result<u64, u64>,
        sent: Duration,
    ) {
        let last = self.saved.last().index;
        let Role::Leader { peers, .. } = &mut self.role else {
            return;
        };
        let Some(peer) = peers.get_mut(&from) else {
            return;
        };
        if term != self.saved.term() {
            return;
        }
        peer.busy = false;
        peer.heard = peer.heard.max(Some(sent));
        match matched {
            // An answer may come late, or twice: what it has cannot become less.
            Ok(index) => {
                peer.matched = peer.matched.max(index.min(last));
                peer.sent_from = peer.matched;
            }
            Err(index) => peer.sent_from = index.min(last).max(peer.matched),
        }
        self.commit_what_most_have();
        self.send_entries(now, from, false);
    }
    // ANCHOR_END: appended

    // ANCHOR: commit
    /// The leader's rule: what most have is committed, if the last of it is of this
    /// very term.
    fn commit_what_most_have(&mut self) {
        let Role::Leader { peers, .. } = &self.role else {
            return;
        };
        let mut have: Vec<u64> = peers.values().map(|it| it.matched).collect();
        have.push(self.saved.last().index);
        have.sort_unstable();
        let index = have[have.len() - self.majority()];
        // hole: own-term — an entry of an earlier term is not committed because many have it
        // tried by: earlier-term
        // also: dispatch
        let own = self.saved.mark(index).map(|it| it.term) == Some(self.saved.term());
        if own || self.settings.commit == Commit::Counted {
            self.commit_up_to(index);
        }
        // end hole
    }
    // ANCHOR_END: commit

    // ANCHOR: done
    /// Does what is committed now, and answers who waits for it.
    fn commit_up_to(&mut self, index: u64) {
        while self.commit < index {
            let Some(entry) = self.saved.entry(self.commit + 1) else {
                return;
            };
            self.commit += 1;
            let reply = self.sessions.apply(&entry.request);
            let Role::Leader { waiting, .. } = &mut self.role else {
                continue;
            };
            if let Some((client, number)) = waiting.remove(&self.commit)
                && let Some(reply) = reply
            {
                self.answer(client, number, Answer::Done(reply));
            }
        }
    }
    // ANCHOR_END: done
}
