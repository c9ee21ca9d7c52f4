"""The fault web: a host for each row of bad input and bad servers, all met in one crawl."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from email.utils import formatdate

from tests.faults import bodies
from tests.faults.web import (
    HTML,
    Answer,
    FaultWeb,
    Wire,
    feed,
    listing,
    page,
    redirect,
    response,
    sitemap,
    story,
)

SPELLINGS = [
    "2130706434", "0x7f000002", "0177.0.0.2", "127.2", "127.0.2", "localhost", "[::1]", "[::ffff:127.0.0.2]",
    "0.0.0.0", "0", "127.0.0.1", "127.0.0.2", "127.255.255.254", "0x7f.0.0.1", "0x7f.1", "017700000001", "0177.1",
    "00000177.0.0.1", "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.257", "3232235521",
    "0xc0a80001", "169.254.169.254", "0xa9fea9fe", "2852039166", "100.64.0.1", "100.127.255.254", "192.0.0.8",
    "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.7", "192.88.99.1", "224.0.0.1", "239.1.2.3", "240.0.0.1",
    "255.255.255.255", "[::]", "[::ffff:10.0.0.1]", "[::ffff:7f00:2]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.2]",
    "[fe80::1]", "[fc00::1]", "[fd00::1]", "[ff02::1]", "[2001:db8::1]", "[64:ff9b::7f00:2]", "[64:ff9b:1::1]",
    "[2002:7f00:2::]", "[2001::1]", "localhost.", "127.0.0.2.", "LOCALHOST", "%31%32%37.0.0.2", "１２７.0.0.2",
    "127。0。0。2", "ip6-localhost", "n01.test@127.0.0.2", "127.0.0.2:80", "127.0.0.2:8080",
]  # fmt: skip
"""Of this machine, of private networks and of what stands for them."""


SLOW = ("n14", "n21-wolny")
"""Offices whose servers keep the crawler waiting: crawled apart, with little patience."""

LONG_LINK = "/news,8," + "dluga-" * 600 + ".html"
"""Longer than any address that is asked for."""


def hosts() -> FaultWeb:
    web = FaultWeb()
    _redirects(web)
    _bodies(web)
    _waits(web)
    _robots(web)
    _lists(web)
    _feeds(web)
    _sitemaps(web)
    _pages(web)
    return web


MAPPED = ("p01mapa", "p06mapa")
"""Offices whose sitemaps a deep walk reads."""
SECOND_DAY = ("n16", "p14")


def second_day(web: FaultWeb) -> None:
    """What was well on the first day is ill on the second."""
    web.put("n16.test", "/news,1,dobra.html", response("<html><body>urwane", length=1000))
    web.put("n16.test", "/news,2,gzip.html", _cut_gzip())
    for target, body in ILL.items():
        web.put("p14.test", target, body)


def _redirects(web: FaultWeb) -> None:
    web.site(
        "n01.test",
        {
            "/news,1,do-srodka.html": redirect("http://127.0.0.2/"),
            "/news,2,dobra.html": story("n01-2"),
            "/news,3,pamietana.html": redirect("/news,2,dobra.html"),
            "/news,4,skrypt.html": redirect("javascript:alert(1)"),
            "/news,5,plik.html": redirect("file:///etc/passwd"),
            "/news,6,dluga.html": redirect("/" + "a" * 5000),
        },
    )
    web.office("n01start.test")
    web.put("n01start.test", "/news.html", redirect("http://127.0.0.2/"))
    web.site("n03.test", {f"/news,{n},x.html": redirect(f"http://{one}/") for n, one in enumerate(SPELLINGS)})
    stub = '<html><head><meta http-equiv="refresh" content="0; url={}"></head><body>Przenosimy</body></html>'.format
    web.site(
        "n07.test",
        {
            "/news,1,cudza.html": stub("http://n01.test/news,2,dobra.html"),
            "/news,2,swoja.html": stub("/przeniesiona.html"),
            "/news,3,w-kolko.html": stub("/news,3,w-kolko.html?a=1"),
            "/news,4,zla.html": stub("http://127.0.0.2/"),
            "/news,5,dobra.html": story("n07-5", head='<meta http-equiv="refresh" content="300">'),
        },
    )
    web.put("n07.test", "/przeniesiona.html", story("n07-2"))
    web.put("n07.test", "/news,3,w-kolko.html?a=1", stub("/news,3,w-kolko.html"))
    web.site(
        "n08.test",
        {"/news,1,a.html": redirect("/b"), "/news,2,n.html": redirect("/n?n=1"), "/news,3,d.html": story(83)},
    )
    web.put("n08.test", "/b", redirect("/news,1,a.html"))
    for n in range(1, 20):
        web.put("n08.test", f"/n?n={n}", redirect(f"/n?n={n + 1}"))


def _bodies(web: FaultWeb) -> None:
    bombs = {
        "gzip": bodies.gzip_bomb,
        "deflate": bodies.deflate_bomb,
        "zstd": bodies.zstd_bomb,
        "br": bodies.brotli_bomb,
    }
    web.site(
        "n10.test",
        {
            **{f"/news,{n},{name}.html": _encoded(name, make()) for n, (name, make) in enumerate(bombs.items())},
            "/news,9,dobra.html": story(109),
        },
    )
    web.site(
        "n12.test",
        {
            "/news,1,gzip.html": _encoded("gzip", story(121).encode()),
            "/news,2,br.html": _encoded("br", story(122).encode()),
            "/news,3,poprawna-bez-pakowania.html": _plain_if_asked,
        },
    )
    web.site(
        "n14.test",
        {"/news,1,tresc.html": _dripping_body, "/news,2,naglowki.html": _dripping_head, "/news,3,d.html": story(143)},
    )
    web.site(
        "n16.test",
        {
            "/news,1,dobra.html": story(161),
            "/news,2,gzip.html": story(162),
            "/news,3,krotka.html": response("<html><body>to nie wszystko", length=1000),
            "/news,4,kawalki.html": _cut_chunks,
        },
    )
    cookies = b"".join(b"Set-Cookie: c%d=%s\r\n" % (n, b"x" * 4000) for n in range(100))
    bomb = b"".join(b"X-Dlugi-%d: %s\r\n" % (n, b"x" * 4000) for n in range(1000))
    web.site(
        "n18.test",
        {
            **{f"/news,{n},c.html": _with_head(cookies, story(f"18{n}")) for n in range(4)},
            "/news,8,naglowki.html": _with_head(bomb, story(188)),
        },
    )


def _waits(web: FaultWeb) -> None:
    def at_first(answer: Callable[[], bytes], number: int) -> Answer:
        return lambda wire: wire.send(answer() if wire.count == 1 else response(story(number)))

    seconds = response(status=429, headers={"Retry-After": "6"})
    web.site("n19.test", {"/news,1,czekaj.html": at_first(lambda: seconds, 191)})
    web.site(
        "n19data.test",
        {
            "/news,1,czekaj.html": at_first(
                lambda: response(
                    status=503,
                    headers={"Date": formatdate(1e9, usegmt=True), "Retry-After": formatdate(1e9 + 6, usegmt=True)},
                ),
                192,
            )
        },
    )
    web.site("n19bez.test", {"/news,1,czekaj.html": at_first(lambda: response(status=429), 193)})
    day = response(status=429, headers={"Retry-After": "86400"})
    web.site("n19dzien.test", {f"/news,{n},x.html": day for n in range(8)})


def _robots(web: FaultWeb) -> None:
    refusing: dict[str, Answer] = {
        "n21-500.test": response(status=500),
        "n21-wolny.test": lambda wire: wire.drip(b"User-agent: *\n" * 100, 0.5),
        "n21-zerwany.test": lambda wire: None,
        "n21-duzy.test": response(b"#" * (17 << 20), "text/plain"),
    }
    for host, answer in refusing.items():
        web.site(host, {"/news,1,x.html": story(host)})
        web.put(host, "/robots.txt", answer)
    for status in (401, 403, 404, 410):
        web.site(f"n21-{status}.test", {"/news,1,x.html": story(status)})
        web.put(f"n21-{status}.test", "/robots.txt", response("User-agent: *\nDisallow: /", status=status))
    rules = "User-agent: *\nDisallow: /news,2"
    texts: dict[str, bytes] = {
        "n21-utf16.test": rules.encode("utf-16"),
        "n21-bom.test": rules.encode("utf-8-sig"),
        "n21-polityka.test": (rules + "\n" + "# nic\n" * 200_000).encode(),
        "n21-polowa.test": (rules + "\n" + "#" * (512 * 1024 - len(rules) - 1 - 12) + "\nDisallow: /news,1").encode(),
    }
    for host, text in texts.items():
        web.site(host, {"/news,1,x.html": story(f"{host}1"), "/news,2,x.html": story(f"{host}2")})
        web.put(host, "/robots.txt", response(text, "text/plain"))
    for host, line in {
        "n24.test": "Crawl-delay: 5",
        "n24tempo.test": "Request-rate: 1/5",
        "n24rok.test": "Crawl-delay: 86400",
    }.items():
        web.site(host, {f"/news,{n},x.html": story(f"{host}{n}") for n in range(3)})
        web.put(host, "/robots.txt", response(f"User-agent: *\n{line}\n", "text/plain"))
    wall = '<html><head><script src="/_Incapsula_Resource?SWJIYLWA=1"></script></head><body></body></html>'
    web.office("n26.test")
    web.put("n26.test", "*", response(wall))
    web.put("n26.test", "/robots.txt", response(status=404))
    web.site("n26pol.test", {f"/news,{n},x.html": wall for n in range(12)})
    web.put("n26pol.test", "/robots.txt", response("User-agent: *\nCrawl-delay: 1\n", "text/plain"))


def _lists(web: FaultWeb) -> None:
    web.site(
        "n06.test",
        {
            "/news,1,dobra.html": story(61),
            "file:///news,2,passwd.html": b"",
            "data:text/html,news,3,x.html": b"",
            "ftp://n06.test/news,4,x.html": b"",
        },
    )
    web.site(
        "p02.test",
        {
            "/news,1,pierwsza.html": story(21),
            "mailto:news,@p02.test": b"",
            "tel:news,48123": b"",
            "javascript:news,(1)": b"",
            "http://[::bad/news,5,x.html": b"",
            "http://p02.test:99999/news,6,x.html": b"",
            LONG_LINK: b"",
            "/news,7,ostatnia.html": story(27),
        },
    )
    web.office("p03.test")
    for n in range(1, 30):
        links = [f"/news,{n},a.html", "/news,1,a.html", f"/news,{n},a.html;jsessionid={n}0A"]
        target = "/news.html" if n == 1 else f"/news.html?page={n}"
        web.put(
            "p03.test",
            target,
            listing(*links, extra=f'<div class="pagination"><a href="/news.html?page={n + 1}">dalej</a></div>'),
        )
        web.put("p03.test", f"/news,{n},a.html", story(f"p03-{n}"))
    web.office("p03rosnie.test")
    for depth in range(12):
        path = "/news.html" + "".join(["/1/."] * depth)
        web.put(
            "p03rosnie.test",
            path,
            listing(
                "/news,1,a.html", extra=f'<div class="pagination"><a href="{path}/./1/?page={depth + 2}">d</a></div>'
            ),
        )
    web.put("p03rosnie.test", "/news,1,a.html", story("rosnie"))
    years = "".join(f'<td><a href="/kalendarz/{year}/1/">{year}</a></td>' for year in (1900, 2025, 2999))
    web.site("p04.test", {"/news,1,a.html": story(41)}, extra=f"<table>{years}</table>")
    web.site("p11lista.test", {"/news,1,a.html": story(111)})
    web.put("p11lista.test", "/news.html", "".join(f"<a href=/news,{n},.html>a</a>" for n in range(300_000)))


def _feeds(web: FaultWeb) -> None:
    def office(host: str, body: Answer | str, *articles: int) -> None:
        web.office(host, family="wordpress")
        web.put(host, "/feed/", response(body, "application/rss+xml") if isinstance(body, str) else body)
        for number in articles:
            web.put(host, f"/wpis-{number}/", story(f"{host}{number}"))

    good = "http://{}/wpis-{}/".format
    host = "n06feed.test"
    office(host, feed(good(host, 1), "file:///etc/passwd", "ftp://n06feed.test/a", "data:text/html,a"), 1)
    host = "p01.test"
    bad = ["http://p01.test:99999/", "", "http://p01.test/z e spacjami/", "mailto:a@p01.test"]
    office(host, feed(good(host, 1), *bad, good(host, 2), good(host, 1), "HTTP://P01.TEST/wpis-3/"), 1, 2, 3)
    host = "p06smiech.test"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        feed(good(host, 1)).replace("<rss", f'<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]><rss').replace("Wpis 0", "&l9;")
    )
    office(host, bomb, 1)
    host = "p06xxe.test"
    entities = f'<!DOCTYPE r SYSTEM "http://{host}/dtd" [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY n SYSTEM "http://{host}/encja">]>'
    office(host, feed(good(host, 1)).replace("<rss", entities + "<rss").replace("Wpis 0", "&f;&n;Tytuł"), 1)
    office("p07duzy.test", _endless_feed)
    office("p07wiele.test", response(b"<rss><channel>" + b"<item/>" * 1_000_000, "application/rss+xml"))
    title = b"<rss><channel><item><title>" + b"a" * (30 << 20) + b"</title></item></channel></rss>"
    office("p07tytul.test", response(title, "application/rss+xml"))


def _sitemaps(web: FaultWeb) -> None:
    def office(host: str, index: str, articles: int, **files: Answer | str) -> None:
        web.office(host, family="wordpress", feed=None)  # not one section of a site
        web.put(host, "/robots.txt", response(f"Sitemap: http://{host}/wp-sitemap.xml\n", "text/plain"))
        web.put(host, "/feed/", response(feed(f"http://{host}/wpis-1/"), "application/rss+xml"))
        web.put(host, "/wp-sitemap.xml", response(index, "application/xml"))
        for number in range(1, articles + 1):
            web.put(host, f"/wpis-{number}/", story(f"{host}{number}"))
        for name, body in files.items():
            target = f"/wp-sitemap-posts-post-{name}.xml"
            web.put(host, target, response(body, "application/xml") if isinstance(body, str) else body)

    host = "p01mapa.test"
    good = f"http://{host}/wpis-{{}}/".format
    mapped = f"http://{host}/wp-sitemap-posts-post-{{}}.xml".format
    bad = [f"http://{host}:99999/", "", "mailto:a@p01.test", "file:///etc/passwd", "data:text/html,a", "ftp://a.test/"]
    office(
        host,
        sitemap(*map(mapped, ("dobra", "spakowana", "html", "cieta")), "http://obcy.test/sitemap.xml", index=True),
        5,
        dobra=sitemap(good(1), good(2), *bad, good(2), "HTTP://P01MAPA.TEST/wpis-3/", f"http://{host}/", good(4)),
        spakowana=response(gzip.compress(sitemap(good(5)).encode()), "application/gzip"),
        html=response("<!doctype html><html><body><p>Strona główna</p></body></html>"),
        cieta=response(gzip.compress(sitemap(good(6)).encode())[:40], "application/gzip"),
    )
    host = "p06mapa.test"
    good = f"http://{host}/wpis-{{}}/".format
    mapped = f"http://{host}/wp-sitemap-posts-post-{{}}.xml".format
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    loaded = f'<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY n SYSTEM "http://{host}/encja">'

    def entities(said: str, body: str) -> str:
        return body.replace("<urlset", f"<!DOCTYPE urlset {said}><urlset")

    office(
        host,
        sitemap(*map(mapped, ("smiech", "xxe", "dtd")), index=True),
        4,
        smiech=entities(f'[<!ENTITY l0 "ha">{laughs}]', sitemap(good(2), f"http://{host}/&l9;")),
        xxe=entities(f"[{loaded}]", sitemap("&f;", good(3), f"http://{host}/wpis-&n;")),
        dtd=entities(f'SYSTEM "http://{host}/dtd"', sitemap(good(4))),
    )


def _pages(web: FaultWeb) -> None:
    web.site(
        "p08.test",
        {
            "/news,1,pdf.html": response(b"%PDF-1.7\n" + bodies.noise(2000)),
            "/news,2,zip.html": response(b"PK\x03\x04" + bodies.noise(2000)),
            "/news,3,png.html": response(b"\x89PNG\r\n\x1a\n" + bodies.noise(2000)),
            "/news,4,html.html": response(story(84), "application/pdf"),
        },
    )
    pages = bodies.charset_pages()
    web.site("p09.test", {f"/news,{n},x.html": response(*one) for n, one in enumerate(pages.values())})
    attributes = " ".join(f'data-a{n}="{n}"' for n in range(100_000))
    web.site(
        "p11.test",
        {
            "/news,1,lista.html": page(
                "Lista", "<ul>" + "".join(f"<li>pozycja {n}</li>" for n in range(10_000)) + "</ul>"
            ),
            "/news,2,tabela.html": page("Tabela", bodies.table(100, 100)),
            "/news,3,atrybuty.html": page("Atrybuty", f"<span {attributes}>x</span>"),
            "/news,4,odnosniki.html": page("Odnośniki", "".join(f'<a href="/{n}">{n}</a> ' for n in range(300_000))),
            "/news,5,glebokie.html": page("Głębokie", "<div>" * 20_000 + "tekst" + "</div>" * 20_000),
            "/news,6,dobra.html": story(116),
        },
    )
    web.site(
        "p13.test",
        {
            "/news,1,linia.html": _long_line,
            "/news,2,nule.html": response(b"\x00" * 100_000),
            "/news,3,szum.html": response(bodies.noise(1 << 20)),
            "/news,4,dobra-z-nulem.html": story(134).replace("życiorys", "życio\x00rys"),
        },
    )
    web.site("p14.test", {target: story(f"p14-{n}") for n, target in enumerate(ILL)})
    web.site("p14od.test", dict(ILL))
    web.site(
        "p15.test",
        {
            "/news,1,nul.html": story(151, "Tytuł\x00 z\u202e nulem \u200bi kierunkiem"),
            "/news,2,polowka.html": story(152, "Połówka znaku &#xD800; w tytule"),
            "/news,3,skrypt.html": story(153, "&lt;script&gt;alert(1)&lt;/script&gt; w tytule"),
            "/news,4,dlugi.html": story(154, "Bardzo długi tytuł " * 45_000),
        },
    )
    web.site(
        "p16.test",
        {
            "/news,1,luty.html": story(1611, date="31.02.2026"),
            "/news,2,rok.html": story(1612, date="[2002]"),
            "/news,3,przyszla.html": story(1613, date="5 marca 2099"),
            "/news,4,stopka.html": story(1614, date="").replace(
                "</main>", "</main><footer>Aktualizacja: 3 marca 2026</footer>"
            ),
        },
    )
    same = story("p17", head='<link rel="canonical" href="http://p17.test/ta-sama/">')
    web.office("p17.test", family="wordpress")
    web.put("p17.test", "/feed/", response(feed(*SAME), "application/rss+xml"))
    for target in ("/ta-sama/", "/?p=17"):
        web.put("p17.test", target, same)


SAME = [
    "http://p17.test/ta-sama/",
    "https://p17.test/ta-sama/",
    "http://www.p17.test/ta-sama/",
    "http://p17.test/ta-sama",
    "http://p17.test/ta-sama/?utm_source=lista&amp;utm_medium=www",
    "http://p17.test/?p=17",
]
"""Six addresses of one article."""
_HEAD = (
    '<!DOCTYPE html><html lang="pl"><head><meta charset="utf-8"><title>{0}</title></head>'
    "<body><h1>{0}</h1>{1}</body></html>"
)
ILL = {
    "/news,1,nie-ma.html": _HEAD.format("Nie znaleziono strony", "<p>Strona, której szukasz, nie istnieje.</p>"),
    "/news,2,prace.html": _HEAD.format("Przerwa techniczna", "<p>Trwają prace serwisowe, zapraszamy później.</p>"),
    "/news,3,php.html": "<br /><b>Fatal error</b>: Uncaught Error: Call to undefined function in /www/a.php:3<br />",
    "/news,4,logowanie.html": _HEAD.format(
        "Logowanie", '<form><p>Zaloguj się</p><input type="text"><input type="password"><input type="submit"></form>'
    ),
}
"""Answers with status 200 that are no articles."""


def _encoded(name: str, body: bytes) -> bytes:
    return response(body, headers={"Content-Encoding": name})


def _plain_if_asked(wire: Wire) -> None:
    plain = wire.asked.headers.get("accept-encoding") == "identity"
    body = story(123).encode()
    wire.send(response(body) if plain else _encoded("gzip", body))


def _dripping_body(wire: Wire) -> None:
    wire.send(response(b"", length=10_000))
    wire.drip(b"<html><body>" + b"x" * 100, 0.5)


def _dripping_head(wire: Wire) -> None:
    wire.drip(response(story(142)), 0.5)


def _cut_gzip() -> bytes:
    import gzip

    packed = gzip.compress(story(162).encode())
    return _encoded("gzip", packed[: len(packed) // 2])


def _cut_chunks(wire: Wire) -> None:
    wire.send(f"HTTP/1.1 200 X\r\nContent-Type: {HTML}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    wire.send(b"400\r\n<html><body>" + b"x" * 100)


def _with_head(lines: bytes, body: str) -> Answer:
    answer = response(body)
    head, _, rest = answer.partition(b"\r\n\r\n")

    def send(wire: Wire) -> None:
        wire.send(head + b"\r\n" + lines)
        time.sleep(0)
        wire.send(b"\r\n" + rest)

    return send


def _endless_feed(wire: Wire) -> None:
    """60 MB in chunks, without saying how much it will be."""
    wire.send(b"HTTP/1.1 200 X\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n")
    item = b"<item><title>Wpis</title><link>http://p07duzy.test/a/</link></item>" * 1000
    for _ in range(60_000_000 // len(item)):
        wire.send(b"%x\r\n%s\r\n" % (len(item), item))
    wire.send(b"0\r\n\r\n")


def _long_line(wire: Wire) -> None:
    wire.send(f"HTTP/1.1 200 X\r\nContent-Type: {HTML}\r\nConnection: close\r\n\r\n<html><body><p>".encode())
    for _ in range(50):
        wire.send(b"x" * (1 << 20))
