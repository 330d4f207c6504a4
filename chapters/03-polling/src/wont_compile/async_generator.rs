//! An asynchronous generator that returns a value.
//!
//! rows: P50
//! twin: own, Python has asynchronous generators, and refuses the value too

pub async gen fn ticker() -> u32 {
    yield 1;
    return 2;
}
