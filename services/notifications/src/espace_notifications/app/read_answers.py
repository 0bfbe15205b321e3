from __future__ import annotations

from datetime import datetime, timedelta

from prometheus_client import Counter

from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.ports import AnswerBox, AnswerFile, AnswerUnreadable, Clock, PrinterAway
from espace_notifications.app.take_answer import NotYet, TakeAnswer
from espace_notifications.domain.letter import AnswerWrong

log = logger()

PRINTER_ANSWERS = Counter("espace_printer_answers_total", "Files in which the printer answered", ["outcome"])
_GROWS = timedelta(seconds=60)
"""How long a file that ends in the middle may stay as it is before it is refused: the printer may still be writing it."""


class ReadAnswers:
    """Read what the printer answers. Each file has its effect once, however often it is read; none holds up another."""

    def __init__(self, box: AnswerBox, take: TakeAnswer, clock: Clock) -> None:
        self._box, self._take, self._clock = box, take, clock
        self._growing: dict[AnswerFile, datetime] = {}  # since when it is as it is, as this replica saw it

    async def __call__(self) -> int:
        """Always 0: an answer is no repair."""
        try:
            files = await self._box.waiting()
            self._growing = {file: since for file, since in self._growing.items() if file in files}
            for file in files:
                await self._one(file)
        except PrinterAway as away:
            log.warning("the printer's answers cannot be read", reason=str(away))
        return 0

    async def _one(self, file: AnswerFile) -> None:
        try:
            read = await self._box.read(file)
            if read is None:
                return
            await self._take(read.answer)
        except (NotYet, VersionConflict):  # the next look finds it again
            return
        except AnswerUnreadable as error:
            if not (error.unfinished and self._may_grow(file)):
                await self._refuse(file, str(error))
        except AnswerWrong as error:
            await self._refuse(file, str(error))
        else:
            await self._box.keep(read)
            PRINTER_ANSWERS.labels("read").inc()

    def _may_grow(self, file: AnswerFile) -> bool:
        return self._clock() < self._growing.setdefault(file, self._clock()) + _GROWS

    async def _refuse(self, file: AnswerFile, reason: str) -> None:
        await self._box.refuse(file, reason)
        PRINTER_ANSWERS.labels("refused").inc()
        log.error("an answer of the printer was refused; the reason lies beside it", bytes=file.size)
