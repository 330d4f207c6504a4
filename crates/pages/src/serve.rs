//! The book, on this machine only.
//!
//! A server of files, with a thread for each connection, which needs no chapter: it serves until chapter 17's can
//! (`crate::ours`), and where that cannot. It answers only requests that name this machine, so that no page elsewhere can read the book through a name of its own
//! that leads here.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::request::{self, Asked, LONGEST_HEAD, Refused};

/// How many connections are open at once; a browser holds six.
const CONNECTIONS: usize = 64;

/// A port on this machine, held until the book is ready.
#[derive(Debug)]
pub struct Desk {
    listener: TcpListener,
    address: SocketAddr,
    patience: Duration,
    retired: AtomicBool,
}

impl Desk {
    /// Takes port `port` of this machine; 0 takes any that is free.
    ///
    /// # Errors
    ///
    /// If the port cannot be had; [`io::ErrorKind::AddrInUse`] if somebody else has it.
    pub fn take(port: u16) -> io::Result<Desk> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let patience = Duration::from_secs(10);
        Ok(Desk {
            listener,
            address,
            patience,
            retired: AtomicBool::new(false),
        })
    }

    /// How long a client may take for a request, and for each piece of an answer, instead of ten seconds.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Desk {
        Desk { patience, ..self }
    }

    /// Where a browser finds it.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What accepts.
    #[cfg(unix)]
    pub(crate) fn listener(&self) -> &TcpListener {
        &self.listener
    }

    /// Serves the files of `dir`, until it is [retired](Desk::retire).
    ///
    /// # Errors
    ///
    /// If the port fails.
    pub fn serve(&self, dir: &Path) -> io::Result<()> {
        // Whoever was lent the listener may have had it not block.
        self.listener.set_nonblocking(false)?;
        let (open, dir) = (Arc::new(AtomicUsize::new(0)), Arc::from(dir));
        let patience = self.patience;
        // Taken back by whoever obeys it, so that it is not lost if it comes before this.
        while !self.retired.swap(false, Ordering::Relaxed) {
            let stream = match self.listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if is_the_clients(&error) => continue,
                Err(error) => return Err(error),
            };
            if open.fetch_add(1, Ordering::Relaxed) >= CONNECTIONS {
                open.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            let (open, dir): (_, Arc<Path>) = (Arc::clone(&open), Arc::clone(&dir));
            std::thread::spawn(move || {
                // What goes wrong with one connection is its client's affair.
                let _ = Connection::new(stream, patience).serve(&dir);
                open.fetch_sub(1, Ordering::Relaxed);
            });
        }
        Ok(())
    }

    /// Ends [`Desk::serve`], on whatever thread it is. Those who are connected are served on.
    pub fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
        // It waits for somebody who calls.
        let _ = TcpStream::connect(self.address);
    }
}

/// A client that was gone before it was accepted.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionReset | Interrupted
    )
}

/// One client.
struct Connection {
    stream: TcpStream,
    /// What was read and belongs to the next request.
    unread: Vec<u8>,
    patience: Duration,
}

impl Connection {
    fn new(stream: TcpStream, patience: Duration) -> Connection {
        Connection {
            stream,
            unread: Vec::new(),
            patience,
        }
    }

    fn serve(mut self, dir: &Path) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        self.stream.set_write_timeout(Some(self.patience))?;
        loop {
            let answer = match self.request()? {
                None => return Ok(()),
                Some(Ok(asked)) => Answer::to(&asked, dir),
                Some(Err(refused)) => Answer::refuse(&refused),
            };
            self.stream.write_all(&answer.bytes)?;
            if !answer.stays {
                return Ok(());
            }
        }
    }

    /// The next request; `None` if the client has no more.
    fn request(&mut self) -> io::Result<Option<Result<Asked, Refused>>> {
        let until = Instant::now() + self.patience;
        loop {
            if let Some(parsed) = request::parse(&self.unread) {
                return Ok(Some(parsed.map(|(asked, length)| {
                    self.unread.drain(..length);
                    asked
                })));
            }
            if self.unread.len() >= LONGEST_HEAD {
                let in_first_line = !self.unread.contains(&b'\n');
                return Ok(Some(Err(match in_first_line {
                    true => Refused::PATH_TOO_LONG,
                    false => Refused::HEAD_TOO_LONG,
                })));
            }
            // The limit is for the whole request, or a byte now and then would hold a thread for ever.
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.stream.set_read_timeout(Some(left))?;
            let mut piece = [0; 4096];
            let room = piece.len().min(LONGEST_HEAD - self.unread.len());
            match self.stream.read(&mut piece[..room])? {
                0 => return Ok(None),
                length => self.unread.extend_from_slice(&piece[..length]),
            }
        }
    }
}

/// What goes back to the client.
struct Answer {
    bytes: Vec<u8>,
    /// Whether another request may follow.
    stays: bool,
}

impl Answer {
    fn to(asked: &Asked, dir: &Path) -> Answer {
        let file = dir.join(&asked.path);
        if file.is_dir() && !asked.is_folder {
            let place = format!("{}/", asked.target);
            return Answer::new(
                "301 Moved Permanently",
                asked,
                &[("Location", &place)],
                b"",
            );
        }
        let file = if asked.is_folder {
            file.join("index.html")
        } else {
            file
        };
        let (status, file, body) = match read(&file, dir) {
            Ok(body) => ("200 OK", file, body),
            Err(_) => {
                let page = dir.join("404.html");
                let body = read(&page, dir).unwrap_or_default();
                ("404 Not Found", page, body)
            }
        };
        Answer::new(status, asked, &[("Content-Type", &kind(&file))], &body)
    }

    fn new(status: &str, asked: &Asked, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut bytes = head(status, headers, body.len(), asked.stays);
        if !asked.head_only {
            bytes.extend_from_slice(body);
        }
        Answer {
            bytes,
            stays: asked.stays,
        }
    }

    /// A refusal ends the connection: where the next request would begin is not known.
    fn refuse(refused: &Refused) -> Answer {
        let headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Allow", "GET, HEAD"),
        ];
        let body = format!("{}\n", refused.why);
        let mut bytes = head(refused.status, &headers, body.len(), false);
        bytes.extend_from_slice(body.as_bytes());
        Answer {
            bytes,
            stays: false,
        }
    }
}

/// Reads a file of the book in `dir`, unless a link on the way leads out of it.
fn read(file: &Path, dir: &Path) -> io::Result<Vec<u8>> {
    let file = file.canonicalize()?;
    match file.starts_with(dir.canonicalize()?) {
        true => std::fs::read(file),
        false => Err(io::ErrorKind::NotFound.into()),
    }
}

fn head(status: &str, headers: &[(&str, &str)], length: usize, stays: bool) -> Vec<u8> {
    let connection = if stays { "keep-alive" } else { "close" };
    // A book that was built again is shown as it is now.
    let mut head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\n\
         Connection: {connection}\r\n"
    );
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += "\r\n";
    head.into_bytes()
}

/// The type of a file, by the end of its name.
fn kind(file: &Path) -> String {
    let kind = mime_guess::from_path(file).first_or_octet_stream();
    match kind.type_() == mime_guess::mime::TEXT {
        true => format!("{kind}; charset=utf-8"),
        false => kind.to_string(),
    }
}
