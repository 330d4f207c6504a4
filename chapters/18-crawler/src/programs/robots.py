"""A site that asks robots to stay away from some pages, and to take their time."""

from urllib.robotparser import RobotFileParser

# ANCHOR: main
RULES = """\
User-agent: *
Disallow: /private
Allow: /private/map
Disallow: /*.pdf$
Crawl-delay: 3

User-agent: greedy
Disallow: /
"""

parser = RobotFileParser()
parser.parse(RULES.splitlines())
for agent in ("polite", "greedy"):
    print(f"{agent}:")
    for path in ("/", "/private/diary", "/private/map", "/fares.pdf", "/fares.pdf.html"):
        allowed = parser.can_fetch(agent, path)
        print(f"  {path}{'' if allowed else ': not for robots'}")
    print(f"  delay: {parser.crawl_delay(agent)}")
# ANCHOR_END: main
