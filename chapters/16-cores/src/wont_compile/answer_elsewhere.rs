//! What comes back is mail as well, so it must be `Send`.

use std::rc::Rc;

use cores::Cores;

pub fn ask(cores: &Cores) {
    drop(cores.spawn(|| async { Rc::new(7) }));
}
