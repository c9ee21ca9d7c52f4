"""Loads practice sites: site.toml, the stories (front matter, then an HTML fragment) and their later changes."""

from __future__ import annotations

import dataclasses
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

BUNDLED = Path(__file__).parent / "sites"
TEMPLATES = Path(__file__).parent / "templates"
EPOCH = datetime(2020, 1, 1, 6, tzinfo=UTC)
"""What `Last-Modified` says of pages that carry no day."""

FENCE = "+++"


class SiteError(ValueError):
    """A practice site that cannot be served as it is written; the message names the file."""


@dataclass(frozen=True, kw_only=True)
class Story:
    """One article of a practice site, with the record a perfect reader would make of it."""

    number: int
    slug: str
    id: int
    """The site's own number (assetEntryId, post id, `?id=`)."""
    title: str
    body: str = field(repr=False)
    published: str | None = None
    published_in: str = "both"
    """Where the template shows the day: article, list, both or none."""
    modified: str | None = None
    author: str | None = None
    lead: str | None = None
    photos: tuple[Mapping[str, Any], ...] = ()
    attachments: tuple[Mapping[str, Any], ...] = ()
    plates: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    address: str | None = None
    aliases: tuple[str, ...] = ()
    listed: bool = True
    status: int = 200
    """410 or 404 once a change has removed the story; 0 for a soft 404."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Further front matter, for the templates."""
    expected: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def day_in_article(self) -> str | None:
        return self.published if self.published_in in ("article", "both") else None

    @property
    def day_in_list(self) -> str | None:
        return self.published if self.published_in in ("list", "both") else None

    def record(self) -> dict[str, Any]:
        """The expected record: title and publication day follow the front matter unless stated."""
        seen = self.published is not None and self.published_in != "none"
        return {"title": self.title, "published": self.published[:10] if seen and self.published else None} | dict(
            self.expected
        )


@dataclass(frozen=True, kw_only=True)
class Static:
    """A `[[page]]` of site.toml: any path and query, answered with a file or text in a stated manner."""

    path: str
    file: str | None = None
    text: str | None = None
    generate: str | None = None
    """Name of a made-up body in hostile.py: gzip_bomb, attributes, pdf…"""
    status: int = 200
    content_type: str | None = None
    redirect: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: str = "plain"
    """How the body is sent: plain, slow, truncated, dropped."""
    endless: str | None = None
    """Query parameter that counts pages for ever; the text may use {n} and {next}."""
    listed: str | None = None
    """Title under which the site's list shows this address."""
    day: str | None = None


@dataclass(frozen=True, kw_only=True)
class Site:
    """Everything one host serves at one moment; a change between crawls makes another `Site`."""

    host: str
    folder: Path
    template: str | None = None
    charset: str = "utf-8"
    header_charset: str | None = None
    meta_charset: str | None = None
    office: Mapping[str, Any] | None = None
    server: Mapping[str, Any] = field(default_factory=dict)
    listing: Mapping[str, Any] = field(default_factory=dict)
    """`[list]`: per_page, order, pinned, feed, rest…"""
    expect: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, Any] = field(default_factory=dict)
    """The template's addresses, overruled by the site's own `[addresses]`."""
    plates: Mapping[str, str] = field(default_factory=dict)
    look: Mapping[str, Any] = field(default_factory=dict)
    """`[look]`: switches and texts for the templates (today, carousel, footer…)."""
    pages: tuple[Static, ...] = ()
    stories: tuple[Story, ...] = ()
    outage: int | None = None
    hostile: bool = False
    """Nearly everything is wrong on purpose: judged by `[expect]` alone."""
    revision: int = 0

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def name(self) -> str:
        return str(self.look.get("name") or (self.office or {}).get("name") or self.host)

    def number(self, what: str, digits: int) -> int:
        """A stable number of the site's own for `what`, as a content system would have given it."""
        return made_number(f"{self.host} {what}", digits)

    def listed(self) -> list[Story]:
        """Stories as the list shows them: pinned ones first, then newest first (or in the order of their files)."""
        stories = [story for story in self.stories if story.listed and story.status == 200]
        if self.listing.get("order", "published") == "published":
            stories.sort(key=lambda story: (story.published or "", -story.number), reverse=True)
        pinned = [*self.listing.get("pinned", ())]
        return sorted(stories, key=lambda story: pinned.index(story.slug) if story.slug in pinned else len(pinned))

    def story(self, slug: str) -> Story:
        for story in self.stories:
            if story.slug == slug:
                return story
        raise KeyError(f"{self.host}: no story {slug!r}")

    def path(self, story: Story) -> str:
        """The address the list gives for a story, without scheme and host."""
        return self.fill(story.address or str(self.addresses["article"]), story)

    def paths(self, story: Story) -> list[str]:
        """Every address that shows the story, the list's first."""
        patterns = [*story.aliases, *self.addresses.get("aliases", ())]
        return [self.path(story), *(self.fill(pattern, story) for pattern in patterns)]

    def fill(self, pattern: str, story: Story) -> str:
        year, month, day = (story.published or "2020-01-01")[:10].split("-")
        return pattern.format(
            slug=quote(story.slug),
            id=story.id,
            number=story.number,
            year=year,
            month=month,
            day=day,
            group=self.group,
            instance=self.instance,
        )

    @property
    def group(self) -> str:
        return str(self.look.get("group") or self.number("group", 6))

    @property
    def instance(self) -> str:
        made = hashlib.sha256(f"{self.host} instance".encode()).hexdigest()[:12]
        return str(self.look.get("instance") or made)


def read_site(folder: Path) -> Site:
    """Read one site's folder."""
    path = folder / "site.toml"
    settings = read_toml(path)
    host = settings.pop("host", folder.name)
    if not host.endswith(".test"):
        raise SiteError(f"{path}: host {host!r} must end in .test")
    template = settings.get("template")
    addresses = {**(template_settings(template)["addresses"] if template else {}), **settings.pop("addresses", {})}
    try:
        settings["listing"] = settings.pop("list", {})
        pages = tuple(Static(**page) for page in settings.pop("page", ()))
        stories = tuple(read_story(file) for file in sorted((folder / "articles").glob("*.html")))
        site = Site(host=host, folder=folder, addresses=addresses, pages=pages, stories=stories, **settings)
    except TypeError as error:
        raise SiteError(f"{path}: {error}") from error
    slugs = [story.slug for story in stories]
    if len(set(slugs)) < len(slugs):
        raise SiteError(f"{path}: a slug is used twice: {sorted(slug for slug in slugs if slugs.count(slug) > 1)}")
    return site


def read_sites(directories: Iterable[Path]) -> dict[str, Site]:
    """All sites of these folders by host; a folder may hold sites or be one."""
    sites: dict[str, Site] = {}
    for directory in directories:
        files = [directory / "site.toml"] if (directory / "site.toml").is_file() else directory.glob("*/site.toml")
        for file in sorted(files):
            site = read_site(file.parent)
            if site.host in sites:
                raise SiteError(f"{file}: host {site.host} is already served from {sites[site.host].folder}")
            sites[site.host] = site
    return sites


def read_story(path: Path) -> Story:
    """Read one story: TOML between two lines `+++`, then the body's HTML."""
    _, _, rest = path.read_text(encoding="utf-8").partition(f"{FENCE}\n")
    front, fence, body = rest.partition(f"\n{FENCE}\n")
    if not fence:
        raise SiteError(f"{path}: no front matter between two lines {FENCE}")
    try:
        values = tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{path}: {error}") from error
    number, _, slug = path.stem.partition("-")
    values = {"number": int(number), "slug": slug, **values, "body": body.strip()}
    values.setdefault("id", made_number(values["slug"], 7))
    known = {part.name for part in dataclasses.fields(Story)}
    extra = {key: values.pop(key) for key in list(values) if key not in known}
    if "title" not in values:
        raise SiteError(f"{path}: no title")
    return Story(**frozen(values), extra=extra)


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SiteError(f"{path}: {error}") from error


def template_settings(template: str) -> dict[str, Any]:
    """What a template's own template.toml says: its addresses and how many items a list page holds."""
    return read_toml(TEMPLATES / template / "template.toml")


def frozen(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def made_number(what: str, digits: int) -> int:
    """A number with that many digits, always the same for the same words."""
    low = int(10 ** (digits - 1))
    return low + int(hashlib.sha256(what.encode()).hexdigest()[:12], 16) % (9 * low)
