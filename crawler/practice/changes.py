"""What may happen to a practice site between two crawls: stories edited, removed and added, outages, a new look."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from crawler.practice.site import Site, SiteError, Story, frozen, read_story, read_toml


def edited(site: Site, slug: str, *, replace: Iterable[Sequence[str]] = (), **fields: Any) -> Site:
    """The site after one story was edited: words replaced in title, lead and body, fields set, expected merged."""
    story = site.story(slug)
    changed: dict[str, Any] = {"title": story.title, "lead": story.lead, "body": story.body}
    for old, new in replace:
        if not any(old in (text or "") for text in changed.values()):
            raise SiteError(f"{site.host}: {slug}: nothing says {old!r}")
        changed = {key: text and text.replace(old, new) for key, text in changed.items()}
    expected = {**story.expected, **fields.pop("expected", {})}
    after = dataclasses.replace(story, **(changed | frozen(fields)), expected=expected)
    return _with_stories(site, [after if one.slug == slug else one for one in site.stories])


def added(site: Site, file: Path) -> Site:
    """The site with one more story."""
    return _with_stories(site, [*site.stories, read_story(file)])


def changed(site: Site, **fields: Any) -> Site:
    """The site with fields of its own changed; every change counts as a revision, which `Last-Modified` shows."""
    return dataclasses.replace(site, **fields, revision=site.revision + 1)


def after(site: Site, name: str) -> Site:
    """The site after the change `changes/<name>.toml`, or the same site where it has no such file."""
    path = site.folder / "changes" / f"{name}.toml"
    if not path.is_file():
        return site
    change = read_toml(path)
    for edit in change.get("edit", ()):
        site = edited(site, **edit)
    for gone in change.get("remove", ()):
        site = edited(site, gone["slug"], status=gone.get("status", 404))
    for add in change.get("add", ()):
        site = added(site, path.parent / add["file"])
    shape: dict[str, Any] = {key: change[key] for key in ("template", "outage") if key in change}
    if "look" in change:
        shape["look"] = {**site.look, **change["look"]}
    return changed(site, **shape)


def _with_stories(site: Site, stories: Iterable[Story]) -> Site:
    return changed(site, stories=tuple(stories))
