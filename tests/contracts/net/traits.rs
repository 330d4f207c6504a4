//! The traits of `futures-io`, by which others use our sockets.

use std::net::Shutdown;
use std::rc::Rc;
use std::time::Duration;

use futures::io::{AsyncReadExt, AsyncWriteExt, copy};
use futures::join;
use net::{Connection, Socket, TcpStream};
use task_cell::spawn;
use timers::timeout;

use super::{pattern, real, tcp};

const LENGTH: usize = 3_000_000;

/// Sends much one way, and gets it back.
async fn echoed<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let echo = spawn(async move {
        let (mut reads, mut writes) = other.into_split();
        assert_eq!(copy(&mut reads, &mut writes).await.unwrap(), LENGTH as u64);
        writes.close().await.unwrap();
    });
    let (mut reads, mut writes) = one.split();
    let sent = pattern(LENGTH);
    let send = async {
        futures::AsyncWriteExt::write_all(&mut writes, &sent)
            .await
            .unwrap();
        writes.flush().await.unwrap();
        writes.close().await.unwrap();
    };
    let mut heard = Vec::new();
    let ((), read) = join!(send, reads.read_to_end(&mut heard));
    assert_eq!(read.unwrap(), LENGTH);
    assert!(heard == sent);
    echo.await.unwrap();
}

#[test]
fn halves_carry_bytes_both_ways() {
    real(|| async {
        let (one, other) = tcp().await;
        echoed(one, other).await;
        #[cfg(unix)]
        {
            let (one, other) = super::unix().await;
            echoed(one, other).await;
        }
    });
}

/// By the trait, whatever the inherent methods are.
async fn read_by<R: futures::AsyncRead + Unpin>(
    mut reader: R,
    buffer: &mut [u8],
) -> usize {
    AsyncReadExt::read(&mut reader, buffer).await.unwrap()
}

/// Through references many may wait at once, though the trait leaves nothing but a waker: nobody is forgotten, and
/// nobody wakes the others for nothing.
#[test]
fn several_tasks_wait_through_references() {
    for count in [2, 4, 5, 9] {
        real(move || async move {
            let (one, other) = tcp().await;
            let other = Rc::new(other);
            let readers: Vec<_> = (0..count)
                .map(|_| {
                    let other = Rc::clone(&other);
                    spawn(async move {
                        let mut byte = [0];
                        assert_eq!(read_by(&*other, &mut byte).await, 1);
                        byte[0]
                    })
                })
                .collect();
            polling::yield_now().await;
            if count <= 4 {
                // The loop can sleep: no two of them wake each other again and again.
                timers::sleep(Duration::from_millis(1)).await;
            }
            one.write_all(&[7; 9][..count]).await.unwrap();
            for reader in readers {
                assert_eq!(reader.await.unwrap(), 7);
            }
        });
    }
}

/// A read that is dropped leaves its waker. That does no harm to those that come after it, however many.
#[test]
fn reads_that_are_dropped_harm_nobody() {
    real(|| async {
        let (one, mut other) = tcp().await;
        let (short, mut byte) = (Duration::from_micros(100), [0]);
        for _ in 0..50 {
            assert!(
                timeout(short, read_by(&mut other, &mut byte))
                    .await
                    .is_err()
            );
        }
        let reader =
            spawn(async move { (read_by(&mut other, &mut [0; 8]).await, other) });
        polling::yield_now().await;
        one.write_all(b"taxi").await.unwrap();
        let (got, other) = reader.await.unwrap();
        assert_eq!(got, 4);
        // Both ways of reading at once.
        let other = Rc::new(other);
        let (by_trait, by_name) = (Rc::clone(&other), Rc::clone(&other));
        let tasks = [
            spawn(async move { read_by(&*by_trait, &mut [0]).await }),
            spawn(async move { by_name.read(&mut [0]).await.unwrap() }),
        ];
        polling::yield_now().await;
        one.write_all(b"ab").await.unwrap();
        for task in tasks {
            assert_eq!(task.await.unwrap(), 1);
        }
    });
}

#[test]
fn nothing_is_moved_at_once_and_closing_is_half_a_close() {
    real(|| async {
        let (mut one, other) = tcp().await;
        assert_eq!(read_by(&mut one, &mut []).await, 0);
        assert_eq!(
            futures::AsyncWriteExt::write(&mut one, &[]).await.unwrap(),
            0
        );
        futures::AsyncWriteExt::close(&mut one).await.unwrap();
        futures::AsyncWriteExt::close(&mut one).await.unwrap();
        assert_eq!(other.read(&mut [0]).await.unwrap(), 0);
        other.write_all(b"taxi").await.unwrap();
        assert_eq!(read_by(&mut one, &mut [0; 8]).await, 4);
        one.shutdown(Shutdown::Read).unwrap();
        assert_eq!(read_by(&one, &mut [0; 8]).await, 0);
    });
}

/// Whoever polls by hand, as hyper does, has the same budget.
#[test]
fn a_busy_socket_gives_way() {
    real(|| async {
        let (one, other) = tcp().await;
        one.write_all(&[0; 12_800]).await.unwrap();
        let reader = spawn(read_all(other));
        let mut turns = 0;
        while !reader.is_finished() {
            turns += 1;
            polling::yield_now().await;
        }
        assert!((100..110).contains(&turns), "{turns} turns");
    });
}

async fn read_all(mut stream: TcpStream) {
    for _ in 0..12_800 {
        assert_eq!(read_by(&mut stream, &mut [0]).await, 1);
    }
}
