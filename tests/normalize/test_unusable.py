from __future__ import annotations

import pytest

from normalize import Unusable
from tests.normalize.pages import PARAGRAPH, SECOND, article, page, read

MENU = (
    "<nav><a href='/'>Start</a></nav><div class='menu'>"
    + "".join(f"<a href='/{n}'>Dział {n}</a> " for n in range(20))
    + "</div>"
)
FOOTER = "<footer><p>Powiatowy Urząd Pracy, ul. Dworcowa 3, 16-300 Augustów</p></footer>"


@pytest.mark.parametrize(
    ("body", "title", "reason"),
    [
        (
            "<h1>404</h1><p>Strona, której szukasz, nie istnieje lub została przeniesiona pod inny adres.</p>",
            "404 - Urząd",
            "soft_404",
        ),
        (
            "<h1>Nie znaleziono strony</h1><p>Przepraszamy, podany adres jest nieprawidłowy. Użyj wyszukiwarki.</p>",
            "Urząd",
            "soft_404",
        ),
        (
            "<h2>Zasób nie został odnaleziony</h2><p>Żądany zasób nie został znaleziony na tym serwerze.</p>",
            "Urząd",
            "soft_404",
        ),
        (
            "<p><b>Fatal error</b>: Uncaught Error: Call to undefined function in /var/www/index.php:12</p>",
            "Urząd",
            "error_page",
        ),
        ("<h1>503 Service Unavailable</h1><p>No server is available to handle this request.</p>", "503", "error_page"),
        (
            "<br><b>Fatal error</b>:  Uncaught mysqli_sql_exception: Connection refused in /var/www/html/db.php:1987\n"
            "Stack trace:\n#0 /var/www/html/db.php(1987): mysqli_real_connect()\n#1 /var/www/html/start.php(140): "
            "require_database()\n  thrown in <b>/var/www/html/db.php</b> on line <b>1987</b><br>" * 2,
            "Urząd",
            "error_page",
        ),
        ("<p>Error establishing a database connection</p>", "Błąd bazy danych", "error_page"),
        (
            "<h1>Przerwa techniczna</h1><p>Serwis jest chwilowo niedostępny. Przepraszamy za utrudnienia.</p>",
            "Urząd",
            "maintenance",
        ),
        (
            "<p>Trwają prace konserwacyjne. Zapraszamy wkrótce, strona jest chwilowo niedostępna.</p>",
            "Urząd",
            "maintenance",
        ),
        (
            "<h1>Logowanie</h1><form><p>Zaloguj się, aby zobaczyć tę stronę.</p><input type='password'></form>",
            "Logowanie",
            "login",
        ),
        ("<h1>urzad.test</h1><p>Ta domena jest na sprzedaż. Kup tę domenę już dziś.</p>", "urzad.test", "parked"),
        ("<p>This domain may be for sale.</p>", "urzad.test", "parked"),
        (
            '<noscript>Włącz JS</noscript><script>window["bobcmn"] = "1"; </script><script src=\'/TSPD/08\'></script>',
            "",
            "bot_protection",
        ),
        ("<iframe src='/_Incapsula_Resource?CWUDNSAI=9'>Request unsuccessful.</iframe>", "", "bot_protection"),
        (
            "<h1>Just a moment...</h1><p>Checking your browser before accessing urzad.test.</p>",
            "Just a moment...",
            "bot_protection",
        ),
        ("<h1>Urząd</h1>", "Urząd", "no_text"),
    ],
)
@pytest.mark.parametrize("template", [False, True])
def test_a_page_that_is_no_article_never_becomes_one(body: str, title: str, reason: str, template: bool) -> None:
    source = page(f"{MENU}<div id='main'>{body}</div>{FOOTER}" if template else body, title=title)
    with pytest.raises(Unusable) as told:
        read(source)
    assert told.value.reason == reason


@pytest.mark.parametrize(
    "sentence",
    [
        "Przerwa techniczna w systemie Syriusz potrwa 12 marca 2024 r. od godz. 8.00 do 12.00, wnioski wyślij później.",
        "Wydaliśmy 404 zezwolenia na pracę, a w kolejce czeka 500 następnych wniosków cudzoziemców.",
        "Aby złożyć wniosek, zaloguj się na portalu praca.gov.pl i wybierz usługę dla pracodawców.",
        "Na stronie nie znaleziono błędów, poinformował dyrektor po kontroli systemu w całym województwie.",
    ],
)
def test_news_that_speak_of_such_things_are_news(sentence: str) -> None:
    assert sentence in read(article(f"<p>{sentence}</p>")).text


def test_a_short_news_with_one_sentence_is_an_article() -> None:
    body = page(
        f"{MENU}<div><h1>Zmiana godzin pracy</h1><p>W piątek urząd pracuje do 13.00.</p></div>{FOOTER}",
        title="Zmiana godzin pracy",
    )
    assert read(body).text == "W piątek urząd pracuje do 13.00."


def test_paragraphs_beside_a_login_box_are_an_article() -> None:
    login = "<form><p>Zaloguj się</p><input type='password'></form>"
    body = page(
        f"{MENU}{login}<div><h1>Rusza nabór na staże</h1>"
        f"<p>{PARAGRAPH}</p><p>{SECOND}</p><p>{PARAGRAPH} {SECOND}</p></div>"
    )
    assert read(body).title == "Rusza nabór na staże"
