//! The echo, by a protocol: it is told what has come, and writes without waiting.
//!
//! rows: P20 P49
//! twin: same
//! clock: virtual

use chapter::{Args, BadInput};
use event_loop::Clock;
use protocols::{Protocol, Transport, create_server};

use crate::programs::echo_streams::call;

// ANCHOR: protocol
#[derive(Default)]
pub(crate) struct Echo {
    transport: Option<Transport>,
}

impl Protocol for Echo {
    fn connection_made(&mut self, transport: Transport) {
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        if let Some(transport) = &self.transport {
            transport.write(data);
        }
    }

    fn pause_writing(&mut self) {
        if let Some(transport) = &self.transport {
            transport.pause_reading();
        }
    }

    fn resume_writing(&mut self) {
        if let Some(transport) = &self.transport {
            transport.resume_reading();
        }
    }
}
// ANCHOR_END: protocol

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), async {
        let server = create_server(([127, 0, 0, 1], 0).into(), Echo::default)?;
        call(server.local_addr()).await
    })
    .flatten()
    .map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main
