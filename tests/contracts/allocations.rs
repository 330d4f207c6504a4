//! What allocates nothing. A process of its own, since the allocator counts for all threads; and one test at a time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;

use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use streams::{Stream, StreamExt, stream};
use sync::{Event, Lock, Queue, Semaphore, mpsc};

/// The system's memory, and how often each thread asks for some.
struct Counting;

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator as it is; the count has no destructor and allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        // SAFETY: what the caller promises is what the system asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often this thread has asked for memory by now.
fn asked() -> usize {
    ASKED.get()
}

const PAIRS: usize = 16;

async fn pair() -> (TcpStream, TcpStream) {
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = TcpListener::bind(anywhere).unwrap();
    let address = listener.local_addr().unwrap();
    let client = TcpStream::connect(address).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (client, server)
}

/// Sends back what comes, `count` times.
async fn echo(stream: TcpStream, count: usize) -> TcpStream {
    let mut buffer = [0; 64];
    for _ in 0..count {
        let length = stream.read(&mut buffer).await.unwrap();
        stream.write_all(&buffer[..length]).await.unwrap();
    }
    stream
}

/// Says something and waits to hear it, `count` times.
async fn call(stream: TcpStream, count: usize) -> TcpStream {
    let mut buffer = [0; 64];
    for _ in 0..count {
        stream.write_all(b"a taxi, please").await.unwrap();
        assert_eq!(stream.read(&mut buffer).await.unwrap(), 14);
    }
    stream
}

/// How often memory is asked for while each pair makes `count` requests.
async fn allocations(pairs: &mut Vec<(TcpStream, TcpStream)>, count: usize) -> usize {
    let before = asked();
    let tasks: Vec<_> = pairs
        .drain(..)
        .map(|(client, server)| {
            let server = task_cell::spawn(echo(server, count));
            (task_cell::spawn(call(client, count)), server)
        })
        .collect();
    for (client, server) in tasks {
        pairs.push((client.await.unwrap(), server.await.unwrap()));
    }
    asked() - before
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}

#[test]
fn a_wait_for_a_socket_allocates_nothing() {
    let layers = readiness::layers(Clock::real()).unwrap();
    let [few, many] = task_cell::run_with(layers, async {
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            pairs.push(pair().await);
        }
        // Lists and queues have grown by then.
        allocations(&mut pairs, 100).await;
        let few = allocations(&mut pairs, 1).await;
        [few, allocations(&mut pairs, 1001).await]
    });
    let each = (many - few) as f64 / (1000 * PAIRS) as f64;
    // Some of the list of what is ready may grow, once.
    assert!(each < 0.01, "{each} allocations a request");
}

fn counted<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = asked();
    let result = work();
    (asked() - before, result)
}

/// Numbers without end.
fn numbers() -> impl Stream<Item = u64> + Unpin {
    stream(async |mut yields| {
        for n in 0.. {
            yields.send(n).await;
        }
    })
}

#[test]
fn a_generator_allocates_twice_and_nothing_for_an_item() {
    let (made, mut items) = counted(numbers);
    assert_eq!(made, 2);
    let sum = async {
        let mut sum = 0;
        for _ in 0..1000 {
            sum += items.next().await.unwrap();
        }
        sum
    };
    let mut sum = std::pin::pin!(sum);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let (items, sum) = counted(|| sum.as_mut().poll(&mut context));
    assert_eq!((items, sum), (0, std::task::Poll::Ready(499_500)));
}

#[test]
fn adapters_allocate_nothing_for_an_item() {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut allocations = |count: usize| {
        let items = numbers()
            .map(|n| n + 1)
            .filter(|n| n % 2 == 0)
            .merge(numbers());
        let values = items.map(async |n| n).unordered(4).take(count);
        let mut sum = std::pin::pin!(values.fold(0, |sum, n| sum + n));
        let (allocations, sum) = counted(|| sum.as_mut().poll(&mut context));
        assert!(sum.is_ready());
        allocations
    };
    // Two wakers are kept from one time to the next.
    allocations(10);
    assert_eq!(allocations(100), allocations(10_000));
}

/// How often memory is asked for by the second of two `work`s: lists have grown by then.
async fn the_second_time(mut work: impl AsyncFnMut()) -> usize {
    work().await;
    let before = asked();
    work().await;
    asked() - before
}

#[test]
fn what_need_not_be_waited_for_allocates_nothing() {
    let found = task_cell::run(Clock::virtual_time(), async {
        let (event, lock, semaphore) = (Event::new(), Lock::new(0), Semaphore::new(3));
        let queue = Queue::bounded(1);
        event.set();
        the_second_time(async || {
            for _ in 0..1000 {
                event.wait().await;
                *lock.lock().await += 1;
                drop(semaphore.acquire().await);
                queue.put(7).await.unwrap();
                queue.get().await.unwrap();
            }
        })
        .await
    });
    assert_eq!(found, 0);
}

/// There and back between two tasks; and four tasks that wait for one lock and one permit.
#[test]
fn waiting_again_and_again_allocates_nothing() {
    const TIMES: usize = 1000;
    let found = task_cell::run(Clock::virtual_time(), async {
        let (to, mut arrived) = mpsc::bounded(1);
        let (reply, mut answers) = mpsc::bounded(1);
        let echo = task_cell::spawn(async move {
            while let Some(number) = arrived.recv().await {
                reply.send(number).await.unwrap();
            }
        });
        let messages = the_second_time(async || {
            for number in 0..TIMES {
                to.send(number).await.unwrap();
                assert_eq!(answers.recv().await, Some(number));
            }
        })
        .await;
        drop(to);
        echo.await.unwrap();

        let shared = Rc::new((Lock::new(0), Semaphore::new(1)));
        let turns = the_second_time(async || {
            let tasks = [(); 4].map(|()| {
                let shared = Rc::clone(&shared);
                task_cell::spawn(async move {
                    for _ in 0..TIMES {
                        let _permit = shared.1.acquire().await;
                        let mut guard = shared.0.lock().await;
                        polling::yield_now().await;
                        *guard += 1;
                    }
                })
            });
            for task in tasks {
                task.await.unwrap();
            }
        })
        .await;
        (messages, turns)
    });
    // Each of the four tasks is one.
    assert_eq!(found, (0, 4));
}

/// How often memory is asked for by one of the many that `work` does: what it needs to begin does not count.
async fn each(many: usize, work: impl AsyncFn(usize)) -> f64 {
    let mut counts = [0; 2];
    // Queues have grown after the first time.
    for (count, size) in [(0, 2 * many), (0, many), (1, 2 * many)] {
        let before = asked();
        work(size).await;
        counts[count] = asked() - before;
    }
    (counts[1] as f64 - counts[0] as f64) / many as f64
}

#[test]
fn a_gathers_child_is_one_allocation_and_a_joined_one_two() {
    task_cell::run(Clock::virtual_time(), async {
        let gathers = async |count| {
            let children = (0..count).map(async |n| n);
            assert_eq!(combinators::gather(children).await.unwrap().len(), count);
        };
        let gather = each(10_000, gathers).await;
        assert!(gather < 1.01, "{gather} allocations a child");
        let joins = async |count| {
            let children = (0..count).map(|_| polling::yield_now());
            combinators::join_all(children).await;
        };
        // Its place, and its waker.
        let join = each(10_000, joins).await;
        assert!(join < 2.01, "{join} allocations a child");
        let selects = async |count| {
            for _ in 0..count {
                let never = std::future::pending::<()>();
                combinators::select(polling::yield_now(), never).await;
            }
        };
        let select = each(1_000, selects).await;
        assert!(select < 0.01, "{select} allocations for two");
    });
}

#[test]
fn who_waits_again_and_again_leaves_nothing_with_the_task() {
    task_cell::run(Clock::virtual_time(), async {
        let task = task_cell::spawn(std::future::pending::<()>());
        let mut handles = vec![task];
        let second = std::time::Duration::from_secs(1);
        for _ in 0..1000 {
            let waited = combinators::wait(handles, combinators::When::All, second).await;
            let ends = combinators::as_completed_handles(waited.pending);
            handles = ends.into_pending();
        }
        handles[0].cancel();
        let before = asked();
        polling::yield_now().await;
        polling::yield_now().await;
        let asked = asked() - before;
        assert!(handles[0].is_finished());
        // A callback that was left would be made ready at the task's end.
        assert!(asked < 10, "{asked} allocations at its end");
    });
}
