//! What is a link, and what only looks like one.
//!
//! twin: own, its parser has no list of the elements whose text is no HTML, and no srcset

use chapter::{Args, BadInput};
use crawler::links;
use trace::say;
use url::Url;

// ANCHOR: page
const PAGE: &str = r##"
<!-- <a href="/comment">not this</a> -->
<title>The <a href="/title">fleet</a></title>
<base href="/office/">
<a href="fares?day=night&amp;seats=4#end">fares</a>
<A HREF = /map>map</A> <a href=" ../map ">the same</a>
<img src="taxi.png" srcset="taxi-2x.png 2x, taxi-3x.png 3x">
<a href="mailto:office@taxi.example">write</a> <a href="#top">up</a>
<script>document.write('<a href="/script">not this</a>');</script>
<textarea><a href="/text">not this</a></textarea>
<a href="http://[">what is this?</a>
<p id="end"> <a name="start">
"##;
// ANCHOR_END: page

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let page: Url = "http://taxi.example/index.html"
        .parse()
        .expect("an address");
    let found = links(PAGE.as_bytes(), &page);
    for link in &found.links {
        say!("<{}> {}", link.element, link.to);
    }
    for (element, text) in &found.unreadable {
        say!("<{element}> {text} is no address");
    }
    let ids: Vec<&str> = found.ids.iter().map(String::as_str).collect();
    say!("places: {}", ids.join(", "));
    Ok(())
}
// ANCHOR_END: main
