"""What may go wrong, by number: what must then happen, and which tests outside this folder say so too.

Tests of this folder, and of any other, answer a row by their names: `test_n01_…`.
"""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "n01": "A start address that redirects into this machine: no connection, blocked_address.",
    "n03": "No spelling of a private address, of at least 60, is connected to.",
    "n06": "file:, data: and ftp: in pages and feeds are never asked for; bad_link.",
    "n07": "A meta refresh is judged like any hop.",
    "n08": "Rings of redirects end after five hops: redirect_loop.",
    "n10": "Bombs of 1 GiB: too_large, less than 300 MB held.",
    "n12": "A false Content-Encoding: decode_error after one more try.",
    "n14": "One byte in half a second: timeout at 30 s.",
    "n16": "A cut body: asked for again, then truncated; the old version stays.",
    "n18": "400 KB of Set-Cookie: no Cookie is sent.",
    "n19": "429 with Retry-After: waited for, then stored.",
    "n21": "robots.txt with 500, late or dropped: nothing else is asked for, robots_unreachable.",
    "n24": "Crawl-delay lies between any two requests.",
    "n25": "Certificates not to be believed are refused; the exception of one source works and is recorded.",
    "n26": "Bot walls for all: no article, the host is left alone, the run says so.",
    "p01": "Bad addresses, typed or in feeds: the good ones are crawled, the bad told, the exit code is true.",
    "p02": "Bad links among good ones lose none of these.",
    "p03": "Endless pages, sessions, growing paths: within the budget, each article once.",
    "p04": "Calendars of all years are bounded and give no article.",
    "p06": "XML entities and DTDs: no file, no request, less than a second.",
    "p07": "Feeds without measure: too_large, let go at once.",
    "p08": "What a page is shows in its bytes: not_html, or stored.",
    "p09": "96 combinations of charsets are read right.",
    "p11": "Pages that take parsers minutes: 6 s each, the reactor never still for a second, the next page is fine.",
    "p13": "A line of 50 MB, NULs, random bytes: a named outcome, no article.",
    "p14": "Error pages with 200: no article, and a stored good version stays.",
    "p15": "NUL, U+202E, half a surrogate, markup, 1 MB in a title: clean, at most 500 characters; every output valid.",
    "p16": "Dates that cannot be: none, or the right one.",
    "p17": "One article at six addresses is one.",
    "s01": "SIGKILL at random instants: nothing acknowledged lost, the next run as an undisturbed one.",
    "s03": "A full disk in a crawl, while publishing, while exporting: a clean stop, code 5, what was there stays.",
    "s04": "A second crawl leaves within 5 s and touches nothing.",
    "s05": "A second writer holds the lock for 8 s: no item lost.",
    "s06": "The write-ahead log cut or deleted: opens, and what is missing is named.",
    "s08": "A backup under heavy writing: within 60 s, sound, of one instant; it restores into an empty folder.",
    "s09": "A migration killed is completed; a newer schema is refused.",
    "s10": "Teasers 40 % under an office's band, or a field that is empty now: run failed, no new copy, office named.",
    "v01": "The public server: no SQL, no file, no private table, no path; whole tables as prepared files.",
    "v03": "Stored markup acts in no page and no feed; a CSP stands.",
    "v05": "20 swaps under 20 clients: no 5xx, never a mixed state.",
    "l01": "What was taken down is absent everywhere, after a recrawl, a rebuild and a restored backup.",
    "l03": "An article removed is marked gone after two looks, not deleted.",
    "l04": "Every exported row and every page: source, address, dates, licence.",
}

ALSO: Mapping[str, tuple[str, ...]] = {
    "n03": (
        "tests/crawler/test_guard.py::test_every_spelling_of_a_private_address_is_refused_without_asking_anyone",
        "tests/crawler/test_guard.py::test_an_address_that_is_not_public_is_known_as_such",
    ),
    "p14": ("tests/crawler/test_presence.py::test_a_soft_404_counts_like_a_hard_one_and_overwrites_nothing",),
    "p15": (
        "tests/publish/test_pages.py::test_what_a_bad_page_left_stays_text",
        "tests/publish/test_feeds_out.py::test_what_a_bad_page_left_cannot_break_a_feed_or_act",
        "tests/publish/test_exports.py::test_an_export_read_back_equals_every_table",
    ),
    "s03": (
        "tests/publish/test_exports.py::test_a_full_disk_leaves_the_old_export",
        "tests/publish/test_newsstand.py::test_an_edition_that_cannot_be_made_leaves_the_one_before",
    ),
    "s04": ("tests/crawler/test_demo.py::test_a_second_run_leaves_at_once_naming_the_first",),
    "s10": (
        "tests/crawler/test_health.py::test_a_list_that_holds_over_40_percent_less_than_usual_fails_the_run",
        "tests/crawler/test_health.py::test_a_field_that_was_filled_and_is_empty_now_fails_the_run",
        "tests/crawler/test_health.py::test_a_copy_for_readers_is_not_replaced_while_an_office_has_fallen",
    ),
    "v01": (
        "tests/publish/test_public.py::test_what_is_not_for_strangers_is_refused_without_a_path",
        "tests/publish/test_public.py::test_no_page_names_a_folder_of_the_machine",
        "tests/publish/test_newsstand.py::test_the_page_of_the_files_names_each_table_with_its_rows",
    ),
    "v03": (
        "tests/publish/test_public.py::test_no_stored_text_becomes_markup_or_a_link_that_acts",
        "tests/publish/test_public.py::test_no_stored_text_acts_in_a_feed_or_file",
        "tests/publish/test_newsstand.py::test_every_answer_carries_the_headers_of_safety",
    ),
    "v05": ("tests/publish/test_newsstand.py::test_twenty_swaps_under_twenty_readers_give_no_error_and_no_mixed_page",),
    "l01": (
        "tests/crawler/test_taken_down.py::test_an_article_taken_down_stays_absent_from_everything",
        "tests/crawler/test_suppression.py::test_a_restored_backup_of_the_news_hides_it_again",
        "tests/crawler/test_restoring.py::test_a_copy_older_than_a_take_down_does_not_bring_back_what_was_taken_down",
    ),
    "l03": ("tests/crawler/test_presence.py::test_one_404_is_not_enough_and_two_a_day_apart_are",),
    "l04": ("tests/publish/test_exports.py::test_every_row_tells_where_it_comes_from",),
}
