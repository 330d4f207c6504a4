//! Half of a connection, given to another thread: nobody there would look at its events.

use net::TcpStream;

pub fn read_elsewhere(stream: TcpStream) {
    let (reading, _writing) = stream.into_split();
    std::thread::spawn(move || drop(reading));
}
