//! However a connection ends, its descriptor is closed, also while handles are kept.

use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use event_loop::Clock;
use protocols::{
    DatagramProtocol, Protocol, Transport, create_connection, create_datagram_endpoint,
    create_server,
};
use timers::sleep;

use crate::anywhere;

const LIMIT: Duration = Duration::from_secs(60);

/// How many this process has.
fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Does one thing in `data_received`.
struct Does(Option<Transport>, fn(&Transport));

impl Protocol for Does {
    fn connection_made(&mut self, transport: Transport) {
        self.0 = Some(transport);
    }

    fn data_received(&mut self, _: &[u8]) {
        (self.1)(self.0.as_ref().unwrap());
    }
}

impl DatagramProtocol for Does {
    fn datagram_received(&mut self, _: &[u8], _: std::net::SocketAddr) {}
}

/// Run in a process of its own, where nobody else opens files.
#[test]
#[ignore = "run by the test below"]
fn descriptors_are_closed_alone() {
    let _hook = wakers::set_panic_hook(Rc::new(|_: &wakers::PanicReport<'_>| {}));
    let endings: [fn(&Transport); 5] = [
        Transport::close,
        Transport::abort,
        |_| panic!("no fuel"),
        Transport::pause_reading,
        |transport| {
            transport.write(&[0; 1 << 24]);
            transport.close();
        },
    ];
    net::run(Clock::virtual_time(), async {
        let before = descriptors();
        let mut kept = Vec::new();
        for ending in endings {
            for ours in [Transport::close, Transport::abort, |_: &Transport| {}] {
                let server = create_server(anywhere(), move || Does(None, ending));
                let server = server.unwrap();
                let connect =
                    create_connection(server.local_addr(), || Does(None, |_| {}));
                let (transport, task) = connect.await.unwrap();
                transport.write(b"x");
                sleep(Duration::from_secs(1)).await;
                ours(&transport);
                sleep(Duration::from_secs(1)).await;
                task.abort();
                server.shutdown(Duration::ZERO).await;
                kept.push(transport);
                sleep(Duration::from_secs(1)).await;
                assert_eq!(descriptors(), before);
            }
        }
        let nobody = std::net::TcpListener::bind(anywhere()).unwrap();
        let address = nobody.local_addr().unwrap();
        drop(nobody);
        assert!(
            create_connection(address, || Does(None, |_| {}))
                .await
                .is_err()
        );
        drop(create_connection(address, || Does(None, |_| {})));
        let (sends, task) =
            create_datagram_endpoint(anywhere(), None, || Does(None, |_| {})).unwrap();
        let (also_sends, cancelled) =
            create_datagram_endpoint(anywhere(), None, || Does(None, |_| {})).unwrap();
        sends.close();
        cancelled.abort();
        task.await.unwrap();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(descriptors(), before);
        drop((sends, also_sends, kept));
    })
    .unwrap();
}

#[test]
fn descriptors_are_closed() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = "descriptors::descriptors_are_closed_alone";
    command.args([name, "--exact", "--ignored", "--nocapture"]);
    let finished = workbook_tests::process::run_limited(&mut command, LIMIT).unwrap();
    assert!(
        finished.status.success() && finished.stdout.contains("1 passed"),
        "{}\n{}",
        finished.stdout,
        finished.stderr
    );
}
