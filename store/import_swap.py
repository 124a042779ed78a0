"""How staged records become the shop's: what is locked, what is compared under the locks, and what is written."""

from store.tracking import LADDER, PROGRESS

_RANK = f"array_position({LADDER}, {{}})"
_SCANS = "array_position(ARRAY['label_created', 'in_transit', 'out_for_delivery', 'delivered'], {})"

RESOLVE = (
    """
    UPDATE stage_shop_order s SET email = COALESCE(s.email, o.email, n.email, c.email),
        address = COALESCE(s.address, o.address, n.address, c.address)
    FROM stage_shop_order t LEFT JOIN shop_order o USING (number)
    LEFT JOIN stage_shop_customer n ON n.customer_id = t.customer_id
    LEFT JOIN shop_customer c ON c.customer_id = t.customer_id
    WHERE t.number = s.number AND (s.email IS NULL OR s.address IS NULL)
    """,
    """
    UPDATE stage_shop_order_line s SET title = COALESCE(n.title, k.title, '') || COALESCE((
        SELECT string_agg(', ' || value, '' ORDER BY place)
        FROM jsonb_each_text(COALESCE(v.options, w.options)) WITH ORDINALITY AS one (name, value, place)), '')
    FROM stage_shop_order_line t LEFT JOIN stage_shop_variant v ON v.sku = t.sku
    LEFT JOIN stage_shop_product n ON n.product_id = v.product_id
    LEFT JOIN shop_variant w ON w.sku = t.sku LEFT JOIN shop_product k ON k.product_id = w.product_id
    WHERE t.line_id = s.line_id AND s.title = ''
    """,
    """
    UPDATE stage_shop_order s SET postcode = COALESCE(address ->> 'postcode', ''),
        country = COALESCE(address ->> 'country', '')
    """,
    """
    UPDATE stage_shop_import i SET base = i.base || jsonb_build_object('address', md5(s.address::text))
    FROM stage_shop_order s WHERE s.place = i.place
    """,
    """
    DELETE FROM stage_shop_shipment_line l USING stage_shop_import f, shop_import i
    WHERE f.place = l.place AND i.kind = 'shipment' AND i.id = l.shipment_id AND i.base ->> 'lines' = f.base ->> 'lines'
    """,
    """
    INSERT INTO stage_shop_shipment_line (place, shipment_id, line_id, quantity)
    SELECT s.place, s.shipment_id, l.line_id, l.quantity - l.cancelled
    FROM stage_shop_shipment s CROSS JOIN LATERAL (
        SELECT line_id, quantity, cancelled FROM stage_shop_order_line n WHERE n.order_number = s.order_number
        UNION ALL
        SELECT line_id, quantity, cancelled FROM shop_order_line l WHERE l.order_number = s.order_number
            AND NOT EXISTS (SELECT FROM stage_shop_order_line n WHERE n.order_number = s.order_number)) l
    WHERE l.quantity > l.cancelled
      AND NOT EXISTS (SELECT FROM stage_shop_shipment_line g WHERE g.shipment_id = s.shipment_id)
      AND NOT EXISTS (SELECT FROM shop_shipment_line g WHERE g.shipment_id = s.shipment_id)
    """,
)
"""What a record leaves out, from the records that it refers to; in the stage, before the shop is locked."""

COMPARED = (
    """
    CREATE TEMP TABLE stage_order (
        place int, number text PRIMARY KEY, file_state text, now_state text, base_state text, file_rank int,
        now_rank int, file_address text, now_address text, base_address text, contents_changed bool, touched bool,
        busy bool)
    """,
    """
    CREATE TEMP TABLE stage_payment (
        place int, payment_id text PRIMARY KEY, file_state text, now_state text, base_state text, file_amount int,
        file_back int, now_back int, base_back int)
    """,
    "CREATE TEMP TABLE stage_variant (sku text PRIMARY KEY, held int, counted bool)",
    "CREATE TEMP TABLE stage_moved (order_number text, shipment_id text PRIMARY KEY, state text, sent bool)",
)

LOCK = (
    """
    SELECT FROM shop_order o WHERE o.number IN (
        SELECT number FROM stage_shop_order UNION SELECT order_number FROM stage_shop_shipment)
    ORDER BY o.number FOR NO KEY UPDATE
    """,
    """
    SELECT FROM shop_variant v WHERE v.sku IN (SELECT sku FROM stage_shop_variant)
    ORDER BY v.sku FOR NO KEY UPDATE
    """,
    """
    SELECT FROM shop_payment_method m WHERE m.method_id IN (SELECT method_id FROM stage_shop_payment_method)
    ORDER BY m.method_id FOR NO KEY UPDATE
    """,
)
"""In the order in which the shop's own effects lock."""

COMPARE = (
    f"""
    INSERT INTO stage_order
    SELECT s.place, s.number, s.state, o.state, COALESCE(i.base ->> 'state', o.state),
        {_RANK.format("s.state")}, {_RANK.format("o.state")},
        md5(s.address::text), md5(o.address::text), COALESCE(i.base ->> 'address', md5(o.address::text)),
        i.base ->> 'contents' IS DISTINCT FROM f.base ->> 'contents',
        EXISTS (SELECT FROM shop_effect e WHERE e.order_number = o.number AND e.verb <> 'add_note')
            OR EXISTS (SELECT FROM shop_return r WHERE r.order_number = o.number)
            OR EXISTS (SELECT FROM flow_claim c WHERE c.order_number = o.number),
        EXISTS (SELECT FROM shop_return r WHERE r.order_number = o.number AND r.state = 'open')
            OR EXISTS (SELECT FROM shop_hold h WHERE h.order_number = o.number AND h.state = 'held')
            OR EXISTS (SELECT FROM flow_claim c WHERE c.order_number = o.number)
    FROM stage_shop_order s JOIN shop_order o USING (number) JOIN stage_shop_import f ON f.place = s.place
    LEFT JOIN shop_import i ON i.kind = 'order' AND i.id = s.number
    """,  # noqa: S608 - of constants
    """
    INSERT INTO stage_payment
    SELECT s.place, s.payment_id, s.state, p.state, COALESCE(b.paid ->> 'state', p.state), s.amount_minor,
        s.refunded_minor, p.refunded_minor, COALESCE((b.paid ->> 'refunded')::int, p.refunded_minor)
    FROM stage_shop_payment s JOIN shop_payment p USING (payment_id)
    LEFT JOIN shop_import i ON i.kind = 'order' AND i.id = s.order_number
    CROSS JOIN LATERAL (SELECT i.base -> 'payments' -> s.payment_id AS paid) b
    """,
    """
    INSERT INTO stage_variant
    SELECT s.sku, COALESCE(h.held, 0), (i.base -> 'stock' ->> s.sku)::int IS DISTINCT FROM s.stock
    FROM stage_shop_variant s JOIN shop_variant v USING (sku)
    LEFT JOIN shop_import i ON i.kind = 'product' AND i.id = s.product_id
    LEFT JOIN (SELECT sku, sum(quantity) AS held FROM shop_hold WHERE state = 'held' GROUP BY sku) h USING (sku)
    """,
)
"""What the file says, what the last import said, and what is true now, of everything that Baton may change."""

_CUSTOMERS = (
    """
    UPDATE shop_customer c SET email = 'import:' || md5(c.customer_id) FROM stage_shop_customer s
    WHERE s.customer_id = c.customer_id AND s.email <> c.email
    """,
    """
    INSERT INTO shop_customer AS c (customer_id, name, email, tier, phone, locale, currency, created_at, address, flags,
        contact_by)
    SELECT customer_id, name, email, tier, phone, locale, currency, COALESCE(created_at, clock_timestamp()), address,
        flags, contact_by
    FROM stage_shop_customer
    ON CONFLICT (customer_id) DO UPDATE SET name = EXCLUDED.name, email = EXCLUDED.email, tier = EXCLUDED.tier,
        phone = EXCLUDED.phone, locale = EXCLUDED.locale, currency = EXCLUDED.currency, address = EXCLUDED.address,
        flags = EXCLUDED.flags, contact_by = COALESCE((
            SELECT jsonb_agg(way) FROM (
                SELECT value AS way FROM jsonb_array_elements_text(EXCLUDED.contact_by || c.contact_by)
                GROUP BY value ORDER BY value) every
            CROSS JOIN LATERAL (
                SELECT COALESCE((SELECT i.base -> 'contact_by' FROM shop_import i
                    WHERE i.kind = 'customer' AND i.id = c.customer_id), c.contact_by) ? way AS before) known
            WHERE CASE WHEN known.before THEN EXCLUDED.contact_by ? way AND c.contact_by ? way
                ELSE EXCLUDED.contact_by ? way OR c.contact_by ? way END), '[]')
    """,
    """
    INSERT INTO shop_payment_method AS m (method_id, customer_id, kind, label, balance_minor, currency)
    SELECT method_id, customer_id, kind, label, balance_minor, currency FROM stage_shop_payment_method
    ON CONFLICT (method_id) DO UPDATE SET label = EXCLUDED.label, balance_minor = CASE WHEN EXCLUDED.balance_minor = (
        SELECT (i.base ->> 'balance')::int FROM shop_import i WHERE i.kind = 'payment_method' AND i.id = m.method_id)
        THEN m.balance_minor ELSE EXCLUDED.balance_minor END
    """,
)

_PRODUCTS = (
    """
    INSERT INTO shop_product (product_id, title, category, description, attributes, url)
    SELECT product_id, title, category, description, attributes, url FROM stage_shop_product
    ON CONFLICT (product_id) DO UPDATE SET title = EXCLUDED.title, category = EXCLUDED.category,
        description = EXCLUDED.description, attributes = EXCLUDED.attributes, url = EXCLUDED.url
    """,
    """
    INSERT INTO shop_stock_move (sku, delta, cause, effect_key)
    SELECT s.sku, s.stock - k.held - v.stock, 'import', 'import:' || s.sku
    FROM stage_shop_variant s JOIN stage_variant k USING (sku) JOIN shop_variant v USING (sku)
    WHERE k.counted AND s.stock - k.held <> v.stock
    """,
    """
    UPDATE shop_variant v SET position = -v.position FROM stage_shop_product s WHERE s.product_id = v.product_id
    """,
    """
    INSERT INTO shop_variant AS v (sku, product_id, position, options, price_minor, currency, stock)
    SELECT sku, product_id, position, options, price_minor, currency, stock FROM stage_shop_variant
    ON CONFLICT (sku) DO UPDATE SET position = EXCLUDED.position, options = EXCLUDED.options,
        price_minor = EXCLUDED.price_minor, currency = EXCLUDED.currency, stock = (
            SELECT CASE WHEN k.counted THEN EXCLUDED.stock - k.held ELSE v.stock END
            FROM stage_variant k WHERE k.sku = v.sku)
    """,
    """
    UPDATE shop_variant v SET position = 1000 - v.position FROM stage_shop_product s
    WHERE s.product_id = v.product_id AND v.position < 0
    """,
)
"""A variant that its product no longer names stays, behind the others: orders may hold it."""

_STATE_TAKEN = """k.file_state <> k.base_state
        AND NOT COALESCE(k.now_state <> k.base_state AND k.now_rank > k.file_rank, false)"""

_ORDERS = (
    """
    INSERT INTO shop_order (number, customer_id, email, state, placed_at, shipping_minor, total_minor, currency,
        postcode, country, shipping_method, address, cancel_reason)
    SELECT number, customer_id, email, state, placed_at, shipping_minor, total_minor, currency, postcode, country,
        shipping_method, address, cancel_reason
    FROM stage_shop_order s WHERE NOT EXISTS (SELECT FROM stage_order k WHERE k.number = s.number)
    """,
    f"""
    UPDATE shop_order o SET state = CASE WHEN {_STATE_TAKEN} THEN k.file_state ELSE o.state END,
        cancel_reason = CASE WHEN {_STATE_TAKEN} THEN s.cancel_reason ELSE o.cancel_reason END
    FROM stage_order k JOIN stage_shop_order s USING (number)
    WHERE k.number = o.number AND k.file_state <> k.base_state
    """,  # noqa: S608 - of constants
    """
    UPDATE shop_order o SET address = s.address, postcode = s.postcode, country = s.country
    FROM stage_order k JOIN stage_shop_order s USING (number)
    WHERE k.number = o.number AND k.file_address <> k.base_address
    """,
    """
    UPDATE shop_order o SET email = s.email, placed_at = s.placed_at, shipping_minor = s.shipping_minor,
        total_minor = s.total_minor, shipping_method = s.shipping_method
    FROM stage_order k JOIN stage_shop_order s USING (number) WHERE k.number = o.number AND k.contents_changed
    """,
    """
    DELETE FROM shop_shipment_line l USING shop_shipment p
    WHERE p.shipment_id = l.shipment_id AND p.shipment_id IN (SELECT shipment_id FROM stage_shop_shipment_line)
    """,
    """
    UPDATE shop_order_line l SET position = -l.position FROM stage_order k
    WHERE k.number = l.order_number AND k.contents_changed
    """,
    """
    INSERT INTO shop_order_line (line_id, order_number, position, sku, title, quantity, unit_price_minor, cancelled,
        returned)
    SELECT line_id, order_number, position, sku, title, quantity, unit_price_minor, cancelled, returned
    FROM stage_shop_order_line s
    WHERE NOT EXISTS (SELECT FROM stage_order k WHERE k.number = s.order_number AND NOT k.contents_changed)
    ON CONFLICT (line_id) DO UPDATE SET position = EXCLUDED.position, sku = EXCLUDED.sku, title = EXCLUDED.title,
        quantity = EXCLUDED.quantity, unit_price_minor = EXCLUDED.unit_price_minor, cancelled = EXCLUDED.cancelled,
        returned = EXCLUDED.returned
    """,
    """
    DELETE FROM shop_order_line l USING stage_order k
    WHERE k.number = l.order_number AND k.contents_changed AND l.position < 0
    """,
)

_PAYMENTS = (
    """
    UPDATE shop_payment p SET method = s.method, method_id = s.method_id, amount_minor = s.amount_minor
    FROM stage_order o JOIN stage_shop_payment s ON s.order_number = o.number
    WHERE o.contents_changed AND s.payment_id = p.payment_id
    """,
    """
    UPDATE shop_payment p SET state = s.state, captured_at = s.captured_at
    FROM stage_payment k JOIN stage_shop_payment s USING (payment_id)
    WHERE k.payment_id = p.payment_id AND k.file_state <> k.base_state
    """,
    """
    UPDATE shop_payment p SET refunded_minor = k.file_back FROM stage_payment k
    WHERE k.payment_id = p.payment_id AND k.file_back <> k.base_back
    """,
    """
    INSERT INTO shop_payment (payment_id, order_number, method, amount_minor, currency, state, captured_at, method_id,
        refunded_minor)
    SELECT payment_id, order_number, method, amount_minor, currency, state, captured_at, method_id, refunded_minor
    FROM stage_shop_payment s WHERE NOT EXISTS (SELECT FROM stage_payment k WHERE k.payment_id = s.payment_id)
    """,
    """
    INSERT INTO shop_refund (refund_id, order_number, payment_id, amount_minor, currency, to_kind, to_method_id, reason,
        effect_key)
    SELECT 'import-' || md5(s.payment_id || ':' || s.refunded_minor), s.order_number, s.payment_id,
        s.refunded_minor - COALESCE(k.now_back, 0), s.currency, s.method, s.method_id, 'import',
        'import:' || s.payment_id
    FROM stage_shop_payment s LEFT JOIN stage_payment k USING (payment_id)
    WHERE s.refunded_minor > COALESCE(k.now_back, 0) AND k.file_back IS DISTINCT FROM k.base_back
        OR k.payment_id IS NULL AND s.refunded_minor > 0
    """,
)

_SHIPMENT_TAKEN = f"""(i.id IS NULL OR s.state <> i.base ->> 'state') AND NOT COALESCE(
        p.state <> i.base ->> 'state' AND ({_SCANS.format("p.state")} > {_SCANS.format("s.state")}
            OR {_SCANS.format("p.state")} IS NULL AND {_SCANS.format("s.state")} < 4), false)"""

_MOVED = f"""
    INSERT INTO stage_moved SELECT p.order_number, p.shipment_id, s.state, p.state = 'label_created'
    FROM stage_shop_shipment s JOIN shop_shipment p USING (shipment_id)
    LEFT JOIN shop_import i ON i.kind = 'shipment' AND i.id = s.shipment_id
    WHERE s.state <> p.state AND {_SHIPMENT_TAKEN}
"""  # noqa: S608 - of constants
"""Known parcels that the import is about to move."""

AWAITED = """
    SELECT m.order_number, m.shipment_id, m.state, m.sent
    FROM stage_moved m JOIN shop_order o ON o.number = m.order_number
    WHERE EXISTS (SELECT FROM flow f WHERE f.order_number = m.order_number AND f.kind = 'outreach'
            AND f.state <> 'closed' AND f.request ->> 'shipment_id' = m.shipment_id)
        OR m.sent AND EXISTS (
            SELECT FROM commitment c JOIN interaction n ON n.id = c.interaction_id
            JOIN customer u ON u.id = n.customer_id
            WHERE c.closed_at IS NULL AND c.fulfilled_by = 'shipment' AND (c.order_number = m.order_number
                OR c.order_number = '' AND (u.shop_customer_id = o.customer_id
                    OR n.triage -> 'entities' -> 'order_numbers' ? m.order_number)))
"""
"""The moved parcels that somebody waits for: order, shipment, state, and whether it had not left before."""

_SHIPMENTS = (
    f"""
    UPDATE shop_shipment p SET carrier = s.carrier, tracking_number = s.tracking_number,
        state = CASE WHEN {_SHIPMENT_TAKEN} THEN s.state ELSE p.state END,
        shipped_at = LEAST(p.shipped_at, s.shipped_at),
        delivered_at = CASE WHEN {_SHIPMENT_TAKEN} THEN COALESCE(s.delivered_at, p.delivered_at)
            ELSE COALESCE(p.delivered_at, s.delivered_at) END,
        expected_on = CASE WHEN {_SHIPMENT_TAKEN} THEN COALESCE(s.expected_on, p.expected_on)
            ELSE COALESCE(p.expected_on, s.expected_on) END,
        last_scan_at = GREATEST(p.last_scan_at, s.last_scan_at)
    FROM stage_shop_shipment s LEFT JOIN shop_import i ON i.kind = 'shipment' AND i.id = s.shipment_id
    WHERE s.shipment_id = p.shipment_id
    """,  # noqa: S608 - of constants
    """
    INSERT INTO shop_shipment (shipment_id, order_number, state, carrier, tracking_number, shipped_at, expected_on,
        delivered_at, last_scan_at)
    SELECT shipment_id, order_number, state, carrier, tracking_number, shipped_at, expected_on, delivered_at,
        last_scan_at
    FROM stage_shop_shipment s WHERE NOT EXISTS (SELECT FROM shop_shipment p WHERE p.shipment_id = s.shipment_id)
    """,
    """
    INSERT INTO shop_shipment_line (shipment_id, line_id, quantity)
    SELECT shipment_id, line_id, quantity FROM stage_shop_shipment_line
    """,
)

_KEPT = """
    INSERT INTO shop_import (kind, id, print, base, at)
    SELECT kind, id, print, base, clock_timestamp() FROM stage_shop_import
    ON CONFLICT (kind, id) DO UPDATE SET print = EXCLUDED.print, base = EXCLUDED.base, at = EXCLUDED.at
"""

_PROGRESS = PROGRESS.format(numbers="ANY (ARRAY(SELECT order_number FROM stage_moved))")

WRITE = (*_CUSTOMERS, *_PRODUCTS, *_ORDERS, *_PAYMENTS, _MOVED, *_SHIPMENTS, _PROGRESS, _KEPT)
"""Parents before children."""
