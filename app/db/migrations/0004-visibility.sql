-- Who sees which rows, in one place. `(select viewer_today())` asks the setting once a statement instead of once a row, and
-- `rows` tells the planner how few offices one person has. Policies have the one form `unit_id in (select viewer_...())`, so that the
-- subquery runs once a statement. The functions are security definer: they must read offices that the viewer may not.

-- Offices held today, and with them those over units that were abolished into one's own.
create function viewer_offices() returns table (unit_id uuid, role text)
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  with recursive held (unit_id, role) as (
    select office.unit_id, office.role
    from office
    where office.person_id = viewer_person() and office.during @> (select viewer_today())
    union
    select succession.from_unit_id, held.role
    from held
    join succession on succession.to_unit_id = held.unit_id and succession.on_date <= (select viewer_today())
  )
  select held.unit_id, held.role from held
$$;

-- Own unit and everything above it, by membership and by an office that leads. An administrator of accounts and an inspector
-- have no figures by their office: the one sees names, the other what is assigned.
create function viewer_chain() returns setof uuid
language sql stable security definer rows 8 set search_path = public, pg_temp as $$
  select distinct unit_ancestor.ancestor_id
  from (
    select membership.unit_id from membership
    where membership.person_id = viewer_person() and membership.during @> (select viewer_today())
    union
    select held.unit_id from viewer_offices() as held where held.role not in ('administrator', 'inspector')
  ) as own
  join unit_ancestor on unit_ancestor.unit_id = own.unit_id
  where unit_ancestor.standing @> (select viewer_today())
$$;

-- Tops of what one leads, and of what one is assigned to inspect.
create function viewer_tops() returns setof uuid
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  select held.unit_id from viewer_offices() as held where held.role in ('city_officer', 'secretary', 'deputy', 'clerk')
  union
  select inspection_assignment.unit_id from inspection_assignment
  where inspection_assignment.person_id = viewer_person() and inspection_assignment.during @> (select viewer_today())
$$;

-- Units whose work is one's to lead or to check.
create function viewer_led_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today())
$$;

-- Units whose figures, sessions and campaigns one sees.
create function viewer_figure_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today())
  union all
  select viewer_chain()
$$;

-- Those of the units asked whose figures one sees: the same answer, without listing a whole city for one.
create function viewer_figure_units_among(units uuid[]) returns setof uuid
language sql stable security definer rows 8 set search_path = public, pg_temp as $$
  select asked.id
  from unnest(units) as asked (id)
  where asked.id in (select viewer_chain())
    -- `limit` keeps the planner from listing everything beneath the tops first
    or (
      select true from unit_ancestor
      where unit_ancestor.unit_id = asked.id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
        and unit_ancestor.standing @> (select viewer_today())
      limit 1)
$$;

-- Tops beneath which one sees names: an administrator of accounts sees the names of units and nothing more.
create function viewer_named_tops() returns setof uuid
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  select viewer_tops()
  union
  select held.unit_id from viewer_offices() as held where held.role = 'administrator'
$$;

-- One's own chain, and the units above those one leads, checks or administers: where one stands in the tree.
create function viewer_places() returns setof uuid
language sql stable security definer rows 8 set search_path = public, pg_temp as $$
  select viewer_chain()
  union
  select unit_ancestor.ancestor_id
  from viewer_named_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.unit_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today())
$$;

-- Units whose name one sees.
create function viewer_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_named_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today())
  union all
  select viewer_places()
$$;

-- Units whose people one sees by name: one's own, as many levels beneath as the setting says, and those assigned.
create function viewer_people_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id
  where held.role in ('city_officer', 'secretary', 'deputy', 'clerk')
    and unit_ancestor.depth <= (select (setting.value)::int from setting where setting.key = 'people_depth')
    and unit_ancestor.standing @> (select viewer_today())
  union all
  select unit_ancestor.unit_id
  from inspection_assignment
  join unit_ancestor on unit_ancestor.ancestor_id = inspection_assignment.unit_id
  where inspection_assignment.person_id = viewer_person() and inspection_assignment.during @> (select viewer_today())
    and unit_ancestor.standing @> (select viewer_today())
$$;

grant execute on function viewer_offices(), viewer_chain(), viewer_tops(), viewer_named_tops(), viewer_places(),
  viewer_led_units(),
  viewer_figure_units(), viewer_figure_units_among(uuid[]), viewer_units(), viewer_people_units() to app;

alter table unit_kind enable row level security;
create policy unit_kind_is_read_by_all on unit_kind for select to app using (true);
alter table unit enable row level security;
-- The same units as viewer_units, in a form that the planner can ask of one unit without listing a whole city.
create policy unit_of_viewer on unit to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = unit.id and unit_ancestor.ancestor_id = any (array(select viewer_named_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or id in (select viewer_places()));
alter table unit_parent enable row level security;
create policy unit_parent_of_viewer on unit_parent to app using (unit_id in (select unit.id from unit));
alter table unit_ancestor enable row level security;
-- Ids only, and asked in every rule: who may join them to a name is said by the policy of unit.
create policy unit_ancestor_is_read_by_all on unit_ancestor for select to app using (true);
alter table succession enable row level security;
create policy succession_of_viewer on succession for select to app using (from_unit_id in (select unit.id from unit));
alter table membership enable row level security;
create policy membership_of_viewer on membership to app
  using (unit_id in (select viewer_people_units()) or person_id = viewer_person());
alter table office enable row level security;
create policy office_of_viewer on office to app using (unit_id in (select viewer_units()) or person_id = viewer_person());
alter table inspection_assignment enable row level security;
create policy inspection_assignment_of_viewer on inspection_assignment to app
  using (unit_id in (select viewer_led_units()) or person_id = viewer_person());

grant select on unit_kind, unit, unit_parent, unit_ancestor, succession, membership, office, inspection_assignment to app;
