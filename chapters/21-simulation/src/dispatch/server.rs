//! A replica on a host: what its rules say, with a clock, a disk and a network.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::desk::Request;
use super::journal;
use super::message::{Action, Answer, Event, Message};
use super::replica::{Replica, Settings};
use crate::{Datagrams, Outcome, World};

/// Where a replica gets its letters, on each host.
///
/// ```
/// assert!(simulation::dispatch::PORT > 1023);
/// ```
pub const PORT: u16 = 7021;

/// The longest letter that is sent. The systems' own limits are between 9 KiB and 64.
pub(super) const LONGEST: usize = 8 * 1024;

/// The longest wish, so that a few of them fit a letter.
pub(super) const LONGEST_WISH: usize = 256;

/// So many errors of the socket, one after another, are more than bad luck.
const ERRORS: u32 = 100;

/// What is in a datagram.
// ANCHOR: letter
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Letter {
    /// From one replica to another.
    Said { from: u32, message: Message },
    /// From a client.
    Asked(Request),
    /// To a client: which of its wishes this answers.
    Answered { number: u64, answer: Answer },
}
// ANCHOR_END: letter

/// The host on which that replica runs: `desk-1`, `desk-2` …
///
/// ```
/// assert_eq!(simulation::dispatch::host(2), "desk-2");
/// ```
pub fn host(id: u32) -> String {
    format!("desk-{id}")
}

pub(super) fn clock<W: World>(world: &W) -> Duration {
    Duration::from_nanos(world.now().as_nanos())
}

// ANCHOR: server
struct Server<W: World> {
    world: W,
    socket: W::Datagrams,
    replica: Replica,
    /// Where a client is that waits for an answer.
    clients: BTreeMap<u64, <W::Datagrams as Datagrams>::Peer>,
}
// ANCHOR_END: server

/// Runs the replica `id` on this host, for ever.
///
/// ```
/// use simulation::dispatch::{Client, Op, Reply, Settings, host, serve};
/// use simulation::Simulation;
///
/// let mut simulation = Simulation::new(7);
/// for id in 1..=3 {
///     simulation.host(&host(id), move |world| serve(world, id, Settings::default()));
/// }
/// simulation.client("Ann", |world| async move {
///     let mut client = Client::new(world, 1, 3).await?;
///     assert_eq!(client.ask(Op::order("Ann")).await?, Reply::Taxi(1));
///     Ok(())
/// });
/// simulation.run()?;
/// # Ok::<(), simulation::Failure>(())
/// ```
///
/// # Errors
///
/// If the disk fails or has something else in its file, if the port is taken, or if nothing can be received.
// ANCHOR: serve
pub async fn serve<W: World>(world: W, id: u32, settings: Settings) -> Outcome {
    let saved = journal::load(&world).await?;
    let (now, seed) = (clock(&world), world.random());
    let mut server = Server {
        socket: world.datagrams(PORT).await?,
        world,
        replica: Replica::new(id, settings, saved, now, seed),
        clients: BTreeMap::new(),
    };
    loop {
        if let Some(event) = server.next().await? {
            let now = clock(&server.world);
            for action in server.replica.on(now, event) {
                server.act(action).await?;
            }
        }
    }
}
// ANCHOR_END: serve

impl<W: World> Server<W> {
    // ANCHOR: next
    /// What happens next: a letter, or that time has passed. `None`: it was a letter,
    /// but not one of ours.
    async fn next(&mut self) -> io::Result<Option<Event>> {
        // Many letters must not keep a leader from its heartbeat.
        let wait = self.replica.due().saturating_sub(clock(&self.world));
        if wait.is_zero() {
            return Ok(Some(Event::Tick));
        }
        let mut buffer = vec![0; LONGEST];
        let letter = receive::<W>(&self.socket, &mut buffer);
        let Ok(letter) = self.world.timeout(wait, letter).await else {
            return Ok(Some(Event::Tick));
        };
        Ok(match letter? {
            Some((Letter::Said { from, message }, _)) => {
                Some(Event::Heard(from, message))
            }
            Some((Letter::Asked(request), from)) => {
                self.clients.insert(request.client, from);
                Some(Event::Asked(request))
            }
            _ => None,
        })
    }
    // ANCHOR_END: next

    // ANCHOR: act
    /// One thing after another: what is said after a [`Action::Save`] is not said
    /// before that is safe.
    async fn act(&mut self, action: Action) -> io::Result<()> {
        let traced = &self.replica;
        traced.tell();
        match action {
            Action::Save(records) => journal::save(&self.world, &records).await,
            Action::Send(to, message) => {
                let from = self.replica.id();
                match self.socket.peer(&host(to), PORT).await {
                    Ok(peer) => self.send(&peer, &Letter::Said { from, message }).await,
                    Err(_) => Ok(()),
                }
            }
            Action::Answer {
                client,
                number,
                answer,
            } => match self.clients.remove(&client) {
                Some(peer) => {
                    self.send(&peer, &Letter::Answered { number, answer }).await
                }
                None => Ok(()),
            },
        }
    }
    // ANCHOR_END: act

    /// Sends a letter. If that fails it is as good as lost, and letters may be lost.
    async fn send(
        &self,
        peer: &<W::Datagrams as Datagrams>::Peer,
        letter: &Letter,
    ) -> io::Result<()> {
        let traced = letter;
        traced.tell();
        let _ = self
            .socket
            .send_to(&serde_json::to_vec(letter)?, peer)
            .await;
        Ok(())
    }
}

type Received<W> = (Letter, <<W as World>::Datagrams as Datagrams>::Peer);

/// The next letter, and where it came from. `None`: it was none of ours.
pub(super) async fn receive<W: World>(
    socket: &W::Datagrams,
    buffer: &mut [u8],
) -> io::Result<Option<Received<W>>> {
    let mut errors = 0;
    loop {
        match socket.receive_from(buffer).await {
            Ok((length, from)) => {
                let letter = serde_json::from_slice(&buffer[..length]).ok();
                let fits = |it: &Letter| match it {
                    Letter::Asked(_) => length <= LONGEST_WISH,
                    _ => true,
                };
                return Ok(letter.filter(fits).map(|it| (it, from)));
            }
            Err(error) if errors == ERRORS => return Err(error),
            // Some systems report here that nobody got what was sent before.
            Err(_) => errors += 1,
        }
    }
}
