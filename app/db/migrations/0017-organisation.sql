-- The organisation is kept by the people who use it: units, people, memberships and offices are changed from day to day.
-- What may be done is said by permissions.ts; the policies and functions here say the same a second time, row by row.
--
-- An administrator of accounts keeps the list of the organisation, so from here on sees the rows of people beneath: name, card number,
-- birth, phone, memberships and offices. Never why somebody is exempt (a column that only a function gives), never a roster, a mark, a
-- paper or a figure: none of those policies knows the office of an administrator.

-- ---------------------------------------------------------------------------------------------------------------- people found
-- One card is one card however its number is grouped, and one phone whether or not the country stands before it.
create function card_key(card_number text) returns text
language sql immutable parallel safe
return nullif(upper(regexp_replace(card_number, '[^0-9A-Za-z]', '', 'g')), '');

create function phone_key(phone text) returns text
language sql immutable parallel safe
return nullif(regexp_replace(regexp_replace(phone, '[^0-9]', '', 'g'), '^(84(?=[0-9]{9,10}$)|0)', ''), '');

alter table person drop column search;
alter table person add column search text not null
  generated always as (fold(name || coalesce(' ' || card_number || ' ' || card_key(card_number), ''))) stored;
create index person_search on person using gin ((' ' || search) gin_trgm_ops); -- words are looked for from their beginning
-- With the column that each key is made of, so that those which many have are counted without asking the table.
create index person_by_card on person (card_key(card_number)) include (card_number);
create index person_by_phone on person (phone_key(phone)) include (phone);
create index person_by_birth on person (born_on, fold(name)) include (name);
create index membership_by_person on membership (person_id);

-- Whether it is the person's last: whoever left somewhere is still seen by the units that had them, whoever went on elsewhere no more.
-- Kept, because policies cannot ask for a membership that the viewer does not see.
alter table membership add column is_last boolean not null default true;
create function keep_last_memberships() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if pg_trigger_depth() > 1 then return null; end if;
  update membership
  set is_last = not membership.is_last
  where membership.person_id in (select touched.person_id from touched)
    and membership.is_last = exists (
      select from membership as later
      where later.person_id = membership.person_id and lower(later.during) >= upper(membership.during));
  return null;
end $$;
create trigger last_memberships_are_kept_when_added after insert on membership
  referencing new table as touched for each statement execute function keep_last_memberships();
create trigger last_memberships_are_kept_when_changed after update on membership
  referencing new table as touched for each statement execute function keep_last_memberships();
create trigger last_memberships_are_kept_when_removed after delete on membership
  referencing old table as touched for each statement execute function keep_last_memberships();
update membership
set is_last = false
where exists (select from membership as later where later.person_id = membership.person_id and lower(later.during) >= upper(membership.during));

-- A row that somebody else has changed meanwhile is told by its version.
alter table office add column version integer not null default 1;

-- ---------------------------------------------------------------------------------------------------------------- who keeps what
create function viewer_administered_tops() returns setof uuid
language sql stable security definer rows 2 set search_path = public, pg_temp as $$
  select held.unit_id from viewer_offices() as held where held.role = 'administrator'
$$;

-- Units whose members one keeps: one's own and those directly beneath; an administrator all beneath.
create function viewer_kept_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.standing @> (select viewer_today())
  where held.role = 'administrator' or (held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.depth <= 1)
$$;

-- Those of the people who lead and keep names that belong there, or did last. An administrator's are asked one by one: is_administered.
create function viewer_kept_people() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select membership.person_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.standing @> (select viewer_today()) and unit_ancestor.depth <= 1
  join membership on membership.unit_id = unit_ancestor.unit_id
  where held.role in ('secretary', 'deputy', 'clerk')
    and (membership.is_last or membership.during @> (select viewer_today()))
$$;

-- Whether the person belongs nowhere yet, so that whoever wrote the name down may say where.
create function is_unplaced(person uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select not exists (select from membership where membership.person_id = person)
$$;

-- Whether somebody is on the list of the viewer's by office alone: all offices of today stand beneath what the viewer administers, and no
-- membership is or was anywhere. Whoever belongs elsewhere is kept there: appointing somebody by card opens nothing but the name.
create function is_kept_by_office(person uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select is_unplaced(person) and (
    select coalesce(bool_and(exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = office.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
        and unit_ancestor.standing @> (select viewer_today()))), false)
    from office
    where office.person_id = person and office.during @> (select viewer_today()))
$$;

-- Whether the person belongs, or did last, beneath what the viewer administers, or is kept there by office: what the policies say in the
-- form of an EXISTS, for functions that ask of one person.
create function is_administered(person uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from membership
    join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.standing @> (select viewer_today())
    where membership.person_id = person and (membership.is_last or membership.during @> (select viewer_today()))
      and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops())))
  or is_kept_by_office(person)
$$;

-- Units whose exemptions one decides: of the cell itself, and nobody's from above.
create function viewer_exempting_units() returns setof uuid
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  select held.unit_id from viewer_offices() as held where held.role in ('secretary', 'deputy')
$$;

-- Units that one may put others under: one's own; a city officer and an administrator also everything beneath.
create function viewer_parenting_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('administrator', 'city_officer') or (held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.depth = 0)
$$;

-- Units that one may name, move and end: those that stand under such a unit, and a top that stands under none.
create function viewer_tended_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  with parenting as materialized (select viewer_parenting_units() as unit_id)
  select unit_ancestor.unit_id
  from parenting
  join unit_ancestor on unit_ancestor.ancestor_id = parenting.unit_id and unit_ancestor.depth = 1 and unit_ancestor.standing @> (select viewer_today())
  union
  select parenting.unit_id
  from parenting
  where not exists (select from unit_parent where unit_parent.unit_id = parenting.unit_id)
$$;

-- Units whose secretary, deputies and clerks one appoints: those directly beneath; of the top its own.
create function viewer_appointed_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('secretary', 'city_officer')
    and (unit_ancestor.depth = 1 or (unit_ancestor.depth = 0 and not exists (select from unit_parent where unit_parent.unit_id = held.unit_id)))
$$;

grant execute on function viewer_administered_tops(), viewer_kept_units(), viewer_kept_people(), is_administered(uuid), is_unplaced(uuid), is_kept_by_office(uuid),
  viewer_exempting_units(), viewer_parenting_units(), viewer_tended_units(), viewer_appointed_units() to app;

-- ---------------------------------------------------------------------------------------------------------------- policies
-- The policies of 0004 and 0005 said nothing of writing, since nothing was granted; one without `for` would allow it where one sees.
drop policy unit_of_viewer on unit;
create policy unit_of_viewer on unit for select to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = unit.id and unit_ancestor.ancestor_id = any (array(select viewer_named_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or id in (select viewer_places()));
-- A new unit stands nowhere until its unit_parent is written; alone it is seen by nobody.
create policy unit_is_added_by_keeper on unit for insert to app with check (exists (select viewer_parenting_units()));
create policy unit_is_changed_by_keeper on unit for update to app
  using (id in (select viewer_tended_units())) with check (id in (select viewer_tended_units()));

drop policy unit_parent_of_viewer on unit_parent;
-- As of the unit itself, asked of each row: `unit_id in (select unit.id from unit)` lists every unit there is.
create policy unit_parent_of_viewer on unit_parent for select to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = unit_parent.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_named_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or unit_id in (select viewer_places()));
create policy unit_parent_is_added_by_keeper on unit_parent for insert to app
  with check (parent_id in (select viewer_parenting_units())
    and (unit_id in (select viewer_tended_units())
      or not exists (select from unit_ancestor where unit_ancestor.unit_id = unit_parent.unit_id)));
create policy unit_parent_is_changed_by_keeper on unit_parent for update to app
  using (parent_id in (select viewer_parenting_units())) with check (parent_id in (select viewer_parenting_units()));

drop policy succession_of_viewer on succession;
create policy succession_of_viewer on succession for select to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = succession.from_unit_id and unit_ancestor.ancestor_id = any (array(select viewer_named_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or from_unit_id in (select viewer_places()));
create policy succession_is_added_by_keeper on succession for insert to app
  with check (from_unit_id in (select viewer_tended_units())
    and (to_unit_id in (select viewer_tended_units()) or to_unit_id in (select viewer_parenting_units())));

drop policy person_of_viewer on person;
-- Asked of each row (`limit` keeps the planner from it): it takes what stands beneath a unit for a handful and would list everybody there
-- before it looks at some.
create policy person_of_viewer on person for select to app
  using (id in (select viewer_people()) or (array(select viewer_administered_tops()) <> '{}' and (
    coalesce((
      select true
      from membership
      join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.standing @> (select viewer_today())
      where membership.person_id = person.id and (membership.is_last or membership.during @> (select viewer_today()))
        and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
      limit 1), false)
    or (exists (
      select from office
      join unit_ancestor on unit_ancestor.unit_id = office.unit_id and unit_ancestor.standing @> (select viewer_today())
      where office.person_id = person.id and office.during @> (select viewer_today())
        and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops())))
      and is_kept_by_office(person.id)))));
-- A person who belongs nowhere yet is seen by nobody; the membership that follows says whose it is.
create policy person_is_added_by_keeper on person for insert to app with check (exists (select viewer_kept_units()));
create policy person_is_changed_by_keeper on person for update to app
  using (id in (select viewer_kept_people()) or exists (
    select from membership
    join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.standing @> (select viewer_today())
    where membership.person_id = person.id and (membership.is_last or membership.during @> (select viewer_today()))
      and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops())))
  or (exists (
    select from office
    join unit_ancestor on unit_ancestor.unit_id = office.unit_id and unit_ancestor.standing @> (select viewer_today())
    where office.person_id = person.id and office.during @> (select viewer_today())
      and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops())))
    and is_kept_by_office(person.id)))
  with check (id in (select viewer_kept_people()) or exists (
    select from membership
    join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.standing @> (select viewer_today())
    where membership.person_id = person.id and (membership.is_last or membership.during @> (select viewer_today()))
      and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops())))
  or (exists (
    select from office
    join unit_ancestor on unit_ancestor.unit_id = office.unit_id and unit_ancestor.standing @> (select viewer_today())
    where office.person_id = person.id and office.during @> (select viewer_today())
      and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops())))
    and is_kept_by_office(person.id)));

drop policy membership_of_viewer on membership;
create policy membership_of_viewer on membership for select to app
  using (unit_id in (select viewer_people_units()) or person_id = viewer_person() or exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = membership.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
-- Written by change_membership and its like alone, which keep the history and ask for every right.

drop policy office_of_viewer on office;
create policy office_of_viewer on office for select to app using (unit_id in (select viewer_units()) or person_id = viewer_person());
-- Offices carry rights: nobody gives one to oneself, and beside an administrator nobody gives more than leading and keeping a unit.
create policy office_is_given_from_above on office for insert to app
  with check (person_id <> viewer_person()
    and ((role in ('secretary', 'deputy', 'clerk') and unit_id in (select viewer_appointed_units()))
      or exists (
        select from unit_ancestor
        where unit_ancestor.unit_id = office.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
          and (unit_ancestor.depth > 0 or not exists (select from unit_parent where unit_parent.unit_id = office.unit_id))
          and unit_ancestor.standing @> (select viewer_today()))));
create policy office_is_ended_from_above on office for update to app
  using ((role in ('secretary', 'deputy', 'clerk') and unit_id in (select viewer_appointed_units()))
    or exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = office.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
        and (unit_ancestor.depth > 0 or not exists (select from unit_parent where unit_parent.unit_id = office.unit_id))
        and unit_ancestor.standing @> (select viewer_today())));

grant insert, update on unit, unit_parent, person, office to app;
grant insert on succession to app;

-- Why somebody is exempt is told where names are a leader's or one's own, and to no administrator.
revoke select on membership from app;
grant select (id, person_id, unit_id, during, status, category_key, is_last, version) on membership to app;

create function exempt_reason_of(membership uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select own.exempt_reason
  from membership as own
  where own.id = $1 and own.exempt_reason is not null
    and (own.person_id = viewer_person() or own.unit_id in (select viewer_people_units()))
$$;

-- Whom and which units an exact number told somebody of who does not see them: each once a day. Kept for counting, and swept.
create table look_up (
  person_id uuid not null references person (id) on delete cascade,
  on_day date not null,
  found_id uuid not null, -- a person or a unit
  primary key (person_id, on_day, found_id)
);
alter table look_up enable row level security; -- written and counted by count_look_ups alone
insert into setting (key, value) values ('look_ups_a_day', '500');

-- Counts what an exact number told, and writes it down without the number. What told nothing is not counted: a typing error tells of nobody.
create function count_look_ups(people uuid[], units uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  new_people uuid[];
  new_units uuid[];
begin
  if coalesce(cardinality(people), 0) + coalesce(cardinality(units), 0) = 0 then return; end if;
  perform pg_advisory_xact_lock(hashtext('look up'), hashtext(viewer_person()::text)); -- two at once count together
  with told as (
    insert into look_up (person_id, on_day, found_id)
    select viewer_person(), viewer_today(), asked.id
    from unnest(people || units) as asked (id)
    on conflict do nothing
    returning look_up.found_id
  )
  select array_agg(told.found_id) filter (where told.found_id = any (people)), array_agg(told.found_id) filter (where told.found_id = any (units))
  into new_people, new_units
  from told;
  if (select count(*) from look_up where look_up.person_id = viewer_person() and look_up.on_day = viewer_today())
    > (select (setting.value)::int from setting where setting.key = 'look_ups_a_day') then
    raise exception 'too many exact numbers were looked up today' using errcode = 'check_violation', constraint = 'look_ups_a_day_are_limited';
  end if;
  if new_people is not null or new_units is not null then
    insert into audit_entry (actor_id, action, subject_type, subject_id, detail)
    values (viewer_person(), 'number.looked_up', 'person', viewer_person()::text,
      jsonb_strip_nulls(jsonb_build_object('people', to_jsonb(new_people), 'units', to_jsonb(new_units))));
  end if;
end $$;

-- A unit that one does not see is found by its exact code: where to somebody moves. For those who keep members or units.
create function unit_by_code(code text, as_of date) returns table (id uuid, name text, kind text, has_members boolean, is_hidden boolean)
language plpgsql security definer rows 1 set search_path = public, pg_temp as $$
begin
  return query
  select unit.id, unit.name, unit.kind, unit_kind.has_members, unit.id not in (select viewer_units())
  from unit
  join unit_kind on unit_kind.key = unit.kind
  where unit.code = unit_by_code.code and unit.during @> as_of and exists (select viewer_kept_units() union all select viewer_parenting_units());
  perform count_look_ups('{}', array(
    select unit.id from unit
    where unit.code = unit_by_code.code and unit.during @> as_of and unit.id not in (select viewer_units())
      and exists (select viewer_kept_units() union all select viewer_parenting_units())));
end $$;

-- Somebody whom one does not see is found by the exact number of the card: who appoints from above does not see every cell. Of two entries
-- with one number neither is told: anybody may have written the second one down to be appointed in the place of the first.
create function people_by_card(card_numbers text[]) returns table (key text, id uuid, name text, is_hidden boolean)
language plpgsql security definer rows 1 set search_path = public, pg_temp as $$
declare
  hidden uuid[];
begin
  if not exists (select viewer_appointed_units() union all select viewer_administered_tops()) then return; end if;
  select array_agg(distinct person.id) into hidden
  from unnest(card_numbers) as asked (number)
  join person on card_key(person.card_number) = card_key(asked.number)
  where not exists (select from person as other where card_key(other.card_number) = card_key(asked.number) and other.id <> person.id)
    and person.id not in (select viewer_people()) and not is_administered(person.id);
  perform count_look_ups(hidden, '{}');
  return query
  select distinct card_key(person.card_number), person.id, person.name, person.id = any (coalesce(hidden, '{}'))
  from unnest(card_numbers) as asked (number)
  join person on card_key(person.card_number) = card_key(asked.number)
  where not exists (select from person as other where card_key(other.card_number) = card_key(asked.number) and other.id <> person.id);
end $$;

grant execute on function card_key(text), phone_key(text), exempt_reason_of(uuid), count_look_ups(uuid[], uuid[]),
  unit_by_code(text, date), people_by_card(text[]) to app;

-- ---------------------------------------------------------------------------------------------------------------- the tree and its counts
-- A change of the tree changes in which sums a unit's counts stand. Around it keepTree takes what these units and all beneath them count
-- out of the kept counts (begin_tree), lays the closure anew and puts it in again (finish_tree), in the same transaction.
create unlogged table tree_pending (
  transaction xid8 not null,
  units uuid[] not null,
  campaign_id uuid, -- null: these units count nothing anywhere
  steps count_step[]
);
create index tree_pending_by_transaction on tree_pending (transaction);
alter table tree_pending enable row level security; -- written and read by begin_tree and finish_tree alone

create function add_to_kept(campaign uuid, steps count_step[], sign integer) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into count_kept (campaign_id, unit_id, indicator, dimension, on_day, own, whole)
  select campaign, spread.unit_id, spread.indicator, spread.dimension, spread.on_day, sign * spread.own, sign * spread.whole
  from spread_counts(steps) as spread
  on conflict (campaign_id, unit_id, indicator, dimension, on_day)
  do update set own = count_kept.own + excluded.own, whole = count_kept.whole + excluded.whole
$$;

-- Before the parents or the days of these units change. One change of the tree at a time; rolls that are being saved are waited for.
create function begin_tree(units uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  touched uuid[];
  counting record;
begin
  if current_setting('role') = 'app' and not exists (select viewer_parenting_units()) then
    raise exception 'the tree is not the viewer''s to change' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(hashtext('tree'));
  select array_agg(distinct reached.id) into touched
  from (
    with recursive beneath as (
      select unnest(units) as id
      union
      select unit_parent.unit_id from beneath join unit_parent on unit_parent.parent_id = beneath.id
    )
    select beneath.id from beneath
  ) as reached;
  insert into tree_pending (transaction, units) values (pg_current_xact_id(), units);
  perform pg_advisory_xact_lock(hashtext('fold_counts'));
  lock table count_increment in share row exclusive mode; -- changes under way append after us, or are waited for
  perform fold_counts();
  for counting in
    select campaign.id as campaign_id, array_agg((step.indicator, step.dimension, step.unit_id, step.on_day, step.delta)::count_step) as steps
    from campaign
    cross join lateral (
      select coalesce(array_agg(distinct person.id), '{}') as ids
      from (
        select roster.person_id as id from roster
        where roster.campaign_id = campaign.id and roster.unit_id = any (touched) and roster.superseded_at is null
        union all
        select mark.person_id from mark
        where mark.campaign_id = campaign.id and mark.unit_id = any (touched) and mark.superseded_at is null
      ) as person
    ) as people
    cross join lateral count_steps(campaign.id, people.ids, touched) as step
    where campaign.opened_on is not null and step.unit_id = any (touched)
    group by campaign.id
  loop
    insert into tree_pending (transaction, units, campaign_id, steps) values (pg_current_xact_id(), units, counting.campaign_id, counting.steps);
    perform add_to_kept(counting.campaign_id, counting.steps, -1);
  end loop;
end $$;

create function finish_tree() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  pending record;
  changed uuid[];
begin
  select tree_pending.units into strict changed
  from tree_pending
  where tree_pending.transaction = pg_current_xact_id() and tree_pending.campaign_id is null;
  begin
    perform lay_ancestors(changed);
  exception when unique_violation then -- around a cycle a unit meets the same ancestor of the same days twice
    raise exception 'a unit would stand above itself' using errcode = 'check_violation', constraint = 'tree_has_no_cycle';
  end;
  for pending in
    delete from tree_pending where tree_pending.transaction = pg_current_xact_id() returning tree_pending.campaign_id, tree_pending.steps
  loop
    if pending.campaign_id is not null then perform add_to_kept(pending.campaign_id, pending.steps, 1); end if;
  end loop;
end $$;

grant execute on function begin_tree(uuid[]), finish_tree() to app;

-- ---------------------------------------------------------------------------------------------------------------- memberships over time
-- What was done to a person's memberships, with the rows before and after, so that the last change can be taken back. The reasons are
-- personal: they stand here, read by whoever leads the units, and not in the chained record.
create table member_change (
  id uuid primary key,
  person_id uuid references person (id) on delete set null, -- null: added by mistake, and no longer anybody on the list
  kind text not null,
  unit_id uuid not null references unit (id), -- where the person belonged; of somebody who joins, where to
  to_unit_id uuid references unit (id),
  from_day date not null,
  reason text,
  before jsonb not null,
  after jsonb not null,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  on_behalf_of uuid references person (id),
  source fact_source not null,
  undone_at timestamptz,
  undone_by uuid references person (id),
  constraint member_change_kind_is_known check (kind in ('joined', 'transferred', 'exempted', 'resumed', 'status', 'ended', 'succeeded'))
);
create index member_change_by_person on member_change (person_id, recorded_at);
create index member_change_by_unit on member_change (unit_id);
create index member_change_by_receiver on member_change (to_unit_id) where to_unit_id is not null;
alter table member_change enable row level security;
create policy member_change_of_viewer on member_change for select to app
  using (unit_id in (select viewer_people_units()) or to_unit_id in (select viewer_people_units()) or person_id = viewer_person());
grant select (id, person_id, kind, unit_id, to_unit_id, from_day, reason, recorded_at, recorded_by, on_behalf_of, source, undone_at) on member_change to app;

create function memberships_of(person uuid) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(to_jsonb(membership) order by lower(membership.during)), '[]') from membership where membership.person_id = person
$$;

-- From that day on the person belongs to that unit (null: to none) in that status, whatever was said before of days to come. An exemption
-- that goes on keeps its reason. Changes are made in the order of their days: an earlier one than the last is refused.
create function change_membership(change uuid, person uuid, kind text, from_day date, unit uuid, status text, category text, exempt text,
  reason text, via text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  previous jsonb;
  last membership;
  why text := exempt;
  goes_on boolean;
begin
  perform from person as own where own.id = person for no key update;
  -- A unit that is being ended is waited for: it takes along those who belonged by then, and nobody comes afterwards.
  perform from unit as own
  where own.id = change_membership.unit or own.id in (select membership.unit_id from membership where membership.person_id = person and upper_inf(membership.during))
  order by own.id for share;
  previous := memberships_of(person);
  select membership.* into last from membership where membership.person_id = person order by lower(membership.during) desc limit 1;
  goes_on := last.id is not null and (upper_inf(last.during) or upper(last.during) > from_day);
  if current_setting('role') = 'app' and not (
    (last.id is null and unit in (select viewer_kept_units())) or person in (select viewer_kept_people()) or is_administered(person)
  ) then
    raise exception 'this person is not the viewer''s to keep' using errcode = 'insufficient_privilege';
  end if;
  -- An exemption that goes on is carried along; one that begins, ends or gets another reason is the cell's to decide, also of who comes back.
  if current_setting('role') = 'app' and unit is not null and unit not in (select viewer_exempting_units())
    and (case when goes_on then (status = 'exempt') <> (last.status = 'exempt') else status = 'exempt' end
      or goes_on and status = 'exempt' and exempt is distinct from last.exempt_reason and exempt is not null)
  then
    raise exception 'this exemption is not the viewer''s to decide' using errcode = 'insufficient_privilege';
  end if;
  if goes_on and status = 'exempt' and exempt is null and last.status = 'exempt' then why := last.exempt_reason; end if;
  if unit is not null and not exists (select from unit as own where own.id = change_membership.unit and own.during @> from_day and upper_inf(own.during)) then
    raise exception 'the unit does not stand from that day on' using errcode = 'check_violation', constraint = 'membership_is_in_a_standing_unit';
  end if;
  if last.id is not null and from_day < lower(last.during) then
    raise exception 'a later change is on record' using errcode = 'check_violation', constraint = 'membership_changes_in_order';
  elsif last.id is null or upper(last.during) <= from_day then
    if unit is null then
      raise exception 'the person belongs nowhere on that day' using errcode = 'check_violation', constraint = 'membership_is_there_to_end';
    end if;
    insert into membership (id, person_id, unit_id, during, status, exempt_reason, category_key)
    values (gen_random_uuid(), person, unit, daterange(from_day, null), status, why, category);
  elsif from_day = lower(last.during) and unit is null then
    if jsonb_array_length(previous) = 1 then
      raise exception 'a membership lasts a day at least' using errcode = 'check_violation', constraint = 'membership_lasts_some_day';
    end if;
    delete from membership where membership.id = last.id;
  elsif from_day = lower(last.during) then
    update membership
    set unit_id = unit, status = change_membership.status, exempt_reason = why, category_key = category, version = membership.version + 1
    where membership.id = last.id;
  else
    update membership set during = daterange(lower(last.during), from_day), version = membership.version + 1 where membership.id = last.id;
    if unit is not null then
      insert into membership (id, person_id, unit_id, during, status, exempt_reason, category_key)
      values (gen_random_uuid(), person, unit, daterange(from_day, upper(last.during)), status, why, category);
    end if;
  end if;
  insert into member_change (id, person_id, kind, unit_id, to_unit_id, from_day, reason, before, after, recorded_by, source)
  values (change, person, kind, coalesce(last.unit_id, unit), nullif(unit, last.unit_id), from_day, reason, previous, memberships_of(person), viewer_person(), via);
  update person as own set version = own.version + 1 where own.id = person;
end $$;

-- Whether each of these memberships lies within the days of its unit, which is kept from ending until this is committed.
create function units_stand_for(memberships jsonb) returns boolean
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from unit
  where unit.id in (select was.unit_id from jsonb_populate_recordset(null::membership, memberships) as was)
  order by unit.id for share;
  return not exists (
    select from jsonb_populate_recordset(null::membership, memberships) as was
    join unit on unit.id = was.unit_id
    where not upper_inf(unit.during) and (upper_inf(was.during) or upper(was.during) > upper(unit.during)));
end $$;

-- Puts back what a change found, as long as nothing else was done since. Somebody who had only just joined is taken off the list, and the
-- change stays without the name; returns whether the person is still on it.
create function undo_member_change(change uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  done member_change;
begin
  select member_change.* into done from member_change where member_change.id = change for update;
  if done.id is null or (current_setting('role') = 'app' and done.unit_id not in (select viewer_kept_units())) then
    raise exception 'this change is not the viewer''s to undo' using errcode = 'insufficient_privilege';
  end if;
  if current_setting('role') = 'app' and done.kind in ('exempted', 'resumed') and done.unit_id not in (select viewer_exempting_units()) then
    raise exception 'this exemption is not the viewer''s to decide' using errcode = 'insufficient_privilege';
  end if;
  perform from person where person.id = done.person_id for no key update;
  if done.undone_at is not null or memberships_of(done.person_id) <> done.after or not units_stand_for(done.before) or exists (
    select from member_change as later
    where later.person_id = done.person_id and later.recorded_at > done.recorded_at and later.undone_at is null
  ) then
    raise exception 'something else was done since' using errcode = 'check_violation', constraint = 'member_is_as_the_change_left_it';
  end if;
  delete from membership where membership.person_id = done.person_id;
  insert into membership select was.* from jsonb_populate_recordset(null::membership, done.before) as was;
  update member_change set undone_at = clock_timestamp(), undone_by = viewer_person() where member_change.id = change;
  update person set version = person.version + 1 where person.id = done.person_id;
  if done.before = '[]' then
    begin
      update member_change set reason = null, before = '[]', after = '[]' where member_change.person_id = done.person_id;
      delete from person where person.id = done.person_id;
    exception when foreign_key_violation then
      raise exception 'other records name this person' using errcode = 'check_violation', constraint = 'member_is_as_the_change_left_it';
    end;
    return false;
  end if;
  return true;
end $$;

grant execute on function change_membership(uuid, uuid, text, date, uuid, text, text, text, text, text), undo_member_change(uuid) to app;

-- ---------------------------------------------------------------------------------------------------------------- the end of a unit
-- What the end of a unit changed, so that it can be taken back as long as nothing else was done since: rows of the tree and of offices as they
-- were and as they became, and which roster rows and changes of members it made.
create table unit_ending (
  id uuid primary key,
  unit_id uuid not null references unit (id),
  successor_id uuid references unit (id),
  from_day date not null,
  children uuid[] not null,
  was jsonb not null,
  became jsonb not null,
  rosters_before uuid[] not null,
  rosters_after uuid[] not null,
  changes uuid[] not null,
  recorded_at timestamptz not null default clock_timestamp(),
  undone_at timestamptz
);
create index unit_ending_by_unit on unit_ending (unit_id);
create index unit_ending_by_successor on unit_ending (successor_id) where successor_id is not null;
alter table unit_ending enable row level security;
create policy unit_ending_of_keeper on unit_ending for select to app using (unit_id in (select viewer_tended_units()));
grant select (id, unit_id, successor_id, from_day, recorded_at, undone_at) on unit_ending to app;

create function standing_of_unit(unit uuid, children uuid[]) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'during', (select own.during::text from unit as own where own.id = unit),
    'parents', (
      select coalesce(jsonb_agg(to_jsonb(unit_parent) order by unit_parent.unit_id, lower(unit_parent.during)), '[]')
      from unit_parent where unit_parent.unit_id = any (unit || children)),
    'offices', (select coalesce(jsonb_agg(to_jsonb(office) order by office.id), '[]') from office where office.unit_id = unit))
$$;

-- Ends a unit. From that day on its members, the units beneath it and its people on rosters of campaigns under way are the successor's:
-- names that whoever ends it need not see. Campaigns whose data day has passed keep the tree they ran on.
create function end_unit(ending uuid, unit uuid, successor uuid, from_day date, reason text, via text) returns table (members bigint, units bigint, campaigns bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  listed record;
  each_row record;
  children uuid[];
  was jsonb;
  rosters_before uuid[] := '{}';
  rosters_after uuid[] := '{}';
  changes uuid[] := '{}';
  made uuid[];
begin
  if current_setting('role') = 'app' and not (
    unit in (select viewer_tended_units())
    and (successor is null or successor in (select viewer_tended_units()) or successor in (select viewer_parenting_units()))
  ) then
    raise exception 'this unit is not the viewer''s to end' using errcode = 'insufficient_privilege';
  end if;
  members := 0; units := 0; campaigns := 0;
  -- In the order in which rolls and changes of people lock: campaigns, people, and the unit itself further down.
  for listed in select campaign.id from campaign where campaign.opened_on is not null and campaign.data_day >= from_day order by campaign.id loop
    perform pg_advisory_xact_lock(hashtextextended(listed.id::text || touched.id::text, 0))
    from (select unnest(array[unit, successor]) as id order by 1) as touched
    where touched.id is not null;
  end loop;
  perform lock_people(array(
    select membership.person_id from membership
    where membership.unit_id = end_unit.unit and (upper_inf(membership.during) or upper(membership.during) > from_day)
    union
    select roster.person_id from roster
    join campaign on campaign.id = roster.campaign_id and campaign.opened_on is not null and campaign.data_day >= from_day
    where roster.unit_id in (end_unit.unit, successor) and roster.superseded_at is null));
  if exists (select from office where office.unit_id = unit and lower(office.during) >= from_day and lower(office.during) <= viewer_today()) then
    raise exception 'offices were given since' using errcode = 'check_violation', constraint = 'ended_unit_keeps_what_was_held';
  end if;
  if successor is null and (
    exists (select from membership where membership.unit_id = unit and (upper_inf(membership.during) or upper(membership.during) > from_day))
    or exists (select from unit_parent where unit_parent.parent_id = unit and (upper_inf(unit_parent.during) or upper(unit_parent.during) > from_day))
    or exists (
      select from roster
      join campaign on campaign.id = roster.campaign_id and campaign.data_day >= from_day
      where roster.unit_id = end_unit.unit and roster.superseded_at is null and (upper_inf(roster.during) or upper(roster.during) > from_day))
  ) then
    raise exception 'somebody has to take over' using errcode = 'check_violation', constraint = 'ended_unit_has_a_successor';
  end if;

  for listed in
    select campaign.id, array_agg(distinct roster.person_id) as people
    from campaign
    join roster on roster.campaign_id = campaign.id and roster.superseded_at is null and roster.unit_id = end_unit.unit
      and (upper_inf(roster.during) or upper(roster.during) > from_day)
    where campaign.opened_on is not null and campaign.data_day >= from_day
    group by campaign.id
    order by campaign.id
  loop
    perform begin_counts(listed.id, listed.people, array[unit, successor]);
    for each_row in
      update roster set superseded_at = clock_timestamp()
      where roster.campaign_id = listed.id and roster.superseded_at is null and roster.unit_id = end_unit.unit
        and (upper_inf(roster.during) or upper(roster.during) > from_day)
      returning roster.*
    loop
      with added as (
        insert into roster (campaign_id, person_id, unit_id, category_key, must_study, must_write, exempt_reason, during, reason, recorded_by, source)
        select each_row.campaign_id, each_row.person_id, part.unit_id, each_row.category_key, each_row.must_study, each_row.must_write,
               each_row.exempt_reason, part.during, end_unit.reason, viewer_person(), via
        from (values
          (each_row.unit_id, each_row.during * daterange(null, from_day)),
          (coalesce(successor, each_row.unit_id), each_row.during * daterange(from_day, null))
        ) as part (unit_id, during)
        where not isempty(part.during)
        returning roster.id
      )
      select array_agg(added.id) into made from added;
      rosters_before := rosters_before || each_row.id;
      rosters_after := rosters_after || made;
    end loop;
    perform finish_counts(listed.id);
    campaigns := campaigns + 1;
  end loop;

  select coalesce(array_agg(distinct unit_parent.unit_id), '{}') into children
  from unit_parent
  where unit_parent.parent_id = unit and (upper_inf(unit_parent.during) or upper(unit_parent.during) > from_day);
  perform begin_tree(unit || children);
  -- One at a time from here on: of two units that end into each other, the second finds its successor gone.
  if exists (select from unit as own where own.id in (end_unit.unit, successor) and not upper_inf(own.during)) then
    raise exception 'one of the units has ended meanwhile' using errcode = 'check_violation', constraint = 'ending_units_still_stand';
  end if;
  was := standing_of_unit(unit, children);
  for each_row in
    select unit_parent.unit_id, unit_parent.during from unit_parent
    where unit_parent.parent_id = unit and (upper_inf(unit_parent.during) or upper(unit_parent.during) > from_day)
  loop
    delete from unit_parent where unit_parent.unit_id = each_row.unit_id and unit_parent.during = each_row.during;
    insert into unit_parent (unit_id, parent_id, during)
    select each_row.unit_id, part.parent_id, part.during
    from (values (unit, each_row.during * daterange(null, from_day)), (successor, each_row.during * daterange(from_day, null))) as part (parent_id, during)
    where not isempty(part.during);
    units := units + 1;
  end loop;
  delete from unit_parent where unit_parent.unit_id = end_unit.unit and lower(unit_parent.during) >= from_day;
  update unit_parent set during = unit_parent.during * daterange(null, from_day)
  where unit_parent.unit_id = end_unit.unit and (upper_inf(unit_parent.during) or upper(unit_parent.during) > from_day);
  update unit as own set during = own.during * daterange(null, from_day), version = own.version + 1 where own.id = end_unit.unit;
  perform finish_tree();
  if successor is not null then
    insert into succession (from_unit_id, to_unit_id, on_date) values (unit, successor, from_day);
  end if;

  delete from office where office.unit_id = unit and lower(office.during) >= from_day;
  update office set during = office.during * daterange(null, from_day), version = office.version + 1
  where office.unit_id = unit and (upper_inf(office.during) or upper(office.during) > from_day);
  for each_row in
    select membership.*, memberships_of(membership.person_id) as previous from membership
    where membership.unit_id = unit and (upper_inf(membership.during) or upper(membership.during) > from_day)
    order by membership.person_id
  loop
    if successor is null then -- somebody came while this was under way
      raise exception 'somebody has to take over' using errcode = 'check_violation', constraint = 'ended_unit_has_a_successor';
    end if;
    if lower(each_row.during) >= from_day then
      update membership set unit_id = successor, version = membership.version + 1 where membership.id = each_row.id;
    else
      update membership set during = each_row.during * daterange(null, from_day), version = membership.version + 1 where membership.id = each_row.id;
      insert into membership (id, person_id, unit_id, during, status, exempt_reason, category_key)
      values (gen_random_uuid(), each_row.person_id, successor, each_row.during * daterange(from_day, null), each_row.status, each_row.exempt_reason, each_row.category_key);
    end if;
    changes := changes || gen_random_uuid();
    insert into member_change (id, person_id, kind, unit_id, to_unit_id, from_day, reason, before, after, recorded_by, source)
    values (changes[cardinality(changes)], each_row.person_id, 'succeeded', unit, successor, from_day, end_unit.reason, each_row.previous, memberships_of(each_row.person_id), viewer_person(), via);
    update person set version = person.version + 1 where person.id = each_row.person_id;
    members := members + 1;
  end loop;
  insert into unit_ending (id, unit_id, successor_id, from_day, children, was, became, rosters_before, rosters_after, changes)
  values (ending, unit, successor, from_day, children, was, standing_of_unit(unit, children), rosters_before, rosters_after, changes);
  return next;
end $$;
grant execute on function end_unit(uuid, uuid, uuid, date, text, text) to app;

-- Puts back what the end of a unit found, or nothing: whatever was done since to the tree, an office, a member or a roster of it is not lost.
create function undo_end_unit(ending uuid, via text) returns table (members bigint, units bigint, campaigns bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  done unit_ending;
  listed record;
  touched uuid[];
begin
  select unit_ending.* into done from unit_ending where unit_ending.id = ending for update;
  if done.id is null or (current_setting('role') = 'app' and not (
    done.unit_id in (select viewer_tended_units())
    and (done.successor_id is null or done.successor_id in (select viewer_tended_units()) or done.successor_id in (select viewer_parenting_units()))
  )) then
    raise exception 'this end is not the viewer''s to undo' using errcode = 'insufficient_privilege';
  end if;
  campaigns := 0;
  select array_remove(array[done.unit_id, done.successor_id], null) into touched;
  -- locks in the order of end_unit
  for listed in select distinct roster.campaign_id as id from roster where roster.id = any (done.rosters_before) order by 1 loop
    perform pg_advisory_xact_lock(hashtextextended(listed.id::text || one.id::text, 0)) from (select unnest(touched) as id order by 1) as one;
  end loop;
  perform lock_people(array(
    select member_change.person_id from member_change where member_change.id = any (done.changes)
    union
    select roster.person_id from roster where roster.id = any (done.rosters_before)));
  if exists (select from roster where roster.id = any (done.rosters_after) and roster.superseded_at is not null) then
    raise exception 'a roster was changed since' using errcode = 'check_violation', constraint = 'unit_is_as_its_end_left_it';
  end if;
  for listed in
    select roster.campaign_id as id, array_agg(distinct roster.person_id) as people from roster
    where roster.id = any (done.rosters_before) group by roster.campaign_id order by roster.campaign_id
  loop
    perform begin_counts(listed.id, listed.people, touched);
    update roster set superseded_at = clock_timestamp() where roster.id = any (done.rosters_after) and roster.campaign_id = listed.id;
    insert into roster (campaign_id, person_id, unit_id, category_key, must_study, must_write, exempt_reason, during, reason, recorded_by, source)
    select was.campaign_id, was.person_id, was.unit_id, was.category_key, was.must_study, was.must_write, was.exempt_reason, was.during, was.reason, viewer_person(), via
    from roster as was
    where was.id = any (done.rosters_before) and was.campaign_id = listed.id;
    perform finish_counts(listed.id);
    campaigns := campaigns + 1;
  end loop;

  perform begin_tree(done.unit_id || done.children);
  if done.undone_at is not null or standing_of_unit(done.unit_id, done.children) <> done.became
    or exists (select from unit as own where own.id = done.successor_id and not upper_inf(own.during))
    or exists (
      select from member_change
      where member_change.id = any (done.changes) and (member_change.undone_at is not null or memberships_of(member_change.person_id) <> member_change.after)
    )
  then
    raise exception 'something else was done since' using errcode = 'check_violation', constraint = 'unit_is_as_its_end_left_it';
  end if;
  delete from unit_parent where unit_parent.unit_id = any (done.unit_id || done.children);
  insert into unit_parent select row.* from jsonb_populate_recordset(null::unit_parent, done.was -> 'parents') as row;
  update unit as own set during = (done.was ->> 'during')::daterange, version = own.version + 1 where own.id = done.unit_id;
  perform finish_tree();
  delete from succession where succession.from_unit_id = done.unit_id and succession.to_unit_id = done.successor_id;

  update office set during = row.during, version = office.version + 1
  from jsonb_populate_recordset(null::office, done.was -> 'offices') as row
  where row.id = office.id and row.during <> office.during;
  insert into office
  select row.* from jsonb_populate_recordset(null::office, done.was -> 'offices') as row
  where not exists (select from office where office.id = row.id);
  for listed in select member_change.id, member_change.person_id, member_change.before from member_change where member_change.id = any (done.changes) loop
    delete from membership where membership.person_id = listed.person_id;
    insert into membership select row.* from jsonb_populate_recordset(null::membership, listed.before) as row;
    update member_change set undone_at = clock_timestamp(), undone_by = viewer_person() where member_change.id = listed.id;
    update person set version = person.version + 1 where person.id = listed.person_id;
  end loop;
  update unit_ending set undone_at = clock_timestamp() where unit_ending.id = ending;
  members := cardinality(done.changes);
  units := cardinality(done.children);
  return next;
end $$;
grant execute on function undo_end_unit(uuid, text) to app;

-- People who may be the same as this one, among those the viewer sees: one card however it is grouped, name and day of birth, one phone.
-- Looked up by index first and then asked whether the viewer sees them, which row-level security does the other way round.
create function look_alikes(name text, born_on date, card_number text, phone text) returns table (person_id uuid, by text)
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  select distinct on (alike.id) alike.id, alike.by
  from (
    select person.id, 'card' as by, 1 as rank from person where card_key(person.card_number) = card_key($3)
    union all
    select person.id, 'birth', 2 from person where person.born_on = $2 and fold(person.name) = fold($1)
    union all
    select person.id, 'phone', 3 from person where phone_key(person.phone) = phone_key($4)
  ) as alike
  where is_administered(alike.id) or alike.id in (select viewer_people())
  order by alike.id, alike.rank
$$;
grant execute on function look_alikes(text, date, text, text) to app;

-- ---------------------------------------------------------------------------------------------------------------- two entries of one person
-- The entry that is given up stays, without anything of its own, and says into which it went. What was moved is kept here whole, so that
-- the merge can be taken back.
alter table person add column merged_into uuid references person (id);

create table person_merge (
  id uuid primary key,
  kept_id uuid not null references person (id),
  gone_id uuid not null references person (id),
  gone_name text not null,
  unit_id uuid not null references unit (id), -- where the kept person belongs
  reason text,
  moved jsonb not null, -- before: people, memberships, offices, assignments, rosters, marks, account, requests; after: what the merge made of them
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  on_behalf_of uuid references person (id),
  source fact_source not null,
  undone_at timestamptz,
  undone_by uuid references person (id),
  constraint merge_is_of_two check (kept_id <> gone_id)
);
create index person_merge_by_kept on person_merge (kept_id);
create index person_merge_by_gone on person_merge (gone_id);
alter table person_merge enable row level security;
create policy person_merge_of_viewer on person_merge for select to app
  using (unit_id in (select viewer_people_units())
    or exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = person_merge.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
        and unit_ancestor.standing @> (select viewer_today())));
grant select (id, kept_id, gone_id, gone_name, unit_id, reason, recorded_at, recorded_by, on_behalf_of, source, undone_at) on person_merge to app;

-- Two entries that look alike and were found to be two people: not shown again.
create table person_distinct (
  one_id uuid not null references person (id) on delete cascade,
  other_id uuid not null references person (id) on delete cascade,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  on_behalf_of uuid references person (id),
  source fact_source not null,
  primary key (one_id, other_id),
  constraint distinct_pair_is_in_order check (one_id < other_id)
);
alter table person_distinct enable row level security;
create policy person_distinct_of_viewer on person_distinct for select to app using (exists (select from person where person.id = person_distinct.one_id));
create policy person_distinct_is_added_by_keeper on person_distinct for insert to app
  with check (exists (select from person where person.id = person_distinct.one_id) and exists (select from person where person.id = person_distinct.other_id));
grant select, insert on person_distinct to app;

-- Rows as they are, for taking a merge back and for seeing that nothing was done since.
create function offices_of(person uuid) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(to_jsonb(office) order by office.id), '[]') from office where office.person_id = person
$$;

create function is_kept(person uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select is_administered(person) or person in (select viewer_kept_people())
$$;

-- Whether a merge of the two would give nobody an office, or an account that opens one, which the viewer may not give: like appointing, from
-- above and never to oneself. Offices to come count as those of today.
create function gives_what_merges(keep uuid, gone uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  with moving as materialized (
    select gone as person_id
    union
    select keep
    where viewer_person() in (keep, gone)
      or (exists (select from account where account.person_id = gone) and not exists (select from account where account.person_id = keep))
  ), held as materialized (
    select office.person_id, office.role, office.unit_id from office
    where office.person_id in (keep, gone) and (upper_inf(office.during) or upper(office.during) > viewer_today())
    union all
    select assigned.person_id, 'inspector', assigned.unit_id from inspection_assignment as assigned
    where assigned.person_id in (keep, gone) and upper(assigned.during) > viewer_today()
  )
  select not exists (
    select from moving
    join held on held.person_id = moving.person_id
    where case when viewer_person() in (keep, gone) then moving.person_id <> viewer_person() or gone = viewer_person()
      else not (held.role in ('secretary', 'deputy', 'clerk') and held.unit_id in (select viewer_appointed_units())) and not exists (
        select from unit_ancestor
        where unit_ancestor.unit_id = held.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
          and (unit_ancestor.depth > 0 or not exists (select from unit_parent where unit_parent.unit_id = held.unit_id))
          and unit_ancestor.standing @> (select viewer_today())) end)
$$;

-- Everything held of `gone` becomes `keep`'s. Where both say something of one day, what `keep` has stands; but somebody who attended under
-- either name attended. Counts are kept: both people and their units are counted before and after.
create function merge_people(merge uuid, keep uuid, gone uuid, reason text, via text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  kept_row person;
  gone_row person;
  before jsonb;
  counting record;
  each_row record;
  added_rosters uuid[] := '{}';
  added_marks uuid[] := '{}';
  made uuid;
  their_account account;
begin
  perform lock_people(array[keep, gone]);
  select person.* into kept_row from person where person.id = keep;
  select person.* into gone_row from person where person.id = gone;
  if kept_row.id is null or gone_row.id is null or (current_setting('role') = 'app' and not (is_kept(keep) and is_kept(gone))) then
    raise exception 'these people are not the viewer''s to merge' using errcode = 'insufficient_privilege';
  end if;
  if kept_row.merged_into is not null or gone_row.merged_into is not null then
    raise exception 'one of them is merged already' using errcode = 'check_violation', constraint = 'merged_person_stays_merged';
  end if;
  if current_setting('role') = 'app' and not gives_what_merges(keep, gone) then
    raise exception 'these offices are not the viewer''s to give' using errcode = 'check_violation', constraint = 'merge_gives_no_more_than_its_author';
  end if;
  select account.* into their_account from account where account.person_id = gone;
  before := jsonb_build_object(
    'keep', to_jsonb(kept_row), 'gone', to_jsonb(gone_row),
    'memberships', memberships_of(keep) || memberships_of(gone),
    'offices', offices_of(keep) || offices_of(gone),
    'assignments', (select coalesce(jsonb_agg(inspection_assignment.id), '[]') from inspection_assignment where inspection_assignment.person_id = gone),
    'rosters', (select coalesce(jsonb_agg(to_jsonb(roster)), '[]') from roster where roster.person_id = gone and roster.superseded_at is null),
    'marks', (select coalesce(jsonb_agg(to_jsonb(mark)), '[]') from mark
              where mark.superseded_at is null and (mark.person_id = gone or (mark.person_id = keep and mark.sitting_id in (
                select theirs.sitting_id from mark as theirs where theirs.person_id = gone and theirs.superseded_at is null)))),
    'account', case when their_account.id is null then null else jsonb_build_object('id', their_account.id, 'was_disabled', their_account.is_disabled,
      'moved', not exists (select from account where account.person_id = keep)) end);

  for each_row in select membership.* from membership where membership.person_id = gone loop
    delete from membership where membership.id = each_row.id;
    insert into membership (id, person_id, unit_id, during, status, exempt_reason, category_key)
    select gen_random_uuid(), keep, each_row.unit_id, part.during, each_row.status, each_row.exempt_reason, each_row.category_key
    from unnest(datemultirange(each_row.during) - (
      select coalesce(range_agg(own.during), '{}') from membership as own where own.person_id = keep)) as part (during);
  end loop;
  for each_row in select office.* from office where office.person_id = gone loop
    delete from office where office.id = each_row.id;
    insert into office (id, person_id, unit_id, role, title, during)
    select gen_random_uuid(), keep, each_row.unit_id, each_row.role, each_row.title, part.during
    from unnest(datemultirange(each_row.during) - (
      select coalesce(range_agg(own.during), '{}') from office as own
      where own.person_id = keep and own.unit_id = each_row.unit_id and own.role = each_row.role)) as part (during);
  end loop;
  update inspection_assignment set person_id = keep where inspection_assignment.person_id = gone;

  for counting in
    select involved.campaign_id, array_agg(distinct involved.unit_id) as units
    from (
      select roster.campaign_id, roster.unit_id from roster where roster.person_id in (keep, gone) and roster.superseded_at is null
      union all
      select mark.campaign_id, mark.unit_id from mark where mark.person_id = gone and mark.superseded_at is null
    ) as involved
    group by involved.campaign_id
    order by involved.campaign_id
  loop
    perform begin_counts(counting.campaign_id, array[keep, gone], counting.units);
    for each_row in
      update roster set superseded_at = clock_timestamp()
      where roster.campaign_id = counting.campaign_id and roster.person_id = gone and roster.superseded_at is null
      returning roster.*
    loop
      with added as (
        insert into roster (campaign_id, person_id, unit_id, category_key, must_study, must_write, exempt_reason, during, reason, recorded_by, source)
        select each_row.campaign_id, keep, each_row.unit_id, each_row.category_key, each_row.must_study, each_row.must_write, each_row.exempt_reason,
               part.during, coalesce(merge_people.reason, each_row.reason), viewer_person(), via
        from unnest(datemultirange(each_row.during) - (
          select coalesce(range_agg(own.during), '{}') from roster as own
          where own.campaign_id = counting.campaign_id and own.person_id = keep and own.superseded_at is null)) as part (during)
        returning roster.id
      )
      select added_rosters || coalesce(array_agg(added.id), '{}') into added_rosters from added;
    end loop;
    for each_row in
      select theirs.*, own.id as own_id, own.status as own_status
      from mark as theirs
      left join mark as own on own.sitting_id = theirs.sitting_id and own.person_id = keep and own.superseded_at is null
      where theirs.campaign_id = counting.campaign_id and theirs.person_id = gone and theirs.superseded_at is null
    loop
      update mark set superseded_at = clock_timestamp() where mark.id = each_row.id;
      continue when each_row.own_id is not null and (each_row.own_status in ('present', 'late') or each_row.status not in ('present', 'late'));
      update mark set superseded_at = clock_timestamp() where mark.id = each_row.own_id;
      insert into mark (sitting_id, campaign_id, person_id, unit_id, status, reason, recorded_by, source)
      values (each_row.sitting_id, each_row.campaign_id, keep, each_row.unit_id, each_row.status, each_row.reason, viewer_person(), via)
      returning mark.id into made;
      added_marks := added_marks || made;
    end loop;
    perform finish_counts(counting.campaign_id);
  end loop;

  if their_account.id is not null and exists (select from account where account.person_id = keep) then
    update account set is_disabled = true where account.id = their_account.id; -- two ways in for one person: the kept one stays
  elsif their_account.id is not null then
    update account set person_id = keep where account.id = their_account.id;
  end if;
  before := before || jsonb_build_object('amendments', move_amendments(gone, keep), 'answers', move_answers(gone, keep));
  -- Who acts for whom was agreed with one entry: it ends rather than spreads.
  if to_regclass('acting') is not null then
    execute 'update acting set ended_at = now(), ended_by = viewer_person() where ended_at is null and $1 in (helper_id, helped_id)' using gone;
  end if;

  update person set merged_into = keep, card_number = null, version = person.version + 1 where person.id = gone;
  update person
  set card_number = coalesce(person.card_number, gone_row.card_number), born_on = coalesce(person.born_on, gone_row.born_on),
      gender = coalesce(person.gender, gone_row.gender), phone = coalesce(person.phone, gone_row.phone), version = person.version + 1
  where person.id = keep;
  insert into person_merge (id, kept_id, gone_id, gone_name, unit_id, reason, recorded_by, source, moved)
  select merge, keep, gone, gone_row.name, (select membership.unit_id from membership where membership.person_id = keep order by lower(membership.during) desc limit 1),
         merge_people.reason, viewer_person(), via,
         before || jsonb_build_object('after', jsonb_build_object(
           'keep', (select to_jsonb(person) - 'version' from person where person.id = keep),
           'memberships', memberships_of(keep), 'offices', offices_of(keep), 'rosters', to_jsonb(added_rosters), 'marks', to_jsonb(added_marks)));
end $$;

-- Takes a merge back: each entry has again what it had. Refused once memberships, offices or rosters of the kept person were changed since;
-- what was done under the kept name alone stays there.
create function undo_merge(merge uuid, via text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  done person_merge;
  was jsonb;
  counting record;
  each_mark mark;
begin
  select person_merge.* into done from person_merge where person_merge.id = merge for update;
  if done.id is null or (current_setting('role') = 'app' and not is_kept(done.kept_id)) then
    raise exception 'this merge is not the viewer''s to undo' using errcode = 'insufficient_privilege';
  end if;
  was := done.moved;
  perform lock_people(array[done.kept_id, done.gone_id]);
  if done.undone_at is not null
    or (select person.merged_into from person where person.id = done.gone_id) is distinct from done.kept_id
    or (select person.merged_into from person where person.id = done.kept_id) is not null
    or memberships_of(done.kept_id) <> was #> '{after,memberships}' or offices_of(done.kept_id) <> was #> '{after,offices}'
    or memberships_of(done.gone_id) <> '[]' or offices_of(done.gone_id) <> '[]' or not units_stand_for(was -> 'memberships')
    or exists (
      select from roster
      where roster.superseded_at is not null and roster.id in (select (added.value #>> '{}')::uuid from jsonb_array_elements(was #> '{after,rosters}') as added))
    or exists (select from roster where roster.person_id = done.gone_id and roster.superseded_at is null)
  then
    raise exception 'something else was done since' using errcode = 'check_violation', constraint = 'person_is_as_the_merge_left_it';
  end if;

  for counting in
    select involved.campaign_id, array_agg(distinct involved.unit_id) as units
    from (
      select roster.campaign_id, roster.unit_id from roster where roster.person_id = done.kept_id and roster.superseded_at is null
      union all
      select theirs.campaign_id, theirs.unit_id from jsonb_populate_recordset(null::roster, was -> 'rosters') as theirs
      union all
      select theirs.campaign_id, theirs.unit_id from jsonb_populate_recordset(null::mark, was -> 'marks') as theirs
    ) as involved
    group by involved.campaign_id
    order by involved.campaign_id
  loop
    perform begin_counts(counting.campaign_id, array[done.kept_id, done.gone_id], counting.units);
    update roster set superseded_at = clock_timestamp()
    where roster.campaign_id = counting.campaign_id and roster.id in (select (added.value #>> '{}')::uuid from jsonb_array_elements(was #> '{after,rosters}') as added);
    insert into roster (campaign_id, person_id, unit_id, category_key, must_study, must_write, exempt_reason, during, reason, recorded_by, source)
    select theirs.campaign_id, theirs.person_id, theirs.unit_id, theirs.category_key, theirs.must_study, theirs.must_write, theirs.exempt_reason,
           theirs.during, theirs.reason, viewer_person(), via
    from jsonb_populate_recordset(null::roster, was -> 'rosters') as theirs
    where theirs.campaign_id = counting.campaign_id;
    update mark set superseded_at = clock_timestamp()
    where mark.campaign_id = counting.campaign_id and mark.superseded_at is null
      and mark.id in (select (added.value #>> '{}')::uuid from jsonb_array_elements(was #> '{after,marks}') as added);
    for each_mark in select theirs.* from jsonb_populate_recordset(null::mark, was -> 'marks') as theirs where theirs.campaign_id = counting.campaign_id loop
      insert into mark (sitting_id, campaign_id, person_id, unit_id, status, reason, recorded_by, source)
      select each_mark.sitting_id, each_mark.campaign_id, each_mark.person_id, each_mark.unit_id, each_mark.status, each_mark.reason, viewer_person(), via
      where not exists (
        select from mark where mark.sitting_id = each_mark.sitting_id and mark.person_id = each_mark.person_id and mark.superseded_at is null);
    end loop;
    perform finish_counts(counting.campaign_id);
  end loop;

  perform return_amendments(was -> 'amendments', done.gone_id);
  perform return_answers(was -> 'answers', done.gone_id);
  delete from membership where membership.person_id = done.kept_id;
  insert into membership select theirs.* from jsonb_populate_recordset(null::membership, was -> 'memberships') as theirs;
  delete from office where office.person_id = done.kept_id;
  insert into office select theirs.* from jsonb_populate_recordset(null::office, was -> 'offices') as theirs;
  update inspection_assignment set person_id = done.gone_id
  where inspection_assignment.person_id = done.kept_id
    and inspection_assignment.id in (select (moved.value #>> '{}')::uuid from jsonb_array_elements(was -> 'assignments') as moved);
  if jsonb_typeof(was -> 'account') = 'object' then
    update account
    set person_id = done.gone_id, -- one that was moved may have been shut since: that stands
        is_disabled = case when (was #>> '{account,moved}')::boolean then account.is_disabled else (was #>> '{account,was_disabled}')::boolean end
    where account.id = (was #>> '{account,id}')::uuid;
  end if;

  -- what the kept entry got of the other goes back; what was put right since stays
  update person
  set card_number = case when person.card_number is not distinct from was #>> '{after,keep,card_number}' then was #>> '{keep,card_number}' else person.card_number end,
      born_on = case when person.born_on is not distinct from (was #>> '{after,keep,born_on}')::date then (was #>> '{keep,born_on}')::date else person.born_on end,
      gender = case when person.gender is not distinct from was #>> '{after,keep,gender}' then was #>> '{keep,gender}' else person.gender end,
      phone = case when person.phone is not distinct from was #>> '{after,keep,phone}' then was #>> '{keep,phone}' else person.phone end,
      version = person.version + 1
  where person.id = done.kept_id;
  update person
  set merged_into = null, version = person.version + 1,
      card_number = case when exists (select from person as other where other.card_number = was #>> '{gone,card_number}') then null else was #>> '{gone,card_number}' end
  where person.id = done.gone_id;
  update person_merge set undone_at = clock_timestamp(), undone_by = viewer_person() where person_merge.id = merge;
end $$;

grant execute on function is_kept(uuid), merge_people(uuid, uuid, uuid, text, text), undo_merge(uuid, text) to app;

-- Pairs of people, both members and among those the viewer sees, who look like one. Pairs are few, so they are found first.
create function duplicate_pairs() returns table (one_id uuid, other_id uuid, by text)
language sql stable security definer set search_path = public, pg_temp
  set jit = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashagg = off set enable_hashjoin = off set enable_mergejoin = off as $$
  with carded as materialized (
    select card_key(person.card_number) as key from person group by card_key(person.card_number) having count(*) > 1
  ), born as materialized (
    select person.born_on, fold(person.name) as name from person group by person.born_on, fold(person.name) having count(*) > 1
  ), phoned as materialized (
    select phone_key(person.phone) as key from person group by phone_key(person.phone) having count(*) > 1
  ), alike as materialized (
    select person.id, 'card' as by, 1 as rank, card_key(person.card_number) as key from carded join person on card_key(person.card_number) = carded.key
    union all
    select person.id, 'birth', 2, born.born_on || born.name
    from born join person on person.born_on = born.born_on and fold(person.name) = born.name
    union all
    select person.id, 'phone', 3, phone_key(person.phone) from phoned join person on phone_key(person.phone) = phoned.key
  ), seen as materialized ( -- each person is asked about once, in however many pairs
    select person.id
    from (select distinct alike.id from alike) as person
    where (person.id in (select viewer_people()) or is_administered(person.id))
      and exists (select from membership where membership.person_id = person.id)
  ), shown as materialized (
    select alike.id, alike.by, alike.rank, alike.key from alike where alike.id in (select seen.id from seen)
  )
  select distinct on (one.id, other.id) one.id, other.id, one.by
  from shown as one
  join shown as other on other.rank = one.rank and other.key = one.key and one.id < other.id
  where not exists (select from person_distinct where person_distinct.one_id = one.id and person_distinct.other_id = other.id)
  order by one.id, other.id, one.rank
$$;

create index person_by_name on person (given_name collate "vi-x-icu", middle_name collate "vi-x-icu", family_name collate "vi-x-icu", born_on, id) where merged_into is null;

-- People with every pattern among those the viewer sees, by walking along the names: for words that many have, where as many are seen. The
-- planner would collect and sort them all first.
create function walk_people(patterns text[], tops uuid[], most integer) returns setof uuid
language sql stable security definer rows 500 set search_path = public, pg_temp
  set enable_bitmapscan = off set enable_seqscan = off set enable_sort = off set jit = off as $$
  select person.id
  from person
  where ' ' || person.search like all (patterns) and person.merged_into is null
    and (person.id in (select viewer_people()) or coalesce((
        select true from membership
        join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> (select viewer_today())
        where membership.person_id = person.id and (membership.is_last or membership.during @> (select viewer_today()))
        limit 1),
      (select false from membership where membership.person_id = person.id limit 1), is_kept_by_office(person.id)))
  order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.born_on, person.id
  limit most
$$;

-- People whose name or card number has every word, each from its beginning and in any order, among those the viewer sees, in Vietnamese
-- order; `total` counts to five hundred, and `is_more` says whether there are more, which are not listed. Row-level security would ask of every
-- person before the index may be used, since LIKE could tell what it compares. Begins with what is fewer: those who have the words, those
-- whom the viewer sees; where both are many, the first five hundred are soon met along the names.
create function find_people(words text[], most integer, skip integer) returns table (person_id uuid, total bigint, is_more boolean)
language plpgsql stable security definer rows 50 set search_path = public, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  few constant integer := 1500;
  cap constant integer := 500;
  patterns text[];
  longest text;
  found uuid[];
  tops uuid[] := array(select viewer_administered_tops());
begin
  select array_agg('% ' || replace(replace(replace(fold(word), '\', '\\'), '%', '\%'), '_', '\_') || '%' order by length(word) desc)
  into patterns
  from unnest(words) as word;
  if patterns is null then return; end if;
  longest := patterns[1];
  found := array(
    select person.id from person
    where ' ' || person.search like longest and ' ' || person.search like all (patterns) and person.merged_into is null
    limit few + 1);
  if cardinality(found) <= few then
    found := array(
      with mine as materialized (select viewer_people() as id)
      select alike.id
      from unnest(found) as alike (id)
      where alike.id in (select mine.id from mine)
        -- `limit` keeps the planner from listing everybody beneath the tops first
        or (tops <> '{}' and coalesce((
            select true from membership
            join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
            where membership.person_id = alike.id and (membership.is_last or membership.during @> viewer_today())
            limit 1),
          (select false from membership where membership.person_id = alike.id limit 1), -- asked first, as nearly everybody belongs somewhere
          is_kept_by_office(alike.id))));
  else
    found := array(
      select viewer_people()
      union
      (select membership.person_id
       from unit_ancestor
       join membership on membership.unit_id = unit_ancestor.unit_id and (membership.is_last or membership.during @> viewer_today())
       where unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
       limit few + 1)
      union
      (select office.person_id
       from unit_ancestor
       join office on office.unit_id = unit_ancestor.unit_id and office.during @> viewer_today()
       where unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
         and not exists (select from membership where membership.person_id = office.person_id) and is_kept_by_office(office.person_id)
       limit few + 1));
    if cardinality(found) <= few then
      found := array(
        select person.id from person
        where person.id = any (found) and ' ' || person.search like all (patterns) and person.merged_into is null);
    else
      found := array(select walk_people(patterns, tops, cap + 1));
    end if;
  end if;
  return query
  select person.id, least(cardinality(found), cap)::bigint, cardinality(found) > cap
  from person
  where person.id = any (found)
  order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.born_on, person.id
  limit least(most, cap - skip) offset least(skip, cap);
end $$;
grant execute on function duplicate_pairs(), find_people(text[], integer, integer) to app;

create index unit_by_name on unit (kind, name collate "vi-x-icu", code);

-- As walk_people, among the units of one kind.
create function walk_units(patterns text[], of_kind text, tops uuid[], most integer) returns setof uuid
language sql stable security definer rows 50 set search_path = public, pg_temp
  set enable_bitmapscan = off set enable_seqscan = off set enable_sort = off set jit = off as $$
  select unit.id
  from unit
  where unit.kind = of_kind and unit.search like all (patterns)
    and coalesce((
        select true from unit_ancestor
        where unit_ancestor.unit_id = unit.id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> (select viewer_today())
        limit 1),
      unit.id in (select viewer_places()))
  order by unit.name collate "vi-x-icu", unit.code
  limit most
$$;

-- Units whose name or code holds every word, in any order, among those the viewer sees: the nearest to the top first, then in Vietnamese
-- order. As find_people, and for the same reasons.
create function find_units(words text[], most integer) returns setof uuid
language plpgsql stable security definer rows 50 set search_path = public, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  few constant integer := 1500;
  patterns text[];
  longest text;
  found uuid[];
  of_kind text;
  tops uuid[] := array(select viewer_named_tops());
begin
  select array_agg('%' || replace(replace(replace(fold(word), '\', '\\'), '%', '\%'), '_', '\_') || '%' order by length(word) desc)
  into patterns
  from unnest(words) as word;
  if patterns is null then return; end if;
  longest := patterns[1];
  found := array(select unit.id from unit where unit.search like longest and unit.search like all (patterns) limit few + 1);
  if cardinality(found) <= few then
    found := array(
      select alike.id
      from unnest(found) as alike (id)
      where coalesce((
          select true from unit_ancestor
          where unit_ancestor.unit_id = alike.id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
          limit 1),
        alike.id in (select viewer_places())));
  else
    found := array(
      select viewer_places()
      union
      (select unit_ancestor.unit_id from unit_ancestor
       where unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
       limit few + 1));
    if cardinality(found) <= few then
      found := array(select unit.id from unit where unit.id = any (found) and unit.search like all (patterns));
    else
      found := '{}';
      for of_kind in select unit_kind.key from unit_kind order by unit_kind.position loop
        found := found || array(select walk_units(patterns, of_kind, tops, most - cardinality(found)));
        exit when cardinality(found) >= most;
      end loop;
    end if;
  end if;
  return query
  select unit.id
  from unit
  join unit_kind on unit_kind.key = unit.kind
  where unit.id = any (found)
  order by unit_kind.position, unit.name collate "vi-x-icu", unit.code
  limit most;
end $$;
grant execute on function find_units(text[], integer) to app;

-- ---------------------------------------------------------------------------------------------------------------- rosters and the organisation
-- Where somebody of a roster belongs on a day, though it may be a unit whose people the viewer does not see: the roster has to follow.
create function listed_person_belongs(person uuid, as_of date) returns table (unit_id uuid, since date)
language sql stable security definer rows 1 set search_path = public, pg_temp as $$
  select membership.unit_id, lower(membership.during)
  from membership
  where membership.person_id = person and membership.during @> as_of
    and exists (
      select from roster
      where roster.person_id = person and roster.superseded_at is null and roster.unit_id in (select viewer_people_units()))
$$;

-- Whether a roster has somebody on a day whom the viewer would add to it, in whichever unit, since when, and by whose decision.
create function on_other_roster(campaign uuid, person uuid, as_of date) returns table (since date, by_hand boolean)
language sql stable security definer rows 1 set search_path = public, pg_temp as $$
  select lower(roster.during), roster.reason is not null
  from roster
  where roster.campaign_id = campaign and roster.person_id = person and roster.superseded_at is null and roster.during @> as_of
    and exists (
      select from membership
      where membership.person_id = person and membership.during @> as_of and membership.unit_id in (select viewer_people_units()))
$$;
grant execute on function listed_person_belongs(uuid, date), on_other_roster(uuid, uuid, date) to app;

-- Which of these codes no unit has, whoever sees the units that have the others.
create function free_unit_codes(codes text[]) returns setof text
language sql stable security definer set search_path = public, pg_temp as $$
  select asked.code from unnest(codes) as asked (code)
  where not exists (select from unit where unit.code = asked.code) and exists (select viewer_parenting_units())
$$;
grant execute on function free_unit_codes(text[]) to app;

-- As in 0005, by the flag in place of a search for later memberships.
create or replace function viewer_people() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  with unit_of_viewer as materialized (select viewer_people_units() as unit_id)
  select viewer_person()
  union
  select membership.person_id
  from membership
  where membership.unit_id in (select unit_of_viewer.unit_id from unit_of_viewer)
    and (membership.is_last or membership.during @> (select viewer_today()))
  union
  select roster.person_id
  from roster
  where roster.unit_id in (select unit_of_viewer.unit_id from unit_of_viewer) and roster.superseded_at is null
$$;

-- How many units stand beneath these, and how many members belong to them and beneath, on a day: counts without names, for whoever sees the
-- figures of the unit or keeps its list.
create function unit_sizes(units uuid[], as_of date) returns table (unit_id uuid, beneath bigint, members bigint)
-- the planner takes these lists for short and would compare each row of one with each of the other
language sql stable security definer set search_path = public, pg_temp set enable_nestloop = off as $$
  with named as materialized (
    select asked.id
    from unnest(units) as asked (id)
    where asked.id in (select viewer_places())
      or exists (
        select from unit_ancestor
        where unit_ancestor.unit_id = asked.id and unit_ancestor.ancestor_id = any (array(select viewer_named_tops()))
          and unit_ancestor.standing @> (select viewer_today()))
  ), counted as materialized (
    select viewer_figure_units_among(units) as id
    union
    select unit_ancestor.unit_id
    from unit_ancestor
    where unit_ancestor.unit_id = any (units) and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
      and unit_ancestor.standing @> (select viewer_today())
  ), inside as materialized (
    select unit_ancestor.ancestor_id, unit_ancestor.unit_id, unit_ancestor.depth
    from unit_ancestor
    where unit_ancestor.ancestor_id = any (array(select named.id from named)) and unit_ancestor.during @> as_of
  ), belonging as materialized (
    select membership.unit_id, count(*) as members
    from membership
    where membership.unit_id in (select inside.unit_id from inside) and membership.during @> as_of
    group by membership.unit_id
  )
  select named.id, count(*) filter (where inside.depth > 0),
         case when named.id in (select counted.id from counted) then coalesce(sum(belonging.members), 0)::bigint end
  from named
  left join inside on inside.ancestor_id = named.id
  left join belonging on belonging.unit_id = inside.unit_id
  group by named.id
$$;
grant execute on function unit_sizes(uuid[], date) to app;
