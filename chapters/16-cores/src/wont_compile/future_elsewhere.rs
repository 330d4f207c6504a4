//! A closure that takes an `Rc` along cannot be sent to a core. One that makes its `Rc` there can.

use std::rc::Rc;

use cores::Cores;

pub fn hand_over(cores: &Cores) {
    let till = Rc::new(7);
    drop(cores.spawn(move || async move { *till }));
}
