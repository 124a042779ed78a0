"""People and dispatch"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "commitment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("fulfilled_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("woken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interaction.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("commitment_by_due", "commitment", ["due_at"], unique=False)
    op.create_index(
        "commitment_due",
        "commitment",
        ["team_id", "next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index("commitment_of", "commitment", ["interaction_id"], unique=False)
    op.create_index("commitment_of_source", "commitment", ["source", "position"], unique=True)
    op.create_index(
        "commitment_unfulfilled",
        "commitment",
        ["fulfilled_by", "order_number"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "sla_clock",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("work_item_id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("paused_for", sa.String(), nullable=True),
        sa.Column("target_seconds", sa.Float(), nullable=False),
        sa.Column("warn_at_part", sa.Float(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_seconds", sa.Float(), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["work_item_id"],
            ["work_item.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "sla_clock_at_risk",
        "sla_clock",
        ["team_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("(warned_at IS NOT NULL OR breached_at IS NOT NULL) AND ended_at IS NULL"),
    )
    op.create_index(
        "sla_clock_due",
        "sla_clock",
        ["team_id", "next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "sla_clock_ended", "sla_clock", ["ended_at"], unique=False, postgresql_where=sa.text("ended_at IS NOT NULL")
    )
    op.create_index("sla_clock_of", "sla_clock", ["work_item_id"], unique=False)
    op.add_column("agent", sa.Column("presence_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "agent",
        sa.Column(
            "skills",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "agent",
        sa.Column(
            "languages",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[\"en\"]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("agent", sa.Column("kept_for", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column(
        "agent", sa.Column("shift", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column(
        "customer",
        sa.Column(
            "tags",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("customer", sa.Column("last_csat", sa.Integer(), nullable=True))
    op.add_column(
        "draft",
        sa.Column(
            "commitments",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("interaction", sa.Column("stage_due", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "interaction",
        sa.Column("shop_facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )
    op.add_column("interaction", sa.Column("shifted_to_ai_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("interaction", sa.Column("shifted_from", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("interaction", sa.Column("shifted_to_people_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "interaction_shifted",
        "interaction",
        ["shifted_from"],
        unique=False,
        postgresql_where=sa.text("shifted_from <> '' AND shifted_to_people_at IS NULL AND state <> 'resolved'"),
    )
    op.create_index(
        "journal_routed", "journal", ["at", "id"], unique=False, postgresql_where=sa.text("kind = 'routed'")
    )
    op.add_column(
        "policy_version", sa.Column("activated_by", sa.String(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("policy_version", sa.Column("restores", sa.Integer(), nullable=True))
    op.add_column("team", sa.Column("pressure", sa.String(), server_default=sa.text("'normal'"), nullable=False))
    op.add_column("team", sa.Column("pressure_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("team", sa.Column("estimated_wait_seconds", sa.Float(), nullable=True))
    op.add_column("team", sa.Column("handling_seconds", sa.Float(), nullable=True))
    op.add_column("work_item", sa.Column("taken", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column(
        "work_item", sa.Column("widening", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column("work_item", sa.Column("ring", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("work_item", sa.Column("own_agent_id", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("work_item", sa.Column("returning", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("work_item", sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column(
        "work_item", sa.Column("chosen", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column(
        "work_item", sa.Column("asks_decision", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("work_item", sa.Column("decision", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("work_item", sa.Column("decision_text", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("work_item", sa.Column("shifts_at", sa.String(), nullable=True))
    op.add_column("work_item", sa.Column("widen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("work_item", sa.Column("idle_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("work_item", sa.Column("parked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("work_item", sa.Column("parked_for", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("work_item", sa.Column("wrap_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("work_item", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(
        op.f("work_item_offered"), table_name="work_item", postgresql_where="((state)::text = 'offered'::text)"
    )
    op.create_index(
        "work_item_due",
        "work_item",
        ["team_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "work_item_finished",
        "work_item",
        ["team_id", "done_at"],
        unique=False,
        postgresql_where=sa.text("state = 'done'"),
    )
    op.create_index(
        "work_item_parked", "work_item", ["agent_id"], unique=False, postgresql_where=sa.text("state = 'parked'")
    )
    op.create_index(
        "work_item_shiftable",
        "work_item",
        ["team_id", "rank"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting' AND shifts_at IS NOT NULL"),
    )
    op.drop_index("work_item_open", table_name="work_item")
    op.create_index(
        "work_item_open",
        "work_item",
        ["interaction_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'offered', 'assigned', 'parked')"),
    )
    op.drop_index("work_item_held", table_name="work_item")
    op.create_index(
        "work_item_held",
        "work_item",
        ["agent_id"],
        postgresql_where=sa.text("state IN ('offered', 'assigned', 'wrapping')"),
    )
    op.execute("UPDATE work_item SET taken = cost WHERE state IN ('offered', 'assigned')")
    op.execute("UPDATE work_item SET due_at = offered_until WHERE state = 'offered'")


def downgrade() -> None:
    """Take back."""
    op.drop_index(
        "work_item_shiftable",
        table_name="work_item",
        postgresql_where=sa.text("state = 'waiting' AND shifts_at IS NOT NULL"),
    )
    op.drop_index("work_item_parked", table_name="work_item", postgresql_where=sa.text("state = 'parked'"))
    op.drop_index("work_item_finished", table_name="work_item", postgresql_where=sa.text("state = 'done'"))
    op.drop_index("work_item_due", table_name="work_item", postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index(
        op.f("work_item_offered"),
        "work_item",
        ["team_id", "offered_until"],
        unique=False,
        postgresql_where="((state)::text = 'offered'::text)",
    )
    op.drop_column("work_item", "due_at")
    op.drop_column("work_item", "wrap_until")
    op.drop_column("work_item", "parked_for")
    op.drop_column("work_item", "parked_until")
    op.drop_column("work_item", "idle_at")
    op.drop_column("work_item", "widen_at")
    op.drop_column("work_item", "shifts_at")
    op.drop_column("work_item", "decision_text")
    op.drop_column("work_item", "decision")
    op.drop_column("work_item", "asks_decision")
    op.drop_column("work_item", "chosen")
    op.drop_column("work_item", "note")
    op.drop_column("work_item", "returning")
    op.drop_column("work_item", "own_agent_id")
    op.drop_column("work_item", "ring")
    op.drop_column("work_item", "widening")
    op.drop_column("work_item", "taken")
    op.drop_column("team", "handling_seconds")
    op.drop_column("team", "estimated_wait_seconds")
    op.drop_column("team", "pressure_since")
    op.drop_column("team", "pressure")
    op.drop_column("policy_version", "restores")
    op.drop_column("policy_version", "activated_by")
    op.drop_index("journal_routed", table_name="journal", postgresql_where=sa.text("kind = 'routed'"))
    op.drop_index(
        "interaction_shifted",
        table_name="interaction",
        postgresql_where=sa.text("shifted_from <> '' AND shifted_to_people_at IS NULL AND state <> 'resolved'"),
    )
    op.drop_column("interaction", "shifted_to_people_at")
    op.drop_column("interaction", "shifted_from")
    op.drop_column("interaction", "shifted_to_ai_at")
    op.drop_column("interaction", "shop_facts")
    op.drop_column("interaction", "stage_due")
    op.drop_column("draft", "commitments")
    op.drop_column("customer", "last_csat")
    op.drop_column("customer", "tags")
    op.drop_column("agent", "shift")
    op.drop_column("agent", "kept_for")
    op.drop_column("agent", "languages")
    op.drop_column("agent", "skills")
    op.drop_column("agent", "presence_since")
    op.drop_index("sla_clock_of", table_name="sla_clock")
    op.drop_index("sla_clock_ended", table_name="sla_clock", postgresql_where=sa.text("ended_at IS NOT NULL"))
    op.drop_index("sla_clock_due", table_name="sla_clock", postgresql_where=sa.text("next_at IS NOT NULL"))
    op.drop_index(
        "sla_clock_at_risk",
        table_name="sla_clock",
        postgresql_where=sa.text("(warned_at IS NOT NULL OR breached_at IS NOT NULL) AND ended_at IS NULL"),
    )
    op.drop_table("sla_clock")
    op.drop_index("commitment_unfulfilled", table_name="commitment", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index("commitment_of_source", table_name="commitment")
    op.drop_index("commitment_of", table_name="commitment")
    op.drop_index("commitment_due", table_name="commitment", postgresql_where=sa.text("next_at IS NOT NULL"))
    op.drop_index("commitment_by_due", table_name="commitment")
    op.drop_table("commitment")
    op.drop_index("work_item_open", table_name="work_item")
    op.create_index(
        "work_item_open",
        "work_item",
        ["interaction_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'offered', 'assigned')"),
    )
    op.drop_index("work_item_held", table_name="work_item")
    op.create_index(
        "work_item_held", "work_item", ["agent_id"], postgresql_where=sa.text("state IN ('offered', 'assigned')")
    )
