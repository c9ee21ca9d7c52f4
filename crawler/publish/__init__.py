"""What people see: news.db in Datasette, in Polish."""

DATABASE = "news"
"""Name of the news database in Datasette's addresses."""
