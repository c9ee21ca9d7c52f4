"""The register: which offices there are, from the TOML beside each family, checked before anything is crawled."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from crawler.servers import Server, ServerTable, declared, host_of, under
from normalize import Knowledge
from normalize.model import Hints, Office


class RegisterError(Exception):
    """The register cannot be used; each line names file, office and key. Nothing is crawled."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class UnknownOffice(LookupError):
    """An id that no line of the register has."""

    def __init__(self, wanted: str, nearest: Sequence[str]) -> None:
        hint = f"; nearest: {', '.join(nearest)}" if nearest else ""
        super().__init__(f"no office '{wanted}' in the register{hint}")
        self.wanted = wanted
        self.nearest = tuple(nearest)


def _http_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"not an address ({error})") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname or " " in value:
        raise ValueError("not an http or https address with a full host name")
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
OfficeId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _OfficeLine(_Strict):
    id: OfficeId
    kind: Literal["wup", "pup", "marshal", "rops", "ngo", "other"]
    name: str = Field(min_length=3)
    url: HttpUrl
    voivodeship: str | None = None
    powiats: list[str] = []
    feed: HttpUrl | None = None
    hosts: list[str] = []
    mirrors: list[HttpUrl] = []
    formerly: list[str] = []
    licence: str | None = None
    confidence: Literal["high", "medium", "low"] = "medium"
    checked: str | None = None
    doubt: str | None = None
    evidence: str | None = None
    certificate_not_checked: str | None = Field(default=None, min_length=10)


class _FamilyTable(_Strict):
    name: str
    title: str
    ways: list[str] = ["{url}"]
    slot: str | None = None


class _ArticleTable(_Strict):
    container: list[str] = []
    title: list[str] = []
    date: list[str] = []
    modified: list[str] = []
    author: list[str] = []
    lead: list[str] = []
    noise: list[str] = []
    title_suffix: list[str] = []
    key: str | None = None
    drop_query: list[str] = []


def _expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression ({error})") from error
    return value


class _SitemapTable(_Strict):
    files: Annotated[str, AfterValidator(_expression)] = ""
    articles: Annotated[str, AfterValidator(_expression)] | None = None


class _FamilyFile(_Strict):
    family: _FamilyTable
    article: _ArticleTable = _ArticleTable()
    sitemap: _SitemapTable | None = None
    server: list[ServerTable] = []
    office: list[dict[str, Any]] = []


@dataclass(frozen=True)
class Sitemaps:
    """Which articles the sitemaps of a family's sites name, among pages of every sort."""

    files: re.Pattern[str]
    """Found in the addresses of the sitemaps that name articles; indexes are followed whatever they are called."""
    articles: re.Pattern[str]
    """Found in path and query of an article's address."""

    def names_articles(self, sitemap: str) -> bool:
        return self.files.search(sitemap) is not None

    def is_article(self, url: str) -> bool:
        parts = urlsplit(url)
        return self.articles.search(parts.path + (f"?{parts.query}" if parts.query else "")) is not None


@dataclass(frozen=True, kw_only=True)
class Family:
    """How one kind of site lists its news; its spider has the same name."""

    name: str
    title: str
    ways: tuple[str, ...]
    """List addresses, tried in order until one gives teasers; {url}, {origin} and {feed} are the office's."""
    slot: str | None = None
    """Server group behind many hosts, crawled as one server."""
    hints: Hints = field(default_factory=Hints)
    sitemaps: Sitemaps | None = None
    """None: sitemaps of this family are not read."""

    def list_addresses(self, office: Office) -> list[str]:
        """The office's list addresses, without doubles; a way whose {feed} the office lacks is left out."""
        parts = urlsplit(office.url)
        values = {"url": office.url, "origin": f"{parts.scheme}://{parts.netloc}", "feed": office.feed}
        ways = [way for way in self.ways if "{feed}" not in way or office.feed]
        return list(dict.fromkeys(way.format(**values) for way in ways))


@dataclass(frozen=True, kw_only=True)
class Register:
    """All offices and families. Offices are sorted by id."""

    offices: Mapping[str, Office]
    families: Mapping[str, Family]
    _by_host: Mapping[str, tuple[Office, ...]] = field(repr=False)
    unverified: Mapping[str, str] = field(default_factory=dict)
    """Hosts whose certificate is not checked, as their line says with the reason why."""
    servers: Mapping[str, Server] = field(default_factory=dict)
    """Server groups with a budget or hours of their own, by name."""

    def knowledge(self) -> Knowledge:
        """The bundled knowledge with the families' article hints added."""
        return Knowledge.bundled(families={name: family.hints for name, family in self.families.items()})

    def select(
        self, ids: Iterable[str] = (), *, kinds: Iterable[str] = (), voivodeships: Iterable[str] = ()
    ) -> list[Office]:
        """Offices by id (all when none is given), narrowed by kind and voivodeship; UnknownOffice names the nearest."""
        wanted = list(dict.fromkeys(ids))
        for one in wanted:
            if one not in self.offices:
                raise UnknownOffice(one, difflib.get_close_matches(one, self.offices, n=3, cutoff=0.5))
        kinds, voivodeships = set(kinds), set(voivodeships)
        return [
            office
            for office in (self.offices[one] for one in (wanted or self.offices))
            if (not kinds or office.kind in kinds) and (not voivodeships or office.voivodeship in voivodeships)
        ]

    def hosts(self, office: Office) -> frozenset[str]:
        """Host names that serve this office's pages, "www." left out."""
        return frozenset(_hosts(office))

    def server_group(self, url: str) -> str | None:
        """The group ("praca.gov.pl") whose one server answers for this address's host."""
        host = host_of(url)
        slots = (family.slot for family in self.families.values() if family.slot)
        return next((name for name in (*slots, *self.servers) if under(host, name)), None)

    def server(self, url: str) -> Server:
        """The server of this address: what the register says of its group, else what holds for every host."""
        name = self.server_group(url)
        return self.servers.get(name or "") or Server(name=name or host_of(url), declared=False)

    def owner(self, url: str, named_by: Office) -> Office:
        """Whose article it is that a list of this office names: of another one whose own section of the host it is in.

        A marshal office often names what its ROPS or WUP publishes under /rops/ on the same host.
        """
        others = [one for one in self.at(url) if one.id != named_by.id]
        path, own = urlsplit(url).path, _section(named_by)
        inside = [one for one in others if len(_section(one)) > len(own) and path.startswith(_section(one))]
        longest = max((len(_section(one)) for one in inside), default=0)
        nearest = [one for one in inside if len(_section(one)) == longest]
        return nearest[0] if len(nearest) == 1 else named_by

    def parts(self, office: Office) -> tuple[Office, ...]:
        """Of a marshal office: the offices on the same host, whose news it may repeat on its own list."""
        if office.kind != "marshal":
            return ()
        return tuple(one for one in self.at(office.url) if one.kind != "marshal" and one.family == office.family)

    def at(self, url: str) -> tuple[Office, ...]:
        """The offices on the host of this address."""
        return self._by_host.get(_bare_host(url), ())


def _sitemaps(parsed: _FamilyFile, path: Path, problems: list[str]) -> Sitemaps | None:
    if parsed.sitemap is None:
        return None
    articles = parsed.sitemap.articles or parsed.article.key
    if not articles:
        problems.append(
            f"{_shown(path)}: sitemap.articles: missing; without it, or article.key, every page would be one"
        )
        return None
    return Sitemaps(files=re.compile(parsed.sitemap.files), articles=re.compile(articles))


def bundled_directory() -> Path:
    """Where the families' TOML files lie: the folder of the `spiders` package, which is not imported for this."""
    spec = find_spec("spiders")
    if spec is None or not spec.submodule_search_locations:
        raise RegisterError(["spiders: the package of the families is not installed beside the crawler"])
    return Path(next(iter(spec.submodule_search_locations)))


def load(directory: Path | None = None, *, practice: Sequence[Mapping[str, Any]] | None = None) -> Register:
    """Read and check every `<family>.toml` of the folder.

    `practice`: office lines (each with its `family`) that replace the offices of the files; the families stay.
    Raises RegisterError with every problem found, not only the first.
    """
    directory = directory or bundled_directory()
    problems: list[str] = []
    families: dict[str, Family] = {}
    lines: list[tuple[str, str, Mapping[str, Any]]] = []
    servers: list[tuple[str, ServerTable, list[str]]] = []
    slots: dict[str, str] = {}
    files = sorted(directory.glob("*.toml"))
    if not files:
        raise RegisterError([f"{directory}: no register file (<family>.toml) here"])
    for path in files:
        parsed = _read(path, problems)
        if parsed is None:
            continue
        name = parsed.family.name
        if name != path.stem:
            problems.append(f"{_shown(path)}: family.name: is '{name}', must be the file's name '{path.stem}'")
        families[name] = Family(
            name=name,
            title=parsed.family.title,
            ways=tuple(parsed.family.ways),
            slot=parsed.family.slot,
            hints=Hints(**_tuples(parsed.article)),
            sitemaps=_sitemaps(parsed, path, problems),
        )
        if parsed.family.slot:
            slots[parsed.family.slot] = _shown(path)
        hosts = [host_of(str(line.get("url"))) for line in parsed.office]
        servers += [(_shown(path), server, hosts) for server in parsed.server]
        if practice is None:
            lines += [(_shown(path), name, line) for line in parsed.office]
    for line in practice or ():
        source = f"practice register {line.get('url', '')}"
        family = str(line.get("family"))
        if family not in families:
            problems.append(f"{source}: office '{line.get('id')}': family: unknown family '{family}'")
        else:
            lines.append((source, family, {k: v for k, v in line.items() if k != "family"}))
    unverified: dict[str, str] = {}
    offices = _offices(lines, problems, unverified)
    known = declared(servers, slots, problems)
    if problems:
        raise RegisterError(problems)
    by_host: dict[str, list[Office]] = {}
    for office in offices.values():
        for host in _hosts(office):
            by_host.setdefault(host, []).append(office)
    return Register(
        offices=offices,
        families=families,
        _by_host={host: tuple(some) for host, some in by_host.items()},
        unverified=unverified,
        servers=known,
    )


def _read(path: Path, problems: list[str]) -> _FamilyFile | None:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{_shown(path)}: cannot be read as TOML: {error}")
        return None
    try:
        return _FamilyFile.model_validate(raw)
    except ValidationError as error:
        problems.extend(f"{_shown(path)}: {_told(one)}" for one in error.errors())
        return None


def _offices(
    lines: Sequence[tuple[str, str, Mapping[str, Any]]], problems: list[str], unverified: dict[str, str]
) -> dict[str, Office]:
    known = {unit.teryt for unit in Knowledge.bundled().gazetteer.units}
    offices: dict[str, Office] = {}
    first_seen: dict[str, str] = {}
    for source, family, raw in lines:
        name = f"office '{raw.get('id', '?')}'"
        told = [f"{key}: unknown TERYT code '{code}'" for key, code in _codes(raw) if not _is_code(key, code, known)]
        if raw.get("id") in first_seen:
            told.append(f"id: stands already in {first_seen[raw['id']]}")
        line = None
        try:
            line = _OfficeLine.model_validate(dict(raw))
        except ValidationError as error:
            told[:0] = [_told(one) for one in error.errors()]
        problems.extend(f"{source}: {name}: {one}" for one in told)
        if isinstance(raw.get("id"), str):
            first_seen.setdefault(raw["id"], source)
        if line is None or told:
            continue
        values = _tuples(line)
        reason = values.pop("certificate_not_checked")
        offices[line.id] = Office(family=family, **values)
        if reason:
            unverified[urlsplit(line.url).hostname or ""] = reason
    return dict(sorted(offices.items()))


def _codes(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The TERYT codes of a line as it stands in the file, whatever else is wrong with it."""
    powiats = raw.get("powiats")
    for key, code in (
        ("voivodeship", raw.get("voivodeship")),
        *(("powiats", one) for one in (powiats if isinstance(powiats, list) else ())),
    ):
        if isinstance(code, str) and code:  # what is no text is told by the line's own check
            yield key, code


def _is_code(key: str, code: str, known: Container[str]) -> bool:
    return len(code) == (2 if key == "voivodeship" else 4) and code in known


def _tuples(line: BaseModel) -> dict[str, Any]:
    """The line's values as the frozen nouns hold them."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in line.model_dump().items()}


def _told(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "file"
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"{where}: unknown key"
    if kind == "missing":
        return f"{where}: missing"
    shown = repr(error.get("input"))
    return f"{where}: {str(error['msg']).removeprefix('Value error, ')} (is {shown[:80]})"


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _section(office: Office) -> str:
    """The folder of its list's address: "/rops/" of /rops/aktualnosci; "/" says nothing."""
    return urlsplit(office.url).path.rstrip("/").rpartition("/")[0] + "/"


def _bare_host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _hosts(office: Office) -> set[str]:
    return {_bare_host(office.url), *(host.removeprefix("www.") for host in office.hosts)}
