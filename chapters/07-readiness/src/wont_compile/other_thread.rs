//! A socket of one loop, given to another thread: nobody there would look at its events.

use readiness::TcpStream;

/// What `thread::spawn` asks of whatever its closure holds.
fn to_another_thread<T: Send + 'static>(_: T) {}

pub fn read_elsewhere(stream: TcpStream) {
    to_another_thread(stream);
}
