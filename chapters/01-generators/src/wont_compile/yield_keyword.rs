//! The generator as one would like to write it: stable Rust keeps `yield` for later.

pub fn countdown(mut n: u32) {
    let _generator = move || {
        while n > 0 {
            yield n;
            n -= 1;
        }
        "lift-off"
    };
}
