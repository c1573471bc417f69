-- The first steps are shown at home until they are done or put away; putting them away is kept with the person, not the browser.
create table guide_hidden (
  person_id uuid primary key references person (id),
  hidden_at timestamptz not null default now()
);
alter table guide_hidden enable row level security;
create policy guide_hidden_is_ones_own on guide_hidden to app using (person_id = viewer_person()) with check (person_id = viewer_person());
grant select, insert, delete on guide_hidden to app;

-- Which first steps the records themselves show as done, in the units that the viewer holds an office of.
create function viewer_first_steps()
returns table (has_units boolean, has_people boolean, has_accounts boolean, has_campaign boolean, has_session boolean, has_roll boolean, has_round boolean, has_submission boolean)
language sql stable security definer rows 1 set search_path = public, pg_temp as $$
  with held as materialized (select distinct office.unit_id from viewer_offices() as office),
  beneath as not materialized (
    select unit_ancestor.unit_id, unit_ancestor.depth
    from held
    join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id
    where unit_ancestor.standing @> (select viewer_today())
  )
  select
    exists (select from beneath where beneath.depth > 0),
    exists (select from beneath join membership on membership.unit_id = beneath.unit_id),
    exists (select from beneath join membership on membership.unit_id = beneath.unit_id join account on account.person_id = membership.person_id where account.person_id <> viewer_person())
      or exists (select from beneath join office on office.unit_id = beneath.unit_id join account on account.person_id = office.person_id where account.person_id <> viewer_person()),
    exists (select from campaign where campaign.unit_id in (select held.unit_id from held) and campaign.opened_on is not null),
    exists (select from study_session where study_session.unit_id in (select held.unit_id from held) and study_session.cancelled_at is null),
    exists (select from mark join sitting on sitting.id = mark.sitting_id where sitting.unit_id in (select held.unit_id from held)),
    exists (select from report_round where report_round.unit_id in (select held.unit_id from held)),
    exists (select from submission where submission.unit_id in (select held.unit_id from held))
$$;
grant execute on function viewer_first_steps() to app;
