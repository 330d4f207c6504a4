//! A task that borrows from the function that spawns it.

use trace::say;

pub async fn dispatch() {
    let address = String::from("Main Street");
    let ride = tasks::spawn(async {
        say!("to {address}");
    });
    ride.await;
}
