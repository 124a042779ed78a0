"""Flows"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "flow",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("shop_customer_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("interaction_id", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("request", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("verdict", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("handled_seq", sa.Integer(), nullable=False),
        sa.Column("next_step_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("flow_due", "flow", ["next_step_due"], unique=False, postgresql_where=sa.text("state <> 'closed'"))
    op.create_index("flow_intent", "flow", ["intent"], unique=True)
    op.create_index("flow_of_customer", "flow", ["shop_customer_id"], unique=False)
    op.create_index("flow_of_interaction", "flow", ["interaction_id"], unique=False)
    op.create_index("flow_of_order", "flow", ["order_number"], unique=False)
    op.create_table(
        "shop_effect",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("answer", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_shop_effect_order_number"), "shop_effect", ["order_number"], unique=False)
    op.create_table(
        "shop_import",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("print", sa.String(), nullable=False),
        sa.Column("base", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("kind", "id"),
    )
    op.create_table(
        "shop_tracking_event",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("shipment_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True
        ),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index("shop_tracking_event_of", "shop_tracking_event", ["shipment_id", "at"], unique=False)
    op.create_table(
        "flow_claim",
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="flow_claim_quantity_positive"),
        sa.ForeignKeyConstraint(
            ["flow_id"],
            ["flow.id"],
        ),
        sa.PrimaryKeyConstraint("flow_id", "line_id"),
    )
    op.create_index("flow_claim_of_order", "flow_claim", ["order_number"], unique=False)
    op.create_table(
        "flow_step",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("result", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["flow_id"],
            ["flow.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("flow_step_once", "flow_step", ["flow_id", "name"], unique=True)
    op.create_table(
        "flow_task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["flow_id"],
            ["flow.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("flow_task_once", "flow_task", ["flow_id", "key"], unique=True)
    op.create_index(
        "flow_task_open", "flow_task", ["team_id", "due_at"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "inquiry",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flow_id"],
            ["flow.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("inquiry_of_flow", "inquiry", ["flow_id"], unique=True)
    op.create_table(
        "shop_payment_method",
        sa.Column("method_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("balance_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('gift_card', 'store_credit')) = (balance_minor IS NOT NULL)",
            name="shop_payment_method_balance_where_it_holds_money",
        ),
        sa.CheckConstraint("balance_minor >= 0", name="shop_payment_method_balance_not_negative"),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["shop_customer.customer_id"],
        ),
        sa.PrimaryKeyConstraint("method_id"),
    )
    op.create_index(op.f("ix_shop_payment_method_customer_id"), "shop_payment_method", ["customer_id"], unique=False)
    op.create_index(
        "shop_store_credit_of",
        "shop_payment_method",
        ["customer_id", "currency"],
        unique=True,
        postgresql_where=sa.text("kind = 'store_credit'"),
    )
    op.create_table(
        "flow_wish",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("request", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("flow_id", sa.String(), nullable=True),
        sa.Column("closing_draft_id", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interaction.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("flow_wish_of", "flow_wish", ["interaction_id", "seq"], unique=False)
    op.create_index("flow_wish_of_draft", "flow_wish", ["draft_id"], unique=True)
    op.create_table(
        "shop_hold",
        sa.Column("hold_id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("shipment_id", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('held', 'shipped', 'released')", name="shop_hold_state_known"),
        sa.CheckConstraint("quantity > 0", name="shop_hold_quantity_positive"),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_order.number"],
        ),
        sa.ForeignKeyConstraint(
            ["sku"],
            ["shop_variant.sku"],
        ),
        sa.PrimaryKeyConstraint("hold_id"),
    )
    op.create_index("shop_hold_of_order", "shop_hold", ["order_number"], unique=False)
    op.create_table(
        "shop_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_order.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_shop_note_order_number"), "shop_note", ["order_number"], unique=False)
    op.create_table(
        "shop_payment_link",
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("payment_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.CheckConstraint("state IN ('open', 'paid', 'closed')", name="shop_payment_link_state_known"),
        sa.CheckConstraint("amount_minor > 0", name="shop_payment_link_amount_positive"),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_order.number"],
        ),
        sa.PrimaryKeyConstraint("link_id"),
    )
    op.create_index(op.f("ix_shop_payment_link_order_number"), "shop_payment_link", ["order_number"], unique=False)
    op.create_table(
        "shop_return",
        sa.Column("return_id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("exchange", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("refund_to", sa.String(), nullable=False),
        sa.Column("method_id", sa.String(), nullable=False),
        sa.Column("difference_minor", sa.Integer(), nullable=False),
        sa.Column("label_state", sa.String(), nullable=False),
        sa.Column("label_code", sa.String(), nullable=True),
        sa.Column("drop_off", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("label_state IN ('', 'issued', 'used', 'voided')", name="shop_return_label_state_known"),
        sa.CheckConstraint("state IN ('open', 'closed', 'cancelled')", name="shop_return_state_known"),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_order.number"],
        ),
        sa.PrimaryKeyConstraint("return_id"),
        sa.UniqueConstraint("label_code"),
    )
    op.create_index("shop_return_of_order", "shop_return", ["order_number"], unique=False)
    op.create_table(
        "shop_stock_move",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("effect_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.ForeignKeyConstraint(
            ["sku"],
            ["shop_variant.sku"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("shop_stock_move_of", "shop_stock_move", ["sku"], unique=False)
    op.create_table(
        "shop_refund",
        sa.Column("refund_id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("payment_id", sa.String(), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("to_kind", sa.String(), nullable=False),
        sa.Column("to_method_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("effect_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.CheckConstraint("amount_minor >= 0", name="shop_refund_amount_not_negative"),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_order.number"],
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["shop_payment.payment_id"],
        ),
        sa.PrimaryKeyConstraint("refund_id"),
    )
    op.create_index(op.f("ix_shop_refund_effect_key"), "shop_refund", ["effect_key"], unique=False)
    op.create_index("shop_refund_of_order", "shop_refund", ["order_number"], unique=False)
    op.create_table(
        "shop_return_line",
        sa.Column("return_id", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("restocked", sa.Integer(), nullable=False),
        sa.Column("new_sku", sa.String(), nullable=False),
        sa.CheckConstraint(
            "accepted >= 0 AND accepted <= received AND received <= quantity", name="shop_return_line_counts"
        ),
        sa.CheckConstraint("quantity > 0", name="shop_return_line_quantity_positive"),
        sa.CheckConstraint("restocked BETWEEN 0 AND accepted", name="shop_return_line_restocked_what_was_accepted"),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["shop_order_line.line_id"],
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["shop_return.return_id"],
        ),
        sa.PrimaryKeyConstraint("return_id", "line_id", "new_sku"),
    )
    op.create_index(op.f("ix_shop_return_line_line_id"), "shop_return_line", ["line_id"], unique=False)
    op.add_column("journal", sa.Column("flow_id", sa.String(), nullable=True))
    op.create_index(
        "journal_flow_seq",
        "journal",
        ["flow_id", "seq"],
        unique=True,
        postgresql_where=sa.text("flow_id IS NOT NULL AND seq IS NOT NULL"),
    )
    op.create_index(
        "journal_of_flow", "journal", ["flow_id", "id"], unique=False, postgresql_where=sa.text("flow_id IS NOT NULL")
    )
    op.add_column("outbox", sa.Column("flow_id", sa.String(), nullable=True))
    op.add_column(
        "shop_customer",
        sa.Column(
            "address",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "shop_customer",
        sa.Column(
            "flags",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "shop_customer",
        sa.Column(
            "contact_by",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[\"email\"]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "shop_order",
        sa.Column(
            "address",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "shop_order", sa.Column("items_changed", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("shop_order", sa.Column("cancel_reason", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("shop_order_line", sa.Column("cancelled", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("shop_order_line", sa.Column("returned", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("shop_payment", sa.Column("method_id", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column(
        "shop_payment", sa.Column("refunded_minor", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("shop_payment", sa.Column("effect_key", sa.String(), server_default=sa.text("''"), nullable=False))
    op.create_index(
        "shop_shipment_waited_for",
        "shop_shipment",
        ["expected_on"],
        unique=False,
        postgresql_where=sa.text("state <> 'delivered'"),
    )
    op.add_column("suggestion", sa.Column("flow_id", sa.String(), nullable=True))
    op.create_index(
        "suggestion_unsaid",
        "suggestion",
        ["customer_id"],
        unique=False,
        postgresql_where=sa.text("flow_id IS NOT NULL AND state IN ('pending', 'dismissed')"),
    )
    op.drop_index("journal_seq", table_name="journal")
    op.create_index(
        "journal_seq",
        "journal",
        ["interaction_id", "seq"],
        unique=True,
        postgresql_where=sa.text("seq IS NOT NULL AND flow_id IS NULL"),
    )
    op.execute("UPDATE shop_payment SET refunded_minor = amount_minor WHERE state = 'refunded'")
    op.create_check_constraint(
        "shop_payment_refunded_at_most_paid", "shop_payment", "refunded_minor BETWEEN 0 AND amount_minor"
    )
    op.create_check_constraint(
        "shop_order_line_units_once",
        "shop_order_line",
        "cancelled >= 0 AND returned >= 0 AND cancelled + returned <= quantity",
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index(
        "suggestion_unsaid",
        table_name="suggestion",
        postgresql_where=sa.text("flow_id IS NOT NULL AND state IN ('pending', 'dismissed')"),
    )
    op.drop_column("suggestion", "flow_id")
    op.drop_index(
        "shop_shipment_waited_for", table_name="shop_shipment", postgresql_where=sa.text("state <> 'delivered'")
    )
    op.drop_column("shop_payment", "effect_key")
    op.drop_column("shop_payment", "refunded_minor")
    op.drop_column("shop_payment", "method_id")
    op.drop_column("shop_order_line", "returned")
    op.drop_column("shop_order_line", "cancelled")
    op.drop_column("shop_order", "cancel_reason")
    op.drop_column("shop_order", "items_changed")
    op.drop_column("shop_order", "address")
    op.drop_column("shop_customer", "contact_by")
    op.drop_column("shop_customer", "flags")
    op.drop_column("shop_customer", "address")
    op.drop_column("outbox", "flow_id")
    op.drop_index("journal_of_flow", table_name="journal", postgresql_where=sa.text("flow_id IS NOT NULL"))
    op.drop_index(
        "journal_flow_seq", table_name="journal", postgresql_where=sa.text("flow_id IS NOT NULL AND seq IS NOT NULL")
    )
    op.drop_column("journal", "flow_id")
    op.drop_index(op.f("ix_shop_return_line_line_id"), table_name="shop_return_line")
    op.drop_table("shop_return_line")
    op.drop_index("shop_refund_of_order", table_name="shop_refund")
    op.drop_index(op.f("ix_shop_refund_effect_key"), table_name="shop_refund")
    op.drop_table("shop_refund")
    op.drop_index("shop_stock_move_of", table_name="shop_stock_move")
    op.drop_table("shop_stock_move")
    op.drop_index("shop_return_of_order", table_name="shop_return")
    op.drop_table("shop_return")
    op.drop_index(op.f("ix_shop_payment_link_order_number"), table_name="shop_payment_link")
    op.drop_table("shop_payment_link")
    op.drop_index(op.f("ix_shop_note_order_number"), table_name="shop_note")
    op.drop_table("shop_note")
    op.drop_index("shop_hold_of_order", table_name="shop_hold")
    op.drop_table("shop_hold")
    op.drop_index("flow_wish_of_draft", table_name="flow_wish")
    op.drop_index("flow_wish_of", table_name="flow_wish")
    op.drop_table("flow_wish")
    op.drop_index(
        "shop_store_credit_of", table_name="shop_payment_method", postgresql_where=sa.text("kind = 'store_credit'")
    )
    op.drop_index(op.f("ix_shop_payment_method_customer_id"), table_name="shop_payment_method")
    op.drop_table("shop_payment_method")
    op.drop_index("inquiry_of_flow", table_name="inquiry")
    op.drop_table("inquiry")
    op.drop_index("flow_task_open", table_name="flow_task", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("flow_task_once", table_name="flow_task")
    op.drop_table("flow_task")
    op.drop_index("flow_step_once", table_name="flow_step")
    op.drop_table("flow_step")
    op.drop_index("flow_claim_of_order", table_name="flow_claim")
    op.drop_table("flow_claim")
    op.drop_index("shop_tracking_event_of", table_name="shop_tracking_event")
    op.drop_table("shop_tracking_event")
    op.drop_table("shop_import")
    op.drop_index(op.f("ix_shop_effect_order_number"), table_name="shop_effect")
    op.drop_table("shop_effect")
    op.drop_index("flow_of_order", table_name="flow")
    op.drop_index("flow_of_interaction", table_name="flow")
    op.drop_index("flow_of_customer", table_name="flow")
    op.drop_index("flow_intent", table_name="flow")
    op.drop_index("flow_due", table_name="flow", postgresql_where=sa.text("state <> 'closed'"))
    op.drop_table("flow")
    op.drop_index("journal_seq", table_name="journal")
    op.create_index(
        "journal_seq", "journal", ["interaction_id", "seq"], unique=True, postgresql_where=sa.text("seq IS NOT NULL")
    )
