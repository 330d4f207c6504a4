//! A task that a cancellation does not reach.

use combinators::{shield, shield_handle};
use polling::yield_now;
use task_cell::{spawn, spawn_named, tasks};
use timers::{sleep, timeout};

use crate::{
    Log, SECOND, breaks_after, has_panicked, is_cancelled, now, run, suspended, takes,
};

async fn says(log: Log) -> u32 {
    sleep(2 * SECOND).await;
    log.say(format!("the inner one ends at {}", now()));
    2
}

#[test]
fn the_inner_task_goes_on_when_the_outer_one_is_cancelled() {
    run(async {
        let log = Log::default();
        let inner = says(log.clone());
        let outer = spawn(async { shield(inner).await });
        sleep(SECOND).await;
        assert!(outer.cancel());
        assert!(is_cancelled(&outer.await));
        assert_eq!(now(), 1, "the outer one does not wait for it");
        sleep(5 * SECOND).await;
        assert_eq!(log.all(), "the inner one ends at 2");
    });
}

#[test]
fn it_goes_on_when_the_shield_is_dropped() {
    run(async {
        let log = Log::default();
        assert!(timeout(SECOND, shield(says(log.clone()))).await.is_err());
        drop(shield(says(log.clone())));
        sleep(5 * SECOND).await;
        assert_eq!(
            log.all(),
            "the inner one ends at 2, the inner one ends at 3"
        );
    });
}

#[test]
fn its_value_its_panic_and_its_cancellation_reach_the_outer_one() {
    run(async {
        assert_eq!(shield(takes(2)).await.unwrap(), 2);
        assert!(has_panicked(&shield(breaks_after(1)).await));
        let inner = spawn(takes(9));
        let task = inner.task_handle();
        let outer = spawn(async { shield_handle(inner).await });
        sleep(SECOND).await;
        task.cancel();
        assert!(is_cancelled(&outer.await.unwrap()));
        assert_eq!(now(), 4);
    });
}

#[test]
fn it_is_a_task_and_says_where_it_waits() {
    run(async {
        let outer = spawn_named("outer", async { shield(takes(1)).await });
        let here = line!() - 1;
        yield_now().await;
        let at = suspended("outer");
        assert_eq!(
            (at.0, at.1.as_str(), at.2),
            ("shield", "shielding.rs", here)
        );
        assert_eq!(tasks().len(), 3);
        outer.await.unwrap().unwrap();
    });
}
