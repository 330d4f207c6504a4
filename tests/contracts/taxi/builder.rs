//! What a builder sets beside the clock: a name, a budget, a pool; and what of it is seen.

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;
use std::thread;

use taxi::sync::Semaphore;
use taxi::threads::Pool;
use taxi::{Builder, Clock, Runtime, spawn, spawn_blocking, spawn_named, yield_now};
use workbook_tests::blame::panic_of;
use workbook_tests::harness::watchdog;

fn virtual_builder() -> Builder {
    Runtime::builder().clock(Clock::virtual_time())
}

fn thread_name() -> Option<String> {
    thread::current().name().map(String::from)
}

#[test]
fn its_name_is_that_of_its_threads_its_tree_and_its_reports() {
    let _watchdog = watchdog();
    let told = Rc::new(RefCell::new(Vec::new()));
    let list = Rc::clone(&told);
    let builder = virtual_builder().name("web").debug(true);
    let builder = builder.stopwatch(Default::default);
    let hook = move |report: &taxi::debug::Report| list.borrow_mut().push(report.clone());
    let mut runtime = builder.report(hook).build().unwrap();
    runtime.block_on(async {
        let _left = spawn_named("left", pending::<()>());
        let tree = taxi::tree().to_string();
        assert!(tree.starts_with("web: 2 tasks\nTask-1 running"), "{tree}");
        let thread = spawn_blocking(thread_name).await.unwrap();
        assert_eq!(thread.as_deref(), Some("web-1"));
    });
    drop(runtime);
    let report = &told.borrow()[0];
    assert_eq!(report.runtime.as_deref(), Some("web"));
    let words = report.to_string();
    assert!(
        words.starts_with("web: destroyed while pending: left "),
        "{words}"
    );
}

#[test]
fn without_a_name_nothing_begins_with_one() {
    let _watchdog = watchdog();
    virtual_builder().build().unwrap().block_on(async {
        let tree = taxi::tree().to_string();
        assert!(tree.starts_with("Task-1 running"), "{tree}");
        let thread = spawn_blocking(thread_name).await.unwrap();
        assert_eq!(thread.as_deref(), Some("blocking-1"));
    });
}

#[test]
fn a_pool_that_was_given_is_used_and_shut_down_at_the_end() {
    let _watchdog = watchdog();
    let pool = Pool::builder().name("disk").max_threads(1).build();
    let builder = virtual_builder().name("web").pool(pool.clone());
    let mut runtime = builder.build().unwrap();
    let thread = runtime.block_on(async { spawn_blocking(thread_name).await.unwrap() });
    assert_eq!(thread.as_deref(), Some("disk-1"));
    drop(runtime);
    assert!(pool.try_run(|| ()).is_err());
}

/// How many turns a task has had that takes a permit so often, each time without waiting.
fn turns_of(builder: Builder, permits: usize) -> u64 {
    let mut runtime = builder.debug(true).build().unwrap();
    runtime.block_on(async move {
        let free = Semaphore::new(1);
        for _ in 0..permits {
            drop(free.acquire().await);
        }
    });
    runtime.metrics().turns
}

#[test]
fn a_task_lets_the_others_have_their_turn_when_its_budget_is_used_up() {
    assert_eq!(turns_of(virtual_builder(), 256), 2);
    assert_eq!(turns_of(virtual_builder().budget(1), 256), 256);
    assert_eq!(turns_of(virtual_builder().budget(100), 256), 3);
    assert_eq!(turns_of(virtual_builder().budget(u32::MAX), 100_000), 1);
}

#[test]
fn a_budget_is_that_of_its_runtime_alone() {
    let mut small = virtual_builder().budget(2).debug(true).build().unwrap();
    assert_eq!(turns_of_six(&mut small), 3);
    // Another one on this thread, between two runs of the first.
    assert_eq!(turns_of(virtual_builder(), 256), 2);
    assert_eq!(turns_of_six(&mut small), 3);
}

/// How many turns six permits take.
fn turns_of_six(runtime: &mut Runtime) -> u64 {
    let before = runtime.metrics().turns;
    let work = async {
        let free = Semaphore::new(1);
        for _ in 0..6 {
            drop(free.acquire().await);
        }
    };
    runtime.block_on(work);
    runtime.metrics().turns - before
}

#[test]
fn what_cannot_be_set_is_refused() {
    let words = panic_of(|| Runtime::builder().budget(0));
    assert!(words.contains("the least is 1"), "{words}");
    let words = panic_of(|| Runtime::builder().name("a\0b"));
    assert!(words.contains("zero byte"), "{words}");
}

#[test]
fn it_counts_its_descriptors_when_it_looks_at_its_timers() {
    let mut runtime = virtual_builder().build().unwrap();
    runtime.block_on(async {
        let listener = taxi::net::TcpListener::bind("127.0.0.1:0".parse().unwrap());
        let listener = listener.unwrap();
        let caller = taxi::net::TcpStream::connect(listener.local_addr().unwrap());
        let caller = caller.await.unwrap();
        let called = listener.accept().await.unwrap();
        yield_now().await;
        assert_eq!(taxi::metrics().descriptors, 3);
        drop((caller, called));
        yield_now().await;
        assert_eq!(taxi::metrics().descriptors, 1);
    });
    runtime.block_on(async { spawn(async {}).await.unwrap() });
    assert_eq!(runtime.metrics().descriptors, 0);
}
