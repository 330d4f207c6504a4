//! A server that comes to its end
//!
//! A server that is killed breaks off whatever it was doing. One that ends well accepts nobody any more, lets those under
//! way finish, for a while, and then cuts off the rest. Everything for it is there:
//!
//!     /// Clones are the same server.
//!     #[derive(Clone)]
//!     pub struct Server(/* … */);
//!
//!     impl Server {
//!         /// Has a task accept, and a task do what `handle` makes
//!         /// of each connection.
//!         pub fn start<F: Future<Output = ()> + 'static>(
//!             runtime: &Runtime,
//!             listener: TcpListener,
//!             handle: impl Fn(TcpStream) -> F + 'static,
//!         ) -> Server
//!
//!         /// Accepts no more, and closes the listener. The
//!         /// connections go on.
//!         pub fn close(&self)
//!
//!         /// Closes, waits until no connection is left, for
//!         /// `limit` at most, and drops the rest: how many.
//!         pub async fn shutdown(&self, limit: Duration) -> usize
//!     }
//!
//! When `shutdown` returns, the futures of all connections are dropped. Both tasks wait for two things at once, so
//! `race_all` of chapter 9 is what you need; futures of two types go into one `Vec` as `Pin<Box<dyn Future<Output = ()>>>`.
//!
//! needs: 5.5 6.4 7.5 9.3 10.2
//!
//! hint: The task that accepts races against *it is closed*, and that of a connection against *it is cut off*: two Events.
//! What is dropped when a race is lost?
//!
//! hint: One function serves both:
//!
//!     /// Awaits `future`, or `event` if that comes first.
//!     async fn until(event: &Event, future: impl Future<Output = ()>) {
//!         let future: Pin<Box<dyn Future<Output = ()> + '_>> =
//!             Box::pin(future);
//!         race_all(vec![future, Box::pin(event.wait())]).await;
//!     }
//!
//! And a number counts the connections: one more when it is accepted, one less when its task is over, which a third Event
//! tells.
//!
//! hint: `shutdown`, with `under_way: Cell<usize>` and the Events `closed`, `cut` and `left`:
//!
//!     self.close();
//!     let empty = Box::pin(self.is_empty());
//!     let _elapsed = self.0.timers.timeout(limit, empty).await;
//!     let left = self.0.under_way.get();
//!     self.0.cut.set();
//!     self.is_empty().await;
//!     left
//!
//! where `is_empty` waits for `left` while `under_way` is not 0.
//!
//! done: That is a graceful shutdown, as hyper and Kubernetes mean it: drain, then cut. Your line reader, your writer and
//! this server are what chapter 12's `start_server` is made of. In chapter 13 it is the connection that calls.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use mine::net::{Reader, Server};
use mine::readiness::{Runtime, TcpListener, TcpStream, run};

fn well<T>(result: io::Result<T>) -> T {
    result.unwrap_or_else(|error| ladder::fail(format_args!("it fails: {error}")))
}

/// Notes its own end.
struct Held(Rc<Cell<usize>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

/// A server, what became of its connections, and how one connects.
struct Setup {
    runtime: Runtime,
    server: Server,
    address: SocketAddr,
    /// How many connections' futures are gone.
    gone: Rc<Cell<usize>>,
    /// Which rides were finished.
    done: Rc<RefCell<Vec<u64>>>,
}

impl Setup {
    /// Each connection says how many seconds it needs, and gets as many back.
    fn new(runtime: Runtime) -> Setup {
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = well(TcpListener::bind(&runtime.reactor, anywhere));
        let address = well(listener.local_addr());
        let (gone, done) = (Rc::<Cell<usize>>::default(), Rc::default());
        let (its_gone, its_done) = (Rc::clone(&gone), Rc::clone(&done));
        let timers = runtime.timers.clone();
        let ride = move |stream: TcpStream| {
            let (timers, held) = (timers.clone(), Held(Rc::clone(&its_gone)));
            let done: Rc<RefCell<Vec<u64>>> = Rc::clone(&its_done);
            async move {
                let _held = held;
                let mut reader = Reader::new(stream);
                let Ok(line) = reader.line().await else {
                    return;
                };
                let Ok(seconds) = line.trim().parse() else {
                    return;
                };
                timers.sleep(Duration::from_secs(seconds)).await;
                done.borrow_mut().push(seconds);
            }
        };
        Setup {
            server: Server::start(&runtime, listener, ride),
            runtime,
            address,
            gone,
            done,
        }
    }

    /// A connection that needs so many seconds.
    async fn rides(&self, seconds: u64) -> TcpStream {
        let stream = TcpStream::connect(&self.runtime.reactor, self.address).await;
        let stream = well(stream);
        well(stream.write_all(format!("{seconds}\n").as_bytes()).await);
        stream
    }

    async fn sleep(&self, seconds: u64) {
        self.runtime
            .timers
            .sleep(Duration::from_secs(seconds))
            .await;
    }

    fn now(&self) -> u64 {
        self.runtime.timers.now().as_secs()
    }

    async fn is_refused(&self) -> bool {
        let connect = TcpStream::connect(&self.runtime.reactor, self.address);
        connect.await.is_err()
    }
}

async fn serves(runtime: Runtime) {
    let it = Setup::new(runtime);
    let _streams = [it.rides(3).await, it.rides(1).await, it.rides(2).await];
    it.sleep(4).await;
    let done = it.done.borrow().clone();
    ladder::check!(
        done == [1, 2, 3],
        "after 4 s they are done in this order: {done:?}; each connection is to have a task of its own"
    );
    ladder::check!(
        it.gone.get() == 3,
        "three are done, and {} are dropped",
        it.gone.get()
    );
}

async fn closes(runtime: Runtime) {
    let it = Setup::new(runtime);
    let _stream = it.rides(5).await;
    it.sleep(1).await;
    it.server.close();
    it.sleep(1).await;
    ladder::check!(
        it.is_refused().await,
        "it is closed, and still accepts: who drops the listener?"
    );
    it.sleep(4).await;
    ladder::check!(
        *it.done.borrow() == [5],
        "close leaves those under way alone, and one that needs 5 s is not done after 6 s"
    );
}

async fn ends_in_time(runtime: Runtime) {
    let it = Setup::new(runtime);
    let _streams = [it.rides(3).await, it.rides(4).await];
    it.sleep(1).await;
    let cut = it.server.shutdown(Duration::from_secs(60)).await;
    ladder::check!(
        cut == 0,
        "both are done in time, and it says that it cut off {cut}"
    );
    ladder::check!(
        it.now() == 4,
        "the last one is done after 4 s, and shutdown returns after {} s",
        it.now()
    );
    ladder::check!(it.is_refused().await, "it is shut down, and still accepts");
}

async fn cuts(runtime: Runtime) {
    let it = Setup::new(runtime);
    let _streams = [it.rides(3).await, it.rides(50).await, it.rides(90).await];
    it.sleep(1).await;
    let cut = it.server.shutdown(Duration::from_secs(10)).await;
    let (now, gone) = (it.now(), it.gone.get());
    ladder::check!(
        now == 11,
        "the limit of 10 s is over at 11 s, and shutdown returns at {now} s"
    );
    ladder::check!(
        cut == 2,
        "two of three were not done, and it says that it cut off {cut}"
    );
    ladder::check!(
        gone == 3,
        "when shutdown returns, all three should be dropped, and {gone} are"
    );
    ladder::check!(
        *it.done.borrow() == [3],
        "those that were done: {:?}",
        it.done.borrow()
    );
    // Nothing is left, so there is nothing to wait for.
    let again = it.server.shutdown(Duration::from_secs(10)).await;
    ladder::check!(
        again == 0 && it.now() == 11,
        "shut down once more, it cuts off {again}, and returns at {} s",
        it.now()
    );
}

fn main() {
    ladder::tries("three connections that need 3, 1 and 2 seconds");
    ladder::hangs("it never ends: is anybody accepted?");
    well(run(serves));

    ladder::tries("a server that is closed while one connection is under way");
    ladder::hangs("it never ends: nobody listens, and a connection waits to be accepted");
    well(run(closes));

    ladder::tries("a shutdown with a limit of 60 s, and connections that end before it");
    ladder::hangs("it never ends: does the last connection tell that it is over?");
    well(run(ends_in_time));

    ladder::tries(
        "a shutdown with a limit of 10 s, and two connections that need longer",
    );
    ladder::hangs(
        "it never ends: those that are cut off are over, and that is to be told, too",
    );
    well(run(cuts));
}
