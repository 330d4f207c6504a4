//! How often a busy loop polls until a call has come, and how often a sleeping one.
//!
//! twin: same
//! flag: --looks N  how often the busy loop has looked when the passenger dials (1000)

use std::future::poll_fn;
use std::pin::Pin;
use std::thread;

use chapter::{Args, BadInput};
use polling::{counted, spin_on};
use trace::say;
use wakers::{Caller, block_on, phone};

// ANCHOR: call
/// A call that is waited for. The passenger dials when the driver has looked `looks` times.
fn call(
    looks: u64,
    dials: impl FnOnce(Caller<&'static str>),
) -> impl Future<Output = &'static str> {
    let (caller, mut phone) = phone();
    let (mut passenger, mut looked) = (Some((caller, dials)), 0);
    poll_fn(move |context| {
        let heard = Pin::new(&mut phone).poll(context);
        looked += 1;
        if looked == looks
            && let Some((caller, dials)) = passenger.take()
        {
            dials(caller);
        }
        heard.map(|street| street.unwrap_or("nowhere"))
    })
}
// ANCHOR_END: call

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let looks: u64 = args.number("looks", 1..=100_000_000)?.unwrap_or(1000);
    let busy = spin_on(call(looks, |caller| caller.say("Main Street")));
    say!("busy loop: {}, after {} polls", busy.output, busy.polls);

    let (call, polls) = counted(call(1, |caller| {
        thread::spawn(|| caller.say("Main Street"));
    }));
    let street = block_on(call);
    say!("sleeping loop: {street}, after {} polls", polls.get());
    Ok(())
}
// ANCHOR_END: main
