//! Chapter 10, exercise 3: a car wash with one bay, two dryers of different speed, and room for one wet car between.
//!
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Queue;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn dry(seconds: u64, wet: Rc<Queue<char>>) {
    while let Ok(car) = wet.get().await {
        sleep(Duration::from_secs(seconds)).await;
        say!("{:2} s  {car} is dry", now().as_secs());
        wet.task_done();
    }
    say!("{:2} s  a dryer goes home", now().as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let wet = Rc::new(Queue::bounded(1));
        let dryers = [10, 12].map(|seconds| spawn(dry(seconds, Rc::clone(&wet))));
        for car in 'A'..='E' {
            sleep(Duration::from_secs(3)).await;
            say!("{:2} s  {car} is washed", now().as_secs());
            let _open = wet.put(car).await;
        }
        wet.join().await;
        say!("{:2} s  all are dry", now().as_secs());
        wet.close();
        for dryer in dryers {
            let _home = dryer.await;
        }
        say!("{:2} s  closed", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
