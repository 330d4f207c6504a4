//! Two steps of the driver and two of the passenger: the six orders they can come in, without and with a token.

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: steps
#[derive(Clone, Copy)]
enum Step {
    /// The driver looks at the flag, and drives if it is up.
    Look,
    /// The driver lies down, unless he drives.
    LieDown,
    /// The passenger raises the flag.
    Raise,
    /// The passenger rings the bell: it wakes whoever sleeps.
    Ring,
}

/// Whether the driver is awake when all four have happened.
fn awake(order: [Step; 4], with_token: bool) -> bool {
    let (mut up, mut drives, mut asleep, mut token) = (false, false, false, false);
    for step in order {
        match step {
            Step::Look => drives = up,
            Step::LieDown => asleep = !drives && !token,
            Step::Raise => up = true,
            Step::Ring => {
                token = with_token;
                asleep = false;
            }
        }
    }
    !asleep
}
// ANCHOR_END: steps

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    use Step::{LieDown, Look, Raise, Ring};
    let outcome = |awake| if awake { "woken" } else { "LOST" };
    let orders = [
        ("look, lie down, raise, ring", [Look, LieDown, Raise, Ring]),
        ("look, raise, lie down, ring", [Look, Raise, LieDown, Ring]),
        ("look, raise, ring, lie down", [Look, Raise, Ring, LieDown]),
        ("raise, look, lie down, ring", [Raise, Look, LieDown, Ring]),
        ("raise, look, ring, lie down", [Raise, Look, Ring, LieDown]),
        ("raise, ring, look, lie down", [Raise, Ring, Look, LieDown]),
    ];
    say!("{:29}  no token  token", "order");
    for (name, order) in orders {
        let without = outcome(awake(order, false));
        let with = outcome(awake(order, true));
        say!("{name:29}  {without:8}  {with}");
    }
    Ok(())
}
// ANCHOR_END: main
