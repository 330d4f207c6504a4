//! A buffer without a bound before a slow consumer: it grows for as long as the program runs, and so does the wait.
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
async fn taxi(queue: Rc<Queue<u64>>) {
    loop {
        sleep(Duration::from_secs(1)).await;
        let _ = queue.put(now().as_secs()).await;
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let queue = Rc::new(Queue::unbounded());
        let _taxi = spawn(taxi(Rc::clone(&queue)));
        for counted in 0..=1000 {
            let Ok(brought_at) = queue.get().await else {
                break;
            };
            if counted % 200 == 0 {
                let (time, waiting) = (now().as_secs(), queue.len());
                let age = time - brought_at;
                say!("{time:4} s  {waiting:4} are waiting, this one for {age:4} s");
            }
            sleep(Duration::from_secs(3)).await;
        }
    });
    Ok(())
}
// ANCHOR_END: main
