//! What chapter 21 promises.

#[path = "simulation/disks.rs"]
mod disks;
#[path = "simulation/faults.rs"]
mod faults;
#[path = "simulation/seeds.rs"]
mod seeds;
#[path = "simulation/streams.rs"]
mod streams;

use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}

/// What hosts note, in the order in which they do.
#[derive(Debug, Default, Clone)]
struct Notes(Rc<RefCell<Vec<String>>>);

impl Notes {
    fn add(&self, note: impl Into<String>) {
        self.0.borrow_mut().push(note.into());
    }

    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}
