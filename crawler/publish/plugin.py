"""The Datasette plugin: Polish pages, rows in one order, searches that never fail, answers that are safe.

Datasette loads its plugins while its own views are half imported: what needs them is imported within the hooks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any, TypeVar, cast

from datasette import hookimpl
from datasette.utils import tilde_encode
from datasette.utils.asgi import asgi_static

from crawler.publish import DATABASE, asked, cells, charts, dictionary, drawing, folding, labels, polish, typed, when
from crawler.publish.cells import cell, link, numeric, outward
from crawler.publish.front import front
from crawler.publish.safety import Application, limit, with_headers
from crawler.publish.search import searching

HERE = Path(__file__).parent
FOREIGN = {"article", "call", "first_article", "office", "organisation", "programme", "run", "teryt", "topic"}


def is_public(datasette: Any) -> bool:
    """Whether it is for strangers (`wiesci serve --public`)."""
    return bool(getattr(datasette, "public", False))


F = TypeVar("F", bound=Callable[..., Any])


def hook(*, last: bool = False, around: bool = False) -> Callable[[F], F]:
    """Datasette's marker, with a type."""
    return cast("Callable[[F], F]", hookimpl(trylast=last, hookwrapper=around))


@hook(last=True)
def prepare_connection(conn: Any, database: str) -> None:
    """Last, so that `escape_fts`, which Datasette wraps around every search, is ours."""
    if database == "_internal":
        return
    limit(conn)
    conn.create_function("escape_fts", 1, searching.expression)
    conn.create_function("dzis_w_polsce", 0, polish.today)
    conn.create_function("zawiera", 3, folding.holds, deterministic=True)
    for name, (arguments, function) in typed.FUNCTIONS.items():
        conn.create_function(name, arguments, function, deterministic=True)


@hook()
def prepare_jinja2_environment(env: Any) -> None:
    """Our templates before Datasette's own, after those of `--template-dir`."""
    search = env.loader.loaders[0].searchpath
    search.insert(len(search) - 1, str(HERE / "templates"))
    env.filters.update(
        column_title=dictionary.title,
        explanation=dictionary.explanation,
        polish=dictionary.polish,
        english=dictionary.english,
        number=polish.number,
        polish_day=polish.day,
        days_left=polish.days_left,
        tilde=tilde_encode,
        period=polish.period,
        breakable=polish.breakable,
        bytes=polish.size,
        moment=when.moment,
        instant=when.instant,
    )
    env.globals.update(plural=polish.plural, label=labels.label, voivodeships=labels.voivodeships)
    env.globals.update(misread=asked.misread, begun=asked.begun, read_day=asked.day, plain_value=cells.code)
    env.globals.update(vocabulary=labels.vocabulary, charts=charts.figures, swatches=drawing.swatches, numeric=numeric)


@hook()
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    from crawler.publish import about, api, mishaps
    from crawler.publish.front_page import FrontPage
    from crawler.publish.list_page import ListPage
    from crawler.publish.public import prepared, robots

    return [
        (r"/(\.(?P<format>jsono?))?$", FrontPage.as_view(datasette)),
        (r"/-/wiesci/(?P<path>.*)$", asgi_static(HERE / "static")),
        (
            rf"/(?P<database>{DATABASE})/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$",
            ListPage.as_view(datasette),
        ),
        *about.routes(),
        *api.routes(),
        *prepared.routes(),
        *robots.routes(),
        *mishaps.routes(),
    ]


@hook()
def filters_from_request(request: Any, database: str, table: str, datasette: Any) -> Callable[[], Awaitable[Any]]:
    from crawler.publish import narrowing

    async def read() -> Any:
        if database != DATABASE:
            return None
        return await narrowing.narrowed(datasette.databases[database], table, request.args)

    return read


@hook()
def register_facet_classes() -> list[Any]:
    from crawler.publish.list_page import RegionFacet
    from crawler.publish.spoken_of import SpokenOfFacet

    return [RegionFacet, SpokenOfFacet]


@hook()
def register_output_renderer() -> list[dict[str, Any]]:
    """In the order of the links on the pages: files to download, then what one subscribes to."""
    from crawler.publish import calendar, downloads, feeds_out

    feeds = {"atom": feeds_out.atom, "jsonfeed": feeds_out.json_feed}
    return [
        *(
            {"extension": name, "render": render, "can_render": downloads.can_download}
            for name, render in downloads.RENDERERS.items()
        ),
        *({"extension": name, "render": render, "can_render": feeds_out.can_feed} for name, render in feeds.items()),
        {"extension": "ics", "render": calendar.calendar, "can_render": calendar.can_calendar},
    ]


@hook()
def extra_template_vars(
    datasette: Any, database: str | None, table: str | None, view_name: str | None, request: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    from crawler.publish import pages

    async def read() -> dict[str, Any]:
        known: dict[str, Any] = {"desk": None, "page": None, "first_columns": None, "shown_columns": None}
        news = datasette.databases.get(DATABASE)
        if news is None or not await news.table_exists("articles"):
            return known
        known["desk"] = {
            "name": DATABASE,
            "tables": datasette.metadata("tables", database=DATABASE) or {},
            "queries": await datasette.get_canned_queries(DATABASE, None),
            "files": getattr(datasette, "edition", None) is not None,
        }
        if view_name == "index":
            known["front"] = await front(datasette, news, request.args.get("dzien") or "")
        if view_name in ("table", "row") and database and table:
            known["first_columns"] = (datasette.plugin_config("wiesci", database, table) or {}).get("columns")
            if not {"_col", "_nocol", "_kolumny"} & set(request.args):
                known["shown_columns"] = known["first_columns"]
        if view_name == "row" and database == DATABASE and table:
            known["page"] = await pages.page(datasette, news, table, request)
        return known

    return read


@hook()
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    if database != DATABASE:
        return outward(value) if isinstance(value, str) and value.startswith(("http://", "https://")) else None
    articles = datasette.urls.table(database, "articles")
    here = datasette.urls.table(database, table) if table in ("offices", "places") else articles
    shown = cell(value, column=column, table=table, row=row, articles=articles, here=here)
    if shown is None and table and column in FOREIGN and isinstance(value, str):
        return _labelled(datasette, database, table, column, value)
    return shown


async def _labelled(datasette: Any, database: str, table: str, column: str, value: str) -> Any:
    """The name of a row pointed to, with a link to it: the page of a single row leaves foreign keys as codes."""
    for key in await datasette.databases[database].foreign_keys_for_table(table):
        if key["column"] == column:
            found = await datasette.expand_foreign_keys(database, table, column, [value])
            address = datasette.urls.row(database, key["other_table"], tilde_encode(value))
            return link(address, found.get((column, value)) or value)
    other = {"office": "offices", "programme": "programmes"}.get(column)  # of a view, or one that no key says
    if other is None:
        return None
    name = (await datasette.databases[database].execute(f"select name from {other} where id = ?", [value])).first()
    return link(datasette.urls.row(database, other, tilde_encode(value)), name[0]) if name else None


@hook()
def asgi_wrapper(datasette: Any) -> Callable[[Application], Application]:
    if not is_public(datasette):
        return with_headers
    from crawler.publish.public.gate import Gate

    routes = [pattern for pattern, _ in register_routes(datasette) if pattern.startswith("/-/")]
    base = datasette.setting("base_url")
    return lambda application: with_headers(Gate(application, routes=routes, base=base))


@hook(around=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """In place of Datasette's own answer to expected mishaps, which prints each of them to the console at length."""
    from crawler.publish import mishaps, pages

    outcome = yield
    if mishaps.foreseen(request, exception):

        async def answer() -> Any:
            return await pages.departed(datasette, request) or await mishaps.page(datasette, request, exception)

        outcome.force_result([answer])
    elif is_public(datasette):
        outcome.force_result([lambda: mishaps.unexpected(datasette, request, exception)])


@hook()
def forbidden(datasette: Any, request: Any, message: str) -> Callable[[], Awaitable[Any]]:
    from crawler.publish import mishaps

    return lambda: mishaps.answer(datasette, request, 403, mishaps.MESSAGES[403], mishaps.told(message))
