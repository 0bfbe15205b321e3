"""By direct link: a challenge, everything typed, no draft, a receipt that tells nothing, and an answer by post."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_contracts.events import ProcedureClosed, ProcedureForwarded
from espace_contracts.vocabulary import InsuredId, Locale, ProcedureKind, ProcedureStatus
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.book_slot import BookSlot
from espace_procedures.app.free_slot import FreeSlot
from espace_procedures.app.make_challenge import MakeChallenge
from espace_procedures.app.match_submission import MatchSubmission
from espace_procedures.app.ports import NoSuchProcedure
from espace_procedures.app.submit_directly import DirectRequest, SubmitDirectly
from espace_procedures.app.sweep_challenges import SweepChallenges
from espace_procedures.app.sweep_submissions import SweepSubmissions
from espace_procedures.app.take_file import TakeFile
from espace_procedures.domain.applicant import Applicant, folded, read_applicant
from espace_procedures.domain.attachments import ATTACHED_WITHIN, MAX_FILES, Flaw, Unfit
from espace_procedures.domain.challenge import Challenge
from espace_procedures.domain.direct_submission import FORGOTTEN_AFTER, KEPT
from espace_procedures.domain.events import Forwarded
from espace_procedures.domain.language import LANGUAGES
from espace_procedures.domain.on_file import OnFile, PersonOnFile
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.reference import reference_of
from espace_procedures.domain.refusals import AnswersToCorrect, TookTooLong
from espace_procedures.events.outgoing import contract_of

from .conftest import APPOINTMENT, APPOINTMENT_ANSWERS, BANK, EHIC, IBAN, ON_FILE, PDF, SELF, World, approval, found_fit

SOPHIE: dict[str, Any] = {
    "matricule": "1983 0812 46785",
    "given_name": "Sophie",
    "family_name": "Hoffmann",
    "date_of_birth": "1983-08-12",
    "address_lines": ["12, rue de la Gare", "L-4999 Schouweiler"],
    "country": "lu",
}
BANK_ANSWERS = {"iban": IBAN, "holder": "Sophie Hoffmann"}
MERSCH = APPOINTMENT_ANSWERS | {"agency": "mersch", "slot": "2026-03-12T09:00:00+00:00"}


class Box:
    """Challenges as a store keeps them."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Challenge] = {}

    async def add(self, challenge: Challenge) -> bool:
        await self.save(challenge)
        return True

    async def get(self, challenge_id: UUID) -> Challenge | None:
        return copy.deepcopy(self.kept.get(challenge_id))

    async def save(self, challenge: Challenge) -> None:
        kept = self.kept.get(challenge.id)
        if (kept.version if kept else 0) != challenge.version:
            raise VersionConflict("saved by somebody else")
        challenge.version += 1
        self.kept[challenge.id] = copy.deepcopy(challenge)

    async def forget_expired(self, before: datetime) -> None:
        self.kept = {key: kept for key, kept in self.kept.items() if kept.expires_at >= before}


class Street(World):
    """Somebody at the door, without a login."""

    def __init__(self) -> None:
        super().__init__()
        self.challenges, self.inspected = Box(), found_fit
        self.make_challenge = MakeChallenge(self.challenges, self.clock)
        self.match = MatchSubmission(self.waiting, self.procedures, self.records, self.clock)
        self.sweep_waiting = SweepSubmissions(self.waiting, self.match, self.drop, FreeSlot(self.appointments), self.clock)

    @property
    def send(self) -> SubmitDirectly:
        book = BookSlot(self.appointments, self.clock)
        return SubmitDirectly(self.waiting, self.challenges, TakeFile(self.files, self.inspected), book, self.clock)

    async def form(self, kind: ProcedureKind = BANK, answers: dict[str, Any] = BANK_ANSWERS, **changed: Any) -> DirectRequest:
        challenge = (await self.make_challenge()).challenge
        form: dict[str, Any] = {
            "kind": kind,
            "locale": Locale.ENGLISH,
            "challenge": str(challenge.id),
            "answer": str(challenge.answer),
            "solution": None,
            "accepts_terms": True,
            "applicant": SOPHIE,
            "answers": answers,
            "files": (),
        }
        return DirectRequest(**form | changed)

    async def sends(self, **changed: Any) -> UUID:
        request_id = uuid4()
        await self.send(request_id, await self.form(**changed))
        return request_id

    async def is_refused(self, request: DirectRequest) -> dict[str, str]:
        """What is said of each field; nothing was kept, and the challenge is still good."""
        with pytest.raises(AnswersToCorrect) as refusal:
            await self.send(uuid4(), request)
        assert self.waiting.kept == {}
        assert all(kept.used_by is None for kept in self.challenges.kept.values())
        say = LANGUAGES[refusal.value.locale].say
        return {finding.field: say(finding.sentence) for finding in refusal.value.findings}

    def knows_sophie(self, **changed: Any) -> None:
        person = PersonOnFile(**vars(ON_FILE.person) | changed)
        self.records.known[SELF] = OnFile(person)


@pytest.fixture
def street() -> Street:
    return Street()


async def test_a_receipt_is_the_reference_and_nothing_is_known_of_the_person(street):
    request_id = uuid4()
    receipt = await street.send(request_id, await street.form())
    assert receipt == reference_of("BDC", request_id)
    assert street.procedures.kept == {}, "until somebody on file is found, it is nobody's"


async def test_the_receipt_is_the_same_whoever_is_on_file(street):
    request_id, form = uuid4(), await street.form()
    before = await street.send(request_id, form)
    street.knows_sophie()
    other = Street()
    assert await other.send(request_id, await other.form()) == before


async def test_the_same_request_twice_is_one_submission(street):
    request_id, form = uuid4(), await street.form(files=(("bank_statement", PDF),))
    first = await street.send(request_id, form)
    assert await street.send(request_id, form) == first
    assert list(street.waiting.kept) == [request_id]


async def test_a_second_procedure_wants_a_second_challenge(street):
    form = await street.form()
    await street.send(uuid4(), form)
    with pytest.raises(AnswersToCorrect) as refusal:
        await street.send(uuid4(), form)
    assert [finding.field for finding in refusal.value.findings] == ["challenge"]
    assert len(street.waiting.kept) == 1


async def test_of_two_procedures_with_one_challenge_at_once_one_is_taken(street):
    form, first = await street.form(), street.challenges.get
    looked = await first(UUID(form.challenge))

    async def get(_challenge_id: UUID) -> Challenge:
        return copy.deepcopy(looked)

    street.challenges.get = get  # both look before either uses it
    await street.send(uuid4(), form)
    with pytest.raises(AnswersToCorrect):
        await street.send(uuid4(), form)
    assert len(street.waiting.kept) == 1


@pytest.mark.parametrize("challenge", [None, "", "none", "0b5a3ff7-8dde-4fb8-af2e-83017509d1ec"])
async def test_without_a_challenge_nothing_is_taken(street, challenge):
    said = await street.is_refused(await street.form(challenge=challenge))
    assert list(said) == ["challenge"]
    assert "Ask for a new one" in said["challenge"]


async def test_a_wrong_answer_is_counted_and_the_right_one_still_opens(street):
    form = await street.form(answer="0")
    assert list(await street.is_refused(form)) == ["challenge"]
    [kept] = street.challenges.kept.values()
    assert kept.wrong == 1
    right = await street.form()
    await street.send(uuid4(), right)


async def test_everything_that_is_wrong_is_said_at_once_by_its_field(street):
    form = await street.form(
        answer="0", accepts_terms=False, applicant=SOPHIE | {"matricule": "1983081246784", "country": "Luxembourg"},
        answers={"iban": IBAN[:-1]}, files=(("passport", PDF), ("bank_statement", b"MZ")),
    )  # fmt: skip
    said = await street.is_refused(form)
    assert set(said) == {
        "challenge", "accepts_terms", "applicant.matricule", "applicant.country", "answers.iban", "answers.holder", "passport",
        "bank_statement",
    }  # fmt: skip
    assert "do not fit the others" in said["applicant.matricule"]
    assert "19 characters" in said["answers.iban"]


@pytest.mark.parametrize("locale", [Locale.FRENCH, Locale.GERMAN, Locale.LUXEMBOURGISH])
async def test_what_is_wrong_is_said_in_the_persons_language(street, locale):
    wrong = {"answer": "0", "accepts_terms": False, "applicant": {}, "answers": {}}
    own = await street.is_refused(await street.form(locale=locale, **wrong))
    english = await street.is_refused(await street.form(**wrong))
    assert set(own) == set(english)
    assert not {field for field in own if own[field] == english[field]}


async def test_an_answer_that_the_procedure_does_not_ask_for_is_named(street):
    assert list(await street.is_refused(await street.form(answers=BANK_ANSWERS | {"colour": "red"}))) == ["answers.colour"]


async def test_too_many_files_are_refused(street):
    said = await street.is_refused(await street.form(files=(("bank_statement", PDF),) * (MAX_FILES + 1)))
    assert "takes 5 files" in said["bank_statement"]


async def test_a_file_with_a_flaw_is_an_error_of_its_field(street):
    async def inspected(_content: bytes, _media_type: str) -> bytes:
        raise Unfit(Flaw.ENCRYPTED)

    street.inspected = inspected
    said = await street.is_refused(await street.form(files=(("bank_statement", PDF),)))
    assert "protected by a password" in said["bank_statement"]


async def test_files_are_not_looked_into_before_all_else_is_right(street):
    async def inspected(_content: bytes, _media_type: str) -> bytes:
        raise AssertionError("looked into")

    street.inspected = inspected
    await street.is_refused(await street.form(answer="0", files=(("bank_statement", PDF),)))


async def test_a_video_call_without_login_wants_an_identity_document(street):
    video = APPOINTMENT_ANSWERS | {"mode": "video"}
    assert list(await street.is_refused(await street.form(APPOINTMENT, video))) == ["identity_document"]
    request_id = await street.sends(kind=APPOINTMENT, answers=video, files=(("identity_document", PDF),))
    assert street.appointments.kept[request_id].insured is None


async def test_a_time_that_was_taken_meanwhile_is_an_error_to_mend_with_the_same_challenge(street):
    await street.sends(kind=APPOINTMENT, answers=MERSCH)
    form = await street.form(APPOINTMENT, MERSCH)
    with pytest.raises(AnswersToCorrect) as refusal:
        await street.send(uuid4(), form)
    assert [finding.field for finding in refusal.value.findings] == ["answers.slot"]
    later = DirectRequest(**{name: getattr(form, name) for name in form.__slots__} | {"answers": MERSCH | {"slot": "2026-03-12T09:20:00Z"}})
    await street.send(uuid4(), later)
    assert len(street.waiting.kept) == 2


async def test_a_try_that_died_after_its_challenge_was_used_goes_on(street):
    request_id, form = uuid4(), await street.form()
    add = street.waiting.add

    async def die(_submission: object) -> None:
        raise ConnectionError

    street.waiting.add = die
    with pytest.raises(ConnectionError):
        await street.send(request_id, form)
    street.waiting.add = add
    await street.send(request_id, form)
    assert list(street.waiting.kept) == [request_id]


async def test_a_person_on_file_is_found_and_the_procedure_forwarded_as_theirs(street):
    street.knows_sophie()
    request_id = await street.sends(files=(("bank_statement", PDF),), locale=Locale.GERMAN)
    sent_at = street.clock()
    street.later(timedelta(minutes=1))
    assert await street.match(request_id)
    assert street.waiting.kept == {}
    procedure = street.procedures.kept[request_id]
    assert (procedure.insured, procedure.status, procedure.with_login) == (SELF, ProcedureStatus.FORWARDED, False)
    assert (procedure.answers, procedure.history[-1].at) == (BANK_ANSWERS, sent_at)
    assert procedure.open_key is None, "it stands in the way of none with a login"
    [told] = street.procedures.told
    assert isinstance(told, Forwarded)
    forwarded = contract_of(told)
    assert isinstance(forwarded, ProcedureForwarded)
    assert not forwarded.with_login
    assert forwarded.locale is Locale.GERMAN
    assert [attachment.role for attachment in forwarded.attachments] == ["bank_statement"]
    assert not await street.match(request_id), "a repeat finds nothing to do"


async def test_the_answer_goes_by_post_and_the_person_sees_nothing_of_it_online(street):
    street.knows_sophie()
    request_id = await street.sends()
    await street.match(request_id)
    assert (await street.list_page(SELF, None, None, 10)).procedures == []
    for step in (street.view(AsSeen(request_id, SELF)), street.withdraw(AsSeen(request_id, SELF), uuid4())):
        with pytest.raises(NoSuchProcedure):
            await step
    await street.close(request_id, SELF, approval())
    closed = contract_of(street.procedures.told[-1])
    assert isinstance(closed, ProcedureClosed)
    assert [order.by_post for order in closed.documents] == [True]


async def test_an_appointment_without_login_is_confirmed_by_post(street):
    street.knows_sophie()
    request_id = await street.sends(kind=APPOINTMENT, answers=MERSCH)
    await street.match(request_id)
    await street.close(request_id, SELF, approval(1, {"kind": APPOINTMENT}))
    closed = contract_of(street.procedures.told[-1])
    assert isinstance(closed, ProcedureClosed)
    [order] = closed.documents
    assert (order.by_post, order.content.starts_at) == (True, datetime(2026, 3, 12, 9, 0, tzinfo=UTC))


async def test_finding_a_person_twice_forwards_once(street):
    """The first try died between the two steps."""
    street.knows_sophie()
    request_id = await street.sends()
    waiting = street.waiting.kept[request_id]
    await street.match(request_id)
    await street.waiting.add(waiting)
    assert await street.match(request_id)
    assert len(street.procedures.told) == 1
    assert street.waiting.kept == {}


@pytest.mark.parametrize(
    "changed",
    [{"date_of_birth": date(1983, 12, 8)}, {"family_name": "Weber"}, {"matricule": "2003042581939"}],
)
async def test_whoever_differs_in_one_of_the_three_is_somebody_else(street, changed):
    street.knows_sophie(**changed)
    request_id = await street.sends()
    assert not await street.match(request_id)
    assert street.procedures.kept == {}
    assert list(street.waiting.kept) == [request_id]


async def test_a_person_who_gets_on_file_is_found_by_the_sweeper(street):
    request_id = await street.sends()
    assert await street.sweep_waiting() == 0
    street.knows_sophie()
    assert await street.sweep_waiting() == 1
    assert request_id in street.procedures.kept
    assert await street.sweep_waiting() == 0


async def test_what_nobody_is_found_for_is_forgotten_after_thirty_days_with_its_files_and_its_time(street):
    far = datetime(2026, 4, 30, 9, 0, tzinfo=UTC)
    street.files.now = far - KEPT - timedelta(days=1)
    video = APPOINTMENT_ANSWERS | {"agency": "luxembourg", "mode": "video", "slot": "2026-04-30T09:30:00+00:00"}
    await street.sends(kind=APPOINTMENT, answers=video, files=(("identity_document", PDF),))
    street.later(KEPT - timedelta(seconds=1))
    assert await street.sweep_waiting() == 0
    assert street.waiting.kept
    assert street.appointments.kept
    street.later(FORGOTTEN_AFTER)
    assert await street.sweep_waiting() == 0
    assert street.waiting.kept
    street.later(timedelta(seconds=1))
    assert await street.sweep_waiting() == 0, "forgetting is no repair"
    assert street.waiting.kept == street.appointments.kept == street.files.kept == {}


async def test_a_look_that_finds_the_person_at_the_last_moment_finds_files_and_time_too(street):
    """Another replica forgets what its time is over for only when no such look can be under way."""
    far = datetime(2026, 4, 30, 9, 0, tzinfo=UTC)
    street.files.now = far - KEPT - timedelta(days=1)
    video = APPOINTMENT_ANSWERS | {"agency": "luxembourg", "mode": "video", "slot": "2026-04-30T09:30:00+00:00"}
    request_id = await street.sends(kind=APPOINTMENT, answers=video, files=(("identity_document", PDF),))
    street.later(KEPT - timedelta(seconds=1))
    street.knows_sophie()
    add = street.procedures.add

    async def nobody(_submission_id: UUID) -> bool:
        """What the other replica read before the person came on file."""
        return False

    async def add_while_the_other_looks(procedure: Procedure) -> bool:
        street.later(FORGOTTEN_AFTER)
        sweep = SweepSubmissions(street.waiting, nobody, street.drop, FreeSlot(street.appointments), street.clock)
        assert await sweep() == 0
        return await add(procedure)

    street.procedures.add = add_while_the_other_looks
    assert await street.match(request_id)
    [attachment] = street.procedures.kept[request_id].attachments
    assert list(street.files.kept) == [attachment.blob]
    assert list(street.appointments.kept) == [request_id]
    assert street.waiting.kept == {}


async def test_once_its_time_is_over_nobody_is_found_any_more(street):
    request_id = await street.sends()
    street.later(KEPT)
    street.knows_sophie()
    assert await street.sweep_waiting() == 0
    assert (list(street.waiting.kept), street.procedures.kept) == ([request_id], {})


async def test_a_file_that_waited_too_long_for_its_submission_is_not_referred_to(street):
    """The process stood still; the sweeper may have taken the file for an orphan."""

    async def inspect(content: bytes, _media_type: str) -> bytes:
        street.later(ATTACHED_WITHIN + timedelta(seconds=1))
        return content

    street.inspected = inspect
    with pytest.raises(TookTooLong):
        await street.sends(files=(("bank_statement", PDF),))
    assert street.waiting.kept == {}


async def test_an_appointment_is_forgotten_when_its_time_has_come(street):
    await street.sends(kind=APPOINTMENT, answers=MERSCH)
    [waiting] = street.waiting.kept.values()
    assert waiting.expires_at == datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


async def test_the_files_of_what_waits_are_no_orphans(street):
    await street.sends(files=(("bank_statement", PDF),))
    street.later(timedelta(hours=2))
    assert await street.sweep() == 0
    assert len(street.files.kept) == 1


async def test_a_procedure_is_judged_as_it_was_when_it_was_sent(street):
    """Found three weeks later, after the journey began: it was right when it came."""
    request_id = await street.sends(kind=EHIC, answers={"persons": "1983081246785", "travel_from": "2026-03-03", "travel_to": "2026-03-09"})
    street.later(timedelta(days=21))
    street.knows_sophie()
    assert await street.match(request_id)


async def test_expired_challenges_are_forgotten(street):
    await street.make_challenge()
    sweep = SweepChallenges(street.challenges, street.clock)
    assert await sweep() == 0
    assert len(street.challenges.kept) == 1
    street.later(timedelta(minutes=21))
    assert await sweep() == 0
    assert street.challenges.kept == {}


WRONG_APPLICANTS = [
    ({"matricule": "198308124678"}, "matricule", "this one has 12"),
    ({"matricule": 1983081246785}, "matricule", "must be a text"),
    ({"given_name": "  "}, "given_name", "This is missing"),
    ({"family_name": "???"}, "family_name", "A name has letters"),
    ({"family_name": "Hoff\x00mann"}, "family_name", "no document can print"),
    ({"address_lines": ["12, rue de la Gare", "\u202eL-4999"]}, "address_lines", "no document can print"),
    ({"family_name": "x" * 71}, "family_name", "has 71 characters; 70 fit"),
    ({"date_of_birth": "12.08.1983"}, "date_of_birth", "Write year, month and day"),
    ({"date_of_birth": "2026-03-03"}, "date_of_birth", "Nobody who can apply"),
    ({"date_of_birth": "1883-08-12"}, "date_of_birth", "Nobody who can apply"),
    ({"address_lines": []}, "address_lines", "one to 5 lines"),
    ({"address_lines": "12, rue de la Gare"}, "address_lines", "one to 5 lines"),
    ({"address_lines": ["x" * 71]}, "address_lines", "one to 5 lines"),
    ({"address_lines": ["a"] * 6}, "address_lines", "one to 5 lines"),
    ({"address_lines": [""] * 50 + ["a"]}, "address_lines", "one to 5 lines"),
    ({"address_lines": [1, None]}, "address_lines", "one to 5 lines"),
    ({"country": "Luxembourg"}, "country", "two letters of its code"),
    ({"email": "sophie"}, "email", "has an @ in its middle"),
    ({"phone": "later"}, "phone", "no telephone number"),
    ({"nickname": "Soph"}, "nickname", "no such field"),
]


@pytest.mark.parametrize(("changed", "field", "part"), WRONG_APPLICANTS)
def test_what_is_wrong_about_an_applicant_is_named(changed, field, part):
    applicant, [finding] = read_applicant(SOPHIE | changed, date(2026, 3, 2))
    assert applicant is None
    assert finding.field == field
    assert part in LANGUAGES[Locale.ENGLISH].say(finding.sentence)


def test_an_applicant_is_read_in_the_form_it_is_compared_in():
    typed = SOPHIE | {"email": " sophie@example.lu ", "phone": "+352 621 123 456", "address_lines": [" 12,  rue de la Gare", "", "L-4999"]}
    assert read_applicant(typed, date(2026, 3, 2)) == (
        Applicant(
            "1983081246785", "Sophie", "Hoffmann", date(1983, 8, 12), ("12, rue de la Gare", "L-4999"), "LU", "sophie@example.lu",
            "+352621123456",
        ),
        (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "MUELLER"), ("Müller", "Muller"), ("Dos Santos", "dos-santos"), ("D\u2019Angelo", "D'ANGELO"), ("Groß", "GROSS"),
        ("Lefèvre", "Lefevre"), ("Weber-Schmit", "Weber Schmit"),
    ],
)  # fmt: skip
def test_one_name_may_be_written_in_several_ways(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Weber", "Wever"), ("Schmit", "Schmitt"), ("Muller", "Miller")])
def test_different_names_stay_different(one, other):
    assert folded(one) != folded(other)


@given(st.dictionaries(st.sampled_from([*SOPHIE, "email", "phone", "x"]), st.none() | st.integers() | st.text() | st.lists(st.text())))
def test_whatever_is_typed_is_either_an_applicant_or_named_errors(typed):
    applicant, findings = read_applicant(SOPHIE | typed, date(2026, 3, 2))
    assert (applicant is None) == bool(findings)
    assert {finding.field for finding in findings} <= set(SOPHIE) | {"email", "phone", "x"}


async def test_somebody_not_heard_of_by_the_records_is_nobody(street):
    street.records.known[InsuredId(uuid4())] = OnFile(None)
    assert not await street.match(await street.sends())
    assert not await street.match(uuid4())
