//! Which to use? Slow pages, fast pages and long sums, each in four ways; `--times 1` says how long each way took.
//!
//! rows: P46
//! twin: none, its figures are those of this runtime
//! flag: --times T  1: says on standard error how long each way took
//! flag: --part N  be a process that does every second piece of the work, from N on
//! flag: --port P  with --part: where the pages are
//! flag: --millis M  how long a slow page takes
//! flag: --to N  up to how much a sum goes
//! needs: unix

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use chapter::{Args, BadInput};
use crawler::site::{self, Site};
use taxi::process::Command;
use taxi::threads::Pool;
use taxi::{gather, join, spawn_blocking};
use trace::say;
use web::Response;
use web::client::Client;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

// ANCHOR: work
/// What is to be done, twenty times.
#[derive(Clone, Copy)]
enum Work {
    Page(SocketAddr),
    Sum(u64),
}

const PIECES: u64 = 20;

impl Work {
    /// Does it, and keeps the thread as long as it takes. What it returns is known.
    fn block(self) -> Result<usize> {
        match self {
            Work::Page(address) => {
                let mut stream = TcpStream::connect(address)?;
                write!(stream, "GET / HTTP/1.0\r\nhost: taxi\r\n\r\n")?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer)?;
                Ok(answer.split("\r\n\r\n").nth(1).map_or(0, str::len))
            }
            Work::Sum(to) => {
                Ok((1..=to).map(|n| n * n % 1_000_007).sum::<u64>() as usize)
            }
        }
    }

    /// Does it, and gives the thread away while it waits. To a sum that makes no difference.
    async fn wait(self, client: &Client) -> Result<usize> {
        match self {
            Work::Page(address) => {
                let response = client.get(&format!("http://{address}/")).await?;
                Ok(response.bytes().await?.len())
            }
            Work::Sum(_) => self.block(),
        }
    }
}
// ANCHOR_END: work

// ANCHOR: ways
async fn one_by_one(work: Work) -> Result<usize> {
    let client = Client::new();
    let mut sum = 0;
    for _ in 0..PIECES {
        sum += work.wait(&client).await?;
    }
    Ok(sum)
}

async fn by_tasks(work: Work) -> Result<usize> {
    let client = Client::new();
    let pieces = (0..PIECES).map(|_| {
        let client = client.clone();
        async move { work.wait(&client).await }
    });
    gather(pieces).await?.into_iter().sum()
}

async fn by_threads(work: Work) -> Result<usize> {
    let pool = Pool::builder().max_threads(PIECES as usize).build();
    let pieces = (0..PIECES).map(|_| pool.run(move || work.block()));
    gather(pieces).await?.into_iter().map(|it| it?).sum()
}

async fn by_processes(work: Work) -> Result<usize> {
    let (flag, value) = match work {
        Work::Page(address) => ("--port", u64::from(address.port())),
        Work::Sum(to) => ("--to", to),
    };
    let half = async |from: u32| {
        let mut child = Command::new(std::env::current_exe()?);
        child.args([
            "decision",
            "--part",
            &from.to_string(),
            flag,
            &value.to_string(),
        ]);
        let said = String::from_utf8(child.output().await?.stdout)?;
        Result::Ok(said.trim().parse::<usize>()?)
    };
    let (one, other) = join(half(0), half(1)).await;
    Ok(one? + other?)
}
// ANCHOR_END: ways

// ANCHOR: main
async fn compare(name: &str, work: Work, tell: bool) -> Result<()> {
    // It blocks, so it is not done here.
    let expected = spawn_blocking(move || work.block()).await?? * PIECES as usize;
    let mut right = 0;
    let mut times = Vec::new();
    for way in 0..4 {
        let start = Instant::now();
        let done = match way {
            0 => one_by_one(work).await?,
            1 => by_threads(work).await?,
            2 => by_tasks(work).await?,
            _ => by_processes(work).await?,
        };
        right += usize::from(done == expected);
        times.push(format!("{:9.1?}", start.elapsed()));
    }
    say!("{name}: the same in {right} ways");
    if tell {
        eprintln!("{name:10} {}", times.join(" "));
    }
    Ok(())
}

async fn program(millis: u64, to: u64, tell: bool) -> Result<()> {
    let slow = Site::serve(async move |_: &str| {
        taxi::time::sleep(Duration::from_millis(millis)).await;
        Response::text("a page")
    })?;
    let fast = Site::serve(async |_: &str| Response::text("a page"))?;
    if tell {
        eprintln!("           one by one   threads     tasks processes");
    }
    compare("slow pages", Work::Page(slow.address()), tell).await?;
    compare("fast pages", Work::Page(fast.address()), tell).await?;
    compare("long sums", Work::Sum(to), tell).await
}
// ANCHOR_END: main

/// Half of the work, in a process of its own.
fn part(from: u32, work: Work) -> Result<usize> {
    (0..PIECES)
        .skip(from as usize)
        .step_by(2)
        .map(|_| work.block())
        .sum()
}

pub fn run(args: &Args) -> std::result::Result<(), BadInput> {
    let millis = args.number("millis", 1..=10_000u64)?.unwrap_or(20);
    let to = args.number("to", 1..=100_000_000u64)?;
    let port = args.number("port", 1..=u16::MAX)?;
    let wrong = |error: Box<dyn Error + Send + Sync>| BadInput::new(error.to_string());
    if let Some(from) = args.number("part", 0..=1u32)? {
        let local = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let work =
            port.map_or(Work::Sum(to.unwrap_or(1)), |port| Work::Page(local(port)));
        say!("{}", part(from, work).map_err(wrong)?);
        return Ok(());
    }
    let to = to.unwrap_or(200_000);
    let tell = args.number("times", 0..=1u32)? == Some(1);
    site::run(true, async move {
        program(millis, to, tell)
            .await
            .map_err(|it| -> Box<dyn Error> { it })
    })
}
