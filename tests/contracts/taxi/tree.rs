//! The tree of tasks: who awaits whom.

use std::env;
use std::future::pending;
use std::process::Command;
use std::time::Duration;

use task_cell::JoinHandle;
use taxi::time::{sleep, timeout};
use taxi::{gather, group, spawn, spawn_named, tree, wait, wait_for, yield_now};

use workbook_tests::process::{LIMIT, run_limited};

use super::SECOND;

fn idle(name: &str) -> JoinHandle<()> {
    spawn_named(name, pending())
}

/// The names, each behind what stands to its left.
fn names() -> Vec<String> {
    const STATES: [&str; 5] = [
        " running,",
        " ready,",
        " waiting,",
        " cancelling,",
        " again:",
    ];
    let printed = tree().to_string();
    let name = |line: &str| {
        let end = STATES.iter().find_map(|state| line.find(state));
        line[..end.unwrap()].to_string()
    };
    printed.lines().map(name).collect()
}

#[test]
fn a_task_stands_below_the_one_that_awaits_its_handle() {
    taxi::test::run(async {
        let (first, second) = (idle("first"), idle("second"));
        let _a = spawn_named("a", async { first.await.unwrap() });
        let _b = spawn_named("b", async { timeout(9 * SECOND, second).await });
        let _c = idle("c");
        yield_now().await;
        let wanted = ["Task-1", "a", "└─ first", "b", "└─ second", "c"];
        assert_eq!(names(), wanted);
        let printed = format!("{:#}", tree());
        let line = printed.lines().find(|it| it.starts_with("a ")).unwrap();
        assert!(line.contains("join in tree.rs:"), "{line}");
    });
}

#[test]
fn children_stand_below_whoever_gathers_waits_or_has_a_group() {
    taxi::test::run(async {
        let _gathers = spawn_named("gathers", async {
            gather([pending::<()>(), pending()]).await
        });
        let _waits = spawn_named("waits", async {
            wait([idle("waited")], combinators::When::All, None).await
        });
        let _limits = spawn_named("limits", async {
            wait_for(9 * SECOND, pending::<()>()).await
        });
        let _shields =
            spawn_named("shields", async { taxi::shield(pending::<()>()).await });
        let _groups = spawn_named("groups", async {
            group(async |group| {
                let _a = group.spawn(pending::<()>());
                let _b = group.spawn(pending::<()>());
                pending::<()>().await;
            })
            .await
        });
        sleep(SECOND).await;
        assert_eq!(
            names(),
            [
                "Task-1",
                "gathers",
                "├─ Task-7",
                "└─ Task-8",
                "waits",
                "└─ waited",
                "limits",
                "└─ Task-10",
                "shields",
                "└─ Task-11",
                "groups",
                "├─ Task-12",
                "└─ Task-13",
            ]
        );
    });
}

#[test]
fn whoever_does_not_wait_any_more_awaits_nobody() {
    taxi::test::run(async {
        let mut children = combinators::gather([pending::<()>()]);
        // Waits, and gives up: the children stay.
        assert!(timeout(SECOND, &mut children).await.is_err());
        let mut lent = idle("lent");
        assert!(timeout(SECOND, &mut lent).await.is_err());
        sleep(SECOND).await;
        // The gather is there, and is asked for by nobody; its waiter is this task still.
        assert_eq!(names(), ["Task-1", "├─ Task-2", "└─ lent"]);
        drop((children, lent));
        yield_now().await;
        assert_eq!(names(), ["Task-1", "lent"]);
    });
}

#[test]
fn a_deep_tree_goes_on_at_the_left() {
    taxi::test::run(async {
        let mut inner = spawn(pending::<()>());
        for _ in 0..40 {
            inner = spawn(async { inner.await.unwrap() });
        }
        yield_now().await;
        let printed = tree().to_string();
        let lines: Vec<&str> = printed.lines().collect();
        assert_eq!(lines.len(), 42);
        assert!(lines[1].starts_with("Task-42 "), "{}", lines[1]);
        let wanted = format!("{}└─ Task-10 ", "   ".repeat(31));
        assert!(lines[33].starts_with(&wanted), "{}", lines[33]);
        let wanted = format!("{}(40 deep) └─ Task-2 ", "   ".repeat(32));
        assert!(lines[41].starts_with(&wanted), "{}", lines[41]);
        drop(inner);
    });
}

#[test]
fn of_very_many_a_thousand_are_printed() {
    taxi::test::run(async {
        let _all: Vec<_> = (0..5000).map(|_| spawn(pending::<()>())).collect();
        // Each awaits the one before: as deep as there are.
        let mut inner = spawn(pending::<()>());
        for _ in 0..5000 {
            inner = spawn(async { inner.await.unwrap() });
        }
        yield_now().await;
        let printed = tree().to_string();
        assert_eq!(printed.lines().count(), 1001);
        assert_eq!(printed.lines().last(), Some("… and 9002 more"));
        assert!(printed.len() < 1000 * 300);
        assert_eq!(tree().tasks().len(), 10_002);
        drop(inner);
    });
}

#[test]
fn tasks_that_await_each_other_are_printed_once() {
    taxi::test::run(async {
        let (give, get) = sync::oneshot::channel::<JoinHandle<()>>();
        let a = spawn_named("a", async move {
            let b = get.await.unwrap();
            let _never = b.await;
        });
        let b = spawn_named("b", async move {
            let _never = a.await;
        });
        give.send(b).unwrap();
        sleep(Duration::from_millis(1)).await;
        let lines = names();
        assert_eq!(lines[..3], ["Task-1", "a", "└─ b"]);
        assert_eq!(lines[3], "   └─ a");
        assert_eq!(lines.len(), 4);
    });
}

/// What it prints goes to standard error: so this starts itself, and reads that.
#[cfg(unix)]
#[test]
fn a_signal_prints_the_tree_and_holds_neither_the_clock_nor_the_end() {
    const STARTED: &str = "TAXI_TREE_IS_STARTED";
    if env::var_os(STARTED).is_some() {
        return one_who_is_asked();
    }
    let name = "tree::a_signal_prints_the_tree_and_holds_neither_the_clock_nor_the_end";
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", name, "--nocapture"]);
    again.env(STARTED, "1").env("TAXI_DEBUG", "1");
    let finished = run_limited(&mut again, LIMIT).unwrap();
    assert!(finished.status.success(), "{}", finished.stderr);
    let tree = &finished.stderr;
    let below = tree.split_once("boss waiting, spawned in tree.rs:");
    let (_, below) = below.expect(tree);
    assert!(below.contains("join in tree.rs:"), "{tree}");
    assert!(
        below.contains("\n└─ ride waiting, spawned in tree.rs:"),
        "{tree}"
    );
    assert_eq!(
        tree.matches("the root").count(),
        3,
        "once for each signal: {tree}"
    );
}

#[cfg(unix)]
fn one_who_is_asked() {
    use taxi::process::{SIGUSR1, raise};

    let clock = taxi::Clock::virtual_time();
    let mut runtime = taxi::Runtime::builder().clock(clock).build().unwrap();
    runtime.block_on(async {
        let ride = idle("ride");
        drop(spawn_named("boss", async { ride.await.unwrap() }));
        yield_now().await;
        raise(SIGUSR1).unwrap();
        sleep(3600 * SECOND).await;
        raise(SIGUSR1).unwrap();
        sleep(3600 * SECOND).await;
        assert_eq!(taxi::time::now().as_secs(), 7200);
    });
    let names: Vec<String> = runtime.close().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["ride", "boss"]);
    let ran = taxi::run(async {
        raise(SIGUSR1).unwrap();
        sleep(Duration::from_millis(1)).await;
    });
    ran.unwrap();
}
