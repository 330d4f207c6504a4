//! Clean-up that needs an await, put in `Drop`: run there, it is refused; spawned there, nobody waits for it.
//!
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn to_the_garage(from: &'static str) {
    say!("{} s  {from}: on the way to the garage", now().as_secs());
    sleep(Duration::from_secs(3)).await;
    say!("{} s  {from}: in the garage", now().as_secs());
}

struct RunsIt;

impl Drop for RunsIt {
    fn drop(&mut self) {
        task_cell::run(Clock::virtual_time(), to_the_garage("run in Drop"));
    }
}

struct SpawnsIt;

impl Drop for SpawnsIt {
    fn drop(&mut self) {
        let _nobody_asks = spawn(to_the_garage("spawned in Drop"));
    }
}
// ANCHOR_END: main

async fn ride<T>(taxi: T) {
    sleep(Duration::from_secs(60)).await;
    drop(taxi);
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    // Without these both would be told on standard error.
    std::panic::set_hook(Box::new(|_| ()));
    let _reported = wakers::set_panic_hook(Rc::new(|panic| say!("reported: {panic}")));
    task_cell::run(Clock::real_if(args.real()), async {
        let (one, two) = (spawn(ride(RunsIt)), spawn(ride(SpawnsIt)));
        sleep(Duration::from_secs(5)).await;
        for ride in [one, two] {
            ride.cancel();
            say!(
                "{} s  main: cancelled, {}",
                now().as_secs(),
                ride.await.is_err()
            );
        }
        say!("{} s  main: all taxis are in the garage?", now().as_secs());
        sleep(Duration::from_secs(1)).await;
    });
    say!("the end of the run");
    Ok(())
}
