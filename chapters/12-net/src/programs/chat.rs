//! A chat: what one guest says is heard by all others.
//!
//! rows: P20
//! twin: same
//! clock: virtual
//! flag: --port P  listen there instead, for nc, until Ctrl-C

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{gather, race};
use event_loop::{Clock, Time};
use net::{
    Server, StreamReader, StreamWriter, TcpListener, open_connection, start_server,
};
use sync::{Event, Queue};
use task_cell::spawn;
use timers::{now, sleep_until};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: room
/// Who is there, by name.
#[derive(Default)]
pub struct Room {
    guests: RefCell<BTreeMap<String, Rc<Guest>>>,
}

struct Guest {
    /// What she is still to be told.
    lines: Queue<Rc<str>>,
    too_slow: Event,
}

impl Room {
    /// Says `line` to everybody but one, and waits for nobody.
    fn tell(&self, line: &str, but: Option<&str>) {
        let line: Rc<str> = format!("{line}\n").into();
        let guests = self.guests.borrow().clone();
        for (name, guest) in guests {
            if Some(&*name) != but && guest.lines.try_put(Rc::clone(&line)).is_err() {
                guest.too_slow.set();
            }
        }
    }
}
// ANCHOR_END: room

// ANCHOR: serve
async fn serve(
    room: Rc<Room>,
    mut reader: StreamReader,
    writer: StreamWriter,
) -> io::Result<()> {
    let Some(name) = ask_name(&room, &mut reader, &writer).await? else {
        return Ok(());
    };
    let guest = Rc::new(Guest {
        lines: Queue::bounded(16),
        too_slow: Event::new(),
    });
    room.guests
        .borrow_mut()
        .insert(name.clone(), Rc::clone(&guest));
    room.tell(&format!("* {name} is here"), None);
    let talk = race(
        read_lines(&room, &name, &mut reader),
        write_lines(&guest, &writer),
    );
    // Whatever ends first: she leaves, cannot be reached, or is too slow.
    let too_slow = async {
        guest.too_slow.wait().await;
        Ok(())
    };
    let ended = race(talk, too_slow).await;
    room.guests.borrow_mut().remove(&name);
    room.tell(&format!("* {name} is gone"), None);
    ended
}
// ANCHOR_END: serve

// ANCHOR: name
async fn ask_name(
    room: &Room,
    reader: &mut StreamReader,
    writer: &StreamWriter,
) -> io::Result<Option<String>> {
    let mut question = "your name?".to_string();
    loop {
        writer.write(format!("{question}\n").as_bytes());
        writer.drain().await?;
        let Some(line) = reader.read_line().await? else {
            return Ok(None);
        };
        let name = line.trim();
        if room.guests.borrow().contains_key(name) {
            question = format!("{name} is taken; another?");
        } else if !name.is_empty() {
            return Ok(Some(name.to_string()));
        }
    }
}
// ANCHOR_END: name

// ANCHOR: both
async fn read_lines(
    room: &Room,
    name: &str,
    reader: &mut StreamReader,
) -> io::Result<()> {
    while let Some(line) = reader.read_line().await? {
        room.tell(&format!("{name}: {}", line.trim()), Some(name));
    }
    Ok(())
}

async fn write_lines(guest: &Guest, writer: &StreamWriter) -> io::Result<()> {
    while let Ok(line) = guest.lines.get().await {
        writer.write(line.as_bytes());
        writer.drain().await?;
    }
    Ok(())
}
// ANCHOR_END: both

// ANCHOR: open
/// Opens a room. Port 0 lets the operating system choose one.
pub fn open(port: u16) -> io::Result<Server> {
    let room = Rc::new(Room::default());
    let listener = TcpListener::bind(local(port))?;
    start_server(listener, move |reader, writer| {
        serve(Rc::clone(&room), reader, writer)
    })
}
// ANCHOR_END: open

// ANCHOR: guest
/// Says each word of a script at its second, and keeps what is on the screen.
async fn guest(
    name: &'static str,
    script: &'static [(u64, &'static str)],
    address: SocketAddr,
) -> io::Result<Vec<String>> {
    trace::name(format_args!("{name}"));
    sleep_until(Time::from_secs(script[0].0)).await;
    let (mut reader, writer) = open_connection(address).await?;
    let screen = spawn(async move {
        let mut screen = vec![format!("what {name} sees")];
        while let Some(line) = reader.read_line().await? {
            screen.push(format!("{:2} s  {}", now().as_secs(), line));
        }
        io::Result::Ok(screen)
    });
    for (second, word) in &script[1..] {
        sleep_until(Time::from_secs(*second)).await;
        writer.write(format!("{word}\n").as_bytes());
        writer.drain().await?;
    }
    sleep_until(now().saturating_add(Duration::from_secs(1))).await;
    writer.close();
    screen.await.map_err(io::Error::other)?
}

async fn evening() -> io::Result<()> {
    trace::name(format_args!("main"));
    let server = open(0)?;
    let address = server.local_addr();
    // ANCHOR: script
    let ann = &[
        (0, ""),
        (1, "ann"),
        (5, "is it busy tonight?"),
        (9, "sleep well"),
    ];
    let bob = &[(2, ""), (3, "bob"), (6, "I had two trips")];
    let eve = &[(4, ""), (7, "bob"), (8, "eve"), (11, "anybody there?")];
    // ANCHOR_END: script
    let guests = [
        guest("ann", ann, address),
        guest("bob", bob, address),
        guest("eve", eve, address),
    ];
    for screen in gather(guests).await.map_err(io::Error::other)? {
        for line in screen? {
            say!("{line}");
        }
    }
    Ok(())
}
// ANCHOR_END: guest

/// For `nc 127.0.0.1 PORT`, from several windows.
async fn listen(port: u16) -> io::Result<()> {
    let server = open(port)?;
    let port = server.local_addr().port();
    say!("the room is open; come in with `nc 127.0.0.1 {port}`, end it with Ctrl-C");
    server.wait_closed().await
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let done = match args.number("port", 0..=u16::MAX)? {
        Some(port) => net::run(Clock::real(), listen(port)),
        None => net::run(Clock::real_if(args.real()), evening()),
    };
    done.flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
