-- Clauses of documents and what answers them; a unit's own document while it is written; how far the documents of a campaign have come.

-- A clause that is named by its key: I.2, III.1a. The position keeps the order of the document, which keys of mixed grammar do not.
create table document_clause (
  id uuid primary key,
  document_id uuid not null references document (id) on delete cascade,
  unit_id uuid not null references unit (id), -- the document's
  key text not null,
  text text not null,
  position integer not null,
  depth smallint not null,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  source fact_source not null,
  constraint clause_is_named_once_a_document unique (document_id, key),
  constraint clause_is_known_with_its_document unique (id, document_id),
  constraint clause_key_is_of_the_grammar check (key ~ '^(?=.)([IVXL]+(?=$|[.]))?([.]?[0-9]{1,3}([.][0-9]{1,3}){0,2})?([.]?[abcdđeghiklmnopqrstuvxy])?$' and key !~ '^[.a-zđ]'),
  constraint clause_has_a_text check (btrim(text) <> '' and length(text) <= 2000),
  constraint clause_depth_is_of_the_grammar check (depth between 1 and 5)
);
create index document_clause_by_unit on document_clause (unit_id);
select keep_both_names_on('document_clause');

-- A lower document, or one clause of it, answers a clause of a superior's. It belongs to the unit that answers.
create table clause_answer (
  id uuid primary key,
  clause_id uuid not null references document_clause (id) on delete cascade,
  by_document_id uuid not null references document (id) on delete cascade,
  by_clause_id uuid, -- null: the whole document
  unit_id uuid not null references unit (id),
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  source fact_source not null,
  constraint clause_is_answered_once_by_each unique nulls not distinct (clause_id, by_document_id, by_clause_id),
  constraint answering_clause_is_of_its_document foreign key (by_clause_id, by_document_id) references document_clause (id, document_id) on delete cascade
);
create index clause_answer_by_document on clause_answer (by_document_id);
create index clause_answer_by_clause on clause_answer (by_clause_id) where by_clause_id is not null;
select keep_both_names_on('clause_answer');

-- The structured text of a unit's own document. It stays with the document once that is issued, so that its files can be made again; what
-- was begun from what is told by the document's relations, and its version is the document's.
create table document_body (
  document_id uuid primary key references document (id) on delete cascade,
  unit_id uuid not null references unit (id),
  blocks jsonb not null,
  tasks jsonb not null default '[]', -- who, what, by when
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  source fact_source not null,
  constraint document_body_is_a_list check (jsonb_typeof(blocks) = 'array' and jsonb_typeof(tasks) = 'array'),
  constraint document_body_is_of_a_size check (length(blocks::text) <= 600000 and length(tasks::text) <= 200000)
);
select keep_both_names_on('document_body');

-- A clause, an answer, a body are seen with their document; an answer with the document that answers, so that no draft shows through it.
-- They are kept by the unit whose document it is.
alter table document_clause enable row level security;
create policy document_clause_of_viewer on document_clause for select to app using (
  exists (select from document where document.id = document_clause.document_id));
create policy document_clause_is_kept_by_its_unit on document_clause to app using (
  unit_id in (select viewer_office_units())
  and exists (select from document where document.id = document_clause.document_id and document.unit_id = document_clause.unit_id));
alter table clause_answer enable row level security;
create policy clause_answer_of_viewer on clause_answer for select to app using (
  exists (select from document where document.id = clause_answer.by_document_id));
create policy clause_answer_is_kept_by_its_unit on clause_answer to app using (
  unit_id in (select viewer_office_units())
  and exists (select from document where document.id = clause_answer.by_document_id and document.unit_id = clause_answer.unit_id)
  and exists (select from document_clause where document_clause.id = clause_answer.clause_id));
alter table document_body enable row level security;
create policy document_body_of_viewer on document_body for select to app using (
  exists (select from document where document.id = document_body.document_id));
create policy document_body_is_kept_by_its_unit on document_body to app using (
  unit_id in (select viewer_office_units())
  and exists (select from document where document.id = document_body.document_id and document.unit_id = document_body.unit_id));
grant select, insert, update, delete on document_clause, clause_answer, document_body to app;

-- Parts of a document written here that nobody has written: a heading, clause or point with nothing but empty paragraphs beneath it, by
-- its words; `nth` counts all parts. One without words of its own would print as a number alone. What one may not see has no parts.
create function empty_parts(document uuid) returns table (nth integer, heading text, is_nameless boolean)
language sql stable set search_path = public, pg_temp as $$
  with part as (
    select block.nth, block.value ->> 'kind' in ('heading', 'clause', 'point') as is_numbered, block.value ->> 'kind' as kind, btrim(coalesce(block.value ->> 'text', '')) as words
    from document_body
    cross join jsonb_array_elements(document_body.blocks) with ordinality as block (value, nth)
    where document_body.document_id = empty_parts.document
  ), placed as (
    select part.nth, part.is_numbered, part.kind, part.words, count(*) filter (where part.is_numbered) over (order by part.nth) as section
    from part
  )
  select min(placed.nth)::integer, max(placed.words) filter (where placed.is_numbered), coalesce(bool_or(placed.is_numbered and placed.words = ''), false)
  from placed
  group by placed.section
  having coalesce(bool_or(placed.is_numbered and placed.words = ''), false)
    or (coalesce(bool_or(placed.kind in ('paragraph', 'basis') and placed.words = ''), false) and not coalesce(bool_or(placed.kind in ('paragraph', 'basis') and placed.words <> ''), false))
  order by 1
$$;
grant execute on function empty_parts(uuid) to app;

-- How far the documents of a campaign have come down by a day: cells at or beneath each unit, those that received one or issued their own,
-- and the day on which the last of these got its first. A count does not depend on who looks, beyond the right to the unit. Every table is
-- read once and hashed: the planner thinks a unit has few beneath it, and loops over thousands (2.4 s instead of 40 ms for a city).
create function cells_reached(campaign uuid, units uuid[], by_day date) returns table (unit_id uuid, cells integer, reached integer, last_on date)
language plpgsql stable security definer set search_path = public, pg_temp set enable_nestloop = off as $$
#variable_conflict use_column
declare
  seen uuid[] := array(select viewer_figure_units_among(units));
begin
  return query
  select cell.top_id, count(*)::int, count(arrival.on_day)::int, max(arrival.on_day)
  from (
    select placed.ancestor_id as top_id, placed.unit_id
    from unit_ancestor as placed
    join unit on unit.id = placed.unit_id and unit.kind = 'cell'
    where placed.ancestor_id = any (seen) and placed.standing @> by_day
  ) as cell
  left join (
    select got.unit_id, min(got.on_day) as on_day
    from (
      select document_recipient.unit_id, case when document_recipient.received_at is null then document.issued_on else greatest(document.issued_on, deployment_day(document_recipient.received_at)) end as on_day
      from document
      join document_recipient on document_recipient.document_id = document.id
      where document.campaign_id = campaign and document.state = 'issued' and document_recipient.unit_id is not null
      union all
      select document.unit_id, document.issued_on
      from document
      where document.campaign_id = campaign and document.state = 'issued'
    ) as got
    where got.on_day <= by_day
    group by got.unit_id
  ) as arrival on arrival.unit_id = cell.unit_id
  group by cell.top_id;
end $$;
grant execute on function cells_reached(uuid, uuid[], date) to app;
