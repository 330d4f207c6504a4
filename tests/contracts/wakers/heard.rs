//! What panics in foreign code is reported, and so would be missed.

use std::cell::RefCell;
use std::rc::Rc;

use wakers::set_panic_hook;

/// What is reported while `work` runs.
pub(crate) fn heard(work: impl FnOnce()) -> Vec<String> {
    let reports = Rc::new(RefCell::new(Vec::new()));
    let list = Rc::clone(&reports);
    let _hook = set_panic_hook(Rc::new(move |report| {
        list.borrow_mut().push(report.to_string());
    }));
    work();
    reports.take()
}
