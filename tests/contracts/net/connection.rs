//! What every connection promises, TCP's and Unix's alike.

use std::io::{IoSlice, IoSliceMut};
use std::net::Shutdown;
use std::rc::Rc;
use std::time::Duration;

use net::{Connection, Socket};
use task_cell::spawn;
use timers::timeout;

use super::{pattern, read_to_end, real, tcp};

/// Runs a check on each kind of connection.
macro_rules! on_each {
    ($($name:ident: $check:ident;)*) => {
        $(
            #[test]
            fn $name() {
                real(|| async {
                    let (one, other) = tcp().await;
                    $check(one, other).await;
                });
                #[cfg(unix)]
                real(|| async {
                    let (one, other) = super::unix().await;
                    $check(one, other).await;
                });
            }
        )*
    };
}

on_each! {
    two_tasks_read_and_write_one_socket_at_once: both_ways;
    half_a_close_leaves_the_other_half: half_a_close;
    a_dropped_read_or_write_leaves_the_socket_usable: dropped;
    what_moves_nothing_does_not_wait: nothing;
    shutting_down_reading_is_an_end: read_shut_down;
    two_tasks_read_from_one_socket: two_readers;
    several_buffers_are_as_one: vectored;
    more_buffers_than_a_call_takes_are_no_sign_of_a_full_socket: many_buffers;
    a_read_that_fills_its_buffer_ends_where_the_stream_does: exact;
    halves_end_on_their_own: halves;
    halves_can_be_put_together: reunited;
    a_busy_socket_gives_way: busy;
}

async fn both_ways<S: Socket>(one: Connection<S>, other: Connection<S>) {
    const LENGTH: usize = 3_000_000;
    let ends = [Rc::new(one), Rc::new(other)];
    let mut tasks = Vec::new();
    for end in &ends {
        let (writer, reader) = (Rc::clone(end), Rc::clone(end));
        tasks.push(spawn(async move {
            writer.write_all(&pattern(LENGTH)).await.unwrap();
            writer.shutdown(Shutdown::Write).unwrap();
        }));
        tasks.push(spawn(async move {
            let read = read_to_end(&reader, 10_000).await.unwrap();
            assert!(read == pattern(LENGTH));
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

async fn half_a_close<S: Socket>(one: Connection<S>, other: Connection<S>) {
    one.write_all(b"question").await.unwrap();
    one.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&other, 3).await.unwrap(), b"question");
    // It stays the end.
    assert_eq!(other.read(&mut [0]).await.unwrap(), 0);
    other.write_all(b"answer").await.unwrap();
    drop(other);
    assert_eq!(read_to_end(&one, 100).await.unwrap(), b"answer");
}

async fn dropped<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let short = Duration::from_millis(1);
    for _ in 0..3 {
        assert!(timeout(short, one.read(&mut [0])).await.is_err());
        assert!(timeout(short, one.read_exact(&mut [0])).await.is_err());
    }
    let big = vec![b'x'; 1 << 16];
    let mut sent = 0;
    while let Ok(more) = timeout(short, one.write(&big)).await {
        sent += more.unwrap();
    }
    let reader = spawn(async move {
        other.write_all(b"now").await.unwrap();
        read_to_end(&other, 10_000).await.unwrap()
    });
    let mut buffer = [0; 3];
    one.read_exact(&mut buffer).await.unwrap();
    one.write_all(b"!").await.unwrap();
    drop(one);
    let heard = reader.await.unwrap();
    assert_eq!((heard.len(), heard.last()), (sent + 1, Some(&b'!')));
}

/// Nothing has come, and there is no room: whatever moves no byte is done at once all the same.
async fn nothing<S: Socket>(one: Connection<S>, _other: Connection<S>) {
    let short = Duration::from_millis(1);
    let big = vec![b'x'; 1 << 16];
    while timeout(short, one.write(&big)).await.is_ok() {}
    let at_once = async {
        assert_eq!(one.read(&mut []).await.unwrap(), 0);
        assert_eq!(one.read_vectored(&mut []).await.unwrap(), 0);
        let mut empty = [IoSliceMut::new(&mut []), IoSliceMut::new(&mut [])];
        assert_eq!(one.read_vectored(&mut empty).await.unwrap(), 0);
        one.read_exact(&mut []).await.unwrap();
        assert_eq!(one.write(&[]).await.unwrap(), 0);
        assert_eq!(one.write_vectored(&[IoSlice::new(&[])]).await.unwrap(), 0);
        one.write_all(&[]).await.unwrap();
    };
    timeout(Duration::from_secs(30), at_once).await.unwrap();
}

async fn read_shut_down<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let one = Rc::new(one);
    let reader = Rc::clone(&one);
    let waits = spawn(async move { reader.read(&mut [0]).await });
    polling::yield_now().await;
    one.shutdown(Shutdown::Read).unwrap();
    assert_eq!(waits.await.unwrap().unwrap(), 0);
    assert_eq!(one.read(&mut [0]).await.unwrap(), 0);
    // The other direction goes on.
    one.write_all(b"taxi").await.unwrap();
    assert_eq!(other.read(&mut [0; 8]).await.unwrap(), 4);
}

async fn two_readers<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let one = Rc::new(one);
    let readers = [1, 2].map(|_| {
        let one = Rc::clone(&one);
        spawn(async move {
            let mut byte = [0];
            assert_eq!(one.read(&mut byte).await.unwrap(), 1);
            byte[0]
        })
    });
    polling::yield_now().await;
    // One event for two bytes: each reader is told of it, and whoever waits longer is first.
    other.write_all(b"ab").await.unwrap();
    for (reader, byte) in readers.into_iter().zip(*b"ab") {
        assert_eq!(reader.await.unwrap(), byte);
    }
}

async fn vectored<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let pieces = [&b"a t"[..], b"", b"axi, please"].map(IoSlice::new);
    let sent = one.write_vectored(&pieces).await.unwrap();
    let (mut first, mut second) = ([0; 6], [0; 100]);
    let mut buffers = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    let got = other.read_vectored(&mut buffers).await.unwrap();
    assert_eq!((sent, got), (14, 14));
    assert_eq!([&first[..], &second[..8]].concat(), b"a taxi, please");
}

/// One call of the operating system takes 1024 of them. What it leaves does not mean that there is no room.
async fn many_buffers<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let pieces: Vec<_> = (0..3000).map(|_| IoSlice::new(b"ab")).collect();
    let mut sent = 0;
    while sent < 6000 {
        sent += one.write_vectored(&pieces[sent / 2..]).await.unwrap();
    }
    let mut bytes = [[0; 2]; 3000];
    let mut got = 0;
    while got < 6000 {
        let left = bytes[got / 2..].iter_mut().map(|it| IoSliceMut::new(it));
        let mut left: Vec<_> = left.collect();
        got += other.read_vectored(&mut left).await.unwrap();
    }
    assert!(bytes.iter().all(|it| it == b"ab"));
}

async fn exact<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let writer = spawn(async move {
        for piece in pattern(1000).chunks(7) {
            one.write_all(piece).await.unwrap();
            polling::yield_now().await;
        }
    });
    let (mut most, mut rest) = ([0; 990], [0; 11]);
    other.read_exact(&mut most).await.unwrap();
    assert!(most[..] == pattern(1000)[..990]);
    let error = other.read_exact(&mut rest).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
    assert_eq!(rest[..10], pattern(1000)[990..]);
    writer.await.unwrap();
}

async fn halves<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let (reads, writes) = one.into_split();
    let reader = spawn(async move {
        let mut word = [0; 6];
        reads.read_exact(&mut word).await.unwrap();
        (reads, word)
    });
    writes.write_all(b"question").await.unwrap();
    // The other side reads an end, and can still answer.
    drop(writes);
    assert_eq!(read_to_end(&other, 100).await.unwrap(), b"question");
    other.write_all(b"answer").await.unwrap();
    let (reads, word) = reader.await.unwrap();
    assert_eq!(&word, b"answer");
    // With the second half the socket is closed: nobody reads any more.
    drop(reads);
    while other.write(&[0; 1000]).await.is_ok() {
        polling::yield_now().await;
    }
}

async fn reunited<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let (reads, writes) = one.into_split();
    let (other_reads, other_writes) = other.into_split();
    let error = reads.reunite(other_writes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the two are not halves of one connection"
    );
    let one = error.0.reunite(writes).unwrap();
    let other = other_reads.reunite(error.1).unwrap();
    one.write_all(b"taxi").await.unwrap();
    assert_eq!(other.read(&mut [0; 8]).await.unwrap(), 4);
}

/// Bytes that are all there already: whoever reads them one by one lets the others have their turn.
async fn busy<S: Socket>(one: Connection<S>, other: Connection<S>) {
    one.write_all(&[0; 12_800]).await.unwrap();
    let reader = spawn(async move {
        for _ in 0..12_800 {
            other.read_exact(&mut [0]).await.unwrap();
        }
    });
    let mut turns = 0;
    while !reader.is_finished() {
        turns += 1;
        polling::yield_now().await;
    }
    assert!((100..110).contains(&turns), "{turns} turns");
    reader.await.unwrap();
}
