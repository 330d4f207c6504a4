//! Any descriptor.

use std::io::{self, Read, Write};
use std::thread;
use std::time::Duration;

use event_loop::Time;
use net::{AsyncFd, Readiness};
use task_cell::spawn;
use timers::{now, sleep, timeout};

use super::{HOUR, real, virtually};

#[test]
fn a_pipe_is_readable_until_it_is_read() {
    real(|| async {
        let (reads, mut writes) = io::pipe().unwrap();
        let fd = AsyncFd::new(reads).unwrap();
        let short = Duration::from_millis(1);
        assert!(timeout(short, fd.readable()).await.is_err());
        let thread = thread::spawn(move || {
            writes.write_all(b"taxi").unwrap();
            writes
        });
        for read in [1, 3] {
            // It stays so, and nothing was read.
            fd.readable().await.unwrap();
            fd.readable().await.unwrap();
            fd.get_ref().read_exact(&mut [0; 4][..read]).unwrap();
        }
        // All was read, and nobody was told of a block.
        assert!(timeout(short, fd.readable()).await.is_err());
        drop(thread.join().unwrap());
        fd.readable().await.unwrap();
        assert_eq!(fd.get_ref().read(&mut [0]).unwrap(), 0);
    });
}

#[test]
fn a_full_pipe_is_writable_when_it_was_read() {
    real(|| async {
        let (mut reads, writes) = io::pipe().unwrap();
        socket2::SockRef::from(&writes)
            .set_nonblocking(true)
            .unwrap();
        let fd = AsyncFd::new(writes).unwrap();
        fd.writable().await.unwrap();
        let mut sent = 0;
        let write = |mut it: &io::PipeWriter| it.write(&[0; 1000]);
        let short = Duration::from_millis(1);
        while let Ok(more) = timeout(short, fd.run(Readiness::Write, write)).await {
            sent += more.unwrap();
        }
        assert!(timeout(short, fd.writable()).await.is_err());
        let reader = thread::spawn(move || {
            let mut all = vec![0; sent];
            reads.read_exact(&mut all).unwrap();
            reads
        });
        fd.run(Readiness::Write, write).await.unwrap();
        let _reads = reader.join().unwrap();
        let mut writes = fd.into_inner();
        writes.write_all(b"it is as it was").unwrap();
    });
}

#[test]
fn what_is_always_ready_cannot_be_waited_for() {
    real(|| async {
        let file = tempfile::tempfile().unwrap();
        assert!(AsyncFd::new(file).is_err());
    });
}

#[test]
fn virtual_time_waits_for_a_descriptor_outside_and_for_no_other() {
    virtually(|| async {
        let (reads, mut writes) = io::pipe().unwrap();
        let fd = AsyncFd::new(reads).unwrap();
        let thread = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            writes.write_all(b"!").unwrap();
        });
        timeout(HOUR, fd.readable()).await.unwrap().unwrap();
        assert_eq!(now(), Time::ZERO);
        thread.join().unwrap();

        let (reads, mut writes) = io::pipe().unwrap();
        let fd = AsyncFd::internal(reads).unwrap();
        let writer = spawn(async move {
            sleep(Duration::from_secs(60)).await;
            writes.write_all(b"!").unwrap();
            writes
        });
        let early = timeout(Duration::from_secs(30), fd.readable());
        assert!(early.await.is_err());
        fd.readable().await.unwrap();
        assert_eq!(now(), Time::from_secs(60));
        writer.await.unwrap();
    });
}
