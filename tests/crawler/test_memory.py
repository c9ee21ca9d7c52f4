"""A crawl is measured by the memory that it holds itself, not by that of the program that started it."""

from __future__ import annotations

import subprocess
import sys

MEGABYTES = 300
CHILD = """
import resource
from scrapy.utils.test import get_crawler
from crawler.memory import OwnMemory
own = OwnMemory.from_crawler(get_crawler(settings_dict={"MEMUSAGE_ENABLED": True})).get_virtual_size()
print(own >> 20, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""
PARENT = f"""
import subprocess, sys
held = bytearray({MEGABYTES} << 20)
held[::4096] = b"x" * len(held[::4096])
print(subprocess.run([sys.executable, "-c", {CHILD!r}], capture_output=True, text=True, check=True).stdout)
"""


def test_a_crawl_does_not_count_what_the_program_that_started_it_holds() -> None:
    told = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True, check=True)
    own, inherited = map(int, told.stdout.split())
    assert own < 200
    assert own < inherited
