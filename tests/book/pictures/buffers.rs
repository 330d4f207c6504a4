//! Chapter 12: where bytes lie on their way from one program to another, and who waits when a buffer is full.

use super::pen::{Picture, Point};

const SIZE: Point = (150.0, 92.0);
const LEFT: f64 = 84.0;
const RIGHT: f64 = 362.0;

pub(super) fn picture() -> Picture {
    let mut picture = Picture::new(
        470,
        "Left, from top to bottom, a program that writes, the buffer of its StreamWriter with a high and a low mark, and \
         the kernel's send buffer. Right, from bottom to top, the kernel's receive buffer, the buffer of a \
         StreamReader with its limit, and the program that reads. All but the last are full of bytes, since that \
         program reads nothing.",
    );
    picture.text((LEFT + SIZE.0 / 2.0, 24.0), "writes", "name");
    picture.text((RIGHT + SIZE.0 / 2.0, 24.0), "does not read", "name");
    picture.arrow((LEFT + 75.0, 34.0), (LEFT + 75.0, 66.0), "");
    picture.text((LEFT + 118.0, 56.0), "write", "code");
    buffer(&mut picture, (LEFT, 72.0), 9, "StreamWriter");
    mark(&mut picture, (LEFT, 98.0), "high");
    mark(&mut picture, (LEFT, 140.0), "low");
    picture.arrow((LEFT + 75.0, 200.0), (LEFT + 75.0, 246.0), "");
    buffer(&mut picture, (LEFT, 252.0), 12, "kernel: send buffer");
    picture.bent_arrow(
        (LEFT + 75.0, 380.0),
        (270.0, 480.0),
        (RIGHT + 75.0, 382.0),
        "",
    );
    picture.text((270.0, 458.0), "the network", "said");
    buffer(&mut picture, (RIGHT, 252.0), 12, "kernel: receive buffer");
    picture.arrow((RIGHT + 75.0, 246.0), (RIGHT + 75.0, 200.0), "");
    buffer(&mut picture, (RIGHT, 72.0), 3, "StreamReader");
    mark(&mut picture, (RIGHT, 98.0), "limit");
    picture.arrow((RIGHT + 75.0, 66.0), (RIGHT + 75.0, 34.0), "thin");
    picture
}

/// A box with bytes in it, filled from below, and its name underneath.
fn buffer(picture: &mut Picture, at: Point, bytes: u32, name: &str) {
    picture.area(at, SIZE, "fill");
    for byte in 0..bytes {
        let (row, column) = (f64::from(byte / 4), f64::from(byte % 4));
        let corner = (at.0 + 9.0 + 34.0 * column, at.1 + 66.0 - 28.0 * row);
        picture.area(corner, (30.0, 20.0), "lit");
    }
    picture.text((at.0 + SIZE.0 / 2.0, at.1 + SIZE.1 + 19.0), name, "small");
}

/// A mark across a buffer.
fn mark(picture: &mut Picture, at: Point, name: &str) {
    picture.line((at.0 - 12.0, at.1), (at.0 + SIZE.0 + 12.0, at.1), "call");
    picture.text((at.0 - 38.0, at.1 + 5.0), name, "");
}
