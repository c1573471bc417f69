-- Counts that need no names: how many a roster would hold, and how many were marked at a sitting. And why declared totals were withdrawn.
create function preview_roster(campaign uuid, as_of date)
returns table (people bigint, expected bigint, exempt bigint, writers bigint, units bigint)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if not exists (
    select from campaign as own where own.id = preview_roster.campaign and own.unit_id in (select viewer_led_units())
  ) then
    raise exception 'this campaign is not the viewer''s to open' using errcode = 'insufficient_privilege';
  end if;
  -- the same people as freeze_roster takes
  return query
  select count(*),
         count(*) filter (where membership.status <> 'exempt' or opened.exempt_expected),
         count(*) filter (where membership.status = 'exempt'),
         count(*) filter (where case opened.who_writes when 'everyone' then membership.status <> 'exempt' or opened.exempt_expected
           when 'in_post' then membership.status = 'in_post' else false end),
         count(distinct membership.unit_id)
  from campaign as opened
  join unit_ancestor on unit_ancestor.ancestor_id = opened.unit_id and unit_ancestor.during @> as_of
  join unit on unit.id = unit_ancestor.unit_id
  join unit_kind on unit_kind.key = unit.kind and unit_kind.has_members
  join membership on membership.unit_id = unit.id and membership.during @> as_of
  where opened.id = preview_roster.campaign;
end $$;

-- Current marks of each sitting by status, of whichever unit the people are.
create function sitting_tallies(sittings uuid[]) returns table (sitting_id uuid, status text, people bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select mark.sitting_id, mark.status, count(*)
  from mark
  join sitting on sitting.id = mark.sitting_id
  where mark.sitting_id = any (sittings) and mark.superseded_at is null
    and sitting.unit_id in (select viewer_figure_units())
  group by mark.sitting_id, mark.status
$$;

grant execute on function preview_roster(uuid, date), sitting_tallies(uuid[]) to app;

alter table declaration add column withdrawn_reason text; -- null: replaced by another of the same day, or current
