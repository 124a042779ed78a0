"""Money: integer minor units with a currency (ISO 4217)."""

from domain.values import Value


class Money(Value):
    """An amount. `minor` is in the currency's minor unit (cents for EUR)."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return f"{self.minor // 100}.{self.minor % 100:02d} {self.currency}"
