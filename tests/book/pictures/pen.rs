//! The pen of the pictures: lines that are not quite straight, like those of the drawings at the head of each chapter.
//! The same line always trembles in the same way, so a picture changes where its values do and nowhere else.

use std::fmt::Write as _;

/// A picture's width in its own units. It is narrow, so that its words can be read on a phone.
pub(super) const WIDTH: u32 = 540;

pub(super) type Point = (f64, f64);

pub(super) struct Picture {
    height: u32,
    said: &'static str,
    body: String,
}

impl Picture {
    /// `said` is what the picture shows, in words.
    pub(super) fn new(height: u32, said: &'static str) -> Picture {
        let body = String::new();
        Picture { height, said, body }
    }

    pub(super) fn svg(&self) -> String {
        let (height, said, body) = (self.height, self.said, &self.body);
        format!(
            "<svg viewBox=\"0 0 {WIDTH} {height}\" class=\"diagram\" role=\"img\" \
             xmlns=\"http://www.w3.org/2000/svg\">\n<title>{said}</title>\n{body}</svg>\n"
        )
    }

    /// A box with `at` as its upper left corner.
    pub(super) fn area(&mut self, at: Point, size: Point, class: &str) {
        let (right, below) = (at.0 + size.0, at.1 + size.1);
        let corners = [at, (right, at.1), (right, below), (at.0, below)];
        let path: Vec<String> = corners
            .map(|corner| coordinates(shaken(corner, 0.7)))
            .into();
        self.path(&format!("M{}Z", path.join("L")), class);
    }

    pub(super) fn line(&mut self, from: Point, to: Point, class: &str) {
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        self.curve(from, shaken(middle, 1.2), to, class);
    }

    pub(super) fn arrow(&mut self, from: Point, to: Point, class: &str) {
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        self.bent_arrow(from, shaken(middle, 1.2), to, class);
    }

    /// An arrow that bends towards `by`.
    pub(super) fn bent_arrow(&mut self, from: Point, by: Point, to: Point, class: &str) {
        self.curve(from, by, to, class);
        let class = class.replace("dashed", "");
        let back = (by.1 - to.1).atan2(by.0 - to.0);
        for turned in [back + 0.45, back - 0.45] {
            let end = (to.0 + 11.0 * turned.cos(), to.1 + 11.0 * turned.sin());
            self.curve(to, shaken(end, 0.8), end, class.trim());
        }
    }

    fn curve(&mut self, from: Point, by: Point, to: Point, class: &str) {
        let [from, by, to] = [from, by, to].map(coordinates);
        self.path(&format!("M{from}Q{by} {to}"), class);
    }

    fn path(&mut self, path: &str, class: &str) {
        writeln!(self.body, "<path d=\"{path}\"{}/>", attribute(class)).unwrap();
    }

    pub(super) fn text(&mut self, at: Point, words: &str, class: &str) {
        let (x, y) = at;
        let words = words.replace('&', "&amp;").replace('<', "&lt;");
        let class = attribute(class);
        writeln!(self.body, "<text x=\"{x}\" y=\"{y}\"{class}>{words}</text>").unwrap();
    }
}

fn attribute(class: &str) -> String {
    if class.is_empty() {
        return String::new();
    }
    format!(" class=\"{class}\"")
}

fn coordinates((x, y): Point) -> String {
    format!("{x:.1} {y:.1}")
}

/// A point at most `by` to each side of `point`, and always the same one.
fn shaken(point: Point, by: f64) -> Point {
    let mut seed = (point.0 * 8.0) as u64 ^ ((point.1 * 8.0) as u64) << 32 | 1;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 40) as f64 / (1_u64 << 23) as f64 - 1.0
    };
    (point.0 + by * next(), point.1 + by * next())
}
