//! The same three stages as a coroutine: one `match`, and an error that knows whose it is.
//!
//! rows: P12
//! twin: same

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineState};
use trace::say;

// ANCHOR: answer
type Answer = Result<String, String>;
// ANCHOR_END: answer

// ANCHOR: order
struct Order {
    passenger: &'static str,
    street: String,
    place: Place,
}

enum Place {
    Start,
    Locating,
    Finding,
    Booking,
}

impl Order {
    /// Each arm is the code between two stops; `?` is where an answer may be an error.
    fn next(&mut self, answer: Answer) -> Result<CoroutineState<String, String>, String> {
        let (place, request) = match self.place {
            Place::Start => (Place::Locating, format!("locate {}", self.passenger)),
            Place::Locating => {
                self.street = answer?;
                (Place::Finding, format!("find a taxi near {}", self.street))
            }
            Place::Finding => (Place::Booking, format!("book {}", answer?)),
            Place::Booking => return Ok(CoroutineState::Complete(answer?)),
        };
        self.place = place;
        Ok(CoroutineState::Yielded(request))
    }
}
// ANCHOR_END: order

// ANCHOR: resume
impl Coroutine<Answer> for Order {
    type Yield = String;
    type Return = Answer;

    fn resume(&mut self, answer: Answer) -> CoroutineState<String, Answer> {
        match self.next(answer) {
            Ok(CoroutineState::Yielded(request)) => CoroutineState::Yielded(request),
            Ok(CoroutineState::Complete(receipt)) => {
                CoroutineState::Complete(Ok(receipt))
            }
            // Every variable of the order is still here: who, and where.
            Err(error) => CoroutineState::Complete(Err(format!(
                "{error} ({} waits at {})",
                self.passenger, self.street
            ))),
        }
    }
}
// ANCHOR_END: resume

fn answer(request: &str) -> Answer {
    match request {
        "locate ada" => Ok("Main Street".into()),
        "locate bob" => Ok("Harbour Road".into()),
        "find a taxi near Harbour Road" => Ok("taxi C".into()),
        "book taxi C" => Ok("taxi C is coming".into()),
        _ => Err(format!("cannot {request}")),
    }
}

// ANCHOR: main
fn drive(mut order: Order) -> Answer {
    let mut sent = Ok(String::new()); // priming: nobody reads it
    loop {
        match order.resume(sent) {
            CoroutineState::Yielded(request) => {
                say!("dispatcher: {request}");
                sent = answer(&request);
            }
            CoroutineState::Complete(result) => return result,
        }
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    for passenger in ["ada", "bob"] {
        let order = Order {
            passenger,
            street: String::new(),
            place: Place::Start,
        };
        match drive(order) {
            Ok(receipt) => say!("main: {passenger}: {receipt}"),
            Err(error) => say!("main: nothing for {passenger}: {error}"),
        }
    }
    Ok(())
}
// ANCHOR_END: main
