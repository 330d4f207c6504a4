//! Ten clients upload a picture each, in ten rounds; the report has figures that can be checked by hand.
//!
//! rows: P39
//! twin: same
//! clock: virtual

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Http, Load, Plan, Report, figures, on_clock, short};
use taxi::time::sleep;
use trace::say;
use web::{App, Request, Running, Server};

// ANCHOR: server
/// In round 1 the first upload takes 10 ms, the second 20 ms, and so on to the tenth. In
/// round 2 each takes twice as long.
fn serve() -> io::Result<Running> {
    let uploads = Cell::new(0);
    let app = App::new().post("/picture", async move |mut request: Request| {
        while request.body().chunk().await?.is_some() {}
        let number = uploads.replace(uploads.get() + 1);
        let (round, place) = (number / 10 + 1, number % 10 + 1);
        sleep(Duration::from_millis(10 * round * place)).await;
        Ok::<_, web::Error>("thank you\n")
    });
    Server::bind(([127, 0, 0, 1], 0).into())?.serve(app)
}
// ANCHOR_END: server

// ANCHOR: round
/// Each client uploads once.
async fn round(target: &Rc<Http>) -> Report {
    let mut plan = Plan::new(10);
    plan.requests = Some(10);
    let target = Rc::clone(target);
    let load = Load::new(plan);
    load.run(async move |client, _number| target.send(client).await)
        .await
}

fn tell(round: u32, report: &Report) {
    let latencies = &report.tally.since_due;
    let (max, min) = (short(latencies.max()), short(latencies.min()));
    let (p90, mean) = (short(latencies.quantile(0.9)), short(latencies.mean()));
    let rate = figures(report.per_second());
    say!("round {round:>2}: max {max}, min {min}, p90 {p90}, mean {mean}, {rate}/s");
}
// ANCHOR_END: round

// ANCHOR: main
async fn ten_rounds() -> io::Result<()> {
    let server = serve()?;
    let url = format!("http://{}/picture", server.local_addr());
    let target = Http::new(&url).map_err(io::Error::other)?;
    let picture = vec![0; 256 * 1024];
    let target = Rc::new(target.upload(picture).look_up().await?);
    let mut all = round(&target).await;
    tell(1, &all);
    for number in 2..=10 {
        sleep(Duration::from_secs(3)).await; // as the article does
        let next = round(&target).await;
        tell(number, &next);
        all.add(&next);
    }
    say!("\nin all ten rounds:\n{all}");
    server.shutdown(Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let uploaded = on_clock(args.real(), ten_rounds())?;
    uploaded.map_err(|error| BadInput::new(error.to_string()))
}
