"""Pages that came with status 200 and are no article: bot walls, soft 404s, errors, logins, parked domains."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from normalize.layout import Layout
from normalize.model import Unusable
from normalize.words import Sought

_BOT_MARKS = (
    "bobcmn", "tspd", "incapsula", "cf-browser", "cdn-cgi", "cf_chl", "checking your", "ddos", "pardon our",
    "sprawdzanie", "the requested url", "sucuri", "captcha-delivery",
)  # fmt: skip
_BOT = Sought(
    _BOT_MARKS,
    re.compile(
        r"window\[\"bobcmn\"\]|/TSPD/|_Incapsula_Resource|Incapsula incident|"
        r"Request unsuccessful\. Incapsula|cf-browser-verification|"
        r"/cdn-cgi/challenge-platform/|__cf_chl_|cf_chl_opt|Checking your browser before accessing|"
        r"DDoS protection by|Pardon Our Interruption|"
        r"Sprawdzanie przeglądarki|The requested URL was rejected\. Please consult|sucuri_cloudproxy_js|"
        r"ddos-guard|geo\.captcha-delivery\.com",
        re.I,
    ),
)
_BOT_WORDS = re.compile(
    r"^(?:just a moment|attention required|access denied|one moment, please|ddos-guard|"
    r"verify you are human|are you a robot|jedną chwilkę|"
    r"potwierdź, że jesteś człowiekiem)\b",
    re.I,
)
_MISSING = Sought(
    ("nie ", "usunięt", "przeniesion", "found", "podanym", "oops", "szukana"),
    re.compile(
        r"(?:strona|strony|artykuł|dokument|zas[óo]b|pozycja|wpis|treść|element|adres)\w*[^.]{0,60}?"
        r"(?:nie\s+(?:istnieje|znaleziono|została?\s+(?:odnalezion|znalezion)\w+|odnaleziono|jest\s+dostępn\w+)|"
        r"(?:została?|był[ay]?)\s+(?:usunięt|przeniesion)\w+)|nie\s+(?:znaleziono|"
        r"odnaleziono)\s+(?:\w+\s+){0,2}(?:stron|artykuł|dokument|zasob|wpis|tre[sś]ci)\w*|"
        r"nie\s+znaleziono\.?$|page\s+(?:was\s+)?not\s+found|not\s+found|stron\w+\s+o\s+podanym\s+adresie|"
        r"oops! that page|szukana\s+strona",
        re.I,
    ),
)
_GONE_CODE = re.compile(r"^\W*(?:(?:[Bb]łąd|BŁĄD|[Ee]rror|ERROR|HTTP)\W*)?(?:404|410)(?!\d|\s*[a-ząćęłńóśźż]|[.,/]\d)")
_CRASH = Sought(
    ("fatal error", "parse error", "stack trace", "traceback"),
    re.compile(
        r"^(?:PHP )?(?:fatal error|parse error)\s*:\s.*(?:\.php|uncaught)|^stack trace:|"
        r"^traceback \(most recent call last\)",
        re.I | re.M,
    ),
)
_ERROR_WORDS = (
    "error", "exception", "stack trace", "mysql", "błąd", "gateway", "unavailable", "warning", "notice",
    "deprecated", "bad", "forbidden", "internal", "service",
)  # fmt: skip
_ERROR = Sought(
    _ERROR_WORDS,
    re.compile(
        r"^(?:<b>)?(?:fatal error|parse error|warning|notice|deprecated)(?:</b>)?\s*:\s|"
        r"uncaught (?:\w+)?(?:exception|error)|stack trace|"
        r"you have an error in your sql syntax|mysqli?_(?:connect|query|fetch)\w*\(|"
        r"error establishing a database connection|"
        r"błąd (?:połączenia|łączenia) z bazą|internal server error|service (?:temporarily )?unavailable|"
        r"bad gateway|gateway time-?out|"
        r"błąd (?:serwera|500|503|wewnętrzny|aplikacji)|wystąpił (?:nieoczekiwany |wewnętrzny )?błąd|"
        r"server error in '|runtime error|"
        r"http (?:error|status) [45]\d\d|^(?:error|błąd) [45]\d\d\b|(?:400|403|500|502|503|"
        r"504) (?:bad request|forbidden|internal|bad|service|gateway)|"
        r"there has been a critical error|na twojej witrynie wystąpił krytyczny błąd",
        re.I,
    ),
)
_MAINTENANCE_WORDS = (
    "niedostępn", "wyłączon", "nieczynn", "budow", "trakcie", "prace", "przerwa", "konserwacj", "aktualizacj",
    "maintenance", "construction", "back",
)  # fmt: skip
_MAINTENANCE = Sought(
    _MAINTENANCE_WORDS,
    re.compile(
        r"(?:strona|serwis|portal|witryna|system)\w*[^.!]{0,40}(?:(?:chwilowo|tymczasowo|"
        r"czasowo)\s+(?:niedostępn|wyłączon|nieczynn)\w+|"
        r"w\s+(?:budowie|przebudowie|trakcie\s+(?:budowy|przebudowy|modernizacji|prac))|"
        r"(?:jest\s+)?niedostępn\w+\s+z\s+powodu\s+prac)|"
        r"(?:trwają|prowadzimy|trwa)\s+(?:\w+\s+)?(?:prace\s+(?:serwisowe|konserwacyjne|techniczne|"
        r"modernizacyjne)|przerwa\s+techniczna|konserwacja|aktualizacja\s+(?:strony|serwisu))|"
        r"under\s+(?:maintenance|construction)|scheduled\s+maintenance|be\s+back\s+(?:soon|shortly)|"
        r"maintenance\s+mode|^przerwa\s+techniczna\W*$",
        re.I,
    ),
)
_LOGIN = re.compile(
    r"zaloguj\s+się|logowanie|panel\s+(?:logowania|administrac)|log\s+in|sign\s+in|"
    r"nie\s+pamiętasz\s+hasła|nazwa\s+użytkownika",
    re.I,
)
_PARKED_WORDS = (
    "domen", "domain", "parking", "bodis", "dan.com", "aftermarket", "hosting", "domyśln", "default", "nginx",
)  # fmt: skip
_PARKED = Sought(
    _PARKED_WORDS,
    re.compile(
        r"(?:domena|domain)\b[^.]{0,60}(?:na\s+sprzedaż|for\s+sale|may\s+be\s+for\s+sale|zaparkowan|"
        r"parked|wygasła|expired|została\s+(?:zarejestrowana|utrzymywana))|"
        r"buy\s+this\s+domain|kup\s+tę\s+domenę|sedoparking|parkingcrew|bodis\.com|dan\.com/|"
        r"aftermarket\.pl|hosting\w*\s+(?:został|zostało)\s+(?:zawieszon|wyłączon)|"
        r"to\s+jest\s+strona\s+domyślna|default\s+web\s+(?:site\s+)?page|apache2?\s+(?:debian|"
        r"ubuntu)\s+default|welcome\s+to\s+nginx|this\s+domain\s+(?:has|is)",
        re.I,
    ),
)
SHORT = 400
"""Characters of running text under which a page may be an error page in the site's full template."""


def bot_wall(source: str) -> bool:
    """Marks of protection services in the page's source; they stand in scripts, so the walk does not see them."""
    return _BOT.search(source, source.lower()) is not None


def check(
    layout: Layout, tree: HtmlElement, title: str | None, headline: str | None, article_weight: int, markers: str
) -> None:
    """Raise Unusable if the page is no article.

    `title`: of the head; `headline`: what would be the article's; `article_weight`: characters of running text that
    would be its text; `markers`: source of the scripts in short, where protection services leave their marks.
    """
    total = layout.good[-1]
    names = {name for name in (title, headline) if name}
    if article_weight >= SHORT * 4 and not any(map(_is_error, names)):
        return
    lines = [line for line in layout.lines if line.zone not in ("nav", "footer", "header", "aside")]
    said = " \n".join([line.text for line in lines[:60]])[:6_000]
    small = said.lower()
    if total < 2_000 and bot_wall(markers):
        raise Unusable("bot_protection")
    if total < SHORT and any(_BOT_WORDS.match(name) for name in names):
        raise Unusable("bot_protection")
    if (
        article_weight < 1_500
        and _PARKED.search(said[:2_000], small)
        and (total < 800 or any(_PARKED.pattern.search(name) for name in names))
    ):
        raise Unusable("parked")
    if article_weight >= SHORT * 3:
        return
    if article_weight < SHORT * 2 and any(_is_missing(name) for name in names):
        raise Unusable("soft_404")
    if _CRASH.search(said, small):
        raise Unusable("error_page")
    if (article_weight < 300 and _ERROR.search(said[:1_500], small)) or any(map(_is_error, names)):
        raise Unusable("error_page")
    if article_weight < SHORT:
        first = [line.text for line in lines if line.kind[0] == "h" or len(line.text) < 200][:12]
        if any(_is_missing(text) for text in first):
            raise Unusable("soft_404")
        if _MAINTENANCE.search(said[:1_500], small):
            digits = sum(map(str.isdigit, said[:1_000]))
            if digits < 8 or any(_MAINTENANCE.pattern.search(name) for name in names):
                raise Unusable("maintenance")
        if _has_password(tree) and _LOGIN.search(said):
            raise Unusable("login")


def _is_error(name: str) -> bool:
    return _ERROR.search(name, name.lower()) is not None


def _is_missing(text: str) -> bool:
    return len(text) < 140 and (_GONE_CODE.match(text) is not None or _MISSING.search(text, text.lower()) is not None)


def _has_password(tree: HtmlElement) -> bool:
    return any((element.get("type") or "").lower() == "password" for element in tree.iter("input"))


def script_markers(tree: HtmlElement) -> str:
    """The beginnings of a small page's scripts and their addresses."""
    pieces = []
    for element in tree.iter("script", "iframe", "meta", "noscript"):
        pieces.append(f"{element.get('src') or ''} {element.get('content') or ''} {(element.text or '')[:3_000]}")
        if element.tag == "noscript":
            pieces.append(etree.tostring(element, encoding="unicode", with_tail=False)[:500])
        if len(pieces) > 40:
            break
    return " ".join(pieces)[:60_000]
