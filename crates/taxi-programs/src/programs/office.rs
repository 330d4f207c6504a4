//! One program from start to end: an office that sends taxis, its callers, and closing time.
//!
//! twin: none, its parts have theirs in the chapters
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::local::Local;
use taxi::net::{StreamReader, StreamWriter, TcpListener, open_connection, start_server};
use taxi::sync::CancellationToken;
use taxi::time::{now, sleep, timeout};
use taxi::{Clock, Runtime, join, try_gather};
use trace::say;

const SECOND: Duration = Duration::from_secs(1);

// ANCHOR: log
/// Who is on the telephone: what each line of the log begins with.
static CALLER: Local<&str> = Local::new();

fn log(text: &str) {
    let caller = CALLER.get().unwrap_or("the office");
    say!("{:>2} s, {caller}: {text}", now().as_secs());
}
// ANCHOR_END: log

// ANCHOR: answer
/// The office: for each address that a caller reads out, a taxi. Whoever is still on the
/// line at closing time is told so.
async fn answer(
    mut caller: StreamReader,
    line: StreamWriter,
    closing: CancellationToken,
) -> io::Result<()> {
    while let Some(heard) = closing.run_until_cancelled(caller.read_line()).await {
        let Some(address) = heard? else {
            return Ok(());
        };
        sleep(2 * SECOND).await;
        line.write(format!("a taxi to {address}\n").as_bytes());
        line.drain().await?;
    }
    line.write(b"we are closed\n");
    line.drain().await
}
// ANCHOR_END: answer

// ANCHOR: call
/// A caller, who comes at `at`, asks for taxis, and waits for the next answer until the
/// office hangs up.
async fn call(office: SocketAddr, at: u32, fares: &[&str]) -> io::Result<()> {
    sleep(at * SECOND).await;
    let (mut answers, line) = open_connection(office).await?;
    for fare in fares {
        line.write(format!("{fare}\n").as_bytes());
    }
    loop {
        let answer = timeout(30 * SECOND, answers.read_line()).await;
        let Some(answer) = answer.map_err(io::Error::other)?? else {
            break;
        };
        log(&answer);
    }
    log("they have hung up");
    Ok(())
}
// ANCHOR_END: call

// ANCHOR: evening
async fn evening() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let closing = CancellationToken::new();
    let told = closing.clone();
    let server = start_server(listener, move |caller, line| {
        answer(caller, line, told.clone())
    })?;
    let office = server.local_addr();
    let calls = try_gather([
        CALLER.scope("Ann", call(office, 0, &["the station", "the port"])),
        CALLER.scope("Bob", call(office, 1, &["the theatre"])),
    ]);
    let closes = async {
        sleep(9 * SECOND).await;
        log("closing time");
        closing.cancel();
        server.close();
        server.wait_closed().await
    };
    let (called, closed) = join(calls, closes).await;
    log("the lights are off");
    called.map_err(io::Error::other)?;
    closed
}
// ANCHOR_END: evening

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let bad = |error: io::Error| BadInput::new(error.to_string());
    // ANCHOR: run
    let mut runtime = Runtime::builder().clock(clock).build().map_err(bad)?;
    runtime.block_on(evening()).map_err(bad)
    // ANCHOR_END: run
}
