"""What the register and the vocabularies say, taken over into news.db."""

from __future__ import annotations

import msgspec

from crawler.database import Connection, transaction
from crawler.registry import Register
from crawler.rows import holds, insert, upsert

_OFFICE_COLUMNS = (
    "id",
    "kind",
    "name",
    "voivodeship",
    "url",
    "feed",
    "family",
    "confidence",
    "checked",
    "doubt",
    "licence",
)


def take_over(db: Connection, register: Register) -> None:
    """Bring offices, places, and the words of the vocabularies to what the register and the knowledge say."""
    knowledge = register.knowledge()
    offices = [{name: getattr(office, name) for name in _OFFICE_COLUMNS} for office in register.offices.values()]
    served = [{"office": office.id, "teryt": teryt} for office in register.offices.values() for teryt in office.powiats]
    places = [
        {"teryt": place.teryt, "level": place.level, "name": place.name, "voivodeship": place.teryt[:2]}
        for place in knowledge.gazetteer.units
    ]
    topics = [{"id": topic, "name": label} for topic, label in knowledge.topics.labels.items()]
    wanted = {"places": places, "offices": offices, "office_powiats": served, "topics": topics}
    if all(holds(db, table, rows) for table, rows in wanted.items()):
        return
    with transaction(db):
        db.execute("PRAGMA defer_foreign_keys = ON")
        for table in ("office_powiats", "topics"):
            db.execute(f"DELETE FROM {table}")
        for table, key in (("places", "teryt"), ("offices", "id")):
            for row in wanted[table]:
                upsert(db, table, row, key=key)
        insert(db, "office_powiats", served)
        insert(db, "topics", topics)
        db.execute(
            "DELETE FROM offices WHERE id NOT IN (SELECT value FROM json_each(?))"
            " AND id NOT IN (SELECT office FROM articles UNION SELECT office FROM office_runs)",
            (msgspec.json.encode([office["id"] for office in offices]).decode(),),
        )
