//! What may befall any other descriptor: `AsyncFd`.

use std::cell::RefCell;
use std::io::{ErrorKind, Read, Write, pipe};
use std::os::fd::AsFd;
use std::rc::Rc;

use net::{AsyncFd, Readiness};
use task_cell::spawn;

use super::*;

/// What may read or write and never blocks.
fn unblocking<T: AsFd>(it: T) -> T {
    rustix::io::ioctl_fionbio(&it, true).unwrap();
    it
}

/// The end of a pipe is an event, though nothing can be read.
#[test]
fn whoever_reads_a_pipe_hears_of_its_end() {
    real(|| async {
        let (reader, mut writer) = pipe().unwrap();
        let reader = AsyncFd::new(unblocking(reader)).unwrap();
        let heard = Rc::new(RefCell::new(Vec::<u8>::new()));
        let all = Rc::clone(&heard);
        let reads = spawn(async move {
            let mut buffer = [0; 4];
            loop {
                let read = reader.run(Readiness::Read, |mut it| it.read(&mut buffer));
                match read.await.unwrap() {
                    0 => return,
                    length => all.borrow_mut().extend(&buffer[..length]),
                }
            }
        });
        polling::yield_now().await;
        writer.write_all(b"a taxi").unwrap();
        // In the same turn it finds that there is no more, and waits again.
        until(|| *heard.borrow() == b"a taxi").await;
        assert!(!reads.is_finished());
        drop(writer);
        reads.await.unwrap();
    });
}

/// As is the end of whoever reads, for whoever waits to write.
#[test]
fn whoever_writes_a_pipe_hears_that_nobody_reads() {
    real(|| async {
        let (reader, writer) = pipe().unwrap();
        let writer = AsyncFd::new(unblocking(writer)).unwrap();
        let writes = spawn(async move {
            loop {
                let write = writer.run(Readiness::Write, |mut it| it.write(&[0; 4096]));
                if let Err(error) = write.await {
                    return error.kind();
                }
            }
        });
        for _ in 0..100 {
            polling::yield_now().await;
        }
        assert!(!writes.is_finished(), "it is full");
        drop(reader);
        assert_eq!(writes.await.unwrap(), ErrorKind::BrokenPipe);
    });
}

/// epoll refuses an ordinary file. That is said, and nothing is left behind.
#[test]
#[cfg(target_os = "linux")]
fn an_ordinary_file_is_refused_in_words() {
    real(|| async {
        let file = tempfile::tempfile().unwrap();
        let error = AsyncFd::new(file).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        let words = error.to_string();
        assert!(words.contains("file"), "{words}");
        // The loop is as good as before.
        let (one, other) = pair().await;
        one.write_all(b"!").await.unwrap();
        assert_eq!(other.read(&mut [0; 8]).await.unwrap(), 1);
    });
}

/// A descriptor can be watched once. The second time is an error, and the first goes on; as may somebody with a copy.
#[test]
#[cfg(target_os = "linux")]
fn the_same_descriptor_twice_is_an_error_and_the_first_goes_on() {
    real(|| async {
        let (reader, mut writer) = pipe().unwrap();
        let reader = Rc::new(unblocking(reader));
        let first = AsyncFd::new(Rc::clone(&reader)).unwrap();
        let error = AsyncFd::new(Rc::clone(&reader)).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        let copy = AsyncFd::new(Rc::new(reader.try_clone().unwrap())).unwrap();
        writer.write_all(b"ab").unwrap();
        for fd in [&first, &copy] {
            let mut byte = [0];
            let read = fd.run(Readiness::Read, |it| it.as_ref().read(&mut byte));
            assert_eq!(read.await.unwrap(), 1);
        }
        drop(first);
        // And when the first is gone, it can be watched anew.
        let again = AsyncFd::new(reader).unwrap();
        writer.write_all(b"c").unwrap();
        again.readable().await.unwrap();
    });
}
