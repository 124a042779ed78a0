"""Foundation"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store.journal import Xid8

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "agent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("load", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_offers", sa.Integer(), nullable=False),
        sa.Column("idle_since", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.CheckConstraint("capacity >= 0", name="agent_capacity_not_negative"),
        sa.CheckConstraint("load >= 0 AND load <= capacity", name="agent_load_within_capacity"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "api_token",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "article",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('published', 'superseded')", name="article_state_known"),
        sa.CheckConstraint("version > 0", name="article_version_positive"),
        sa.PrimaryKeyConstraint("article_id"),
        sa.UniqueConstraint("slug", "language", "version", name="article_version_once"),
    )
    op.create_index(
        "article_published_once",
        "article",
        ["slug", "language"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("shop_customer_id", sa.String(), nullable=True),
        sa.Column("holder_kind", sa.String(), nullable=False),
        sa.Column("holder_id", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_customer_shop_customer_id"), "customer", ["shop_customer_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("answers_seq", sa.Integer(), nullable=False),
        sa.Column("question", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("citations", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_draft_interaction_id"), "draft", ["interaction_id"], unique=False)
    op.create_table(
        "fault",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("interaction_id", sa.String(), nullable=True),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("journal_feed", "journal", ["xid", "id"], unique=False)
    op.create_index("journal_of_interaction", "journal", ["interaction_id", "id"], unique=False)
    op.create_index(
        "journal_seq", "journal", ["interaction_id", "seq"], unique=True, postgresql_where=sa.text("seq IS NOT NULL")
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=True),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("entry", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("outbox_waiting", "outbox", ["id"], unique=False, postgresql_where=sa.text("dead IS NULL"))
    op.create_index("outbox_workflow", "outbox", ["workflow_id"], unique=False)
    op.create_table(
        "policy_version",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column(
            "activated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "quarantined",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "shop_customer",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="shop_customer_currency_iso"),
        sa.CheckConstraint("email = lower(email)", name="shop_customer_email_lower_case"),
        sa.PrimaryKeyConstraint("customer_id"),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "shop_product",
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('english'::regconfig, title), 'A') || setweight(to_tsvector('english'::regconfig, category), 'B') || setweight(to_tsvector('english'::regconfig, description), 'C') || setweight(jsonb_to_tsvector('english'::regconfig, attributes, '[\"key\", \"string\"]'::jsonb), 'D')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("product_id"),
    )
    op.create_index("shop_product_search", "shop_product", ["search"], unique=False, postgresql_using="gin")
    op.create_table(
        "suggestion",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("suggestion_of", "suggestion", ["interaction_id"], unique=False)
    op.create_index("suggestion_of_draft", "suggestion", ["draft_id"], unique=True)
    op.create_index(
        "suggestion_pending", "suggestion", ["customer_id"], unique=False, postgresql_where=sa.text("state = 'pending'")
    )
    op.create_table(
        "team",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("wake_pending_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "agent_team",
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["team_id"],
            ["team.id"],
        ),
        sa.PrimaryKeyConstraint("agent_id", "team_id"),
    )
    op.create_index(op.f("ix_agent_team_team_id"), "agent_team", ["team_id"], unique=False)
    op.create_table(
        "article_passage",
        sa.Column("passage_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "CASE language WHEN 'en' THEN setweight(to_tsvector('english'::regconfig, title), 'A') || setweight(to_tsvector('english'::regconfig, heading), 'B') || setweight(to_tsvector('english'::regconfig, text), 'D') WHEN 'de' THEN setweight(to_tsvector('german'::regconfig, title), 'A') || setweight(to_tsvector('german'::regconfig, heading), 'B') || setweight(to_tsvector('german'::regconfig, text), 'D') WHEN 'es' THEN setweight(to_tsvector('spanish'::regconfig, title), 'A') || setweight(to_tsvector('spanish'::regconfig, heading), 'B') || setweight(to_tsvector('spanish'::regconfig, text), 'D') WHEN 'fr' THEN setweight(to_tsvector('french'::regconfig, title), 'A') || setweight(to_tsvector('french'::regconfig, heading), 'B') || setweight(to_tsvector('french'::regconfig, text), 'D') ELSE setweight(to_tsvector('simple'::regconfig, title), 'A') || setweight(to_tsvector('simple'::regconfig, heading), 'B') || setweight(to_tsvector('simple'::regconfig, text), 'D') END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.article_id"],
        ),
        sa.PrimaryKeyConstraint("passage_id"),
        sa.UniqueConstraint("article_id", "position", name="article_passage_position_once"),
    )
    op.create_index("article_passage_search", "article_passage", ["search"], unique=False, postgresql_using="gin")
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("thread_key", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_out", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account", "thread_key"),
    )
    op.create_index("conversation_of", "conversation", ["customer_id"], unique=False)
    op.create_index(op.f("ix_conversation_interaction_id"), "conversation", ["interaction_id"], unique=False)
    op.create_table(
        "desk_session",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("identity_of", "identity", ["customer_id"], unique=False)
    op.create_index(
        "identity_verified", "identity", ["kind", "value"], unique=True, postgresql_where=sa.text("verified")
    )
    op.create_table(
        "interaction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("handled_seq", sa.Integer(), nullable=False),
        sa.Column("last_customer_seq", sa.Integer(), nullable=False),
        sa.Column("next_step_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("triage", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("plan", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("questions_asked", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("linked_to", sa.String(), nullable=True),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "interaction_due",
        "interaction",
        ["next_step_due"],
        unique=False,
        postgresql_where=sa.text("state <> 'resolved'"),
    )
    op.create_index(
        "interaction_open_of",
        "interaction",
        ["customer_id"],
        unique=False,
        postgresql_where=sa.text("state <> 'resolved'"),
    )
    op.create_index(op.f("ix_interaction_customer_id"), "interaction", ["customer_id"], unique=False)
    op.create_table(
        "shop_order",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shipping_minor", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("shipping_method", sa.String(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="shop_order_currency_iso"),
        sa.CheckConstraint(
            "state IN ('pending', 'paid', 'partly_shipped', 'shipped', 'delivered', 'cancelled', 'returned')",
            name="shop_order_state_known",
        ),
        sa.CheckConstraint("shipping_minor >= 0", name="shop_order_shipping_not_negative"),
        sa.CheckConstraint("total_minor >= shipping_minor", name="shop_order_total_covers_shipping"),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["shop_customer.customer_id"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(
        "shop_order_of_customer", "shop_order", ["customer_id", sa.literal_column("placed_at DESC")], unique=False
    )
    op.create_table(
        "shop_variant",
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="shop_variant_currency_iso"),
        sa.CheckConstraint("price_minor >= 0", name="shop_variant_price_not_negative"),
        sa.CheckConstraint("stock >= 0", name="shop_variant_stock_not_negative"),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["shop_product.product_id"],
        ),
        sa.PrimaryKeyConstraint("sku"),
        sa.UniqueConstraint("product_id", "position", name="shop_variant_position_once"),
    )
    op.create_index(op.f("ix_shop_variant_product_id"), "shop_variant", ["product_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("provider_message_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("raw_body", sa.Text(), nullable=False),
        sa.Column("citations", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("references", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("out_seq", sa.Integer(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("answers_seq", sa.Integer(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account", "provider_message_id"),
    )
    op.create_index("message_of_interaction", "message", ["interaction_id", "created_at"], unique=False)
    op.create_index("message_timeline", "message", ["conversation_id", "seq"], unique=False)
    op.create_index(
        "message_unsent",
        "message",
        ["conversation_id", "out_seq"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'sending', 'unknown')"),
    )
    op.create_table(
        "shop_order_line",
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="shop_order_line_quantity_positive"),
        sa.CheckConstraint("unit_price_minor >= 0", name="shop_order_line_price_not_negative"),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_order.number"],
        ),
        sa.ForeignKeyConstraint(
            ["sku"],
            ["shop_variant.sku"],
        ),
        sa.PrimaryKeyConstraint("line_id"),
        sa.UniqueConstraint("order_number", "position", name="shop_order_line_position_once"),
    )
    op.create_index(op.f("ix_shop_order_line_sku"), "shop_order_line", ["sku"], unique=False)
    op.create_table(
        "shop_payment",
        sa.Column("payment_id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="shop_payment_currency_iso"),
        sa.CheckConstraint("state <> 'captured' OR captured_at IS NOT NULL", name="shop_payment_captured_when"),
        sa.CheckConstraint("state IN ('pending', 'captured', 'voided', 'refunded')", name="shop_payment_state_known"),
        sa.CheckConstraint("amount_minor >= 0", name="shop_payment_amount_not_negative"),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_order.number"],
        ),
        sa.PrimaryKeyConstraint("payment_id"),
    )
    op.create_index(op.f("ix_shop_payment_order_number"), "shop_payment", ["order_number"], unique=False)
    op.create_table(
        "shop_shipment",
        sa.Column("shipment_id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("tracking_number", sa.String(), nullable=False),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_scan_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'delivered' OR delivered_at IS NOT NULL", name="shop_shipment_delivered_when"),
        sa.CheckConstraint("state = 'label_created' OR shipped_at IS NOT NULL", name="shop_shipment_shipped_when"),
        sa.CheckConstraint(
            "state IN ('label_created', 'in_transit', 'out_for_delivery', 'delivered', 'exception', 'returned')",
            name="shop_shipment_state_known",
        ),
        sa.CheckConstraint("delivered_at >= shipped_at", name="shop_shipment_shipped_before_delivered"),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["shop_order.number"],
        ),
        sa.PrimaryKeyConstraint("shipment_id"),
        sa.UniqueConstraint("carrier", "tracking_number", name="shop_shipment_tracking_once"),
    )
    op.create_index(op.f("ix_shop_shipment_order_number"), "shop_shipment", ["order_number"], unique=False)
    op.create_table(
        "work_item",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rank", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("requirement_key", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("offer_seconds", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("brief", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interaction.id"],
        ),
        sa.ForeignKeyConstraint(
            ["team_id"],
            ["team.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "work_item_held",
        "work_item",
        ["agent_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('offered', 'assigned')"),
    )
    op.create_index("work_item_of", "work_item", ["interaction_id"], unique=False)
    op.create_index(
        "work_item_offered",
        "work_item",
        ["team_id", "offered_until"],
        unique=False,
        postgresql_where=sa.text("state = 'offered'"),
    )
    op.create_index(
        "work_item_open",
        "work_item",
        ["interaction_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'offered', 'assigned')"),
    )
    op.create_index(
        "work_item_waiting",
        "work_item",
        ["team_id", "requirement_key", "cost", "rank", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_attachment_message_id"), "attachment", ["message_id"], unique=False)
    op.create_table(
        "shop_shipment_line",
        sa.Column("shipment_id", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="shop_shipment_line_quantity_positive"),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["shop_order_line.line_id"],
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"],
            ["shop_shipment.shipment_id"],
        ),
        sa.PrimaryKeyConstraint("shipment_id", "line_id"),
    )
    op.create_index(op.f("ix_shop_shipment_line_line_id"), "shop_shipment_line", ["line_id"], unique=False)
    op.create_table(
        "work_pass",
        sa.Column("work_item_id", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["work_item_id"],
            ["work_item.id"],
        ),
        sa.PrimaryKeyConstraint("work_item_id", "agent_id"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("work_pass")
    op.drop_index(op.f("ix_shop_shipment_line_line_id"), table_name="shop_shipment_line")
    op.drop_table("shop_shipment_line")
    op.drop_index(op.f("ix_attachment_message_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("work_item_waiting", table_name="work_item", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index(
        "work_item_open",
        table_name="work_item",
        postgresql_where=sa.text("state IN ('waiting', 'offered', 'assigned')"),
    )
    op.drop_index("work_item_offered", table_name="work_item", postgresql_where=sa.text("state = 'offered'"))
    op.drop_index("work_item_of", table_name="work_item")
    op.drop_index(
        "work_item_held", table_name="work_item", postgresql_where=sa.text("state IN ('offered', 'assigned')")
    )
    op.drop_table("work_item")
    op.drop_index(op.f("ix_shop_shipment_order_number"), table_name="shop_shipment")
    op.drop_table("shop_shipment")
    op.drop_index(op.f("ix_shop_payment_order_number"), table_name="shop_payment")
    op.drop_table("shop_payment")
    op.drop_index(op.f("ix_shop_order_line_sku"), table_name="shop_order_line")
    op.drop_table("shop_order_line")
    op.drop_index(
        "message_unsent", table_name="message", postgresql_where=sa.text("state IN ('queued', 'sending', 'unknown')")
    )
    op.drop_index("message_timeline", table_name="message")
    op.drop_index("message_of_interaction", table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_shop_variant_product_id"), table_name="shop_variant")
    op.drop_table("shop_variant")
    op.drop_index("shop_order_of_customer", table_name="shop_order")
    op.drop_table("shop_order")
    op.drop_index(op.f("ix_interaction_customer_id"), table_name="interaction")
    op.drop_index("interaction_open_of", table_name="interaction", postgresql_where=sa.text("state <> 'resolved'"))
    op.drop_index("interaction_due", table_name="interaction", postgresql_where=sa.text("state <> 'resolved'"))
    op.drop_table("interaction")
    op.drop_index("identity_verified", table_name="identity", postgresql_where=sa.text("verified"))
    op.drop_index("identity_of", table_name="identity")
    op.drop_table("identity")
    op.drop_table("desk_session")
    op.drop_index(op.f("ix_conversation_interaction_id"), table_name="conversation")
    op.drop_index("conversation_of", table_name="conversation")
    op.drop_table("conversation")
    op.drop_index("article_passage_search", table_name="article_passage", postgresql_using="gin")
    op.drop_table("article_passage")
    op.drop_index(op.f("ix_agent_team_team_id"), table_name="agent_team")
    op.drop_table("agent_team")
    op.drop_table("team")
    op.drop_index("suggestion_pending", table_name="suggestion", postgresql_where=sa.text("state = 'pending'"))
    op.drop_index("suggestion_of_draft", table_name="suggestion")
    op.drop_index("suggestion_of", table_name="suggestion")
    op.drop_table("suggestion")
    op.drop_index("shop_product_search", table_name="shop_product", postgresql_using="gin")
    op.drop_table("shop_product")
    op.drop_table("shop_customer")
    op.drop_table("quarantined")
    op.drop_table("policy_version")
    op.drop_index("outbox_workflow", table_name="outbox")
    op.drop_index("outbox_waiting", table_name="outbox", postgresql_where=sa.text("dead IS NULL"))
    op.drop_table("outbox")
    op.drop_index("journal_seq", table_name="journal", postgresql_where=sa.text("seq IS NOT NULL"))
    op.drop_index("journal_of_interaction", table_name="journal")
    op.drop_index("journal_feed", table_name="journal")
    op.drop_table("journal")
    op.drop_table("fault")
    op.drop_index(op.f("ix_draft_interaction_id"), table_name="draft")
    op.drop_table("draft")
    op.drop_index(op.f("ix_customer_shop_customer_id"), table_name="customer")
    op.drop_table("customer")
    op.drop_index("article_published_once", table_name="article", postgresql_where=sa.text("state = 'published'"))
    op.drop_table("article")
    op.drop_table("api_token")
    op.drop_table("agent")
