"""The parts of the process, built once at its start and handed to routes."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from api.attempts import Attempts
from api.live.bell import Bell
from api.live.follower import JournalFollower
from api.metrics import Metrics
from api.recognition import Recognition
from api.settings import ApiSettings
from domain.front_door import FrontDoor
from gateway.relay import Relay
from integrations.shop.protocol import Shop
from store.database import Database
from store.policy_versions import PolicyShelf
from store.receiving import Reception


@dataclass(frozen=True)
class Parts:
    """What routes work with."""

    settings: ApiSettings
    database: Database
    reception: Reception
    recognition: Recognition
    shop: Shop
    relay: Relay
    shelf: PolicyShelf
    bell: Bell
    journal: JournalFollower
    metrics: Metrics
    attempts: Attempts

    @property
    def door(self) -> FrontDoor:
        """Signs links to the customers' and partners' pages."""
        settings = self.settings
        return FrontDoor(
            public_url=settings.public_url, secret_key=settings.secret_key, mail_account=settings.mail_account
        )


def _parts(connection: HTTPConnection) -> Parts:
    return cast("Parts", connection.app.state.parts)


Engine = Annotated[Parts, Depends(_parts)]
"""A route's parameter of this type gets the process's parts."""
