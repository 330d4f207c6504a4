//! What is put into inboxes and taken out of them.
//!
//! The hooks stand under the inbox's lock, so things are noted in the order in which they lie there, and the oldest is
//! the one that is read.

use std::collections::VecDeque;

use timeline::{By, What};

use super::{Letter, Recorder};

impl Recorder {
    pub(crate) fn new_inbox(&mut self) -> u32 {
        self.inboxes.push(VecDeque::new());
        u32::try_from(self.inboxes.len()).unwrap_or(u32::MAX)
    }

    fn inbox(&mut self, number: u32) -> Option<&mut VecDeque<Letter>> {
        self.inboxes.get_mut((number as usize).checked_sub(1)?)
    }

    pub(crate) fn mailed(&mut self, inbox: u32, letter: Letter, by: By) {
        if let Some(inbox) = self.inbox(inbox) {
            inbox.push_back(letter);
            let (what, task) = letter;
            self.push(What::Mailed { what, task, by });
        }
    }

    pub(crate) fn read(&mut self, inbox: u32) {
        if let Some(letter) = self.inbox(inbox).and_then(VecDeque::pop_front) {
            let (what, task) = letter;
            self.push(What::MailRead { what, task });
            self.delivered = Some(letter);
        }
    }

    pub(crate) fn close(&mut self, inbox: u32) {
        for (what, task) in self.inbox(inbox).map(std::mem::take).unwrap_or_default() {
            self.push(What::MailRefused { what, task });
        }
    }

    /// Whom nobody wakes from now on, or somebody does again.
    pub(super) fn note_end(&mut self, what: &What) {
        let (task, over) = match *what {
            What::Finished { task }
            | What::Dropped { task }
            | What::Cancelled { task }
            | What::Panicked { task, .. } => (task, true),
            What::Polled { task } => (task, false),
            _ => return,
        };
        if let Some(known) = self.known(task) {
            known.over = over;
        }
    }
}
