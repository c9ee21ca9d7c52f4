"""What a request to take something down means, before it is listed: an id's addresses, and what a phrase would hide."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler import histories, suppression
from crawler.backing_up import copies_in
from crawler.corrections_file import article_id
from crawler.database import explained, open_for_reading
from crawler.folder import ARCHIVE, NEWS

SHORTEST_PHRASE = 8
"""Letters and digits; fewer are a word that any page may say."""
MOST_BY_PHRASE = 10
"""Articles that a phrase may hide without being asked for twice."""


class NothingMeant(Exception):
    """What was named is nothing that can be taken down. Exit code 2."""


class AlreadyDown(NothingMeant):
    """The article of this id was taken down; of its addresses only hashes are left. Exit code 2."""

    def __init__(self, article: str, since: str) -> None:
        super().__init__(
            f"article {article} was taken down already, {since}, and of its addresses only hashes are left;"
            " name its address"
        )
        self.since = since


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What a phrase would do."""

    letters: int
    titles: Sequence[str]
    """Of the articles that say it in some capture: their titles, or their ids."""
    held: int
    """Articles in all."""

    @property
    def much(self) -> bool:
        return self.letters < SHORTEST_PHRASE or len(self.titles) > MOST_BY_PHRASE


def addresses(data: Path, named: str) -> list[str]:
    """The addresses that are named: an address itself, or every one of an article told by its id or our page of it.

    Raises NothingMeant, and AlreadyDown.
    """
    article = article_id(named)
    if article is None:
        if not _is_address(named):
            raise NothingMeant(
                f"'{named[:80]}' is neither an http address nor an article's id (16 characters, 0-9 and a-f);"
                " or name --office, --content or --phrase"
            )
        return [named]
    if (data / NEWS).exists():
        with explained(data / NEWS), closing(open_for_reading(data / NEWS)) as news:
            found = news.execute(
                "WITH meant(id) AS (SELECT ?1 UNION SELECT article FROM aliases WHERE id = ?1)"
                " SELECT url FROM articles WHERE id IN meant"
                " UNION SELECT url FROM addresses WHERE article IN meant ORDER BY 1",
                (article,),
            ).fetchall()
            if found:
                return [url for (url,) in found]
            taken = news.execute("SELECT since FROM taken_down WHERE article = ?", (article,)).fetchone()
            if taken:
                raise AlreadyDown(article, taken[0])
    raise NothingMeant(f"no article with the id {article} is held; name its address to keep it from coming")


def by_phrase(data: Path, phrase: str) -> Foreseen:
    """What suppressing this phrase would hide of what is held now."""
    letters = sum(one.isalnum() for one in phrase)
    if not (data / NEWS).exists():
        return Foreseen(letters=letters, titles=(), held=0)
    rules = suppression.Suppressions([suppression.of_phrase(phrase)])
    with explained(data / NEWS), closing(open_for_reading(data / NEWS)) as news:
        titles = {
            article: title or article for article, title in news.execute("SELECT id, title FROM articles ORDER BY id")
        }
        urls: dict[str, list[str]] = {}
        for article, url in news.execute("SELECT article, url FROM addresses"):
            urls.setdefault(article, []).append(url)
        said: set[str] = set()
        for article, office, record in news.execute(
            "SELECT article, office, record FROM understood WHERE record IS NOT NULL AND article IS NOT NULL"
        ):
            if article not in titles or article in said:
                continue
            if rules.of(histories.decode(record), office, *urls.get(article, ())):
                said.add(article)
    return Foreseen(letters=letters, titles=[titles[one] for one in sorted(said)], held=len(titles))


def copies_beside(data: Path) -> list[Path]:
    """Backups and what restoring or rebuilding moved aside, in this folder: nothing is ever purged from them."""
    backups = data / "backups"
    aside = [one for one in sorted(data.glob("before-restore-*")) if (one / ARCHIVE).exists() or (one / NEWS).exists()]
    return [*(copies_in(backups) if backups.is_dir() else ()), *aside, *data.glob(f"{NEWS}.damaged")]


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))
