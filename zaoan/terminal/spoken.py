"""The command line in the user's language: help, what was misused, and what is expected to go wrong.

The library's own words are English; each way in which it complains is told again here, in one sentence.
"""

import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import typer.core
from typer._click import exceptions as misused
from typer._click.core import Command, Context, Parameter
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from core.errors import UserError
from core.i18n import Language, translate
from core.refusals import refusal
from zaoan.terminal.layout import Layout

GETTEXT = "_"
"""By this name the library asks for its own few words."""
FILE = Path("zaoan.toml")
UNEXPECTED = re.compile(r"Got unexpected extra argument\(s\) \((.*)\)")
NO_COMMAND = re.compile(r"No such command '(.*?)'")
NEEDS_VALUE = re.compile(r"Option '(.*)' requires an? .*")
TAKES_NONE = re.compile(r"Option '(.*)' does not take a value")
OF_A_FILE: Mapping[str, str] = {
    "does not exist.": "there is no such file",
    "is a file.": "a folder is needed, and this is a file",
    "is a directory.": "a file is needed, and this is a folder",
    "is not readable.": "it cannot be read",
    "is not writable.": "it cannot be written",
}
CHOICES: Mapping[str, str] = {"CaseKind": "case:", "CampaignKind": "campaign:", "CaseState": "", "Removal": "finding:"}
"""Where the catalogue has the words of an enumeration, if not under ``choice:``."""


def language(environ: Mapping[str, str]) -> Language:
    """The language to speak in before any setting is looked at: what ZAOAN_LANGUAGE or ``zaoan.toml`` here says."""
    wanted = _wanted(environ)
    return Language(wanted) if wanted in set(Language) else Language.CHINESE


def unspoken(environ: Mapping[str, str]) -> str | None:
    """One English sentence where a language is wanted that there is not, and which others there are."""
    wanted = _wanted(environ)
    if not wanted or wanted in set(Language):
        return None
    return (
        f"Zao'an does not speak “{wanted}”: set ZAOAN_LANGUAGE, or language in {FILE}, to zh-CN (Chinese, 中文) or en "
        "(English)."
    )


def _wanted(environ: Mapping[str, str]) -> str:
    return environ.get("ZAOAN_LANGUAGE", "").strip() or _written()


def _written() -> str:
    try:
        return str(tomllib.loads(FILE.read_text("utf-8")).get("language", "")).strip()
    except (OSError, ValueError):
        return ""


def in_words(command: Command, spoken: Language) -> Command:
    """The command with all that it says, and all that its commands say, in this language."""
    setattr(typer.core, GETTEXT, lambda text: translate(spoken, text))
    command.context_class = _contexts(spoken)
    if isinstance(command, TyperGroup | TyperCommand):
        command.rich_markup_mode = None
    command.options_metavar = f"[{translate(spoken, 'OPTIONS')}]"
    command.help = _told(command.help, spoken)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = f"{translate(spoken, 'COMMAND')} [{translate(spoken, 'ARGUMENTS')}]..."
    for parameter in command.params:
        _in_words(parameter, spoken)
    _refuse_opposites(command)
    return command


class OppositesError(misused.UsageError):
    """Two options were typed that mean the opposite of each other: which of them is meant, nobody can know."""

    def __init__(self, pair: tuple[str, str], ctx: Context) -> None:
        super().__init__(" / ".join(pair), ctx)
        self.pair = pair


def _refuse_opposites(command: Command) -> None:
    """Where the library takes the last of ``--give --withdraw``, the command is refused; once for each command."""
    if "parse_args" in vars(command):
        return
    parse = command.parse_args

    def parse_args(ctx: Context, args: list[str]) -> list[str]:
        typed = args[: args.index("--")] if "--" in args else args
        for each in command.params:
            pair = _opposites(each, typed)
            if pair is not None:
                raise OppositesError(pair, ctx)
        return parse(ctx, args)

    command.parse_args = parse_args  # type: ignore[method-assign]


def _opposites(parameter: Parameter, typed: Sequence[str]) -> tuple[str, str] | None:
    yes = next((each for each in parameter.opts if each in typed), None)
    no = next((each for each in parameter.secondary_opts if each in typed), None)
    return (yes, no) if yes and no else None


def paragraphs(text: str | None) -> list[str]:
    """Each on one line, as the catalogue has them, whatever the source's margins."""
    return [" ".join(paragraph.split()) for paragraph in (text or "").split("\n\n") if paragraph.strip()]


def _told(text: str | None, spoken: Language) -> str | None:
    return "\n\n".join(translate(spoken, each) for each in paragraphs(text)) or None


def _in_words(parameter: Parameter, spoken: Language) -> None:
    if isinstance(parameter, TyperArgument):
        parameter.metavar = translate(spoken, (parameter.metavar or parameter.name or "").upper())
    if isinstance(parameter, TyperArgument | TyperOption):
        parameter.help = _told(parameter.help, spoken)
        if words := _choices(parameter, spoken):
            named = ", ".join(f"{value} {word}" for value, word in words.items() if value != word)
            parameter.help = f"{parameter.help or ''} ({named})" if named else parameter.help
            _understand(parameter, {word: value for value, word in words.items()})


def _choices(parameter: TyperArgument | TyperOption, spoken: Language) -> dict[str, str]:
    """What may be chosen, each with its word."""
    if parameter.type_descriptor.parameter_info.parser is not None:  # it knows more words, and says them itself
        return {}
    chosen: Sequence[Any] = parameter.type_descriptor.choices or ()
    return {str(each.value): choice_word(each, spoken) for each in chosen if isinstance(each, Enum)}


def choice_word(chosen: Enum, spoken: Language) -> str:
    """The word for one value of an enumeration."""
    key = f"{CHOICES.get(type(chosen).__name__, 'choice:')}{chosen.value}"
    word = translate(spoken, key)
    return str(chosen.value) if word == key else word


def _understand(parameter: TyperArgument | TyperOption, values: Mapping[str, str]) -> None:
    """The words are understood as well as the values that they stand for."""
    process = parameter.process_value

    def in_either(ctx: Context, value: Any) -> Any:
        return process(ctx, values.get(value, value) if isinstance(value, str) else value)

    parameter.process_value = in_either  # type: ignore[method-assign]


def _contexts(spoken: Language) -> type[Context]:
    class Spoken(Context):
        formatter_class = Layout.of(spoken)

    return Spoken


def sentence(misuse: misused.UsageError, spoken: Language) -> str:
    """What was misused and the way out. A command that was called with nothing at all says its help instead."""
    if isinstance(misuse, misused.NoArgsIsHelpError):
        return misuse.format_message()
    context = misuse.ctx
    explained = context.command_path if context else "zaoan"
    way_out = translate(spoken, "`{command} --help` explains it.", command=explained)
    return f"{_misuse(misuse, spoken)}{_space(spoken)}{way_out}"


def _misuse(misuse: misused.UsageError, spoken: Language) -> str:
    def say(text: str, **gaps: object) -> str:
        return translate(spoken, text, **gaps)

    said = misuse.message
    if isinstance(misuse, OppositesError):
        yes, no = misuse.pair
        return say("{yes} and {no} contradict each other; type one of them only.", yes=yes, no=no)
    if isinstance(misuse, misused.MissingParameter):
        return _missing(misuse, spoken)
    if isinstance(misuse, misused.NoSuchOption):
        return _nearest(say("There is no option {name}.", name=misuse.option_name), misuse.possibilities, spoken)
    if isinstance(misuse, misused.BadParameter):
        return say("{name}: {reason}.", name=_name(misuse), reason=_reason(misuse, spoken))
    if found := UNEXPECTED.match(said):
        return say("There is nothing to do with {words} here.", words=found[1])
    if found := NO_COMMAND.match(said):
        return _nearest(say("There is no command {name}.", name=found[1]), _near(misuse, found[1]), spoken)
    if found := NEEDS_VALUE.match(said):
        return say("{name} needs a value.", name=found[1])
    if found := TAKES_NONE.match(said):
        return say("{name} takes no value.", name=found[1])
    return say("This cannot be understood: {reason}", reason=said)


def _missing(misuse: misused.MissingParameter, spoken: Language) -> str:
    """What to type: one of two opposites, or an option with its value and what that says."""
    option, name = misuse.param, _name(misuse)
    if isinstance(option, TyperOption) and option.secondary_opts:
        return translate(spoken, "Type {yes} or {no}.", yes=option.opts[-1], no=option.secondary_opts[-1])
    if isinstance(option, TyperOption) and option.help:
        return translate(spoken, "{name} is missing; type it with a value. {help}", name=name, help=option.help)
    return translate(spoken, "{name} is missing.", name=name)


def _near(misuse: misused.UsageError, typed: str) -> Sequence[str]:
    """The command that a mistyped one is nearest to, if any."""
    from difflib import get_close_matches

    if misuse.ctx is None or not isinstance(misuse.ctx.command, TyperGroup):
        return []
    return get_close_matches(typed, misuse.ctx.command.list_commands(misuse.ctx), n=1)


def _nearest(said: str, possible: Sequence[str] | None, spoken: Language) -> str:
    if not possible:
        return said
    return f"{said}{_space(spoken)}{translate(spoken, 'Was {meant} meant?', meant=possible[0])}"


def _name(misuse: misused.BadParameter) -> str:
    if isinstance(misuse.param_hint, str):
        return misuse.param_hint
    if isinstance(misuse.param, TyperOption):
        return misuse.param.opts[-1] if misuse.param.opts else str(misuse.param.name)
    return str(misuse.param.metavar or misuse.param.name) if misuse.param else "?"


def _reason(misuse: misused.BadParameter, spoken: Language) -> str:
    """Why a value is refused, without a full stop."""
    if isinstance(misuse.param, TyperArgument | TyperOption) and (words := _choices(misuse.param, spoken)):
        each = (value if value == word else f"{value} ({word})" for value, word in words.items())
        return translate(spoken, "choose one of {known}", known=", ".join(each))
    errors = getattr(misuse.__cause__, "errors", None)
    if errors is not None:
        return refusal(errors()[0], spoken)
    for end, said in OF_A_FILE.items():
        if misuse.message.endswith(end):
            return translate(spoken, said)
    return misuse.message.rstrip(".。")


def expected(failure: Exception) -> str | None:
    """The sentence for what is expected to go wrong now and then; None for what is our own mistake."""
    from core import settings

    spoken = settings.current().language if settings.is_in_use() else Language.CHINESE
    if isinstance(failure, UserError):
        return failure.describe(spoken)
    if "sqlalchemy" in sys.modules:
        from core.storage.unreachable import is_no_database, why_unreachable

        if reason := why_unreachable(failure):
            said = "The database does not work: {reason}."
            mend = "Try again in a moment; `zaoan doctor` looks at what is wrong."
            if is_no_database(failure):
                said = "What ZAOAN_DATABASE_URL names is not a database, or a damaged one: {reason}."
                mend = "Mend ZAOAN_DATABASE_URL, or put back the file from a backup."
            return f"{translate(spoken, said, reason=reason)}{_space(spoken)}{translate(spoken, mend)}"
    return None


def complain(said: str) -> None:
    """On standard error, in red where that shows."""
    from typer import colors, secho

    secho(said, err=True, fg=colors.RED)


def _space(spoken: Language) -> str:
    return "" if spoken is Language.CHINESE else " "
