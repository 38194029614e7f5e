"""The views that people use: `evidence`, one row per piece, and `commitments`, one row per distinct commitment.

A target that stands in the body and again in an annex has one `commitment` and two pieces of evidence. It is shown by
the piece that has a deadline and stands first; its agencies are those of all its pieces.

The windows name the document too, so that SQLite need not rank the whole database to answer for one document.
"""

from __future__ import annotations

_PLACE = """document, "start", "end", quote, rule, confidence, section_id, clause, page"""
_DUE = "deadline_raw, deadline_start, deadline_end, deadline_approx"


def _agencies(role: str) -> str:
    return f"""(SELECT group_concat(name, '、') FROM (SELECT name FROM commitment_agencies a
    WHERE a.commitment = p.commitment AND a.role = '{role}' ORDER BY ordinal)) AS {role}"""


VIEWS = f"""
CREATE VIEW evidence AS
SELECT id, 'targets' AS layer, commitment, CASE kind WHEN 'goal' THEN 'target' ELSE kind END AS kind, task_id,
  indicator, indicator_id, op, value, value_max, unit, per, base_value, base_value_max, base_unit, strength, optional,
  {_DUE}, {_PLACE} FROM targets
UNION ALL
SELECT id, 'milestones', id, 'milestone', task_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  optional, {_DUE}, {_PLACE} FROM milestones
UNION ALL
SELECT id, 'actions', id, 'action', task_id, indicator, indicator_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  strength, 0, {_DUE}, {_PLACE} FROM actions;

CREATE VIEW commitments AS
WITH pieces AS (
  SELECT *, count(*) OVER (PARTITION BY document, commitment) AS evidence_count,
    row_number() OVER (PARTITION BY document, commitment ORDER BY deadline_raw IS NULL, "start", id) AS place
  FROM evidence
)
SELECT p.commitment AS id, p.id AS record, p.layer, p.document, d.region_name AS region, d.region_level AS level,
  d.region_code, d.year, p.kind, coalesce(i.name, p.indicator) AS indicator, p.indicator AS indicator_written,
  p.indicator_id, p.op, p.value, p.value_max, p.unit, p.base_value, p.base_value_max, p.base_unit, p.per,
  p.deadline_start, p.deadline_end, p.deadline_raw, p.deadline_approx, p.strength,
  {_agencies("lead")},
  {_agencies("responsible")},
  {_agencies("support")},
  p.quote, p."start", p."end", p.clause, p.page, d.source AS file, d.title, p.rule, p.confidence, p.optional,
  p.evidence_count,
  coalesce((SELECT c.state FROM corrections c WHERE c.record = p.id ORDER BY c.made_at DESC, c.id LIMIT 1),
    'unreviewed') AS review_state
FROM pieces p JOIN documents d ON d.id = p.document LEFT JOIN indicator_terms i ON i.id = p.indicator_id
WHERE p.place = 1;
"""

# The same, told apart by variant: an indicator of the lexicon may be counted at a level or as what is new.
VIEWS_WITH_VARIANTS = f"""
DROP VIEW commitments;
DROP VIEW evidence;
CREATE VIEW evidence AS
SELECT id, 'targets' AS layer, commitment, CASE kind WHEN 'goal' THEN 'target' ELSE kind END AS kind, task_id,
  indicator, indicator_id, indicator_variant, op, value, value_max, unit, per, base_value, base_value_max, base_unit,
  strength, optional,
  {_DUE}, {_PLACE} FROM targets
UNION ALL
SELECT id, 'milestones', id, 'milestone', task_id, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  optional, {_DUE}, {_PLACE} FROM milestones
UNION ALL
SELECT id, 'actions', id, 'action', task_id, indicator, indicator_id, '', NULL,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  strength, 0, {_DUE}, {_PLACE} FROM actions;

CREATE VIEW commitments AS
WITH pieces AS (
  SELECT *, count(*) OVER (PARTITION BY document, commitment) AS evidence_count,
    row_number() OVER (PARTITION BY document, commitment ORDER BY deadline_raw IS NULL, "start", id) AS place
  FROM evidence
)
SELECT p.commitment AS id, p.id AS record, p.layer, p.document, d.region_name AS region, d.region_level AS level,
  d.region_code, d.year, p.kind,
  coalesce(i.name || CASE p.indicator_variant WHEN '' THEN '' ELSE '(' || p.indicator_variant || ')' END,
    p.indicator) AS indicator, p.indicator AS indicator_written,
  p.indicator_id, p.indicator_variant, p.op, p.value, p.value_max, p.unit, p.base_value, p.base_value_max,
  p.base_unit, p.per,
  p.deadline_start, p.deadline_end, p.deadline_raw, p.deadline_approx, p.strength,
  {_agencies("lead")},
  {_agencies("responsible")},
  {_agencies("support")},
  p.quote, p."start", p."end", p.clause, p.page, d.source AS file, d.title, p.rule, p.confidence, p.optional,
  p.evidence_count,
  coalesce((SELECT c.state FROM corrections c WHERE c.record = p.id ORDER BY c.made_at DESC, c.id LIMIT 1),
    'unreviewed') AS review_state
FROM pieces p JOIN documents d ON d.id = p.document LEFT JOIN indicator_terms i ON i.id = p.indicator_id
WHERE p.place = 1;
"""
