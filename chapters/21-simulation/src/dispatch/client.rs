//! Who wants a taxi, and asks until it is answered.

use std::io;
use std::time::Duration;

use super::desk::{Op, Reply, Request};
use super::message::Answer;
use super::server::{LONGEST, LONGEST_WISH, Letter, PORT, host, receive};
use crate::{Datagrams, World};

/// How long a client waits for an answer before it asks another replica.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long it waits before it asks again when it was sent elsewhere: the next leader may not be elected yet.
const PAUSE: Duration = Duration::from_millis(20);

/// A client of the dispatch. [`serve`](super::serve)'s example shows it at work.
///
/// ```
/// use simulation::dispatch::Client;
/// use simulation::Simulation;
///
/// let mut simulation = Simulation::new(7);
/// simulation.client("Ann", |world| async move {
///     let client = Client::new(world, 4, 3).await?;
///     assert_eq!(client.id(), 4);
///     Ok(())
/// });
/// simulation.run()?;
/// # Ok::<(), simulation::Failure>(())
/// ```
// ANCHOR: client
#[derive(Debug)]
pub struct Client<W: World> {
    world: W,
    socket: W::Datagrams,
    id: u64,
    replicas: u32,
    /// Its wishes so far.
    number: u64,
    /// Whom it asks.
    leader: u32,
}
// ANCHOR_END: client

impl<W: World> Client<W> {
    /// A client with this number, which no other may have, of a desk with so many replicas.
    ///
    /// # Errors
    ///
    /// If there is no port left.
    pub async fn new(world: W, id: u64, replicas: u32) -> io::Result<Client<W>> {
        Ok(Client {
            socket: world.datagrams(0).await?,
            world,
            id,
            replicas,
            number: 0,
            leader: 1,
        })
    }

    /// Its number.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The replica that it asks next; after an answer, the one that gave it.
    pub fn leader(&self) -> u32 {
        self.leader
    }

    // ANCHOR: ask
    /// Asks until it is answered. If this is dropped before, `op` may have been done,
    /// or be done later, or never.
    ///
    /// # Errors
    ///
    /// If the wish is longer than 256 bytes, or nothing can be received any more.
    pub async fn ask(&mut self, op: Op) -> io::Result<Reply> {
        self.number += 1;
        let asked = Letter::Asked(Request {
            client: self.id,
            number: self.number,
            op,
        });
        let letter = short(&asked)?;
        loop {
            if let Ok(peer) = self.socket.peer(&host(self.leader), PORT).await {
                let traced = &asked;
                traced.tell();
                // It may be lost. So it is no matter if it cannot even be sent.
                let _ = self.socket.send_to(&letter, &peer).await;
            }
            match self.world.timeout(PATIENCE, self.answer()).await {
                Ok(Ok(Answer::Done(reply))) => return Ok(reply),
                Ok(Ok(Answer::Elsewhere(leader))) => {
                    self.leader = leader.unwrap_or(self.next());
                    self.world.sleep(PAUSE).await;
                }
                Ok(Err(error)) => return Err(error),
                Err(_) => self.leader = self.next(),
            }
        }
    }
    // ANCHOR_END: ask

    /// Whom it asks after the one that it has asked.
    fn next(&self) -> u32 {
        self.leader % self.replicas + 1
    }

    /// The answer to its last wish. One to an earlier one comes too late.
    async fn answer(&self) -> io::Result<Answer> {
        let mut buffer = vec![0; LONGEST];
        loop {
            if let Some((Letter::Answered { number, answer }, _)) =
                receive::<W>(&self.socket, &mut buffer).await?
                && number == self.number
            {
                return Ok(answer);
            }
        }
    }
}

/// The letter's bytes, if they are not too many.
fn short(letter: &Letter) -> io::Result<Vec<u8>> {
    let bytes = serde_json::to_vec(letter)?;
    if bytes.len() > LONGEST_WISH {
        let why = format!(
            "the wish has {} bytes, {LONGEST_WISH} are most",
            bytes.len()
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    Ok(bytes)
}
