"""What routing rests on at a moment: availability, and what is known of the customer."""

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from domain.routing import RoutedCustomer, ShopFacts, Snapshot, TeamState
from store.interactions import Interaction
from store.plain import run

REPEAT_DAYS = 30
"""How far back another case about the same issue makes a contact a repeated one."""

_TEAMS = TypeAdapter(dict[str, TeamState])

_FREE = """free AS (
        SELECT a.id FROM agent a
        WHERE a.presence = 'available' AND a.lease_until > clock_timestamp() AND a.load < a.capacity
    )"""
_TEAMS_NOW = """(SELECT jsonb_object_agg(t.id, jsonb_build_object(
            'available', (SELECT count(*) FROM agent_team x JOIN free f ON f.id = x.agent_id WHERE x.team_id = t.id),
            'wait_seconds', t.estimated_wait_seconds, 'pressure', t.pressure)) FROM team t)"""
_AVAILABILITY = f"""
    WITH {_FREE}
    SELECT
        {_TEAMS_NOW},
        (SELECT jsonb_object_agg(a.id, a.id IN (SELECT id FROM free)) FROM agent a WHERE a.id = ANY(%(named)s))
"""  # noqa: S608

# One statement, since every routing runs it.
_MOMENT = f"""
    WITH {_FREE}, own AS (
        SELECT o.agent_id FROM interaction o WHERE o.customer_id = %(customer)s AND o.agent_id <> ''
        ORDER BY o.id = %(interaction)s DESC, o.changed_at DESC LIMIT 1
    )
    SELECT
        {_TEAMS_NOW},
        (SELECT jsonb_object_agg(a.id, a.id IN (SELECT id FROM free)) FROM agent a
          WHERE a.id = ANY(%(named)s) OR a.id = (SELECT agent_id FROM own)),
        COALESCE((SELECT agent_id FROM own), ''),
        EXISTS (SELECT 1 FROM interaction o
                WHERE o.customer_id = %(customer)s AND o.id <> %(interaction)s AND o.issue = %(issue)s
                  AND o.opened_at > clock_timestamp() - make_interval(days => %(days)s)),
        c.tier, c.tags, c.last_csat,
        c.shop_customer_id IS NOT NULL
        OR EXISTS (SELECT 1 FROM interaction o JOIN identity_proof p ON p.interaction_id = o.id
                   WHERE o.customer_id = c.id AND p.proven AND p.order_number <> ''),
        (SELECT jsonb_agg(cell) FROM ai_switch)
    FROM customer c WHERE c.id = %(customer)s
"""  # noqa: S608


async def moment_of(
    session: AsyncSession, interaction: Interaction, named_agents: list[str]
) -> tuple[RoutedCustomer, Snapshot]:
    """What is known of the interaction's customer, and how teams and the agents that a plan may name stand."""
    values = {
        "customer": interaction.customer_id,
        "interaction": interaction.id,
        "issue": interaction.issue,
        "named": named_agents,
        "days": REPEAT_DAYS,
    }
    teams, agents, own, repeat, tier, tags, csat, verified, stopped = (await run(session, _MOMENT, values))[0]
    shop = ShopFacts.model_validate(interaction.shop_facts or {})
    customer = RoutedCustomer(
        tier=tier,
        channel=interaction.channel,
        tags=tuple(tags),
        last_csat=csat,
        lifetime_value=shop.lifetime_value,
        repeat_contact=repeat,
        verified=verified,
        own_agent=own,
        order=shop.order,
    )
    return customer, Snapshot(
        teams=_TEAMS.validate_python(teams or {}), stopped=frozenset(stopped or ()), agents=agents or {}
    )


async def availability(session: AsyncSession, agents: list[str]) -> Snapshot:
    """How the teams and these agents stand now."""
    teams, known = (await run(session, _AVAILABILITY, {"named": agents}))[0]
    return Snapshot(teams=_TEAMS.validate_python(teams or {}), agents=known or {})
