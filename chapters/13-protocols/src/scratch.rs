//! What all connections of a thread read into, so that one that waits has no memory of its own for it.

use std::cell::Cell;

/// As much as one read brings at most.
const SIZE: usize = 64 * 1024;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The thread's buffer; a new one if somebody has that, or the thread is about to end.
pub(crate) fn scratch() -> Vec<u8> {
    let mut bytes = SCRATCH.try_with(Cell::take).unwrap_or_default();
    bytes.resize(SIZE, 0);
    bytes
}

/// Puts it back.
pub(crate) fn keep_scratch(bytes: Vec<u8>) {
    let _ = SCRATCH.try_with(|scratch| scratch.set(bytes));
}
