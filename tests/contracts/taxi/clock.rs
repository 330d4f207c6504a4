//! The clock of a test, advanced by hand.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use taxi::sync::Notify;
use taxi::test::advance;
use taxi::time::sleep;
use taxi::{spawn, tasks, yield_now};

const SECOND: Duration = Duration::from_secs(1);

/// Also one that was spawned just now, and whom the one that is due wakes.
#[test]
fn whoever_is_due_has_had_a_turn_and_whoever_it_wakes() {
    taxi::test::run(async {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let bell = Rc::new(Notify::new());
        let (told, heard) = (Rc::clone(&seen), Rc::clone(&bell));
        let _woken = spawn(async move {
            heard.notified().await;
            told.borrow_mut().push("woken");
        });
        let told = Rc::clone(&seen);
        let _due = spawn(async move {
            sleep(SECOND).await;
            bell.notify_one();
            told.borrow_mut().push("due");
        });
        advance(SECOND).await;
        assert_eq!(*seen.borrow(), ["due", "woken"]);
    });
}

#[test]
fn who_advances_it_is_suspended_at_its_own_line() {
    taxi::test::run(async {
        let _advances = spawn(async { advance(SECOND).await });
        yield_now().await;
        yield_now().await;
        let at = tasks().last().unwrap().suspended.unwrap().location;
        assert!(at.file().ends_with("clock.rs"), "{at}");
    });
}
