//! A half that is used after both were put together again.

use net::TcpStream;

pub async fn talk(stream: TcpStream) -> std::io::Result<()> {
    let (reading, writing) = stream.into_split();
    let whole = reading.reunite(writing).expect("halves of one stream");
    writing.write_all(b"good evening").await?;
    whole.write_all(b"a taxi, please").await
}
