//! A client that connects anew for every request measures how one connects.
//!
//! twin: none, what it shows is how our client counts
//! clock: virtual

use std::io;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Http, Load, Plan, on_clock};
use trace::say;
use web::{App, Server};

// ANCHOR: main
async fn compare() -> io::Result<()> {
    let app = App::new().get("/", async |_| "a taxi");
    let server = Server::bind(([127, 0, 0, 1], 0).into())?.serve(app)?;
    let url = format!("http://{}/", server.local_addr());
    for keep in [false, true] {
        let target = Http::new(&url).map_err(io::Error::other)?;
        let target = Rc::new(target.keep_alive(keep).look_up().await?);
        let mut plan = Plan::new(8);
        plan.requests = Some(400);
        let load = Load::new(plan);
        let client = Rc::clone(&target);
        let send = async move |number, _| client.send(number).await;
        let answered = load.run(send).await.tally.answered();
        let connections = target.connections();
        say!("keep-alive {keep}: {answered} answers, {connections} connections");
    }
    server.shutdown(Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let compared = on_clock(args.real(), compare())?;
    compared.map_err(|error| BadInput::new(error.to_string()))
}
