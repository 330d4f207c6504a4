//! The article's fifteen pages by a pool of threads, each of which blocks.
//!
//! rows: P35
//! twin: none, chapter 14 has the twins of its pools
//! flag: --times T  1: says on standard error how long each way took

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use chapter::{Args, BadInput};
use crawler::site::{self, FIFTEEN, Site};
use taxi::gather;
use taxi::threads::Pool;
use trace::say;

// ANCHOR: main
/// What `requests.get` does: HTTP over a socket that blocks.
fn download_one(address: SocketAddr, path: &str) -> std::io::Result<usize> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let header = answer.windows(4).position(|it| it == b"\r\n\r\n");
    Ok(answer.len() - header.map_or(0, |place| place + 4))
}

async fn program(times: bool) -> Result<(), Box<dyn Error>> {
    let site = Site::fifteen(Duration::from_millis(10))?;
    let address = site.address();
    for threads in [1, 5, 15] {
        let start = Instant::now();
        let pool = Pool::builder()
            .name("download")
            .max_threads(threads)
            .build();
        let jobs =
            FIFTEEN.map(|(path, ..)| pool.run(move || download_one(address, path)));
        let mut right = 0;
        for (job, (_, size, _)) in gather(jobs).await?.into_iter().zip(FIFTEEN) {
            right += usize::from(job?? == size);
        }
        say!("{threads:2} threads: {right} pages of the right size");
        // No two machines agree here.
        if times {
            eprintln!("{threads:2} threads: {:?}", start.elapsed());
        }
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let times = args.number("times", 0..=1u32)? == Some(1);
    site::run(true, program(times))
}
