//! Chapter 15, by me.

use std::future::poll_fn;
use std::io::{self, ErrorKind, Read, Write};
use std::pin::{Pin, pin};
use std::process::{self, ChildStdin, Command, ExitStatus, Output};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use mio::net::UnixStream;
use mio::unix::pipe::{Receiver, Sender};
use signal_hook::consts::{SIGCHLD, SIGINT};
use signal_hook::{SigId, low_level};

use crate::combinators::join_all;
use crate::readiness::{Direction, Reactor, Runtime, Socket};
use crate::sync::Event;

/// A signal that is listened for.
pub struct Signal {
    /// Where the handler's bytes arrive.
    bytes: UnixStream,
    socket: Rc<Socket>,
    handler: SigId,
}

impl Signal {
    pub fn new(reactor: &Reactor, number: i32) -> io::Result<Signal> {
        let (mut bytes, handlers) = UnixStream::pair()?;
        let socket = reactor.watch(&mut bytes)?;
        let handler = low_level::pipe::register(number, handlers)?;
        Ok(Signal {
            bytes,
            socket,
            handler,
        })
    }

    pub async fn recv(&mut self) -> io::Result<()> {
        let mut came = false;
        let mut take = || loop {
            match (&self.bytes).read(&mut [0; 64]) {
                Err(error) if came && error.kind() == ErrorKind::WouldBlock => {
                    return Ok(());
                }
                read => came = read? > 0,
            }
        };
        poll_fn(|context| self.socket.attempt(Direction::Read, context, &mut take)).await
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        low_level::unregister(self.handler);
    }
}

/// A program that was started. Dropped, it goes on, unless it is to be killed.
pub struct Child {
    runtime: Runtime,
    /// None while it is being dropped.
    watched: Option<Watched>,
    kills: bool,
}

/// A program, and what is needed to wait for it.
struct Watched {
    child: process::Child,
    /// Told when some child has ended.
    ended: Signal,
}

impl Watched {
    async fn wait(&mut self) -> io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            self.ended.recv().await?;
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let Some(mut watched) = self.watched.take() else {
            return;
        };
        if !matches!(watched.child.try_wait(), Ok(None)) {
            return;
        }
        if self.kills {
            let _ended_meanwhile = watched.child.kill();
        }
        let reaper = async move { drop(watched.wait().await) };
        self.runtime.executor.spawn(reaper);
    }
}

impl Child {
    pub fn spawn(runtime: &Runtime, command: &mut Command) -> io::Result<Child> {
        // Before it is started: it may end at once.
        let ended = Signal::new(&runtime.reactor, SIGCHLD)?;
        let child = command.spawn()?;
        Ok(Child {
            runtime: runtime.clone(),
            watched: Some(Watched { child, ended }),
            kills: false,
        })
    }

    pub fn kill_on_drop(&mut self, kills: bool) {
        self.kills = kills;
    }

    fn watched(&mut self) -> &mut Watched {
        self.watched.as_mut().expect("it is not being dropped")
    }

    pub fn id(&self) -> u32 {
        let watched = self.watched.as_ref();
        watched.expect("it is not being dropped").child.id()
    }

    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.watched().wait().await
    }

    pub async fn communicate(mut self, input: &[u8]) -> io::Result<Output> {
        let child = &mut self.watched().child;
        let (stdin, stdout, stderr) = (
            child.stdin.take(),
            child.stdout.take().map(Receiver::from),
            child.stderr.take().map(Receiver::from),
        );
        let reactor = &self.runtime.reactor;
        let parts: Vec<Part<'_>> = vec![
            Box::pin(write(reactor, stdin, input)),
            Box::pin(read(reactor, stdout)),
            Box::pin(read(reactor, stderr)),
        ];
        let mut parts = join_all(parts).await.into_iter();
        let mut next = || parts.next().expect("there are three");
        next()?;
        let (stdout, stderr) = (next()?, next()?);
        let status = self.wait().await?;
        Ok(Output {
            status,
            stdout,
            stderr,
        })
    }
}

type Part<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<u8>>> + 'a>>;

/// All that comes out of `pipe`, if there is one.
async fn read(reactor: &Reactor, pipe: Option<Receiver>) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    let Some(mut pipe) = pipe else {
        return Ok(all);
    };
    pipe.set_nonblocking(true)?;
    let socket = reactor.watch(&mut pipe)?;
    let mut piece = [0; 4096];
    loop {
        let mut read = || pipe.read(&mut piece);
        let length =
            poll_fn(|context| socket.attempt(Direction::Read, context, &mut read))
                .await?;
        if length == 0 {
            return Ok(all);
        }
        all.extend(&piece[..length]);
    }
}

/// Puts `bytes` into `pipe`, if there is one, and closes it.
async fn write(
    reactor: &Reactor,
    pipe: Option<ChildStdin>,
    mut bytes: &[u8],
) -> io::Result<Vec<u8>> {
    let nothing = Vec::new();
    let Some(pipe) = pipe else {
        return Ok(nothing);
    };
    let mut pipe = Sender::from(pipe);
    pipe.set_nonblocking(true)?;
    let socket = reactor.watch(&mut pipe)?;
    while !bytes.is_empty() {
        let mut write = || pipe.write(bytes);
        let written =
            poll_fn(|context| socket.attempt(Direction::Write, context, &mut write));
        match written.await {
            Ok(length) => bytes = &bytes[length..],
            // It reads no more, and may still have something to say.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            Err(error) => return Err(error),
        }
    }
    Ok(nothing)
}

/// What `work` gives; none if `stop` is faster.
async fn unless<W: Future>(
    mut work: Pin<&mut W>,
    stop: impl Future,
) -> Option<W::Output> {
    let mut stop = pin!(stop);
    poll_fn(|context| {
        if let Poll::Ready(value) = work.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        stop.as_mut().poll(context).map(|_| None)
    })
    .await
}

pub async fn until_ctrl_c<F: Future>(
    runtime: &Runtime,
    limit: Duration,
    program: impl FnOnce(Rc<Event>) -> F,
) -> io::Result<Option<F::Output>> {
    let mut key = Signal::new(&runtime.reactor, SIGINT)?;
    let stop = Rc::new(Event::new());
    let mut work = pin!(program(stop.clone()));
    if let Some(value) = unless(work.as_mut(), key.recv()).await {
        return Ok(Some(value));
    }
    stop.set();
    let patience = async { unless(pin!(key.recv()), runtime.timers.sleep(limit)).await };
    Ok(unless(work, patience).await)
}
