"""The offices of the simulated web: which family each is of, how its server behaves, how busy it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One office as the year begins."""

    host: str
    family: str
    template: str
    name: str
    list_path: str
    kind: str = "other"
    validators: str = "etag"
    """etag, modified, both or none: what its server gives to recognise an answer by."""
    pace: float = 0.3
    """New articles a working day."""
    backlog: int = 24
    per_page: int = 8
    soft_404: bool = False
    counter: bool = False
    """A counter of visits on every page: other bytes at every minute."""
    liar: bool = False
    """From some day on its server answers 304 to every conditional request."""
    keeps_ids: bool = True
    """An article that gets another address shows the same number of the content system."""
    dated: str = "both"
    """Where its pages print the day of publication: in the article alone, or on the list as well."""
    listing: Mapping[str, Any] = field(default_factory=dict)
    look: Mapping[str, Any] = field(default_factory=dict)
    addresses: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.host.partition(".")[0]

    @property
    def rest(self) -> bool:
        """Its list is WordPress's REST answer."""
        return self.template == "wordpress" and bool(self.listing.get("rest", True))

    @property
    def list_size(self) -> int:
        """Articles that one page of its list names."""
        return 100 if self.rest else self.per_page

    @property
    def line(self) -> dict[str, Any]:
        """The office's line of the register."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "family": self.family,
            "url": f"http://{self.host}{self.list_path}",
        }


_NO_FEEDS = {"rest": False, "feed": False, "sitemap": False}

PROFILES = (
    Profile(
        host="lipowo.praca.test",
        family="psz",
        template="psz",
        kind="pup",
        name="Powiatowy Urząd Pracy w Lipowie",
        list_path="/rynek-pracy/aktualnosci",
        validators="both",
        pace=0.7,
        backlog=40,
        per_page=10,
        addresses={"article": "/-/{slug}", "aliases": []},
    ),
    Profile(
        host="klonowa.praca.test",
        family="psz",
        template="psz",
        kind="pup",
        name="Powiatowy Urząd Pracy w Klonowej",
        list_path="/rynek-pracy/aktualnosci",
        validators="none",
        pace=0.4,
        look={"carousel": True},
        addresses={"article": "/-/{slug}", "aliases": []},
    ),
    Profile(
        host="marszalek.test",
        family="wordpress",
        template="wordpress",
        kind="marshal",
        name="Urząd Marszałkowski Województwa Lipowskiego",
        list_path="/aktualnosci/",
        pace=0.6,
        backlog=40,
        listing={"feed": False, "sitemap": False},
        look={"date_style": "time"},
    ),
    Profile(
        host="polityka.test",
        family="wordpress",
        template="wordpress",
        kind="rops",
        name="Regionalny Ośrodek Polityki Społecznej w Lipowie",
        list_path="/aktualnosci/",
        validators="modified",
        counter=True,
        pace=0.25,
        listing=_NO_FEEDS,
        look={"sidebar_dates": True},
    ),
    Profile(
        host="samorzad.test",
        family="joomla",
        template="joomla",
        kind="marshal",
        name="Samorząd Województwa Bukowskiego",
        list_path="/index.php/sam-terytorialny/aktualnosci",
        liar=True,
        keeps_ids=False,
        pace=0.5,
        listing={"feed": False},
    ),
    Profile(
        host="spoldzielnie.test",
        family="joomla",
        template="joomla-k2",
        name="Ekonomia społeczna w regionie bukowskim",
        list_path="/aktualnosci",
        validators="none",
        counter=True,
        pace=0.15,
        per_page=6,
        listing={"feed": False},
    ),
    Profile(
        host="most.test",
        family="siew",
        template="siew",
        kind="ngo",
        name="Stowarzyszenie Zachodni Most",
        list_path="/news.html",
        validators="modified",
        dated="article",
        soft_404=True,
        pace=0.2,
        per_page=6,
        addresses={"lists": ["/news.html"]},
    ),
    Profile(
        host="fundusz.test",
        family="fundusze",
        template="fundusze",
        name="Program współpracy regionów",
        list_path="/strony/aktualnosci/",
        dated="article",
        keeps_ids=False,
        pace=0.35,
    ),
)
