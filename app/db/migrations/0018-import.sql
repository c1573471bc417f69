-- A file on its way in: kept with what was understood of it until it is imported or cancelled, seen by whoever brought it and by nobody
-- else, and swept after some days. It holds personal data of people who may not be in the database at all.
create table import (
  id uuid primary key,
  person_id uuid not null references person (id), -- who brought it
  kind text not null,
  unit_id uuid references unit (id), -- whose list it is where its rows name no unit
  effective_on date not null,        -- from which day it holds where its rows name none
  source fact_source not null,
  file_name text not null,
  content bytea,                     -- null once swept
  state text not null default 'waiting',
  task text not null default 'read', -- what the worker is to do while it is waiting
  attempt integer not null default 0, -- of workers that took it; one that was given up finds that it is no longer its turn
  beat_at timestamptz,               -- when the worker was last heard of
  done integer not null default 0,   -- rows of total, while it is at work
  total integer not null default 0,
  found jsonb,                       -- tables, columns and rows left out
  counts jsonb,                      -- rows by verdict
  refusal jsonb,                     -- why the file was refused, or what has changed meanwhile, in each language
  receipt bigint,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint import_kind_is_known check (kind in ('members', 'units', 'offices')),
  constraint import_state_is_known check (state in ('waiting', 'working', 'checked', 'refused', 'imported', 'cancelled')),
  constraint import_task_is_known check (task in ('read', 'import'))
);
create index import_by_person on import (person_id, created_at);
create index import_under_way on import (created_at) where state in ('waiting', 'working');

create table import_row (
  import_id uuid not null references import (id) on delete cascade,
  position integer not null,
  sheet text not null,
  number integer not null,           -- of the row in its sheet, from 1
  raw jsonb not null,                -- the cells as they came
  fields jsonb not null,             -- what was understood
  verdict text not null,
  problems jsonb not null default '[]',
  notes jsonb not null default '[]',
  plan jsonb,                        -- what importing it will do
  primary key (import_id, position),
  constraint import_row_verdict_is_known check (verdict in ('bad', 'new', 'changed', 'unchanged'))
);
create index import_row_by_verdict on import_row (import_id, verdict, position);

-- What a comparison of a file with the organisation has seen: everything that was committed when it began. Nothing here outlives the server it
-- was written on, whose numbers of transactions mean something only there.
create unlogged table import_basis (
  import_id uuid primary key references import (id) on delete cascade,
  seen pg_snapshot not null,
  as_of date not null,
  server_since timestamptz not null default pg_postmaster_start_time(),
  seen_at timestamptz not null default clock_timestamp()
);

-- Transactions that wrote anything a comparison reads, kept for longer than a comparison counts for. A number that rises would not do: of a
-- change under way it is seen to have risen before the change itself is seen.
create unlogged table organisation_change (
  transaction xid8 primary key default pg_current_xact_id(),
  recorded_at timestamptz not null default clock_timestamp()
);
create index organisation_change_by_time on organisation_change (recorded_at);
alter table import_basis enable row level security; -- both are written and read by the functions below alone
alter table organisation_change enable row level security;

create function note_organisation_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into organisation_change default values on conflict do nothing;
  return null;
end $$;
create trigger change_is_noted after insert or update or delete or truncate on unit for each statement execute function note_organisation_change();
create trigger change_is_noted after insert or update or delete or truncate on unit_parent for each statement execute function note_organisation_change();
create trigger change_is_noted after insert or update or delete or truncate on unit_ancestor for each statement execute function note_organisation_change();
create trigger change_is_noted after insert or update or delete or truncate on succession for each statement execute function note_organisation_change();
create trigger change_is_noted after insert or update or delete or truncate on person for each statement execute function note_organisation_change();
create trigger change_is_noted after insert or update or delete or truncate on membership for each statement execute function note_organisation_change();
create trigger change_is_noted after insert or update or delete or truncate on office for each statement execute function note_organisation_change();
create trigger change_is_noted after insert or update or delete or truncate on inspection_assignment for each statement execute function note_organisation_change();
create trigger change_is_noted after insert or update or delete or truncate on setting for each statement execute function note_organisation_change();

alter table import enable row level security;
create policy import_is_ones_own on import to app using (person_id = viewer_person()) with check (person_id = viewer_person());
alter table import_row enable row level security;
create policy import_row_is_ones_own on import_row to app
  using (import_id in (select import.id from import where import.person_id = viewer_person()))
  with check (import_id in (select import.id from import where import.person_id = viewer_person()));
grant select, insert, update on import to app;
grant select, insert, delete on import_row to app;

-- Which of these card numbers are held by somebody, seen or not; never by whom. For those who keep members. Numbers of people whom the viewer
-- does not see are counted as looked up; their ids serve for counting alone.
create function cards_taken(keys text[]) returns table (key text, id uuid, is_hidden boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  hidden uuid[];
begin
  if not exists (select viewer_kept_units() union all select viewer_appointed_units()) then return; end if;
  with seen as materialized (
    select viewer_people_units() as unit_id
    union
    select unit_ancestor.unit_id from unit_ancestor
    where unit_ancestor.ancestor_id in (select viewer_administered_tops()) and unit_ancestor.standing @> (select viewer_today())
  ), elsewhere as materialized (
    select person.id
    from unnest(keys) as asked (key)
    join person on card_key(person.card_number) = asked.key
    where not exists (
      select from membership
      where membership.person_id = person.id and membership.unit_id in (select seen.unit_id from seen)
        and (membership.is_last or membership.during @> (select viewer_today())))
  )
  select array_agg(elsewhere.id) into hidden
  from elsewhere
  where elsewhere.id not in (select viewer_people()) and not is_kept_by_office(elsewhere.id);
  perform count_look_ups(hidden, '{}');
  return query
  select distinct asked.key, person.id, person.id = any (coalesce(hidden, '{}'))
  from unnest(keys) as asked (key)
  join person on card_key(person.card_number) = asked.key;
end $$;

-- People a list may be about, for whoever keeps members: those of these units, and those known by card or by name and day of birth wherever
-- the viewer sees them today, whatever the day of the list. Row-level security would ask of each of 50,000 whether somebody administers it. Why somebody is exempt stays with
-- those who lead.
create function known_members(units uuid[], cards text[], births date[], names text[], as_of date)
returns table (id uuid, name text, "cardKey" text, "cardNumber" text, "bornOn" date, gender text, phone text, "membershipId" uuid, "unitId" uuid,
  status text, "exemptReason" text, "categoryKey" text, since date)
language sql stable security definer set search_path = public, pg_temp as $$
  with led as materialized (select viewer_people_units() as unit_id),
  seen as materialized (
    select led.unit_id from led
    union
    select unit_ancestor.unit_id from unit_ancestor
    where unit_ancestor.ancestor_id in (select viewer_administered_tops()) and unit_ancestor.standing @> (select viewer_today())
  ),
  asked as materialized (
    select membership.person_id as id from membership where membership.unit_id = any (units) and membership.during @> as_of
    union
    select person.id from unnest(cards) as card (key) join person on card_key(person.card_number) = card.key
    union
    select person.id from unnest(births, names) as birth (born_on, folded) join person on person.born_on = birth.born_on and fold(person.name) = birth.folded
  )
  select person.id, person.name, card_key(person.card_number), person.card_number, person.born_on, person.gender, person.phone,
         membership.id, membership.unit_id, membership.status,
         case when membership.status = 'exempt' and membership.unit_id in (select led.unit_id from led) then membership.exempt_reason end,
         membership.category_key, lower(membership.during)
  from asked
  join person on person.id = asked.id
  left join membership on membership.person_id = person.id and membership.during @> as_of
  where exists (select viewer_kept_units())
    and exists (
      select from membership as place
      where place.person_id = person.id and place.unit_id in (select seen.unit_id from seen)
        and (place.is_last or place.during @> (select viewer_today())))
$$;

-- Takes an import of one's own that waits to be read or carried out; the number of the attempt, or null when somebody else has it or
-- when as many as may are at work.
create function take_import(wanted uuid, most integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  taken integer;
begin
  perform pg_advisory_xact_lock(hashtext('take_import'));
  if (select count(*) from import where import.state = 'working' and import.beat_at > clock_timestamp() - interval '1 minute') >= most then
    return null;
  end if;
  update import set state = 'working', attempt = import.attempt + 1, beat_at = clock_timestamp(), done = 0
  where import.id = wanted and import.state = 'waiting' and import.person_id = viewer_person()
  returning import.attempt into taken;
  return taken;
end $$;

grant execute on function known_members(uuid[], text[], date[], text[], date), cards_taken(text[]), take_import(uuid, integer) to app;

-- What the operations of people leave behind, for many at once: the same rows and the same entries in the record, in the order of the file.
-- Rights are a join inside: a row outside them makes the whole import fail.
create function join_imported(wanted uuid, via text) returns integer
language plpgsql security definer set search_path = public, pg_temp set work_mem = '64MB' set jit = off as $$
declare
  joined integer;
begin
  perform demand_own_import(wanted);
  create temporary table joining on commit drop as
  select import_row.position, (import_row.plan ->> 'id')::uuid as person_id, gen_random_uuid() as membership_id,
         gen_random_uuid() as change_id, (import_row.plan ->> 'unitId')::uuid as unit_id, (import_row.plan ->> 'since')::date as from_day,
         field.*
  from import_row
  cross join lateral jsonb_to_record(import_row.fields) as field ("name" text, "cardNumber" text, "bornOn" date, "gender" text, "phone" text, "status" text,
    "exemptReason" text, "categoryKey" text)
  where import_row.import_id = wanted and import_row.verdict = 'new';
  if exists (select from joining where joining.unit_id is null or joining.unit_id not in (select viewer_kept_units())) then
    raise exception 'these members are not the viewer''s to keep' using errcode = 'insufficient_privilege';
  end if;
  if exists (select from joining where joining.status = 'exempt' and joining.unit_id not in (select viewer_exempting_units())) then
    raise exception 'these exemptions are not the viewer''s to decide' using errcode = 'insufficient_privilege';
  end if;
  perform from unit where unit.id in (select joining.unit_id from joining) order by unit.id for share; -- one that is being ended is waited for
  if exists (select from joining join unit on unit.id = joining.unit_id where not unit.during @> joining.from_day or not upper_inf(unit.during)) then
    raise exception 'the unit does not stand from that day on' using errcode = 'check_violation', constraint = 'membership_is_in_a_standing_unit';
  end if;
  insert into person (id, name, card_number, born_on, gender, phone, version)
  select joining.person_id, joining.name, joining."cardNumber", joining."bornOn", joining.gender, joining.phone, 2 from joining order by joining.position;
  insert into membership (id, person_id, unit_id, during, status, exempt_reason, category_key)
  select joining.membership_id, joining.person_id, joining.unit_id, daterange(joining.from_day, null), coalesce(joining.status, 'in_post'),
         joining."exemptReason", joining."categoryKey"
  from joining order by joining.position;
  insert into member_change (id, person_id, kind, unit_id, to_unit_id, from_day, before, after, recorded_by, source)
  select joining.change_id, joining.person_id, 'joined', joining.unit_id, joining.unit_id, joining.from_day, '[]', jsonb_build_array(to_jsonb(membership)), viewer_person(), via
  from joining join membership on membership.id = joining.membership_id
  order by joining.position;
  insert into audit_entry (actor_id, action, unit_id, subject_type, subject_id, detail)
  select viewer_person(), 'member.joined', joining.unit_id, 'person', joining.person_id::text, jsonb_build_object('fromDay', joining.from_day, 'change', joining.change_id)
  from joining order by joining.position;
  select count(*) into joined from joining;
  return joined;
end $$;

create function edit_imported(wanted uuid) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  edited integer;
begin
  perform demand_own_import(wanted);
  create temporary table editing on commit drop as
  select import_row.position, (import_row.plan ->> 'id')::uuid as person_id, import_row.plan ->> 'keptBy' as unit_id,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'name') as name,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'cardNumber') as card_number,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'bornOn') as born_on,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'gender') as gender,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'phone') as phone,
         jsonb_agg(column_of.name order by column_of.place) as changed
  from import_row
  cross join lateral jsonb_array_elements(import_row.plan -> 'changes') as change
  join (values ('name', 'name', 1), ('cardNumber', 'card_number', 2), ('bornOn', 'born_on', 3), ('gender', 'gender', 4), ('phone', 'phone', 5))
    as column_of (field, name, place) on column_of.field = change.value ->> 'field'
  where import_row.import_id = wanted and import_row.verdict = 'changed'
  group by import_row.position, import_row.plan;
  if exists (
    select from editing
    where not exists (
      select from membership
      where membership.person_id = editing.person_id and membership.unit_id = editing.unit_id::uuid and membership.unit_id in (select viewer_kept_units())
        and (membership.is_last or membership.during @> viewer_today())) -- who went on elsewhere is kept there, whatever the day of the list
  ) then
    raise exception 'these members are not the viewer''s to keep' using errcode = 'insufficient_privilege';
  end if;
  update person
  set name = coalesce(editing.name, person.name), card_number = coalesce(editing.card_number, person.card_number),
      born_on = coalesce(editing.born_on::date, person.born_on), gender = coalesce(editing.gender, person.gender),
      phone = coalesce(editing.phone, person.phone), version = person.version + 1
  from editing
  where person.id = editing.person_id;
  insert into audit_entry (actor_id, action, unit_id, subject_type, subject_id, detail)
  select viewer_person(), 'person.edited', editing.unit_id::uuid, 'person', editing.person_id::text, jsonb_build_object('changed', editing.changed)
  from editing order by editing.position;
  select count(*) into edited from editing;
  return edited;
end $$;

create function demand_own_import(wanted uuid) returns void
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from import where import.id = wanted and import.person_id = viewer_person()) then
    raise exception 'this import is not the viewer''s' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- Before anything is read for a comparison: what is committed later, or was under way by then, is not in it.
create function begin_comparison(wanted uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform demand_own_import(wanted);
  insert into import_basis (import_id, seen, as_of) values (wanted, pg_current_snapshot(), viewer_today())
  on conflict (import_id) do update
  set seen = excluded.seen, as_of = excluded.as_of, server_since = excluded.server_since, seen_at = excluded.seen_at;
end $$;

-- Whether comparing again would find the same: it is still that day, and every change of the organisation was seen.
create function is_comparison_current(wanted uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from import_basis
    join import on import.id = import_basis.import_id and import.person_id = viewer_person()
    where import_basis.import_id = wanted and import_basis.as_of = viewer_today()
      and import_basis.server_since = pg_postmaster_start_time() and import_basis.seen_at > clock_timestamp() - interval '7 days'
      and not exists (
        select from organisation_change
        where not pg_visible_in_snapshot(organisation_change.transaction, import_basis.seen)))
$$;

grant execute on function join_imported(uuid, text), edit_imported(uuid), begin_comparison(uuid), is_comparison_current(uuid) to app;
