"""The kinds of work that wait, found by stepping through the index: what it costs does not grow with what waits."""


def kinds_of(teams: str) -> str:
    """A recursive table `kinds` for a query: team, requirement and cost, with the arrival of the first in line.

    `teams` is the SQL of an array of team ids.
    """
    return f"""kinds AS (
        SELECT head.* FROM unnest({teams}) AS wanted (id), LATERAL (
            SELECT w.team_id, w.requirement_key, w.cost, w.ready_at FROM work_item w
            WHERE w.team_id = wanted.id AND w.state = 'waiting'
            ORDER BY w.requirement_key, w.cost, w.rank, w.id LIMIT 1) head
        UNION ALL
        SELECT head.* FROM kinds, LATERAL (
            SELECT w.team_id, w.requirement_key, w.cost, w.ready_at FROM work_item w
            WHERE w.team_id = kinds.team_id AND w.state = 'waiting'
              AND (w.requirement_key, w.cost) > (kinds.requirement_key, kinds.cost)
            ORDER BY w.requirement_key, w.cost, w.rank, w.id LIMIT 1) head
    )"""  # noqa: S608  our own words
