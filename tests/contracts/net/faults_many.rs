//! Ten thousand connections on one loop.

use std::net::Ipv4Addr;

use task_cell::spawn;
use workbook_tests::limits::quick_or_full;

use super::*;

/// What a process has open besides its connections, generously.
const OTHERS: usize = 50;

/// What the server says first.
const GREETING: &[u8; 1] = b"?";

/// As many as are wanted, or as this process may have.
fn connections() -> usize {
    let wanted = quick_or_full(500, 10_000);
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let mut lines = limits.lines();
    let line = lines.find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3));
    // 256 is the least that is usual.
    let most: usize = soft.and_then(|soft| soft.parse().ok()).unwrap_or(256);
    let count = wanted.min(most.saturating_sub(OTHERS));
    if count < wanted {
        eprintln!("only {count} connections: the limit of open files allows no more");
    }
    count
}

/// Where this run listens. What a run leaves behind in the kernel for a minute counts for one address alone.
fn own_address() -> SocketAddr {
    let [_, _, c, d] = std::process::id().to_be_bytes();
    match cfg!(target_os = "linux") {
        true => SocketAddr::from((Ipv4Addr::new(127, 1, c, d.max(1)), 0)),
        false => anywhere(),
    }
}

/// The other ends are in another process: a limit of open files holds for each.
#[test]
fn ten_thousand_connections_are_served_by_one_loop() {
    alone("many::served_alone", &[]);
}

#[test]
#[ignore = "run in a process of its own by ten_thousand_connections_are_served_by_one_loop"]
fn served_alone() {
    let count = connections();
    let process = real(move || async move {
        let listener = TcpListener::bind(own_address()).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let process = thread::spawn(move || {
            let count = count.to_string();
            alone(
                "many::calls_alone",
                &[("ADDRESS", &address), ("COUNT", &count)],
            );
        });
        let mut served = Vec::new();
        for _ in 0..count {
            let (stream, _) = listener.accept().await.unwrap();
            served.push(spawn(async move {
                let mut byte = *GREETING;
                stream.write_all(&byte).await?;
                while stream.read(&mut byte).await? > 0 {
                    stream.write_all(&[byte[0] ^ 1]).await?;
                }
                io::Result::Ok(())
            }));
        }
        // All are open at once: nobody has ended before the last has come.
        assert!(served.iter().all(|task| !task.is_finished()));
        for task in served {
            task.await.unwrap().unwrap();
        }
        process
    });
    process.join().unwrap();
}

#[test]
#[ignore = "run in a process of its own by served_alone"]
fn calls_alone() {
    let Ok(address) = std::env::var("ADDRESS") else {
        return;
    };
    let count: usize = std::env::var("COUNT").unwrap().parse().unwrap();
    real(move || async move {
        let address = address.parse().unwrap();
        let mut streams = Vec::new();
        for _ in 0..count {
            let stream = TcpStream::connect(address).await.unwrap();
            // Only so many may wait to be accepted; whoever comes on top of them is let in seconds later.
            let mut greeting = [0];
            stream.read_exact(&mut greeting).await.unwrap();
            assert_eq!(greeting, *GREETING);
            streams.push(stream);
        }
        let clients = streams.into_iter().map(|stream| {
            spawn(async move {
                for byte in 0..3 {
                    stream.write_all(&[byte]).await?;
                    let mut answer = [0];
                    stream.read_exact(&mut answer).await?;
                    assert_eq!(answer[0], byte ^ 1);
                }
                io::Result::Ok(stream)
            })
        });
        let clients: Vec<_> = clients.collect();
        let mut answered = Vec::new();
        for client in clients {
            answered.push(client.await.unwrap().unwrap());
        }
        assert_eq!(answered.len(), count);
    });
}
