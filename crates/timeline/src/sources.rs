//! What each kind of event does to timers and sockets, and when it cannot.

use std::collections::HashSet;

use crate::apply::{ensure, index, is_next};
use crate::state::{State, TimerState};
use crate::{Socket, Timer, What};

impl<'t> State<'t> {
    pub(crate) fn apply_to_timer(&mut self, what: &'t What) -> Result<(), String> {
        match what {
            What::TimerSet {
                timer,
                deadline,
                by,
                heap,
            } => {
                is_next(*timer, self.timers.len(), "timer")?;
                self.may_do(*by)?;
                let (deadline, by, is) = (*deadline, *by, TimerState::Live);
                self.timers.push(Timer { deadline, by, is });
                self.see_heap(heap.as_deref(), |heap| {
                    ensure(heap.contains(timer), || {
                        "it is set, and not on the heap".into()
                    })
                })?;
            }
            What::TimerFired { timer, heap } => {
                self.end_timer(*timer, TimerState::Fired)?;
                self.see_heap(heap.as_deref(), |_| Ok(()))?;
            }
            What::TimerCancelled { timer, heap } => {
                self.end_timer(*timer, TimerState::Cancelled)?;
                self.see_heap(heap.as_deref(), |_| Ok(()))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn end_timer(&mut self, timer: u32, end: TimerState) -> Result<(), String> {
        let index = index(timer, self.timers.len(), "timer")?;
        match std::mem::replace(&mut self.timers[index].is, end) {
            TimerState::Live => Ok(()),
            TimerState::Fired => Err(format!("timer {timer} has fired before")),
            TimerState::Cancelled => Err(format!("timer {timer} was cancelled before")),
        }
    }

    /// The array must be a heap: no timer is on it twice, none has fired, and each is due after the one above it.
    fn see_heap(
        &mut self,
        heap: Option<&'t [u32]>,
        check: impl FnOnce(&[u32]) -> Result<(), String>,
    ) -> Result<(), String> {
        self.heap = heap;
        let Some(heap) = heap else {
            return Ok(());
        };
        check(heap)?;
        let mut seen = HashSet::with_capacity(heap.len());
        for (position, &number) in heap.iter().enumerate() {
            let timer = self.timers[index(number, self.timers.len(), "timer")?];
            ensure(seen.insert(number), || {
                format!("timer {number} is on the heap twice")
            })?;
            ensure(timer.is != TimerState::Fired, || {
                format!("timer {number} is on the heap, although it has fired")
            })?;
            let key = |number: u32| (self.timers[number as usize - 1].deadline, number);
            let above = position.checked_sub(1).map(|below| heap[below / 2]);
            ensure(above.is_none_or(|above| key(above) < key(number)), || {
                format!("timer {number} is below a later one on the heap")
            })?;
        }
        Ok(())
    }

    pub(crate) fn apply_to_socket(&mut self, what: &'t What) -> Result<(), String> {
        match what {
            What::SocketOpened { socket, name } => {
                is_next(*socket, self.sockets.len(), "socket")?;
                self.sockets.push(Socket {
                    name,
                    open: true,
                    tried: None,
                    ready: None,
                });
            }
            What::Tried {
                socket,
                way,
                outcome,
            } => self.open(*socket)?.tried = Some((*way, *outcome)),
            What::Ready {
                socket,
                way,
                closed,
            } => self.open(*socket)?.ready = Some((*way, *closed)),
            What::SocketClosed { socket } => self.open(*socket)?.open = false,
            _ => {}
        }
        Ok(())
    }

    /// The socket, which must be open.
    fn open(&mut self, socket: u32) -> Result<&mut Socket<'t>, String> {
        let index = index(socket, self.sockets.len(), "socket")?;
        let known = &mut self.sockets[index];
        ensure(known.open, || format!("socket {socket} is closed"))?;
        Ok(known)
    }
}
