//! How many atomic instructions a yield takes, counted by callgrind, where there is one; and how many allocations a task.

use std::fs;
use std::hint::black_box;
use std::process::Command;

use event_loop::Clock;
use performance::{Locked, Shared, allocations};
use taxi::yield_now;
use workbook_tests::limits::quick_or_full;
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::root;

/// Set where callgrind watches: which tasks, and how often each yields.
const WATCHED: &str = "WORKBOOK_UNDER_CALLGRIND";
const TASKS: u64 = 100;

async fn turns(yields: u64) {
    for _ in 0..yields {
        yield_now().await;
    }
}

fn work(kind: &str, yields: u64) {
    work_of(kind, TASKS, yields);
}

fn work_of(kind: &str, tasks: u64, yields: u64) {
    match kind {
        "lock" => {
            let executor = Locked::new();
            let all: Vec<_> = (0..tasks).map(|_| executor.spawn(turns(yields))).collect();
            executor.run();
            assert!(all.into_iter().all(|it| it.into_value().is_some()));
        }
        "chapter 6" => ::tasks::run(Clock::virtual_time(), async {
            let all: Vec<_> = (0..tasks).map(|_| ::tasks::spawn(turns(yields))).collect();
            for task in all {
                task.await;
            }
        }),
        "header" => {
            let executor = Shared::new();
            let all: Vec<_> = (0..tasks).map(|_| executor.spawn(turns(yields))).collect();
            executor.run();
            assert!(all.iter().all(|it| it.is_finished()));
        }
        _ => taxi::test::run(async {
            let all: Vec<_> = (0..tasks).map(|_| taxi::spawn(turns(yields))).collect();
            for task in all {
                task.await.unwrap();
            }
        }),
    }
}

/// The atomic instructions of a child that does this work. `None`: nobody counts here.
fn atomics(tasks: &str, yields: u64) -> Option<f64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--collect-bus=yes"]);
    valgrind.arg("--callgrind-out-file=/dev/null");
    valgrind.arg(std::env::current_exe().unwrap());
    let test = "atomics::a_yield_takes_as_many_atomic_instructions_as_the_page_says";
    valgrind.args(["--exact", test, "--test-threads=1"]);
    valgrind.env(WATCHED, format!("{tasks}:{yields}"));
    let finished = run_limited(&mut valgrind, LIMIT).ok()?;
    assert!(finished.status.success(), "{}", finished.stderr);
    // `==7== Collected : 27438007 114102`, after `Events : Ir Ge`.
    let mut lines = finished.stderr.lines();
    let counts = lines.find_map(|line| line.split_once("Collected : "))?.1;
    counts.split_whitespace().nth(1)?.parse().ok()
}

/// The table of the page that tells of four tasks: what each is called there, and here.
const ROWS: [(&str, &str); 4] = [
    ("a lock in an `Arc`", "lock"),
    ("chapter 6: a map, and a flag", "chapter 6"),
    ("an atomic header (`async-task`)", "header"),
    ("chapter 8's cell", "cell"),
];

#[test]
fn a_yield_takes_as_many_atomic_instructions_as_the_page_says() {
    if let Ok(watched) = std::env::var(WATCHED) {
        let (tasks, yields) = watched.split_once(':').unwrap();
        return work(black_box(tasks), yields.parse().unwrap());
    }
    let page =
        fs::read_to_string(root().join("book/src/22-performance/tasks.md")).unwrap();
    // Each is two runs under callgrind.
    for (name, kind) in quick_or_full(&ROWS[2..], &ROWS) {
        let (Some(once), Some(twice)) = (atomics(kind, 10), atomics(kind, 20)) else {
            eprintln!("skipped: valgrind is not installed");
            return;
        };
        let each = (twice - once) / (10.0 * TASKS as f64);
        // The loop's own are once a round, for a hundred tasks.
        let asked = allocations(TASKS as usize, |tasks| work_of(kind, tasks as u64, 1));
        let row = format!("| {name} | {each:.0} | {asked:.0} |");
        let found = page.lines().any(|line| line.starts_with(&row));
        assert!(found, "the page has no row `{row}`");
    }
}

/// A page says so of the generator, and of the stream by hand that it is nothing.
#[test]
fn a_generator_allocates_when_it_is_made_and_not_for_an_item() {
    use taxi::stream::{StreamExt, stream};
    let numbers = |to: usize| {
        stream(async move |mut yields| {
            for i in 0..to {
                yields.send(i).await;
            }
        })
    };
    let an_item = allocations(1000, |to| {
        let sum = taxi::test::run(async {
            let (mut items, mut sum) = (numbers(to), 0);
            while let Some(i) = items.next().await {
                sum += i;
            }
            sum
        });
        assert_eq!(sum, to * (to - 1) / 2);
    });
    assert_eq!(an_item.round(), 0.0);
    let a_stream = allocations(1000, |count| (0..count).for_each(|_| drop(numbers(3))));
    assert_eq!(a_stream, 2.0);
}
