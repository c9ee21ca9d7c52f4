"""Scrapy's settings for every crawl: politeness first, nothing about one office.

Plain `scrapy crawl <family>` reads them too; `wiesci crawl` adds only where the data lie and, in practice, the port.
"""

from __future__ import annotations

from crawler.contact import agent

BOT_NAME = "wiesci"
SPIDER_MODULES = ["spiders"]
USER_AGENT = agent()
ROBOTSTXT_USER_AGENT = "Wiesci"

# Manners
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 64
AUTOTHROTTLE_ENABLED = False  # it erodes the delays of the slots down to the general one
RETRY_ENABLED = False  # PatienceMiddleware waits as asked
RETRY_TIMES = 2
URLLENGTH_LIMIT = 0  # Scrapy would drop a long address without a word; the guard refuses it, and the ledger says so
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"  # an office learns nothing of where we have been
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "pl,en;q=0.3",
}

# Bounds
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 10
METAREFRESH_IGNORE_TAGS = ["noscript"]
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 1400
EXTENSIONS = {"scrapy.extensions.memusage.MemoryUsage": None, "crawler.memory.OwnMemory": 0}
REACTOR_THREADPOOL_MAXSIZE = 20

# Doors that stay shut
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # a port that executes code
HTTPPROXY_ENABLED = False  # a proxy would resolve names itself, past the guard
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
DOWNLOAD_HANDLERS = {
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
    "http": "crawler.receiving.BoundedHandler",
    "https": "crawler.receiving.BoundedHandler",
}

DOWNLOADER_MIDDLEWARES = {
    "crawler.guard.GuardMiddleware": 40,
    "crawler.scope.ScopeMiddleware": 50,
    "crawler.manners.ServerGroupMiddleware": 60,
    "crawler.manners.AllowanceMiddleware": 70,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.manners.RobotsMiddleware": 100,
    "crawler.conditional.ConditionalMiddleware": 450,
    "crawler.patience.PatienceMiddleware": 555,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.receiving.StubRefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.receiving.DecodingMiddleware": 590,
    "crawler.departed.DepartedMiddleware": 610,  # before the redirect is followed
}

HTTPERROR_ALLOW_ALL = True  # the spider notes what each answer came to
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "WARNING"

# Ours
WIESCI_DATA = "data"
WIESCI_PRACTICE_PORT = 0
WIESCI_PRACTICE_TLS_PORT = 0
WIESCI_LIST_PAGES = 5
WIESCI_LONGEST_DELAY = 600.0
WIESCI_TIME_SCALE = 1.0  # of the waits that servers ask for; only the practice web's may be shortened
