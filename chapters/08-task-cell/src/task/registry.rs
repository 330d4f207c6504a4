//! Every allocation of a runtime's tasks, whether its future lives or not.
//!
//! A list of *unfinished* tasks would not do. A task that is over may still be referenced remotely, and such a
//! reference is mailed to the runtime to be counted; when the runtime closes it must hand the count of each such cell over to
//! the stragglers. So it must find them all: a cell is listed from its birth until it is freed.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use super::{Header, Inbox, TaskRef, header, remote};

// ANCHOR: registry
/// The cells of one runtime. It owns none: a cell that is freed locally takes itself out.
#[derive(Default)]
pub(crate) struct Registry {
    cells: RefCell<Vec<NonNull<Header>>>,
    /// How often the runtime is entered.
    entered: Cell<usize>,
    /// It is not entered again.
    closed: Cell<bool>,
}
// ANCHOR_END: registry

impl Registry {
    /// Lists a new cell.
    pub(crate) fn add(&self, task: &TaskRef) {
        let mut cells = self.cells.borrow_mut();
        let index = u32::try_from(cells.len()).expect("at most 2^32 tasks");
        task.index.set(index);
        cells.push(task.as_ptr());
    }

    /// Takes a cell out; the last one gets its index.
    pub(crate) fn remove(&self, cell: &Header) {
        let index = cell.index.get();
        let mut cells = self.cells.borrow_mut();
        cells.swap_remove(index as usize);
        if let Some(&moved) = cells.get(index as usize) {
            // SAFETY: what is listed is not freed, and this is its runtime's thread, which a runtime does not leave.
            unsafe { moved.as_ref() }.index.set(index);
        }
    }

    /// The tasks that are not over, oldest first.
    pub(crate) fn unfinished(&self) -> Vec<TaskRef> {
        let cells = self.cells.borrow();
        // SAFETY: what is listed is not freed, and this is its runtime's thread.
        let all = cells.iter().map(|&cell| unsafe { TaskRef::one_more(cell) });
        let mut tasks: Vec<TaskRef> = all.filter(|task| !task.is_over()).collect();
        tasks.sort_unstable_by_key(|task| task.id);
        tasks
    }

    /// The runtime is entered.
    pub(super) fn entered(&self) {
        assert!(!self.closed.get(), "a closed runtime does not run");
        self.entered.set(self.entered.get() + 1);
    }

    /// The runtime is left.
    pub(super) fn left(&self) {
        self.entered.set(self.entered.get() - 1);
    }

    // ANCHOR: close
    /// Closes the inbox, and hands the cells over to whoever still refers to them. No
    /// foreign code runs but what is dropped with the last mail.
    ///
    /// A future that is left, because it could not be dropped, still has its life as a
    /// reference, which nobody gives up: its cell is never freed.
    pub(crate) fn close(&self, inbox: &Inbox) {
        assert_eq!(self.entered.get(), 0, "a runtime that runs is not closed");
        self.closed.set(true);
        let mut unreferenced = Vec::new();
        inbox.close(|| {
            for cell in self.cells.take() {
                // SAFETY: a listed cell is not freed; this is its runtime's thread; each
                // is listed once; and since the runtime is not entered, now or again,
                // nothing is counted locally after this.
                if unsafe { remote::hand_over(cell) } {
                    unreferenced.push(cell);
                }
            }
        });
        for cell in unreferenced {
            // SAFETY: nobody refers to it. Its life was a reference, so no future is in
            // it; and so was its handle, so neither is an output.
            unsafe { header::free(cell) };
        }
    }
    // ANCHOR_END: close
}
