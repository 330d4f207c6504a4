//! Writing HTML into a page.

/// `text`, safe between tags and within attributes, and safe from whatever reads `{{`.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + text.len() / 8);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '{' => safe.push_str("&#123;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The way from the page `from` to `to`, both relative to the book's first folder.
pub(crate) fn link(from: &str, to: &str) -> String {
    format!("{}{to}", "../".repeat(from.matches('/').count()))
}

/// `text` for a cell of a Markdown table, where a bar would end it.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
