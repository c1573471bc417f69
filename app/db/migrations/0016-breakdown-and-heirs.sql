-- What reports up the tree still lacked: figures taken apart, the round and form of a report that an inspector checks, and offices that
-- pass to those who took a unit over, to act as well as to see.

-- By what the product's own figures are taken apart, as the counting functions name it.
alter table indicator add column dimensions text[] not null default '{}';
alter table indicator add constraint indicator_dimensions_are_known check (dimensions <@ array['resolution', 'category', 'kind', 'reason']);
alter table indicator add constraint own_indicator_is_taken_apart_by_breakdowns check (unit_id is null or dimensions = '{}');
update indicator set dimensions = '{resolution,category,kind}' where key = 'studied';
update indicator set dimensions = '{category}' where key in ('studied-at-national-conference', 'expected');
update indicator set dimensions = '{reason}' where key = 'exempt';
update indicator set dimensions = '{kind}' where key = 'non-member-attendances';

-- A figure taken apart by a unit for itself and those beneath. Each part is a declared figure of its own, a share of the whole, so that
-- forms, sums, seals and questions need know nothing of parts.
create table breakdown (
  id uuid primary key,
  indicator text not null references indicator (key), -- the whole
  unit_id uuid not null references unit (id),
  name text not null,
  is_complete boolean not null, -- the parts make the whole; else they may overlap or leave a rest
  constraint breakdown_has_a_name check (btrim(name) <> '' and length(name) <= 300),
  constraint breakdown_is_named_once unique (indicator, unit_id, name)
);
create table breakdown_part (
  indicator text primary key references indicator (key),
  breakdown_id uuid not null references breakdown (id),
  position smallint not null,
  name text not null,
  constraint breakdown_part_has_its_place unique (breakdown_id, position),
  constraint breakdown_part_has_a_name check (btrim(name) <> '')
);
alter table breakdown enable row level security;
alter table breakdown_part enable row level security;
create policy breakdown_of_viewer on breakdown for select to app using (unit_id in (select viewer_figure_units()));
create policy breakdown_is_added_for_oneself on breakdown for insert to app with check (unit_id in (select viewer_office_units()));
create policy breakdown_part_of_viewer on breakdown_part for select to app using (breakdown_id in (select breakdown.id from breakdown));
create policy breakdown_part_is_added_for_oneself on breakdown_part for insert to app
  with check (breakdown_id in (select breakdown.id from breakdown where breakdown.unit_id in (select viewer_office_units()))
    and indicator in (select indicator.key from indicator where indicator.unit_id in (select viewer_office_units())));
grant select, insert on breakdown, breakdown_part to app;

-- Rounds that a report one leads or checks belongs to. Whoever leads a unit sees those who ask it anyway; an inspector of one unit does not.
create function viewer_filed_rounds() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select filing.round_id
  from viewer_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id
  join filing on filing.unit_id = unit_ancestor.unit_id
  where unit_ancestor.standing @> (select viewer_today())
$$;
grant execute on function viewer_filed_rounds() to app;
drop policy report_round_of_viewer on report_round;
create policy report_round_of_viewer on report_round for select to app
  using (unit_id in (select viewer_figure_units()) or id in (select viewer_filed_rounds()));
create policy report_round_is_opened_by_its_officers on report_round for insert to app with check (unit_id in (select viewer_office_units()));
create policy report_round_is_changed_by_its_officers on report_round for update to app using (unit_id in (select viewer_office_units()));
drop policy report_form_of_viewer on report_form;
create policy report_form_of_viewer on report_form for select to app
  using (unit_id in (select viewer_figure_units()) or id in (select report_round.form_id from report_round));
create policy report_form_is_made_by_its_officers on report_form for insert to app with check (unit_id in (select viewer_office_units()));
create policy report_form_is_retired_by_its_officers on report_form for update to app using (unit_id in (select viewer_office_units()));
drop policy indicator_of_viewer on indicator;
create policy indicator_of_viewer on indicator for select to app
  using (unit_id is null or unit_id in (select viewer_figure_units()) or key in (select report_form_indicator.indicator from report_form_indicator));

-- As in 0011, with offices that came with a unit that was merged into one's own or split to it: units that stand come first.
create or replace function viewer_profile() returns table (name text, role text, unit_id uuid, unit_name text)
language sql stable security definer rows 2 set search_path = public, pg_temp as $$
  select person.name, held.role, held.unit_id, unit.name
  from person
  left join viewer_offices() as held on true
  left join unit on unit.id = held.unit_id
  left join unit_kind on unit_kind.key = unit.kind
  where person.id = viewer_person()
  order by not unit.during @> (select viewer_today()), unit_kind.position, unit.code, held.role
$$;
