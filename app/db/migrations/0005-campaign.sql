-- A campaign: the roll-out of one or several resolutions, and the roster it is counted against.
create domain fact_source as text check (value in ('page', 'api', 'import', 'offline', 'cli'));

create table campaign (
  id uuid primary key,
  code text not null,
  name text not null,
  unit_id uuid not null references unit (id), -- the unit that runs it; its roster is everyone beneath
  study_from date not null,
  study_to date not null,
  data_day date not null, -- the day its report stands at
  opened_on date,         -- null while it is being prepared
  exempt_expected boolean not null default false,
  who_writes text not null default 'in_post',
  version integer not null default 1,
  constraint campaign_code_is_unique unique (code),
  constraint campaign_code_is_plain check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint campaign_has_a_name check (btrim(name) <> ''),
  constraint campaign_period_is_in_order check (study_from <= study_to),
  constraint campaign_is_opened_before_its_data_day check (opened_on <= data_day),
  constraint campaign_writers_are_known check (who_writes in ('everyone', 'in_post', 'nobody'))
);

create table resolution (
  id uuid primary key,
  campaign_id uuid not null references campaign (id),
  code text not null,
  name text not null,
  position smallint not null,
  constraint resolution_code_is_unique_in_campaign unique (campaign_id, code)
);

-- What has to be studied of a resolution. A person has studied it once every topic was attended, in whichever sittings.
create table topic (
  id uuid primary key,
  campaign_id uuid not null references campaign (id),
  resolution_id uuid not null references resolution (id),
  name text not null,
  position smallint not null
);
create index topic_by_campaign on topic (campaign_id);
create index topic_by_resolution on topic (resolution_id);

create table category (
  campaign_id uuid not null references campaign (id),
  key text not null,
  name text not null,
  position smallint not null,
  is_default boolean not null default false, -- takes those whose membership names no category of this campaign
  primary key (campaign_id, key)
);
create unique index campaign_has_one_default_category on category (campaign_id) where is_default;

-- Who must study and write, in which unit, from which day. Frozen when the campaign opens; what comes later is a
-- dated row with its reason. Rows are superseded, never changed: the two times of every fact.
create table roster (
  id uuid primary key default gen_random_uuid(),
  campaign_id uuid not null references campaign (id),
  person_id uuid not null references person (id),
  unit_id uuid not null references unit (id),
  category_key text not null,
  must_study boolean not null,
  must_write boolean not null,
  exempt_reason text,
  during daterange not null,
  reason text, -- why this row was added after opening
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  on_behalf_of uuid references person (id),
  source fact_source not null,
  superseded_at timestamptz,
  foreign key (campaign_id, category_key) references category (campaign_id, key),
  constraint roster_exempt_or_expected check (must_study or exempt_reason is not null),
  constraint roster_has_person_once_a_day exclude using gist (campaign_id with =, person_id with =, during with &&)
    where (superseded_at is null),
  constraint roster_row_lasts_some_day check (not isempty(during))
);
create index roster_by_person on roster (person_id, campaign_id);
create index roster_by_unit on roster (campaign_id, unit_id);

-- Freezes the roster of a campaign as the organisation stood on that day: everyone beneath its unit, in the unit the person
-- belonged to. Returns how many. A list of names no single officer sees is made without being shown.
create function freeze_roster(campaign uuid, as_of date, actor uuid, via text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  frozen bigint;
begin
  if current_setting('role') = 'app' and not exists (
    select from campaign as own where own.id = freeze_roster.campaign and own.opened_on is null
      and own.unit_id in (select viewer_led_units())
  ) then
    raise exception 'this campaign is not the viewer''s to open' using errcode = 'insufficient_privilege';
  end if;
  insert into roster (campaign_id, person_id, unit_id, category_key, must_study, must_write, exempt_reason, during, recorded_by, source)
  select opened.id, membership.person_id, membership.unit_id, coalesce(named.key, fallback.key),
         membership.status <> 'exempt' or opened.exempt_expected,
         case opened.who_writes when 'everyone' then membership.status <> 'exempt' or opened.exempt_expected
           when 'in_post' then membership.status = 'in_post' else false end,
         membership.exempt_reason, daterange(as_of, null), actor, via
  from campaign as opened
  join unit_ancestor on unit_ancestor.ancestor_id = opened.unit_id and unit_ancestor.during @> as_of
  join unit on unit.id = unit_ancestor.unit_id
  join unit_kind on unit_kind.key = unit.kind and unit_kind.has_members
  join membership on membership.unit_id = unit.id and membership.during @> as_of
  join category as fallback on fallback.campaign_id = opened.id and fallback.is_default
  left join category as named on named.campaign_id = opened.id and named.key = membership.category_key
  where opened.id = freeze_roster.campaign;
  get diagnostics frozen = row_count;
  return frozen;
end $$;

-- Oneself, those who belong to a unit whose people one sees, and those on its rosters.
create function viewer_people() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  with unit_of_viewer as materialized (select viewer_people_units() as unit_id)
  select viewer_person()
  union
  select membership.person_id
  from membership
  where membership.unit_id in (select unit_of_viewer.unit_id from unit_of_viewer)
    and (membership.during @> (select viewer_today()) or not exists (
      select from membership as later
      where later.person_id = membership.person_id and lower(later.during) >= upper(membership.during)))
  union
  select roster.person_id
  from roster
  where roster.unit_id in (select unit_of_viewer.unit_id from unit_of_viewer) and roster.superseded_at is null
$$;
grant execute on function freeze_roster(uuid, date, uuid, text), viewer_people() to app;

alter table person enable row level security;
create policy person_of_viewer on person to app using (id in (select viewer_people()));
grant select on person to app;

-- Campaigns of units whose figures one sees, and of those above what one leads or checks: they reach down to it.
create function viewer_campaigns() returns setof uuid
language sql stable security definer rows 8 set search_path = public, pg_temp as $$
  select campaign.id
  from campaign
  where campaign.unit_id in (select viewer_figure_units_among((select array_agg(running.unit_id) from campaign as running)))
    or campaign.unit_id in (
      select unit_ancestor.ancestor_id
      from viewer_tops() as top (unit_id)
      join unit_ancestor on unit_ancestor.unit_id = top.unit_id
      where unit_ancestor.standing @> (select viewer_today()))
$$;
grant execute on function viewer_campaigns() to app;

-- A new campaign is not there yet when its right is checked, so it is asked by its unit too.
alter table campaign enable row level security;
create policy campaign_of_viewer on campaign to app
  using (id in (select viewer_campaigns()) or unit_id in (select viewer_led_units()));
alter table resolution enable row level security;
create policy resolution_of_viewer on resolution to app using (campaign_id in (select viewer_campaigns()));
alter table topic enable row level security;
create policy topic_of_viewer on topic to app using (campaign_id in (select viewer_campaigns()));
alter table category enable row level security;
create policy category_of_viewer on category to app using (campaign_id in (select viewer_campaigns()));
alter table roster enable row level security;
create policy roster_of_viewer on roster to app
  using (unit_id in (select viewer_people_units()) or person_id = viewer_person());

grant select, insert, update on campaign, resolution, topic, category, roster to app;
