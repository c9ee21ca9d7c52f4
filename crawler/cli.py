"""`wiesci`: the command line. Exit codes: 0 well, 1 some offices failed or a page was unusable, 2 wrong usage,
3 run unusable, 4 another run holds the lock, 5 disk or database."""

from __future__ import annotations

import click

from crawler.commands import correct, crawls, pages, publishing, suppress, upkeep


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wiesci")
def main() -> None:
    """Wieści: the news of Poland's labour offices and marshal offices, understood, in one SQLite file."""


for _command in (
    crawls.crawl,
    crawls.demo,
    crawls.offices,
    pages.extract,
    pages.facts,
    pages.why,
    upkeep.rebuild,
    upkeep.verify,
    upkeep.backup,
    upkeep.restore,
    upkeep.health,
    upkeep.schedule,
    publishing.serve,
    publishing.export,
    publishing.publish,
    correct.correct,
    suppress.suppress,
):
    main.add_command(_command)
