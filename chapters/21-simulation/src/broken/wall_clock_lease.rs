//! A leader answers by itself as long as its lease holds, by its own clock. The clock is slow.
//!
//! twin: none, asyncio has no simulated network

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::dispatch::{
    Client, Desk, History, Op, Reads, Settings, Verdict, check, host, serve,
};
use simulation::{Control, Fault, Outcome, Simulation, World};
use trace::say;

const SECOND: Duration = Duration::from_secs(1);

// ANCHOR: script
/// Ann finds out who leads. Two seconds later that one is cut off from all but Ben,
/// with a clock at a tenth of its speed.
async fn ann<W: World>(world: W, control: Control, book: Rc<History>) -> Outcome {
    let mut client = Client::new(world.clone(), 1, 3).await?;
    book.ask(&mut client, "Ann", Op::order("Ann")).await?;
    let leader = host(client.leader());
    let drift = Fault::Drift {
        host: leader.clone(),
        ppm: -900_000,
    };
    world
        .sleep(SECOND.saturating_sub(Duration::from_millis(1)))
        .await;
    control.fault(drift, 3 * SECOND);
    control.fault(Fault::Partition(vec![leader, "Ben".into()]), 2 * SECOND);
    Ok(())
}

/// Ben asks before, and again eight tenths of a second after that.
async fn ben<W: World>(world: W, book: Rc<History>) -> Outcome {
    let mut client = Client::new(world.clone(), 2, 3).await?;
    world.sleep(SECOND / 2).await;
    book.ask(&mut client, "Ben", Op::Ask).await?;
    world.sleep(SECOND + SECOND * 4 / 5).await;
    book.ask(&mut client, "Ben", Op::Ask).await?;
    Ok(())
}

// ANCHOR_END: script

/// Cora is on the other side, where there is another leader soon.
async fn cora<W: World>(world: W, book: Rc<History>) -> Outcome {
    let mut client = Client::new(world.clone(), 3, 3).await?;
    world.sleep(SECOND + SECOND * 3 / 5).await;
    book.ask(&mut client, "Cora", Op::order("Cora")).await?;
    Ok(())
}

fn night(reads: Reads) {
    let mut simulation = Simulation::new(7);
    for id in 1..=3 {
        let settings = Settings {
            reads,
            ..Settings::default()
        };
        simulation.host(&host(id), move |world| serve(world, id, settings.clone()));
    }
    let (history, control) = (Rc::new(History::default()), simulation.control());
    let book = Rc::clone(&history);
    simulation.client("Ann", move |it| ann(it, control.clone(), Rc::clone(&book)));
    let book = Rc::clone(&history);
    simulation.client("Ben", move |it| ben(it, Rc::clone(&book)));
    let book = Rc::clone(&history);
    simulation.client("Cora", move |it| cora(it, Rc::clone(&book)));
    say!("{reads:?}");
    if let Err(failure) = simulation.run() {
        say!("  {failure}");
    }
    let history = history.calls();
    for call in &history {
        say!("  {call}");
    }
    let fits = matches!(check(Desk::new(5), &history, 1_000), Verdict::Fits(_));
    say!("  one desk explains it: {fits}");
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    night(Reads::Log);
    night(Reads::Lease);
    Ok(())
}
