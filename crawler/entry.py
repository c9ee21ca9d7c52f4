"""Where `wiesci` begins: Ctrl-C while it is still being loaded ends it with one line."""

from __future__ import annotations

from crawler import interrupts


def main() -> None:
    interrupts.end_at_once()
    from crawler.cli import main as commands

    commands()
