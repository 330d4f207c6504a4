//! Four clients ask a web server for a page, forty times in all; every tenth answer is slow.
//!
//! twin: none, what asyncio would say stands beside `upload`
//! clock: virtual

use std::cell::Cell;
use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Http, Load, Plan, on_clock};
use taxi::time::sleep;
use trace::say;
use web::{App, Running, Server};

// ANCHOR: server
/// Needs 15 ms for a page, and 240 ms for every tenth.
fn serve() -> io::Result<Running> {
    let asked = Cell::new(0);
    let app = App::new().get("/", async move |_| {
        asked.set(asked.get() + 1);
        let slow = asked.get() % 10 == 0;
        sleep(Duration::from_millis(if slow { 240 } else { 15 })).await;
        "a taxi\n".repeat(1000)
    });
    Server::bind(([127, 0, 0, 1], 0).into())?.serve(app)
}
// ANCHOR_END: server

// ANCHOR: main
async fn ask() -> io::Result<()> {
    let server = serve()?;
    let url = format!("http://{}/", server.local_addr());
    let target = Http::new(&url).map_err(io::Error::other)?;
    let target = target.look_up().await?;
    let mut plan = Plan::new(4);
    plan.requests = Some(40);
    let load = Load::new(plan);
    let report = load
        .run(async move |client, _number| target.send(client).await)
        .await;
    say!("{report}\n\n{}", report.chart());
    server.shutdown(Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let asked = on_clock(args.real(), ask())?;
    asked.map_err(|error| BadInput::new(error.to_string()))
}
