//! The lines of source that only tell the recorder what happens.

/// Whether a line of Rust is a *hook*: it calls one, or has a name (`traced`) for what hooks need. Listings leave such
/// lines out, so each is a statement, or a field, of its own.
///
/// ```
/// assert!(timeline::is_hook("traced.polled();"));
/// assert!(!timeline::is_hook("use trace::say;"));
/// ```
pub fn is_hook(line: &str) -> bool {
    let shown =
        line.trim_start().starts_with("use trace::") || line.contains("suspension");
    let calls = line.contains("trace::") && !shown;
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    calls || words.any(|word| word == "traced" || word == "_traced")
}
