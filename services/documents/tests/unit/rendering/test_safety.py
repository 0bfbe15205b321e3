"""What a person writes is only ever text; what a template asks for is only ever packaged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from espace_documents.rendering import Addressee, RenderingRefused

PAYLOADS = [
    "<script>alert(1)</script>",
    "<b>bold</b> &amp; <!-- hidden --> </p></body>",
    "{{ 7 * 7 }} {% for c in ().__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}",
    "%(reference)s %s {0} ${HOME}",
    '<img src="http://127.0.0.1:9/x.png"> <link rel="stylesheet" href="file:///etc/passwd">',
    "'; } * { display: none } /* \\0026 */",
    "http://127.0.0.1:9/ and file:///etc/passwd",
]


class Canary:
    """A server that nobody should ever reach."""

    def __init__(self) -> None:
        self.hits = 0
        self.address = ""

    async def hit(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits += 1
        writer.close()


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    canary = Canary()
    server = await asyncio.start_server(canary.hit, "127.0.0.1", 0)
    canary.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield canary


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_what_a_person_writes_is_printed_letter_by_letter(pool, sample, pages, payload):
    recipient = Addressee(payload[:40], (payload[:40],), "LU")
    (page,) = pages(await pool.render(sample(recipient=recipient, content={"reason": payload})))
    said, written = "".join(page.split()), "".join(payload.split())
    assert written in said
    assert said.count("".join(payload[:40].split())) >= 3


SVG = "http://www.w3.org/2000/svg"
ASKING = {
    "an image": '<img alt="x" src="http://CANARY/x.png"/>',
    "an image over a secure connection": '<img alt="x" src="https://CANARY/x.png"/>',
    "an image by file transfer": '<img alt="x" src="ftp://CANARY/x.png"/>',
    "an image without a scheme": '<img alt="x" src="//CANARY/x.png"/>',
    "an image on a base": '<base href="http://CANARY/"/><img alt="x" src="x.png"/>',
    "a style sheet": '<link rel="stylesheet" href="http://CANARY/x.css"/>',
    "an imported style sheet": '<style>@import "http://CANARY/x.css";</style>',
    "a background": '<style>p { background: url("http://CANARY/x.png") }</style><p>x</p>',
    "a font": '<style>@font-face { font-family: x; src: url("http://CANARY/x.ttf") }</style><p style="font-family: x">x</p>',
    "a bullet": '<ul style="list-style-image: url(http://CANARY/x.png)"><li>x</li></ul>',
    "generated content": '<style>p::before { content: url("http://CANARY/x.png") }</style><p>x</p>',
    "an object": '<object data="http://CANARY/x.svg">x</object>',
    "an embedded file": '<embed src="http://CANARY/x.svg"/>',
    "an attachment": '<link rel="attachment" href="http://CANARY/x.pdf"/>',
    "an attached link": '<p><a rel="attachment" href="http://CANARY/x.pdf">x</a></p>',
    "a picture in a drawing": f'<svg xmlns="{SVG}" width="9" height="9"><image href="http://CANARY/x.png" width="9" height="9"/></svg>',
    "a file of the machine": '<img alt="x" src="file:///etc/passwd"/>',
    "a style sheet of the machine": '<link rel="stylesheet" href="file:///etc/hostname"/>',
    "data that it brings along": '<img alt="x" src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E"/>',
    "something beside the assets": '<img alt="x" src="espace-asset:../rendering/x.svg"/>',
    "an asset that is not there": '<img alt="x" src="espace-asset:templates/x.svg"/>',
    "an asset that is no picture": '<img alt="x" src="espace-asset:fonts/fonts.conf"/>',
    "a template of another name": '{% include "../fonts/fonts.conf" %}',
}


async def test_no_template_reaches_anything_but_the_package(started, hostile, hostile_request, canary):
    bodies = {f"asking_{number}": body.replace("CANARY", canary.address) for number, body in enumerate(ASKING.values())}
    async with started(hostile(bodies), workers=2) as pool:
        outcomes = await asyncio.gather(*(pool.render(hostile_request(name)) for name in bodies), return_exceptions=True)
    assert {what: outcome for what, outcome in zip(ASKING, outcomes, strict=True) if not isinstance(outcome, RenderingRefused)} == {}
    assert canary.address not in "".join(map(str, outcomes))
    assert "ParseError" not in "".join(map(str, outcomes)), "refused for its spelling, not for what it asks for"
    assert canary.hits == 0


async def test_the_canary_would_notice(canary):
    reader, writer = await asyncio.open_connection(*canary.address.split(":"))
    assert await reader.read() == b""
    writer.close()
    assert canary.hits == 1


BROKEN = {
    "asks_for_what_is_not_there": ("{{ nothing }}", "UndefinedError"),
    "divides_by_zero": ("{{ 1 / 0 }}", "ZeroDivisionError"),
    "reaches_for_python": ("{{ ''.__class__.__mro__ }}", "SecurityError"),
    "says_what_nobody_translated": ("{{ _('Never translated') }}", "does not translate"),
    "nests_without_end": ("{{ ('<div>' * 3000 ~ '</div>' * 3000) | safe }}", "RecursionError"),
    "never_closes": ("<p>A paragraph", "ParseError"),
    "has_a_style_that_nobody_knows": ('<p style="colour: blue">x</p>', "cannot be typeset whole"),
}


async def test_a_broken_template_refuses_its_document_and_says_why(started, hostile, hostile_request, sample):
    async with started(hostile({name: body for name, (body, _) in BROKEN.items()}), workers=1) as pool:
        for name, (_, why) in BROKEN.items():
            with pytest.raises(RenderingRefused, match=why):
                await pool.render(hostile_request(name, "fr"))
        assert (await pool.render(sample())).pages == 1
        assert len(pool.hired) == 1


ENDLESS = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
DOUBLING = "{% set ns = namespace(text='x') %}{% for i in range(40) %}{% set ns.text = ns.text ~ ns.text %}{% endfor %}"
MANY_BOXES = "{% for i in range(90000) %}<table><tr><td>x</td></tr></table>{% endfor %}"


HUGE_WORDS = [{"question": "W" * 120, "answer": "W" * 20_000}] * 30


async def test_rows_by_the_ten_thousand_and_huge_words_end_within_the_limit(started, sample):
    rows = [{"question": "Who travels", "answer": "Mia Weber"}] * 50_000
    async with started(workers=1, time_limit_s=2) as pool:
        with pytest.raises(RenderingRefused, match="'answers' must be 0 to 200 rows"):
            await pool.render(sample("submission_receipt", content={"answers": rows}))
        with pytest.raises(RenderingRefused, match=r"more than 2 s of processor|more memory"):
            await pool.render(sample("submission_receipt", content={"answers": HUGE_WORDS}))
        assert (await pool.render(sample())).pages == 1
        assert len(pool.hired) == 2


@pytest.mark.parametrize(
    ("body", "why"),
    [(ENDLESS, "more than 4 s of processor"), (DOUBLING, "more memory than the 400 MB"), (MANY_BOXES, "more than 4 s of|more memory")],
    ids=["time", "memory", "layout"],
)
async def test_a_bomb_is_refused_while_letters_flow(started, hostile, hostile_request, sample, body, why):
    async with started(hostile({"bomb": body}), workers=2, time_limit_s=4) as pool:
        bomb = asyncio.create_task(pool.render(hostile_request("bomb")))
        letters = await asyncio.gather(*(pool.render(sample(locale=locale)) for locale in ("fr", "de", "lb")))
        assert [letter.pages for letter in letters] == [1, 1, 1]
        with pytest.raises(RenderingRefused, match=why):
            await bomb
        assert (await pool.render(sample())).pages == 1
