//! Tokens: their guards, their children as they come and go, and where who waits for one is suspended.

use std::future::pending;

use taxi::sync::CancellationToken;
use taxi::{spawn, tasks, yield_now};

#[test]
fn a_guard_cancels_unless_it_is_disarmed() {
    let token = CancellationToken::new();
    let child = token.child();
    let guard = token.clone().drop_guard();
    assert!(!token.is_cancelled());
    let same = guard.disarm();
    assert!(!token.is_cancelled() && !same.is_cancelled());
    same.cancel();
    assert!(token.is_cancelled() && child.is_cancelled());
    let token = CancellationToken::new();
    drop(token.clone().drop_guard());
    assert!(token.is_cancelled());
}

#[test]
fn children_that_stay_hear_it_though_others_have_gone() {
    let token = CancellationToken::new();
    let mut kept = Vec::new();
    for _ in 0..100 {
        kept.push(token.child());
        drop(token.child());
    }
    token.cancel();
    assert!(kept.iter().all(CancellationToken::is_cancelled));
}

#[test]
fn who_has_heard_it_is_let_go() {
    let token = CancellationToken::new();
    let counter = allocation_counter::measure(|| {
        let children: Vec<_> = (0..10_000).map(|_| token.child()).collect();
        token.cancel();
        drop(children);
    });
    assert!(counter.bytes_current < 1 << 12, "{}", counter.bytes_current);
}

#[test]
fn who_waits_for_one_is_suspended_at_a_line_of_its_own() {
    taxi::test::run(async {
        let token = CancellationToken::new();
        let (one, two) = (token.clone(), token.clone());
        let _waits = spawn(async move { one.cancelled().await });
        let _works = spawn(async move { two.run_until_cancelled(pending::<()>()).await });
        yield_now().await;
        for task in tasks().into_iter().filter(|it| !it.is_root) {
            let at = task.suspended.unwrap().location;
            assert!(at.file().ends_with("tokens.rs"), "{at}");
        }
    });
}
