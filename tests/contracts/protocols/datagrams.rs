//! Datagrams: a call for each.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use event_loop::Clock;
use protocols::{DatagramProtocol, DatagramTransport, create_datagram_endpoint};
use task_cell::{spawn, tasks};
use timers::{sleep, timeout};

use crate::{Log, anywhere, turns};

#[track_caller]
fn run<F: Future>(future: F) -> F::Output {
    net::run(Clock::virtual_time(), future).unwrap()
}

/// Notes each call, and does then what it was told.
struct Noting {
    log: Log,
    act: Act,
    transport: Rc<RefCell<Option<DatagramTransport>>>,
}

/// What is done in a call of this name.
type Act = Box<dyn FnMut(&str, &DatagramTransport)>;

impl Noting {
    fn new(log: &Log) -> Noting {
        Noting::that(log, |_, _| {})
    }

    fn that(log: &Log, act: impl FnMut(&str, &DatagramTransport) + 'static) -> Noting {
        Noting {
            log: log.clone(),
            act: Box::new(act),
            transport: Rc::default(),
        }
    }

    fn called(&mut self, method: &str, note: String) {
        self.log.note(note);
        let transport = self.transport.borrow().clone().expect("it was made");
        (self.act)(method, &transport);
    }
}

impl DatagramProtocol for Noting {
    fn connection_made(&mut self, transport: DatagramTransport) {
        self.transport.replace(Some(transport));
        self.called("made", "made".into());
    }

    fn datagram_received(&mut self, data: &[u8], _: SocketAddr) {
        self.called("data", format!("data {}", String::from_utf8_lossy(data)));
    }

    fn error_received(&mut self, error: io::Error) {
        self.called("error", format!("error: {:?}", error.kind()));
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        let note = error.map_or("lost".to_string(), |it| format!("lost: {it}"));
        self.called("lost", note);
    }

    fn pause_writing(&mut self) {
        self.called("pause", "pause".into());
    }

    fn resume_writing(&mut self) {
        self.called("resume", "resume".into());
    }
}

fn endpoint(
    remote: Option<SocketAddr>,
    protocol: Noting,
) -> (DatagramTransport, task_cell::JoinHandle<Noting>) {
    create_datagram_endpoint(anywhere(), remote, || protocol).unwrap()
}

#[test]
fn each_datagram_is_a_call_also_an_empty_one() {
    let log = Log::default();
    run(async {
        let (hears, task) = endpoint(None, Noting::new(&log));
        assert_eq!(log.take(), ["made"]);
        let (speaks, _) = endpoint(hears.local_addr(), Noting::new(&Log::default()));
        speaks.send(b"one");
        speaks.send(b"");
        speaks.send_to(b"three", hears.local_addr().unwrap());
        sleep(Duration::from_secs(1)).await;
        assert_eq!(log.take(), ["data one", "data ", "data three"]);
        hears.close();
        hears.close();
        hears.send(b"too late");
        speaks.send(b"too late");
        assert!(hears.is_closing());
        task.await.unwrap();
        speaks.abort();
    });
    assert_eq!(log.take(), ["lost"]);
}

#[test]
fn errors_are_calls_and_no_end() {
    let log = Log::default();
    let limited = timeout(Duration::from_secs(60), async {
        let nobody = std::net::UdpSocket::bind(anywhere()).unwrap();
        let address = nobody.local_addr().unwrap();
        drop(nobody);
        let (transport, task) = endpoint(Some(address), Noting::new(&log));
        transport.send(b"is anybody there?");
        while log.0.borrow().len() < 2 {
            sleep(Duration::from_millis(1)).await;
        }
        let refused = match cfg!(windows) {
            true => "error: ConnectionReset",
            false => "error: ConnectionRefused",
        };
        assert_eq!(log.take(), ["made", refused]);
        // Longer than any datagram can be.
        transport.send(&[0; 100_000]);
        turns().await;
        assert_eq!(log.take().len(), 1);
        // It goes on.
        let somebody = std::net::UdpSocket::bind(address).unwrap();
        let own = transport.local_addr().unwrap();
        somebody.send_to(b"here", own).unwrap();
        while log.0.borrow().is_empty() {
            sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(log.take(), ["data here"]);
        transport.abort();
        task.await.unwrap();
        assert_eq!(log.take(), ["lost"]);
    });
    net::run(Clock::real(), limited).unwrap().unwrap();
}

/// The task has looked for errors before it receives, and looks again before it waits.
#[test]
fn an_error_of_a_methods_own_send_is_told_soon() {
    let log = Log::default();
    run(async {
        let act = |called: &str, transport: &DatagramTransport| {
            if called == "data" {
                // Longer than any datagram can be.
                transport.send_to(&[0; 100_000], transport.local_addr().unwrap());
            }
        };
        let (transport, _task) = endpoint(None, Noting::that(&log, act));
        transport.send_to(b"to myself", transport.local_addr().unwrap());
        turns().await;
        let calls = log.take();
        assert_eq!(calls[..2], ["made", "data to myself"]);
        assert!(
            calls.len() == 3 && calls[2].starts_with("error: "),
            "{calls:?}"
        );
    });
}

/// More than a task may send in one turn has to wait, and is sent in order.
#[test]
fn what_waits_is_counted_and_sent_by_the_close() {
    let (log, heard) = (Log::default(), Log::default());
    run(async {
        let (hears, _) = endpoint(None, Noting::new(&heard));
        let (speaks, task) = endpoint(hears.local_addr(), Noting::new(&log));
        speaks.set_write_buffer_limits(5, 3);
        turns().await;
        for number in 0..140 {
            speaks.send(format!("{}", number % 10).as_bytes());
        }
        let waits = speaks.write_buffer_size();
        assert!((6..140).contains(&waits), "{waits} wait");
        assert_eq!(log.take(), ["made", "pause"]);
        speaks.close();
        task.await.unwrap();
        assert_eq!(log.take(), ["resume", "lost"]);
        sleep(Duration::from_secs(1)).await;
        hears.abort();
        turns().await;
    });
    let calls = heard.take();
    assert_eq!(calls.len(), 142);
    for (number, call) in calls[1..141].iter().enumerate() {
        assert_eq!(*call, format!("data {}", number % 10));
    }
}

/// The second task could still send at once.
#[test]
fn what_is_sent_later_does_not_overtake_what_waits() {
    let heard = Log::default();
    run(async {
        let (hears, _) = endpoint(None, Noting::new(&heard));
        let (speaks, _) = endpoint(hears.local_addr(), Noting::new(&Log::default()));
        turns().await;
        let sends = |count: usize, data: &'static [u8]| {
            let speaks = speaks.clone();
            spawn(async move {
                (0..count).for_each(|_| speaks.send(data));
                speaks.write_buffer_size()
            })
        };
        let (many, one) = (sends(140, b"early"), sends(1, b"late"));
        assert!(many.await.unwrap() > 0);
        one.await.unwrap();
        sleep(Duration::from_secs(1)).await;
        let calls = heard.take();
        assert_eq!(
            (calls.len(), calls.last().unwrap().as_str()),
            (142, "data late")
        );
    });
}

#[test]
fn abort_drops_what_waits() {
    let log = Log::default();
    run(async {
        let (hears, _) = endpoint(None, Noting::new(&Log::default()));
        let (speaks, task) = endpoint(hears.local_addr(), Noting::new(&log));
        turns().await;
        (0..200).for_each(|_| speaks.send(b"x"));
        assert!(speaks.write_buffer_size() > 0);
        speaks.abort();
        task.await.unwrap();
        assert_eq!(speaks.write_buffer_size(), 0);
        assert_eq!(log.take(), ["made", "lost"]);
    });
}

#[test]
fn a_method_may_do_anything_to_its_own_socket() {
    for method in ["made", "data", "error", "lost"] {
        for aborts in [false, true] {
            let log = Log::default();
            let limited = timeout(Duration::from_secs(60), async {
                let act = move |called: &str, transport: &DatagramTransport| {
                    // An error, unless it is over: more than a datagram holds.
                    transport.send(&[0; 100_000]);
                    match aborts {
                        _ if called != method => {}
                        true => transport.abort(),
                        false => transport.close(),
                    }
                };
                let (transport, task) = endpoint(None, Noting::that(&log, act));
                let own = transport.local_addr().unwrap();
                transport.send_to(b"to myself", own);
                turns().await;
                sleep(Duration::from_millis(20)).await;
                transport.close();
                task.await.unwrap();
            });
            net::run(Clock::real(), limited).unwrap().unwrap();
            let calls = log.take();
            assert_eq!(calls.first().unwrap(), "made", "{method}: {calls:?}");
            assert_eq!(calls.last().unwrap(), "lost", "{method}: {calls:?}");
            let losses = calls.iter().filter(|it| it.starts_with("lost")).count();
            assert_eq!(losses, 1, "{method}: {calls:?}");
        }
    }
}

#[test]
fn a_panic_ends_it_and_a_cancellation_too() {
    let reports = Log::default();
    let heard = reports.clone();
    let hook = move |report: &wakers::PanicReport<'_>| heard.note(report.to_string());
    let _hook = wakers::set_panic_hook(Rc::new(hook));
    let log = Log::default();
    run(async {
        let act = |called: &str, _: &DatagramTransport| {
            assert!(called != "data", "no fuel");
        };
        let (transport, task) = endpoint(None, Noting::that(&log, act));
        transport.send_to(b"x", transport.local_addr().unwrap());
        task.await.unwrap();
        let lost = "lost: the protocol panicked: no fuel";
        assert_eq!(log.take(), ["made", "data x", lost]);
        assert_eq!(reports.take(), ["a protocol panicked: no fuel"]);

        let (_, task) = endpoint(None, Noting::new(&log));
        turns().await;
        let waits = tasks().pop().unwrap().to_string();
        assert_eq!(
            waits,
            "datagrams waiting, spawned in datagrams.rs, datagram in datagrams.rs"
        );
        task.cancel();
        assert!(task.await.is_err());
        let cut_off = "lost: the task of the connection was cancelled";
        assert_eq!(log.take(), ["made", cut_off]);
        // Never polled, it was made all the same.
        drop(endpoint(None, Noting::new(&log)));
    });
    let cut_off = "lost: the task of the connection was cancelled";
    assert_eq!(log.take(), ["made", cut_off]);
}

#[test]
fn an_address_that_is_not_ours_is_an_error() {
    run(async {
        let elsewhere = SocketAddr::from(([192, 0, 2, 1], 0));
        let factory = || -> Noting { panic!("there is no socket") };
        assert!(create_datagram_endpoint(elsewhere, None, factory).is_err());
    });
}
