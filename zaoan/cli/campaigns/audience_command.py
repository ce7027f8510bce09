"""``zaoan campaign audience``: whom a campaign, or any rule, means."""

from typing import Annotated

import typer

from contacts.community.community import the_community
from core import clock, settings
from core.errors import UserError
from core.i18n import translate
from core.storage.database import reading
from zaoan.cli.campaigns.audience import audience_document, say_audience
from zaoan.terminal.common import Json, installation_open, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table


def show(
    name: Annotated[str, typer.Argument(help="The campaign's name.")] = "",
    rule: Annotated[str, typer.Option("--rule", metavar="RULE", help="A rule instead of a campaign.")] = "",
    as_json: Json = False,
) -> None:
    """Whom a campaign, or any rule, means: the rule as a sentence, how many, and their names."""
    from campaigns import audience
    from campaigns.audiences.rules import document
    from campaigns.changes import campaign_lookup  # loads half of the service: other commands start faster without

    with installation_open(), reading() as session:
        if bool(name) == bool(rule):
            raise UserError("It is not clear whom to show.", way_out="Give a campaign's name, or --rule.",
                            field="audience", value=name)  # fmt: skip
        community, now = the_community(session), clock.now()
        named = None if rule else campaign_lookup.find(session, name)
        chosen = audience.rule_of(named) if named else audience.read(session, community.id, rule)
        note_read()
        described = audience.describe(session, community, chosen, settings.current().language)
        report = audience.audience_report(session, community, chosen, now)
        people = audience.names(session, community, chosen, now)
    if as_json:
        print_json({
            "audience": document(chosen) | {"sentence": described.sentence, "written": described.written},
            **audience_document(report),
            "residents": [{"name": each, "left_out": why} for each, why in people],
        })  # fmt: skip
        return
    say("Who is rung: {sentence}.", sentence=described.sentence)
    say("As a rule: {written}", written=described.written)
    say_audience(report)
    show_table(
        ("resident", "left out"),
        [(each, translate(settings.current().language, f"left_out:{why}") if why else "") for each, why in people],
        "Nobody who is enrolled is meant.",
    )
