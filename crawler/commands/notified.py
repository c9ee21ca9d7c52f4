"""Who is to be told when something is newly wrong, and the telling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pysqlite3

from crawler import notices
from crawler.database import DatabaseProblem
from crawler.exits import DISK, SOME_FAILED
from crawler.instants import now
from crawler.registry import RegisterError


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A command, a webhook, both or none; `memory` holds what they were told last by this kind of look."""

    command: str | None
    url: str | None
    memory: Path

    def tell(self, told: notices.Told | None, code: int) -> int:
        """The exit code, which is not "well" where the notice reached nobody. None: all is well."""
        try:
            if self.command or self.url:
                notices.send(told, self.memory, command=self.command, webhook=self.url)
        except notices.NoticeFailed as error:
            click.echo(f"wiesci: {error}", err=True)
            return code or SOME_FAILED
        return code

    def wrong(self, what: str, code: int) -> int:
        """Tell what is wrong with the databases; "" says that nothing is."""
        return self.tell(notices.notice_of(what, now()) if what else None, code)

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Also tells of what keeps the command from its end."""
        try:
            yield
        except (DatabaseProblem, RegisterError, pysqlite3.DatabaseError) as error:
            self.wrong(str(error), DISK)
            raise
