//! Files, and what else blocks at each call.

use std::fs::OpenOptions;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::Poll;

use futures::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use streams::StreamExt;
use threads::Unblock;
use threads::fs::{self, File};
use workbook_tests::harness::watchdog;
use workbook_tests::limits::quick_or_full;

use crate::common::{run, run_real};

/// A byte for each place of a file.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|place| (place % 251) as u8).collect()
}

#[test]
fn what_is_written_is_read_again() {
    let _watchdog = watchdog();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    run_real(async {
        // More than one call takes.
        let all = bytes(3 << 20);
        let mut file = File::create(&path).await.unwrap();
        file.write_all(&all).await.unwrap();
        file.close().await.unwrap();
        assert!(fs::read(&path).await.unwrap() == all);
        let mut read = Vec::new();
        let mut file = File::open(&path).await.unwrap();
        file.read_to_end(&mut read).await.unwrap();
        assert!(read == all);
        fs::write(&path, "a taxi").await.unwrap();
        assert_eq!(fs::read_to_string(&path).await.unwrap(), "a taxi");
        let renamed = folder.path().join("renamed");
        fs::rename(&path, &renamed).await.unwrap();
        assert_eq!(fs::metadata(&renamed).await.unwrap().len(), 6);
        fs::remove_file(&renamed).await.unwrap();
        assert_eq!(
            fs::read(&path).await.unwrap_err().kind(),
            ErrorKind::NotFound
        );
    });
}

/// Whatever is read, written and sought, in any order: as in a file that does not read ahead.
#[test]
fn any_calls_in_any_order_do_what_std_does() {
    let _watchdog = watchdog();
    for seed in 0..quick_or_full(20, 400) {
        let mut random = fastrand::Rng::with_seed(seed);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes(20_000)).unwrap();
        let mut model = Cursor::new(bytes(20_000));
        run(async {
            let mut options = OpenOptions::new();
            let opened = File::open_with(options.read(true).write(true), &path).await;
            let mut file = opened.unwrap();
            for _ in 0..60 {
                let length = random.usize(..12_000);
                match random.u8(..8) {
                    0 | 1 => {
                        let (mut ours, mut models) = (vec![0; length], vec![0; length]);
                        let read = file.read(&mut ours).await.unwrap();
                        model.read_exact(&mut models[..read]).unwrap();
                        assert!(ours[..read] == models[..read], "seed {seed}");
                        assert!(
                            read > 0
                                || length == 0
                                || model.position() >= model.get_ref().len() as u64
                        );
                    }
                    2 => {
                        let new = vec![random.u8(..); length];
                        file.write_all(&new).await.unwrap();
                        model.write_all(&new).unwrap();
                    }
                    3 => {
                        let to = SeekFrom::Start(random.u64(..25_000));
                        let ours = file.seek(to).await.unwrap();
                        assert_eq!(ours, model.seek(to).unwrap(), "seed {seed}");
                    }
                    4 => {
                        let by = random.i64(-(model.position() as i64)..5_000);
                        let to = SeekFrom::Current(by);
                        let ours = file.seek(to).await.unwrap();
                        assert_eq!(ours, model.seek(to).unwrap(), "seed {seed}");
                    }
                    5 => {
                        // Dropped, a read has done nothing, and a seek something or nothing: whatever comes next
                        // must not take what came of it for its own.
                        let mut unread = vec![0; length];
                        // What was read ahead is there at once.
                        if let Poll::Ready(read) = futures::poll!(file.read(&mut unread))
                        {
                            model.read_exact(&mut unread[..read.unwrap()]).unwrap();
                        }
                    }
                    6 => {
                        drop_a_seek(&mut file, &mut random, model.position()).await;
                        model.write_all(b"between").unwrap();
                        model.seek_relative(-7).unwrap();
                    }
                    _ => {
                        let position = file.with(|file| file.stream_position()).await;
                        assert_eq!(position.unwrap(), model.position(), "seed {seed}");
                    }
                }
            }
            file.flush().await.unwrap();
        });
        assert!(
            std::fs::read(&path).unwrap() == model.into_inner(),
            "seed {seed}"
        );
    }
}

/// From `position` and back there, with seeks that are dropped, and seven bytes written.
async fn drop_a_seek(file: &mut File, random: &mut fastrand::Rng, position: u64) {
    let _dropped = futures::poll!(file.seek(SeekFrom::Start(random.u64(..25_000))));
    let there = SeekFrom::Start(position);
    file.seek(there).await.unwrap();
    let _dropped = futures::poll!(file.seek(there));
    file.write_all(b"between").await.unwrap();
    file.seek(there).await.unwrap();
}

/// Reads and writes what it is told, when it is told.
struct Slow {
    reads: Receiver<io::Result<Vec<u8>>>,
    writes: Sender<Vec<u8>>,
    goes_on: Receiver<io::Result<()>>,
}

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Ok(bytes) = self.reads.recv() else {
            return Ok(0);
        };
        let bytes = bytes?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.goes_on.recv().unwrap_or(Ok(()))?;
        self.writes.send(bytes.to_vec()).unwrap();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Told {
    reads: Sender<io::Result<Vec<u8>>>,
    writes: Receiver<Vec<u8>>,
    goes_on: Sender<io::Result<()>>,
}

fn slow() -> (Slow, Told) {
    let (reads, read) = channel();
    let (write, writes) = channel();
    let (goes_on, wait) = channel();
    let slow = Slow {
        reads: read,
        writes: write,
        goes_on: wait,
    };
    let told = Told {
        reads,
        writes,
        goes_on,
    };
    (slow, told)
}

#[test]
fn a_read_that_is_dropped_loses_nothing() {
    let _watchdog = watchdog();
    run_real(async {
        let (slow, told) = slow();
        let mut stream = Unblock::new(slow);
        let mut buffer = [0; 80];
        {
            let mut read = std::pin::pin!(stream.read(&mut buffer));
            assert!(matches!(futures::poll!(read.as_mut()), Poll::Pending));
        }
        told.reads.send(Ok(b"a taxi, please".to_vec())).unwrap();
        let mut two = [0; 2];
        stream.read_exact(&mut two).await.unwrap();
        assert_eq!(&two, b"a ");
        let length = stream.read(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..length], b"taxi, please");
        // An error is told once, and the end as often as it comes.
        told.reads.send(Err(ErrorKind::TimedOut.into())).unwrap();
        told.reads.send(Err(ErrorKind::Interrupted.into())).unwrap();
        let error = stream.read(&mut buffer).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        drop(told.reads);
        assert_eq!(stream.read(&mut buffer).await.unwrap(), 0);
        assert_eq!(stream.read(&mut buffer).await.unwrap(), 0);
    });
}

/// A write has taken all its bytes or none, and what is taken is written once, in that order.
#[test]
fn a_write_that_is_dropped_was_taken_whole_or_not_at_all() {
    let _watchdog = watchdog();
    run_real(async {
        let (slow, told) = slow();
        let mut stream = Unblock::new(slow);
        assert_eq!(stream.write(b"one").await.unwrap(), 3);
        {
            // The thread still writes the first.
            let mut second = std::pin::pin!(stream.write(b"two"));
            assert!(matches!(futures::poll!(second.as_mut()), Poll::Pending));
        }
        told.goes_on.send(Ok(())).unwrap();
        stream.write_all(b"three").await.unwrap();
        // Taken, and not written. Then all is dropped, and it is written all the same.
        drop(stream);
        told.goes_on.send(Ok(())).unwrap();
        assert_eq!(told.writes.recv().unwrap(), b"one");
        assert_eq!(told.writes.recv().unwrap(), b"three");
        assert!(told.writes.recv().is_err());
    });
}

#[test]
fn the_error_of_a_write_comes_with_the_next_call() {
    let _watchdog = watchdog();
    run_real(async {
        let full = || Err(ErrorKind::StorageFull.into());
        let (slow, told) = slow();
        let mut stream = Unblock::new(slow);
        let failed = |result: io::Result<()>| {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::StorageFull);
        };
        stream.write_all(b"one").await.unwrap();
        told.goes_on.send(full()).unwrap();
        // What is lost stays lost, so it is said each time.
        failed(stream.flush().await);
        failed(stream.flush().await);
        stream.write_all(b"two").await.unwrap();
        told.goes_on.send(full()).unwrap();
        failed(stream.write_all(b"three").await);
        failed(stream.flush().await);
        // Whoever has heard of it may do something else, and a write that goes well makes it good.
        stream.with(|_| Ok(())).await.unwrap();
        stream.write_all(b"four").await.unwrap();
        told.goes_on.send(Ok(())).unwrap();
        stream.flush().await.unwrap();
        assert_eq!(told.writes.recv().unwrap(), b"four");
        stream.write_all(b"five").await.unwrap();
        told.goes_on.send(full()).unwrap();
        failed(stream.with(|_| Ok(())).await);
        failed(stream.close().await);
        stream.close().await.unwrap();
        assert!(stream.write_all(b"six").await.is_err());
        assert!(told.writes.try_recv().is_err());
    });
}

#[test]
fn what_panics_on_the_thread_is_an_error_and_the_end_of_it() {
    let _watchdog = watchdog();
    struct Panics;
    impl Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("no fuel")
        }
    }
    run_real(async {
        let mut stream = Unblock::new(Panics);
        let error = stream.read(&mut [0]).await.unwrap_err();
        assert!(error.to_string().contains("no fuel"), "{error}");
        let error = stream.read(&mut [0]).await.unwrap_err();
        assert!(error.to_string().contains("closed"), "{error}");
        assert_eq!(threads::spawn_blocking(|| 7).await.unwrap(), 7);
    });
}

#[test]
fn a_directory_is_a_stream() {
    let _watchdog = watchdog();
    let folder = tempfile::tempdir().unwrap();
    for number in 0..200 {
        std::fs::write(folder.path().join(format!("{number:03}")), "").unwrap();
    }
    run_real(async {
        let mut entries = fs::read_dir(folder.path());
        let mut names = Vec::new();
        while let Some(entry) = entries.next().await {
            names.push(entry.unwrap().file_name().into_string().unwrap());
        }
        names.sort();
        assert!(
            names
                .into_iter()
                .eq((0..200).map(|number| format!("{number:03}")))
        );
        let mut none = fs::read_dir(folder.path().join("none"));
        assert!(none.next().await.unwrap().is_err());
        assert!(none.next().await.is_none());
    });
}

/// A file belongs to no loop: it takes the threads of the one that it is used on.
#[test]
fn a_file_goes_from_loop_to_loop() {
    let _watchdog = watchdog();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let mut file = run_real(async {
        let mut file = File::create(&path).await.unwrap();
        file.write_all(b"one ").await.unwrap();
        file
    });
    run(async {
        file.write_all(b"two").await.unwrap();
        file.close().await.unwrap();
    });
    assert_eq!(std::fs::read(&path).unwrap(), b"one two");
}

#[test]
fn without_a_loop_it_is_an_error_and_nothing_is_lost() {
    let _watchdog = watchdog();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path);
    let mut file = File::from_std(file.unwrap());
    task_cell::run(event_loop::Clock::virtual_time(), async {
        let error = file.write_all(b"one").await.unwrap_err();
        assert!(error.to_string().contains("threads::run"), "{error}");
    });
    run(async {
        file.write_all(b"two").await.unwrap();
        file.flush().await.unwrap();
    });
    assert_eq!(std::fs::read(&path).unwrap(), b"two");
}

/// Data from the page cache is always ready: whoever reads it must still let the others have their turn.
#[test]
fn reading_what_is_there_gives_way() {
    let _watchdog = watchdog();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes(8_000)).unwrap();
    run_real(async {
        let mut file = File::open(&path).await.unwrap();
        file.read_exact(&mut [0]).await.unwrap();
        let other = task_cell::spawn(async {});
        for _ in 0..1_000 {
            file.read_exact(&mut [0]).await.unwrap();
        }
        assert!(other.is_finished());
    });
}
