//! A client gives its wish up when no answer comes, and wishes anew. The desk takes each for another wish.
//!
//! twin: none, asyncio has no simulated network

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::dispatch::{Client, Desk, History, Op, Settings, Verdict, check, serve};
use simulation::{Outcome, Simulation, World};
use trace::say;

// ANCHOR: main
/// Asks, and after a while asks again: with a new number, since it calls `ask` again.
async fn insist<W: World>(world: &W, client: &mut Client<W>) -> Outcome {
    let limit = Duration::from_millis(150);
    while world
        .timeout(limit, client.ask(Op::order("Ann")))
        .await
        .is_err()
    {}
    Ok(())
}
// ANCHOR_END: main

async fn ann<W: World>(
    world: W,
    control: simulation::Control,
    book: Rc<History>,
) -> Outcome {
    let mut client = Client::new(world.clone(), 1, 1).await?;
    book.ask(&mut client, "Ann", Op::Ask).await?;
    control.cut("desk-1", "Ann");
    let heals = async {
        world.sleep(Duration::from_millis(400)).await;
        control.heal();
    };
    let ((), done) = taxi::join(heals, insist(&world, &mut client)).await;
    done?;
    book.ask(&mut client, "Ann", Op::Ask).await?;
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut simulation = Simulation::new(7);
    let alone = Settings {
        replicas: 1,
        ..Settings::default()
    };
    simulation.host("desk-1", move |world| serve(world, 1, alone.clone()));
    let (history, control) = (Rc::new(History::default()), simulation.control());
    let book = Rc::clone(&history);
    simulation.client("Ann", move |world| {
        ann(world, control.clone(), Rc::clone(&book))
    });
    if let Err(failure) = simulation.run() {
        say!("{failure}");
    }
    let history = history.calls();
    for call in &history {
        say!("{call}");
    }
    // She has wished for one taxi, and nobody else has wished for any.
    let one = simulation::dispatch::Call {
        who: "Ann".into(),
        op: Op::order("Ann"),
        asked: 3,
        answered: None,
    };
    let history = [&history[..1], &[one], &history[1..]].concat();
    let fits = matches!(check(Desk::new(5), &history, 1_000), Verdict::Fits(_));
    say!("one wish explains it: {fits}");
    Ok(())
}
