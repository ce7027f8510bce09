"""``zaoan dialogue``: what callers hear, to be read, kept as a document and proofread; no service is needed."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from core import settings
from core.errors import NotFoundError, UserError
from core.i18n import Language
from ivr.dialogue.outline import outline
from ivr.dialogue.script import Dialogue
from ivr.dialogue.validation import checked
from zaoan.terminal.common import Json, chosen_settings, community_language, fail, print_json, say
from zaoan.terminal.languages import LANGUAGE


def list_dialogues(as_json: Json = False) -> None:
    """The names of all dialogues, each with its forms."""
    from console.listen.samples import SAMPLES  # every dialogue that there is

    if as_json:
        print_json({"dialogues": list(SAMPLES)})
        return
    for name in SAMPLES:
        typer.echo(name)


def show(
    name: Annotated[str, typer.Argument(help="A name that `zaoan dialogue list` prints.")],
    language: Annotated[
        Language | None, typer.Option(parser=LANGUAGE, help="The language spoken; otherwise ours.")
    ] = None,
    as_json: Json = False,
) -> None:
    """One dialogue with people who do not exist: every word and where each key leads; --json prints the document."""
    from console.listen.samples import SAMPLES

    settings.use(chosen_settings())
    if name not in SAMPLES:
        fail(NotFoundError("There is no dialogue “{value}”.", way_out="`zaoan dialogue list` names them.",
                           field="dialogue", value=name))  # fmt: skip
    dialogue = SAMPLES[name](language or community_language())
    if as_json:
        print_json(dialogue.model_dump(mode="json", exclude_defaults=True))
        return
    for line in outline(dialogue):
        typer.echo(line)


def check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A dialogue as JSON.")]) -> None:
    """Proofreads a document: every problem with its step and key, or that there is none (exit code 0)."""
    settings.use(chosen_settings())
    try:
        dialogue = checked(_read(file))
    except UserError as mistake:
        fail(mistake)
    say("The dialogue “{name}” has no problem: {count} steps.", name=dialogue.name, count=len(dialogue.steps))


def _read(file: Path) -> Dialogue:
    try:
        return Dialogue.model_validate_json(file.read_bytes())
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise UserError(
            "“{value}” is no dialogue: {place}: {reason}.",
            way_out="docs/dialogues.md explains every field.",
            field="file",
            value=str(file),
            place=".".join(map(str, first["loc"])) or "-",
            reason=first["msg"],
        ) from wrong
