"""What commands share: options, the register of a folder, and clear messages with exit codes for schedules."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
import pysqlite3

from crawler import interrupts, registry
from crawler.contact import NoContact
from crawler.corrections_file import CorrectionsError
from crawler.database import DatabaseProblem, explained, told
from crawler.exits import DISK, LOCKED, UNUSABLE, WELL, WRONG_USAGE
from crawler.folder import AlreadyRunning
from crawler.registry import Register, RegisterError, UnknownOffice

_INTERRUPTED = "interrupted; what was committed stays"


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="WIESCI_DATA",
        default=Path("data"),
        show_default=True,
        help="Folder of archive.db and news.db (WIESCI_DATA).",
    )(command)


port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Where to serve; 0 takes a free one."
)
kind_option = click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["wup", "pup", "marshal", "rops", "ngo", "other"]),
    help="Only offices of this kind.",
)
voivodeship_option = click.option(
    "--voivodeship", "voivodeships", multiple=True, metavar="CODE", help="TERYT code of a voivodeship, as in 26."
)


def notify_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--notify-command` and `--notify-url`: whom to tell (crawler.commands.notified)."""
    command = click.option("--notify-url", metavar="URL", help="POST the same JSON there.")(command)
    return click.option(
        "--notify-command", metavar="COMMAND", help="Run it when something is newly wrong; it gets JSON."
    )(command)


def failing(command: Callable[..., int | None]) -> Callable[..., NoReturn]:
    """Exceptions a user can do something about become one clear message and the exit code a schedule understands."""

    @functools.wraps(command)
    def explained(*args: Any, **kwargs: Any) -> NoReturn:
        from crawler.practice import SiteError
        from crawler.publish import PortInUse
        from crawler.restoring import NotACopy

        interrupts.begun()
        try:
            code = command(*args, **kwargs)
        except (UnknownOffice, NoContact, NotACopy) as error:
            fail(str(error), WRONG_USAGE)
        except SiteError as error:
            fail(str(error), WRONG_USAGE)
        except RegisterError as error:
            fail(f"the register cannot be used; nothing was crawled:\n{error}", UNUSABLE)
        except CorrectionsError as error:
            fail(f"the corrections cannot be used; news.db stays as it is until they can:\n{error}", UNUSABLE)
        except AlreadyRunning as error:
            fail(str(error), LOCKED)
        except DatabaseProblem as error:
            fail(str(error), DISK)
        except PortInUse as error:
            fail(str(error), UNUSABLE)
        except pysqlite3.DatabaseError as error:
            if interrupts.caused(error):
                fail(_INTERRUPTED, UNUSABLE)
            fail(told(kwargs.get("data") or "the data folder", error), DISK)
        except KeyboardInterrupt:
            fail(_INTERRUPTED, UNUSABLE)
        sys.exit(code or WELL)

    return explained


def fail(message: str, code: int) -> NoReturn:
    click.echo(f"wiesci: {message}", err=True)
    sys.exit(code)


def register_of(data: Path) -> Register:
    """The register by which this folder was crawled: the practice web's where the offices in it are that web's."""
    from crawler.database import open_for_reading
    from crawler.folder import ARCHIVE
    from crawler.practice import offices as practice_offices

    register = registry.load()
    if not (data / ARCHIVE).exists():
        return register
    archive = open_for_reading(data / ARCHIVE)
    try:
        with explained(data / ARCHIVE):
            crawled = {row[0] for row in archive.execute("SELECT DISTINCT office FROM visits")}
    finally:
        archive.close()
    if crawled <= register.offices.keys():
        return register
    practice = registry.load(practice=practice_offices())
    return practice if crawled & practice.offices.keys() else register
