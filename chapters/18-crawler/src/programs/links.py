"""What is a link, and what only looks like one."""

from html.parser import HTMLParser
from urllib.parse import urljoin

# ANCHOR: main
PAGE = r"""
<!-- <a href="/comment">not this</a> -->
<title>The <a href="/title">fleet</a></title>
<base href="/office/">
<a href="fares?day=night&amp;seats=4#end">fares</a>
<A HREF = /map>map</A> <a href=" ../map ">the same</a>
<img src="taxi.png" srcset="taxi-2x.png 2x, taxi-3x.png 3x">
<a href="mailto:office@taxi.example">write</a> <a href="#top">up</a>
<script>document.write('<a href="/script">not this</a>');</script>
"""


class Links(HTMLParser):
    base = "http://taxi.example/index.html"

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        link = attrs.get("href") or attrs.get("src")
        if tag == "base":
            self.base = urljoin(self.base, link)
        elif link and not link.startswith("mailto:"):
            print(f"<{tag}> {urljoin(self.base, link.strip())}")


Links().feed(PAGE)
# ANCHOR_END: main
