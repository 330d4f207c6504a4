//! A desk does what a client wants, and its answer is lost. The client asks again: it has one taxi.
//!
//! twin: none, asyncio has no simulated network

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::dispatch::{Client, History, Op, Settings, serve};
use simulation::{Simulation, World};
use trace::say;

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut simulation = Simulation::new(7);
    let alone = Settings {
        replicas: 1,
        ..Settings::default()
    };
    simulation.host("desk-1", move |world| serve(world, 1, alone.clone()));
    let (history, control) = (Rc::new(History::default()), simulation.control());
    let book = Rc::clone(&history);
    // ANCHOR: main
    simulation.client("Ann", move |world| {
        let (book, control) = (Rc::clone(&book), control.clone());
        async move {
            let mut client = Client::new(world.clone(), 1, 1).await?;
            book.ask(&mut client, "Ann", Op::Ask).await?;
            // From now on Ann is heard, and hears nothing.
            control.cut("desk-1", "Ann");
            let heals = async {
                world.sleep(Duration::from_secs(1)).await;
                control.heal();
            };
            let order = book.ask(&mut client, "Ann", Op::order("Ann"));
            let ((), order) = taxi::join(heals, order).await;
            order?;
            book.ask(&mut client, "Ann", Op::Ask).await?;
            Ok(())
        }
    });
    // ANCHOR_END: main
    if let Err(failure) = simulation.run() {
        say!("{failure}");
    }
    for call in history.calls() {
        say!("{call}");
    }
    Ok(())
}
