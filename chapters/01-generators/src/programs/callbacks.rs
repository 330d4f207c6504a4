//! Three stages as nested callbacks: the error in stage 2 reaches nobody who could use it.
//!
//! rows: P12
//! twin: same

use std::collections::VecDeque;

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: dispatcher
type Callback = Box<dyn FnOnce(&mut Dispatcher, String)>;

/// Answers requests, but later: a callback is called when its answer is there.
#[derive(Default)]
struct Dispatcher {
    waiting: VecDeque<(String, Callback)>,
}

impl Dispatcher {
    fn call(
        &mut self,
        request: String,
        callback: impl FnOnce(&mut Dispatcher, String) + 'static,
    ) {
        self.waiting.push_back((request, Box::new(callback)));
    }

    fn run(&mut self) {
        while let Some((request, callback)) = self.waiting.pop_front() {
            match answer(&request) {
                Ok(answer) => callback(self, answer),
                Err(error) => say!("dispatcher: error: {error} (whose order was it?)"),
            }
        }
    }
}
// ANCHOR_END: dispatcher

fn answer(request: &str) -> Result<String, String> {
    match request {
        "locate ada" => Ok("Main Street".into()),
        "locate bob" => Ok("Harbour Road".into()),
        "find a taxi near Harbour Road" => Ok("taxi C".into()),
        "book taxi C" => Ok("taxi C is coming".into()),
        _ => Err(format!("cannot {request}")),
    }
}

// ANCHOR: order
fn order(dispatcher: &mut Dispatcher, passenger: &str) -> Result<(), String> {
    dispatcher.call(format!("locate {passenger}"), |dispatcher, street| {
        say!("stage 1: at {street}");
        dispatcher.call(format!("find a taxi near {street}"), |dispatcher, taxi| {
            say!("stage 2: {taxi}");
            dispatcher.call(format!("book {taxi}"), |_, receipt| {
                say!("stage 3: {receipt}");
            });
        });
    });
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut dispatcher = Dispatcher::default();
    for passenger in ["ada", "bob"] {
        match order(&mut dispatcher, passenger) {
            Ok(()) => say!("main: ordered for {passenger}, no error"),
            Err(error) => say!("main: nothing for {passenger}: {error}"),
        }
    }
    dispatcher.run();
    Ok(())
}
// ANCHOR_END: order
