//! A loop in a thread of its own.

use std::sync::mpsc::channel;
use std::time::Duration;

use task_cell::{JoinError, catch_cancel, spawn};
use threads::{HandleExt, LoopThread};
use timers::sleep;
use workbook_tests::blame::panic_of;
use workbook_tests::harness::watchdog;

use crate::common::{run_real, wait_until};

#[test]
fn it_has_timers_sockets_and_threads() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let heard = service.run(|| async {
        sleep(Duration::from_millis(1)).await;
        let listener = net::TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let name = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
        let caller = threads::connect(&name).await.unwrap();
        let (called, _) = listener.accept().await.unwrap();
        threads::spawn_blocking(|| ()).await.unwrap();
        drop(called);
        let mut byte = [0];
        caller.read(&mut byte).await.unwrap()
    });
    assert_eq!(heard.unwrap(), 0);
}

#[test]
fn stopped_it_cancels_its_tasks_and_lets_them_clean_up() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let (say, heard) = channel();
    service
        .run(|| async move {
            drop(spawn(async move {
                let _caught = catch_cancel(std::future::pending::<()>()).await;
                sleep(Duration::from_millis(1)).await;
                say.send("cleaned up").unwrap();
            }));
            polling::yield_now().await;
        })
        .unwrap();
    let handle = service.handle();
    service.stop();
    service.join().unwrap();
    assert_eq!(heard.try_recv(), Ok("cleaned up"));
    let late = handle.spawn(|| async { 1 });
    assert!(matches!(late.wait(), Err(JoinError::Cancelled)));
}

#[test]
fn dropping_it_stops_it_and_waits_for_its_end() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let (alive, gone) = channel::<()>();
    let task = service.handle().spawn(|| async move {
        let _alive = alive;
        std::future::pending::<()>().await;
    });
    drop(service);
    assert!(gone.try_recv().is_err());
    assert!(matches!(task.wait(), Err(JoinError::Cancelled)));
    assert_eq!(
        gone.try_recv(),
        Err(std::sync::mpsc::TryRecvError::Disconnected)
    );
}

/// Its own thread cannot wait for its end.
#[test]
fn dropped_by_its_own_task_it_only_stops() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let handle = service.handle();
    let task = handle.spawn(move || async move { drop(service) });
    task.wait().unwrap();
    wait_until(|| handle.call_soon(|| {}).is_err());
}

#[test]
fn its_own_task_may_stop_it() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    drop(service.handle().spawn(|| async { task_cell::stop() }));
    service.join().unwrap();
}

#[test]
fn work_that_panics_does_not_end_it() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    for _ in 0..3 {
        let end = service.run(|| async { panic!("no fuel") });
        assert!(matches!(end, Err::<(), _>(JoinError::Panicked(_))));
    }
    assert_eq!(service.run(|| async { 7 }).unwrap(), 7);
}

#[test]
fn another_loop_awaits_what_it_does() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    run_real(async {
        let task = service.handle().spawn(|| async {
            let name = threads::spawn_blocking(crate::common::here).await;
            name.unwrap()
        });
        assert_eq!(task.await.unwrap(), "blocking-1");
    });
    let waits = || run_real(async { drop(service.run(|| async {})) });
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(waits));
    assert!(refused.is_err(), "it would have stopped the other loop");
}

#[test]
fn many_come_and_go() {
    let _watchdog = watchdog();
    for number in 0..workbook_tests::limits::quick_or_full(50, 500) {
        let service = LoopThread::start("service").unwrap();
        assert_eq!(service.run(move || async move { number }).unwrap(), number);
    }
}

#[test]
fn stopped_again_it_lets_its_tasks_clean_up_all_the_same() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let (say, heard) = channel();
    let (go_on, told) = channel::<()>();
    let begun = say.clone();
    drop(service.handle().spawn(move || async move {
        begun.send("begun").unwrap();
        let _asked = catch_cancel(std::future::pending::<()>()).await;
        say.send("asked").unwrap();
        let _stopped = threads::spawn_blocking(move || told.recv().is_ok()).await;
        polling::yield_now().await;
        say.send("cleaned up").unwrap();
    }));
    assert_eq!(heard.recv(), Ok("begun"));
    service.stop();
    assert_eq!(heard.recv(), Ok("asked"));
    service.stop();
    go_on.send(()).unwrap();
    service.join().unwrap();
    assert_eq!(heard.recv(), Ok("cleaned up"));
}

#[test]
fn to_wait_for_its_own_end_is_refused() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let handle = service.handle();
    let task = handle.spawn(move || async move {
        assert!(service.is_here());
        panic_of(|| service.join())
    });
    let words = task.wait().unwrap();
    assert!(
        words.starts_with("neither a loop nor a job of its pool can wait"),
        "{words}"
    );
}

/// The loop waits for the job at its end, and would wait for it for ten seconds.
#[test]
fn to_wait_for_it_in_a_job_of_its_pool_is_refused() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let pool = service.run(|| async { threads::pool() }).unwrap();
    let job = pool.run(move || {
        assert!(service.is_here());
        panic_of(|| service.join())
    });
    let words = job.wait().unwrap();
    assert!(
        words.starts_with("neither a loop nor a job of its pool can wait"),
        "{words}"
    );
}

#[test]
fn dropped_by_a_job_of_its_pool_it_is_only_stopped() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let (say, heard) = channel();
    let (go_on, told) = channel::<()>();
    let cleans_up = service.handle().spawn(move || async move {
        say.send(threads::pool()).unwrap();
        let _asked = catch_cancel(std::future::pending::<()>()).await;
        threads::spawn_blocking(move || told.recv().is_ok())
            .await
            .unwrap()
    });
    let pool = heard.recv().unwrap();
    let job = pool.run(move || {
        drop(service);
        // The loop is not over before it has heard this.
        go_on.send(()).unwrap();
    });
    job.wait().unwrap();
    assert!(cleans_up.wait().unwrap());
}

#[test]
fn its_panic_is_what_join_says() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let (say, begun) = channel();
    drop(service.handle().spawn(move || async move {
        say.send(()).unwrap();
        let _asked = catch_cancel(std::future::pending::<()>()).await;
        // Not from outside: it stops the clean-up itself.
        task_cell::stop();
        std::future::pending::<()>().await;
    }));
    begun.recv().unwrap();
    service.stop();
    let Err(JoinError::Panicked(panic)) = service.join() else {
        panic!("it ended well");
    };
    let words = panic.message().unwrap();
    assert!(words.starts_with("stop() was called"), "{words}");
}
