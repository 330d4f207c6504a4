//! A server: a task that accepts, and a task for each connection.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use sync::Notify;
use task_cell::{TaskHandle, spawn_named};
use timers::timeout;
use wakers::contained;

use crate::connection::{Connection, Socket};
use crate::error::again;
use crate::halves::{OwnedReadHalf, OwnedWriteHalf};
use crate::listener::{Address, Listener, Listens};
use crate::located::located;
use crate::reader::StreamReader;
use crate::tcp::TcpStream;
use crate::writer::StreamWriter;

// ANCHOR: server
/// A server that runs: a task accepts, and each connection has one of its own. Dropping
/// this changes nothing: it runs on.
///
/// ```
/// use event_loop::Clock;
/// use net::{TcpListener, TcpStream, serve};
/// use std::time::Duration;
///
/// net::run(Clock::virtual_time(), async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let server = serve(listener, async |stream: TcpStream| {
///         let mut seconds = [0];
///         stream.read_exact(&mut seconds).await?;
///         timers::sleep(Duration::from_secs(seconds[0].into())).await;
///         stream.write_all(b"done").await
///     })?;
///     let quick = TcpStream::connect(server.local_addr()).await?;
///     let slow = TcpStream::connect(server.local_addr()).await?;
///     quick.write_all(&[3]).await?;
///     slow.write_all(&[200]).await?;
///     polling::yield_now().await;
///     // It accepts nobody any more. Whoever is done within ten seconds is not cut off.
///     assert_eq!(server.shutdown(Duration::from_secs(10)).await, 1);
///     assert_eq!(quick.read(&mut [0; 8]).await?, 4);
///     assert_eq!(slow.read(&mut [0; 8]).await?, 0);
///     server.wait_closed().await
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Server<A = SocketAddr> {
    live: Rc<Live>,
    accepting: TaskHandle,
    local: A,
}

/// What is alive of a server.
#[derive(Debug, Default)]
struct Live {
    /// The connections, as they came.
    tasks: RefCell<BTreeMap<u64, TaskHandle>>,
    /// How many there have been.
    count: Cell<u64>,
    /// It accepts nobody any more.
    closed: Cell<bool>,
    /// Why that is, if nobody has asked for it.
    error: RefCell<Option<io::Error>>,
    changed: Notify,
}
// ANCHOR_END: server

// ANCHOR: accepting
/// Accepts for ever. Dropped with its task, whyever that ends.
struct Accepting(Rc<Live>);

impl Drop for Accepting {
    fn drop(&mut self) {
        self.0.closed.set(true);
        self.0.changed.notify_waiters();
    }
}
// ANCHOR_END: accepting

// ANCHOR: serve
/// Calls `handler` for each connection, and runs what that returns in a task of its own,
/// `connection-N`. A panic ends that connection alone; what the handler returns is dropped.
///
/// ```
/// use event_loop::Clock;
/// use net::{TcpListener, TcpStream, serve};
///
/// net::run(Clock::virtual_time(), async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let server = serve(listener, async |stream: TcpStream| stream.write_all(b"hello").await)?;
///     let caller = TcpStream::connect(server.local_addr()).await?;
///     assert_eq!(caller.read(&mut [0; 8]).await?, 5);
///     server.close();
///     server.wait_closed().await
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If the operating system cannot tell where the listener is.
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn serve<L: Listens, F: Future<Output: 'static> + 'static>(
    listener: Listener<L>,
    mut handler: impl FnMut(Connection<L::Socket>) -> F + 'static,
) -> io::Result<Server<Address<L>>> {
    let local = listener.local_addr()?;
    let live = Rc::new(Live::default());
    // ANCHOR: accepts
    let accepting = Accepting(Rc::clone(&live));
    let accepts = async move {
        let live = &accepting.0;
        loop {
            match listener.accept().await {
                Ok((connection, _)) => {
                    // Foreign code, before its future is made.
                    let handled = contained("a handler", || handler(connection));
                    handled.into_iter().for_each(|it| live.add(it));
                }
                Err(error) => {
                    live.error.replace(Some(error));
                    return;
                }
            }
        }
    };
    let accepting = spawn_named("server", located("accept", accepts)).task_handle();
    // ANCHOR_END: accepts
    Ok(Server {
        live,
        accepting,
        local,
    })
}
// ANCHOR_END: serve

/// [`serve`], with the connection in two: asyncio's `start_server`. A connection is over when what was written is sent.
///
/// ```
/// use event_loop::Clock;
/// use net::{StreamReader, StreamWriter, TcpListener, open_connection, start_server};
/// use std::io;
///
/// async fn echo(mut reader: StreamReader, writer: StreamWriter) -> io::Result<()> {
///     while let Some(line) = reader.read_line().await? {
///         writer.write(format!("{line}!\n").as_bytes());
///         writer.drain().await?;
///     }
///     Ok(())
/// }
///
/// net::run(Clock::virtual_time(), async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let server = start_server(listener, echo)?;
///     let (mut reader, writer) = open_connection(server.local_addr()).await?;
///     writer.write(b"taxi\n");
///     assert_eq!(reader.read_line().await?.as_deref(), Some("taxi!"));
///     writer.close();
///     server.close();
///     server.wait_closed().await
/// })??;
/// # Ok::<(), io::Error>(())
/// ```
///
/// # Errors
///
/// As [`serve`].
///
/// # Panics
///
/// As [`serve`].
#[track_caller]
pub fn start_server<L: Listens, F: Future<Output: 'static> + 'static>(
    listener: Listener<L>,
    mut handler: impl FnMut(
        StreamReader<OwnedReadHalf<L::Socket>>,
        StreamWriter<OwnedWriteHalf<L::Socket>>,
    ) -> F
    + 'static,
) -> io::Result<Server<Address<L>>> {
    serve(listener, move |connection| {
        let (reader, writer) = streams(connection);
        let flushed = writer.flushed();
        let handled = handler(reader, writer);
        async move {
            drop(handled.await);
            flushed.await;
        }
    })
}

/// A connection to `address`, in two: asyncio's `open_connection`.
///
/// ```
/// use event_loop::Clock;
/// use net::{TcpListener, open_connection};
///
/// net::run(Clock::virtual_time(), async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let (mut reader, writer) = open_connection(listener.local_addr()?).await?;
///     let (called, _) = listener.accept().await?;
///     called.write_all(b"hello\n").await?;
///     assert_eq!(reader.read_line().await?.as_deref(), Some("hello"));
///     writer.write(b"bye");
///     assert_eq!(called.read(&mut [0; 8]).await?, 3);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// As [`TcpStream::connect`](Connection::connect).
#[track_caller]
pub fn open_connection(
    address: SocketAddr,
) -> impl Future<Output = io::Result<(StreamReader, StreamWriter)>> {
    let connect = TcpStream::connect(address);
    async { connect.await.map(streams) }
}

/// A connection's two halves, each with a buffer.
fn streams<S: Socket>(
    connection: Connection<S>,
) -> (
    StreamReader<OwnedReadHalf<S>>,
    StreamWriter<OwnedWriteHalf<S>>,
) {
    let (reads, writes) = connection.into_split();
    (StreamReader::new(reads), StreamWriter::new(writes))
}

impl Live {
    // ANCHOR: add
    /// Runs a connection.
    fn add(self: &Rc<Self>, handled: impl Future<Output: 'static> + 'static) {
        self.count.update(|count| count + 1);
        let number = self.count.get();
        let task = spawn_named(format!("connection-{number}"), handled).task_handle();
        self.tasks.borrow_mut().insert(number, task.clone());
        let live = Rc::clone(self);
        task.on_end(move |_| {
            let _gone = live.tasks.borrow_mut().remove(&number);
            live.changed.notify_waiters();
        });
    }
    // ANCHOR_END: add

    // ANCHOR: ended
    /// Waits until nobody is accepted any more, and nobody is served.
    async fn ended(&self) {
        while !self.closed.get() || !self.tasks.borrow().is_empty() {
            self.changed.notified().await;
        }
    }
    // ANCHOR_END: ended
}

impl<A> Server<A> {
    /// Accepts nobody any more: the listener is closed at its task's turn. Connections go on.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{TcpListener, TcpStream, serve};
    ///
    /// net::run(Clock::virtual_time(), async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let server = serve(listener, async |_stream: TcpStream| {})?;
    ///     server.close();
    ///     server.wait_closed().await?;
    ///     let refused = TcpStream::connect(server.local_addr()).await.unwrap_err();
    ///     assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn close(&self) {
        self.accepting.abort();
    }

    /// Waits until it accepts nobody any more, and the last connection is over. A handler that awaits this waits for
    /// itself: it closes the server and returns, or gives the wait to another task.
    ///
    /// # Errors
    ///
    /// If it could not accept any more. That alone does not end the connections.
    #[track_caller]
    pub fn wait_closed(&self) -> impl Future<Output = io::Result<()>> {
        located("wait_closed", async {
            self.live.ended().await;
            match &*self.live.error.borrow() {
                Some(error) => Err(again(error)),
                None => Ok(()),
            }
        })
    }

    // ANCHOR: shutdown
    /// Ends it with grace: accepts nobody any more, gives the connections until `limit` to
    /// come to their end, cancels those that have not, and waits for their clean-up; what they
    /// have written and the other side has not taken is not sent any more. How many were cut
    /// off; a handler that awaits this is one of them.
    #[track_caller]
    pub fn shutdown(&self, limit: Duration) -> impl Future<Output = usize> {
        located("shutdown", async move {
            self.close();
            if timeout(limit, self.live.ended()).await.is_ok() {
                return 0;
            }
            let late: Vec<_> = self.live.tasks.borrow().values().cloned().collect();
            for task in &late {
                task.cancel();
            }
            self.live.ended().await;
            late.len()
        })
    }
    // ANCHOR_END: shutdown

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.live.tasks.borrow().len()
    }
}

impl<A: Clone> Server<A> {
    /// Where it listens, or has listened.
    pub fn local_addr(&self) -> A {
        self.local.clone()
    }
}
