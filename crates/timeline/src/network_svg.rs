//! The picture of a simulated network: a lane a host, time from top to bottom, messages as arrows.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use crate::network::Network;
use crate::says::time;
use crate::svg::{Drawing, LETTER, escape};
use crate::svg_legend::{Item, cross};
use crate::{Damaged, Event, Replay, Trace, What};

/// A step's height.
const ROW: usize = 18;

/// So many steps are drawn at most.
const MOST: usize = 700;

/// After so many rows the hosts' names stand there again.
const NAMED: usize = 20;

/// The room for times, at the left.
const TIMES: usize = 62;

/// So far from the lane it was for ends what the network has lost.
const SHORT: usize = 14;

/// The widest that a lane gets.
const LANE: usize = 150;

/// What is added to the style of other pictures.
pub(crate) const STYLE: &str = "\
.tl .n{stroke:currentColor;stroke-opacity:.45;stroke-width:1.5}\
.tl .l{stroke:var(--tl-run);stroke-width:5}\
.tl .m{stroke:var(--tl-wake);stroke-width:1.3;fill:none}\
.tl .tl-way .m{stroke-width:3.5}\
.tl .d{stroke-dasharray:4 3}\
.tl .z{fill:var(--tl-bad);fill-opacity:.13}\
.tl .y{fill:var(--tl-bad)}\
.tl .v{paint-order:stroke;stroke:var(--bg,var(--tl-dot));stroke-width:3px;stroke-linejoin:round}";

/// Whether there are simulated hosts in this run.
pub(crate) fn is_of_hosts(trace: &Trace) -> bool {
    let is_one = |event: &Event| matches!(event.what, What::HostStarted { .. });
    trace.events.iter().any(is_one)
}

/// Draws the network, if there is one.
pub(crate) fn draw(trace: &Trace, drawing: &mut Drawing) -> Result<bool, Damaged> {
    if !is_of_hosts(trace) {
        return Ok(false);
    }
    let mut replay = Replay::new(trace);
    let mut picture = Picture::new(trace, drawing);
    for (step, event) in trace.events.iter().take(MOST).enumerate() {
        replay.apply(event)?;
        picture.see(step, event, replay.state().network());
    }
    picture.finish(replay.state().network());
    if trace.events.len() > MOST {
        drawing.cut = Some(MOST);
    }
    Ok(true)
}

/// What a lane has looked like since a row.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Looks {
    runs: bool,
    leads: bool,
    at_fault: bool,
}

/// The picture as far as it is drawn.
struct Picture<'d> {
    drawing: &'d mut Drawing,
    /// How many lanes.
    hosts: usize,
    names: Vec<String>,
    /// Where the current row is, and the first.
    y: usize,
    rows: usize,
    /// When the row before was.
    at: Option<u64>,
    lanes: Vec<(Looks, usize)>,
    /// Where each message left, and in which step; as often as it is under way.
    sent: BTreeMap<u32, VecDeque<(usize, usize)>>,
    /// What lies under the arrows, and above them.
    below: String,
    above: String,
}

impl Picture<'_> {
    fn new<'d>(trace: &Trace, drawing: &'d mut Drawing) -> Picture<'d> {
        let mut names: Vec<String> = Vec::new();
        for event in &trace.events {
            if let What::HostStarted { host, name } = &event.what
                && *host as usize > names.len()
            {
                names.push(name.clone());
            }
        }
        let looks = Looks {
            runs: false,
            leads: false,
            at_fault: false,
        };
        let y = drawing.y;
        drawing.width = drawing.width.min(TIMES + LANE * names.len().max(2));
        Picture {
            hosts: names.len(),
            lanes: vec![(looks, y); names.len()],
            names,
            y,
            rows: 0,
            at: None,
            sent: BTreeMap::new(),
            below: String::new(),
            above: String::new(),
            drawing,
        }
    }

    /// The middle of a host's lane.
    fn x(&self, host: u32) -> usize {
        let room = self.drawing.width - TIMES;
        TIMES + room * (2 * host as usize - 1) / (2 * self.hosts)
    }

    fn see(&mut self, step: usize, event: &Event, network: &Network<'_>) {
        // What is printed beside the hosts has no row.
        if let What::Printed { host: None, .. } = event.what {
            return;
        }
        if self.rows.is_multiple_of(NAMED) {
            self.name_lanes();
        }
        self.rows += 1;
        self.y += ROW;
        let (y, width) = (self.y, self.drawing.width);
        if self.at != Some(event.at) {
            self.at = Some(event.at);
            let says = time(event.at);
            let _ = write!(
                self.above,
                "<text class=\"s f\" x=\"4\" y=\"{}\">{says}</text>",
                y + 4
            );
        }
        self.event(step, event, network);
        for host in 1..=network.hosts().len() {
            self.follow(host, network);
        }
        let _ = writeln!(
            self.above,
            "<rect class=\"k\" x=\"0\" y=\"{}\" width=\"{width}\" height=\"{ROW}\" data-step=\"{step}\"/>",
            y - ROW / 2
        );
    }

    fn name_lanes(&mut self) {
        self.y += ROW;
        for (name, host) in self.names.iter().zip(1..) {
            let (x, y, name) = (self.x(host), self.y + 4, escape(name));
            let _ = writeln!(
                self.above,
                "<text class=\"v\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{name}</text>"
            );
        }
    }

    fn event(&mut self, step: usize, event: &Event, network: &Network<'_>) {
        let y = self.y;
        match &event.what {
            What::Sent {
                message,
                from,
                to,
                about,
                twice,
            } => {
                let copies = 1 + usize::from(*twice);
                let sent = std::iter::repeat_n((step, y), copies).collect();
                self.sent.insert(*message, sent);
                self.label(*from, about, self.x(*to) > self.x(*from), "s v");
            }
            What::Arrived { message } => self.arrow(*message, step, false, network),
            What::Lost { message } => self.arrow(*message, step, true, network),
            What::FaultBegan { .. } => self.across(&event.says, "b"),
            What::FaultOver { .. } => self.across(&event.says, "b d"),
            What::HostIs { host, what, .. } => self.mark(*host, what, Item::Works),
            What::HostStarted { host, .. } => self.mark(*host, "starts", Item::Works),
            What::HostStopped { host, .. } => self.mark(*host, "stops", Item::Ends),
            What::HostEnded { host } => self.mark(*host, "has done its work", Item::Over),
            What::Printed {
                text,
                host: Some(host),
            } => {
                self.mark(*host, text.trim(), Item::Acts);
            }
            _ => {}
        }
    }

    /// A sign on a lane, and what it is, on the side where there is room.
    fn mark(&mut self, host: u32, what: &str, item: Item) {
        let x = self.x(host);
        item.draw(&mut self.above, x, self.y);
        self.label(host, what, 2 * x <= self.drawing.width + TIMES, "s v o");
    }

    /// A word beside a lane: on its right, or else on its left.
    fn label(&mut self, host: u32, text: &str, right: bool, class: &str) {
        let (x, y) = (self.x(host), self.y);
        let (x, y, anchor) = match (right, class == "s v") {
            // What is sent stands above its arrow.
            (true, true) => (x + 8, y - 3, "start"),
            (false, true) => (x - 8, y - 3, "end"),
            (true, false) => (x + 10, y + 4, "start"),
            (false, false) => (x - 10, y + 4, "end"),
        };
        let text = escape(text);
        let _ = writeln!(
            self.above,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>"
        );
    }

    /// A message from where it was sent to where it ends now.
    fn arrow(&mut self, message: u32, step: usize, lost: bool, network: &Network<'_>) {
        let Some((from, top)) = self.sent.get_mut(&message).and_then(VecDeque::pop_front)
        else {
            return;
        };
        let known = &network.messages()[message as usize - 1];
        let (x, to) = (self.x(known.from), self.x(known.to));
        let at_once = self.at == Some(known.sent);
        let end = match (lost && at_once, to > x) {
            // The network has lost it: it does not get there.
            (true, true) => to - SHORT,
            (true, false) => to + SHORT,
            (false, _) => to,
        };
        let (class, y) = (if lost { "m d" } else { "m" }, self.y);
        let out = &mut self.drawing.out;
        let _ = write!(
            out,
            "<g class=\"tl-message\" data-from=\"{from}\" data-to=\"{step}\">\
             <path class=\"{class}\" d=\"M{x} {top}L{end} {y}\"/>"
        );
        match lost {
            true => {
                let _ = cross(out, "b", end, y);
                self.drawing.signs.use_of(Item::Loses);
            }
            false => {
                head(out, (x, top), (end, y));
                self.drawing.signs.use_of(Item::Sends);
            }
        }
        let _ = writeln!(self.drawing.out, "</g>");
    }

    /// A line over all lanes.
    fn across(&mut self, says: &str, class: &str) {
        let (y, end) = (self.y, self.drawing.width - 4);
        let line = TIMES + 12 + (says.chars().count() * LETTER.0).div_ceil(LETTER.1);
        let (says, x) = (escape(says), TIMES + 4);
        let _ = writeln!(
            self.above,
            "<path class=\"{class}\" d=\"M{} {y}H{end}\"/>\
             <text class=\"s v y\" x=\"{x}\" y=\"{}\">{says}</text>",
            line.min(end),
            y + 4
        );
    }

    /// Draws a lane as it was up to here, if it looks otherwise from now on.
    fn follow(&mut self, host: usize, network: &Network<'_>) {
        let known = &network.hosts()[host - 1];
        let number = u32::try_from(host).unwrap_or(u32::MAX);
        let looks = Looks {
            runs: known.runs,
            leads: known.leads,
            at_fault: network.is_at_fault(number),
        };
        if looks != self.lanes[host - 1].0 {
            self.lane(host);
            self.lanes[host - 1].0 = looks;
        }
    }

    fn lane(&mut self, host: usize) {
        let x = self.x(u32::try_from(host).unwrap_or(u32::MAX));
        let (looks, since) = std::mem::replace(
            &mut self.lanes[host - 1],
            (
                Looks {
                    runs: false,
                    leads: false,
                    at_fault: false,
                },
                self.y,
            ),
        );
        let (y, height) = (self.y, self.y - since);
        if looks.at_fault {
            self.drawing.signs.use_of(Item::Faulty);
            let _ = write!(
                self.below,
                "<rect class=\"z\" x=\"{}\" y=\"{since}\" width=\"28\" height=\"{height}\"/>",
                x - 14
            );
        }
        if looks.runs {
            let class = if looks.leads { "l" } else { "n" };
            if looks.leads {
                self.drawing.signs.use_of(Item::Leads);
            }
            let _ = writeln!(
                self.below,
                "<path class=\"{class}\" d=\"M{x} {since}V{y}\"/>"
            );
        }
    }

    /// Lanes to their ends, and what is under way there.
    fn finish(mut self, network: &Network<'_>) {
        self.y += ROW;
        for host in 1..=self.hosts {
            self.lane(host);
        }
        for (message, sent) in &self.sent {
            let known = &network.messages()[*message as usize - 1];
            let (x, to) = (self.x(known.from), self.x(known.to));
            for (step, top) in sent {
                let (end, y) = ((x + to) / 2, self.y);
                let _ = writeln!(
                    self.drawing.out,
                    "<g class=\"tl-message\" data-from=\"{step}\"><path class=\"m\" d=\"M{x} {top}L{end} {y}\"/></g>"
                );
            }
        }
        self.y += ROW;
        let arrows = std::mem::take(&mut self.drawing.out);
        self.drawing.out = format!("{}{arrows}{}", self.below, self.above);
        self.drawing.y = self.y;
    }
}

/// The head of an arrow from one point to another.
fn head(out: &mut String, from: (usize, usize), to: (usize, usize)) {
    let point = |(x, y): (usize, usize)| {
        [x, y].map(|it| f64::from(u32::try_from(it).unwrap_or(u32::MAX)))
    };
    let ([x1, y1], [x2, y2]) = (point(from), point(to));
    let length = (x2 - x1).hypot(y2 - y1).max(1.0);
    let (dx, dy) = ((x2 - x1) / length, (y2 - y1) / length);
    let corner = |side: f64| {
        let x = x2 - 8.0 * dx - side * 3.5 * dy;
        let y = y2 - 8.0 * dy + side * 3.5 * dx;
        format!("{x:.1} {y:.1}")
    };
    let _ = write!(
        out,
        "<path class=\"h\" d=\"M{} {}L{}L{}z\"/>",
        to.0,
        to.1,
        corner(1.0),
        corner(-1.0)
    );
}
