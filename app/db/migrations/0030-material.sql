-- Materials: what a unit gives those beneath to study with, its versions, the questions and answers of a booklet one by one, and the
-- printed copies on their way down; and acknowledgements: who was asked to read a version, how deep, and who has.
create table material (
  id uuid primary key,
  unit_id uuid not null references unit (id), -- who publishes it
  campaign_id uuid not null references campaign (id),
  kind text not null,
  title text not null,
  reach_by date,                              -- day by which printed copies must be with the cells; null where none are handed out
  published_at timestamptz,                   -- of the first version: until then it is its unit's alone
  withdrawn_at timestamptz,
  withdrawn_because text,
  version integer not null default 1,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid not null references person (id),
  source text not null,
  search text not null generated always as (fold(title)) stored,
  constraint material_kind_is_known check (kind in ('outline', 'booklet', 'slides', 'recording', 'other')),
  constraint material_has_a_title check (length(btrim(title)) between 1 and 300),
  constraint withdrawn_material_says_why check ((withdrawn_at is null) = (withdrawn_because is null))
);
create index material_by_campaign on material (campaign_id, unit_id);

create table material_version (
  id uuid primary key,
  material_id uuid not null references material (id),
  unit_id uuid not null references unit (id), -- the material's
  number smallint not null,
  text text not null default '',              -- the words: for reading, searching and comparing
  address text,                               -- where a recording is kept
  file_sha256 bytea references file (sha256),
  file_name text,
  file_type text,
  change_note text,                           -- what is new in it, for those who know the one before
  published_at timestamptz,
  published_on date,
  version integer not null default 1,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid not null references person (id),
  constraint material_version_is_published_on_a_day check ((published_at is null) = (published_on is null)),
  constraint material_version_is_numbered_once unique (material_id, number),
  constraint material_version_number_is_positive check (number > 0),
  constraint material_version_is_of_a_size check (length(text) <= 1000000 and length(change_note) <= 2000 and length(address) <= 1000),
  constraint material_file_has_a_name check ((file_sha256 is null) = (file_name is null) and (file_sha256 is null) = (file_type is null)),
  constraint later_material_version_says_what_is_new check (number = 1 or published_at is null or btrim(coalesce(change_note, '')) <> '')
);
create unique index material_has_one_draft on material_version (material_id) where published_at is null;
create index material_version_by_file on material_version (file_sha256) where file_sha256 is not null;

-- Read out of a booklet's text when it is published.
create table booklet_question (
  id uuid primary key,
  version_id uuid not null references material_version (id),
  position smallint not null,
  part text,                                  -- the heading it stands under
  question text not null,
  answer text not null,
  search tsvector not null generated always as (
    setweight(to_tsvector('simple', plain_words(question)), 'A') || setweight(to_tsvector('simple', plain_words(answer)), 'B')) stored,
  constraint booklet_question_has_words check (btrim(question) <> '' and btrim(answer) <> ''),
  constraint booklet_question_stands_in_one_place unique (version_id, position)
);
create index booklet_question_search on booklet_question using gin (search);

-- Printed copies of a version on their way from a unit to one directly beneath: what was sent, and what came.
create table material_copy (
  id uuid primary key,
  material_id uuid not null references material (id),
  version_id uuid not null references material_version (id),
  campaign_id uuid not null references campaign (id),
  from_unit_id uuid not null references unit (id),
  unit_id uuid not null references unit (id),
  sent integer not null,
  sent_on date not null,
  reach_by date,                              -- as the material said when they were sent
  received integer,
  received_on date,
  note text,
  recorded_at timestamptz not null default clock_timestamp(),
  superseded_at timestamptz,
  recorded_by uuid not null references person (id),
  source text not null,
  constraint material_copy_count_is_plausible check (sent between 1 and 1000000 and received between 0 and 1000000),
  constraint material_copy_is_received_whole check ((received is null) = (received_on is null)),
  constraint material_copy_comes_after_it_went check (received_on >= sent_on),
  constraint material_copy_goes_to_another check (from_unit_id <> unit_id),
  constraint material_copy_note_is_short check (length(note) <= 500)
);
create unique index unit_has_one_line_of_copies on material_copy (version_id, unit_id) where superseded_at is null;
create index material_copy_by_campaign on material_copy (campaign_id, unit_id) where superseded_at is null;
create index material_copy_by_sender on material_copy (material_id, from_unit_id) where superseded_at is null;

-- Members whose cell had its copies in time: from the day the first came in time, until the day one that was sent is overdue or came
-- late. A cell that was sent none has not been reached.
create function material_steps(campaign uuid, units uuid[] default null, known_at timestamptz default 'infinity')
returns setof count_step
language sql stable set search_path = public, pg_temp as $$
  with span as materialized (
    select copy.unit_id,
           min(copy.received_on) filter (where copy.received > 0 and copy.received_on <= copy.reach_by) as from_day,
           min(copy.reach_by + 1) filter (where not coalesce(copy.received > 0 and copy.received_on <= copy.reach_by, false)) as until_day
    from material_copy as copy
    where copy.campaign_id = campaign and copy.reach_by is not null
      and (units is null or copy.unit_id = any (units))
      and copy.recorded_at <= known_at
      and (copy.superseded_at is null or copy.superseded_at > known_at)
    group by copy.unit_id
  ), reached as (
    select roster.unit_id, greatest(lower(roster.during), span.from_day) as from_day,
           least(case when upper_inf(roster.during) then null else upper(roster.during) end, span.until_day) as until_day
    from span
    join roster on roster.campaign_id = campaign and roster.unit_id = span.unit_id and roster.must_study
    where span.from_day is not null
      and roster.recorded_at <= known_at
      and (roster.superseded_at is null or roster.superseded_at > known_at)
  ), step as (
    select reached.unit_id, reached.from_day as on_day, 1 as delta
    from reached
    where reached.until_day is null or reached.from_day < reached.until_day
    union all
    select reached.unit_id, reached.until_day, -1
    from reached
    where reached.from_day < reached.until_day
  )
  select 'reached-in-time', '', step.unit_id, step.on_day, sum(step.delta)::bigint
  from step
  group by step.unit_id, step.on_day
  having sum(step.delta) <> 0
$$;

create or replace function count_steps(campaign uuid, people uuid[] default null, units uuid[] default null,
  known_at timestamptz default 'infinity')
returns setof count_step
language sql stable security definer set search_path = public, pg_temp as $$
  select steps.* from study_steps(campaign, people, known_at) as steps where people is not null or units is null
  union all
  select steps.* from declaration_steps(campaign, units, known_at) as steps where units is not null or people is null
  union all
  select steps.* from head_count_steps(campaign, units, known_at) as steps where units is not null or people is null
  union all
  select steps.* from material_steps(campaign, units, known_at) as steps where units is not null or people is null
$$;

insert into indicator (key, kind, base, unit_of_count, counted_by, position) values
  ('reached-in-time', 'rate', 'expected', 'people', 'material_steps', 10);
insert into indicator_relation (indicator, kind, other) values ('reached-in-time', 'part_of', 'expected');

-- What is counted from records in a campaign: where nobody hands out copies, a share of nothing would say that nobody was reached.
create function counted_indicators(campaign uuid) returns setof text
language sql stable security definer set search_path = public, pg_temp as $$
  select indicator.key
  from indicator
  where not indicator.is_declared
    and (indicator.key <> 'reached-in-time' or exists (select from material_copy where material_copy.campaign_id = campaign and material_copy.reach_by is not null))
$$;
grant execute on function counted_indicators(uuid) to app;

select keep_both_names_on('material');
select keep_both_names_on('material_version');
select keep_both_names_on('material_copy');

-- ---------------------------------------------------------------------------------------------------------------- acknowledgements
-- One version of a material, or one issued document, that people beneath are asked to read.
create table acknowledgement_request (
  id uuid primary key,
  unit_id uuid not null references unit (id),  -- who asks; of people there and beneath
  version_id uuid references material_version (id),
  document_id uuid references document (id),
  depth text not null,
  whom text not null,                          -- 'members', or 'heads': the secretaries of units
  categories text[] not null default '{}',     -- of members; none is all
  before_id uuid references acknowledgement_request (id), -- the one of the version before
  keeps_before boolean not null default false, -- who acknowledged the one before need not again unless they are of these categories
  due_on date not null,
  asked_on date not null,
  closed_at timestamptz,
  version integer not null default 1,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid not null references person (id),
  source text not null,
  constraint acknowledgement_is_of_one_thing check ((version_id is null) <> (document_id is null)),
  constraint acknowledgement_depth_is_known check (depth in ('received', 'read', 'can_say')),
  constraint acknowledgement_is_asked_of_somebody check (whom in ('members', 'heads')),
  constraint acknowledgement_is_due_after_it_is_asked check (due_on >= asked_on),
  constraint heads_have_no_category check (whom = 'members' or categories = '{}'),
  constraint only_a_later_request_keeps_earlier_answers check (not keeps_before or before_id is not null)
);
create unique index version_is_asked_once on acknowledgement_request (version_id, unit_id) where version_id is not null and closed_at is null;
create unique index document_is_asked_once on acknowledgement_request (document_id, unit_id) where document_id is not null and closed_at is null;

create table acknowledgement (
  id uuid primary key,
  request_id uuid not null references acknowledgement_request (id),
  person_id uuid not null references person (id),
  unit_id uuid not null references unit (id),  -- where the person belonged, or led, when answering
  depth text not null,
  answered_on date not null,
  recorded_at timestamptz not null default clock_timestamp(),
  superseded_at timestamptz,
  recorded_by uuid not null references person (id),
  source text not null,
  constraint acknowledgement_depth_is_known check (depth in ('received', 'read', 'can_say'))
);
create unique index person_acknowledges_once on acknowledgement (request_id, person_id) where superseded_at is null;
create index acknowledgement_by_person on acknowledgement (person_id);
create index acknowledgement_by_unit on acknowledgement (request_id, unit_id) where superseded_at is null;

-- What changes for me, in one sentence: the person's own words, read as a paper would be.
create table acknowledgement_sentence (
  acknowledgement_id uuid primary key references acknowledgement (id),
  person_id uuid not null references person (id),
  unit_id uuid references unit (id),           -- the cell whose secretary may read it; null where the person belongs to none
  sentence text not null,
  constraint acknowledgement_sentence_is_one check (length(btrim(sentence)) between 1 and 500)
);
select keep_both_names_on('acknowledgement_request');
select keep_both_names_on('acknowledgement');

create function depth_rank(depth text) returns integer
language sql immutable parallel safe
return case depth when 'received' then 1 when 'read' then 2 when 'can_say' then 3 end;

-- Of whom a request asks, and where each stands. Exempt members are asked nothing. After a new version those who had answered the one
-- before are asked again only if it concerns their category.
create function acknowledgement_asked(request uuid) returns table (person_id uuid, unit_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select asked.person_id, asked.unit_id
  from (
    select membership.person_id, membership.unit_id, membership.category_key
    from acknowledgement_request as request
    join unit_ancestor on unit_ancestor.ancestor_id = request.unit_id and unit_ancestor.standing @> (select viewer_today())
    -- by its bounds: asked as a range, each of thousands of units searched the index over everybody's days
    join membership on membership.unit_id = unit_ancestor.unit_id and membership.status <> 'exempt'
      and lower(membership.during) <= (select viewer_today()) and coalesce(upper(membership.during), 'infinity') > (select viewer_today())
    where request.id = acknowledgement_asked.request and request.whom = 'members'
    union all
    select distinct on (office.person_id) office.person_id, office.unit_id, null
    from acknowledgement_request as request
    join unit_ancestor on unit_ancestor.ancestor_id = request.unit_id and unit_ancestor.depth > 0 and unit_ancestor.standing @> (select viewer_today())
    join office on office.unit_id = unit_ancestor.unit_id and office.role = 'secretary' and office.during @> (select viewer_today())
    where request.id = acknowledgement_asked.request and request.whom = 'heads'
  ) as asked
  cross join (select acknowledgement_request.categories, acknowledgement_request.keeps_before, acknowledgement_request.before_id
    from acknowledgement_request where acknowledgement_request.id = acknowledgement_asked.request) as wanted
  where case
    when wanted.keeps_before then
      asked.category_key = any (wanted.categories) or not exists (
        select from acknowledgement
        where acknowledgement.request_id = wanted.before_id and acknowledgement.person_id = asked.person_id and acknowledgement.superseded_at is null)
    else wanted.categories = '{}' or asked.category_key = any (wanted.categories) end
$$;

-- How many are asked in each unit and beneath, and how many have answered as deep as asked, or said less; of units whose figures the
-- viewer sees.
create function acknowledgement_counts(request uuid, units uuid[]) returns table (unit_id uuid, asked bigint, done bigint, begun bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  with seen as materialized (
    select viewer_figure_units_among(units) as unit_id
  ), cell as materialized (
    select asked.unit_id, count(*) as asked,
           count(*) filter (where depth_rank(given.depth) >= depth_rank(wanted.depth)) as done,
           count(*) filter (where depth_rank(given.depth) < depth_rank(wanted.depth)) as begun
    from acknowledgement_asked(request) as asked
    cross join (select acknowledgement_request.depth from acknowledgement_request where acknowledgement_request.id = acknowledgement_counts.request) as wanted
    left join acknowledgement as given on given.request_id = acknowledgement_counts.request and given.person_id = asked.person_id and given.superseded_at is null
    group by asked.unit_id
  )
  select unit_ancestor.ancestor_id, sum(cell.asked)::bigint, sum(cell.done)::bigint, sum(cell.begun)::bigint
  from cell
  join unit_ancestor on unit_ancestor.unit_id = cell.unit_id and unit_ancestor.standing @> (select viewer_today())
  join seen on seen.unit_id = unit_ancestor.ancestor_id
  group by unit_ancestor.ancestor_id
$$;

-- What the viewer is asked and has not answered deep enough.
create function viewer_asked_requests() returns table (request_id uuid, unit_id uuid)
language sql stable security definer rows 8 set search_path = public, pg_temp as $$
  select distinct on (request.id) request.id, place.unit_id
  from (
    select membership.unit_id, 'members' as whom, membership.category_key
    from membership
    where membership.person_id = viewer_person() and membership.during @> (select viewer_today()) and membership.status <> 'exempt'
    union all
    select office.unit_id, 'heads', null
    from office
    where office.person_id = viewer_person() and office.role = 'secretary' and office.during @> (select viewer_today()) and viewer_acting() is null
  ) as place
  join unit_ancestor on unit_ancestor.unit_id = place.unit_id and unit_ancestor.standing @> (select viewer_today())
  join acknowledgement_request as request on request.unit_id = unit_ancestor.ancestor_id and request.whom = place.whom and request.closed_at is null
    and (request.whom = 'members' or unit_ancestor.depth > 0)
  where case
    when request.keeps_before then
      place.category_key = any (request.categories) or not exists (
        select from acknowledgement
        where acknowledgement.request_id = request.before_id and acknowledgement.person_id = viewer_person() and acknowledgement.superseded_at is null)
    else request.categories = '{}' or place.category_key = any (request.categories) end
$$;

-- The same requests by their id alone, for a policy to ask.
create function viewer_asked_request_ids() returns setof uuid
language sql stable security definer rows 8 set search_path = public, pg_temp as $$
  select asked.request_id from viewer_asked_requests() as asked
$$;

-- Units whose members' own words one reads: where one is secretary or deputy.
create function viewer_paper_units() returns setof uuid
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  select held.unit_id from viewer_offices() as held where held.role in ('secretary', 'deputy')
$$;

-- Units for which one confirms what came: one's own and those directly beneath.
create function viewer_receiving_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.depth <= 1 and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('secretary', 'deputy', 'clerk')
$$;
grant execute on function acknowledgement_counts(uuid, uuid[]), depth_rank(text), viewer_asked_requests(), viewer_asked_request_ids(), viewer_paper_units(), viewer_receiving_units() to app;

alter table material enable row level security;
create policy material_of_viewer on material for select to app using (
  unit_id in (select viewer_office_units())
  or (published_at is not null and (
    unit_id in (select viewer_chain())
    or exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = material.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
        and unit_ancestor.standing @> (select viewer_today())))));
create policy material_is_made_for_ones_unit on material for insert to app with check (unit_id in (select viewer_office_units()));
create policy material_is_changed_in_its_unit on material for update to app using (unit_id in (select viewer_office_units()));
grant select, insert on material to app;
grant update (title, kind, reach_by, published_at, withdrawn_at, withdrawn_because, version) on material to app;

alter table material_version enable row level security;
create policy material_version_of_viewer on material_version for select to app using (
  unit_id in (select viewer_office_units()) or (published_at is not null and exists (select from material where material.id = material_version.material_id)));
create policy material_version_is_made_for_ones_unit on material_version for insert to app
  with check (unit_id in (select viewer_office_units()) and exists (select from material where material.id = material_version.material_id and material.unit_id = material_version.unit_id));
create policy material_draft_is_changed_in_its_unit on material_version for update to app
  using (unit_id in (select viewer_office_units()) and published_at is null) with check (unit_id in (select viewer_office_units()));
grant select, insert on material_version to app;
grant update (text, address, file_sha256, file_name, file_type, change_note, published_at, published_on, version) on material_version to app;

alter table booklet_question enable row level security;
create policy booklet_question_is_read_with_its_version on booklet_question for select to app
  using (exists (select from material_version where material_version.id = booklet_question.version_id));
create policy booklet_question_is_kept_in_its_unit on booklet_question for insert to app
  with check (exists (select from material_version where material_version.id = booklet_question.version_id and material_version.unit_id in (select viewer_office_units())));
grant select, insert on booklet_question to app;

alter table material_copy enable row level security;
create policy material_copy_of_viewer on material_copy for select to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = material_copy.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
create policy material_copy_is_told_by_either_end on material_copy for insert to app
  with check (
    (from_unit_id in (select viewer_office_units()) or unit_id in (select viewer_receiving_units()))
    and exists (select from material where material.id = material_copy.material_id and material.published_at is not null)
    and exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = material_copy.unit_id and unit_ancestor.ancestor_id = material_copy.from_unit_id and unit_ancestor.depth >= 1));
create policy material_copy_is_superseded_by_either_end on material_copy for update to app
  using (from_unit_id in (select viewer_office_units()) or unit_id in (select viewer_receiving_units()));
grant select, insert on material_copy to app;
grant update (superseded_at) on material_copy to app;

alter table acknowledgement_request enable row level security;
create policy acknowledgement_request_of_viewer on acknowledgement_request for select to app using (
  unit_id in (select viewer_chain())
  or exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = acknowledgement_request.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
create policy acknowledgement_is_asked_for_ones_unit on acknowledgement_request for insert to app with check (unit_id in (select viewer_office_units()));
create policy acknowledgement_request_is_closed_in_its_unit on acknowledgement_request for update to app using (unit_id in (select viewer_office_units()));
grant select, insert on acknowledgement_request to app;
grant update (closed_at, due_on, version) on acknowledgement_request to app;

alter table acknowledgement enable row level security;
create policy acknowledgement_of_viewer on acknowledgement for select to app
  using (person_id = viewer_person() or unit_id in (select viewer_people_units()));
create policy acknowledgement_is_given_by_oneself on acknowledgement for insert to app
  with check (person_id = viewer_person() and request_id in (select viewer_asked_request_ids()));
-- On paper: the cell keeps the signed list, and what was said in one's own words is not keyed in by another.
create policy acknowledgement_is_keyed_in_by_the_cell on acknowledgement for insert to app
  with check (
    unit_id in (select viewer_office_units()) and depth <> 'can_say'
    and exists (
      select from membership
      where membership.person_id = acknowledgement.person_id and membership.unit_id = acknowledgement.unit_id and membership.during @> (select viewer_today())));
create policy acknowledgement_is_superseded_where_it_was_given on acknowledgement for update to app
  using (person_id = viewer_person() or unit_id in (select viewer_office_units()));
grant select, insert on acknowledgement to app;
grant update (superseded_at) on acknowledgement to app;

alter table acknowledgement_sentence enable row level security;
create policy acknowledgement_sentence_is_read_as_a_paper on acknowledgement_sentence for select to app
  using (person_id = viewer_person() or unit_id in (select viewer_paper_units()));
create policy acknowledgement_sentence_is_ones_own on acknowledgement_sentence for insert to app with check (person_id = viewer_person());
grant select, insert on acknowledgement_sentence to app;

-- What two entries of one person acknowledged is one person's: moved when they are merged, except where both answered, and given back
-- when they are parted again.
create function move_answers(gone uuid, keep uuid) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  moved uuid[];
begin
  select coalesce(array_agg(theirs.id), '{}') into moved
  from acknowledgement as theirs
  where theirs.person_id = gone and theirs.superseded_at is null
    and not exists (
      select from acknowledgement as own
      where own.request_id = theirs.request_id and own.person_id = keep and own.superseded_at is null);
  update acknowledgement set person_id = keep where acknowledgement.id = any (moved);
  update acknowledgement_sentence set person_id = keep where acknowledgement_sentence.acknowledgement_id = any (moved);
  return to_jsonb(moved);
end $$;
create function return_answers(moved jsonb, gone uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  back uuid[] := array(select jsonb_array_elements_text(coalesce(moved, '[]'))::uuid);
begin
  update acknowledgement set person_id = gone where acknowledgement.id = any (back);
  update acknowledgement_sentence set person_id = gone where acknowledgement_sentence.acknowledgement_id = any (back);
end $$;

-- What was typed as a search: every word, in any order, without marks, the last one begun; null where there are no words.
create function begun_words(typed text) returns tsquery
language sql stable set search_path = public, pg_temp as $$
  select to_tsquery('simple', string_agg(quote_literal(word.text) || case when word.nth = word.words then ':*' else '' end, ' & '))
  from (
    select lexeme.text, lexeme.nth, count(*) over () as words
    from regexp_split_to_table(plain_words(typed), ' ') with ordinality as lexeme (text, nth)
    where lexeme.text <> ''
  ) as word
$$;
grant execute on function begun_words(text) to app;
