//! A server that answers, apologises, hangs up, resets and falls silent: every request is counted, and none is lost.
//!
//! twin: none, asyncio has no HTTP client that could be told what happened to it
//! clock: virtual

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Http, Load, Plan, Report, on_clock};
use taxi::net::{StreamReader, TcpListener, TcpStream};
use taxi::spawn;
use taxi::time::sleep;
use trace::say;

// ANCHOR: server
/// What becomes of a request, by its number.
async fn serve(stream: TcpStream, asked: Rc<Cell<u32>>) -> io::Result<()> {
    let mut reader = StreamReader::new(&stream);
    while let Some(line) = reader.read_line().await? {
        if !line.trim_end().is_empty() {
            continue; // The header ends with an empty line.
        }
        asked.set(asked.get() + 1);
        sleep(Duration::from_millis(10)).await;
        let answer = match asked.get() % 10 {
            3 => "HTTP/1.1 500 Out of order\r\ncontent-length: 6\r\n\r\nsorry\n",
            5 => "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly half",
            7 => {
                stream.options().set_linger(Some(Duration::ZERO))?;
                return Ok(()); // A close that waits for nothing: a reset.
            }
            9 => {
                sleep(Duration::from_secs(60)).await;
                return Ok(());
            }
            _ => "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\na taxi",
        };
        stream.write_all(answer.as_bytes()).await?;
        if asked.get() % 10 == 5 {
            return Ok(());
        }
    }
    Ok(())
}
// ANCHOR_END: server

// ANCHOR: main
async fn ask(address: SocketAddr, requests: u64) -> io::Result<Report> {
    let target = Http::new(&format!("http://{address}/")).map_err(io::Error::other)?;
    let target = target.look_up().await?;
    let mut plan = Plan::new(1);
    plan.requests = Some(requests);
    plan.timeout = Duration::from_secs(2);
    let load = Load::new(plan);
    let send = async move |client, _number| target.send(client).await;
    Ok(load.run(send).await)
}

async fn all_kinds() -> io::Result<()> {
    let listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    let address = listener.local_addr()?;
    let asked = Rc::new(Cell::new(0));
    let seen = Rc::clone(&asked);
    let accepting = spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(spawn(serve(stream, Rc::clone(&asked))));
        }
    });
    let mut report = ask(address, 50).await?;
    say!("the server has seen {}\n", seen.get());
    // Now nobody listens any more.
    accepting.cancel();
    let _end = accepting.await;
    report.add(&ask(address, 5).await?);
    say!("{report}");
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let asked = on_clock(args.real(), all_kinds())?;
    asked.map_err(|error| BadInput::new(error.to_string()))
}
