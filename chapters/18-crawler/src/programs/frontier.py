"""A site whose pages all link to one another, and each is fetched once."""

from collections import deque
from urllib.parse import unquote, urldefrag, urljoin

SITE = {
    "/": ["/a", "/b", "/"],
    "/a": ["/b", "/c", "/./a#part"],
    "/b": ["/", "/%63", "/d"],
    "/c": ["/a", "/b", "/c", "/d", "/e"],
    "/d": ["/"],
}


# ANCHOR: main
def add(url, depth):
    # urljoin takes dots away; escapes and fragments are left to us.
    url = unquote(urldefrag(url).url)
    if url in known:
        return "known"
    if depth > 2:
        return "too deep"
    if len(known) == 4:
        return "too much"
    known.add(url)
    waiting.append((url, depth))
    return "new"


known, waiting = set(), deque()
add("http://taxi.example/", 0)
while waiting:
    url, depth = waiting.popleft()
    path = url.removeprefix("http://taxi.example")
    told = [f"{link} is {add(urljoin(url, link), depth + 1)}" for link in SITE[path]]
    print(f"{path}: {', '.join(told)}")
print(f"{len(known)} pages")
# ANCHOR_END: main
