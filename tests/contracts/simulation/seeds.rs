//! The same seed is the same run.

use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt};
use simulation::{
    Datagrams, Event, Link, Listener, Outcome, Simulated, Simulation, World, faults,
};
use workbook_tests::limits::quick_or_full;

const HOSTS: [&str; 4] = ["a", "b", "c", "d"];

/// Talks to all others, over streams and by datagrams, and writes down what it hears.
async fn talk(world: Simulated) -> Outcome {
    let listener = world.bind(1).await?;
    let (socket, written) = (world.datagrams(2).await?, world.clone());
    let _hears = taxi::spawn(async move {
        loop {
            let mut stream = listener.accept().await?;
            let written = written.clone();
            let _heard = taxi::spawn(async move {
                let mut heard = Vec::new();
                stream.read_to_end(&mut heard).await?;
                written.append("heard", &heard).await?;
                written.sync("heard").await
            });
        }
        #[expect(unreachable_code, reason = "it says what the errors are")]
        std::io::Result::Ok(())
    });
    loop {
        let other = HOSTS[world.random() as usize % HOSTS.len()];
        let talk = async {
            let peer = socket.peer(other, 2).await?;
            socket.send_to(&[0; 100], &peer).await?;
            let mut stream = world.connect(other, 1).await?;
            stream
                .write_all(&vec![0; world.random() as usize % 5000])
                .await?;
            stream.close().await
        };
        // Whatever comes of it.
        _ = world.timeout(Duration::from_secs(3), talk).await;
        world
            .sleep(Duration::from_millis(world.random() % 2000))
            .await;
    }
}

fn simulation(seed: u64) -> Simulation {
    let mut simulation = Simulation::new(seed);
    let link = Link::new(Duration::from_millis(10)).jitter(Duration::from_millis(20));
    let link = link.loss(0.05).duplication(0.05).reordering(0.05);
    simulation.links(link.bandwidth(100_000));
    for name in HOSTS {
        simulation.host(name, talk);
    }
    simulation.plan(&faults(seed, &HOSTS, 10, Duration::from_secs(20)));
    simulation
}

fn events(seed: u64) -> Vec<Event> {
    let mut simulation = simulation(seed);
    simulation.keep_events();
    simulation.run_for(Duration::from_secs(20)).unwrap();
    simulation.events()
}

/// A thousand seeds, each run twice, event by event.
#[test]
fn the_same_seed_is_the_same_run_event_by_event() {
    let mut prints = std::collections::BTreeSet::new();
    let seeds = quick_or_full(15, 1000);
    for seed in 0..seeds {
        let (one, other) = (events(seed), events(seed));
        let differ = one.iter().zip(&other).find(|(one, other)| one != other);
        assert_eq!(differ, None, "seed {seed}");
        assert_eq!(one.len(), other.len(), "seed {seed}");
        let mut once_more = simulation(seed);
        once_more.run_for(Duration::from_secs(20)).unwrap();
        prints.insert(once_more.fingerprint());
    }
    assert_eq!(
        prints.len() as u64,
        seeds,
        "and another seed is another run"
    );
}

#[test]
fn keeping_events_changes_nothing() {
    for seed in 0..5 {
        let prints = [false, true].map(|keep| {
            let mut simulation = simulation(seed);
            if keep {
                simulation.keep_events();
            }
            // In pieces, or at once.
            for _ in 0..if keep { 10 } else { 1 } {
                let time = Duration::from_secs(if keep { 2 } else { 20 });
                simulation.run_for(time).unwrap();
            }
            simulation.fingerprint()
        });
        assert_eq!(prints[0], prints[1], "seed {seed}");
    }
}
