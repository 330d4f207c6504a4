//! Chapter 12, by me.

use std::io;
use std::rc::Rc;

use crate::readiness::TcpStream;

/// Where bytes come from.
pub trait Read {
    /// Waits for some bytes; how many. 0 is the end.
    fn read(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>>;
}

impl Read for TcpStream {
    fn read(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        TcpStream::read(self, buffer)
    }
}

impl<R: Read> Read for Rc<R> {
    fn read(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        R::read(self, buffer)
    }
}

/// Lines out of pieces.
pub struct Reader<R> {
    stream: R,
    /// How long a line may be, with its line feed.
    limit: usize,
    /// What was read and not taken.
    buffer: Vec<u8>,
}

impl<R: Read> Reader<R> {
    pub fn new(stream: R) -> Reader<R> {
        Reader::with_limit(stream, 65_536)
    }

    pub fn with_limit(stream: R, limit: usize) -> Reader<R> {
        Reader {
            stream,
            limit,
            buffer: Vec::new(),
        }
    }

    fn take(&mut self, length: usize) -> String {
        let line: Vec<u8> = self.buffer.drain(..length).collect();
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Reads once; false at the end.
    async fn fill(&mut self) -> io::Result<bool> {
        let mut piece = [0; 1024];
        let length = self.stream.read(&mut piece).await?;
        self.buffer.extend(&piece[..length]);
        Ok(length > 0)
    }

    pub async fn line(&mut self) -> io::Result<String> {
        loop {
            let feed = self.buffer.iter().position(|it| *it == b'\n');
            // Without one, it has a byte more at least.
            let length = feed.map_or(self.buffer.len() + 1, |it| it + 1);
            if length > self.limit {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if feed.is_some() {
                return Ok(self.take(length));
            }
            if !self.fill().await? {
                return Ok(self.take(self.buffer.len()));
            }
        }
    }

    pub async fn exactly(&mut self, count: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < count {
            if !self.fill().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.buffer.drain(..count).collect())
    }
}
