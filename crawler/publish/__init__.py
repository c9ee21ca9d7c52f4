"""What people see: news.db in Datasette, in Polish."""

from pathlib import Path

DATABASE = "news"
"""Name of the news database in Datasette's addresses."""

METADATA = Path(__file__).parents[2] / "datasette_metadata.json"
"""Of the tables, queries and columns, for Datasette and the exports."""


class PortInUse(Exception):
    """Another program listens at that address; the message says what to do."""
