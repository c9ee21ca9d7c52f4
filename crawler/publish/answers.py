"""An answer whose status stays what it is: Datasette gives what a ready question is rendered as its own status, 200."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response


class Settled(Response):  # type: ignore[misc]
    """304, 413 and the like."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "status" and "status" in self.__dict__:
            return
        super().__setattr__(name, value)
