"""A rule as people read it: one sentence in their language, and as it is typed into a command."""

from collections.abc import Sequence

from campaigns.audiences.names import NamedRound, Names
from campaigns.audiences.rules import (
    Aged,
    AllOf,
    AnyOf,
    Everyone,
    Flagged,
    InRound,
    LivesIn,
    Not,
    OnList,
    Rule,
    Speaks,
)
from contacts.columns import vocabulary
from core.i18n import Language, translate

_NOBODY = Not(of=Everyone())


def sentence(rule: Rule, names: Names, language: Language) -> str:
    """Whom the rule means."""
    match rule:
        case Everyone():
            return translate(language, "everybody")
        case Flagged(any_of=flags):
            return translate(language, "carries {flags}", flags=_either([_flag(each, language) for each in flags],
                                                                         language))  # fmt: skip
        case Aged():
            return _age(rule, language)
        case LivesIn(any_of=areas):
            places = [names.areas[each].said(language) if each in names.areas else "?" for each in areas]
            return translate(language, "lives in {places}", places=_either(places, language))
        case Speaks(any_of=languages):
            spoken = [translate(language, f"language:{each}") for each in languages]
            return translate(language, "speaks {languages}", languages=_either(spoken, language))
        case OnList(list_id=list_id):
            return translate(language, "is on the list “{name}”", name=names.lists.get(list_id, "?"))
        case InRound():
            return _round(rule, names, language)
        case Not(of=one):
            return translate(language, "not ({what})", what=sentence(one, names, language))
        case AnyOf(of=inner) | AllOf(of=inner):
            word = "{first} or {second}" if isinstance(rule, AnyOf) else "{first} and {second}"
            return _joined(rule, [_inside(each, names, language) for each in inner], word, language)


def written(rule: Rule, names: Names) -> str:
    """The rule as ``campaigns.audiences.written.read`` reads it."""
    match rule:
        case Everyone():
            return "everyone"
        case Flagged(any_of=flags):
            return _term("flag", flags)
        case Aged(least=least, most=most):
            span = f"{least}+" if most is None else f"{least or 0}-{most}"
            return f"age:{span}"
        case LivesIn(any_of=areas):
            return _term("area", [names.areas[each].written for each in areas if each in names.areas])
        case Speaks(any_of=languages):
            return _term("language", languages)
        case OnList(list_id=list_id):
            return _term("list", [names.lists.get(list_id, "?")])
        case InRound(answered=answered, round_id=round_id, campaign_id=campaign_id):
            known = names.rounds.get(round_id) if round_id else None
            campaign = names.campaigns.get(campaign_id) if campaign_id else None
            return _term("answered" if answered else "unanswered", [known.short_id if known else campaign or "?"])
        case Not(of=one):
            return f"not ({written(one, names)})"
        case AnyOf(of=inner) | AllOf(of=inner):
            if not inner:
                return written(_NOBODY if isinstance(rule, AnyOf) else Everyone(), names)
            word = " or " if isinstance(rule, AnyOf) else " and "
            return word.join(f"({written(each, names)})" if isinstance(each, AnyOf | AllOf) else written(each, names)
                             for each in inner)  # fmt: skip


def _inside(rule: Rule, names: Names, language: Language) -> str:
    said = sentence(rule, names, language)
    return translate(language, "({what})", what=said) if isinstance(rule, AnyOf | AllOf) and len(rule.of) > 1 else said


def _joined(rule: Rule, parts: Sequence[str], word: str, language: Language) -> str:
    if not parts:
        return translate(language, "nobody" if isinstance(rule, AnyOf) else "everybody")
    joined = parts[0]
    for each in parts[1:]:
        joined = translate(language, word, first=joined, second=each)
    return joined


def _either(words: Sequence[str], language: Language) -> str:
    return _joined(AnyOf(of=()), words, "{first} or {second}", language)


def _flag(flag: str, language: Language) -> str:
    word = vocabulary.chinese(vocabulary.FLAGS, flag) if language is Language.CHINESE else vocabulary.english(flag)
    return translate(language, "“{word}”", word=word)


def _age(rule: Aged, language: Language) -> str:
    if rule.most is None:
        return translate(language, "is {least} or older", least=rule.least)
    if rule.least is None:
        return translate(language, "is {most} or younger", most=rule.most)
    return translate(language, "is {least} to {most} years old", least=rule.least, most=rule.most)


def _round(rule: InRound, names: Names, language: Language) -> str:
    if rule.round_id is not None:
        known = names.rounds.get(rule.round_id, NamedRound("?", "?", "?"))
        where = translate(
            language, "the round of {campaign} of {started}", campaign=known.campaign, started=known.started
        )
    else:
        named = names.campaigns.get(rule.campaign_id, "?") if rule.campaign_id else "?"
        where = translate(language, "the latest round of {campaign}", campaign=named)
    said = "has answered in {round}" if rule.answered else "was asked in {round} and has not answered"
    return translate(language, said, round=where)


def _term(key: str, values: Sequence[str]) -> str:
    return f"{key}:" + ",".join(f'"{each}"' if set(each) & set(' (),"') else each for each in values)
