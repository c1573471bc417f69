-- Reports up the tree: what is asked (form and round), what a unit files, what is sealed, and what is asked back about a figure.

-- The register of figures grows: a unit may add its own, counted by nobody and declared; those of the product have no owner.
alter table indicator add column unit_id uuid references unit (id); -- null: the product's own, counted from records
alter table indicator add column name text;                         -- what a unit calls its own; the product's are in its words
alter table indicator add column is_declared boolean not null default false;
alter table indicator alter column counted_by drop not null;
alter table indicator alter column position drop not null;
alter table indicator add constraint indicator_is_counted_or_declared check (is_declared = (counted_by is null));
alter table indicator add constraint own_indicator_is_declared_and_named check (unit_id is null or (is_declared and btrim(name) <> ''));
alter table indicator add constraint indicator_key_is_plain check (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$');

-- What must hold between two figures of one report: it is part of the other, or not more than it.
create table indicator_relation (
  indicator text not null references indicator (key),
  kind text not null,
  other text not null references indicator (key),
  primary key (indicator, kind, other),
  constraint indicator_relation_kind_is_known check (kind in ('part_of', 'not_more_than')),
  constraint indicator_relates_to_another check (indicator <> other)
);
insert into indicator_relation (indicator, kind, other) values
  ('studied', 'part_of', 'expected'),
  ('studied-at-national-conference', 'part_of', 'expected'),
  ('studied-declared', 'part_of', 'studied'),
  ('exempt', 'part_of', 'on-roster'),
  ('expected', 'part_of', 'on-roster'),
  ('must-write', 'not_more_than', 'on-roster');

create table report_form (
  id uuid primary key,
  unit_id uuid not null references unit (id), -- who made it; units beneath report on it
  campaign_id uuid not null references campaign (id),
  name text not null,
  kind text not null,
  retired_at timestamptz,
  version integer not null default 1,
  constraint report_form_kind_is_known check (kind in ('month', 'quarter', 'half_year', 'year', 'preliminary', 'final', 'ad_hoc')),
  constraint report_form_has_a_name check (btrim(name) <> '')
);
create table report_form_section (
  id uuid primary key,
  form_id uuid not null references report_form (id),
  position smallint not null,
  kind text not null, -- 'figures', or what the narrative tells
  title text not null,
  constraint report_form_section_kind_is_known check (kind in ('figures', 'results', 'difficulties', 'lessons', 'proposals')),
  constraint report_form_section_has_its_place unique (form_id, position)
);
create table report_form_indicator (
  section_id uuid not null references report_form_section (id),
  indicator text not null references indicator (key),
  position smallint not null,
  primary key (section_id, indicator)
);

-- One asking: units directly beneath report on a form, as of a day, by an instant.
create table report_round (
  id uuid primary key,
  form_id uuid not null references report_form (id),
  campaign_id uuid not null references campaign (id),
  unit_id uuid not null references unit (id), -- who asks and consolidates
  name text not null,
  as_of date not null,
  due_at timestamptz not null,
  opened_at timestamptz not null default clock_timestamp(),
  opened_by uuid references person (id),
  constraint report_round_has_a_name check (btrim(name) <> '')
);
create index report_round_by_unit on report_round (unit_id);

-- A unit's report in a round; the asking unit's own is the consolidated one.
create table filing (
  id uuid primary key,
  round_id uuid not null references report_round (id),
  unit_id uuid not null references unit (id),
  is_consolidated boolean not null default false,
  state text not null default 'draft',
  due_at timestamptz not null, -- the round's, or later after an extension
  submitted_at timestamptz,    -- first submission: on time or late is judged by it
  version integer not null default 1,
  constraint filing_state_is_known check (state in ('draft', 'submitted', 'returned', 'accepted', 'sealed')),
  constraint unit_files_once_a_round unique (round_id, unit_id),
  constraint filing_submitted_when_out_of_draft check (state = 'draft' or is_consolidated or submitted_at is not null)
);
create index filing_by_unit on filing (unit_id);

-- What the unit typed into its draft: only what no record holds. Superseded, never changed.
create table filing_value (
  id uuid primary key default gen_random_uuid(),
  filing_id uuid not null references filing (id),
  indicator text not null references indicator (key),
  value bigint not null,
  evidence_id uuid,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  source fact_source not null,
  superseded_at timestamptz,
  constraint filing_value_is_a_count check (value between 0 and 1000000000)
);
create unique index filing_has_one_current_value on filing_value (filing_id, indicator) where superseded_at is null;
create table filing_text (
  id uuid primary key default gen_random_uuid(),
  filing_id uuid not null references filing (id),
  section_id uuid not null references report_form_section (id),
  text text not null,
  version integer not null,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  source fact_source not null,
  superseded_at timestamptz,
  constraint filing_text_is_of_a_size check (length(text) <= 50000)
);
create unique index filing_has_one_current_text on filing_text (filing_id, section_id) where superseded_at is null;

-- A file that proves a typed figure: kept with the row, so that neither can be there without the other.
create table evidence (
  id uuid primary key,
  filing_id uuid not null references filing (id),
  name text not null,
  content_type text not null,
  sha256 bytea not null,
  size_bytes integer not null,
  content bytea not null,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  constraint evidence_is_of_a_size check (size_bytes between 1 and 10485760 and size_bytes = octet_length(content)),
  constraint evidence_type_is_allowed check (content_type in ('application/pdf', 'image/jpeg', 'image/png'))
);
alter table filing_value add constraint filing_value_evidence foreign key (evidence_id) references evidence (id);

-- What was handed up, frozen: figures, texts, warnings and the reasons they were passed with.
create table submission (
  id uuid primary key,
  filing_id uuid not null references filing (id),
  number smallint not null,
  unit_id uuid not null references unit (id),
  content jsonb not null,
  submitted_at timestamptz not null default clock_timestamp(),
  submitted_by uuid references person (id),
  constraint submission_is_numbered_in_its_filing unique (filing_id, number)
);

-- What happened to a filing: submitted, returned with a comment, accepted, extended with a reason, consolidated, sealed, reminded.
create table filing_event (
  id uuid primary key default gen_random_uuid(),
  filing_id uuid not null references filing (id),
  unit_id uuid not null references unit (id),
  kind text not null,
  comment text,
  at timestamptz not null default clock_timestamp(),
  actor_id uuid references person (id), -- null: a job
  constraint filing_event_kind_is_known check (kind in ('submitted', 'returned', 'accepted', 'extended', 'consolidated', 'sealed', 'reminded')),
  constraint return_and_extension_say_why check (kind not in ('returned', 'extended') or btrim(coalesce(comment, '')) <> '')
);
create index filing_event_by_filing on filing_event (filing_id, at);

-- A sealed report: frozen content, its hash, and a code printed on it. Corrections stand beside it.
create table report_seal (
  id uuid primary key,
  code text not null,
  filing_id uuid not null unique references filing (id),
  unit_id uuid not null references unit (id),
  campaign_id uuid not null references campaign (id),
  content jsonb not null,
  hash bytea not null,
  sealed_at timestamptz not null default clock_timestamp(),
  sealed_by uuid references person (id),
  constraint report_seal_code_is_unique unique (code)
);
create table seal_correction (
  id uuid primary key default gen_random_uuid(),
  seal_id uuid not null references report_seal (id),
  unit_id uuid not null references unit (id),
  indicator text not null references indicator (key),
  numerator bigint not null,
  denominator bigint,
  reason text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  constraint seal_correction_says_why check (btrim(reason) <> '')
);

-- "Hỏi về con số này": asked from above about a unit's figure, answered by the unit; overdue it goes one level up.
create table question (
  id uuid primary key,
  campaign_id uuid not null references campaign (id),
  indicator text not null references indicator (key),
  part text not null default '',
  unit_id uuid not null references unit (id),     -- whose figure, and who answers
  as_of date not null,
  figure jsonb not null,                           -- the figure as it stood when asked
  asked_by_unit_id uuid not null references unit (id),
  asked_by uuid references person (id),
  asked_at timestamptz not null default clock_timestamp(),
  due_on date not null,
  escalated_to_unit_id uuid references unit (id),  -- who answers for it once it is overdue
  closed_at timestamptz,
  version integer not null default 1,
  constraint question_is_due_after_it_is_asked check (due_on >= as_of)
);
create index question_by_unit on question (unit_id) where closed_at is null;
create table question_message (
  id uuid primary key default gen_random_uuid(),
  question_id uuid not null references question (id),
  kind text not null,
  text text not null,
  at timestamptz not null default clock_timestamp(),
  author_id uuid references person (id), -- null: the job that escalates
  constraint question_message_kind_is_known check (kind in ('question', 'answer', 'correction', 'escalation', 'closing')),
  constraint question_message_is_of_a_size check (length(text) between 1 and 5000)
);
create index question_message_by_question on question_message (question_id, at);

-- Sentences of the narrative report that a unit words its own way; without a row the product's wording holds.
create table narrative_template (
  unit_id uuid not null references unit (id),
  key text not null,
  text text not null,
  version integer not null default 1,
  primary key (unit_id, key),
  constraint narrative_template_is_of_a_size check (length(text) between 1 and 2000)
);

-- Units where one holds an office oneself: whose drafts one reads and writes.
create function viewer_office_units() returns setof uuid
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  select held.unit_id from viewer_offices() as held where held.role in ('city_officer', 'secretary', 'deputy', 'clerk')
$$;

-- Filings whose draft one reads: one's own units'.
create function viewer_draft_filings() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select filing.id from filing where filing.unit_id in (select viewer_office_units())
$$;
grant execute on function viewer_office_units(), viewer_draft_filings() to app;

alter table indicator_relation enable row level security;
create policy indicator_relation_is_read_by_all on indicator_relation for select to app using (true);
drop policy indicator_is_read_by_all on indicator;
create policy indicator_of_viewer on indicator to app using (unit_id is null or unit_id in (select viewer_figure_units()));
alter table report_form enable row level security;
create policy report_form_of_viewer on report_form to app using (unit_id in (select viewer_figure_units()));
alter table report_form_section enable row level security;
create policy report_form_section_of_viewer on report_form_section to app using (form_id in (select report_form.id from report_form));
alter table report_form_indicator enable row level security;
create policy report_form_indicator_of_viewer on report_form_indicator to app
  using (section_id in (select report_form_section.id from report_form_section));
alter table report_round enable row level security;
create policy report_round_of_viewer on report_round to app using (unit_id in (select viewer_figure_units()));
alter table filing enable row level security;
create policy filing_of_viewer on filing to app using (unit_id in (select viewer_led_units()));
alter table filing_value enable row level security;
create policy filing_value_of_viewer on filing_value to app using (filing_id in (select viewer_draft_filings()));
alter table filing_text enable row level security;
create policy filing_text_of_viewer on filing_text to app using (filing_id in (select viewer_draft_filings()));
alter table evidence enable row level security;
create policy evidence_of_viewer on evidence to app
  using (filing_id in (select filing.id from filing where filing.state <> 'draft') or filing_id in (select viewer_draft_filings()));
alter table submission enable row level security;
create policy submission_of_viewer on submission to app using (unit_id in (select viewer_led_units()));
alter table filing_event enable row level security;
create policy filing_event_of_viewer on filing_event to app using (unit_id in (select viewer_led_units()));
alter table report_seal enable row level security;
create policy report_seal_of_viewer on report_seal to app using (unit_id in (select viewer_figure_units()));
alter table seal_correction enable row level security;
create policy seal_correction_of_viewer on seal_correction to app using (unit_id in (select viewer_figure_units()));
alter table question enable row level security;
create policy question_of_viewer on question to app using (unit_id in (select viewer_led_units()));
alter table question_message enable row level security;
create policy question_message_of_viewer on question_message to app using (question_id in (select question.id from question));
alter table narrative_template enable row level security;
create policy narrative_template_of_viewer on narrative_template to app using (unit_id in (select viewer_led_units()));

grant select on indicator_relation to app;
grant select, insert, update on indicator, report_form, report_round, filing, filing_value, filing_text, question, narrative_template to app;
grant select, insert on report_form_section, report_form_indicator, evidence, submission, filing_event, report_seal, seal_correction, question_message to app;
grant delete on narrative_template to app; -- back to the product's wording
