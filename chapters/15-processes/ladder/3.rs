//! Both pipes, and the third
//!
//! `Stdio::piped()` gives a child's input and outputs as pipes. A pipe holds a few dozen kilobytes, and whoever writes
//! into a full one waits. Write a megabyte to `cat` before you read, and you wait for `cat`, which waits for you.
//!
//!     impl Child {
//!         /// Writes `input` to it and ends its input, reads all
//!         /// that it says and all that it complains of, and waits
//!         /// until it has ended.
//!         pub async fn communicate(
//!             self,
//!             input: &[u8],
//!         ) -> io::Result<Output>
//!     }
//!
//! `Output` is `std::process::Output`. What is not piped has nothing to read or to write. A child that reads no more is no
//! error: what was not written is forgotten, and what it says still counts.
//!
//! mio has pipes, if it is asked for them. In `mine/Cargo.toml`:
//!
//!     mio = { version = "1.2", features = ["net", "os-ext", "os-poll"] }
//!
//! needs: 9.2
//!
//! hint: Which of the three may you do first? None of them. Your `join_all` does several things at once, if they are of
//! one type: `Pin<Box<dyn Future<Output = io::Result<Vec<u8>>>>>`.
//!
//! hint: `mio::unix::pipe::Receiver::from(child.stdout)` and `Sender::from(child.stdin)` can be watched, read and written
//! like sockets. They block, until you call `set_nonblocking(true)`. What ends a child's input? That its pipe is dropped.
//!
//! hint: The one that writes:
//!
//!     while !bytes.is_empty() {
//!         let mut write = || pipe.write(bytes);
//!         let written =
//!             poll_fn(|context| socket.attempt(Direction::Write, context, &mut write));
//!         match written.await {
//!             Ok(length) => bytes = &bytes[length..],
//!             Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
//!             Err(error) => return Err(error),
//!         }
//!     }
//!
//! where `socket` is what `reactor.watch(&mut pipe)` gave. The one that reads goes on until a read gives 0.
//!
//! done: This is asyncio's `communicate`, and why its documentation warns of `process.stdin.write` followed by
//! `process.stdout.read`. Each half is easy. That they must happen at once is the whole difficulty.

use std::io::pipe;
use std::process::{Command, Output, Stdio};

use mine::processes::Child;
use mine::readiness::{Runtime, run};

/// How much is more than any pipe holds.
const MUCH: usize = 1 << 20;

fn piped(runtime: &Runtime, command: &mut Command) -> Child {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let child = Child::spawn(runtime, command.stderr(Stdio::piped()));
    child.unwrap_or_else(|error| ladder::fail(format_args!("spawn says: {error}")))
}

async fn talk(child: Child, input: &[u8]) -> Output {
    let output = child.communicate(input).await;
    output.unwrap_or_else(|error| ladder::fail(format_args!("communicate says: {error}")))
}

async fn little(runtime: Runtime) {
    ladder::tries("cat, which is given two lines");
    ladder::hangs(
        "cat reads until its input ends: is it dropped when everything is written, and before the end is waited for?",
    );
    let cat = piped(&runtime, &mut Command::new("cat"));
    let output = talk(cat, b"taxi A\ntaxi B\n").await;
    ladder::check!(
        output.stdout == b"taxi A\ntaxi B\n",
        "cat says what it reads, and that is {:?}",
        String::from_utf8_lossy(&output.stdout)
    );
    ladder::check!(output.status.success(), "it says {}", output.status);

    ladder::tries("a child that says something, complains, and ends with 3");
    ladder::hangs("it never ends");
    let mut command = Command::new("sh");
    command.args(["-c", "printf AB; printf C >&2; exit 3"]);
    let output = talk(piped(&runtime, &mut command), b"").await;
    ladder::check!(
        output.stdout == b"AB" && output.stderr == b"C",
        "it says AB and complains of C; read were {:?} and {:?}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let code = output.status.code();
    ladder::check!(code == Some(3), "it ended with 3, and that says {code:?}");
}

async fn much(runtime: Runtime) {
    ladder::tries("cat, which is given a megabyte");
    ladder::hangs(
        "cat waits until somebody reads, and somebody waits until cat does: write and read at once",
    );
    let cat = piped(&runtime, &mut Command::new("cat"));
    let output = talk(cat, &vec![b'.'; MUCH]).await;
    ladder::check!(
        output.stdout.len() == MUCH,
        "not all of it came back: a read or a write moves as much as there is or as there is room for, and says how much"
    );

    ladder::tries("a child that complains of a megabyte before it says a word");
    ladder::hangs(
        "its complaints are not read until it has said everything: read both at once",
    );
    let mut command = Command::new("sh");
    command.args(["-c", "head -c 1048576 /dev/zero >&2; printf done"]);
    let output = talk(piped(&runtime, &mut command), b"").await;
    ladder::check!(
        output.stderr.len() == MUCH && output.stdout == b"done",
        "not all of its complaints were read, or not what it says: {:?}",
        String::from_utf8_lossy(&output.stdout)
    );
}

async fn deaf(runtime: Runtime) {
    ladder::tries("a megabyte for a child that reads none of it, and says a word");
    ladder::hangs("it never ends: it reads no more, and that ends the writing");
    let mut command = Command::new("sh");
    command.args(["-c", "exec <&-; printf no"]);
    let output = talk(piped(&runtime, &mut command), &vec![b'.'; MUCH]).await;
    ladder::check!(
        output.stdout == b"no",
        "it says no, and read was {:?}",
        String::from_utf8_lossy(&output.stdout)
    );
}

async fn turns(runtime: Runtime) {
    ladder::tries("a child that says something when another task lets it");
    ladder::hangs(
        "nobody else has a turn: the pipes block, as long as nobody tells them not to",
    );
    let (input, hold) = pipe().expect("a pipe");
    let mut command = Command::new("cat");
    let cat = Child::spawn(&runtime, command.stdin(input).stdout(Stdio::piped()));
    // With it goes our copy of the end that it reads.
    drop(command);
    let cat =
        cat.unwrap_or_else(|error| ladder::fail(format_args!("spawn says: {error}")));
    runtime.executor.spawn(async move { drop(hold) });
    let output = talk(cat, b"nobody reads this").await;
    ladder::check!(
        output.stdout.is_empty() && output.stderr.is_empty(),
        "it says nothing, and read was something"
    );
}

fn main() {
    run(turns).expect("a runtime");
    run(little).expect("a runtime");
    run(much).expect("a runtime");
    run(deaf).expect("a runtime");
}
