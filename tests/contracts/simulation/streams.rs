//! A stream brings every byte, once and in order, or says that it cannot.

use std::io::ErrorKind;
use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt};
use simulation::{Datagrams, Fault, Link, Listener, Outcome, Simulation, Stream, World};

use crate::Notes;

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|it| (it % 251) as u8).collect()
}

async fn sends<W: World>(world: W, count: usize) -> Outcome {
    let (mut reads, mut writes) = world.connect("b", 1).await?.into_split();
    writes.write_all(&bytes(count)).await?;
    writes.close().await?;
    let mut answer = Vec::new();
    reads.read_to_end(&mut answer).await?;
    assert_eq!(answer, b"all");
    Ok(())
}

async fn hears<W: World>(world: W, count: usize) -> Outcome {
    let listener = world.bind(1).await?;
    let mut stream = listener.accept().await?;
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await?;
    assert!(
        heard == bytes(count),
        "{} bytes of {count}, or others",
        heard.len()
    );
    stream.write_all(b"all").await?;
    stream.close().await?;
    Ok(())
}

#[test]
fn every_byte_arrives_once_and_in_order_over_a_link_that_loses_and_overtakes() {
    let seeds = workbook_tests::limits::quick_or_full(20, 300);
    for seed in 0..seeds {
        let mut simulation = Simulation::new(seed);
        let link = Link::new(Duration::from_millis(10)).jitter(Duration::from_millis(50));
        simulation.links(link.loss(0.2).bandwidth(1_000_000));
        let count = (seed as usize * 7919) % 300_000;
        simulation.host("b", move |world| hears(world, count));
        simulation.client("a", move |world| sends(world, count));
        assert_eq!(simulation.run(), Ok(()), "seed {seed}");
    }
}

#[test]
fn who_does_not_read_is_not_sent_more_than_there_is_room_for() {
    let notes = Notes::default();
    let mut simulation = Simulation::new(1);
    simulation.host("b", async |world| {
        let mut stream = world.bind(1).await?.accept().await?;
        world.sleep(Duration::from_secs(60)).await;
        stream.read_to_end(&mut Vec::new()).await?;
        Ok(())
    });
    let told = notes.clone();
    simulation.client("a", move |world| {
        let told = told.clone();
        async move {
            let mut stream = world.connect("b", 1).await?;
            let mut sent = 0;
            let write = async {
                loop {
                    sent += stream.write(&[0; 1000]).await?;
                }
            };
            let end = world.timeout(Duration::from_secs(30), write).await;
            let _: Result<std::io::Result<()>, _> = end;
            told.add(sent.to_string());
            stream.write_all(&[0; 500_000]).await?;
            told.add(world.now().as_secs().to_string());
            Ok(())
        }
    });
    assert_eq!(simulation.run(), Ok(()));
    assert_eq!(notes.take(), ["65536", "60"]);
}

/// Who has read tells of the room for more. If that is lost, it is told again: nothing else would end the wait.
#[test]
fn who_waits_for_room_is_told_of_it_again_when_that_was_lost() {
    let notes = Notes::default();
    let mut simulation = Simulation::new(1);
    simulation.host("b", async |world| {
        let mut stream = world.bind(1).await?.accept().await?;
        world.sleep(Duration::from_secs(2)).await;
        stream.read_to_end(&mut Vec::new()).await?;
        Ok(())
    });
    let (told, control) = (notes.clone(), simulation.control());
    simulation.client("a", move |world| {
        let (told, control) = (told.clone(), control.clone());
        async move {
            let mut stream = world.connect("b", 1).await?;
            stream.write_all(&[0; 65536]).await?;
            world.sleep(Duration::from_secs(1)).await;
            // All of it has arrived. What is lost is what `b` says of it.
            let (from, to) = ("b".into(), "a".into());
            control.fault(Fault::Cut { from, to }, Duration::from_secs(10));
            stream.write_all(&[0; 500]).await?;
            told.add((11..30).contains(&world.now().as_secs()).to_string());
            Ok(())
        }
    });
    assert_eq!(simulation.run(), Ok(()));
    assert_eq!(notes.take(), ["true"]);
}

/// What a call of `host` comes to, with a program `there` on host `b`.
fn call(host: &'static str, b: fn(simulation::Simulated) -> Pending) -> String {
    let notes = Notes::default();
    let mut simulation = Simulation::new(1);
    simulation.host("b", b);
    let told = notes.clone();
    simulation.client("a", move |world| {
        let told = told.clone();
        async move {
            let called = world.connect(host, 1).await;
            told.add(format!("{:?}", called.err().map(|it| it.kind())));
            told.add(format!("{:.3}", world.now().as_nanos() as f64 / 1e9));
            Ok(())
        }
    });
    assert_eq!(simulation.run(), Ok(()));
    notes.take().join(" ")
}

type Pending = std::pin::Pin<Box<dyn Future<Output = Outcome>>>;

#[test]
fn a_call_is_refused_or_not_heard() {
    assert_eq!(
        call("b", |_| Box::pin(async { Ok(()) })),
        "Some(ConnectionRefused) 0.002"
    );
    assert_eq!(
        call("c", |_| Box::pin(async { Ok(()) })),
        "Some(NotFound) 0.000"
    );
    let listens = |world: simulation::Simulated| -> Pending {
        Box::pin(async move {
            let _listener = world.bind(1).await?;
            assert_eq!(
                world.bind(1).await.unwrap_err().kind(),
                ErrorKind::AddrInUse
            );
            std::future::pending().await
        })
    };
    assert_eq!(call("b", listens), "None 0.002");
}

#[test]
fn a_dropped_stream_ends_or_is_reset_if_something_was_not_read() {
    for (sent, heard) in [(&b""[..], "Ok(0)"), (b"!", "Err(ConnectionReset)")] {
        let notes = Notes::default();
        let mut simulation = Simulation::new(1);
        simulation.host("b", async |world| {
            let stream = world.bind(1).await?.accept().await?;
            world.sleep(Duration::from_secs(1)).await;
            drop(stream);
            Ok(())
        });
        let told = notes.clone();
        simulation.client("a", move |world| {
            let told = told.clone();
            async move {
                let mut stream = world.connect("b", 1).await?;
                stream.write_all(sent).await?;
                let read = stream.read(&mut [0]).await;
                told.add(format!("{:?}", read.map_err(|it| it.kind())));
                Ok(())
            }
        });
        assert_eq!(simulation.run(), Ok(()));
        assert_eq!(notes.take(), [heard]);
    }
}

#[test]
fn datagrams_are_lost_doubled_and_overtaken_as_often_as_the_link_says() {
    let notes = Notes::default();
    let mut simulation = Simulation::new(3);
    let link = Link::new(Duration::from_millis(10))
        .loss(0.2)
        .duplication(0.1);
    simulation.links(link.reordering(0.05));
    let told = notes.clone();
    simulation.host("b", move |world| {
        let told = told.clone();
        async move {
            let (socket, mut buffer) = (world.datagrams(1).await?, [0; 8]);
            loop {
                socket.receive_from(&mut buffer).await?;
                told.add(u64::from_le_bytes(buffer).to_string());
            }
        }
    });
    simulation.client("a", async |world| {
        let socket = world.datagrams(0).await?;
        let peer = socket.peer("b", 1).await?;
        for number in 0..10_000_u64 {
            socket.send_to(&number.to_le_bytes(), &peer).await?;
            world.sleep(Duration::from_millis(20)).await;
        }
        world.sleep(Duration::from_secs(1)).await;
        Ok(())
    });
    assert_eq!(simulation.run(), Ok(()));
    let all: Vec<u64> = notes.take().iter().map(|it| it.parse().unwrap()).collect();
    let mut different = all.clone();
    different.sort_unstable();
    different.dedup();
    let (twice, overtaken) = (all.len() - different.len(), all.windows(2));
    let overtaken = overtaken.filter(|pair| pair[0] > pair[1]).count();
    assert!(
        (7_800..8_200).contains(&different.len()),
        "{}",
        different.len()
    );
    assert!((700..900).contains(&twice), "{twice}");
    assert!((300..500).contains(&overtaken), "{overtaken}");
}
