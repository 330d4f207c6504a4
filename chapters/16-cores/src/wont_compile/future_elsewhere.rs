//! A future with an `Rc` in it cannot be sent to a core. What makes one there can.

use std::rc::Rc;

use cores::Cores;

pub fn hand_over(cores: &Cores) {
    let shift = async {
        let till = Rc::new(7);
        polling::yield_now().await;
        *till
    };
    drop(cores.spawn(move || shift));
}
