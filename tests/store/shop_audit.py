"""The books of the local shop, added up again from nothing: what does not agree is listed."""

from collections import defaultdict
from collections.abc import Mapping

from domain.flows.effects import Done
from tests.store.shop_scene import GIFT, GIFT_BALANCE, STOCK, ShopScene

Answers = Mapping[tuple[str, str], Done]
_MOVES_NOTHING = frozenset({"open_payment_link"})

_RULES = {
    "a payment gave back more than it took, or another sum than its refunds": """
        SELECT payment_id FROM shop_payment AS payment
        LEFT JOIN (SELECT payment_id, sum(amount_minor) AS back FROM shop_refund GROUP BY 1) AS r USING (payment_id)
        WHERE refunded_minor NOT BETWEEN 0 AND payment.amount_minor OR refunded_minor <> coalesce(back, 0)""",
    "a payment is refunded that is not all back, or the other way round": """
        SELECT payment_id FROM shop_payment
        WHERE state IN ('captured', 'refunded') AND (state = 'refunded') <> (refunded_minor = amount_minor)""",
    "a unit of a line was used twice": """
        SELECT line.line_id FROM shop_order_line AS line
        LEFT JOIN (SELECT line_id, sum(part.quantity) AS units FROM shop_return_line AS part
                   JOIN shop_return AS record USING (return_id) WHERE record.state = 'open' GROUP BY 1) AS back
             USING (line_id)
        WHERE cancelled + returned + coalesce(units, 0) > quantity""",
    "a line counts other returned units than were accepted": """
        SELECT line.line_id FROM shop_order_line AS line
        LEFT JOIN (SELECT line_id, sum(accepted) AS units FROM shop_return_line GROUP BY 1) AS back USING (line_id)
        WHERE returned <> coalesce(units, 0)""",
    "a line has more units in parcels than it has to send": """
        SELECT line.line_id FROM shop_order_line AS line
        JOIN (SELECT line_id, sum(quantity) AS units FROM shop_shipment_line GROUP BY 1) AS inside USING (line_id)
        WHERE units > quantity - cancelled""",
    "a shipped hold is in no parcel, or a parcel's replacement was never held": """
        SELECT coalesce(held.shipment_id, sent.shipment_id) FROM
            (SELECT shipment_id, sum(quantity) AS units FROM shop_hold WHERE state = 'shipped' GROUP BY 1) AS held
        FULL JOIN (SELECT shipment_id, sum(quantity) AS units FROM shop_shipment_line
                   WHERE shipment_id LIKE '%-SX%' GROUP BY 1) AS sent USING (shipment_id)
        WHERE held.units IS DISTINCT FROM sent.units""",
    "a hold that was not shipped names a parcel": """
        SELECT hold_id FROM shop_hold WHERE (state = 'shipped') <> (shipment_id IS NOT NULL)""",
    "two moves of an order's money cannot be told apart in time": """
        SELECT order_number FROM (
            SELECT order_number, captured_at AS at FROM shop_payment UNION ALL SELECT order_number, at FROM shop_refund
        ) AS move WHERE at IS NOT NULL GROUP BY order_number, at HAVING count(*) > 1""",
    "the total of an order is not its lines and shipping": """
        SELECT number FROM shop_order
        JOIN (SELECT order_number AS number, sum(quantity * unit_price_minor) AS worth FROM shop_order_line
              WHERE line_id NOT LIKE '%-X%' GROUP BY 1) AS line USING (number)
        WHERE total_minor <> worth + shipping_minor""",
}
"""Each finds what breaks it."""

_STOCK = """
    SELECT sku, stock, :stock + (SELECT coalesce(sum(delta), 0) FROM shop_stock_move AS move WHERE move.sku = v.sku)
    FROM shop_variant AS v"""
_UNITS = """
    SELECT coalesce(sum(stock), 0)
         + (SELECT coalesce(sum(quantity), 0) FROM shop_hold WHERE state = 'held')
         + (SELECT coalesce(sum(quantity - cancelled), 0) FROM shop_order_line)
         - (SELECT coalesce(sum(restocked), 0) FROM shop_return_line)
    FROM shop_variant"""
_BALANCES = """
    SELECT method_id, balance_minor,
           (SELECT coalesce(sum(amount_minor), 0) FROM shop_refund WHERE to_method_id = method_id)
         - (SELECT coalesce(sum(amount_minor), 0) FROM shop_payment AS payment
            WHERE payment.method_id = method.method_id AND effect_key <> '')
    FROM shop_payment_method AS method WHERE balance_minor IS NOT NULL"""
_BY_EFFECT = """
    SELECT effect_key, sum(taken), sum(back) FROM (
        SELECT effect_key, amount_minor AS taken, 0 AS back FROM shop_payment WHERE effect_key <> ''
        UNION ALL SELECT effect_key, 0, amount_minor FROM shop_refund) AS move
    GROUP BY 1"""


async def units_there(scene: ShopScene) -> int:
    """Units in stock, set aside, and with customers or on their way to them."""
    return int((await scene.rows(_UNITS))[0][0])


async def audit(scene: ShopScene, answers: Answers, *, units: int) -> list[str]:
    """What does not agree; `units` were there at the beginning. Empty: every book balances."""
    wrong = [f"{what}: {row[0]}" for what, query in _RULES.items() for row in await scene.rows(query)]
    wrong += [f"stock of {sku}" for sku, stock, told in await scene.rows(_STOCK, stock=STOCK) if stock != told]
    beginning = defaultdict(int, {GIFT: GIFT_BALANCE})
    balances = await scene.rows(_BALANCES)
    wrong += [f"balance of {method}" for method, held, moved in balances if held != beginning[method] + moved]
    if await units_there(scene) != units:
        wrong.append("units were lost or made")
    return wrong + await _answers(scene, answers)


async def _answers(scene: ShopScene, answers: Answers) -> list[str]:
    """Money moved for each effect that was answered, as it was answered, and for no other."""
    rows = {key: (int(taken), int(back)) for key, taken, back in await scene.rows(_BY_EFFECT)}
    told: dict[str, tuple[int, int]] = {}
    for (verb, key), done in answers.items():
        if done.amount_minor and verb not in _MOVES_NOTHING:
            told[key] = _expected(verb, done)
    moved = {key: sums for key, sums in rows.items() if sums != (0, 0)}
    return [f"money of {key}" for key in sorted(told.keys() | moved.keys()) if told.get(key) != moved.get(key)]


def _expected(verb: str, done: Done) -> tuple[int, int]:
    """What was taken and what went back, by the shop's own answer."""
    if verb == "change_payment":
        return done.amount_minor, done.amount_minor
    taken = verb in ("charge", "pay_link") or done.detail == "charged"
    return (done.amount_minor, 0) if taken else (0, done.amount_minor)
