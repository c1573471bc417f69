-- The first steps are shown at home until they are done or put away; putting them away is kept with the person, not the browser.
create table guide_hidden (
  person_id uuid primary key references person (id),
  hidden_at timestamptz not null default now()
);
alter table guide_hidden enable row level security;
create policy guide_hidden_is_ones_own on guide_hidden to app using (person_id = viewer_person()) with check (person_id = viewer_person());
grant select, insert, delete on guide_hidden to app;

-- Which first steps the records themselves show as done, in the units that the viewer holds an office of; accounts also of those directly
-- beneath. Each is asked from the few rows of those units, so that a cell secretary does not wait for the records of a city.
create function viewer_first_steps()
returns table (has_units boolean, has_people boolean, has_accounts boolean, has_campaign boolean, has_session boolean, has_roll boolean, has_round boolean, has_submission boolean)
language plpgsql stable security definer rows 1 set search_path = public, pg_temp as $$
declare
  held uuid[] := array(select distinct office.unit_id from viewer_offices() as office);
  near uuid[] := array(
    select distinct unit_ancestor.unit_id from unit_ancestor
    where unit_ancestor.ancestor_id = any (held) and unit_ancestor.depth <= 1 and unit_ancestor.standing @> viewer_today());
begin
  return query select
    cardinality(near) > cardinality(held),
    exists (
      select from unit_ancestor
      where unit_ancestor.ancestor_id = any (held) and exists (select from membership where membership.unit_id = unit_ancestor.unit_id)),
    exists (
      select from office
      where office.unit_id = any (near) and office.person_id <> viewer_person() and exists (select from account where account.person_id = office.person_id))
    or exists (
      select from membership
      where membership.unit_id = any (near) and membership.person_id <> viewer_person() and exists (select from account where account.person_id = membership.person_id)),
    exists (select from campaign where campaign.unit_id = any (held) and campaign.opened_on is not null),
    exists (select from study_session where study_session.unit_id = any (held) and study_session.cancelled_at is null),
    -- campaign by campaign, as the index of marks is
    exists (select from campaign cross join lateral (select from mark where mark.campaign_id = campaign.id and mark.unit_id = any (held) limit 1) as taken),
    exists (select from report_round where report_round.unit_id = any (held)),
    exists (select from submission where submission.unit_id = any (held));
end $$;
grant execute on function viewer_first_steps() to app;
