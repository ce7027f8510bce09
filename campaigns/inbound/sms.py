"""Texts that come in: what becomes of each, by what it says and whose number it comes from.

A key as a text from a resident's own number is treated with the care of a key on the telephone. Nothing else makes
anybody's answer: whatever is not certain is read by a person. STOP stops *texts*, which the telephone has honoured
before we are asked; that a resident wrote it is told to the office, who decide what it means for the calls. "Do not
call me" from a resident's telephone stops their *calls* at once, as a withdrawal of consent, and opens a case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.dialogues.spoken_promises import is_so
from campaigns.inbound import own_number_calls, sms_replies
from campaigns.inbound.resident_answers import hear, withdraw_calls
from campaigns.inbound.sms_answers import is_thanks, looks_like_acceptance, said, wants_no_calls, writer_of
from campaigns.inbound.sms_reactions import is_kind_sign, is_reaction
from campaigns.midnight import midnight
from campaigns.models import Outcome
from campaigns.outcomes import QUIET
from campaigns.rounds import check_ins
from campaigns.rounds.early_answers import TEXTED, Said
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Community, Relative, Resident, Responder
from contacts.people import consent as consenting
from core import actors
from core.actors import Actor, ActorKind
from core.running import events
from escalation.cases import case_texts, cases
from escalation.models import Case, CaseKind, Writer
from ivr.dialogue.opt_out_words import Wish
from ivr.models import TextIn


@dataclass(frozen=True)
class Sender:
    """Everybody who has the number that a text came from, and whose word it therefore is."""

    writer: Writer
    residents: Sequence[Resident]
    relatives: Sequence[Relative]
    responder: Responder | None

    @property
    def name(self) -> str:
        """How a person who reads the text is told who wrote it; empty for somebody unknown."""
        named = [*(each.called for each in self.residents), *dict.fromkeys(_relation(each) for each in self.relatives)]
        return " / ".join([*named, *([self.responder.name] if self.responder else [])])

    @property
    def language(self) -> str | None:
        """The language of the first of them."""
        languages = [*(each.language for each in self.residents), *(each.language for each in self.relatives)]
        return next(iter([*languages, *([self.responder.language] if self.responder else [])]), None)

    @property
    def actor(self) -> Actor:
        """Who wrote, as far as the number tells; of a telephone that several people have, nobody knows."""
        match self.writer:
            case Writer.RESIDENT:
                return actors.caller(self.residents[0].id)
            case Writer.RELATIVE if len(self.relatives) == 1:
                return actors.relative(self.relatives[0].id)
            case Writer.RESPONDER if self.responder:
                return actors.responder(self.responder.id)
            case _:
                return actors.caller()

    @property
    def about(self) -> list[UUID]:
        """The residents whom their texts are about."""
        return list(
            dict.fromkeys([*(each.id for each in self.residents), *(each.resident_id for each in self.relatives)])
        )


class TextsIn:
    """The reader of texts."""

    def read(self, session: Session, text: TextIn, wish: Wish | None) -> None:
        """Records who wrote, then does what the text says or gives it to a person."""
        if own_number_calls.is_ours(session, text.number):
            own_number_calls.note(session, "text.from_ourselves", text.number)
            return
        sender = _sender(session, text.number)
        reading = _Reading(session, text, sender, the_community(session))
        reading.record()
        if wish is not None:
            reading.honoured(wish)
        elif is_reaction(text.body):
            reading.keep()
        elif sender.residents and wants_no_calls(text.body):
            reading.stop_calls()
        elif (answer := said(text.body)) and sender.writer in {Writer.RESIDENT, Writer.SHARED}:
            reading.answer(answer)
        elif sender.writer is Writer.RESPONDER and looks_like_acceptance(text.body):
            reading.courtesy(sms_replies.PAGES_BY_TELEPHONE)
        else:
            reading.give_to_a_person()


@dataclass(frozen=True)
class _Reading:
    """One text being read, with what its reading needs."""

    session: Session
    text: TextIn
    sender: Sender
    community: Community

    def record(self) -> None:
        """The log says who has written; what they wrote stays with the text."""
        known = self.sender.writer in {Writer.RESIDENT, Writer.RELATIVE}
        about = {"resident": str(self.sender.about[0])} if known else {}
        by = {"responder": str(self.sender.responder.id)} if self.sender.responder else {}
        events.append(self.session, self.sender.actor, "text.received", self.text.id, writer=self.sender.writer.value,
                      **about, **by)  # fmt: skip

    def honoured(self, wish: Wish) -> None:
        """No word is sent after STOP, not even to confirm it; the office learns what a resident wishes."""
        if wish is Wish.RESUME:
            self.confirm(sms_replies.TEXTS_AGAIN)
            return
        for resident in self.sender.residents:
            self._message(resident.id)

    def stop_calls(self) -> None:
        """Whoever writes from a telephone speaks for its ringing: it rings for none of its residents any more."""
        queries.hold_rounds_back(self.session)
        for resident in self.sender.residents:
            queries.hold_open_of_resident(self.session, resident.id)
            writer = Actor(ActorKind.CALLER, resident.id, resident.called)
            consenting.withdraw(self.session, writer, resident.id, by="", how=consenting.BY_TEXT)
            for check_in in queries.open_check_ins(self.session, [resident.id]):
                check_ins.decide(self.session, writer, check_in, Outcome.WITHDRAWN)
                withdraw_calls(self.session, check_in)
            case_texts.open_wish(
                self.session, self.sender.actor, self.text, resident.id, self.sender.writer, self.sender.name
            )
        self.confirm(sms_replies.NO_MORE_CALLS)

    def answer(self, answer: Outcome) -> None:
        """A resident's own word is their answer; from a telephone of several people it only ever fetches a person."""
        if self.sender.writer is Writer.RESIDENT:
            resident = self.sender.residents[0]
            case = self._hear(resident, answer)
            told = case is None or answer in QUIET or is_so(self.session, case)
            self.confirm((sms_replies.CONFIRMED if told else sms_replies.NOTED)[answer], called=resident.called)
            return
        for resident in self.sender.residents if answer not in QUIET else ():
            case = cases.rang_in(self.session, actors.caller(), CaseKind(answer.value), resident.id, self.text.number)
            case_texts.tie(self.session, self.sender.actor, self.text, case, Writer.SHARED, self.sender.name)
        self.courtesy(sms_replies.BY_TELEPHONE)

    def give_to_a_person(self) -> None:
        """The text goes to the cases it may be about; where there is none it becomes a message, or is only thanks."""
        if self._tied():
            self.courtesy(sms_replies.THANK_YOU)
        elif self.sender.writer in {Writer.RELATIVE, Writer.RESPONDER} and _needs_nobody(self.text.body):
            return
        else:
            self._message(self.sender.about[0] if len(self.sender.about) == 1 else None)
            unknown = self.sender.writer is Writer.UNKNOWN
            self.courtesy(sms_replies.UNKNOWN_NUMBER if unknown else sms_replies.THANK_YOU)

    def keep(self) -> None:
        """A reaction can be read where its writer's resident is looked after; nobody is rung, and none is answered."""
        self._tied()

    def confirm(self, message: str, **gaps: str) -> None:
        """Says what was done."""
        sms_replies.confirm(self.session, self.text.number, self._language(), message, **gaps)

    def courtesy(self, message: str) -> None:
        """Says a kind word, once a day."""
        today = midnight(ZoneInfo(self.community.timezone), self.text.received_at)
        sms_replies.courtesy(self.session, self.text.number, self._language(), message, today)

    def _hear(self, resident: Resident, answer: Outcome) -> Case | None:
        """Whoever looks after the resident reads the text itself, too; the case of it, if there is one."""
        case = hear(self.session, resident.id, Said(answer, self.text.received_at, TEXTED))
        if answer not in QUIET:
            case_texts.leave_about(
                self.session, self.sender.actor, self.text, [resident.id], self.sender.writer, self.sender.name
            )
        return case

    def _tied(self) -> bool:
        if self.sender.responder and not self.sender.about:
            return case_texts.leave_with(self.session, self.text, self.sender.responder.id, self.sender.name)
        about = self.sender.about
        return case_texts.leave_about(
            self.session, self.sender.actor, self.text, about, self.sender.writer, self.sender.name
        )

    def _message(self, resident_id: UUID | None) -> None:
        case_texts.open_message(self.session, self.sender.actor, self.text, self.community.id, resident_id,
                                self.sender.writer, self.sender.name)  # fmt: skip

    def _language(self) -> str:
        return self.sender.language or self.community.language


def _sender(session: Session, number: str) -> Sender:
    residents = contacts.residents_by_number(session, number)
    relatives = contacts.relatives_by_number(session, number)
    responder = contacts.responder_by_number(session, number)
    writer = writer_of(len(residents), len(relatives), is_responder=responder is not None)
    return Sender(writer, residents, relatives, responder)


def _relation(relative: Relative) -> str:
    return f"{relative.name} ({relative.relation})" if relative.relation else relative.name


def _needs_nobody(body: str) -> bool:
    """Thanks, also in pictures, and a relative's "1": they are recorded, and nothing has to be done about them."""
    return is_thanks(body) or is_kind_sign(body) or said(body) is Outcome.OK
