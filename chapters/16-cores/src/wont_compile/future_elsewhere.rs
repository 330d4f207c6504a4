//! A future with an `Rc` across an await cannot be sent to a core. What can be sent is a closure that makes it there.

use std::rc::Rc;

use cores::Cores;

pub fn hand_over(cores: &Cores) {
    let till = Rc::new(7);
    drop(cores.spawn(move || async move { *till }));
}
