"""What asking for a code and typing it have in common, be it for an e-mail address or for a mobile number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from espace_identity.app.request_contact_code import NotOnFile
from espace_identity.domain.challenge import NoCodeOpen, TooManyCodes, WrongCode
from espace_identity.domain.contact import NotAnEmailAddress
from espace_identity.domain.mobile import NotAMobileNumber
from espace_kernel.problems import Problem


class ChallengeView(BaseModel):
    """A code is on its way."""

    challenge: UUID = Field(description="its id")
    expires_at: datetime = Field(description="until when the code counts")


class CodeTyped(BaseModel):
    """What the person read in the message."""

    code: str = Field(max_length=20, description="six digits; spaces are ignored", examples=["042137"])

    @property
    def digits(self) -> str:
        """The code without its spaces."""
        return "".join(self.code.split())


@contextmanager
def told_as_problems() -> Iterator[None]:
    """Every way an address, a number or a code can be refused, as the problem that tells it."""
    try:
        yield
    except NotAnEmailAddress as error:
        raise Problem(422, "invalid-email", str(error)) from None
    except NotAMobileNumber as error:
        raise Problem(422, "invalid-mobile", str(error)) from None
    except NotOnFile:
        raise Problem(404, "not-on-file", "The fund's file on you has not arrived in the eSpace yet. Try again in a few minutes.") from None
    except TooManyCodes as error:
        raise Problem(
            429, "contact-code-limit", "Several codes were sent already. Look for them, also under unwanted mail, or try again later.",
            headers={"Retry-After": str(int(error.wait.total_seconds()) + 1)},
        ) from None  # fmt: skip
    except WrongCode as error:
        raise Problem(
            422, "wrong-code", "This is not the code that was sent. Type the six digits of the newest message.", tries_left=error.tries_left
        ) from None
    except NoCodeOpen:
        raise Problem(
            409, "no-code-open", "No code counts any more: its time is over, or there were too many wrong ones. Ask for a new one."
        ) from None
