"""Fraud: worlds in which criminals act among many honest customers."""

from simgen.core import Domain
from simgen.domains.fraud.illustrations import ILLUSTRATIONS
from simgen.domains.fraud.pictures import PICTURES
from simgen.domains.fraud.retail_bank import RetailBank as RetailBank

DOMAIN = Domain(
    name="fraud",
    title="Fraud",
    doc="Payments, accounts and cards of a retail bank, with the frauds committed against it.",
    package=__name__,
    schemas={"fraud": RetailBank},
    pictures=PICTURES,
    illustrations={"fraud": ILLUSTRATIONS},
)
