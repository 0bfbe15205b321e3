from __future__ import annotations

import asyncio
from collections.abc import Collection
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_gateway.domain.news import Farewell, News

STREAMS_A_PERSON = 6
"""How many pages of one person are told at once: as many connections as a browser opens to one address."""
STREAMS = 5_000
"""How many pages this process tells at once; each takes some 30 KB and one connection."""
WAITING = 100
"""How much news may wait for one page. Who takes none of it for that long is let go, comes back and loads the lists."""


class TooManyStreams(Exception):
    """This person has as many pages open as are told at once."""


class Full(Exception):
    """This process tells as many pages as it can, or is about to stop."""


class Stream:
    """What one open page is still to be told, in order."""

    def __init__(self, insured: InsuredId, session: UUID) -> None:
        self.insured, self.session = insured, session
        self.cut = asyncio.Event()
        """Set when the page does not take what waits for it."""
        self._waiting: asyncio.Queue[News | Farewell] = asyncio.Queue(WAITING)

    def put(self, news: News | Farewell) -> None:
        """To be told next, if the page still listens."""
        try:
            self._waiting.put_nowait(news)
        except asyncio.QueueFull:
            self.cut.set()

    async def next(self, within: float) -> News | Farewell | None:
        """What comes next; None when nothing does within so many seconds."""
        try:
            async with asyncio.timeout(within):
                return await self._waiting.get()
        except TimeoutError:
            return None


class LiveStatus:
    """The open pages of all persons at this process. Nothing is kept for a page that is not open: it loads the lists when it opens."""

    def __init__(self) -> None:
        self._streams: dict[InsuredId, set[Stream]] = {}
        self._open = 0
        self._stopping = False

    def open(self, insured: InsuredId, session: UUID) -> Stream:
        """Begin to listen; close it afterwards. Raises TooManyStreams, Full."""
        if self._stopping or self._open >= STREAMS:
            raise Full
        own = self._streams.setdefault(insured, set())
        if len(own) >= STREAMS_A_PERSON:
            raise TooManyStreams
        stream = Stream(insured, session)
        own.add(stream)
        self._open += 1
        return stream

    def close(self, stream: Stream) -> None:
        """The page is closed."""
        own = self._streams[stream.insured]
        own.remove(stream)
        self._open -= 1
        if not own:
            del self._streams[stream.insured]

    def tell(self, insured: InsuredId, news: News) -> None:
        """To every open page of this person."""
        for stream in self._streams.get(insured, ()):
            stream.put(news)

    def end(self, insured: InsuredId, sessions: Collection[UUID]) -> None:
        """To the pages of these sessions of the person: it was the last."""
        for stream in self._streams.get(insured, ()):
            if stream.session in sessions:
                stream.put(Farewell.SESSION_ENDED)

    def end_all(self) -> None:
        """To every page: come back, to another process."""
        self._stopping = True
        for own in self._streams.values():
            for stream in own:
                stream.put(Farewell.STOPPING)
