"""The local store behind the `Shop` protocol: Baton's own `shop_` tables.

One module for each subject: what is asked in `local_reads` and `local_catalogue`; what is done in the others, all of
it by way of `local_effects`.
"""

from integrations.shop.local_cancelling import LocalCancelling
from integrations.shop.local_catalogue import LocalCatalogue
from integrations.shop.local_goods import LocalGoods
from integrations.shop.local_links import LocalLinks
from integrations.shop.local_money import LocalMoney
from integrations.shop.local_orders import LocalOrders
from integrations.shop.local_reads import LocalReads
from integrations.shop.local_receiving import LocalReceiving
from integrations.shop.local_returns import LocalReturns
from integrations.shop.local_swapping import LocalSwapping


class LocalShop(
    LocalLinks,
    LocalReads,
    LocalCatalogue,
    LocalReturns,
    LocalReceiving,
    LocalGoods,
    LocalMoney,
    LocalCancelling,
    LocalSwapping,
    LocalOrders,
):
    """A `Shop` on the local tables: `LocalShop(database, pages_url=...)`.

    Each question and each effect is one short transaction; `StoreUnavailable` if it cannot answer.
    """
