//! Many sockets on one loop.

use std::net::SocketAddr;
use std::thread;

use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use tasks::spawn;

use super::{alone, anywhere, limited, real};

/// What a process has open besides its connections, generously.
const OTHERS: usize = 20;

/// What the server says first.
const GREETING: &[u8; 1] = b"?";

/// A thousand connections, or as many as this process may have with `ends` of each in it.
fn connections(ends: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3));
    // 256 is the least that is usual.
    let most: usize = soft.and_then(|soft| soft.parse().ok()).unwrap_or(256);
    let count = 1000.min(most.saturating_sub(OTHERS) / ends);
    if count < 1000 {
        eprintln!("only {count} connections: the limit of open files allows no more");
    }
    count
}

/// Takes `count` connections, greets each with a byte, and answers on all of them until they have ended.
async fn serve(listener: TcpListener, count: usize) {
    let mut served = Vec::new();
    for _ in 0..count {
        let (stream, _) = listener.accept().await.unwrap();
        served.push(spawn(async move {
            let mut byte = *GREETING;
            stream.write_all(&byte).await.unwrap();
            while stream.read(&mut byte).await.unwrap() > 0 {
                stream.write_all(&[byte[0] ^ 1]).await.unwrap();
            }
        }));
    }
    // Those who have their answers wait for the others.
    assert!(served.iter().all(|task| !task.is_finished()));
    for task in served {
        task.await;
    }
}

/// Opens `count` connections, before the first one speaks, and ends them after the last one has got its ten answers.
async fn talk(address: SocketAddr, count: usize) {
    let mut streams = Vec::new();
    for _ in 0..count {
        let stream = TcpStream::connect(address).await.unwrap();
        // The next one waits for the greeting: only 128 may wait to be accepted, and whoever comes on top of them is
        // let in seconds later.
        let mut greeting = [0];
        assert_eq!(stream.read(&mut greeting).await.unwrap(), 1);
        assert_eq!(greeting, *GREETING);
        streams.push(stream);
    }
    let clients = streams.into_iter().map(|stream| {
        spawn(async move {
            for byte in 0..10 {
                stream.write_all(&[byte]).await.unwrap();
                let mut answer = [0];
                assert_eq!(stream.read(&mut answer).await.unwrap(), 1);
                assert_eq!(answer[0], byte ^ 1);
            }
            stream
        })
    });
    let clients: Vec<_> = clients.collect();
    let mut answered = Vec::new();
    for client in clients {
        answered.push(client.await);
    }
    assert_eq!(answered.len(), count);
}

/// The other ends are in another process: the usual limit of 1,024 open files holds for each.
#[test]
fn a_thousand_connections_on_one_loop() {
    alone("many::a_thousand_connections_on_one_loop_alone", &[]);
}

#[test]
#[ignore = "run in a process of its own by a_thousand_connections_on_one_loop"]
fn a_thousand_connections_on_one_loop_alone() {
    let count = connections(1);
    real(move || async move {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (caller, phone) = wakers::phone();
        let process = thread::spawn(move || {
            let count = count.to_string();
            let environment = [("ADDRESS", &*address), ("CONNECTIONS", &*count)];
            alone("many::the_other_ends_alone", &environment);
            caller.say(());
        });
        // If they fail there, nobody connects any more: the panic of this task ends the loop.
        let clients = spawn(async move {
            let answered = phone.await;
            answered.expect("the clients fail, and say above how");
        });
        serve(listener, count).await;
        clients.await;
        process.join().unwrap();
    });
}

#[test]
#[ignore = "run in a process of its own by a_thousand_connections_on_one_loop_alone"]
fn the_other_ends_alone() {
    let Ok(address) = std::env::var("ADDRESS") else {
        return;
    };
    let count = std::env::var("CONNECTIONS").unwrap().parse().unwrap();
    real(move || talk(address.parse().unwrap(), count));
}

/// Here the clock must know of each connection what is on its way.
#[test]
fn many_connections_with_both_ends_on_one_loop() {
    alone("many::both_ends_alone", &[]);
}

#[test]
#[ignore = "run in a process of its own by many_connections_with_both_ends_on_one_loop"]
fn both_ends_alone() {
    let count = connections(2);
    let both = move || async move {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let server = spawn(serve(listener, count));
        talk(address, count).await;
        server.await;
    };
    limited(move || readiness::run(Clock::virtual_time(), both()).unwrap());
}
