"""What people, and others, type into a search box."""

from __future__ import annotations

from itertools import product
from pathlib import Path

PAIRS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "inflected.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
"""(typed, a form in a text, a word that must not be found)"""

_ODD = [
    '"', '""', '"""', "'", "''", "`", "*", "**", "-", "--", "- -", "(", ")", "()", ")(", "((((", "[", "]", "{a b}",
    "^", "^x", "+", "a + b", "\\", "\\\\", "%", "%%", "_", "__", "?", "??", "#", "&", "&&", "|", "||", "!", "~",
    "@", "$", "/", "//", ";", ":", "=", "<", ">", "…", "„", "”", "„nabór”", "«nabór»", "–nabór", "—",
    "\u2212nabór", "AND", "OR", "NOT", "NEAR", "OR NOT", "AND AND", "nabór AND", "NOT nabór", "nabór OR",
    "nabór AND OR praca", "NEAR(", "NEAR(a b, 3)", "NEAR/3", "a NEAR b", "near(", "title:", "title:nabór",
    "lemmas : praca", "text:*", "a:b", "a::b", ":a", "- {title} : x", "{title text} : x", "COLUMN : x", "-title:x",
    "rowid:1", "rank", "rank:bm25(10)", "articles_fts", '"niedomknięty', 'domknięty"', '"a"b"c"', 'a"b', '"a" "',
    '"" ""', '" "', '"-"', '"*"', '-"', '-""', '-"fraza"', '"-fraza"', '*"fraza"', '"fraza"*', '"fraza" *',
    '"a" + "b"', '"rada rynku" AND', '""rada""', "a" + '"' * 99, '"' * 1001, "-tylko -minus", "-nabór",
    "nabór -nabór", "nabór -*", "nab* -nab*", "--nabór", "-(nabór)", "nabór-", "*nabór", "nab*r", "nabór***", "n*",
    "na*", "a* b* c*", "*" * 500, "-" * 500, "(" * 500, "a" * 39, "a" * 41, "a" * 5_000, "ż" * 10_000,
    "słowo " * 2_000, '"słowo" ' * 1_500, "-słowo " * 1_500, "s* " * 3_000, "lolololololololo " * 100,
    "zasacanolez " * 100, '"łalolałoleła lalala" ' * 60, " ".join(f"słowo{n}" for n in range(1_000)),
    "a b c d e f g h i j", "i", "w z i o u", "1", "12", "1=1", "1;2", "2021-2027", "covid-19", "1 000 000,00 zł",
    "15.03.2024", "0x41", "1e400", "NULL", "null", "None", "true", "nan", "-1", "--1",
    "'; DROP TABLE articles; --", "1' OR '1'='1", '1" OR "1"="1', "UNION SELECT sql FROM sqlite_master",
    "<script>alert(1)</script>", "<b>nabór", "</mark>", "&lt;", "&amp;nabór", "{{ 7*7 }}", "{% raw %}",
    "${jndi:ldap://x}", "%00", "%22", "%s%n", "../../etc/passwd", "javascript:alert(1)",
    "http://kielce.praca.gov.pl/?a=b&c=d", "biuro@urzad.test", "C++", "C#", "\x00", "na\x00bór", "\x01\x02",
    "\t\n", "\r\n\r\n", "\u00a0", "\u200b", "na\u00adbór", "na\u200bbór", "\u202enabór", "\ufeffnabór", "\ud7ff",
    "\ufffd", "\U0010ffff", "\ue000", "e\u0301", "nabo\u0301r", "\u0301", "\u0301\u0301\u0301nabór",
    "z\u0335a\u0335l\u0335g\u0335o\u0335", "😀", "😀 nabór", "nabór😀", "👩‍👩‍👧‍👦", "🇵🇱", "5️⃣", "ﬁ", "ß", "İ", "ı",
    "ſ", "Ⅷ", "²", "½", "٣", "ǆ", "Ω", "ŁÓDŹ", "łÓdŹ", "робота", "работа -вода", "עבודה", "عمل", "仕事", "일", "งาน",
    "ａｂｃ", "𝔫𝔞𝔟𝔬𝔯", "PUP-u", "art. 66c ust. 1", "EFS+", "e-usługi", "doradczo-szkoleniowe", "doradczo-szkol*",
    "kobieta/mężczyzna", "pracy,staż;nabór", "nabór.", "nabór?", "(nabór)", "[nabór]",
]  # fmt: skip
_JOINED = [
    f"{before}{word}{after}"
    for before, word, after in product(
        ("", "-", '"', "(", "^", "*"), ("nabór", "łódź"), ("*", '"', ")", ":", " OR", " -")
    )
]
NASTY = [*_ODD, *_JOINED]
