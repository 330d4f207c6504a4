//! Whatever both ends do, and when: the calls come in a legal order, and the bytes in the order they were written in.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;

use fastrand::Rng;
use protocols::{Protocol, Transport, drive};
use task_cell::spawn;
use workbook_tests::limits::quick_or_full;

use crate::pipe::pipe;
use crate::run;

/// What is legal, and what has happened at one end.
#[derive(Default)]
struct Model {
    made: bool,
    eof: bool,
    lost: bool,
    told_to_pause: bool,
    reads_paused: bool,
    /// How many bytes were taken to be sent, and have come.
    written: usize,
    received: usize,
    wrote_eof: bool,
    aborted: bool,
    high: usize,
    low: usize,
    wrong: Vec<String>,
}

/// The byte at this place of one direction.
fn byte(place: usize) -> u8 {
    (place * 7 + place / 251) as u8
}

/// One end: its model, and what it does by chance.
#[derive(Clone)]
struct Side {
    model: Rc<RefCell<Model>>,
    transport: Rc<RefCell<Option<Transport>>>,
    rng: Rc<RefCell<Rng>>,
}

impl Side {
    fn new(rng: &mut Rng) -> Side {
        let model = Model {
            high: 65_536,
            low: 16_384,
            ..Model::default()
        };
        Side {
            model: Rc::new(RefCell::new(model)),
            transport: Rc::default(),
            rng: Rc::new(RefCell::new(rng.fork())),
        }
    }

    fn check(&self, what: &str, is_legal: impl FnOnce(&Model, &Transport) -> bool) {
        let transport = self.transport.borrow().clone().unwrap();
        let mut model = self.model.borrow_mut();
        let alive = model.made && !model.lost;
        if !alive || !is_legal(&model, &transport) {
            model.wrong.push(what.to_string());
        }
    }

    fn roll(&self, below: usize) -> usize {
        self.rng.borrow_mut().usize(..below)
    }

    /// Does something by chance, in a call or between them.
    fn act(&self) {
        let Some(transport) = self.transport.borrow().clone() else {
            return;
        };
        match self.roll(20) {
            0..8 => self.write(&transport),
            8..10 => {
                self.model.borrow_mut().reads_paused = true;
                transport.pause_reading();
            }
            10..14 => {
                self.model.borrow_mut().reads_paused = false;
                transport.resume_reading();
            }
            14..16 => {
                let low = self.roll(40);
                let high = low + self.roll(40);
                (self.model.borrow_mut().low, self.model.borrow_mut().high) = (low, high);
                transport.set_write_buffer_limits(high, low);
            }
            16 if self.roll(12) == 0 => {
                self.model.borrow_mut().wrote_eof = true;
                transport.write_eof();
            }
            17 if self.roll(20) == 0 => {
                transport.close();
            }
            18 if self.roll(40) == 0 => {
                self.model.borrow_mut().aborted = true;
                transport.abort();
            }
            _ => {}
        }
    }

    fn write(&self, transport: &Transport) {
        let length = self.roll(60);
        let mut model = self.model.borrow_mut();
        if transport.is_closing() || model.wrote_eof {
            return;
        }
        let data: Vec<u8> = (model.written..model.written + length).map(byte).collect();
        model.written += length;
        drop(model);
        transport.write(&data);
    }
}

impl Protocol for Side {
    fn connection_made(&mut self, transport: Transport) {
        self.transport.replace(Some(transport));
        let mut model = self.model.borrow_mut();
        if std::mem::replace(&mut model.made, true) {
            model.wrong.push("made twice".into());
        }
        drop(model);
        self.act();
    }

    fn data_received(&mut self, data: &[u8]) {
        self.check("data", |model, transport| {
            let place = model.received;
            let expected = (place..place + data.len()).map(byte);
            !model.eof
                && !model.reads_paused
                && !transport.is_closing()
                && !data.is_empty()
                && data.iter().copied().eq(expected)
        });
        self.model.borrow_mut().received += data.len();
        self.act();
    }

    fn eof_received(&mut self) -> bool {
        self.check("eof", |model, transport| {
            !model.eof && !model.reads_paused && !transport.is_closing()
        });
        self.model.borrow_mut().eof = true;
        self.act();
        self.roll(2) == 0
    }

    fn connection_lost(&mut self, _: Option<io::Error>) {
        self.check("lost", |_, transport| transport.is_closing());
        self.model.borrow_mut().lost = true;
        self.act();
    }

    fn pause_writing(&mut self) {
        self.check("pause", |model, transport| {
            !model.told_to_pause && transport.write_buffer_size() > model.high
        });
        self.model.borrow_mut().told_to_pause = true;
        self.act();
    }

    fn resume_writing(&mut self) {
        self.check("resume", |model, transport| {
            model.told_to_pause && transport.write_buffer_size() <= model.low
        });
        self.model.borrow_mut().told_to_pause = false;
        self.act();
    }
}

/// What happened in one case: a violation, or how the ends ended.
fn play(seed: u64) -> Result<[bool; 3], String> {
    let mut rng = Rng::with_seed(seed);
    let sides = [Side::new(&mut rng), Side::new(&mut rng)];
    let reset = Cell::new(false);
    run(async {
        let (here, there) = pipe(rng.usize(1..50));
        for end in [&here, &there] {
            end.outgoing.piece.set(rng.usize(1..30));
            end.holds.set(rng.u8(..4) == 0);
        }
        let ways = [Rc::clone(&here.outgoing), Rc::clone(&there.outgoing)];
        let [one, other] = &sides;
        let tasks = [
            spawn(drive(here, one.clone())),
            spawn(drive(there, other.clone())),
        ];
        for _ in 0..rng.usize(..80) {
            match rng.usize(..3) {
                0 => polling::yield_now().await,
                side => sides[side - 1].act(),
            }
        }
        if rng.u8(..10) == 0 {
            reset.set(true);
            ways[0].break_off();
            ways[1].break_off();
        }
        // Now they come to an end, one way or the other.
        ways.iter().for_each(|way| way.widen(usize::MAX));
        while tasks.iter().any(|task| !task.is_finished()) {
            let side = &sides[rng.usize(..2)];
            side.model.borrow_mut().reads_paused = false;
            if let Some(transport) = side.transport.borrow().clone() {
                transport.resume_reading();
                if rng.u8(..4) == 0 {
                    transport.close();
                }
            }
            for _ in 0..4 {
                polling::yield_now().await;
            }
        }
    });
    for (index, side) in sides.iter().enumerate() {
        let (model, peer) = (side.model.borrow(), sides[1 - index].model.borrow());
        if !model.wrong.is_empty() {
            return Err(format!("illegal: {:?}", model.wrong));
        }
        if !model.lost {
            return Err("never lost".to_string());
        }
        if model.eof && !peer.aborted && !reset.get() && model.received != peer.written {
            return Err(format!("{} of {} bytes", model.received, peer.written));
        }
    }
    let both = |what: fn(&Model) -> bool| sides.iter().any(|it| what(&it.model.borrow()));
    Ok([
        both(|it| it.eof && it.received > 100),
        both(|it| it.told_to_pause),
        both(|it| it.aborted),
    ])
}

#[test]
fn random_ends_keep_the_order_of_calls_and_bytes() {
    let mut seen = [0; 3];
    let seeds = quick_or_full(400, 10_000);
    for seed in 0..seeds {
        let ended = play(seed).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        for (count, happened) in seen.iter_mut().zip(ended) {
            *count += u64::from(happened);
        }
    }
    // The cases are worth something.
    assert!(seen.iter().all(|count| *count > seeds / 50), "{seen:?}");
}
