"""``zaoan retention``: what is kept how long, and what would go next."""

from zoneinfo import ZoneInfo

from contacts.community.community import the_community
from core.storage.database import reading
from zaoan.terminal.common import Json, installation_open, minute, print_json, word
from zaoan.terminal.tables import show_table


def retention(as_json: Json = False) -> None:
    """What is kept how long, how much of it there is, and what would go next; deletes nothing.

    The running service deletes what is over every hour.
    """
    from campaigns.privacy import periods  # loads half of the service: what only prints its help starts faster without

    with installation_open(), reading() as session:
        found = periods.periods(session)
        zone = ZoneInfo(the_community(session).timezone)
    if as_json:
        print_json([{"kind": each.kind, "setting": each.setting, "days": each.days, "rows": each.rows, "due": each.due,
                     "next_at": each.next_at.isoformat() if each.next_at else None} for each in found])  # fmt: skip
        return
    show_table(
        ("kept kind", "kept days", "kept setting", "kept rows", "kept due", "kept next"),
        [(word(f"kept:{each.kind}"), str(each.days), each.setting, str(each.rows), str(each.due),
          minute(each.next_at, zone))
         for each in found],
        "Nothing is kept.",
    )  # fmt: skip
