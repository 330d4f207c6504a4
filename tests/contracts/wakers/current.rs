//! What is current on a thread, and whether a loop blocks it.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::thread;

use wakers::{
    Current, Entered, block_on, block_thread, callback_sink, enter, set_callback_sink,
};

thread_local! {
    static NAME: Current<str> = const { Current::new() };
    static OWNER: Current<Owner> = const { Current::new() };
}

fn name() -> Option<Rc<str>> {
    NAME.with(Current::get)
}

#[test]
fn it_is_what_was_entered_last() {
    assert_eq!(name(), None);
    let outer = enter(&NAME, Rc::from("outer"));
    {
        let _inner = enter(&NAME, Rc::from("inner"));
        assert_eq!(name().as_deref(), Some("inner"));
        assert_eq!(NAME.with(|name| name.look(str::len)), Some(5));
    }
    assert_eq!(name().as_deref(), Some("outer"));
    let unwound = catch_unwind(|| {
        let _inner = enter(&NAME, Rc::from("inner"));
        panic!("a flat tyre");
    });
    assert!(unwound.is_err());
    assert_eq!(name().as_deref(), Some("outer"));
    drop(outer);
    assert_eq!(name(), None);
    assert_eq!(NAME.with(|name| name.look(str::len)), None);
}

#[test]
fn it_is_the_threads_own() {
    let _here = enter(&NAME, Rc::from("here"));
    thread::spawn(|| assert_eq!(name(), None)).join().unwrap();
}

/// Asks what is current when it is dropped, and makes something else so.
struct Owner(Option<Rc<Owner>>);

impl Drop for Owner {
    fn drop(&mut self) {
        assert!(OWNER.with(Current::get).is_none());
        if let Some(another) = self.0.take() {
            drop(enter(&OWNER, another));
        }
    }
}

#[test]
fn what_was_current_may_be_dropped_by_the_guard_and_come_back() {
    let other = Rc::new(Owner(None));
    // The guard's is the only reference.
    drop(enter(&OWNER, Rc::new(Owner(Some(other)))));
}

#[test]
fn it_can_be_asked_and_entered_while_the_thread_ends() {
    struct Late(Option<Box<dyn FnOnce()>>);
    impl Drop for Late {
        fn drop(&mut self) {
            self.0.take().into_iter().for_each(|late| late());
        }
    }
    thread_local! {
        static LATE: RefCell<Late> = const { RefCell::new(Late(None)) };
    }
    let (send, told) = channel();
    let late = move || {
        let before = name().is_none();
        let _entered: Entered<str> = enter(&NAME, Rc::from("late"));
        send.send((before, name().as_deref() == Some("late")))
            .unwrap();
    };
    thread::spawn(|| {
        // Its destructor is registered first, and so runs last.
        LATE.with_borrow_mut(|it| it.0 = Some(Box::new(late)));
        drop(enter(&NAME, Rc::from("early")));
    })
    .join()
    .unwrap();
    assert_eq!(told.recv(), Ok((true, true)));
}

#[test]
fn one_loop_blocks_a_thread_at_a_time() {
    let first = block_thread();
    let second = catch_unwind(block_thread);
    assert!(second.is_err());
    drop(first);
    drop(block_thread());
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _blocked = block_thread();
        panic!("a flat tyre");
    }));
    assert!(unwound.is_err());
    block_on(async {});
    thread::spawn(|| drop(block_thread())).join().unwrap();
}

#[test]
fn callbacks_go_to_the_innermost_sink() {
    assert!(callback_sink().is_none());
    let log = Rc::new(RefCell::new(Vec::new()));
    let sink = |name: &'static str| {
        let log = Rc::clone(&log);
        set_callback_sink(Rc::new(move |callback| {
            log.borrow_mut().push(name);
            callback();
        }))
    };
    let _outer = sink("outer");
    {
        let _inner = sink("inner");
        callback_sink().unwrap()(Box::new(|| ()));
    }
    callback_sink().unwrap()(Box::new(|| ()));
    assert_eq!(log.take(), ["inner", "outer"]);
}
