//! The links of a page, and the places within it that links may name.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};
use url::Url;

/// What a page refers to.
///
/// ```
/// let page = "http://taxi.example/a/".parse().unwrap();
/// let html = r##"<base href="/b/"><a href="c#d">c</a> <p id="e"> <a href="#e">e</a>"##;
/// let found = crawler::links(html.as_bytes(), &page);
/// assert_eq!(found.links[0].to.as_str(), "http://taxi.example/b/c#d");
/// assert!(found.ids.contains("e"));
/// // `#e` is relative to the base, too: it leads away from this page.
/// assert_eq!(found.links[1].to.as_str(), "http://taxi.example/b/#e");
/// ```
// ANCHOR: found
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// In their order, each once, those to the web alone: no `mailto:`, no `javascript:`.
    pub links: Vec<Link>,
    /// The names of places in it: what may stand after a `#`.
    pub ids: BTreeSet<String>,
    /// What stands where an address should, and is none, with its element.
    pub unreadable: Vec<(String, String)>,
}

/// One link; made by [`links`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Link {
    /// Where it leads, with its fragment.
    pub to: Url,
    /// The element that has it: `a`, `img`.
    pub element: String,
}
// ANCHOR_END: found

/// Finds the links of the HTML page at `page`.
///
/// By html5ever's tokenizer, which reads what browsers read: no page is so wrong that it fails. Bytes that are not UTF-8
/// are replaced. The first `<base href>` counts, and for all links, wherever it stands.
///
/// ```
/// let html = "<script>'<a href=no>'</script><img srcset='a.png, b.png 2x'>";
/// let found = crawler::links(html.as_bytes(), &"http://taxi.example/".parse().unwrap());
/// let links: Vec<&str> = found.links.iter().map(|link| link.to.path()).collect();
/// assert_eq!(links, ["/a.png", "/b.png"]);
/// ```
///
/// It looks at every byte: give it to [`spawn_blocking`](taxi::spawn_blocking) if there are many.
pub fn links(html: &[u8], page: &Url) -> Found {
    let text = StrTendril::from(String::from_utf8_lossy(html).as_ref());
    let input = BufferQueue::default();
    input.push_back(text);
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    while !input.is_empty() {
        // It stops where a script or another encoding might change what follows.
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    let tags = tokenizer.sink;

    let base = tags.base.take().and_then(|base| page.join(&base).ok());
    let base = base.as_ref().unwrap_or(page);
    let mut found = Found {
        ids: tags.ids.take(),
        ..Found::default()
    };
    let mut known = BTreeSet::new();
    for (element, text) in tags.links.take() {
        match base.join(text.trim()) {
            Ok(to) if !matches!(to.scheme(), "http" | "https") => {}
            Ok(to) => {
                let link = Link { to, element };
                if known.insert(link.clone()) {
                    found.links.push(link);
                }
            }
            Err(_) => found.unreadable.push((element, text)),
        }
    }
    found
}

// ANCHOR: tags
/// What the tokenizer has told so far.
#[derive(Default)]
struct Tags {
    base: Cell<Option<String>>,
    has_base: Cell<bool>,
    /// Elements, and the text of their links.
    links: RefCell<Vec<(String, String)>>,
    ids: RefCell<BTreeSet<String>>,
}
// ANCHOR_END: tags

// ANCHOR: token
impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        if tag.kind != StartTag {
            return TokenSinkResult::Continue;
        }
        self.see(&tag);
        // A tokenizer knows no elements: who knows them must say where text is no HTML.
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "iframe" | "noembed" | "noframes" | "xmp" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }
}
// ANCHOR_END: token

/// The attributes of an element that hold an address.
fn places(element: &str) -> &'static [&'static str] {
    match element {
        "a" | "area" | "link" => &["href"],
        "img" | "script" | "iframe" | "source" | "embed" | "track" | "audio"
        | "input" => &["src"],
        "video" => &["src", "poster"],
        "object" => &["data"],
        _ => &[],
    }
}

impl Tags {
    fn see(&self, tag: &Tag) {
        let element = &*tag.name;
        let value = |name: &str| {
            let mut all = tag.attrs.iter();
            let found = all.find(|it| &*it.name.local == name);
            found.map(|it| it.value.to_string())
        };
        let anchor = value("name").filter(|_| element == "a");
        self.ids
            .borrow_mut()
            .extend(value("id").into_iter().chain(anchor));
        if let Some(base) = value("href").filter(|_| element == "base")
            && !self.has_base.replace(true)
        {
            self.base.set(Some(base));
        }
        // These open a connection, and fetch nothing.
        let hints = ["dns-prefetch", "preconnect"];
        let rel = value("rel").unwrap_or_default().to_ascii_lowercase();
        if rel.split_ascii_whitespace().any(|it| hints.contains(&it)) {
            return;
        }
        let single = places(element).iter().filter_map(|name| value(name));
        let several = value("srcset").filter(|_| matches!(element, "img" | "source"));
        let several = several.as_deref().map(candidates).unwrap_or_default();
        let refresh = value("content").filter(|_| {
            element == "meta"
                && value("http-equiv")
                    .is_some_and(|it| it.eq_ignore_ascii_case("refresh"))
        });
        let refresh = refresh.as_deref().and_then(refreshed);
        let all = single.chain(several).chain(refresh);
        let mut links = self.links.borrow_mut();
        links.extend(all.map(|link| (element.to_string(), link)));
    }
}

/// The addresses of a `srcset`: `"small.png 1x, large.png 2x"` has two.
fn candidates(srcset: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|it: char| it.is_ascii_whitespace() || it == ',');
        if rest.is_empty() {
            return found;
        }
        let end = rest.find(|it: char| it.is_ascii_whitespace());
        let (address, after) = rest.split_at(end.unwrap_or(rest.len()));
        // A comma within an address belongs to it, one at its end does not.
        let bare = address.trim_end_matches(',');
        found.push(bare.to_string());
        rest = match bare.len() < address.len() {
            true => after,
            false => after.split_once(',').map_or("", |(_, next)| next),
        };
    }
}

/// Where `<meta http-equiv="refresh" content="0; url=…">` leads.
fn refreshed(content: &str) -> Option<String> {
    let (_, after) = content.split_once([';', ','])?;
    let (name, address) = after.trim().split_once('=')?;
    let quotes: &[char] = &['"', '\''];
    name.trim()
        .eq_ignore_ascii_case("url")
        .then(|| address.trim().trim_matches(quotes).to_string())
}
