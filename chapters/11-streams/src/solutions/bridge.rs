//! Chapter 11, exercise 3: taxis come to a bridge that opens and shuts, until one of them loses a wheel.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{Context, Ended, StreamExt, stream, with};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
struct Bridge;

impl Context<&'static str> for Bridge {
    type Value = ();

    async fn enter(self) -> Result<(), &'static str> {
        sleep(Duration::from_secs(1)).await;
        say!("{:2} s  the bridge is open", now().as_secs());
        Ok(())
    }

    async fn exit(_: (), ended: Ended<'_, &'static str>) -> Result<(), &'static str> {
        sleep(Duration::from_secs(1)).await;
        say!("{:2} s  the bridge is shut: {ended:?}", now().as_secs());
        Ok(())
    }
}

fn taxis() -> impl Stream<Item = char> + Unpin {
    stream(async |mut yields| {
        for name in 'A'..='D' {
            sleep(Duration::from_secs(2)).await;
            yields.send(name).await;
        }
    })
}

async fn crossings() -> Result<u32, &'static str> {
    let mut taxis = taxis();
    let mut across = 0;
    while let Some(name) = taxis.next().await {
        say!("{:2} s  taxi {name} is at the bridge", now().as_secs());
        sleep(Duration::from_secs(3)).await;
        if name == 'C' {
            return Err("taxi C has lost a wheel");
        }
        across += 1;
        say!("{:2} s  taxi {name} is across", now().as_secs());
    }
    Ok(across)
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let outcome = with(Bridge, async |_| crossings().await).await;
        say!("{:2} s  {outcome:?}", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
