"""What the families' `[article]` tables add to normalize(): pages where the page's own shape would mislead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler import registry
from normalize import Article, Capture, Knowledge, Office, normalize

FETCHED = datetime(2026, 6, 1, 12, tzinfo=UTC)
TEXT = """
<p>Od 4 maja 2026 r. przyjmujemy wnioski o organizację stażu. O tym, kto zostanie skierowany, decyduje doradca klienta
po rozmowie z pracodawcą i kandydatem.</p>
<p>Wnioski rozpatrujemy w kolejności wpływu, najdłużej trzydzieści dni od dnia złożenia kompletu dokumentów.</p>
"""
OTHER = """
<p>Urząd czynny jest od poniedziałku do piątku. W sprawach pilnych prosimy o telefon do sekretariatu, w pozostałych
o wiadomość, na którą odpowiadamy w ciągu trzech dni roboczych od jej otrzymania. Wnioski można składać także przez
internet, o każdej porze, po założeniu konta na portalu.</p>
"""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return registry.load().knowledge()


def read(knowledge: Knowledge, family: str, body: str, *, url: str, title: str) -> Article:
    head = f"<meta charset='utf-8'><title>{title}</title>"
    page = f"<!DOCTYPE html><html lang='pl'><head>{head}</head><body>{body}</body></html>"
    office = Office(id="urzad", kind="other", name="Urząd", url="https://urzad.test/", family=family)
    capture = Capture(url=url, body=page.encode(), content_type="text/html", fetched=FETCHED, office=office)
    return normalize(capture, knowledge)


def test_liferay_carousel_back_link_and_footer_are_not_the_article(knowledge: Knowledge) -> None:
    body = f"""
      <div class="portlet-body"><div class="nnk_slider">
      <div class="nnk_slider-item-content"><a href="/-/inne"><h3>Inne wydarzenie</h3></a>
      <p class="nnk_slider-asset-publish-date">30.05.2026</p></div></div></div>
      <div class="portlet-body"><div class="asset-full-content">
      <div class="h2 component-title"><a class="header-back-to" href="/">Wstecz</a>
      <span class="asset-title">Nabór na staże</span></div><div class="asset-user-info">
      <span class="date-info">28.04.2026</span></div>
      <div class="asset-content"><div class="journal-content-article">{TEXT}</div></div></div></div>
      <footer><div class="journal-content-article">
      <h3>Kontakt</h3>{OTHER}<div class="journal-content-article">{OTHER}</div></div></footer>"""
    found = read(
        knowledge,
        "psz",
        body,
        url="https://kielce.praca.test/-/x",
        title="Nabór na staże - Powiatowy Urząd Pracy w Kielcach",
    )
    assert (found.title, found.published) == ("Nabór na staże", "2026-04-28")
    assert found.text.startswith("Od 4 maja 2026 r.")
    assert found.text.endswith("kompletu dokumentów.")


def test_k2_without_a_date_stays_without_and_its_tools_are_no_text(knowledge: Knowledge) -> None:
    body = f"""
      <div id="k2Container" class="itemView"><div class="itemHeader">
      <span class="itemDateCreated">Data opublikowania:</span>
      <h2 class="itemTitle">Nabór na staże</h2></div><div class="itemToolbar">
      <ul><li>rozmiar czcionki</li><li>Drukuj</li></ul></div>
      <div class="itemBody"><div class="itemFullText">{TEXT}</div></div></div><div class="moduletable">
      <h3>O urzędzie</h3>{OTHER}</div>"""
    found = read(
        knowledge, "joomla", body, url="https://es.test/item/9-nabor", title="Nabór na staże - Ekonomia Społeczna"
    )
    assert (found.title, found.published) == ("Nabór na staże", None)
    assert found.text.startswith("Od 4 maja 2026 r.")
    assert found.text.endswith("kompletu dokumentów.")


def test_a_wordpress_post_is_read_from_its_entry(knowledge: Knowledge) -> None:
    body = f"""
      <div class="widget">Dzisiaj jest 1 czerwca 2026</div><main><article class="post hentry">
      <header><h1 class="entry-title">Nabór na staże</h1>
      <div class="data">28.04.2026</div></header><div class="entry-content">{TEXT}<div class="sharedaddy">
      <p>Udostępnij wpis znajomym</p></div></div></article>
      <nav class="post-navigation"><a href="/a">Poprzedni wpis: wyniki konkursu</a></nav></main>
      <aside>{OTHER}</aside>"""
    found = read(
        knowledge, "wordpress", body, url="https://rops.test/nabor/", title="Nabór na staże – Regionalny Ośrodek"
    )
    assert (found.title, found.published) == ("Nabór na staże", "2026-04-28")
    assert found.text.endswith("kompletu dokumentów.")


def test_one_article_under_the_offices_host_and_under_the_portal_has_one_key(knowledge: Knowledge) -> None:
    office = registry.load().offices["pup-szczecin"]
    slug = "zatrudnianie-cudzoziemcow-zmiany"
    page = (
        f"<html><head><title>Zmiany</title></head><body><h1>Zmiany</h1><article>{TEXT}</article></body></html>".encode()
    )
    addresses = (
        f"https://szczecin.praca.gov.pl/-/{slug}",
        f"https://szczecin.praca.gov.pl/rynek-pracy/aktualnosci/-/asset_publisher/8VCc6CLiHUaO/content/{slug}?redirect=%2F",
        f"https://psz.praca.gov.pl/web/powiatowy-urzad-pracy-w-szczecinie/-/{slug}",
        f"https://dabrowatarnowska.praca.gov.pl/web/powiatowy-urzad-pracy-w-szczecinie/-/{slug}",
    )
    keys = {
        normalize(Capture(url=url, body=page, content_type=None, fetched=FETCHED, office=office), knowledge).keys[0]
        for url in addresses
    }
    assert keys == {f"szczecin.praca.gov.pl|{slug}"}
