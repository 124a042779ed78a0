"""Assistant"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "ai_switch",
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("stopped_by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("cell"),
    )
    op.create_table(
        "claimed_order",
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("interaction_id", "number"),
    )
    op.create_table(
        "identity_proof",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("tried", sa.String(), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("shop_customer_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("claim"),
    )
    op.create_index("identity_proof_tried", "identity_proof", ["tried", "at"], unique=False)
    op.create_index(op.f("ix_identity_proof_interaction_id"), "identity_proof", ["interaction_id"], unique=False)
    op.create_table(
        "knowledge_gap",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_knowledge_gap_interaction_id"), "knowledge_gap", ["interaction_id"], unique=False)
    op.create_index("knowledge_gap_at", "knowledge_gap", ["at"], unique=False)
    op.create_index("knowledge_gap_of", "knowledge_gap", ["message_id"], unique=True)
    op.create_index(
        "knowledge_gap_open", "knowledge_gap", ["at"], unique=False, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_table(
        "model_usage",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("cost_microdollars", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_model_usage_interaction_id"), "model_usage", ["interaction_id"], unique=False)
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("shop_customer_id", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("one_time_code_for", "one_time_code", ["address", "sent_at"], unique=False)
    op.create_index("one_time_code_of", "one_time_code", ["interaction_id", "message_id"], unique=True)
    op.create_table(
        "proof_request",
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("interaction_id", "message_id"),
    )
    op.create_table(
        "recall",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug", "version", "language", name="recall_once"),
    )
    op.create_table(
        "recall_notice",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("recall_id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.PrimaryKeyConstraint("slug", "version", "language", "customer_id"),
    )
    op.create_table(
        "satisfaction",
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="satisfaction_score_known"),
        sa.PrimaryKeyConstraint("interaction_id"),
    )
    op.create_index("satisfaction_asked", "satisfaction", ["customer_id", "asked_at"], unique=False)
    op.create_index(
        "satisfaction_due",
        "satisfaction",
        ["next_step_due"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'asking')"),
    )
    op.create_index(
        "satisfaction_given",
        "satisfaction",
        ["answered_at"],
        unique=False,
        postgresql_where=sa.text("score IS NOT NULL"),
    )
    op.add_column("article_passage", sa.Column("asked", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column(
        "article_passage",
        sa.Column(
            "asked_search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "CASE language WHEN 'en' THEN setweight(to_tsvector('english'::regconfig, asked), 'C') WHEN 'de' THEN setweight(to_tsvector('german'::regconfig, asked), 'C') WHEN 'es' THEN setweight(to_tsvector('spanish'::regconfig, asked), 'C') WHEN 'fr' THEN setweight(to_tsvector('french'::regconfig, asked), 'C') ELSE setweight(to_tsvector('simple'::regconfig, asked), 'C') END",
                persisted=True,
            ),
            nullable=False,
        ),
    )
    op.create_index("article_passage_asked", "article_passage", ["asked_search"], unique=False, postgresql_using="gin")
    op.add_column("draft", sa.Column("asks_proof", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("draft", sa.Column("cell", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("draft", sa.Column("mode", sa.String(), server_default=sa.text("'auto'"), nullable=False))
    op.add_column("draft", sa.Column("judged_by", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("draft", sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("draft", sa.Column("verdict", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("draft", sa.Column("why", sa.String(), server_default=sa.text("''"), nullable=False))
    op.create_index(
        "draft_judged_by_people", "draft", ["created_at"], unique=False, postgresql_where=sa.text("mode <> 'auto'")
    )
    op.add_column("interaction", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("interaction", sa.Column("taken_back_by", sa.String(), server_default=sa.text("''"), nullable=False))
    op.create_index(
        "interaction_closed", "interaction", ["closed_at"], unique=False, postgresql_where=sa.text("state = 'resolved'")
    )
    op.create_index(
        "interaction_taken_back",
        "interaction",
        ["taken_back_at"],
        unique=False,
        postgresql_where=sa.text("taken_back_at IS NOT NULL"),
    )
    op.create_index(
        "journal_handed_off", "journal", ["at"], unique=False, postgresql_where=sa.text("kind = 'handed_off'")
    )
    op.add_column("work_item", sa.Column("draft_id", sa.String(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("work_item", "draft_id")
    op.drop_index("journal_handed_off", table_name="journal", postgresql_where=sa.text("kind = 'handed_off'"))
    op.drop_index(
        "interaction_taken_back", table_name="interaction", postgresql_where=sa.text("taken_back_at IS NOT NULL")
    )
    op.drop_index("interaction_closed", table_name="interaction", postgresql_where=sa.text("state = 'resolved'"))
    op.drop_column("interaction", "taken_back_by")
    op.drop_column("interaction", "taken_back_at")
    op.drop_index("draft_judged_by_people", table_name="draft", postgresql_where=sa.text("mode <> 'auto'"))
    op.drop_column("draft", "why")
    op.drop_column("draft", "verdict")
    op.drop_column("draft", "judged_at")
    op.drop_column("draft", "judged_by")
    op.drop_column("draft", "mode")
    op.drop_column("draft", "cell")
    op.drop_column("draft", "asks_proof")
    op.drop_index("article_passage_asked", table_name="article_passage", postgresql_using="gin")
    op.drop_column("article_passage", "asked_search")
    op.drop_column("article_passage", "asked")
    op.drop_index("satisfaction_given", table_name="satisfaction", postgresql_where=sa.text("score IS NOT NULL"))
    op.drop_index(
        "satisfaction_due", table_name="satisfaction", postgresql_where=sa.text("state IN ('waiting', 'asking')")
    )
    op.drop_index("satisfaction_asked", table_name="satisfaction")
    op.drop_table("satisfaction")
    op.drop_table("recall_notice")
    op.drop_table("recall")
    op.drop_table("proof_request")
    op.drop_index("one_time_code_of", table_name="one_time_code")
    op.drop_index("one_time_code_for", table_name="one_time_code")
    op.drop_table("one_time_code")
    op.drop_index(op.f("ix_model_usage_interaction_id"), table_name="model_usage")
    op.drop_table("model_usage")
    op.drop_index("knowledge_gap_open", table_name="knowledge_gap", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index("knowledge_gap_of", table_name="knowledge_gap")
    op.drop_index("knowledge_gap_at", table_name="knowledge_gap")
    op.drop_index(op.f("ix_knowledge_gap_interaction_id"), table_name="knowledge_gap")
    op.drop_table("knowledge_gap")
    op.drop_index(op.f("ix_identity_proof_interaction_id"), table_name="identity_proof")
    op.drop_index("identity_proof_tried", table_name="identity_proof")
    op.drop_table("identity_proof")
    op.drop_table("claimed_order")
    op.drop_table("ai_switch")
