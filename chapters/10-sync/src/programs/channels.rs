//! Four channels: a call with the answer's way back, a price of which only the newest counts, news for everybody.
//!
//! twin: none, asyncio has queues alone
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::broadcast::RecvError;
use sync::{broadcast, mpsc, oneshot, watch};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: ask
/// A way to go, and where the fare is to be told.
type Call = (u64, oneshot::Sender<u64>);

async fn office(mut calls: mpsc::Receiver<Call>, price: watch::Receiver<u64>) {
    while let Some((kilometres, answer)) = calls.recv().await {
        sleep(Duration::from_secs(1)).await;
        let _hung_up = answer.send(kilometres * *price.get());
    }
    say!("{} s  nobody is left who could call", now().as_secs());
}

async fn caller(kilometres: u64, calls: mpsc::Sender<Call>) {
    let (answer, fare) = oneshot::channel();
    let _open = calls.send((kilometres, answer)).await;
    match fare.await {
        Ok(fare) => say!("{} s  {kilometres} km: {fare}", now().as_secs()),
        Err(_) => say!("{} s  {kilometres} km: no answer", now().as_secs()),
    }
}
// ANCHOR_END: ask

// ANCHOR: tell
async fn driver(mut radio: broadcast::Receiver<&str>) {
    loop {
        sleep(Duration::from_secs(4)).await;
        match radio.recv().await {
            Ok(news) => say!("{} s  radio: {news}", now().as_secs()),
            Err(RecvError::Lagged(missed)) => {
                say!("{} s  radio: {missed} missed", now().as_secs())
            }
            Err(RecvError::Closed) => break,
        }
    }
}
// ANCHOR_END: tell

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let (calls, desk) = mpsc::bounded(2);
        let (price, board) = watch::channel(2);
        let (radio, on_the_road) = broadcast::channel(2);
        let office = spawn(office(desk, board));
        let callers = [4, 7, 3].map(|kilometres| spawn(caller(kilometres, calls.clone())));
        drop(calls);
        let driver = spawn(driver(on_the_road));
        for news in ["fog", "rain", "a fair", "snow"] {
            let _heard = radio.send(news);
        }
        sleep(Duration::from_millis(1500)).await;
        let _seen = (price.send(3), price.send(5));
        drop(radio);
        for caller in callers {
            let _told = caller.await;
        }
        let _home = (office.await, driver.await);
    });
    Ok(())
}
// ANCHOR_END: main
