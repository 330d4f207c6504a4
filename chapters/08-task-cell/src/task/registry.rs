//! Every allocation of a runtime's tasks, whether its future lives or not.
//!
//! A list of *unfinished* tasks would not do. A task that is over may still be referenced remotely, and such a
//! reference is mailed to the runtime to be counted; when the runtime closes it must hand the count of each such cell over to
//! the stragglers. So it must find them all: a cell is listed from its birth until it is freed.

use std::cell::RefCell;
use std::ptr::NonNull;

use super::TaskRef;
use super::header::Header;
use super::state::DONE;

/// The cells of one runtime. It owns none: a cell that is freed locally takes itself out.
#[derive(Default)]
pub(crate) struct Registry(RefCell<Vec<NonNull<Header>>>);

impl Registry {
    /// Lists a new cell.
    pub(crate) fn add(&self, task: &TaskRef) {
        let mut cells = self.0.borrow_mut();
        let index = u32::try_from(cells.len()).expect("at most 2^32 tasks");
        task.index.set(index);
        cells.push(task.as_ptr());
    }

    /// Takes a cell out; the last one gets its index.
    pub(crate) fn remove(&self, cell: &Header) {
        let index = cell.index.get();
        let mut cells = self.0.borrow_mut();
        cells.swap_remove(index as usize);
        if let Some(&moved) = cells.get(index as usize) {
            // SAFETY: what is listed is not freed, and this is its runtime's thread, which a runtime does not leave.
            unsafe { moved.as_ref() }.index.set(index);
        }
    }

    /// The tasks that are not over, oldest first.
    pub(crate) fn unfinished(&self) -> Vec<TaskRef> {
        let cells = self.0.borrow();
        // SAFETY: what is listed is not freed, and this is its runtime's thread.
        let alive = cells
            .iter()
            .filter(|cell| !unsafe { cell.as_ref() }.state.has(DONE));
        // SAFETY: what is listed is not freed, so it can be counted once more.
        let mut tasks: Vec<TaskRef> = alive
            .map(|&cell| unsafe { TaskRef::one_more(cell) })
            .collect();
        tasks.sort_unstable_by_key(|task| task.id);
        tasks
    }

    /// All cells, which are listed no more.
    pub(crate) fn take(&self) -> Vec<NonNull<Header>> {
        self.0.take()
    }
}
