"""A district as it stands after a year: 25 streets and a million incidents, 20,000 of them open, made by plain SQL.

Only what the clocks read is filled in. The tree's numbering is made up: nothing that is measured here reads it.
"""

from datetime import datetime

from django.db import connection

STREETS, COMMUNITIES, GRIDS, MICRO_GRIDS = 25, 46, 6, 4

_UNIT = """
    INSERT INTO grids_unit (district_id, parent_id, kind, form, use, responsible_org, code, name, made_at,
        street_id, community_id, grid_id, micro_grid_id, lft, rght, tree_id, level)
"""
_PLACES = [
    f"""
    {_UNIT} SELECT d.id, NULL, 'street', '', 'residential', '', '330206' || lpad(n::text, 3, '0'), '街道' || n, now(),
        NULL, NULL, NULL, NULL, 1, 2, n, 0
    FROM grids_district d, generate_series(1, {STREETS}) n
    """,
    "UPDATE grids_unit SET street_id = id",
    *(
        f"""
        {_UNIT} SELECT p.district_id, p.id, '{kind}', '', 'residential', '', p.code || lpad(n::text, 3, '0'),
            '{name}' || n, now(), p.street_id, p.community_id, p.grid_id, NULL, 1, 2, p.tree_id, {level}
        FROM grids_unit p, generate_series(1, {count}) n WHERE p.kind = '{above}'
        """
        + f"; UPDATE grids_unit SET {kind}_id = id WHERE kind = '{kind}'"
        for level, kind, above, name, count in (
            (1, "community", "street", "社区", COMMUNITIES),
            (2, "grid", "community", "网格", GRIDS),
            (3, "micro_grid", "grid", "微网格", MICRO_GRIDS),
        )
    ),
]
# The last `open` incidents are open and two days old at most; the others were closed within hours over a year, with a
# `backlog` a quarter of them within 60 days: as many were open at any minute of the year as are now.
_INCIDENTS = """
    INSERT INTO incidents_incident (number, client_uuid, status, level, category_id, description, source, unit_id,
        place_note, street_id, community_id, grid_id, micro_grid_id, reported_at, state_entered_at, closed_at)
    SELECT '20260101-330206-' || lpad(n::text, 8, '0'), gen_random_uuid(),
        CASE WHEN NOT is_open THEN CASE WHEN closed_at > %(now)s - interval '3 days' THEN 'closed' ELSE 'archived' END
             ELSE (ARRAY['reported', 'dispatched', 'in_progress', 'in_progress', 'handled'])[1 + n %% 5] END,
        CASE WHEN n %% 50 = 0 THEN 3 ELSE 1 + n %% 2 END, c.id, repeat('楼道口堆了旧家具。', 8), 'worker', u.id, '',
        u.street_id, u.community_id, u.grid_id, u.id, reported_at,
        CASE WHEN is_open THEN reported_at ELSE closed_at END, CASE WHEN NOT is_open THEN closed_at END
    FROM (
        SELECT n, is_open, reported_at, least(%(now)s - interval '1 hour', reported_at
            + interval '1 hour' * (1 + n %% 5)
            + CASE WHEN %(backlog)s AND n %% 4 = 0 THEN interval '1 day' * (n / 4 %% 60) ELSE interval '0' END
            ) AS closed_at,
            1 + (n::bigint * 7919) %% (SELECT count(*) FROM grids_unit WHERE kind = 'micro_grid') AS place
        FROM (
            SELECT n, n > %(all)s - %(open)s AS is_open, CASE WHEN n > %(all)s - %(open)s
                THEN %(now)s - interval '1 second' * ((%(all)s - n) * 172800.0 / %(open)s)
                ELSE %(now)s - interval '6 hours' - interval '1 second' * ((%(all)s - n) * 31536000.0 / %(all)s)
            END AS reported_at FROM generate_series(1, %(all)s) n
        ) moments
    ) facts
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM grids_unit WHERE kind = 'micro_grid') u USING (place),
    incidents_category c
"""
_DEADLINES = """
    INSERT INTO dispatch_deadline (incident_id, clock, rule, starts_at, due_at, met_at, error)
    SELECT id, clock, '{"amount": 360, "measure": "minutes"}', reported_at,
        CASE WHEN closed_at IS NULL AND clock = 'handle'
        THEN %(now)s + interval '1 minute' * ((id * 7919) %% 1200 - 720) ELSE reported_at + interval '20 hours' END,
        closed_at, ''
    FROM incidents_incident, unnest(ARRAY['handle', 'close_out']) clock
    ORDER BY id
"""
_HISTORY = """
    INSERT INTO incidents_statuschange (incident_id, act, old, new, post_label, at, note, data)
    SELECT id, 'report', '', 'reported', '', reported_at, '', '{}'::jsonb FROM incidents_incident
    WHERE reported_at > %(now)s - %(told)s::interval
    UNION ALL SELECT id, 'verify', 'handled', 'closed', '', closed_at, '', '{}'::jsonb FROM incidents_incident
    WHERE closed_at > %(now)s - %(told)s::interval
"""


def build(now: datetime, *, incidents: int, still_open: int, backlog: bool = False, told: str = "4 days") -> None:
    """Fill the empty database. `told`: how far back the history of incidents reaches."""
    facts = {"now": now, "all": incidents, "open": still_open, "backlog": backlog, "told": told}
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO grids_district (code, name, name_en) VALUES ('330206', '北仑区', '')")
        for statement in _PLACES:
            cursor.execute(statement)
        cursor.execute(
            """
            INSERT INTO incidents_category (code, version, name, name_en, description, description_en, level,
                closing_conditions, closing_conditions_en, keywords, is_common, started_at)
            VALUES ('010101', 1, '占用楼道', '', '', '', 2, '', '', '', false, now())
            """
        )
        for statement in (_INCIDENTS, _DEADLINES, _HISTORY):
            cursor.execute(statement, facts)
        cursor.execute("VACUUM ANALYZE")
