//! A task waits for its own core, which could go on only if the task let it: that is told by a panic.
//!
//! twin: none, `result()` on the loop's own thread waits for ever

use chapter::{Args, BadInput};
use cores::Cores;
use task_cell::JoinError;
use threads::HandleExt;
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let cores = Cores::new(1).map_err(|error| BadInput::new(error.to_string()))?;
    let own = cores.handle(0);
    // Without the report on standard error that every panic makes.
    std::panic::set_hook(Box::new(|_| {}));
    let knot = cores.spawn(move || async move { own.spawn(|| async { 7 }).wait() });
    match knot.wait() {
        Err(JoinError::Panicked(panic)) => {
            say!("{}", panic.message().unwrap_or_default())
        }
        _ => say!("it has waited"),
    }
    Ok(())
}
// ANCHOR_END: main
