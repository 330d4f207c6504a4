//! The contract of every future, kept by the future that drives a connection.

use protocols::{Protocol, Transport, drive};
use workbook_tests::harness::Contract;

use crate::pipe::pipe;

/// What it has heard.
#[derive(Debug, Default, PartialEq)]
struct Ear(String);

impl Protocol for Ear {
    fn data_received(&mut self, data: &[u8]) {
        self.0.push_str(std::str::from_utf8(data).unwrap());
    }
}

#[test]
fn driving_keeps_the_contract() {
    Contract::new(|| {
        let (here, there) = pipe(100);
        (drive(here, Ear::default()), move || there.close())
    })
    .gives(Ear::default())
    .check();
}

/// What it waits for is a call of its own transport.
#[derive(Debug)]
struct Tells(std::sync::mpsc::Sender<Transport>);

impl PartialEq for Tells {
    fn eq(&self, _: &Tells) -> bool {
        true
    }
}

impl Protocol for Tells {
    fn connection_made(&mut self, transport: Transport) {
        transport.pause_reading();
        self.0.send(transport).unwrap();
    }

    fn data_received(&mut self, _: &[u8]) {}
}

#[test]
fn a_call_from_outside_keeps_the_contract() {
    Contract::new(|| {
        let (here, there) = pipe(100);
        let (sender, receiver) = std::sync::mpsc::channel::<Transport>();
        let call = move || {
            let _there = there;
            if let Ok(transport) = receiver.try_recv() {
                transport.close();
            }
        };
        (drive(here, Tells(sender)), call)
    })
    .from_first_poll()
    .check();
}
