"""A simulated year: offices whose sites change by a seeded history, crawled under an injected clock, and judged.

The crawl is the real one (spiders, downloader middlewares, archive, store); only the transport is simulated. What must
be in the database is told by an oracle that knows the history and the requests that arrived, none of the crawl's code.
"""
