//! The form in which an address is remembered, so that one page has one name.
//!
//! `HTTP://Taxi.example:80/a/../b#fares` and `http://taxi.example/b` are one page. Most of this is done by the crate `url`,
//! as browsers do it; what it leaves is the spelling of escapes.

use url::Url;

/// The normal form of `url`: what is asked for, and what is remembered as asked for.
///
/// Without the fragment, which is never sent; without name and password, which are none of a crawler's business; and with
/// escapes spelt in one way: `%7E` is `~`, `%2f` is `%2F`
/// ([RFC 3986, 6.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2)). `None` if it is no address of the web.
///
/// ```
/// let url = "HTTP://ann:secret@Taxi.example:80/a/../%7eann?q=%2f#fares".parse().unwrap();
/// assert_eq!(crawler::normal(&url).unwrap().as_str(), "http://taxi.example/~ann?q=%2F");
/// assert_eq!(crawler::normal(&"mailto:ann@taxi.example".parse().unwrap()), None);
/// ```
// ANCHOR: normal
pub fn normal(url: &Url) -> Option<Url> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let mut url = url.clone();
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let path = respell(url.path());
    url.set_path(&path);
    let query = url.query().map(respell);
    url.set_query(query.as_deref());
    Some(url)
}
// ANCHOR_END: normal

/// `text` with each escape in its one spelling: the character itself where that means the same, else capitals.
fn respell(text: &str) -> String {
    let mut spelt = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('%') {
        spelt.push_str(&rest[..place]);
        rest = &rest[place..];
        let code = rest
            .get(1..3)
            .and_then(|it| u8::from_str_radix(it, 16).ok());
        let length = match code.map(char::from) {
            Some(it) if it.is_ascii_alphanumeric() || "-._~".contains(it) => {
                spelt.push(it);
                3
            }
            Some(_) => {
                spelt.push_str(&rest[..3].to_ascii_uppercase());
                3
            }
            None => {
                spelt.push('%');
                1
            }
        };
        rest = &rest[length..];
    }
    spelt + rest
}

/// The server that `url` names: scheme, host and port. What is polite is so towards one of these.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
