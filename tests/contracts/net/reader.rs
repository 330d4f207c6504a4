//! Reading by lines, separators and counts.

use std::collections::VecDeque;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::io::{AsyncBufReadExt, AsyncReadExt};
use futures::{AsyncRead, FutureExt};
use net::{ReadError, StreamReader};
use streams::StreamExt;
use timers::timeout;
use workbook_tests::limits::quick_or_full;

use super::{panic_of, pattern, real, tcp, virtually};

/// Gives its pieces one after the other, and is pending once before each; then the end, or an error.
struct Pieces {
    pieces: VecDeque<Vec<u8>>,
    waited: bool,
    broken: bool,
}

fn pieces(text: &[u8], length: usize) -> Pieces {
    Pieces {
        pieces: text.chunks(length).map(<[u8]>::to_vec).collect(),
        waited: false,
        broken: false,
    }
}

impl AsyncRead for Pieces {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.waited = !self.waited;
        if self.waited {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(piece) = self.pieces.pop_front() else {
            return Poll::Ready(match self.broken {
                true => Err(io::ErrorKind::ConnectionReset.into()),
                false => Ok(0),
            });
        };
        let count = piece.len().min(buffer.len());
        buffer[..count].copy_from_slice(&piece[..count]);
        if count < piece.len() {
            self.pieces.push_front(piece[count..].to_vec());
        }
        Poll::Ready(Ok(count))
    }
}

fn incomplete(error: ReadError) -> (Vec<u8>, Option<usize>) {
    match error {
        ReadError::Incomplete { partial, expected } => (partial, expected),
        other => panic!("{other}"),
    }
}

fn overrun(error: ReadError) -> usize {
    match error {
        ReadError::LimitOverrun { consumed } => consumed,
        other => panic!("{other}"),
    }
}

#[test]
fn a_separator_is_found_wherever_the_pieces_end() {
    virtually(|| async {
        let text = b"one--two-and--three-----four-";
        for length in 1..=text.len() {
            let mut reader = StreamReader::new(pieces(text, length));
            for wanted in ["one--", "two-and--", "three--", "--"] {
                let got = reader.read_until(b"--").await.unwrap();
                assert_eq!(String::from_utf8(got).unwrap(), wanted);
            }
            assert!(!reader.at_eof());
            let rest = incomplete(reader.read_until(b"--").await.unwrap_err());
            assert_eq!(rest, (b"-four-".to_vec(), None));
            assert!(reader.at_eof());
            // It stays the end.
            let rest = incomplete(reader.read_until(b"--").await.unwrap_err());
            assert_eq!(rest, (Vec::new(), None));
        }
    });
}

#[test]
fn a_line_ends_with_the_line_or_with_the_stream() {
    virtually(|| async {
        for length in 1..20 {
            let text = "one\n\r\ntwo\r\nthree\rfour";
            let mut reader = StreamReader::new(pieces(text.as_bytes(), length));
            for wanted in ["one", "", "two", "three\rfour"] {
                assert_eq!(reader.read_line().await.unwrap().as_deref(), Some(wanted));
            }
            assert_eq!(reader.read_line().await.unwrap(), None);
            assert_eq!(reader.read_line().await.unwrap(), None);
        }
    });
}

/// asyncio's limit is as many bytes before the separator.
#[test]
fn too_many_bytes_before_a_separator_are_an_error_that_loses_none() {
    virtually(|| async {
        for length in [1, 2, 5, 100] {
            for (before, fits) in [(9, true), (10, true), (11, false), (50, false)] {
                let text = [&pattern(before)[..], b"\0\0\0rest"].concat();
                let inner = pieces(&text, length);
                let mut reader = StreamReader::with_limit(inner, 10);
                // A byte of the pattern may be 0, three of them in a row are not.
                let read = reader.read_until(b"\0\0\0").await;
                if fits {
                    assert_eq!(read.unwrap(), text[..before + 3]);
                } else {
                    let consumed = overrun(read.unwrap_err());
                    assert!((11..=before).contains(&consumed), "{consumed}");
                    // The same again, and all of it is there.
                    assert!(reader.read_until(b"\0\0\0").await.is_err());
                    let skipped = reader.read_exactly(before).await.unwrap();
                    assert_eq!(skipped, text[..before]);
                    assert_eq!(reader.read_until(b"\0\0\0").await.unwrap(), b"\0\0\0");
                }
                assert_eq!(reader.read_to_end().await.unwrap(), b"rest");
            }
        }
    });
}

/// Nobody can make us keep more than about the limit by never ending a line.
#[test]
fn a_line_without_an_end_is_not_kept_for_ever() {
    virtually(|| async {
        let mut endless = StreamReader::new(futures::io::repeat(b'x'));
        let consumed = overrun(endless.read_line().await.unwrap_err());
        assert!((65_537..200_000).contains(&consumed), "{consumed}");
        let (_, kept) = endless.into_inner();
        assert!(kept.len() < 200_000);
    });
}

#[test]
fn an_exact_count_is_all_or_what_there_was() {
    virtually(|| async {
        let text = pattern(300_000);
        let mut reader = StreamReader::with_limit(pieces(&text, 1000), 10);
        assert!(reader.read_exactly(0).await.unwrap().is_empty());
        // The limit does not matter.
        assert!(reader.read_exactly(200_000).await.unwrap() == text[..200_000]);
        let short = incomplete(reader.read_exactly(100_001).await.unwrap_err());
        assert!(short == (text[200_000..].to_vec(), Some(100_001)));
        assert!(reader.at_eof());
    });
}

/// A count from a peer costs no memory before the bytes are there.
#[test]
fn an_absurd_count_is_no_harm() {
    virtually(|| async {
        let mut reader = StreamReader::new(&b"taxi"[..]);
        let short = incomplete(reader.read_exactly(usize::MAX).await.unwrap_err());
        assert_eq!(short, (b"taxi".to_vec(), Some(usize::MAX)));
    });
}

/// Given up after any number of polls, a read has lost nothing.
#[test]
fn a_read_that_is_dropped_loses_no_byte() {
    virtually(|| async {
        let text = "one\ntwo\nthree four";
        for polls in 1..30 {
            let mut reader = StreamReader::new(pieces(text.as_bytes(), 1));
            let (mut lines, mut dropped) = (Vec::new(), 0);
            loop {
                // A new budget.
                polling::yield_now().await;
                let mut line = Box::pin(reader.read_line());
                let mut read = None;
                for _ in 0..polls {
                    read = line.as_mut().now_or_never();
                    if read.is_some() {
                        break;
                    }
                }
                match read {
                    None => dropped += 1,
                    Some(Ok(Some(line))) => lines.push(line),
                    Some(end) => break assert!(end.unwrap().is_none()),
                }
            }
            assert_eq!(lines, ["one", "two", "three four"]);
            assert!(dropped > 0 || polls > 10, "{polls}");
        }
    });
}

#[test]
fn an_exact_read_that_is_dropped_loses_no_byte() {
    virtually(|| async {
        let mut reader = StreamReader::new(pieces(b"eight by", 1));
        for _ in 0..7 {
            assert!(reader.read_exactly(8).now_or_never().is_none());
        }
        assert_eq!(reader.read_exactly(8).await.unwrap(), b"eight by");
    });
}

#[test]
fn what_had_come_before_an_error_can_be_read() {
    virtually(|| async {
        let mut inner = pieces(b"one\ntwo", 100);
        inner.broken = true;
        let mut reader = StreamReader::new(inner);
        assert_eq!(reader.read_line().await.unwrap().as_deref(), Some("one"));
        let error = io::Error::from(reader.read_line().await.unwrap_err());
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        assert_eq!(reader.read_exactly(3).await.unwrap(), b"two");
    });
}

#[test]
fn a_line_that_is_no_text_stays() {
    virtually(|| async {
        let mut reader = StreamReader::new(&b"\xff\xfe\nnext\n"[..]);
        for _ in 0..2 {
            let error = io::Error::from(reader.read_line().await.unwrap_err());
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
        assert_eq!(reader.read_until(b"\n").await.unwrap(), b"\xff\xfe\n");
        assert_eq!(reader.read_line().await.unwrap().as_deref(), Some("next"));
    });
}

#[test]
fn a_stream_of_lines_ends_with_its_error() {
    virtually(|| async {
        let mut reader = StreamReader::with_limit(&b"one\ntwo\ntoo long\n"[..], 4);
        {
            let mut lines = pin!(StreamReader::lines(&mut reader));
            assert_eq!(lines.next().await.unwrap().unwrap(), "one");
            // Given up between two lines.
            assert_eq!(lines.next().await.unwrap().unwrap(), "two");
        }
        let mut lines = pin!(StreamReader::lines(&mut reader));
        assert_eq!(overrun(lines.next().await.unwrap().unwrap_err()), 8);
        assert!(lines.next().await.is_none());
    });
}

#[test]
fn it_is_a_reader_for_others_too() {
    virtually(|| async {
        for length in 1..8 {
            let mut reader = StreamReader::new(pieces(b"first\nsecond third", length));
            assert_eq!(reader.read_line().await.unwrap().as_deref(), Some("first"));
            let mut word = Vec::new();
            AsyncBufReadExt::read_until(&mut reader, b' ', &mut word)
                .await
                .unwrap();
            assert_eq!(word, b"second ");
            let mut rest = String::new();
            reader.read_to_string(&mut rest).await.unwrap();
            assert_eq!(rest, "third");
            assert_eq!(reader.read(&mut []).await.unwrap(), 0);
            assert_eq!(reader.read(&mut [0]).await.unwrap(), 0);
        }
    });
}

/// Lines that are all in the buffer cost their turn, too.
#[test]
fn many_small_lines_let_a_timer_fire() {
    real(|| async {
        let lines = async {
            let endless = futures::io::repeat(b'\n');
            let mut reader = StreamReader::new(endless);
            while reader.read_line().await.unwrap().is_some() {}
        };
        assert!(timeout(Duration::from_millis(5), lines).await.is_err());
    });
}

#[test]
fn a_separator_of_nothing_is_misuse() {
    let message = panic_of(|| {
        drop(StreamReader::new(&b""[..]).read_until(b""));
    });
    assert!(message.contains("one byte at least"), "{message}");
}

/// Whatever the pieces and whatever is asked: the same as a reader that has all of it at once.
#[test]
fn random_reads_give_what_was_sent() {
    let rounds = quick_or_full(300, 5000);
    virtually(move || async move {
        for seed in 0..rounds {
            let mut random = fastrand::Rng::with_seed(seed);
            let length = random.usize(0..3000);
            let text: Vec<u8> = (0..length).map(|_| random.u8(b'\n'..b' ')).collect();
            let inner = pieces(&text, random.usize(1..400));
            let mut reader = StreamReader::with_limit(inner, random.usize(1..100));
            let mut read = Vec::new();
            while !reader.at_eof() {
                let got = match random.u8(0..4) {
                    0 => reader.read_until(b"\n").await,
                    1 => reader.read_until(&[11, 12]).await,
                    2 => reader.read_exactly(random.usize(0..300)).await,
                    _ => {
                        let mut buffer = vec![0; random.usize(0..200)];
                        let count = reader.read(&mut buffer).await.unwrap();
                        buffer.truncate(count);
                        Ok(buffer)
                    }
                };
                read.extend(match got {
                    Err(ReadError::LimitOverrun { consumed }) => {
                        reader.read_exactly(consumed).await.unwrap()
                    }
                    got => got.unwrap_or_else(|error| incomplete(error).0),
                });
            }
            assert!(read == text, "seed {seed}");
        }
    });
}

#[test]
fn a_connection_is_read_by_lines() {
    real(|| async {
        let (one, other) = tcp().await;
        let mut reader = StreamReader::new(other);
        one.write_all(b"hel").await.unwrap();
        let short = timeout(Duration::from_millis(1), reader.read_line()).await;
        assert!(short.is_err());
        one.write_all(b"lo\nbye").await.unwrap();
        assert_eq!(reader.read_line().await.unwrap().as_deref(), Some("hello"));
        let (stream, left) = reader.into_inner();
        assert!(left.is_empty() || left == b"bye");
        drop(stream);
    });
}
