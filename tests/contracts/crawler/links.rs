//! What is a link.

use crawler::links;

use crate::url;

/// The addresses that `html` links to, relative to `http://t/dir/page`.
fn found(html: &str) -> Vec<String> {
    let page = url("http://t/dir/page");
    let links = links(html.as_bytes(), &page).links.into_iter();
    links
        .map(|it| it.to.to_string().replace("http://t", ""))
        .collect()
}

#[test]
fn each_element_that_has_an_address_is_one() {
    let html = "<a href=a><area href=b><link href=c><img src=d><script src=e></script>\
        <iframe src=f></iframe><source src=g><video src=h poster=i><audio src=j><track src=k>\
        <embed src=l><object data=m><input src=n><meta http-equiv=Refresh content='0; URL=\"o\"'>";
    let wanted: Vec<String> = ('a'..='o').map(|it| format!("/dir/{it}")).collect();
    assert_eq!(found(html), wanted);
}

#[test]
fn what_is_no_html_has_none() {
    for raw in [
        "script", "style", "title", "textarea", "iframe", "noframes", "xmp",
    ] {
        let html = format!("<{raw}><a href=no></a></{raw}><a href=yes>");
        assert_eq!(found(&html), ["/dir/yes"], "{raw}");
    }
    assert_eq!(found("<!-- <a href=no> --><a href=yes>"), ["/dir/yes"]);
    assert_eq!(
        found("<script><!-- <script> </script> <a href=no> --></script><a href=yes>"),
        ["/dir/yes"]
    );
    assert!(
        found("<link rel='DNS-Prefetch' href=//t2><link rel=preconnect href=//t3>")
            .is_empty()
    );
    assert!(
        found("<a href='mailto:a@b'><a href='javascript:f()'><a name=x><a>").is_empty()
    );
}

#[test]
fn text_is_read_as_browsers_read_it() {
    let page = url("http://t/dir/page");
    let html = "<A\nHREF='?a=1&amp;b=2&copy;'><a href=' x '><a href=\"y\nz\"><a href=//u/><a href=#f><a href=''>";
    let found = links(html.as_bytes(), &page);
    let all: Vec<&str> = found.links.iter().map(|it| it.to.as_str()).collect();
    let wanted = [
        "http://t/dir/page?a=1&b=2%C2%A9",
        "http://t/dir/x",
        "http://t/dir/yz",
        "http://u/",
        "http://t/dir/page#f",
        "http://t/dir/page",
    ];
    assert_eq!(all, wanted);
}

#[test]
fn the_first_base_counts_for_all() {
    let html = "<a href=a><base href=/x/><base href=/y/><a href=b><a href=#c>";
    assert_eq!(found(html), ["/x/a", "/x/b", "/x/#c"]);
    assert_eq!(
        found("<base target=_top><base href=/x/><a href=a>"),
        ["/x/a"]
    );
    assert_eq!(found("<base href='http://['><a href=a>"), ["/dir/a"]);
}

#[test]
fn a_srcset_has_several() {
    let html = "<img srcset='a 1x,b 2x , c,d' src=e><source srcset=' ,f, g 100w '>";
    let wanted = ["e", "a", "b", "c,d", "f", "g"].map(|it| format!("/dir/{it}"));
    assert_eq!(found(html), wanted);
}

#[test]
fn each_link_comes_once_and_places_are_kept() {
    let page = url("http://t/");
    let html = "<a href=a><a href=a><img src=a><p id=x><a name=y><i id='z é'><a href='http://['>";
    let found = links(html.as_bytes(), &page);
    assert_eq!(found.links.len(), 2);
    let ids: Vec<&str> = found.ids.iter().map(String::as_str).collect();
    assert_eq!(ids, ["x", "y", "z é"]);
    assert_eq!(
        found.unreadable,
        [("a".to_string(), "http://[".to_string())]
    );
}

/// Whatever the bytes are, it ends and does not panic.
#[test]
fn any_bytes_will_do() {
    let page = url("http://t/");
    let pieces = [
        "<",
        ">",
        "a",
        " href=",
        "'",
        "\"",
        "&amp",
        ";",
        "<!--",
        "-->",
        "<script>",
        "</",
        "=",
        "\0",
        "é",
        "<base href=",
        "srcset=",
        ",",
        "<svg><![CDATA[",
        "]]>",
    ];
    for seed in 0..workbook_tests::limits::quick_or_full(2_000, 50_000) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut bytes = Vec::new();
        for _ in 0..rng.usize(0..40) {
            bytes.extend_from_slice(pieces[rng.usize(0..pieces.len())].as_bytes());
            if rng.u8(0..8) == 0 {
                bytes.push(rng.u8(..));
            }
        }
        links(&bytes, &page);
    }
    // A tag that never ends, and a million that do not nest.
    links("<a ".repeat(100_000).as_bytes(), &page);
    let deep = "<a href=x>".repeat(100_000);
    assert_eq!(links(deep.as_bytes(), &page).links.len(), 1);
}
