"""Frauds, one kind per file: stages, parameters, look-alike."""

from __future__ import annotations

from dataclasses import dataclass, fields

from simgen.core import Parameters, parameter
from simgen.domains.fraud.typologies.account_takeover import AccountTakeover
from simgen.domains.fraud.typologies.base import Typology as Typology
from simgen.domains.fraud.typologies.card_not_present import CardNotPresent
from simgen.domains.fraud.typologies.card_testing import CardTesting
from simgen.domains.fraud.typologies.lost_or_stolen_card import LostOrStolenCard


@dataclass(frozen=True, kw_only=True)
class Typologies(Parameters):
    """The frauds of a scenario; a rate of 0 turns one off."""

    card_testing: CardTesting = parameter(CardTesting)
    lost_or_stolen_card: LostOrStolenCard = parameter(LostOrStolenCard)
    card_not_present: CardNotPresent = parameter(CardNotPresent)
    account_takeover: AccountTakeover = parameter(AccountTakeover)

    def active(self) -> tuple[Typology, ...]:
        """Every typology whose rate is above 0, in order."""
        every = (getattr(self, field.name) for field in fields(self))
        return tuple(typology for typology in every if typology.rate > 0.0)
