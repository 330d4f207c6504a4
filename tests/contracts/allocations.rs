//! What allocates nothing. A target of its own, for its allocator: that counts for each thread apart, so neither the other
//! tests nor the harness are counted.

use std::net::SocketAddr;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use allocation_counter::measure;
use event_loop::Clock;
use futures::{AsyncReadExt, AsyncWriteExt};
use readiness::{TcpListener, TcpStream};
use streams::{Stream, StreamExt, stream};
use sync::{Event, Lock, Queue, Semaphore, mpsc};

/// How often `work` asks for memory, and what it returns.
fn counted<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let mut result = None;
    let asked = measure(|| result = Some(work())).count_total;
    (asked, result.expect("it has run"))
}

/// How often memory is asked for by one more of the many that `work` does: what it needs to begin does not count.
fn each(many: usize, work: impl Fn(usize)) -> f64 {
    // What is kept from one time to the next is there then.
    work(many);
    let asked = |count| counted(|| work(count)).0 as f64;
    (asked(2 * many) - asked(many)) / many as f64
}

/// [`each`], in the runtime on virtual time.
fn each_in_runtime(many: usize, work: impl AsyncFn(usize)) -> f64 {
    each(many, |count| {
        task_cell::run(Clock::virtual_time(), work(count));
    })
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

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}

#[test]
fn a_wait_for_a_socket_allocates_nothing() {
    let requests = |count| {
        let layers = readiness::layers(Clock::real()).unwrap();
        task_cell::run_with(layers, async {
            let mut tasks = Vec::new();
            for _ in 0..PAIRS {
                let (client, server) = pair().await;
                tasks.push(task_cell::spawn(echo(server, count)));
                tasks.push(task_cell::spawn(call(client, count)));
            }
            for task in tasks {
                task.await.unwrap();
            }
        });
    };
    let each = each(1000, requests) / PAIRS as f64;
    // Some of the list of what is ready may grow, once.
    assert!(each < 0.01, "{each} allocations a request");
}

/// Echoes over chapter 12's sockets, `count` times on each of a few connections, and asks for memory so often each time.
fn allocations_of<F: Future<Output = ()> + 'static>(
    serve: impl Fn(net::TcpStream, usize) -> F,
) -> f64 {
    let requests = |count| {
        let echoes = async {
            let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
            let listener = net::TcpListener::bind(anywhere).unwrap();
            let mut tasks = Vec::new();
            for _ in 0..PAIRS {
                let address = listener.local_addr().unwrap();
                let client = net::TcpStream::connect(address).await.unwrap();
                let (server, _) = listener.accept().await.unwrap();
                tasks.push(task_cell::spawn(serve(server, count)));
                tasks.push(task_cell::spawn(async move {
                    for _ in 0..count {
                        client.write_all(b"a taxi, please").await.unwrap();
                        client.read_exact(&mut [0; 14]).await.unwrap();
                    }
                }));
            }
            for task in tasks {
                task.await.unwrap();
            }
        };
        net::run(Clock::real(), echoes).unwrap();
    };
    each(1000, requests) / PAIRS as f64
}

#[test]
fn an_echo_allocates_nothing_however_it_reads_and_writes() {
    let by_methods = allocations_of(async |stream, count| {
        let mut buffer = [0; 64];
        for _ in 0..count {
            let length = stream.read(&mut buffer).await.unwrap();
            stream.write_all(&buffer[..length]).await.unwrap();
        }
    });
    let by_traits = allocations_of(async |mut stream, count| {
        let mut buffer = [0; 64];
        for _ in 0..count {
            let length = AsyncReadExt::read(&mut stream, &mut buffer).await.unwrap();
            let echo = AsyncWriteExt::write_all(&mut stream, &buffer[..length]);
            echo.await.unwrap();
        }
    });
    let buffered = allocations_of(async |stream, count| {
        let (reads, writes) = stream.into_split();
        let mut reader = net::StreamReader::new(reads);
        let writer = net::StreamWriter::new(writes);
        let mut buffer = [0; 64];
        for _ in 0..count {
            let length = reader.read(&mut buffer).await.unwrap();
            writer.write(&buffer[..length]);
            writer.drain().await.unwrap();
        }
    });
    // Some of the list of what is ready may grow, once.
    let each = [by_methods, by_traits, buffered];
    assert!(each.iter().all(|it| *it < 0.01), "{each:?} a request");
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
    let mut sum = pin!(sum);
    let mut context = Context::from_waker(Waker::noop());
    let (items, sum) = counted(|| sum.as_mut().poll(&mut context));
    assert_eq!((items, sum), (0, Poll::Ready(499_500)));
}

#[test]
fn adapters_allocate_nothing_for_an_item() {
    let mut context = Context::from_waker(Waker::noop());
    let mut allocations = |count: usize| {
        let items = numbers()
            .map(|n| n + 1)
            .filter(|n| n % 2 == 0)
            .merge(numbers());
        let values = items.map(async |n| n).unordered(4).take(count);
        let mut sum = pin!(values.fold(0, |sum, n| sum + n));
        let (allocations, sum) = counted(|| sum.as_mut().poll(&mut context));
        assert!(sum.is_ready());
        allocations
    };
    // Two wakers are kept from one time to the next.
    allocations(10);
    assert_eq!(allocations(100), allocations(10_000));
}

#[test]
fn what_need_not_be_waited_for_allocates_nothing() {
    let found = each_in_runtime(1000, async |count| {
        let (event, lock, semaphore) = (Event::new(), Lock::new(0), Semaphore::new(3));
        let queue = Queue::bounded(1);
        event.set();
        for _ in 0..count {
            event.wait().await;
            *lock.lock().await += 1;
            drop(semaphore.acquire().await);
            queue.put(7).await.unwrap();
            queue.get().await.unwrap();
        }
    });
    assert_eq!(found, 0.0);
}

#[test]
fn there_and_back_between_two_tasks_allocates_nothing() {
    let found = each_in_runtime(1000, async |count| {
        let (to, mut arrived) = mpsc::bounded(1);
        let (reply, mut answers) = mpsc::bounded(1);
        let echo = task_cell::spawn(async move {
            while let Some(number) = arrived.recv().await {
                reply.send(number).await.unwrap();
            }
        });
        for number in 0..count {
            to.send(number).await.unwrap();
            assert_eq!(answers.recv().await, Some(number));
        }
        drop(to);
        echo.await.unwrap();
    });
    assert_eq!(found, 0.0);
}

/// Four tasks wait for one permit and one lock.
#[test]
fn waiting_in_a_line_again_and_again_allocates_nothing() {
    let found = each_in_runtime(1000, async |count| {
        let shared = Rc::new((Lock::new(0), Semaphore::new(1)));
        let tasks = [(); 4].map(|()| {
            let shared = Rc::clone(&shared);
            task_cell::spawn(async move {
                for _ in 0..count {
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
    });
    assert_eq!(found, 0.0);
}

#[test]
fn a_gathers_child_is_one_allocation_and_a_joined_one_two() {
    let gather = each_in_runtime(10_000, async |count| {
        let children = (0..count).map(async |n| n);
        assert_eq!(combinators::gather(children).await.unwrap().len(), count);
    });
    assert!(gather < 1.01, "{gather} allocations a child");
    let join = each_in_runtime(10_000, async |count| {
        let children = (0..count).map(|_| polling::yield_now());
        combinators::join_all(children).await;
    });
    // Its place, and its waker.
    assert!(join < 2.01, "{join} allocations a child");
    let select = each_in_runtime(1000, async |count| {
        for _ in 0..count {
            let never = std::future::pending::<()>();
            combinators::select(polling::yield_now(), never).await;
        }
    });
    assert!(select < 0.01, "{select} allocations for two");
}

#[test]
fn who_waits_again_and_again_leaves_nothing_with_the_task() {
    let mut executor = task_cell::Executor::new(timers::Timers::new(
        wakers::ThreadPark::new(),
        Clock::virtual_time(),
    ));
    let mut handles = vec![executor.spawn(std::future::pending::<()>())];
    let handles = executor.run_until_complete(async {
        for _ in 0..1000 {
            let second = Duration::from_secs(1);
            let waited = combinators::wait(handles, combinators::When::All, second).await;
            let ends = combinators::as_completed_handles(waited.pending);
            handles = ends.into_pending();
        }
        handles
    });
    handles[0].cancel();
    let yields = async {
        polling::yield_now().await;
        polling::yield_now().await;
    };
    let (asked, ()) = counted(|| executor.run_until_complete(yields));
    assert!(handles[0].is_finished());
    // A callback that was left would be made ready at the task's end.
    assert!(asked < 10, "{asked} allocations at its end");
}

#[test]
fn a_group_keeps_nothing_of_children_that_have_ended() {
    let most = |children: usize| {
        let group = combinators::group(async |group| {
            for _ in 0..children {
                group.spawn(async {});
                polling::yield_now().await;
                polling::yield_now().await;
            }
        });
        let run = || task_cell::run(Clock::virtual_time(), group).unwrap();
        measure(run).bytes_max
    };
    let [few, many] = [1000, 2000].map(most);
    assert!(many < few + 10_000, "{few} bytes, then {many}");
}
