//! Numbers as a reader wants them.

use std::time::Duration;

/// A number with three figures, and no zeros at its end.
///
/// ```
/// use load_test::figures;
///
/// assert_eq!(figures(1.0), "1");
/// assert_eq!(figures(0.12345), "0.12");
/// assert_eq!(figures(12.345), "12.3");
/// assert_eq!(figures(12345.6), "12346");
/// ```
pub fn figures(number: f64) -> String {
    let decimals = match number.abs() {
        99.95.. => 0,
        9.995.. => 1,
        _ => 2,
    };
    let text = format!("{number:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').into(),
        false => text,
    }
}

/// A time in the unit that suits it, by [`figures`].
///
/// ```
/// use std::time::Duration;
/// use load_test::short;
///
/// assert_eq!(short(Duration::from_micros(850)), "850 µs");
/// assert_eq!(short(Duration::from_micros(1250)), "1.25 ms");
/// assert_eq!(short(Duration::from_secs(90)), "90 s");
/// ```
pub fn short(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        0.9995.. => format!("{} s", figures(seconds)),
        0.000_999_5.. => format!("{} ms", figures(seconds * 1e3)),
        _ => format!("{} µs", figures(seconds * 1e6)),
    }
}
