"""What an article of the simulated web says, in one version; its page in Polish; how two versions differ."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from crawler.practice.days import words

_SUBJECTS = (
    ("Staże dla osób bezrobotnych", "organizację stażu"),
    ("Bony na zasiedlenie", "przyznanie bonu na zasiedlenie"),
    ("Prace interwencyjne", "organizację prac interwencyjnych"),
    ("Doposażenie stanowisk pracy", "refundację kosztów doposażenia stanowiska"),
    ("Roboty publiczne", "organizację robót publicznych"),
    ("Karty parkingowe dla uczestników", "wydanie karty parkingowej"),
    ("Dotacje na założenie firmy", "przyznanie jednorazowych środków"),
    ("Wsparcie opiekunów osób zależnych", "przyznanie świadczenia dla opiekuna"),
)
_NEWS = (
    "Spotkanie z doradcą zawodowym",
    "Giełda pracy",
    "Dzień otwarty urzędu",
    "Warsztaty pisania życiorysu",
    "Targi edukacji",
    "Konferencja o rynku pracy",
    "Zmiana organizacji obsługi klientów",
    "Podsumowanie programu aktywizacji",
)
_TOWNS = (
    "Lipowo", "Brzezina", "Dębowiec", "Olszany", "Klonowa", "Sosnówka", "Wierzbno", "Jesionka", "Grabina", "Topolany",
    "Kalinowo", "Jarzębia", "Leszczyny", "Bukowo", "Modrzewie", "Cisowa", "Akacjowo", "Jodłowa", "Wiązownia", "Głogowo",
)  # fmt: skip
_NAMES = (
    "Adamczyk", "Bielawska", "Cieślak", "Drozd", "Ewertowska", "Figiel", "Gawron", "Hajduk", "Iwanicka", "Janas",
    "Kordas", "Lubczyk", "Mazurek", "Nowicka", "Osiecki", "Pająk", "Ratajska", "Siwek", "Tomala", "Urbaniak",
)  # fmt: skip
_THINGS = (
    "planowanie kariery", "rozmowę z pracodawcą", "obsługę arkusza kalkulacyjnego", "podstawy księgowości",
    "bezpieczeństwo pracy", "przekwalifikowanie po pięćdziesiątce", "pracę zdalną", "prawo pracy w pigułce",
    "założenie spółdzielni", "powrót na rynek pracy po urlopie", "naukę języka migowego",
    "prowadzenie wózka jezdniowego",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Told:
    """One version of an article, as its author means it."""

    title: str
    paragraphs: tuple[str, ...]
    published: date
    opens: date | None = None
    closes: date | None = None
    zlotys: int | None = None
    subject: str = ""
    files: tuple[tuple[str, str], ...] = ()
    """(name, label) of each attachment."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Every paragraph of the body, in order."""
        first, *others = self.paragraphs
        said = [first]
        if self.opens and self.closes:
            said.append(
                f"Nabór wniosków o {self.subject} trwa od {words(self.opens.isoformat())} r."
                f" do {words(self.closes.isoformat())} r."
            )
        if self.zlotys is not None:
            said.append(f"Pula środków na ten cel wynosi {_grouped(self.zlotys)} zł.")
        return (*said, *others)

    def body(self, href: str) -> str:
        """The article's HTML; `href` with {name} is where its files lie."""
        return "\n".join(f"<p>{line}</p>" for line in self.lines)


def difference(before: Told, after: Told) -> frozenset[str]:
    """The types of change that a reader of both versions would name."""
    found = set()
    if before.title != after.title:
        found.add("title")
    if before.lines != after.lines:
        found.add("text")
    if before.closes and after.closes and after.closes > before.closes:
        found.add("deadline_extended")
    if before.zlotys is not None and after.zlotys is not None and before.zlotys != after.zlotys:
        found.add("amount_changed")
    old, new = set(before.files), set(after.files)
    if new - old:
        found.add("attachment_added")
    if old - new:
        found.add("attachment_removed")
    if before.published != after.published:
        found.add("date_corrected")
    return frozenset(found)


class Author:
    """Writes articles and changes them; every sentence carries something that stands in no other."""

    def __init__(self, chance: random.Random, number: int) -> None:
        self._chance = chance
        self._number = number * 100_000
        """No two sentences carry the same number."""

    def write(self, published: date, *, call: bool) -> Told:
        pick = self._chance.choice
        number = self._next()
        town, paragraphs = pick(_TOWNS), [self._paragraph() for _ in range(self._chance.randint(3, 5))]
        if not call:
            return Told(
                title=f"{pick(_NEWS)} – {town}, spotkanie nr {number}",
                paragraphs=tuple(paragraphs),
                published=published,
            )
        title, subject = pick(_SUBJECTS)
        opens = _later(published, self._chance.randint(1, 6))
        return Told(
            title=f"{title} – nabór nr {number} dla mieszkańców gminy {town}",
            paragraphs=tuple(paragraphs),
            published=published,
            subject=f"{subject} pod numerem {number}",
            opens=opens,
            closes=_later(opens, self._chance.randint(10, 30)),
            zlotys=self._chance.randint(20, 900) * 1_000,
            files=((f"wniosek-{number}.pdf", f"Wniosek do naboru nr {number}"),),
        )

    def sentence(self) -> str:
        """One more paragraph, unlike any other."""
        return self._paragraph()

    def title(self, told: Told) -> str:
        return f"{told.title.partition(' – ')[0]} – nowa zapowiedź nr {self._next()}, {self._chance.choice(_TOWNS)}"

    def file(self) -> tuple[str, str]:
        number = self._next()
        return f"zalacznik-{number}.pdf", f"Załącznik nr {number} do regulaminu"

    def longer(self, told: Told) -> date:
        assert told.closes is not None
        return _later(told.closes, self._chance.randint(5, 21))

    def zlotys(self, told: Told) -> int:
        assert told.zlotys is not None
        return told.zlotys + self._chance.randint(1, 90) * 1_000

    def _paragraph(self) -> str:
        pick, number = self._chance.choice, self._next()
        town, name, thing = pick(_TOWNS), pick(_NAMES), pick(_THINGS)
        return pick(
            (
                f"Zajęcia w miejscowości {town} poprowadzi doradczyni {name} z zespołu oznaczonego jako grupa {number};"
                f" uczestnicy przećwiczą {thing} i otrzymają zaświadczenie.",
                f"Sekretariat pod numerem wewnętrznym {number} przyjmuje zgłoszenia od mieszkańców miejscowości {town},"
                f" a o {thing} można zapytać także opiekuna, którym jest {name}.",
                f"W programie przewidziano {thing}, rozmowy z pracodawcami i konsultacje, które w miejscowości {town} "
                f"prowadzi {name}; hasło spotkania brzmi: kierunek {number}.",
                f"Uczestnicy z miejscowości {town} poznają {thing}, a koordynator {name} wyjaśni zasady "
                f"opisane w kartotece {number} naszego urzędu.",
            )
        )

    def _next(self) -> int:
        self._number += 1
        return self._number


def _later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _grouped(zlotys: int) -> str:
    return f"{zlotys:,}".replace(",", " ")
