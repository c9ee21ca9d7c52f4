"""What people see: news.db in Datasette, in Polish."""
