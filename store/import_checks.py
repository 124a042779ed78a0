"""What staged records are checked against: one another, and the shop as it stands. Each check finds its offenders.

A check is a query for (position of the record, an id for people); its sentence says what to do.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One rule. `sentence` may hold `{ref}`, an id from the query."""

    field: str
    sentence: str
    query: str


REFERENCES = (
    Check(
        "customer_id",
        "there is no customer {ref}, neither in the files nor in the shop: import the customer as well",
        """
        SELECT s.place, s.customer_id FROM (
            SELECT place, customer_id FROM stage_shop_order
            UNION ALL SELECT place, customer_id FROM stage_shop_payment_method) s
        WHERE NOT EXISTS (SELECT FROM stage_shop_customer c WHERE c.customer_id = s.customer_id)
          AND NOT EXISTS (SELECT FROM shop_customer c WHERE c.customer_id = s.customer_id)
        """,
    ),
    Check(
        "lines.{ref}.sku",
        "there is no such variant, neither in the files nor in the shop: import its product as well",
        """
        SELECT s.place, (s.position - 1)::text FROM stage_shop_order_line s
        WHERE NOT EXISTS (SELECT FROM stage_shop_variant v WHERE v.sku = s.sku)
          AND NOT EXISTS (SELECT FROM shop_variant v WHERE v.sku = s.sku)
        """,
    ),
    Check(
        "payments",
        "{ref} is no payment method of this customer: import it as a payment_method, or leave method_id out",
        """
        SELECT s.place, s.method_id FROM stage_shop_payment s JOIN stage_shop_order o ON o.number = s.order_number
        WHERE s.method_id <> '' AND NOT EXISTS (SELECT FROM all_method m WHERE m.method_id = s.method_id
            AND m.customer_id = o.customer_id)
        """,
    ),
    Check(
        "payments",
        "the payment method {ref} is of another kind than the payment's method, or of another currency",
        """
        SELECT s.place, s.method_id FROM stage_shop_payment s JOIN all_method m USING (method_id)
        WHERE m.kind <> s.method OR m.currency <> s.currency
        """,
    ),
    Check(
        "order",
        "there is no order {ref}, neither in the files nor in the shop: import the order as well",
        """
        SELECT s.place, s.order_number FROM stage_shop_shipment s
        WHERE NOT EXISTS (SELECT FROM stage_shop_order o WHERE o.number = s.order_number)
          AND NOT EXISTS (SELECT FROM shop_order o WHERE o.number = s.order_number)
        """,
    ),
    Check(
        "lines",
        "{ref} is no line of this order, or has fewer units",
        """
        SELECT s.place, s.line_id FROM stage_shop_shipment_line s JOIN stage_shop_shipment p USING (shipment_id)
        WHERE NOT EXISTS (SELECT FROM stage_shop_order_line l WHERE l.line_id = s.line_id
                AND l.order_number = p.order_number AND l.quantity >= s.quantity)
          AND NOT EXISTS (SELECT FROM shop_order_line l WHERE l.line_id = s.line_id
                AND l.order_number = p.order_number AND l.quantity >= s.quantity
                AND NOT EXISTS (SELECT FROM stage_shop_order_line n WHERE n.order_number = p.order_number))
        """,
    ),
    Check(
        "email",
        "the customer {ref} has this address already",
        """
        SELECT s.place, c.customer_id FROM stage_shop_customer s
        JOIN shop_customer c ON c.email = s.email AND c.customer_id <> s.customer_id
        WHERE NOT EXISTS (SELECT FROM stage_shop_customer t WHERE t.customer_id = c.customer_id)
        """,
    ),
    Check(
        "variants",
        "the SKU {ref} belongs to another product",
        """
        SELECT s.place, s.sku FROM stage_shop_variant s JOIN shop_variant v USING (sku)
        WHERE v.product_id <> s.product_id
        """,
    ),
    Check(
        "lines",
        "the line id {ref} belongs to another order",
        """
        SELECT s.place, s.line_id FROM stage_shop_order_line s JOIN shop_order_line l USING (line_id)
        WHERE l.order_number <> s.order_number
        """,
    ),
    Check(
        "payments",
        "the payment id {ref} belongs to another order",
        """
        SELECT s.place, s.payment_id FROM stage_shop_payment s JOIN shop_payment p USING (payment_id)
        WHERE p.order_number <> s.order_number
        """,
    ),
    Check(
        "tracking_number",
        "the shipment {ref} has this number of this carrier already",
        """
        SELECT s.place, p.shipment_id FROM stage_shop_shipment s
        JOIN shop_shipment p USING (carrier, tracking_number)
        WHERE p.shipment_id <> s.shipment_id
        """,
    ),
    Check(
        "order",
        "the shipment is known as one of order {ref}, and a parcel keeps its order",
        """
        SELECT s.place, p.order_number FROM stage_shop_shipment s JOIN shop_shipment p USING (shipment_id)
        WHERE p.order_number <> s.order_number
        """,
    ),
    Check(
        "method_id",
        "{ref} is known with another customer, method or currency, and keeps those: use a new id",
        """
        SELECT s.place, s.method_id FROM stage_shop_payment_method s JOIN shop_payment_method m USING (method_id)
        WHERE (m.customer_id, m.kind, m.currency) <> (s.customer_id, s.kind, s.currency)
        """,
    ),
    Check(
        "method_id",
        "the customer has store credit in this currency under the id {ref}: use that id",
        """
        SELECT s.place, m.method_id FROM stage_shop_payment_method s
        JOIN shop_payment_method m USING (customer_id, currency, kind)
        WHERE s.kind = 'store_credit' AND m.method_id <> s.method_id
        """,
    ),
    Check(
        "number",
        "the order {ref} is known with another customer or currency, and keeps those",
        """
        SELECT s.place, s.number FROM stage_shop_order s JOIN shop_order o USING (number)
        WHERE (o.customer_id, o.currency) <> (s.customer_id, s.currency)
        """,
    ),
)
"""Asked before the shop is locked: what they find cannot mend itself meanwhile."""

METHODS = """
    CREATE TEMP VIEW all_method AS
    SELECT method_id, customer_id, kind, currency FROM stage_shop_payment_method
    UNION ALL
    SELECT method_id, customer_id, kind, currency FROM shop_payment_method m
    WHERE NOT EXISTS (SELECT FROM stage_shop_payment_method s WHERE s.method_id = m.method_id)
"""

EFFECTS = (
    Check(
        "variants",
        "more units of {ref} are held for open orders than this stock: count again what is free to sell",
        """
        SELECT s.place, s.sku FROM stage_shop_variant s JOIN stage_variant k USING (sku)
        WHERE k.counted AND s.stock < k.held
        """,
    ),
    Check(
        "balance_minor",
        "money has moved on {ref} since the last import: bring the balance that it has now",
        """
        SELECT s.place, s.method_id FROM stage_shop_payment_method s JOIN shop_payment_method m USING (method_id)
        LEFT JOIN shop_import i ON i.kind = 'payment_method' AND i.id = s.method_id
        WHERE s.balance_minor IS DISTINCT FROM (i.base ->> 'balance')::int AND s.balance_minor <> m.balance_minor
          AND m.balance_minor IS DISTINCT FROM (i.base ->> 'balance')::int
        """,
    ),
    Check(
        "lines",
        "lines, prices and payments of {ref} stay as they are: Baton has returned, refunded or changed some of it",
        "SELECT place, number FROM stage_order WHERE contents_changed AND touched",
    ),
    Check(
        "address",
        "Baton has changed the address of {ref} since the last import: bring the one that it has now",
        """
        SELECT place, number FROM stage_order
        WHERE file_address <> base_address AND now_address <> base_address AND file_address <> now_address
        """,
    ),
    Check(
        "state",
        "Baton has moved {ref} to another state since the last import: bring the one that it has now",
        """
        SELECT place, number FROM stage_order
        WHERE file_state <> base_state AND now_state <> base_state AND file_state <> now_state
          AND (file_rank IS NULL OR now_rank IS NULL)
        """,
    ),
    Check(
        "state",
        "{ref} has an open return, exchange or other flow: end it before the order is closed",
        """
        SELECT place, number FROM stage_order
        WHERE file_state <> base_state AND file_state <> now_state AND file_rank IS NULL AND busy
        """,
    ),
    Check(
        "payments",
        "the payment {ref} was imported before and is missing now: payments are never removed",
        """
        SELECT k.place, known.id FROM stage_order k
        JOIN shop_import i ON i.kind = 'order' AND i.id = k.number
        CROSS JOIN LATERAL jsonb_object_keys(i.base -> 'payments') known (id)
        WHERE NOT EXISTS (SELECT FROM stage_shop_payment s WHERE s.payment_id = known.id)
        """,
    ),
    Check(
        "payments",
        "more of {ref} has gone back than is brought as paid or refunded: money that went back stays so",
        """
        SELECT place, payment_id FROM stage_payment
        WHERE file_amount < now_back OR file_back < base_back OR
            file_back <> base_back AND now_back <> base_back AND file_back <> now_back
        """,
    ),
    Check(
        "payments",
        "Baton has moved the payment {ref} to another state since the last import: bring the one that it has now",
        """
        SELECT place, payment_id FROM stage_payment
        WHERE file_state <> base_state AND now_state <> base_state AND file_state <> now_state
        """,
    ),
    Check(
        "lines",
        "the line {ref} is in a parcel and cannot be taken out of the order",
        """
        SELECT k.place, l.line_id FROM stage_order k JOIN shop_order_line l ON l.order_number = k.number
        JOIN shop_shipment_line p USING (line_id)
        WHERE k.contents_changed AND NOT EXISTS (SELECT FROM stage_shop_order_line s WHERE s.line_id = l.line_id)
          AND NOT EXISTS (SELECT FROM stage_shop_shipment_line s WHERE s.shipment_id = p.shipment_id)
        """,
    ),
    Check(
        "lines",
        "what is in the parcel {ref} stays as it is: Baton has returned, refunded or changed some of its order",
        """
        SELECT s.place, s.shipment_id FROM stage_shop_shipment s JOIN shop_shipment p USING (shipment_id)
        WHERE EXISTS (SELECT FROM stage_shop_shipment_line l WHERE l.shipment_id = s.shipment_id)
          AND EXISTS (SELECT FROM shop_effect e WHERE e.order_number = p.order_number AND e.verb <> 'add_note')
        """,
    ),
    Check(
        "shipment_id",
        "the label of {ref} was thrown away, since everything in it was cancelled: use a new id",
        """
        SELECT s.place, s.shipment_id FROM stage_shop_shipment s
        JOIN shop_import i ON i.kind = 'shipment' AND i.id = s.shipment_id
        WHERE NOT EXISTS (SELECT FROM shop_shipment p WHERE p.shipment_id = s.shipment_id)
        """,
    ),
)
"""Asked under the locks: what Baton's flows have done is never undone by a file."""
