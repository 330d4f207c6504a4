//! Many sockets on one loop.

use readiness::{TcpListener, TcpStream};
use tasks::spawn;

use super::{alone, anywhere, limited};
use event_loop::Clock;

/// As many connections as this process may have, both ends counted; a thousand if it may.
fn connections() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3));
    // 256 is the least that is usual.
    let most: usize = soft.and_then(|soft| soft.parse().ok()).unwrap_or(256);
    1000.min(most.saturating_sub(40) / 2)
}

#[test]
fn a_thousand_connections_on_one_loop() {
    alone("many::a_thousand_connections_on_one_loop_alone", &[]);
}

#[test]
#[ignore = "run in a process of its own by a_thousand_connections_on_one_loop"]
fn a_thousand_connections_on_one_loop_alone() {
    let count = connections();
    if count < 1000 {
        eprintln!("only {count} connections: the limit of open files allows no more");
    }
    let answers = limited(move || {
        readiness::run(Clock::virtual_time(), async move {
            let listener = TcpListener::bind(anywhere()).unwrap();
            let address = listener.local_addr().unwrap();
            let _server = spawn(async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let _served_alone = spawn(async move {
                        let mut byte = [0];
                        while stream.read(&mut byte).await.unwrap() > 0 {
                            stream.write_all(&[byte[0] ^ 1]).await.unwrap();
                        }
                    });
                }
            });
            // All are open before the first one speaks.
            let mut streams = Vec::new();
            for _ in 0..count {
                streams.push(TcpStream::connect(address).await.unwrap());
            }
            let clients: Vec<_> = streams
                .into_iter()
                .map(|stream| {
                    spawn(async move {
                        for byte in 0..10 {
                            stream.write_all(&[byte]).await.unwrap();
                            let mut answer = [0];
                            assert_eq!(stream.read(&mut answer).await.unwrap(), 1);
                            assert_eq!(answer[0], byte ^ 1);
                        }
                    })
                })
                .collect();
            let mut answers = 0;
            for client in clients {
                client.await;
                answers += 10;
            }
            answers
        })
        .unwrap()
    });
    assert_eq!(answers, 10 * count);
}
