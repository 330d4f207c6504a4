//! Two pieces of advice about speed, as counts: fewer awaits, and larger buffers.
//!
//! rows: P34
//! twin: none, asyncio does not count its tasks' turns
//! clock: virtual

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::rc::Rc;

use chapter::{Args, BadInput};
use load_test::on_clock;
use taxi::net::{TcpListener, TcpStream};
use taxi::sync::Queue;
use taxi::{gather, spawn};
use trace::say;

// ANCHOR: counted
/// Awaits `future`, and counts how often it is polled.
async fn counted<F: Future>(polls: Rc<Cell<u32>>, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        polls.set(polls.get() + 1);
        future.as_mut().poll(context)
    })
    .await
}
// ANCHOR_END: counted

// ANCHOR: batches
/// Ten thousand fares go from one task to another, so many at a time.
async fn hand_over(batch: usize) -> (u32, u64) {
    let polls = Rc::new(Cell::new(0));
    let queue = Rc::new(Queue::bounded(1));
    let (full, empty) = (Rc::clone(&queue), queue);
    let batches = 10_000 / batch;
    let send = async move {
        for _ in 0..batches {
            let fares: Vec<u64> = vec![1; batch];
            let _open = full.put(fares).await;
        }
        0
    };
    let receive = async move {
        let mut sum = 0;
        for _ in 0..batches {
            sum += empty.get().await.map_or(0, |fares| fares.iter().sum());
        }
        sum
    };
    let both: [std::pin::Pin<Box<dyn Future<Output = u64>>>; 2] =
        [Box::pin(send), Box::pin(receive)];
    let both = both.map(|it| counted(Rc::clone(&polls), it));
    let sums = gather(both).await.unwrap_or_default();
    (polls.get(), sums.iter().sum())
}
// ANCHOR_END: batches

// ANCHOR: buffers
/// Reads 32 KiB that are there, into a buffer of this size.
async fn reads(buffer: usize) -> io::Result<u32> {
    const ALL: usize = 32 * 1024;
    let listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    let address = listener.local_addr()?;
    let caller = spawn(async move {
        let stream = TcpStream::connect(address).await?;
        stream.write_all(&vec![1; ALL]).await?;
        Ok::<_, io::Error>(stream)
    });
    let (stream, _) = listener.accept().await?;
    let _open = caller.await.map_err(io::Error::other)??;
    let (mut buffer, mut reads, mut length) = (vec![0; buffer], 0, 0);
    while length < ALL {
        length += stream.read(&mut buffer).await?;
        reads += 1;
    }
    Ok(reads)
}
// ANCHOR_END: buffers

async fn measure() -> io::Result<()> {
    for batch in [1, 10, 100, 1000] {
        let (polls, sum) = hand_over(batch).await;
        say!("{sum} fares, {batch:>4} at a time: {polls:>5} polls");
    }
    for buffer in [512, 4096, 32 * 1024] {
        let reads = reads(buffer).await?;
        say!("32768 bytes, {buffer:>5} at a time: {reads:>3} reads");
    }
    Ok(())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let measured = on_clock(args.real(), measure())?;
    measured.map_err(|error| BadInput::new(error.to_string()))
}
