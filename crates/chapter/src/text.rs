//! Words for people: the nearest name to one that was mistyped.

/// The name in `names` most like `wanted`, if one is like it at all.
///
/// ```
/// assert_eq!(chapter::nearest("taxy", ["taxi", "late"]), Some("taxi".to_string()));
/// assert_eq!(chapter::nearest("kitchen", ["taxi", "late"]), None);
/// ```
pub fn nearest<S: AsRef<str>>(
    wanted: &str,
    names: impl IntoIterator<Item = S>,
) -> Option<String> {
    names
        .into_iter()
        .map(|name| {
            (
                strsim::jaro_winkler(wanted, name.as_ref()),
                name.as_ref().to_string(),
            )
        })
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
