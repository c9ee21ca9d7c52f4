"""The pages of an article, a call, an office, a place and a programme, as a reader gets them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from datasette.database import QueryInterrupted

from crawler.publish import pages
from crawler.publish.serve import datasette_of
from tests.publish import newsroom, storied
from tests.publish.conftest import Get, reader

DAY = "?dzien=2026-03-11"
ARTICLE = f"/news/articles/{storied.ANNOUNCED}{DAY}"
PAGES = [
    ARTICLE,
    f"/news/articles/{storied.HOSTILE}",
    f"/news/articles/{storied.GONE}",
    f"/news/articles/{storied.BARE}",
    f"/news/calls/{storied.CALL}{DAY}",
    f"/news/offices/{storied.OFFICE}{DAY}",
    "/news/offices/ngo-wroclaw",
    "/news/offices/wup-lodz",
    "/news/places/26",
    "/news/places/2611",
    "/news/programmes/kfs",
    "/news/programmes/fp",
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return storied.build(tmp_path_factory.mktemp("storied") / "news.db")


@pytest.fixture
def ask(told: Path) -> Get:
    return reader(datasette_of(told))


async def tree(ask: Get, path: str) -> Any:
    reply = await ask(path)
    assert reply.status_code == 200, path
    return lxml.html.document_fromstring(reply.content)


def said(node: Any) -> str:
    return re.sub(r"\s+", " ", node.text_content()).strip()


def texts(page: Any, selector: str) -> list[str]:
    return [said(node) for node in page.cssselect(selector)]


@pytest.mark.asyncio
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_whole_inert_and_asks_nothing_of_other_hosts(ask: Get, path: str) -> None:
    page = await tree(ask, path)
    assert page.get("lang") == "pl"
    assert len(page.cssselect("h1")) == 1
    assert said(page.cssselect("h1")[0])
    assert page.xpath("//script | //style | //@style | //@onclick | //main//img | //iframe") == []
    led = page.xpath("//@href | //@src | //@action")
    assert [address for address in led if re.match(r"\s*(javascript|data|vbscript):", address)] == []
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert [link for link in page.xpath("//a[starts-with(@href, '#')]/@href") if link[1:] not in {*ids, "tresc"}] == []
    assert "None" not in said(page.cssselect("main")[0]).split()


@pytest.mark.asyncio
@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("path", PAGES)
async def test_every_link_within_the_desk_leads_somewhere(told: Path, path: str, public: bool) -> None:
    ask = reader(datasette_of(told, public=public))
    page = await tree(ask, path)
    links = {link.partition("#")[0] for link in page.xpath("//main//@href") if link.startswith("/")}
    assert [link for link in sorted(links) if (await ask(link)).status_code != 200] == []


@pytest.mark.asyncio
async def test_each_value_leads_to_its_words_and_the_words_lead_back(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    for value, words in [("data-0", "do 16 marca 2026 r. do godz. 15:30"), ("kwota-0", "250 000 zł"),
                         ("miejsce-0", "powiatu starachowickiego"), ("liczba-0", "40 osób")]:  # fmt: skip
        item = page.get_element_by_id(value)
        assert item.cssselect(".words a")[0].get("href") == f"#slowa-{value}"
        assert said(item.cssselect("q")[0]) == words
        mark = page.get_element_by_id(f"slowa-{value}")
        assert words.startswith(said(mark))
        assert mark.cssselect("a")[0].get("href") == f"#{value}"
    assert "i jeszcze 1\N{NO-BREAK SPACE}raz" in page.get_element_by_id("kwota-0").text_content()
    assert "i jeszcze" not in said(page.get_element_by_id("kwota-1"))
    story = page.cssselect(".story")[0]
    assert storied.SENTENCE.split(", a na")[0] in said(story)


@pytest.mark.asyncio
async def test_title_and_author_tell_their_words_and_how_they_were_found(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    assert texts(page, ".evidence h3")[:3] == ["Tytuł", "Data publikacji", "Autor"]
    assert said(page.get_element_by_id("tytul-0")) == (
        "Nabór z KFS: dotacje dla pracodawców prawdopodobne"
        " Nabór z KFS: dotacje dla pracodawców - PUP Starachowice poza tekstem artykułu tytuł strony w przeglądarce"
    )
    assert said(page.get_element_by_id("autor-0")) == (
        "Anna Lis Opracowała: Anna Lis poza tekstem artykułu podpis pod artykułem"
    )
    assert [kind for kind in ("tytul", "autor") if page.cssselect(f"mark.w-{kind}")] == []


@pytest.mark.asyncio
async def test_an_article_of_which_that_was_not_kept_tells_nothing_of_it(ask: Get) -> None:
    page = await tree(ask, f"/news/articles/{storied.EXTENDED}")
    assert "Data publikacji" in texts(page, ".evidence h3")
    assert {"Tytuł", "Autor"}.isdisjoint(texts(page, ".evidence h3"))


@pytest.mark.asyncio
async def test_overlapping_words_are_all_reached(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    marks = {said(link): link.get("href") for link in page.cssselect(".story p mark a")}
    assert marks["16 marca 2026 r."] == "#data-1"
    assert marks["do"] == "#data-0"
    assert marks["Wnioski przyjmujemy"] == f"#nabor-{storied.CALL}"
    hidden = page.cssselect(".story a.also")
    assert [(said(one), one.get("href")) for one in hidden] == [("[dofinansowanie]", "#kwota-1")]
    assert len(page.cssselect(".story td mark a[href='#kwota-0']")) == 1


@pytest.mark.asyncio
async def test_the_story_keeps_its_shape_and_leaves_out_what_the_office_repeats(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    assert texts(page, ".story h2") == ["Co trzeba wiedzieć"]
    assert texts(page, ".story li") == ["pomoc dla 40 osób", "umowa na dwa lata"]
    assert texts(page, ".story td") == ["Zadanie", "Kwota", "Szkolenia", "250 000 zł"]
    assert "sala obsługi" not in said(page.cssselect(".story")[0])
    assert "sala obsługi" in said(page.cssselect(".plates")[0])


@pytest.mark.asyncio
async def test_words_that_are_not_in_the_text_say_where_they_come_from(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    published = said(page.get_element_by_id("publikacja-0"))
    assert "20 lutego 2026" in published
    assert "poza tekstem artykułu" in published
    assert "lista aktualności urzędu" in published
    assert "w tytule" in said(page.get_element_by_id("program-0"))
    assert page.cssselect("h1 mark")[0].text_content() == "KFS"


@pytest.mark.asyncio
async def test_a_value_that_is_not_certain_says_so(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    assert texts(page.get_element_by_id("liczba-0"), ".doubt") == ["prawdopodobne"]
    assert texts(page.get_element_by_id("data-0"), ".doubt") == []


@pytest.mark.asyncio
async def test_an_article_s_call_is_told_as_of_the_day(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    assert texts(page, ".standing .left") == ["zostało 5 dni do 16 marca 2026, 15:30"]
    page = await tree(ask, ARTICLE.replace("03-11", "03-16"))
    assert texts(page, ".standing .left") == ["ostatni dzień, do 15:30 do 16 marca 2026, 15:30"]
    page = await tree(ask, ARTICLE.replace("03-11", "03-17"))
    assert texts(page, ".standing .left.over") == ["zakończony do 16 marca 2026, 15:30"]


@pytest.mark.asyncio
async def test_revisions_read_as_what_went_and_what_came(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    (revision,) = page.cssselect(".history details")
    assert said(revision.cssselect("summary")[0]) == (
        "27 lutego 2026, 10:00 – zmieniono tytuł, zmieniono treść, przedłużono termin, dodano załącznik"
    )
    changes = [said(item) for item in revision.cssselect("li")]
    assert changes[0] == "przedłużono termin: było 9 marca 2026 → jest 16 marca 2026, 15:30"
    assert changes[1] == "dodano załącznik: jest Wniosek"
    gone = [said(one) for one in revision.cssselect(".diff del")]
    assert "[usunięto: Prosimy dzwonić rano.]" in gone
    assert any("15:30" in said(one) for one in revision.cssselect(".diff ins"))
    assert texts(revision, ".diff .skipped")[0] == "… 2 akapity bez zmian"


@pytest.mark.asyncio
async def test_a_gone_article_keeps_its_text_and_says_why(ask: Get) -> None:
    page = await tree(ask, f"/news/articles/{storied.GONE}")
    (note,) = texts(page, ".message")
    assert note.startswith("Strona zniknęła z serwisu urzędu; zauważyliśmy to 25 lutego 2026, 09:00")
    assert "404" in note
    assert texts(page, ".story p") == ["Była i nie ma."]
    summaries = texts(page, ".history summary")
    assert [one.partition(" – ")[2] for one in summaries] == [
        "inna wersja", "zmieniono treść, <i>nowy rodzaj</i>", "strona zniknęła"
    ]  # fmt: skip


@pytest.mark.asyncio
async def test_copies_elsewhere_say_who_was_first_and_how_much_later(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    assert texts(page, ".copies li") == [
        "najwcześniej ten artykuł Powiatowy Urząd Pracy w Starachowicach, 20 lutego 2026",
        "Dotacje dla pracodawców ruszają Powiatowy Urząd Pracy w Ełku, 22 lutego 2026 – 2 dni później",
    ]


@pytest.mark.asyncio
async def test_files_are_named_with_type_and_size_and_only_web_addresses_are_links(ask: Get) -> None:
    page = await tree(ask, ARTICLE)
    assert texts(page, ".attached li") == ["Wniosek PDF, 350,6 KB", "Zły plik", "Sala obsługi zdjęcie, autor: Jan Lipa"]
    assert page.xpath("//ul[contains(@class, 'attached')]//@href") == [
        "https://pup-starachowice.praca.test/wniosek.pdf",
        "https://pup-starachowice.praca.test/sala.jpg",
    ]


@pytest.mark.asyncio
async def test_neighbours_follow_the_office_s_list_and_undated_ones_stand_at_its_end(ask: Get) -> None:
    async def around(id: str) -> dict[str, str]:
        page = await tree(ask, f"/news/articles/{id}")
        return {link.get("rel"): link.get("href").rpartition("/")[2] for link in page.cssselect(".neighbours a")}

    assert await around(storied.EXTENDED) == {"prev": storied.ANNOUNCED}
    assert await around(storied.ANNOUNCED) == {"next": storied.EXTENDED, "prev": storied.HOSTILE}
    assert await around(storied.HOSTILE) == {"next": storied.ANNOUNCED, "prev": storied.GONE}
    assert await around(storied.GONE) == {"next": storied.HOSTILE}


@pytest.mark.asyncio
async def test_the_whole_list_of_an_office_can_be_walked_by_its_neighbours(get: Get) -> None:
    rows = (await get("/news/articles.json?office=pup-konin&_shape=array&_size=max&_sort_desc=published")).json()
    at, walked = rows[0]["id"], []
    while at:
        walked.append(at)
        page = await tree(get, f"/news/articles/{at}")
        older = page.cssselect(".neighbours a[rel=prev]")
        at = older[0].get("href").rpartition("/")[2] if older else None
    assert len(walked) == len(set(walked)) == len(rows)


@pytest.mark.asyncio
async def test_a_former_id_redirects_in_every_form(told: Path) -> None:
    desk = datasette_of(told)
    for path, to in [
        (f"/news/articles/{storied.FORMER}", f"/news/articles/{storied.ANNOUNCED}"),
        (f"/news/articles/{storied.FORMER}.json", f"/news/articles/{storied.ANNOUNCED}.json"),
        (f"/news/articles/{storied.FORMER}?dzien=2026-03-11", f"/news/articles/{storied.ANNOUNCED}?dzien=2026-03-11"),
    ]:
        reply = await desk.client.get(path)
        assert (reply.status_code, reply.headers["location"]) == (301, to)


@pytest.mark.asyncio
async def test_what_was_taken_down_is_gone_and_never_was_is_not_found(ask: Get) -> None:
    reply = await ask(f"/news/articles/{storied.TAKEN_DOWN}")
    assert reply.status_code == 410
    assert "usunięto na czyjąś prośbę" in reply.text
    assert (await ask(f"/news/articles/{storied.TAKEN_DOWN}.json")).status_code == 410
    for path in ("/news/articles/0", "/news/calls/0", "/news/offices/0", "/news/places/99", "/news/programmes/nic"):
        reply = await ask(path)
        assert reply.status_code == 404
        assert "Nie ma takiej strony" in reply.text


@pytest.mark.asyncio
async def test_hostile_words_are_marked_and_stay_text(ask: Get) -> None:
    reply = await ask(f"/news/articles/{storied.HOSTILE}")
    assert "<script>document" not in reply.text
    assert "<b>obca</b>" not in reply.text
    page = lxml.html.document_fromstring(reply.content)
    assert page.cssselect(".story mark")[0].text_content() == storied.HOSTILE_TEXT[:48]
    assert page.cssselect("h1")[0].text_content().startswith("<img src=x")
    assert page.cssselect(".source a") == []


@pytest.mark.asyncio
async def test_an_article_without_title_text_or_date_has_a_page(ask: Get) -> None:
    page = await tree(ask, f"/news/articles/{storied.BARE}")
    assert texts(page, "h1") == ["(bez tytułu)"]
    assert "bez daty publikacji" in said(page.cssselect("main")[0])


@pytest.mark.asyncio
async def test_a_call_tells_its_life_in_order(ask: Get) -> None:
    page = await tree(ask, f"/news/calls/{storied.CALL}{DAY}")
    assert texts(page, "h1") == ["Nabór z KFS: dotacje dla pracodawców"]
    assert texts(page, ".verdict b") == ["zostało 5 dni"]
    facts = dict(zip(texts(page, ".facts-of-call dt"), texts(page, ".facts-of-call dd"), strict=True))
    assert facts == {
        "Początek": "21 lutego 2026",
        "Koniec": "16 marca 2026, 15:30",
        "Dla kogo": "pracodawcy",
        "Kwota": "250 000,00 zł",
        "Program": "Krajowy Fundusz Szkoleniowy",
        "Gdzie składać": "w sekretariacie",
        "Nabór": "przedłużony",
    }
    steps = list(zip(texts(page, ".timeline .when"), texts(page, ".timeline b"), strict=True))
    assert steps == [
        ("20 lutego 2026", "ogłoszony"),
        ("21 lutego 2026", "początek składania"),
        ("27 lutego 2026", "na stronie zmieniono termin: 9 marca 2026 → 16 marca 2026, 15:30"),
        ("1 marca 2026", "przedłużony"),
        ("16 marca 2026, 15:30", "ostatni dzień składania"),
    ]
    evidence = page.cssselect(".timeline a")[0].get("href")
    assert evidence == f"/news/articles/{storied.ANNOUNCED}#slowa-nabor-{storied.CALL}"
    article = await tree(ask, evidence.partition("#")[0])
    assert article.get_element_by_id(evidence.partition("#")[2]) is not None


@pytest.mark.asyncio
async def test_a_call_goes_into_a_calendar(ask: Get) -> None:
    page = await tree(ask, f"/news/calls/{storied.CALL}")
    link = page.xpath("//a[contains(text(), 'kalendarza')]/@href")[0]
    reply = await ask(link)
    assert reply.headers["content-type"].startswith("text/calendar")
    assert "DTSTART;TZID=Europe/Warsaw:20260316T153000" in reply.text


@pytest.mark.asyncio
async def test_an_office_tells_its_calls_edits_and_what_it_withdrew(ask: Get) -> None:
    page = await tree(ask, f"/news/offices/{storied.OFFICE}{DAY}")
    assert texts(page, "h1") == ["Powiatowy Urząd Pracy w Starachowicach"]
    assert texts(page, ".calls .left") == ["zostało 5 dni do 16 marca 2026, 15:30"]
    assert texts(page, "#zmieniono + ul li") == [
        "Nabór z KFS: dotacje dla pracodawców zmieniono tytuł, zmieniono treść, przedłużono termin, dodano załącznik;"
        " zauważone 27 lutego 2026, 10:00",
        "Zapomniana wiadomość strona zniknęła; zauważone 25 lutego 2026, 09:00",
    ]
    rows = [texts(row, "td") for row in page.cssselect(".sums tbody tr")]
    money = "250 000,00 zł"
    assert rows == [["dofinansowanie", money, money, "1", "1"], ["pula", money, money, "1", "1"]]
    assert "ze wszystkich artykułów (4) urzędu" in said(page.cssselect("p.how")[0])
    label = page.cssselect("svg.bars")[0].get("aria-label").replace("\N{NO-BREAK SPACE}", " ")
    assert label == "Od: luty 2026, do: marzec 2026. Najwięcej artykułów: luty 2026 (2)."
    assert len(page.cssselect("svg.bars rect")) == 2


@pytest.mark.asyncio
async def test_an_office_s_troubles_are_told_plainly(ask: Get) -> None:
    page = await tree(ask, f"/news/offices/{storied.OFFICE}{DAY}")
    health = page.xpath("//section[@aria-labelledby='zdrowie']")[0]
    told = "Ostatnie zbieranie (3 marca 2026, 07:00) się nie udało; udało się 2 marca 2026, 07:00."
    assert told in said(health)
    assert [(said(item), item.get("lang")) for item in health.cssselect("li")] == [
        ("serwer urzędu nie odpowiedział na czas", None),
        ("odd: <b>never heard of</b>", "en"),
        ("serwer nie odpowiedział na 2 z 2 zapytań", None),
    ]


@pytest.mark.asyncio
async def test_an_office_without_articles_says_so(ask: Get) -> None:
    page = await tree(ask, "/news/offices/wup-lodz")
    whole = said(page.cssselect("main")[0])
    assert "Nie mamy jeszcze artykułów tego urzędu." in whole
    assert "Nie znamy otwartych naborów tego urzędu." in whole


@pytest.mark.asyncio
async def test_a_place_leads_up_and_down_and_shows_its_calls(ask: Get) -> None:
    region = await tree(ask, f"/news/places/26{DAY}")
    assert texts(region, ".units a") == ["starachowicki"]
    assert "1 artykuł wymienia to województwo albo miejsce w nim" in said(region)
    assert texts(region, ".calls .left") == ["zostało 5 dni do 16 marca 2026, 15:30"]
    assert "Powiatowy Urząd Pracy w Starachowicach 4" in texts(region, ".counted li")
    powiat = await tree(ask, f"/news/places/2611{DAY}")
    assert "/news/places/26" in powiat.xpath("//main//a[text()='świętokrzyskie']/@href")
    assert texts(powiat, ".news h3") == ["Nabór z KFS: dotacje dla pracodawców"]
    assert texts(powiat, ".counted li")[0] == "Powiatowy Urząd Pracy w Starachowicach 4"


@pytest.mark.asyncio
async def test_a_programme_shows_calls_sums_and_years(ask: Get) -> None:
    page = await tree(ask, f"/news/programmes/kfs{DAY}")
    assert texts(page, "h1") == ["Krajowy Fundusz Szkoleniowy"]
    assert texts(page, ".calls h3") == ["Nabór z KFS: dotacje dla pracodawców"]
    assert texts(page, "#lata + ul li") == ["2026 1"]
    assert "Kwot różnego rodzaju ani w różnych walutach nie dodajemy" in said(page)
    empty = await tree(ask, "/news/programmes/fp")
    assert "Żaden artykuł nie wymienia dziś tego programu." in said(empty)


@pytest.mark.asyncio
async def test_currencies_and_roles_are_never_added_together(get: Get) -> None:
    page = await tree(get, "/news/programmes/kfs")
    rows = texts(page, ".sums tbody tr")
    assert len(rows) == len({(row.split("\N{NO-BREAK SPACE}")[-1][:1], row.split()[0]) for row in rows})
    assert any("€" in row for row in rows)
    assert any("zł" in row for row in rows)
    assert all(("€" in row) != ("zł" in row) for row in rows)


@pytest.mark.asyncio
@pytest.mark.parametrize("table", ["articles", "calls", "offices", "places", "programmes"])
async def test_the_json_of_a_row_stays_datasette_s_own(ask: Get, table: str) -> None:
    id = {"articles": storied.ANNOUNCED, "calls": storied.CALL, "offices": storied.OFFICE, "places": "26",
          "programmes": "kfs"}[table]  # fmt: skip
    answer = (await ask(f"/news/{table}/{id}.json")).json()
    assert answer["rows"][0][0] == id


@pytest.mark.asyncio
@pytest.mark.parametrize("day", ["wczoraj", "2026-99-99", "9999-12-31", "0001-01-01", "<script>"])
async def test_a_day_that_is_none_is_no_error(ask: Get, day: str) -> None:
    rows = (f"articles/{storied.ANNOUNCED}", f"calls/{storied.CALL}", f"offices/{storied.OFFICE}", "places/26")
    for path in (*(f"/news/{row}" for row in rows), "/news/programmes/kfs"):
        assert (await ask(f"{path}?dzien={day}")).status_code == 200


@pytest.mark.asyncio
async def test_another_database_s_rows_keep_plain_pages(tmp_path: Path) -> None:
    get = reader(datasette_of(newsroom.build(tmp_path / "inna.db", articles=3, hostile=False)))
    for path in ("/inna/offices/pup-elk", "/inna/places/26"):
        assert (await get(path)).status_code == 200


@pytest.mark.asyncio
async def test_a_page_whose_time_runs_out_shows_the_row_alone(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def too_slow(*_: Any, **__: Any) -> None:
        raise QueryInterrupted(TimeoutError(), "select", {})

    monkeypatch.setattr(pages, "PAGES", dict.fromkeys(pages.PAGES, too_slow))
    ask = reader(datasette_of(told))
    for row in (f"articles/{storied.ANNOUNCED}", f"calls/{storied.CALL}", f"offices/{storied.OFFICE}", "places/26",
                "programmes/kfs"):  # fmt: skip
        page = await tree(ask, f"/news/{row}")
        assert len(page.cssselect("h1")) == 1
        assert page.cssselect("dl.fields dd")


@pytest.mark.asyncio
async def test_the_list_of_calls_leads_to_their_pages(ask: Get) -> None:
    page = await tree(ask, "/news/calls")
    links = [(said(link), link.get("href")) for link in page.cssselect("td.col-id a")]
    assert links == [("Nabór z KFS: dotacje dla pracodawców", f"/news/calls/{storied.CALL}")]
    assert texts(page, "td.col-closes") == ["16 marca 2026, 15:30"]
    assert texts(page, "td.col-programme a") == ["Krajowy Fundusz Szkoleniowy"]
    assert "przedłużony" in said(page.cssselect("td.col-id")[0])
    assert said(page.get_element_by_id("facet-programme")) == "Program Krajowy Fundusz Szkoleniowy 1"
    page = await tree(ask, "/news/call_articles")
    assert texts(page, "td.col-call a") == ["Nabór z KFS: dotacje dla pracodawców"] * 2
