//! What other threads send to a loop: when it can be sent and read, and how that looks in a chart.

use crate::apply::{ensure, index};
use crate::builder::Builder;
use crate::chart::{Is, Sign, Who};
use crate::state::{Letter, Move, State};
use crate::{By, Mail, What};

/// Whether `event` is said to be done by mail, and is not what `letter`, which was read just before, asks for.
pub(crate) fn is_unasked(letter: Option<Letter>, event: &What) -> bool {
    let (by, asked) = match *event {
        What::Woken { by, task, .. } => (by, Some((Mail::Wake, Some(task)))),
        What::CallbackQueued { by, .. } => (by, Some((Mail::Call, None))),
        What::CancelAsked { by, .. }
        | What::TimerSet { by, .. }
        | What::Mailed { by, .. } => (by, None),
        _ => return false,
    };
    let asks = letter.map(|letter| (letter.what, letter.task));
    by == By::Mail && (asks.is_none() || asks != asked)
}

impl State<'_> {
    /// Letters that are alike cannot be told apart, so it does not matter which of them is read.
    pub(crate) fn apply_to_mail(&mut self, event: &What) -> Result<(), String> {
        match *event {
            What::Mailed { what, task, by } => {
                match task {
                    Some(task) => drop(index(task, self.tasks.len(), "task")?),
                    None => ensure(what == Mail::Call, || "it is about no task".into())?,
                }
                self.may_do(by)?;
                let letter = Letter { what, task };
                self.moves.push(Move::Mailed(self.inbox.len(), letter));
                self.inbox.push(letter);
            }
            What::MailRead { what, task } => {
                ensure(self.parked.is_none(), || {
                    "mail is read while the loop waits".into()
                })?;
                let letter = Letter { what, task };
                self.take(letter)?;
                self.delivered = Some(letter);
            }
            What::MailRefused { what, task } => self.take(Letter { what, task })?,
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, letter: Letter) -> Result<(), String> {
        let index = self.inbox.iter().position(|other| *other == letter);
        let index = index.ok_or("no such mail is in the inbox")?;
        self.inbox.remove(index);
        self.moves.push(Move::Read(index));
        Ok(())
    }
}

impl Builder {
    /// Mail is put into the inbox, or taken out.
    pub(crate) fn mail(&mut self, step: usize, event: &What, state: &State<'_>) {
        self.add(Who::Inbox, "inbox");
        if let What::Mailed { by, .. } = *event {
            self.act(step, by, state);
            self.mark(step, Who::Inbox, Sign::Mailed, state);
            let (again, cancels) = (false, false);
            self.arrow_to(step, by, Who::Inbox, (again, cancels));
        }
        self.here(step, state);
        // Also if the inbox is empty from now on: it lay there up to here.
        self.set(Who::Inbox, Is::Mail);
    }
}
