"""The printer's answers as files. Their form is that of assets/printer_answer.v1.schema.json."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, RootModel, ValidationError, model_validator

from espace_notifications.app.ports import AnswerFile, AnswerUnreadable, ReadAnswer, RefusedAnswer
from espace_notifications.domain.answer import Answer, LetterBack, LetterGone, LettersDispatched, LettersReturned, RunDispatched
from espace_notifications.domain.letter import ReturnReason
from espace_notifications.printing.files import Missing, Printer

_WAITING, _READ, _REJECTED = "answers", "answers/read", "answers/rejected"
_REASON = ".reason.txt"
_LONGEST = 1_000_000
_ERRORS_TOLD = 5
_REFUSED_SHOWN = 100
_NAME_KEPT = 80


def _to_the_millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


_Moment = Annotated[AwareDatetime, AfterValidator(_to_the_millisecond)]
"""As finely as the store keeps it, so that the same word told again is the same word."""


class _Dispatched(BaseModel):
    letter: UUID
    dispatched_at: _Moment


class _DispatchAnswer(BaseModel):
    schema_version: Literal[1]
    answer: Literal["dispatched"]
    print_run: UUID
    dispatched_at: _Moment | None = None
    letters: Annotated[tuple[_Dispatched, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.dispatched_at is None) == (self.letters is None):
            raise ValueError("give dispatched_at for the whole run, or letters with a dispatched_at each")
        return self

    def told(self) -> RunDispatched | LettersDispatched:
        if self.dispatched_at is not None:
            return RunDispatched(self.print_run, self.dispatched_at)
        assert self.letters is not None
        return LettersDispatched(self.print_run, tuple(LetterGone(each.letter, each.dispatched_at) for each in self.letters))


class _Returned(BaseModel):
    letter: UUID
    reason: ReturnReason
    returned_at: _Moment


class _ReturnAnswer(BaseModel):
    schema_version: Literal[1]
    answer: Literal["returned"]
    letters: Annotated[tuple[_Returned, ...], Field(min_length=1)]

    def told(self) -> LettersReturned:
        return LettersReturned(tuple(LetterBack(each.letter, each.returned_at, each.reason) for each in self.letters))


class _AnswerFile(RootModel[Annotated[_DispatchAnswer | _ReturnAnswer, Field(discriminator="answer")]]):
    pass


class AnswerFolder:
    """`answers/*.json`; what was read goes to `answers/read`, what was refused to `answers/rejected` with its reason beside it.

    A moved file is named by its name and its content's hash, so that the same name with other content is another file.
    """

    def __init__(self, printer: Printer) -> None:
        self._printer = printer

    async def waiting(self) -> Sequence[AnswerFile]:
        """Files that were not read yet, by name. Those that do not end in .json are still being written."""
        with contextlib.suppress(Missing):
            entries = await self._printer.entries(_WAITING)
            return sorted(
                (AnswerFile(entry.name, entry.size) for entry in entries if entry.is_file and entry.name.endswith(".json")),
                key=lambda file: file.name,
            )
        return ()

    async def read(self, file: AnswerFile) -> ReadAnswer | None:
        """What it tells; None when it is gone. Raises AnswerUnreadable."""
        if file.size > _LONGEST:
            raise AnswerUnreadable(f"The file has more than {_LONGEST} bytes. Part it into several.")
        try:
            content = await self._printer.read(f"{_WAITING}/{file.name}")
        except Missing:
            return None
        return ReadAnswer(file, hashlib.sha256(content).hexdigest(), answer_in(content))

    async def keep(self, read: ReadAnswer) -> None:
        """It had its effect. Other content in its place is left for the next look."""
        if await self._sha256(read.file) == read.sha256:
            await self._printer.make_folder(_READ)  # which the printer may have taken away with what lay in it
            await self._move(read.file, f"{_READ}/{_lasting_name(read.file, read.sha256)}")

    async def refuse(self, file: AnswerFile, reason: str) -> None:
        """Move it away, with the reason beside it."""
        mark = f"{file.size}-bytes" if file.size > _LONGEST else await self._sha256(file)
        if mark is None:
            return
        target = f"{_REJECTED}/{_lasting_name(file, mark)}"
        await self._printer.make_folder(_REJECTED)
        if not await self._printer.exists(target + _REASON):
            await self._printer.write(target + _REASON, f"{reason}\n".encode())
        await self._move(file, target)

    async def refused(self) -> Sequence[RefusedAnswer]:
        """Those that nobody has taken away."""
        with contextlib.suppress(Missing):
            names = sorted(entry.name for entry in await self._printer.entries(_REJECTED) if entry.name.endswith(_REASON))
            return [RefusedAnswer(name.removesuffix(_REASON), await self._reason(name)) for name in names[:_REFUSED_SHOWN]]
        return ()

    async def _reason(self, name: str) -> str:
        return (await self._printer.read(f"{_REJECTED}/{name}")).decode("utf-8", "replace").strip()

    async def _move(self, file: AnswerFile, target: str) -> None:
        source = f"{_WAITING}/{file.name}"
        with contextlib.suppress(Missing):  # another replica was faster
            if await self._printer.exists(target):
                await self._printer.remove(source)
            else:
                await self._printer.rename(source, target)

    async def _sha256(self, file: AnswerFile) -> str | None:
        """Of what lies there now; None when it is gone."""
        with contextlib.suppress(Missing):
            return hashlib.sha256(await self._printer.read(f"{_WAITING}/{file.name}")).hexdigest()
        return None


def _lasting_name(file: AnswerFile, mark: str) -> str:
    """Of letters that are safe in any name; the mark keeps other content of the same name apart."""
    stem = re.sub(r"[^A-Za-z0-9._-]", "_", file.name.removesuffix(".json"))
    return f"{stem[:_NAME_KEPT]}.{mark[:12]}.json"


def answer_in(content: bytes) -> Answer:
    """What a file's content tells. Raises AnswerUnreadable."""
    try:
        return _AnswerFile.model_validate_json(content, strict=True).root.told()
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False, include_context=False)
    if errors[0]["type"] == "json_invalid":
        raise AnswerUnreadable("The file is no JSON, or ends in the middle.", unfinished=True)
    wrong = (f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}." for each in errors[:_ERRORS_TOLD])
    raise AnswerUnreadable("The file is not of the form of an answer. " + " ".join(wrong))
