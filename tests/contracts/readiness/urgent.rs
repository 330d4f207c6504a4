//! Urgent data (`MSG_OOB`): it ends a read early, and must lose no byte of the others.

use std::io::Write;
use std::net::Shutdown;
use std::thread;

use socket2::SockRef;
use tasks::spawn;

use super::{read_to_end, real, with_outside};

fn send_urgent(outside: &std::net::TcpStream) {
    SockRef::from(outside).send_out_of_band(b"!").unwrap();
}

/// A read stops before the urgent byte, though the socket has more: a short read that has not emptied it.
#[test]
fn what_follows_urgent_data_is_delivered() {
    real(|| async {
        for waits in [false, true] {
            let (stream, mut outside) = with_outside().await;
            let send = move || {
                outside.write_all(b"abc").unwrap();
                send_urgent(&outside);
                outside.write_all(b"def").unwrap();
                outside
            };
            let (sent, outside) = match waits {
                // All of it is there before the first try.
                false => (None, Some(send())),
                true => (Some(send), None),
            };
            let reader = spawn(async move {
                let (mut read, mut buffer) = (Vec::<u8>::new(), [0; 100]);
                while read.len() < 6 {
                    let length = stream.read(&mut buffer).await.unwrap();
                    assert!(length > 0, "the end after {read:?}");
                    read.extend(&buffer[..length]);
                }
                assert_eq!(read, b"abcdef");
            });
            polling::yield_now().await;
            let outside = sent.map_or(outside, |send| Some(send()));
            reader.await;
            drop(outside);
        }
    });
}

/// Whichever urgent bytes come in the stream: one that is overtaken by the next does.
#[test]
fn no_byte_is_lost_around_many_urgent_ones() {
    const PIECES: u8 = 200;
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        let pieces = || (0..PIECES).map(|number| [number % 32; 50]);
        let sender = thread::spawn(move || {
            for (number, piece) in pieces().enumerate() {
                outside.write_all(&piece).unwrap();
                if number % 3 == 0 {
                    send_urgent(&outside);
                }
                if number % 20 == 0 {
                    thread::yield_now();
                }
            }
            outside.shutdown(Shutdown::Write).unwrap();
            outside
        });
        let mut read = read_to_end(&stream, 700).await.unwrap();
        read.retain(|byte| *byte != b'!');
        assert!(read == pieces().flatten().collect::<Vec<u8>>());
        drop(sender.join().unwrap());
    });
}
