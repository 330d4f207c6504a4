//! Panics that end where they are.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;

use wakers::{contained, discard, set_panic_hook};

use crate::heard::heard;

/// Panics when it is dropped.
struct Bomb(&'static str);

impl Drop for Bomb {
    fn drop(&mut self) {
        panic_any(self.0);
    }
}

/// Runs its function when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn a_report_is_one_line_that_says_what_and_why() {
    let said = heard(|| {
        assert_eq!(contained("a callback", || 7), Some(7));
        assert_eq!(contained("a callback", || panic!("no fuel")), None::<()>);
        assert_eq!(contained("a waker", || panic!("{} tyres", 2)), None::<()>);
        assert_eq!(contained("a waker", || panic!("two\nlines")), None::<()>);
        assert_eq!(contained("a waker", || panic_any(7)), None::<()>);
    });
    let wanted = [
        "a callback panicked: no fuel",
        "a waker panicked: 2 tyres",
        "a waker panicked: two lines",
        "a waker panicked",
    ];
    assert_eq!(said, wanted);
}

#[test]
fn a_payload_that_panics_when_it_is_dropped_ends_there() {
    let said = heard(|| {
        contained("a callback", || panic_any(Bomb("the payload")));
    });
    assert_eq!(said, ["a callback panicked"]);
}

#[test]
fn a_hook_that_panics_ends_there() {
    let _hook = set_panic_hook(Rc::new(|_| panic!("the hook")));
    assert_eq!(contained("a callback", || panic!("no fuel")), None::<()>);
}

#[test]
fn the_innermost_hook_is_told_and_the_one_before_it_is_restored_also_on_unwind() {
    let said = heard(|| {
        let inner = heard(|| _ = contained("1", || panic!()));
        assert_eq!(inner.len(), 1);
        let unwound = catch_unwind(AssertUnwindSafe(|| {
            let _hook = set_panic_hook(Rc::new(|_| ()));
            panic!("through it");
        }));
        assert!(unwound.is_err());
        _ = contained("2", || panic!("outer"));
    });
    assert_eq!(said, ["2 panicked: outer"]);
}

#[test]
fn it_works_while_the_thread_unwinds() {
    let said = heard(|| {
        let unwound = catch_unwind(|| {
            let _work = OnDrop(|| _ = contained("a waker", || panic!("within")));
            panic!("without");
        });
        assert!(unwound.is_err());
    });
    assert_eq!(said, ["a waker panicked: within"]);
}

#[test]
fn what_is_discarded_by_the_way_goes_after_it_in_order() {
    let log = Rc::new(RefCell::new(Vec::new()));
    let says = |what: &'static str| {
        let log = Rc::clone(&log);
        OnDrop(move || log.borrow_mut().push(what))
    };
    let (first, second, last) =
        (says("first"), says("second"), says("last of the outer"));
    let mut held = Some((first, second));
    let outer = OnDrop(move || {
        if let Some((first, second)) = held.take() {
            discard("first", first);
            discard("second", second);
        }
        let _ = &last;
    });
    discard("outer", outer);
    assert_eq!(log.take(), ["last of the outer", "first", "second"]);
}

#[test]
fn each_that_panics_is_reported_by_its_own_name() {
    let said = heard(|| {
        let mut inner = Some(Bomb("inner"));
        let outer = (
            OnDrop(move || {
                inner
                    .take()
                    .into_iter()
                    .for_each(|it| discard("a value", it))
            }),
            Bomb("outer"),
        );
        discard("an output", outer);
        discard("another", Bomb("another"));
    });
    let wanted = [
        "an output panicked: outer",
        "a value panicked: inner",
        "another panicked: another",
    ];
    assert_eq!(said, wanted);
}

/// A list whose every link is discarded by the one before it.
struct Link(Option<Box<Link>>, Rc<Cell<u32>>);

impl Drop for Link {
    fn drop(&mut self) {
        self.1.set(self.1.get() + 1);
        if let Some(next) = self.0.take() {
            discard("a link", next);
        }
    }
}

#[test]
fn a_deep_value_needs_no_deep_stack() {
    let count = Rc::new(Cell::new(0));
    let link = |next| Some(Box::new(Link(next, Rc::clone(&count))));
    let list = (0..1_000_000).fold(None, |next, _| link(next));
    discard("a list", list);
    assert_eq!(count.get(), 1_000_000);
}
