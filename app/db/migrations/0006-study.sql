-- Study sessions, their sittings and rolls, head counts of non-members, and declared totals.
create table study_session (
  id uuid primary key,
  campaign_id uuid not null references campaign (id),
  unit_id uuid not null references unit (id), -- who holds it
  kind text not null,
  name text not null,
  place text,
  part_of uuid references study_session (id), -- a venue (điểm cầu) names the conference it belongs to
  cancelled_at timestamptz,
  version integer not null default 1,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  source fact_source not null,
  constraint study_session_kind_is_known check (kind in ('national_conference', 'conference', 'class', 'make_up_class')),
  constraint study_session_has_a_name check (btrim(name) <> '')
);
create index study_session_by_unit on study_session (campaign_id, unit_id);
create index study_session_by_whole on study_session (part_of) where part_of is not null;

-- Whom it is for; no row means everyone beneath the unit who must study.
create table study_session_category (
  session_id uuid not null references study_session (id),
  campaign_id uuid not null,
  category_key text not null,
  primary key (session_id, category_key),
  foreign key (campaign_id, category_key) references category (campaign_id, key)
);

create table sitting (
  id uuid primary key,
  session_id uuid not null references study_session (id),
  campaign_id uuid not null references campaign (id),
  unit_id uuid not null references unit (id),
  position smallint not null,
  held_on date not null,
  starts_at time,
  ends_at time,
  constraint sitting_ends_after_it_starts check (ends_at > starts_at),
  constraint sitting_has_its_place_in_the_session unique (session_id, position)
);
create index sitting_by_unit on sitting (campaign_id, unit_id, held_on);

create table sitting_topic (
  sitting_id uuid not null references sitting (id),
  topic_id uuid not null references topic (id),
  primary key (sitting_id, topic_id)
);

create table mark (
  id uuid primary key default gen_random_uuid(),
  sitting_id uuid not null references sitting (id),
  campaign_id uuid not null references campaign (id),
  person_id uuid not null references person (id),
  unit_id uuid not null references unit (id), -- the person's unit on the roster that day: who may see the mark
  status text not null,
  reason text,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  on_behalf_of uuid references person (id),
  source fact_source not null,
  superseded_at timestamptz,
  constraint mark_status_is_known check (status in ('present', 'late', 'excused', 'absent')),
  constraint mark_is_superseded_after_it_is_made check (superseded_at >= recorded_at)
);
create unique index person_has_one_current_mark_a_sitting on mark (sitting_id, person_id) where superseded_at is null;
create index mark_by_person on mark (person_id, campaign_id);
create index mark_by_unit on mark (campaign_id, unit_id);

create table head_count (
  id uuid primary key default gen_random_uuid(),
  sitting_id uuid not null references sitting (id),
  campaign_id uuid not null references campaign (id),
  unit_id uuid not null references unit (id),
  kind text not null,
  people integer not null,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  source fact_source not null,
  superseded_at timestamptz,
  constraint head_count_kind_is_known check (kind in ('civil_servant', 'union_member', 'association_member', 'other')),
  constraint head_count_is_a_count check (people between 0 and 100000)
);
create unique index sitting_has_one_current_head_count_a_kind on head_count (sitting_id, kind) where superseded_at is null;
create index head_count_by_unit on head_count (campaign_id, unit_id);

-- Totals of a unit that keeps no rolls, cumulative up to a day. While a unit has one, its own marks do not count
-- towards `studied`: for one unit and one figure records or a declaration, never both.
create table declaration (
  id uuid primary key,
  campaign_id uuid not null references campaign (id),
  unit_id uuid not null references unit (id),
  declared_on date not null, -- the day the totals stand at
  note text,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  on_behalf_of uuid references person (id),
  source fact_source not null,
  superseded_at timestamptz
);
create unique index unit_declares_once_a_day on declaration (campaign_id, unit_id, declared_on) where superseded_at is null;

create table declaration_part (
  declaration_id uuid not null references declaration (id),
  category_key text not null,
  studied integer not null,
  primary key (declaration_id, category_key),
  constraint declared_count_is_a_count check (studied >= 0)
);

alter table study_session enable row level security;
create policy study_session_of_viewer on study_session to app using (unit_id in (select viewer_figure_units()));
alter table study_session_category enable row level security;
create policy study_session_category_of_viewer on study_session_category to app
  using (session_id in (select study_session.id from study_session));
alter table sitting enable row level security;
create policy sitting_of_viewer on sitting to app using (unit_id in (select viewer_figure_units()));
alter table sitting_topic enable row level security;
create policy sitting_topic_of_viewer on sitting_topic to app using (sitting_id in (select sitting.id from sitting));
alter table mark enable row level security;
create policy mark_of_viewer on mark to app
  using (unit_id in (select viewer_people_units()) or person_id = viewer_person());
alter table head_count enable row level security;
create policy head_count_of_viewer on head_count to app using (unit_id in (select viewer_figure_units()));
alter table declaration enable row level security;
create policy declaration_of_viewer on declaration to app using (unit_id in (select viewer_figure_units()));
alter table declaration_part enable row level security;
create policy declaration_part_of_viewer on declaration_part to app
  using (declaration_id in (select declaration.id from declaration));

grant select, insert, update on study_session, sitting, mark, head_count, declaration to app;
grant select, insert on study_session_category, sitting_topic, declaration_part to app;
