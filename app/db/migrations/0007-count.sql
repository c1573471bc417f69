-- Figures: what is counted, the definition that counts it from the records, and the kept counts that answer at once.
create table indicator (
  key text primary key,
  kind text not null,          -- 'count' or 'rate'
  base text,                   -- indicator that is the denominator of a rate
  unit_of_count text not null, -- 'people' or 'attendances'
  counted_by text not null,    -- SQL function whose steps make it
  position smallint not null unique,
  constraint indicator_kind_is_known check (kind in ('count', 'rate')),
  constraint rate_has_a_base check ((kind = 'rate') = (base is not null))
);
insert into indicator (key, kind, base, unit_of_count, counted_by, position) values
  ('studied', 'rate', 'expected', 'people', 'study_steps', 1),
  ('studied-at-national-conference', 'rate', 'expected', 'people', 'study_steps', 2),
  ('exempt', 'rate', 'on-roster', 'people', 'study_steps', 3),
  ('expected', 'count', null, 'people', 'study_steps', 4),
  ('on-roster', 'count', null, 'people', 'study_steps', 5),
  ('studied-declared', 'rate', 'studied', 'people', 'declaration_steps', 6),
  ('must-write', 'count', null, 'people', 'study_steps', 7),
  ('attendances', 'count', null, 'attendances', 'study_steps', 8),
  ('non-member-attendances', 'count', null, 'attendances', 'head_count_steps', 9);

-- Dimensions are '' for the whole, or its parts 'category:key', 'kind:key', 'reason:…'; and, where a campaign has several
-- resolutions, 'resolution:code' with its own parts 'resolution:code|category:key' and 'resolution:code|kind:key'.
-- A step is a change of a count at a unit's own level on a day; the value as of a day is the sum of steps up to it.
create type count_step as (indicator text, dimension text, unit_id uuid, on_day date, delta bigint);

-- First day on which each person had attended every topic of each resolution, in sittings known at that instant.
-- kind is that of the sitting which completed it.
create function study_completions(campaign uuid, people uuid[], known_at timestamptz)
returns table (person_id uuid, resolution_id uuid, studied_on date, kind text, national_on date)
language sql stable set search_path = public, pg_temp as $$
  with attended as (
    select mark.person_id, sitting_topic.topic_id, sitting.held_on, sitting.starts_at, sitting.id as sitting_id, study_session.kind,
           row_number() over (
             partition by mark.person_id, sitting_topic.topic_id
             order by sitting.held_on, sitting.starts_at nulls last, sitting.id) as nth,
           min(sitting.held_on) filter (where study_session.kind = 'national_conference') over (
             partition by mark.person_id, sitting_topic.topic_id) as national_on
    from mark
    join sitting on sitting.id = mark.sitting_id
    join study_session on study_session.id = sitting.session_id
    join sitting_topic on sitting_topic.sitting_id = sitting.id
    where mark.campaign_id = campaign
      and mark.status in ('present', 'late')
      and (people is null or mark.person_id = any (people))
      and mark.recorded_at <= known_at
      and (mark.superseded_at is null or mark.superseded_at > known_at)
      and (study_session.cancelled_at is null or study_session.cancelled_at > known_at)
  ), wanted as (
    select topic.resolution_id, count(*) as topics
    from topic
    where topic.campaign_id = campaign
    group by topic.resolution_id
  )
  select attended.person_id, topic.resolution_id,
         max(attended.held_on),
         (array_agg(attended.kind order by attended.held_on desc, attended.starts_at desc nulls last, attended.sitting_id))[1],
         case when count(attended.national_on) = min(wanted.topics) then max(attended.national_on) end
  from attended
  join topic on topic.id = attended.topic_id
  join wanted on wanted.resolution_id = topic.resolution_id
  where attended.nth = 1
  group by attended.person_id, topic.resolution_id
  having count(*) = min(wanted.topics)
$$;

-- First day on which each person had studied the whole campaign: every resolution of it.
create function campaign_completions(campaign uuid, people uuid[], known_at timestamptz)
returns table (person_id uuid, studied_on date, kind text, national_on date)
language sql stable set search_path = public, pg_temp as $$
  select completion.person_id,
         max(completion.studied_on),
         (array_agg(completion.kind order by completion.studied_on desc, completion.resolution_id))[1],
         case when count(completion.national_on) = (select count(*) from resolution where resolution.campaign_id = campaign)
           then max(completion.national_on) end
  from study_completions(campaign, people, known_at) as completion
  group by completion.person_id
  having count(*) = (select count(*) from resolution where resolution.campaign_id = campaign)
$$;

-- Resolutions of a campaign that has more than one: the only one of a campaign is the whole.
create function several_resolutions(campaign uuid) returns table (id uuid, code text)
language sql stable set search_path = public, pg_temp as $$
  select resolution.id, resolution.code
  from resolution
  where resolution.campaign_id = campaign
    and (select count(*) from resolution as each_one where each_one.campaign_id = campaign) > 1
$$;

-- Steps of everything counted by person. people null means everyone on the roster.
create function study_steps(campaign uuid, people uuid[] default null, known_at timestamptz default 'infinity')
returns setof count_step
language sql stable set search_path = public, pg_temp as $$
  with run as materialized (
    select roster.person_id, roster.unit_id, roster.must_study, roster.must_write, roster.exempt_reason,
           'category:' || roster.category_key as category,
           lower(roster.during) as from_day,
           case when upper_inf(roster.during) then null else upper(roster.during) end as until_day,
           exists (
             select from declaration
             where declaration.campaign_id = campaign and declaration.unit_id = roster.unit_id
               and declaration.recorded_at <= known_at
               and (declaration.superseded_at is null or declaration.superseded_at > known_at)
           ) as is_declared
    from roster
    where roster.campaign_id = campaign
      and (people is null or roster.person_id = any (people))
      and roster.recorded_at <= known_at
      and (roster.superseded_at is null or roster.superseded_at > known_at)
  ), studied as materialized (
    select completion.person_id, completion.studied_on, completion.national_on, 'kind:' || completion.kind as kind
    from campaign_completions(campaign, people, known_at) as completion
  ), held as (
    -- what each run holds, from which day on
    select 'expected' as indicator, dimension.value as dimension, run.unit_id, run.from_day, run.until_day
    from run
    cross join lateral (values (''), (run.category)) as dimension (value)
    where run.must_study
    union all
    select 'on-roster', '', run.unit_id, run.from_day, run.until_day
    from run
    union all
    select 'exempt', dimension.value, run.unit_id, run.from_day, run.until_day
    from run
    cross join lateral (values (''), ('reason:' || run.exempt_reason)) as dimension (value)
    where not run.must_study
    union all
    select 'must-write', '', run.unit_id, run.from_day, run.until_day
    from run
    where run.must_write
    union all
    select 'studied', dimension.value, run.unit_id, greatest(run.from_day, studied.studied_on), run.until_day
    from run
    join studied on studied.person_id = run.person_id
    cross join lateral (values (''), (run.category), (studied.kind)) as dimension (value)
    where run.must_study and not run.is_declared
    union all
    select 'studied', 'resolution:' || resolution.code || part.value, run.unit_id,
           greatest(run.from_day, completion.studied_on), run.until_day
    from run
    join study_completions(campaign, people, known_at) as completion on completion.person_id = run.person_id
    join several_resolutions(campaign) as resolution on resolution.id = completion.resolution_id
    cross join lateral (values (''), ('|' || run.category), ('|kind:' || completion.kind)) as part (value)
    where run.must_study and not run.is_declared
    union all
    select 'studied-at-national-conference', dimension.value, run.unit_id, greatest(run.from_day, studied.national_on), run.until_day
    from run
    join studied on studied.person_id = run.person_id
    cross join lateral (values (''), (run.category)) as dimension (value)
    where run.must_study and studied.national_on is not null
  ), step as (
    select held.indicator, held.dimension, held.unit_id, held.from_day as on_day, 1 as delta
    from held
    where held.until_day is null or held.from_day < held.until_day
    union all
    select held.indicator, held.dimension, held.unit_id, held.until_day, -1
    from held
    where held.from_day < held.until_day
    union all
    select 'attendances', '', mark.unit_id, sitting.held_on, 1
    from mark
    join sitting on sitting.id = mark.sitting_id
    join study_session on study_session.id = sitting.session_id
    where mark.campaign_id = campaign
      and mark.status in ('present', 'late')
      and (people is null or mark.person_id = any (people))
      and mark.recorded_at <= known_at
      and (mark.superseded_at is null or mark.superseded_at > known_at)
      and (study_session.cancelled_at is null or study_session.cancelled_at > known_at)
  )
  select step.indicator, step.dimension, step.unit_id, step.on_day, sum(step.delta)::bigint
  from step
  group by step.indicator, step.dimension, step.unit_id, step.on_day
  having sum(step.delta) <> 0
$$;

-- Steps of declared totals: each says what has been reached by its day, so a step is the rise since the one before. A total
-- stands for people on the roster, so when some of them leave it is never more than who is still expected.
create function declaration_steps(campaign uuid, units uuid[] default null, known_at timestamptz default 'infinity')
returns setof count_step
language sql stable set search_path = public, pg_temp as $$
  with said as materialized (
    select declaration.unit_id, declaration.declared_on, declaration_part.category_key, declaration_part.studied
    from declaration
    join declaration_part on declaration_part.declaration_id = declaration.id
    where declaration.campaign_id = campaign
      and (units is null or declaration.unit_id = any (units))
      and declaration.recorded_at <= known_at
      and (declaration.superseded_at is null or declaration.superseded_at > known_at)
  ), run as materialized (
    select roster.unit_id, roster.category_key, roster.during
    from roster
    where roster.campaign_id = campaign and roster.must_study
      and roster.unit_id in (select said.unit_id from said)
      and roster.recorded_at <= known_at
      and (roster.superseded_at is null or roster.superseded_at > known_at)
  ), turn as (
    -- days on which what counts may change
    select said.unit_id, said.category_key, said.declared_on from said
    union
    select parts.unit_id, parts.category_key, said.declared_on
    from (select distinct said.unit_id, said.category_key from said) as parts
    join said on said.unit_id = parts.unit_id
    union
    select run.unit_id, run.category_key, bound.day
    from run
    cross join lateral (values (lower(run.during)), (upper(run.during))) as bound (day)
    where bound.day >= (select min(said.declared_on) from said where said.unit_id = run.unit_id)
  ), reached as (
    select turn.unit_id, turn.category_key, turn.declared_on,
           least(
             coalesce((
               select part.studied from said as part
               where part.unit_id = turn.unit_id and part.category_key = turn.category_key
                 and part.declared_on = (
                   select max(latest.declared_on) from said as latest
                   where latest.unit_id = turn.unit_id and latest.declared_on <= turn.declared_on)), 0),
             (select count(*) from run
              where run.unit_id = turn.unit_id and run.category_key = turn.category_key and run.during @> turn.declared_on)) as studied
    from turn
  ), rise as (
    select reached.unit_id, reached.declared_on, reached.category_key,
           reached.studied - lag(reached.studied, 1, 0::bigint) over (
             partition by reached.unit_id, reached.category_key order by reached.declared_on) as delta
    from reached
  ), part as (
    select 'studied' as indicator, dimension.value as dimension, rise.unit_id, rise.declared_on, rise.delta
    from rise
    cross join lateral (values (''), ('category:' || rise.category_key), ('kind:declared')) as dimension (value)
    union all
    select 'studied', 'resolution:' || resolution.code || part.value, rise.unit_id, rise.declared_on, rise.delta
    from rise
    cross join several_resolutions(campaign) as resolution
    cross join lateral (values (''), ('|category:' || rise.category_key), ('|kind:declared')) as part (value)
    union all
    select 'studied-declared', '', rise.unit_id, rise.declared_on, rise.delta
    from rise
  )
  select part.indicator, part.dimension, part.unit_id, part.declared_on, sum(part.delta)::bigint
  from part
  group by part.indicator, part.dimension, part.unit_id, part.declared_on
  having sum(part.delta) <> 0
$$;

create function head_count_steps(campaign uuid, units uuid[] default null, known_at timestamptz default 'infinity')
returns setof count_step
language sql stable set search_path = public, pg_temp as $$
  select 'non-member-attendances', dimension.value, head_count.unit_id, sitting.held_on, sum(head_count.people)::bigint
  from head_count
  join sitting on sitting.id = head_count.sitting_id
  join study_session on study_session.id = sitting.session_id
  cross join lateral (values (''), ('kind:' || head_count.kind)) as dimension (value)
  where head_count.campaign_id = campaign
    and (units is null or head_count.unit_id = any (units))
    and head_count.recorded_at <= known_at
    and (head_count.superseded_at is null or head_count.superseded_at > known_at)
    and (study_session.cancelled_at is null or study_session.cancelled_at > known_at)
  group by dimension.value, head_count.unit_id, sitting.held_on
  having sum(head_count.people) <> 0
$$;

-- Everything counted in a campaign, by definition. With neither people nor units: the full recount.
create function count_steps(campaign uuid, people uuid[] default null, units uuid[] default null,
  known_at timestamptz default 'infinity')
returns setof count_step
language sql stable security definer set search_path = public, pg_temp as $$
  select steps.* from study_steps(campaign, people, known_at) as steps where people is not null or units is null
  union all
  select steps.* from declaration_steps(campaign, units, known_at) as steps where units is not null or people is null
  union all
  select steps.* from head_count_steps(campaign, units, known_at) as steps where units is not null or people is null
$$;

-- Appended by every change, so that a thousand check-ins a second do not queue on the row of one city.
create table count_increment (
  id bigint generated always as identity primary key,
  campaign_id uuid not null references campaign (id),
  indicator text not null references indicator (key),
  dimension text not null,
  unit_id uuid not null,
  on_day date not null,
  delta bigint not null
);
create index count_increment_by_campaign on count_increment (campaign_id, unit_id);

-- Folded increments: `own` of the unit itself, `whole` with every unit beneath it as the tree stood on the day.
create table count_kept (
  campaign_id uuid not null references campaign (id),
  unit_id uuid not null,
  indicator text not null references indicator (key),
  dimension text not null,
  on_day date not null,
  own bigint not null,
  whole bigint not null,
  primary key (campaign_id, unit_id, indicator, dimension, on_day)
);

-- What steps at a unit's own level mean for the units above: counted there from the day the unit stands beneath, and
-- taken off the day it no longer does.
create function spread_counts(steps count_step[])
returns table (unit_id uuid, indicator text, dimension text, on_day date, own bigint, whole bigint)
language sql stable set search_path = public, pg_temp as $$
  select spread.unit_id, spread.indicator, spread.dimension, spread.on_day, sum(spread.own)::bigint, sum(spread.whole)::bigint
  from (
    select unit_ancestor.ancestor_id as unit_id, step.indicator, step.dimension,
           greatest(step.on_day, lower(unit_ancestor.during)) as on_day,
           case when unit_ancestor.depth = 0 then step.delta else 0 end as own, step.delta as whole
    from unnest(steps) as step
    join unit_ancestor on unit_ancestor.unit_id = step.unit_id
      and (upper_inf(unit_ancestor.during) or upper(unit_ancestor.during) > step.on_day)
    union all
    select unit_ancestor.ancestor_id, step.indicator, step.dimension, upper(unit_ancestor.during),
           case when unit_ancestor.depth = 0 then -step.delta else 0 end, -step.delta
    from unnest(steps) as step
    join unit_ancestor on unit_ancestor.unit_id = step.unit_id
      and not upper_inf(unit_ancestor.during) and upper(unit_ancestor.during) > step.on_day
  ) as spread
  group by spread.unit_id, spread.indicator, spread.dimension, spread.on_day
$$;

-- What a transaction that changes counts had before its change.
create unlogged table count_pending (
  transaction xid8 not null,
  campaign_id uuid not null,
  people uuid[] not null,
  units uuid[],
  steps count_step[],
  primary key (transaction, campaign_id)
);

-- Makes other changes of these people wait until this one has ended.
create function lock_people(people uuid[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  select person.id from person where person.id = any (people) order by person.id for no key update
$$;

-- Before a change of these people, or of everyone in these units: two changes of one person would otherwise each see only
-- their own and count twice, so the people are locked, and what they count as is set aside.
create function begin_counts(campaign uuid, people uuid[], units uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  counted uuid[];
begin
  perform pg_advisory_xact_lock(hashtextextended(campaign::text || unit.id::text, 0))
  from (select unnest(units) as id order by 1) as unit;
  select array_agg(locked.id) into counted
  from (
    select person.id
    from person
    where person.id = any (people)
      or person.id in (
        select roster.person_id from roster
        where roster.campaign_id = campaign and roster.superseded_at is null and roster.unit_id = any (units))
    order by person.id
    for no key update
  ) as locked;
  counted := coalesce(counted, '{}');
  insert into count_pending (transaction, campaign_id, people, units, steps)
  select pg_current_xact_id(), campaign, counted, units,
         array_agg((step.indicator, step.dimension, step.unit_id, step.on_day, step.delta)::count_step)
  from count_steps(campaign, counted, units) as step;
end $$;

-- After the change: appends the difference between what the same people and units count as now and what they did before.
create function finish_counts(campaign uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  pending count_pending;
begin
  delete from count_pending
  where count_pending.transaction = pg_current_xact_id() and count_pending.campaign_id = campaign
  returning count_pending.* into strict pending;
  insert into count_increment (campaign_id, indicator, dimension, unit_id, on_day, delta)
  select campaign, step.indicator, step.dimension, step.unit_id, step.on_day, sum(step.delta)
  from (
    select now.indicator, now.dimension, now.unit_id, now.on_day, now.delta
    from count_steps(campaign, pending.people, pending.units) as now
    union all
    select before.indicator, before.dimension, before.unit_id, before.on_day, -before.delta
    from unnest(pending.steps) as before
  ) as step
  group by step.indicator, step.dimension, step.unit_id, step.on_day
  having sum(step.delta) <> 0;
end $$;

-- Everyone with a mark in a session, whoever asks: cancelling it changes what they are counted as.
create function marked_people(session uuid) returns uuid[]
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct mark.person_id), '{}')
  from mark
  join sitting on sitting.id = mark.sitting_id
  where sitting.session_id = session and mark.superseded_at is null
$$;

-- Moves appended increments into count_kept; returns how many. One folder at a time; readers add both, so no value changes.
create function fold_counts() returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  folded bigint;
begin
  perform pg_advisory_xact_lock(hashtext('fold_counts'));
  with taken as (
    delete from count_increment returning campaign_id, indicator, dimension, unit_id, on_day, delta
  ), step as (
    select taken.campaign_id, taken.indicator, taken.dimension, taken.unit_id, taken.on_day, sum(taken.delta)::bigint as delta, count(*) as rows
    from taken
    group by taken.campaign_id, taken.indicator, taken.dimension, taken.unit_id, taken.on_day
  ), by_campaign as (
    select step.campaign_id,
           array_agg((step.indicator, step.dimension, step.unit_id, step.on_day, step.delta)::count_step) filter (where step.delta <> 0) as steps,
           sum(step.rows) as rows
    from step
    group by step.campaign_id
  ), written as (
    insert into count_kept (campaign_id, unit_id, indicator, dimension, on_day, own, whole)
    select by_campaign.campaign_id, spread.unit_id, spread.indicator, spread.dimension, spread.on_day, spread.own, spread.whole
    from by_campaign
    cross join lateral spread_counts(by_campaign.steps) as spread
    on conflict (campaign_id, unit_id, indicator, dimension, on_day)
    do update set own = count_kept.own + excluded.own, whole = count_kept.whole + excluded.whole
  )
  select coalesce(sum(by_campaign.rows), 0) into folded from by_campaign;
  return folded;
end $$;

-- Counts the whole campaign anew from its records: when it opens, and when the tree itself is changed under its counts.
create function recount(campaign uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if current_setting('role') = 'app' and not exists (
    select from campaign as own where own.id = recount.campaign and own.unit_id in (select viewer_led_units())
  ) then
    raise exception 'this campaign is not the viewer''s to count' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(hashtext('fold_counts'));
  lock table count_increment in share row exclusive mode; -- changes under way append after us, or are waited for
  delete from count_increment where campaign_id = campaign;
  delete from count_kept where campaign_id = campaign;
  insert into count_kept (campaign_id, unit_id, indicator, dimension, on_day, own, whole)
  select campaign, spread.unit_id, spread.indicator, spread.dimension, spread.on_day, spread.own, spread.whole
  from spread_counts((
    select array_agg((steps.indicator, steps.dimension, steps.unit_id, steps.on_day, steps.delta)::count_step)
    from (
      select step.indicator, step.dimension, step.unit_id, step.on_day, sum(step.delta)::bigint as delta
      from count_steps(campaign) as step
      group by step.indicator, step.dimension, step.unit_id, step.on_day
    ) as steps
  )) as spread;
end $$;

create function demand_figures_of(units uuid[]) returns void
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if current_setting('role') = 'app' and exists (select unnest(units) except select viewer_figure_units_among(units)) then
    raise exception 'figures of this unit are not the viewer''s' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- Values as of a day for these units, whoever looks: the right to the unit is checked, then everything beneath is counted.
create function count_values(campaign uuid, units uuid[], as_of date)
returns table (unit_id uuid, indicator text, dimension text, own bigint, whole bigint)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  perform demand_figures_of(units);
  return query
  select value.unit_id, value.indicator, value.dimension, sum(value.own)::bigint, sum(value.whole)::bigint
  from (
    select count_kept.unit_id, count_kept.indicator, count_kept.dimension, count_kept.own, count_kept.whole
    from count_kept
    where count_kept.campaign_id = campaign and count_kept.unit_id = any (units) and count_kept.on_day <= as_of
    union all
    select unit_ancestor.ancestor_id, count_increment.indicator, count_increment.dimension,
           case when unit_ancestor.depth = 0 then count_increment.delta else 0 end, count_increment.delta
    from count_increment
    join unit_ancestor on unit_ancestor.unit_id = count_increment.unit_id
      and unit_ancestor.ancestor_id = any (units) and unit_ancestor.during @> as_of
    where count_increment.campaign_id = campaign and count_increment.on_day <= as_of
  ) as value
  group by value.unit_id, value.indicator, value.dimension
  having sum(value.own) <> 0 or sum(value.whole) <> 0;
end $$;

-- The same from the records as they were known at an instant: slower, and it forgets what was learned later.
create function count_values_known(campaign uuid, units uuid[], as_of date, known_at timestamptz)
returns table (unit_id uuid, indicator text, dimension text, own bigint, whole bigint)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  perform demand_figures_of(units);
  return query
  select unit_ancestor.ancestor_id, step.indicator, step.dimension,
         coalesce(sum(step.delta) filter (where unit_ancestor.depth = 0), 0)::bigint, sum(step.delta)::bigint
  from count_steps(campaign, null, null, known_at) as step
  join unit_ancestor on unit_ancestor.unit_id = step.unit_id
    and unit_ancestor.ancestor_id = any (units) and unit_ancestor.during @> as_of
  where step.on_day <= as_of
  group by unit_ancestor.ancestor_id, step.indicator, step.dimension
  having sum(step.delta) <> 0;
end $$;

-- Changes day by day of one unit's whole counts, for a curve over time.
create function count_days(campaign uuid, unit uuid, indicators text[], dimensions text[])
returns table (indicator text, dimension text, on_day date, delta bigint)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  perform demand_figures_of(array[unit]);
  return query
  select value.indicator, value.dimension, value.on_day, sum(value.delta)::bigint
  from (
    select count_kept.indicator, count_kept.dimension, count_kept.on_day, count_kept.whole as delta
    from count_kept
    where count_kept.campaign_id = campaign and count_kept.unit_id = unit
      and count_kept.indicator = any (indicators) and count_kept.dimension = any (dimensions)
    union all
    select spread.indicator, spread.dimension, spread.on_day, spread.whole
    from spread_counts((
      select array_agg((count_increment.indicator, count_increment.dimension, count_increment.unit_id, count_increment.on_day, count_increment.delta)::count_step)
      from count_increment
      where count_increment.campaign_id = campaign
        and count_increment.indicator = any (indicators) and count_increment.dimension = any (dimensions)
    )) as spread
    where spread.unit_id = unit
  ) as value
  group by value.indicator, value.dimension, value.on_day
  having sum(value.delta) <> 0;
end $$;

-- How many sessions of each kind, and venues of conferences, were held at or beneath a unit by a day; cancelled ones were not.
create function sessions_held(campaign uuid, unit uuid, as_of date) returns table (kind text, sessions bigint, venues bigint)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  perform demand_figures_of(array[unit]);
  return query
  select study_session.kind,
         count(*) filter (where study_session.part_of is null),
         count(*) filter (where study_session.part_of is not null)
  from study_session
  where study_session.campaign_id = campaign
    and study_session.cancelled_at is null
    and study_session.unit_id in (
      select unit_ancestor.unit_id from unit_ancestor where unit_ancestor.ancestor_id = unit and unit_ancestor.during @> as_of)
    and study_session.id in (select sitting.session_id from sitting where sitting.campaign_id = campaign and sitting.held_on <= as_of)
  group by study_session.kind;
end $$;

-- The people behind a unit's own figures as of a day, for those whom the matrix allows; no row for anyone else.
create function roster_people(campaign uuid, unit uuid, as_of date)
returns table (person_id uuid, name text, given_name text, middle_name text, family_name text, born_on date,
  category_key text, must_study boolean, exempt_reason text, studied_on date, kind text, national_on date)
language sql stable security definer set search_path = public, pg_temp as $$
  with run as (
    select roster.person_id, roster.category_key, roster.must_study, roster.exempt_reason
    from roster
    where roster.campaign_id = campaign and roster.unit_id = unit and roster.superseded_at is null and roster.during @> as_of
      and unit in (select viewer_people_units())
  )
  select run.person_id, person.name, person.given_name, person.middle_name, person.family_name, person.born_on,
         run.category_key, run.must_study, run.exempt_reason,
         case when completion.studied_on <= as_of then completion.studied_on end,
         case when completion.studied_on <= as_of then completion.kind end,
         case when completion.national_on <= as_of then completion.national_on end
  from run
  join person on person.id = run.person_id
  left join campaign_completions(campaign, (select array_agg(run.person_id) from run), 'infinity') as completion
    on completion.person_id = run.person_id
$$;

alter table indicator enable row level security;
create policy indicator_is_read_by_all on indicator for select to app using (true);
alter table count_increment enable row level security; -- written by finish_counts, read through count_values alone
alter table count_pending enable row level security;
alter table count_kept enable row level security; -- read through count_values alone

grant select on indicator to app;
grant execute on function recount(uuid), marked_people(uuid), lock_people(uuid[]),
  begin_counts(uuid, uuid[], uuid[]), finish_counts(uuid),
  count_values(uuid, uuid[], date),
  count_values_known(uuid, uuid[], date, timestamptz), count_days(uuid, uuid, text[], text[]), sessions_held(uuid, uuid, date), roster_people(uuid, uuid, date) to app;
