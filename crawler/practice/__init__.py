"""The practice web: sites in the manner of the offices', under .test names, served on loopback."""

from crawler.practice.register import manifest, offices, outcomes, records
from crawler.practice.server import Web
from crawler.practice.site import BUNDLED, SiteError
from crawler.practice.wire import Asked

__all__ = ["BUNDLED", "Asked", "SiteError", "Web", "manifest", "offices", "outcomes", "records"]
