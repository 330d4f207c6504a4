//! The handle of a task, for a thread that is to cancel it.

use std::thread;

use task_cell::JoinHandle;

pub fn call_off(ride: JoinHandle<u32>) {
    thread::spawn(move || ride.cancel());
}
