//! The server that stands on the chapters: `crates/book-server`, a process of its own.
//!
//! It is built while the book is, or after. A reader in the middle of a hole must still have the book: so it serves only
//! once it has answered on a port of its own, and [`Desk`] serves before, and again if it ends. It is lent the desk's listener, and is told what
//! is new through a socket, whose end is its end.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use catalogue::build::{Build, cargo};
use catalogue::children::{self, Noted};

use crate::serve::Desk;

/// The package.
const NAME: &str = "book-server";

/// How long it may take to answer the first time: a machine may be busy with building.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the pages that are open are told.
#[derive(Debug, Clone, Default)]
pub struct News {
    /// When the book was built, in milliseconds since some moment: another number means another book.
    pub built: u64,
    /// What is wrong with it, a line each.
    pub problems: String,
}

/// A server that has answered.
#[derive(Debug)]
pub struct Ours {
    child: Noted,
    talk: UnixStream,
}

impl Ours {
    /// Has it built on a thread: the program, or why there is none; nothing in a workspace that does not have it.
    pub(crate) fn build(root: &Path) -> Receiver<Result<PathBuf, String>> {
        let (tell, built) = mpsc::channel();
        let root = root.to_path_buf();
        if root.join("crates").join(NAME).is_dir() {
            std::thread::spawn(move || tell.send(Ours::program(&root)));
        }
        built
    }

    /// Its program, built through cargo.
    ///
    /// # Errors
    ///
    /// A line that says why there is none.
    pub fn program(root: &Path) -> Result<PathBuf, String> {
        let packages = &[NAME];
        let build = Build {
            packages,
            ..Build::default()
        };
        let built = build.run(&mut cargo(root), |_| {});
        let built = built.map_err(|error| format!("{error:#}"))?;
        built.package(NAME).executable.ok_or_else(|| {
            let broken = built.packages().find(|(_, it)| !it.errors.is_empty());
            let broken = broken.map_or("it", |(name, _)| name);
            format!("{broken} does not compile")
        })
    }

    /// Has `program` serve the book in `dir` where no reader is, and answer a request there.
    ///
    /// # Errors
    ///
    /// A line that says what it did instead.
    pub(crate) fn try_out(program: &Path, dir: &Path, news: &News) -> Result<(), String> {
        let nowhere = Desk::take(0).map_err(|error| error.to_string())?;
        Ours::start(program, &nowhere, dir, news, None).map(drop)
    }

    /// Starts `program` with the listener of `desk` and the book in `dir`, and has it answer a request. A client may take
    /// `patience` for its own, instead of what the program thinks right.
    ///
    /// # Errors
    ///
    /// A line that says what it did instead.
    pub fn start(
        program: &Path,
        desk: &Desk,
        dir: &Path,
        news: &News,
        patience: Option<Duration>,
    ) -> Result<Ours, String> {
        let text = |error: io::Error| error.to_string();
        let (talk, theirs) = UnixStream::pair().map_err(text)?;
        talk.set_write_timeout(Some(PATIENCE)).map_err(text)?;
        let listener = desk.listener().try_clone().map_err(text)?;
        let mut command = Command::new(program);
        command.arg(dir).stdin(OwnedFd::from(listener));
        command.args(patience.map(|it| it.as_millis().to_string()));
        command.stdout(OwnedFd::from(theirs));
        let child = children::start(&mut command).map_err(text)?;
        // Or its end of the socket would be open as long as we are.
        drop(command);
        let mut ours = Ours { child, talk };
        ours.tell(news).map_err(text)?;
        ours.probe(desk)?;
        Ok(ours)
    }

    /// Has the pages that are open told what is new.
    ///
    /// # Errors
    ///
    /// If it does not listen any more.
    pub fn tell(&mut self, news: &News) -> io::Result<()> {
        let News { built, problems } = news;
        let line = serde_json::json!({ "built": built, "problems": problems });
        writeln!(self.talk, "{line}")
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// A request to the front page, as a browser would send it.
    fn probe(&mut self, desk: &Desk) -> Result<(), String> {
        let silent = |error: io::Error| format!("it cannot be asked: {error}");
        let until = Instant::now() + PATIENCE;
        let mut stream = TcpStream::connect(desk.address()).map_err(silent)?;
        let step = Duration::from_millis(50);
        stream.set_read_timeout(Some(step)).map_err(silent)?;
        let host = desk.address();
        let request =
            format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).map_err(silent)?;
        let mut start = [0; 12];
        let mut length = 0;
        while length < start.len() {
            use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
            match stream.read(&mut start[length..]) {
                Ok(0) => return Err("it hung up".into()),
                Ok(more) => length += more,
                Err(error)
                    if matches!(error.kind(), Interrupted | TimedOut | WouldBlock) =>
                {
                    if self.has_ended() {
                        return Err("it ended".into());
                    }
                    if Instant::now() > until {
                        return Err("it does not answer".into());
                    }
                }
                Err(error) => return Err(silent(error)),
            }
        }
        match &start {
            b"HTTP/1.1 200" => Ok(()),
            other => Err(format!("it answers {}", other.escape_ascii())),
        }
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        self.child.end();
        // Nothing is left of it that a wait could not take away.
        let _ = self.child.wait();
    }
}
