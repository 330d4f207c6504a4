//! An `async fn` that is called and not awaited does nothing; awaited or driven, it runs.
//!
//! rows: P02
//! twin: own, Python sees it at run time, when the coroutine is thrown away; and it can spawn already

use chapter::{Args, BadInput};
use polling::spin_on;
use trace::say;

// ANCHOR: main
async fn call_a_taxi(name: char) {
    say!("   taxi {name} is called");
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    {
        let _forgotten = call_a_taxi('A');
        say!("A: made");
    }
    say!("A: thrown away");

    let future = call_a_taxi('B');
    say!("B: made");
    let evening = async {
        say!("B: now awaited");
        future.await;
    };
    say!("the evening: made");
    spin_on(evening);
    say!("the evening: driven to its end");
    Ok(())
}
// ANCHOR_END: main
