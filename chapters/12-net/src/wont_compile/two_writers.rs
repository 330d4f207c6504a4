//! Two writing halves of one stream: both would write whenever they like, into the middle of each other's words.

use net::TcpStream;

pub async fn talk(mut stream: TcpStream) -> std::io::Result<()> {
    let (_, ann) = stream.split();
    let (_, bob) = stream.split();
    ann.write_all(b"good ").await?;
    bob.write_all(b"evening").await
}
