"""`python -m crawler.practice`: the practice web as a process of its own, printing `port=N` when it listens."""

from __future__ import annotations

import contextlib
import signal
import sys
from pathlib import Path

import click

from crawler.practice.server import Web
from crawler.practice.site import BUNDLED, SiteError


@click.command()
@click.option("--port", default=0, help="Local port; 0 takes a free one.")
@click.option("--sites", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--after", multiple=True, help="Serve the sites as they are after this change (changes/NAME.toml).")
@click.option("--scale", default=1.0, help="Length of what is slow on purpose; 1 is about a minute.")
@click.option("--bundled/--no-bundled", default=True, help="Serve the bundled sites too.")
@click.option("--tied", is_flag=True, help="End when the parent process ends.")
def main(port: int, sites: tuple[Path, ...], after: tuple[str, ...], scale: float, bundled: bool, tied: bool) -> None:
    """Serve the practice web on loopback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        web = Web([*([BUNDLED] if bundled else []), *sites], port, after=after, scale=scale, tied=tied)
    except SiteError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"port {port}: {error.strerror}") from error
    click.echo(f"port={web.port}")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        web.run()


if __name__ == "__main__":
    main()
