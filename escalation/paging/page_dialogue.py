"""What a responder hears: the kind of problem before a key proves a person, the flat and the way in after.

One call may tell of several cases. Each of its dialogues is about one of them and leads to ``goodbye``; whoever carries
the call out says what comes next instead, as long as there is anything (see ``page_calls``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contacts.queries import ResidentProfile
from core.i18n import Language
from escalation.models import CaseKind
from ivr.dialogue.alternatives import with_spares
from ivr.dialogue.catalogue import sentence, words
from ivr.dialogue.engine import Choice, Connect, Dialogue, End, Menu, Prompt, Say, Step

ACCEPTED, ACCEPTED_ALL = "accepted", "accepted_all"
DECLINED = "declined"
AWAY = "away"
"""The fact, and the step, of whoever cannot come at all today."""
AWAY_KEY = "5"
AWAY_MENU = "page.away_menu"
THIS_ONE = "this_one"
"""Where a no leads that is about this case alone: more waits for them, or nobody else could be asked."""
TOLD = "told"
"""What there was to say of the case has been said."""
CONNECT = "connect"
TAKEN = "taken"
OWN = "own"
ENGAGED = "engaged"
NOT_ACCEPTED = {TAKEN: TAKEN, OWN: OWN}
"""Where a key that accepts leads instead, by why it could not: somebody else was first, or they are the resident."""
RESIDENT = "resident"
"""Whom key 4 connects."""
ALL = "9"
"""The key that accepts everything that waits."""
GOODBYE = "goodbye"
ALONE = {
    "page.declined": "page.declined_alone",
    "page.silent": "page.silent_alone",
    "page.own": "page.own_alone",
    "office.silent": "office.silent_alone",
}
"""What "I will ask somebody else" becomes where there is nobody else (see ``promises.has_others``)."""
TAKEN_MEANWHILE = dict.fromkeys(ALONE, "page.taken")
"""What the same becomes where somebody has taken the case while they listened."""
OFFER, OFFER_UNVERIFIED = "offer", "offer_unverified"


@dataclass(frozen=True)
class Matter:
    """A case as a page speaks of it.

    ``offer`` asks about it alone, ``brief`` is what it is without a question, ``details`` where to go, ``full`` both of
    the latter for somebody who has accepted; ``has_resident``: there is somebody to talk with.
    """

    case_id: str
    community: str
    language: Language
    offer: Prompt
    brief: Prompt
    details: Prompt
    full: Prompt
    has_resident: bool = False


def resident_matter(
    case_id: str,
    profile: ResidentProfile,
    kind: CaseKind,
    language: str,
    offer: str = OFFER,
    needs: Sequence[str] = (),
) -> Matter:
    """A case about a resident; with ``OFFER_UNVERIFIED`` about what a caller has said who may be anybody."""
    spoken = Language(language)
    about = {"building": profile.building, "problem": problem_words(kind, needs, spoken)}
    way = where(profile, spoken)
    return Matter(
        case_id,
        profile.community_name,
        spoken,
        offer=Prompt(key=f"page.{offer}", words={"community": profile.community_name} | about),
        brief=Prompt(key=f"page.{offer.replace(OFFER, 'brief')}", words=about),
        details=Prompt(key="page.details", words=way),
        full=Prompt(key="page.full", words=way | {"problem": about["problem"]}),
        has_resident=True,
    )


def message_matter(case_id: str, community: str, language: str) -> Matter:
    """A message that somebody unknown has left."""
    return _office_matter(case_id, community, language, "message", {})


def matter_of_many(case_id: str, community: str, kind: CaseKind, people: int, language: str) -> Matter:
    """So many residents of a round whom nobody has rung, or who are silent for a common reason (``ABOUT_MANY``)."""
    return _office_matter(case_id, community, language, kind.value, {"people": str(people)})


def where(profile: ResidentProfile, language: Language) -> dict[str, str]:
    """Whom to look after, and how to get there."""
    return {"name": profile.name, "place": profile.place, "access": sentence(profile.access_notes, language)}


def problem_words(kind: CaseKind, needs: Sequence[str], language: Language) -> str:
    """What is wrong, as the voice says it; what is needed is said instead of "some things"."""
    keys = [f"problem.needs_{need}" for need in needs] if kind is CaseKind.NEEDS_SUPPLIES else []
    said = [words(Prompt(key=key), language) for key in keys or [f"problem.{kind}"]]
    return words(Prompt(key="problem.and"), language).join(said)


def page_dialogue(matter: Matter, waiting: int = 1, *, is_first: bool = True, may_stay_away: bool = True) -> Dialogue:
    """Asks about a case, the first or a later one of the ``waiting`` ones that are left.

    Key 1 accepts, 2 declines, 3 says it again, 9 accepts all of them; silence accepts nothing. Whoever has
    declined the last one may say with 5 that they cannot come at all today, where ``may_stay_away``: no office does.
    """
    asks_about_the_day = may_stay_away and waiting == 1
    about_this_one = {THIS_ONE: THIS_ONE} if asks_about_the_day else {}
    offer = Menu(
        prompts=_offer(matter, waiting, is_first),
        keys={
            "1": Choice(leads_to="accepted", fact=ACCEPTED, subject=matter.case_id, instead=NOT_ACCEPTED),
            "2": Choice(leads_to="declined", fact=DECLINED, subject=matter.case_id, instead=about_this_one),
            "3": Choice(leads_to="offer"),
            ALL: Choice(leads_to="accepted", fact=ACCEPTED_ALL, subject=matter.case_id, instead=NOT_ACCEPTED),
        },
        silence=Choice(leads_to="silent"),
        machine=Choice(leads_to="silent"),
    )
    details = (matter.details,) if waiting == 1 and is_first else told_again(matter, has_more=waiting > 1)
    goodbye = Prompt(key="page.goodbye")
    steps = {
        "offer": offer,
        "accepted": Say(prompts=(Prompt(key="page.accepted"),), then="details"),
        **telling(matter, details, has_more=waiting > 1),
        **_declining(matter, asks_about_the_day=asks_about_the_day),
        "silent": End(prompts=(Prompt(key="page.silent"), goodbye)),
        TAKEN: End(prompts=(Prompt(key="page.taken"), goodbye)),
        OWN: End(prompts=(Prompt(key="page.own"), goodbye)),
    }
    return _dialogue(matter, "offer", steps, (TAKEN,))


def _declining(matter: Matter, *, asks_about_the_day: bool) -> dict[str, Step]:
    declined, goodbye = Prompt(key="page.declined"), Prompt(key="page.goodbye")
    this_one = End(prompts=(declined, goodbye))
    if not asks_about_the_day:
        return {"declined": this_one}
    keys = {AWAY_KEY: Choice(leads_to=AWAY, fact=AWAY, subject=matter.case_id)}
    return {
        "declined": Menu(prompts=(declined, Prompt(key=AWAY_MENU)), keys=keys, silence=Choice(leads_to=GOODBYE),
                         plays=1),
        AWAY: End(prompts=(Prompt(key="page.away"), goodbye)),
        THIS_ONE: this_one,
    }  # fmt: skip


def accepted_dialogue(matter: Matter, said: Sequence[Prompt], *, has_more: bool) -> Dialogue:
    """Tells whoever has accepted several at once about one of them, after ``said``."""
    steps = telling(matter, told_again(matter, has_more=has_more), has_more=has_more)
    if not said:
        return _dialogue(matter, "details", steps, ())
    return _dialogue(matter, "accepted", {"accepted": Say(prompts=tuple(said), then="details"), **steps}, ())


def accepted_words(accepted: int, gone: int) -> Prompt:
    """What has come of accepting all of them: ``gone`` had been taken by others in the meantime."""
    if gone:
        return Prompt(key="page.accepted_some", words={"count": str(accepted), "gone": str(gone)})
    return Prompt(key="page.accepted_all", words={"count": str(accepted)})


def _offer(matter: Matter, waiting: int, is_first: bool) -> tuple[Prompt, ...]:
    count = {"count": str(waiting)}
    if waiting == 1:
        last = (Prompt(key="page.last"), matter.brief, Prompt(key="page.menu_last"))
        return (matter.offer,) if is_first else last
    first = Prompt(key="page.several", words={"community": matter.community} | count)
    opening = first if is_first else Prompt(key="page.more", words=count)
    return opening, matter.brief, Prompt(key="page.menu_several")


def told_again(matter: Matter, *, has_more: bool = False) -> tuple[Prompt, ...]:
    """A case in full and what can be done, for somebody who has it."""
    return matter.full, _menu(matter, has_more)


def _menu(matter: Matter, has_more: bool) -> Prompt:
    name = "menu_next" if has_more else "menu"
    return Prompt(key=f"page.{name}" if matter.has_resident else f"page.{name}_alone")


def telling(matter: Matter, details: tuple[Prompt, ...], *, has_more: bool) -> dict[str, Step]:
    """Where to go, and what follows: once more, the resident, the next case."""
    told = Choice(leads_to=GOODBYE, fact=TOLD, subject=matter.case_id)
    keys = ({"2": told} if has_more else {}) | {"3": Choice(leads_to="details")}
    talking: dict[str, Step] = {}
    if matter.has_resident:
        talk = Choice(leads_to="connecting", fact=CONNECT, subject=matter.case_id, instead={ENGAGED: ENGAGED})
        keys |= {"4": talk}
        talking = _talking(Menu(prompts=(_menu(matter, has_more),), keys=keys, silence=told, plays=2))
    return {
        "details": Menu(prompts=details, keys=keys, silence=told, plays=1),
        **talking,
        GOODBYE: End(prompts=(Prompt(key="page.goodbye"),)),
    }


def _talking(menu: Step) -> dict[str, Step]:
    connecting = Connect(
        prompts=(Prompt(key="page.connecting"),),
        whom=RESIDENT,
        connected=Choice(leads_to="menu"),
        not_connected=Choice(leads_to="not_connected"),
    )
    return {
        "connecting": connecting,
        "not_connected": Say(prompts=(Prompt(key="page.not_connected"),), then="menu"),
        ENGAGED: Say(prompts=(Prompt(key="page.engaged"),), then="menu"),
        "menu": menu,
    }


def _dialogue(matter: Matter, first: str, steps: Mapping[str, Step], entrances: tuple[str, ...]) -> Dialogue:
    dialogue = Dialogue(
        name="page",
        language=matter.language,
        first=first,
        entrances=entrances,
        consents=(ACCEPTED, ACCEPTED_ALL),
        steps=dict(steps),
    )
    return with_spares(with_spares(dialogue, ALONE), TAKEN_MEANWHILE)


def _office_matter(case_id: str, community: str, language: str, what: str, about: dict[str, str]) -> Matter:
    """Something that is looked after where the office's page is."""
    return Matter(
        case_id,
        community,
        Language(language),
        offer=Prompt(key=f"page.offer_{what}", words={"community": community} | about),
        brief=Prompt(key=f"page.brief_{what}", words=about),
        details=Prompt(key=f"page.details_{what}"),
        full=Prompt(key=f"page.full_{what}", words=about),
    )
