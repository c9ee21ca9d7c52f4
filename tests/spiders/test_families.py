from __future__ import annotations

import json

import pytest
from scrapy.http import HtmlResponse

from crawler.feeds import FeedBroken
from crawler.listing import Announced, BadLink, Further, LayoutChanged, Listed
from normalize.model import Office, Teaser
from tests.spiders import teasers

FAMILIES = ("psz", "wordpress", "joomla", "fundusze", "siew", "wrzos")
REST = "https://urzad.test/wp-json/wp/v2/posts?per_page=100&_fields=id,link,title,date,modified,excerpt"


def office(url: str = "https://urzad.test/aktualnosci/", *, name: str = "Urząd", feed: str | None = None) -> Office:
    return Office(id="urzad", kind="other", name=name, url=url, family="-", feed=feed)


def read(family: str, body: str, *, of: Office | None = None, url: str | None = None, **headers: str) -> list[Listed]:
    of = of or office()
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    response = HtmlResponse(url or of.url, body=body.encode(), encoding="utf-8", headers=sent)
    return list(teasers(family, response, of))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body><h1>Przerwa techniczna</h1><p>Wracamy o 18.00. <a href='/kontakt'>Kontakt</a></p></body></html>",
        '{"code":"rest_no_route","message":"Nie ma takiej trasy","data":{"status":404}}',
        "<table><tr><td><article class='item results-row'><a>bez adresu</a></article></td></tr></table>",
    ],
    ids=["nothing", "another page", "json", "items without links"],
)
def test_a_list_without_teasers_is_a_changed_layout(family: str, body: str) -> None:
    with pytest.raises(LayoutChanged):
        read(family, body)


@pytest.mark.parametrize(
    ("family", "item"),
    [
        ("psz", '<div class="results-row"><h3><a href="{}">Tytuł</a></h3></div>'),
        ("wordpress", '<article><h2 class="entry-title"><a href="{}">Tytuł</a></h2></article>'),
        ("joomla", '<div class="items-row"><div class="item"><h2><a href="{}">Tytuł</a></h2></div></div>'),
        ("fundusze", '<li><h2><a href="{}">Tytuł</a></h2></li>'),
        ("siew", '<div><h3><a href="{}">Tytuł</a></h3></div>'),
        ("wrzos", '<table><tr><td><a href="{}"><b>Tytuł</b></a></td></tr></table>'),
    ],
)
def test_one_bad_link_does_not_lose_the_good_ones(family: str, item: str) -> None:
    tail = {"fundusze": "/aktualnosci/a", "siew": "/news,1,a.html", "wrzos": "/?id=1&m=1"}.get(family, "/-/a")
    bad = [f"http://[::bad{tail}", f"ftp://urzad.test{tail}", f"http://urzad.test:99999{tail}"]
    found = read(family, "".join(item.format(href) for href in (bad[0], tail, *bad[1:])))
    assert [one.url for one in found if isinstance(one, Teaser)] == [f"https://urzad.test{tail}"]
    assert [one.raw for one in found if isinstance(one, BadLink)] == bad


@pytest.mark.parametrize("family", FAMILIES)
def test_a_page_of_countless_links_is_no_list(family: str) -> None:
    address = "/aktualnosci/news,{0},a.html?id={0}"
    item = f"<tr><td><article class='results-row blog-item'><h2><a href='{address}'>A</a></h2></article>"
    with pytest.raises(LayoutChanged, match="3001"):
        read(family, f"<table>{''.join(item.format(n) for n in range(3_001))}</table>")


@pytest.mark.parametrize(
    ("family", "body"),
    [
        (
            "psz",
            "<div class='results-row'><div class='asset-abstract'><h3><a href='/-/a'>A</a></h3></div>"
            "<div class='asset-abstract'><h3><a href='/-/b'>B</a></h3>"
            "<p class='publish-date'>02.01.2024</p></div></div>",
        ),
        (
            "wordpress",
            "<article><div class='post-item'><h3><a href='/a'>A</a></h3></div>"
            "<div class='post-item'><h3><a href='/b'>B</a></h3><div class='data'>02.01.2024</div></div></article>",
        ),
        (
            "siew",
            "<div><a href='/news,1,a.html'>A</a><div><span class='date'>02.01.2024</span>"
            "<a href='/news,2,b.html'>B</a></div></div>",
        ),
        (
            "wrzos",
            "<table><tr><td><a href='?id=1&m=1'>A</a><br><a href='?id=3&m=1'>C</a><br>2024-01-02<br></td></tr></table>",
        ),
    ],
)
def test_the_date_of_one_item_is_never_given_to_another(family: str, body: str) -> None:
    found = [one for one in read(family, body) if isinstance(one, Teaser)]
    assert [one.title for one in found][:2] in (["A", "B"], ["A", "C"])
    assert found[0].published_raw is None


def test_a_page_of_another_labour_office_is_not_taken_for_this_one() -> None:
    body = "<title>Aktualności - {}</title><div class='results-row'><h3><a href='/-/a'>Nabór</a></h3></div>"
    pila, tarnow = (office(name=f"Powiatowy Urząd Pracy w {place}") for place in ("Pile", "Tarnowie"))
    assert read("psz", body.format("Powiatowy Urząd Pracy w Pile"), of=pila)
    assert read("psz", body.format("PUP Piła - serwis"), of=pila)
    with pytest.raises(LayoutChanged, match="Powiatowy Urząd Pracy w Pile"):
        read("psz", body.format("Powiatowy Urząd Pracy w Dąbrowie Tarnowskiej"), of=pila)
    with pytest.raises(LayoutChanged):
        read("psz", body.format("PUP w Tarnowie | Powiatowy Urząd Pracy w Dąbrowie Tarnowskiej"), of=tarnow)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (
            "Powiatowy Urząd Pracy dla Powiatu Łódzkiego Wschodniego",
            "Powiatowy Urząd Pracy Łódź-Wschód",
        ),
        ("Gdański Urząd Pracy", "Strona główna - Gdański Urząd Pracy"),
        ("Urząd Pracy m.st. Warszawy", "Strona główna - Urząd Pracy m.st. Warszawy"),
        ("Powiatowy Urząd Pracy w Nakle nad Notecią", "Aktualności - Powiatowy Urząd Pracy w Nakle n. Notecią"),
        ("Powiatowy Urząd Pracy w Środzie Wielkopolskiej", "Aktualności | Powiatowy Urząd Pracy w Środzie Wlkp."),
        ("Powiatowy Urząd Pracy dla Powiatu Nowosądeckiego", "Start - Powiatowy Urząd Pracy w Nowym Sączu"),
        ("Sądecki Urząd Pracy", "Strona główna - Sądecki Urząd Pracy"),
        ("Powiatowy Urząd Pracy w Ełku", "Aktualności - Powiatowy Urząd Pracy w Ełku"),
        ("Powiatowy Urząd Pracy w Górze", "Powiatowy Urząd Pracy w Górze"),
    ],
)
def test_an_office_is_known_by_the_place_in_its_title(name: str, title: str) -> None:
    body = f"<title>{title}</title><div class='results-row'><h3><a href='/-/a'>Nabór</a></h3></div>"
    assert read("psz", body, of=office(name=name))


@pytest.mark.parametrize(
    "body",
    ["[" * 200_000, "[]", "[[]]", '{"code":"x"}', "<html>404</html>", "[1, 2]", "null"],
    ids=lambda body: body[:12],
)
def test_rest_that_holds_no_posts_gives_way_to_the_feed(body: str) -> None:
    with pytest.raises(LayoutChanged):
        read("wordpress", body, url=REST, X_WP_Total="0", X_WP_TotalPages="0")


def test_rest_pages_end_at_the_number_the_site_states() -> None:
    post = json.dumps([{"id": 1, "link": "https://urzad.test/a/", "title": {"rendered": "A"}}])
    middle = read("wordpress", post, url=f"{REST}&page=2", X_WP_Total="201", X_WP_TotalPages="3")
    last = read("wordpress", post, url=f"{REST}&page=3", X_WP_Total="201", X_WP_TotalPages="3")
    assert Further(f"{REST}&page=3") in middle
    assert not [one for one in last if isinstance(one, Further)]


def test_rest_behind_a_notice_or_a_byte_order_mark_is_still_read() -> None:
    post = json.dumps([{"id": 1, "link": "https://urzad.test/a/", "title": {"rendered": "Staże &amp; bony"}}])
    assert [one.title for one in read("wordpress", "\ufeff\r\n" + post, url=REST) if isinstance(one, Teaser)] == [
        "Staże & bony"
    ]


def test_html_where_the_feed_should_be_gives_way_to_the_next_list() -> None:
    with pytest.raises(FeedBroken):
        read(
            "wordpress",
            "<html><body><article><h2><a href='/a'>A</a></h2></article></body></html>",
            url="https://urzad.test/feed/",
        )


def test_a_section_of_a_site_does_not_take_the_whole_sites_list_for_its_own() -> None:
    section = office("https://urzad.test/category/rops/", feed="https://urzad.test/category/rops/feed/")
    post = json.dumps([{"id": 1, "link": "https://urzad.test/a/", "title": {"rendered": "A"}}])
    feed = "<rss><channel><item><title>A</title><link>https://urzad.test/a/</link></item></channel></rss>"
    with pytest.raises(LayoutChanged, match="section"):
        read("wordpress", post, of=section, url=REST)
    with pytest.raises(LayoutChanged, match="section"):
        read("wordpress", feed, of=section, url="https://urzad.test/feed/")
    assert read("wordpress", feed, of=section, url="https://urzad.test/category/rops/feed/")


@pytest.mark.parametrize(
    ("family", "pager"),
    [
        ("joomla", '<div class="pagination"><p class="counter">Strona 2 z 1 204</p></div>'),
        ("joomla", '<div class="k2Pagination"><ul><li>1</li><li>2</li></ul>Strona 2 z 1204</div>'),
        ("wordpress", '<div class="wp-pagenavi"><span class="pages">Strona 2 z 1.204</span></div>'),
        (
            "fundusze",
            '<p>2 z <a class="pagination__total-count" href="?strona=1204">1204</a></p>',
        ),
        ("fundusze", '<div class="pagination">Strona 2 z 1204</div>'),
        ("siew", '<div class="pager">strona 2 / 1204</div>'),
    ],
)
def test_how_many_pages_a_list_has_is_read_where_it_says_so(family: str, pager: str) -> None:
    items = {
        "joomla": '<div class="items-row"><div class="item"><h2><a href="/-/a">Tytuł</a></h2></div></div>',
        "wordpress": '<article><h2 class="entry-title"><a href="/-/a">Tytuł</a></h2></article>',
        "fundusze": '<li><h2><a href="/aktualnosci/a">Tytuł</a></h2></li>',
        "siew": '<div><h3><a href="/news,1,a.html">Tytuł</a></h3></div>',
    }
    told = [one for one in read(family, items[family] + pager) if isinstance(one, Announced)]
    assert told == [Announced(pages=1204)]


@pytest.mark.parametrize("told", ["Strona główna z 12 gmin", "wystrona 1 z 3", "Strona 1 z życia", "2 z 12"])
def test_words_that_count_no_pages_announce_nothing(told: str) -> None:
    item = '<div class="items-row"><div class="item"><h2><a href="/-/a">Tytuł</a></h2></div></div>'
    found = read("joomla", f'{item}<div class="pagination">{told}</div>')
    assert not [one for one in found if isinstance(one, Announced)]
