-- Made from the migrations by `npm run generate`; do not edit.

create extension btree_gist;
create extension pg_trgm;

create type count_step as (indicator text, dimension text, unit_id uuid, on_day date, delta bigint);
create domain fact_source as text constraint fact_source_check CHECK ((VALUE = ANY (ARRAY['page'::text, 'api'::text, 'import'::text, 'offline'::text, 'cli'::text])));

create table account (
  id uuid not null,
  person_id uuid not null,
  username text not null,
  display_username text not null,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  is_disabled boolean not null default false,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint account_pkey PRIMARY KEY (id),
  constraint account_email_is_unique UNIQUE (email),
  constraint account_username_is_unique UNIQUE (username),
  constraint person_has_one_account UNIQUE (person_id),
  constraint account_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint account_username_is_plain CHECK (((username = lower(NORMALIZE(username, NFC))) AND (username ~ '^\S{3,60}$'::text)))
);
alter table account enable row level security;

create table account_credential (
  id uuid not null,
  account_id uuid not null,
  provider text not null,
  provider_account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint account_credential_pkey PRIMARY KEY (id),
  constraint account_credential_is_unique UNIQUE (provider, provider_account_id),
  constraint account_credential_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE
);
CREATE INDEX account_credential_by_account ON public.account_credential USING btree (account_id);
alter table account_credential enable row level security;

create table account_session (
  id uuid not null,
  account_id uuid not null,
  token text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint account_session_pkey PRIMARY KEY (id),
  constraint account_session_token_is_unique UNIQUE (token),
  constraint account_session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE
);
CREATE INDEX account_session_by_account ON public.account_session USING btree (account_id);
alter table account_session enable row level security;

create table account_verification (
  id uuid not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint account_verification_pkey PRIMARY KEY (id)
);
CREATE INDEX account_verification_by_identifier ON public.account_verification USING btree (identifier);
alter table account_verification enable row level security;

create table audit_entry (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  actor_id uuid,
  on_behalf_of uuid,
  action text not null,
  unit_id uuid,
  subject_type text not null,
  subject_id text not null,
  detail jsonb not null default '{}'::jsonb,
  constraint audit_entry_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_entry_by_subject ON public.audit_entry USING btree (subject_type, subject_id, id);
CREATE INDEX audit_entry_by_unit ON public.audit_entry USING btree (unit_id, id);
CREATE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER audit_entry_is_only_added AFTER INSERT OR DELETE OR UPDATE ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION keep_audit_entry();
alter table audit_entry enable row level security;
create policy audit_entry_is_ones_own on audit_entry for insert to app
  with check (actor_id = viewer_person());
create policy audit_entry_of_viewer on audit_entry for select to app
  using ((actor_id = viewer_person()) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = audit_entry.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))));
grant insert, select on audit_entry to app;

create table audit_pending (
  entry_id bigint not null,
  constraint audit_pending_pkey PRIMARY KEY (entry_id)
);
alter table audit_pending enable row level security;

create table audit_seal (
  "position" bigint not null,
  entry_id bigint not null,
  hash bytea not null,
  sealed_at timestamp with time zone not null default clock_timestamp(),
  constraint audit_seal_pkey PRIMARY KEY ("position"),
  constraint audit_seal_entry_id_key UNIQUE (entry_id),
  constraint audit_seal_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES audit_entry(id)
);
CREATE TRIGGER audit_seal_is_never_emptied BEFORE TRUNCATE ON public.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
alter table audit_seal enable row level security;

create table campaign (
  id uuid not null,
  code text not null,
  name text not null,
  unit_id uuid not null,
  study_from date not null,
  study_to date not null,
  data_day date not null,
  opened_on date,
  exempt_expected boolean not null default false,
  who_writes text not null default 'in_post'::text,
  version integer not null default 1,
  constraint campaign_pkey PRIMARY KEY (id),
  constraint campaign_code_is_unique UNIQUE (code),
  constraint campaign_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint campaign_code_is_plain CHECK ((code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text)),
  constraint campaign_has_a_name CHECK ((btrim(name) <> ''::text)),
  constraint campaign_is_opened_before_its_data_day CHECK ((opened_on <= data_day)),
  constraint campaign_period_is_in_order CHECK ((study_from <= study_to)),
  constraint campaign_writers_are_known CHECK ((who_writes = ANY (ARRAY['everyone'::text, 'in_post'::text, 'nobody'::text])))
);
alter table campaign enable row level security;
create policy campaign_of_viewer on campaign to app
  using ((id IN ( SELECT viewer_campaigns() AS viewer_campaigns)) OR (unit_id IN ( SELECT viewer_led_units() AS viewer_led_units)));
grant insert, select, update on campaign to app;

create table category (
  campaign_id uuid not null,
  key text not null,
  name text not null,
  "position" smallint not null,
  is_default boolean not null default false,
  constraint category_pkey PRIMARY KEY (campaign_id, key),
  constraint category_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id)
);
CREATE UNIQUE INDEX campaign_has_one_default_category ON public.category USING btree (campaign_id) WHERE is_default;
alter table category enable row level security;
create policy category_of_viewer on category to app
  using (campaign_id IN ( SELECT viewer_campaigns() AS viewer_campaigns));
grant insert, select, update on category to app;

create table count_increment (
  id bigint not null generated always as identity,
  campaign_id uuid not null,
  indicator text not null,
  dimension text not null,
  unit_id uuid not null,
  on_day date not null,
  delta bigint not null,
  constraint count_increment_pkey PRIMARY KEY (id),
  constraint count_increment_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint count_increment_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key)
);
CREATE INDEX count_increment_by_campaign ON public.count_increment USING btree (campaign_id, unit_id);
alter table count_increment enable row level security;

create table count_kept (
  campaign_id uuid not null,
  unit_id uuid not null,
  indicator text not null,
  dimension text not null,
  on_day date not null,
  own bigint not null,
  whole bigint not null,
  constraint count_kept_pkey PRIMARY KEY (campaign_id, unit_id, indicator, dimension, on_day),
  constraint count_kept_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint count_kept_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key)
);
alter table count_kept enable row level security;

create table count_pending (
  transaction xid8 not null,
  campaign_id uuid not null,
  people uuid[] not null,
  units uuid[],
  steps count_step[],
  constraint count_pending_pkey PRIMARY KEY (transaction, campaign_id)
);
alter table count_pending enable row level security;

create table declaration (
  id uuid not null,
  campaign_id uuid not null,
  unit_id uuid not null,
  declared_on date not null,
  note text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  on_behalf_of uuid,
  source fact_source not null,
  superseded_at timestamp with time zone,
  withdrawn_reason text,
  constraint declaration_pkey PRIMARY KEY (id),
  constraint declaration_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint declaration_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint declaration_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint declaration_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
);
CREATE UNIQUE INDEX unit_declares_once_a_day ON public.declaration USING btree (campaign_id, unit_id, declared_on) WHERE (superseded_at IS NULL);
alter table declaration enable row level security;
create policy declaration_of_viewer on declaration to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = declaration.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_chain() AS viewer_chain)));
grant insert, select, update on declaration to app;

create table declaration_part (
  declaration_id uuid not null,
  category_key text not null,
  studied integer not null,
  constraint declaration_part_pkey PRIMARY KEY (declaration_id, category_key),
  constraint declaration_part_declaration_id_fkey FOREIGN KEY (declaration_id) REFERENCES declaration(id),
  constraint declared_count_is_a_count CHECK ((studied >= 0))
);
alter table declaration_part enable row level security;
create policy declaration_part_of_viewer on declaration_part to app
  using (EXISTS ( SELECT
   FROM declaration
  WHERE (declaration.id = declaration_part.declaration_id)));
grant insert, select on declaration_part to app;

create table deployment_secret (
  key text not null,
  value text not null,
  constraint deployment_secret_pkey PRIMARY KEY (key)
);
alter table deployment_secret enable row level security;

create table evidence (
  id uuid not null,
  filing_id uuid not null,
  name text not null,
  content_type text not null,
  sha256 bytea not null,
  size_bytes integer not null,
  content bytea not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  handed_up_at timestamp with time zone,
  constraint evidence_pkey PRIMARY KEY (id),
  constraint evidence_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint evidence_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint evidence_is_of_a_size CHECK ((((size_bytes >= 1) AND (size_bytes <= 10485760)) AND (size_bytes = octet_length(content)))),
  constraint evidence_type_is_allowed CHECK ((content_type = ANY (ARRAY['application/pdf'::text, 'image/jpeg'::text, 'image/png'::text])))
);
CREATE INDEX evidence_by_filing ON public.evidence USING btree (filing_id);
alter table evidence enable row level security;
create policy evidence_of_viewer on evidence to app
  using (((handed_up_at IS NOT NULL) AND (filing_id IN ( SELECT filing.id
   FROM filing))) OR (filing_id IN ( SELECT viewer_draft_filings() AS viewer_draft_filings)));
grant insert, select on evidence to app;
grant update (handed_up_at) on evidence to app;

create table filing (
  id uuid not null,
  round_id uuid not null,
  unit_id uuid not null,
  is_consolidated boolean not null default false,
  state text not null default 'draft'::text,
  due_at timestamp with time zone not null,
  submitted_at timestamp with time zone,
  version integer not null default 1,
  constraint filing_pkey PRIMARY KEY (id),
  constraint unit_files_once_a_round UNIQUE (round_id, unit_id),
  constraint filing_round_id_fkey FOREIGN KEY (round_id) REFERENCES report_round(id),
  constraint filing_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint filing_state_is_known CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'accepted'::text, 'sealed'::text]))),
  constraint filing_submitted_when_out_of_draft CHECK (((state = 'draft'::text) OR is_consolidated OR (submitted_at IS NOT NULL)))
);
CREATE INDEX filing_by_unit ON public.filing USING btree (unit_id);
alter table filing enable row level security;
create policy filing_of_viewer on filing to app
  using (unit_id IN ( SELECT viewer_led_units() AS viewer_led_units));
grant insert, select, update on filing to app;

create table filing_event (
  id uuid not null default gen_random_uuid(),
  filing_id uuid not null,
  unit_id uuid not null,
  kind text not null,
  comment text,
  at timestamp with time zone not null default clock_timestamp(),
  actor_id uuid,
  constraint filing_event_pkey PRIMARY KEY (id),
  constraint filing_event_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES person(id),
  constraint filing_event_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint filing_event_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint filing_event_kind_is_known CHECK ((kind = ANY (ARRAY['submitted'::text, 'returned'::text, 'accepted'::text, 'extended'::text, 'consolidated'::text, 'sealed'::text, 'reminded'::text]))),
  constraint return_and_extension_say_why CHECK (((kind <> ALL (ARRAY['returned'::text, 'extended'::text])) OR (btrim(COALESCE(comment, ''::text)) <> ''::text)))
);
CREATE INDEX filing_event_by_filing ON public.filing_event USING btree (filing_id, at);
alter table filing_event enable row level security;
create policy filing_event_of_viewer on filing_event to app
  using (unit_id IN ( SELECT viewer_led_units() AS viewer_led_units));
grant insert, select on filing_event to app;

create table filing_text (
  id uuid not null default gen_random_uuid(),
  filing_id uuid not null,
  section_id uuid not null,
  text text not null,
  version integer not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  source fact_source not null,
  superseded_at timestamp with time zone,
  constraint filing_text_pkey PRIMARY KEY (id),
  constraint filing_text_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint filing_text_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint filing_text_section_id_fkey FOREIGN KEY (section_id) REFERENCES report_form_section(id),
  constraint filing_text_is_of_a_size CHECK ((length(text) <= 50000))
);
CREATE UNIQUE INDEX filing_has_one_current_text ON public.filing_text USING btree (filing_id, section_id) WHERE (superseded_at IS NULL);
CREATE INDEX filing_text_by_filing ON public.filing_text USING btree (filing_id);
alter table filing_text enable row level security;
create policy filing_text_of_viewer on filing_text to app
  using (filing_id IN ( SELECT viewer_draft_filings() AS viewer_draft_filings));
grant insert, select, update on filing_text to app;

create table filing_value (
  id uuid not null default gen_random_uuid(),
  filing_id uuid not null,
  indicator text not null,
  value bigint not null,
  evidence_id uuid,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  source fact_source not null,
  superseded_at timestamp with time zone,
  constraint filing_value_pkey PRIMARY KEY (id),
  constraint filing_value_evidence FOREIGN KEY (evidence_id) REFERENCES evidence(id),
  constraint filing_value_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint filing_value_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint filing_value_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint filing_value_is_a_count CHECK (((value >= 0) AND (value <= 1000000000)))
);
CREATE UNIQUE INDEX filing_has_one_current_value ON public.filing_value USING btree (filing_id, indicator) WHERE (superseded_at IS NULL);
CREATE INDEX filing_value_by_filing ON public.filing_value USING btree (filing_id);
alter table filing_value enable row level security;
create policy filing_value_of_viewer on filing_value to app
  using (filing_id IN ( SELECT viewer_draft_filings() AS viewer_draft_filings));
grant insert, select, update on filing_value to app;

create table head_count (
  id uuid not null default gen_random_uuid(),
  sitting_id uuid not null,
  campaign_id uuid not null,
  unit_id uuid not null,
  kind text not null,
  people integer not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  source fact_source not null,
  superseded_at timestamp with time zone,
  constraint head_count_pkey PRIMARY KEY (id),
  constraint head_count_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint head_count_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint head_count_sitting_id_fkey FOREIGN KEY (sitting_id) REFERENCES sitting(id),
  constraint head_count_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint head_count_is_a_count CHECK (((people >= 0) AND (people <= 100000))),
  constraint head_count_kind_is_known CHECK ((kind = ANY (ARRAY['civil_servant'::text, 'union_member'::text, 'association_member'::text, 'other'::text])))
);
CREATE INDEX head_count_by_unit ON public.head_count USING btree (campaign_id, unit_id);
CREATE UNIQUE INDEX sitting_has_one_current_head_count_a_kind ON public.head_count USING btree (sitting_id, kind) WHERE (superseded_at IS NULL);
alter table head_count enable row level security;
create policy head_count_of_viewer on head_count to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = head_count.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_chain() AS viewer_chain)));
grant insert, select, update on head_count to app;

create table indicator (
  key text not null,
  kind text not null,
  base text,
  unit_of_count text not null,
  counted_by text,
  "position" smallint,
  unit_id uuid,
  name text,
  is_declared boolean not null default false,
  constraint indicator_pkey PRIMARY KEY (key),
  constraint indicator_position_key UNIQUE ("position"),
  constraint indicator_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint indicator_is_counted_or_declared CHECK ((is_declared = (counted_by IS NULL))),
  constraint indicator_key_is_plain CHECK ((key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text)),
  constraint indicator_kind_is_known CHECK ((kind = ANY (ARRAY['count'::text, 'rate'::text]))),
  constraint own_indicator_is_declared_and_named CHECK (((unit_id IS NULL) OR (is_declared AND (btrim(name) <> ''::text)))),
  constraint own_indicator_name_is_of_a_size CHECK ((length(name) <= 300)),
  constraint rate_has_a_base CHECK (((kind = 'rate'::text) = (base IS NOT NULL)))
);
alter table indicator enable row level security;
create policy indicator_is_added_for_oneself on indicator for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy indicator_of_viewer on indicator for select to app
  using ((unit_id IS NULL) OR (unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units)));
grant insert, select, update on indicator to app;

create table indicator_relation (
  indicator text not null,
  kind text not null,
  other text not null,
  constraint indicator_relation_pkey PRIMARY KEY (indicator, kind, other),
  constraint indicator_relation_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint indicator_relation_other_fkey FOREIGN KEY (other) REFERENCES indicator(key),
  constraint indicator_relates_to_another CHECK ((indicator <> other)),
  constraint indicator_relation_kind_is_known CHECK ((kind = ANY (ARRAY['part_of'::text, 'not_more_than'::text])))
);
alter table indicator_relation enable row level security;
create policy indicator_relation_is_added_for_oneself on indicator_relation for insert to app
  with check (indicator IN ( SELECT indicator.key
   FROM indicator
  WHERE (indicator.unit_id IN ( SELECT viewer_office_units() AS viewer_office_units))));
create policy indicator_relation_is_read_by_all on indicator_relation for select to app
  using true;
grant insert, select on indicator_relation to app;

create table inspection_assignment (
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  during daterange not null,
  constraint inspection_assignment_pkey PRIMARY KEY (id),
  constraint inspection_assignment_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint inspection_assignment_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint assignment_ends CHECK ((NOT upper_inf(during)))
);
CREATE INDEX inspection_assignment_by_person ON public.inspection_assignment USING btree (person_id);
alter table inspection_assignment enable row level security;
create policy inspection_assignment_of_viewer on inspection_assignment to app
  using ((unit_id IN ( SELECT viewer_led_units() AS viewer_led_units)) OR (person_id = viewer_person()));
grant select on inspection_assignment to app;

create table mark (
  id uuid not null default gen_random_uuid(),
  sitting_id uuid not null,
  campaign_id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  status text not null,
  reason text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  on_behalf_of uuid,
  source fact_source not null,
  superseded_at timestamp with time zone,
  constraint mark_pkey PRIMARY KEY (id),
  constraint mark_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint mark_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint mark_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint mark_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint mark_sitting_id_fkey FOREIGN KEY (sitting_id) REFERENCES sitting(id),
  constraint mark_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint mark_is_superseded_after_it_is_made CHECK ((superseded_at >= recorded_at)),
  constraint mark_status_is_known CHECK ((status = ANY (ARRAY['present'::text, 'late'::text, 'excused'::text, 'absent'::text])))
);
CREATE INDEX mark_by_person ON public.mark USING btree (person_id, campaign_id);
CREATE INDEX mark_by_unit ON public.mark USING btree (campaign_id, unit_id);
CREATE UNIQUE INDEX person_has_one_current_mark_a_sitting ON public.mark USING btree (sitting_id, person_id) WHERE (superseded_at IS NULL);
alter table mark enable row level security;
create policy mark_of_viewer on mark to app
  using ((unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)) OR (person_id = viewer_person()));
grant insert, select, update on mark to app;

create table membership (
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  during daterange not null,
  status text not null default 'in_post'::text,
  exempt_reason text,
  category_key text,
  version integer not null default 1,
  constraint membership_pkey PRIMARY KEY (id),
  constraint membership_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint membership_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint membership_exemption_has_reason CHECK (((status = 'exempt'::text) = (exempt_reason IS NOT NULL))),
  constraint membership_lasts_some_day CHECK ((NOT isempty(during))),
  constraint membership_status_is_known CHECK ((status = ANY (ARRAY['in_post'::text, 'exempt'::text, 'probationary'::text]))),
  constraint person_belongs_to_one_unit_a_day EXCLUDE USING gist (person_id WITH =, during WITH &&)
);
CREATE INDEX membership_by_unit ON public.membership USING btree (unit_id);
alter table membership enable row level security;
create policy membership_of_viewer on membership to app
  using ((unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)) OR (person_id = viewer_person()));
grant select on membership to app;

create table migration (
  file text not null,
  ran_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (file)
);
alter table migration enable row level security;

create table narrative_template (
  unit_id uuid not null,
  key text not null,
  text text not null,
  version integer not null default 1,
  constraint narrative_template_pkey PRIMARY KEY (unit_id, key),
  constraint narrative_template_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint narrative_template_is_of_a_size CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);
alter table narrative_template enable row level security;
create policy narrative_template_is_added_for_oneself on narrative_template for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy narrative_template_is_changed_for_oneself on narrative_template for update to app
  using (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy narrative_template_is_read_with_figures on narrative_template for select to app
  using (unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units));
create policy narrative_template_is_taken_back_for_oneself on narrative_template for delete to app
  using (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
grant delete, insert, select, update on narrative_template to app;

create table office (
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  role text not null,
  title text,
  during daterange not null,
  constraint office_pkey PRIMARY KEY (id),
  constraint office_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint office_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint office_role_is_known CHECK ((role = ANY (ARRAY['city_officer'::text, 'secretary'::text, 'deputy'::text, 'clerk'::text, 'inspector'::text, 'administrator'::text]))),
  constraint office_is_held_once EXCLUDE USING gist (person_id WITH =, unit_id WITH =, role WITH =, during WITH &&),
  constraint unit_has_one_secretary_a_day EXCLUDE USING gist (unit_id WITH =, during WITH &&) WHERE ((role = 'secretary'::text))
);
CREATE INDEX office_by_person ON public.office USING btree (person_id);
CREATE INDEX office_by_unit ON public.office USING btree (unit_id);
alter table office enable row level security;
create policy office_of_viewer on office to app
  using ((unit_id IN ( SELECT viewer_units() AS viewer_units)) OR (person_id = viewer_person()));
grant select on office to app;

create table person (
  id uuid not null,
  name text not null,
  card_number text,
  born_on date,
  gender text,
  phone text,
  given_name text not null generated always as (regexp_replace(name, '^.* '::text, ''::text)) stored,
  middle_name text not null generated always as (
CASE
    WHEN (name ~ ' .* '::text) THEN regexp_replace(regexp_replace(name, '^[^ ]* '::text, ''::text), ' [^ ]*$'::text, ''::text)
    ELSE ''::text
END) stored,
  family_name text not null generated always as (
CASE
    WHEN (name ~ ' '::text) THEN regexp_replace(name, ' .*$'::text, ''::text)
    ELSE ''::text
END) stored,
  search text not null generated always as (fold((name || COALESCE((' '::text || card_number), ''::text)))) stored,
  version integer not null default 1,
  constraint person_pkey PRIMARY KEY (id),
  constraint person_card_number_is_unique UNIQUE (card_number),
  constraint person_gender_is_known CHECK ((gender = ANY (ARRAY['female'::text, 'male'::text]))),
  constraint person_name_is_clean CHECK (((name <> ''::text) AND (name = NORMALIZE(regexp_replace(btrim(name), '\s+'::text, ' '::text, 'g'::text), NFC))))
);
CREATE INDEX person_search ON public.person USING gin (search gin_trgm_ops);
alter table person enable row level security;
create policy person_of_viewer on person to app
  using (id IN ( SELECT viewer_people() AS viewer_people));
grant select on person to app;

create table question (
  id uuid not null,
  campaign_id uuid not null,
  indicator text not null,
  part text not null default ''::text,
  unit_id uuid not null,
  as_of date not null,
  figure jsonb not null,
  asked_by_unit_id uuid not null,
  asked_by uuid,
  asked_at timestamp with time zone not null default clock_timestamp(),
  due_on date not null,
  escalated_to_unit_id uuid,
  closed_at timestamp with time zone,
  version integer not null default 1,
  answered_at timestamp with time zone,
  constraint question_pkey PRIMARY KEY (id),
  constraint question_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES person(id),
  constraint question_asked_by_unit_id_fkey FOREIGN KEY (asked_by_unit_id) REFERENCES unit(id),
  constraint question_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint question_escalated_to_unit_id_fkey FOREIGN KEY (escalated_to_unit_id) REFERENCES unit(id),
  constraint question_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint question_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint question_is_due_after_it_is_asked CHECK ((due_on >= as_of))
);
CREATE INDEX question_about_figure ON public.question USING btree (campaign_id, unit_id, indicator);
CREATE INDEX question_by_asker ON public.question USING btree (asked_by_unit_id) WHERE (closed_at IS NULL);
CREATE INDEX question_by_unit ON public.question USING btree (unit_id) WHERE (closed_at IS NULL);
CREATE INDEX question_left_waiting ON public.question USING btree (due_on) WHERE ((closed_at IS NULL) AND (answered_at IS NULL) AND (escalated_to_unit_id IS NULL));
alter table question enable row level security;
create policy question_of_viewer on question to app
  using (unit_id IN ( SELECT viewer_led_units() AS viewer_led_units));
grant insert, select, update on question to app;

create table question_message (
  id uuid not null default gen_random_uuid(),
  question_id uuid not null,
  kind text not null,
  text text not null,
  at timestamp with time zone not null default clock_timestamp(),
  author_id uuid,
  constraint question_message_pkey PRIMARY KEY (id),
  constraint question_message_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id),
  constraint question_message_question_id_fkey FOREIGN KEY (question_id) REFERENCES question(id),
  constraint question_message_is_of_a_size CHECK (((length(text) <= 5000) AND ((kind = 'closing'::text) OR (btrim(text) <> ''::text)))),
  constraint question_message_kind_is_known CHECK ((kind = ANY (ARRAY['question'::text, 'answer'::text, 'correction'::text, 'escalation'::text, 'closing'::text])))
);
CREATE INDEX question_message_by_question ON public.question_message USING btree (question_id, at);
alter table question_message enable row level security;
create policy question_message_of_viewer on question_message to app
  using (question_id IN ( SELECT question.id
   FROM question));
grant insert, select on question_message to app;

create table report_form (
  id uuid not null,
  unit_id uuid not null,
  campaign_id uuid not null,
  name text not null,
  kind text not null,
  retired_at timestamp with time zone,
  version integer not null default 1,
  constraint report_form_pkey PRIMARY KEY (id),
  constraint report_form_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint report_form_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint report_form_has_a_name CHECK ((btrim(name) <> ''::text)),
  constraint report_form_kind_is_known CHECK ((kind = ANY (ARRAY['month'::text, 'quarter'::text, 'half_year'::text, 'year'::text, 'preliminary'::text, 'final'::text, 'ad_hoc'::text])))
);
alter table report_form enable row level security;
create policy report_form_of_viewer on report_form to app
  using (unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units));
grant insert, select, update on report_form to app;

create table report_form_indicator (
  section_id uuid not null,
  indicator text not null,
  "position" smallint not null,
  constraint report_form_indicator_pkey PRIMARY KEY (section_id, indicator),
  constraint report_form_indicator_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint report_form_indicator_section_id_fkey FOREIGN KEY (section_id) REFERENCES report_form_section(id)
);
alter table report_form_indicator enable row level security;
create policy report_form_indicator_of_viewer on report_form_indicator to app
  using (section_id IN ( SELECT report_form_section.id
   FROM report_form_section));
grant insert, select on report_form_indicator to app;

create table report_form_section (
  id uuid not null,
  form_id uuid not null,
  "position" smallint not null,
  kind text not null,
  title text not null,
  constraint report_form_section_pkey PRIMARY KEY (id),
  constraint report_form_section_has_its_place UNIQUE (form_id, "position"),
  constraint report_form_section_form_id_fkey FOREIGN KEY (form_id) REFERENCES report_form(id),
  constraint report_form_section_kind_is_known CHECK ((kind = ANY (ARRAY['figures'::text, 'results'::text, 'difficulties'::text, 'lessons'::text, 'proposals'::text])))
);
alter table report_form_section enable row level security;
create policy report_form_section_of_viewer on report_form_section to app
  using (form_id IN ( SELECT report_form.id
   FROM report_form));
grant insert, select on report_form_section to app;

create table report_round (
  id uuid not null,
  form_id uuid not null,
  campaign_id uuid not null,
  unit_id uuid not null,
  name text not null,
  as_of date not null,
  due_at timestamp with time zone not null,
  opened_at timestamp with time zone not null default clock_timestamp(),
  opened_by uuid,
  constraint report_round_pkey PRIMARY KEY (id),
  constraint report_round_is_opened_once UNIQUE (unit_id, form_id, as_of, name),
  constraint report_round_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint report_round_form_id_fkey FOREIGN KEY (form_id) REFERENCES report_form(id),
  constraint report_round_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES person(id),
  constraint report_round_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint report_round_has_a_name CHECK ((btrim(name) <> ''::text))
);
CREATE INDEX report_round_by_unit ON public.report_round USING btree (unit_id);
alter table report_round enable row level security;
create policy report_round_of_viewer on report_round to app
  using (unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units));
grant insert, select, update on report_round to app;

create table report_seal (
  id uuid not null,
  code text not null,
  filing_id uuid,
  unit_id uuid not null,
  campaign_id uuid not null,
  content jsonb not null,
  hash bytea not null,
  sealed_at timestamp with time zone not null default clock_timestamp(),
  sealed_by uuid,
  as_of date not null,
  constraint report_seal_pkey PRIMARY KEY (id),
  constraint report_seal_code_is_unique UNIQUE (code),
  constraint report_seal_filing_id_key UNIQUE (filing_id),
  constraint report_seal_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint report_seal_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint report_seal_sealed_by_fkey FOREIGN KEY (sealed_by) REFERENCES person(id),
  constraint report_seal_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint report_seal_hash_is_sha256 CHECK ((octet_length(hash) = 32))
);
CREATE UNIQUE INDEX report_of_a_day_is_sealed_once ON public.report_seal USING btree (campaign_id, unit_id, as_of) WHERE (filing_id IS NULL);
CREATE INDEX report_seal_by_unit ON public.report_seal USING btree (unit_id, sealed_at);
CREATE TRIGGER report_seal_is_never_emptied BEFORE TRUNCATE ON public.report_seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_seal();
CREATE TRIGGER report_seal_is_only_added BEFORE DELETE OR UPDATE ON public.report_seal FOR EACH ROW EXECUTE FUNCTION refuse_change_of_seal();
alter table report_seal enable row level security;
create policy report_seal_of_viewer on report_seal to app
  using (unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units));
grant insert, select on report_seal to app;

create table resolution (
  id uuid not null,
  campaign_id uuid not null,
  code text not null,
  name text not null,
  "position" smallint not null,
  constraint resolution_pkey PRIMARY KEY (id),
  constraint resolution_code_is_unique_in_campaign UNIQUE (campaign_id, code),
  constraint resolution_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id)
);
alter table resolution enable row level security;
create policy resolution_of_viewer on resolution to app
  using (campaign_id IN ( SELECT viewer_campaigns() AS viewer_campaigns));
grant insert, select, update on resolution to app;

create table roster (
  id uuid not null default gen_random_uuid(),
  campaign_id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  category_key text not null,
  must_study boolean not null,
  must_write boolean not null,
  exempt_reason text,
  during daterange not null,
  reason text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  on_behalf_of uuid,
  source fact_source not null,
  superseded_at timestamp with time zone,
  constraint roster_pkey PRIMARY KEY (id),
  constraint roster_campaign_id_category_key_fkey FOREIGN KEY (campaign_id, category_key) REFERENCES category(campaign_id, key),
  constraint roster_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint roster_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint roster_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint roster_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint roster_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint roster_exempt_or_expected CHECK ((must_study OR (exempt_reason IS NOT NULL))),
  constraint roster_row_lasts_some_day CHECK ((NOT isempty(during))),
  constraint roster_has_person_once_a_day EXCLUDE USING gist (campaign_id WITH =, person_id WITH =, during WITH &&) WHERE ((superseded_at IS NULL))
);
CREATE INDEX roster_by_person ON public.roster USING btree (person_id, campaign_id);
CREATE INDEX roster_by_unit ON public.roster USING btree (campaign_id, unit_id);
alter table roster enable row level security;
create policy roster_of_viewer on roster to app
  using ((unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)) OR (person_id = viewer_person()));
grant insert, select, update on roster to app;

create table seal_correction (
  id uuid not null default gen_random_uuid(),
  seal_id uuid not null,
  unit_id uuid not null,
  indicator text not null,
  numerator bigint not null,
  denominator bigint,
  reason text not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  constraint seal_correction_pkey PRIMARY KEY (id),
  constraint seal_correction_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint seal_correction_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint seal_correction_seal_id_fkey FOREIGN KEY (seal_id) REFERENCES report_seal(id),
  constraint seal_correction_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint seal_correction_is_a_count CHECK (((numerator >= 0) AND ((denominator IS NULL) OR (denominator >= 0)))),
  constraint seal_correction_is_of_a_size CHECK ((length(reason) <= 1000)),
  constraint seal_correction_says_why CHECK ((btrim(reason) <> ''::text))
);
CREATE INDEX seal_correction_by_seal ON public.seal_correction USING btree (seal_id, recorded_at);
CREATE TRIGGER seal_correction_is_never_emptied BEFORE TRUNCATE ON public.seal_correction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_seal();
CREATE TRIGGER seal_correction_is_only_added BEFORE DELETE OR UPDATE ON public.seal_correction FOR EACH ROW EXECUTE FUNCTION refuse_change_of_seal();
alter table seal_correction enable row level security;
create policy seal_correction_of_viewer on seal_correction to app
  using (unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units));
grant insert, select on seal_correction to app;

create table setting (
  key text not null,
  value jsonb not null,
  constraint setting_pkey PRIMARY KEY (key)
);
alter table setting enable row level security;
create policy setting_is_read_by_all on setting for select to app
  using true;
grant select on setting to app;

create table sitting (
  id uuid not null,
  session_id uuid not null,
  campaign_id uuid not null,
  unit_id uuid not null,
  "position" smallint not null,
  held_on date not null,
  starts_at time without time zone,
  ends_at time without time zone,
  constraint sitting_pkey PRIMARY KEY (id),
  constraint sitting_has_its_place_in_the_session UNIQUE (session_id, "position"),
  constraint sitting_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint sitting_session_id_fkey FOREIGN KEY (session_id) REFERENCES study_session(id),
  constraint sitting_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint sitting_ends_after_it_starts CHECK ((ends_at > starts_at))
);
CREATE INDEX sitting_by_unit ON public.sitting USING btree (campaign_id, unit_id, held_on);
alter table sitting enable row level security;
create policy sitting_of_viewer on sitting to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = sitting.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_chain() AS viewer_chain)));
grant insert, select, update on sitting to app;

create table sitting_topic (
  sitting_id uuid not null,
  topic_id uuid not null,
  constraint sitting_topic_pkey PRIMARY KEY (sitting_id, topic_id),
  constraint sitting_topic_sitting_id_fkey FOREIGN KEY (sitting_id) REFERENCES sitting(id),
  constraint sitting_topic_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES topic(id)
);
alter table sitting_topic enable row level security;
create policy sitting_topic_of_viewer on sitting_topic to app
  using (EXISTS ( SELECT
   FROM sitting
  WHERE (sitting.id = sitting_topic.sitting_id)));
grant insert, select on sitting_topic to app;

create table study_session (
  id uuid not null,
  campaign_id uuid not null,
  unit_id uuid not null,
  kind text not null,
  name text not null,
  place text,
  part_of uuid,
  cancelled_at timestamp with time zone,
  version integer not null default 1,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  source fact_source not null,
  constraint study_session_pkey PRIMARY KEY (id),
  constraint study_session_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint study_session_part_of_fkey FOREIGN KEY (part_of) REFERENCES study_session(id),
  constraint study_session_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint study_session_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint study_session_has_a_name CHECK ((btrim(name) <> ''::text)),
  constraint study_session_kind_is_known CHECK ((kind = ANY (ARRAY['national_conference'::text, 'conference'::text, 'class'::text, 'make_up_class'::text])))
);
CREATE INDEX study_session_by_unit ON public.study_session USING btree (campaign_id, unit_id);
CREATE INDEX study_session_by_whole ON public.study_session USING btree (part_of) WHERE (part_of IS NOT NULL);
alter table study_session enable row level security;
create policy study_session_of_viewer on study_session to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = study_session.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_chain() AS viewer_chain)));
grant insert, select, update on study_session to app;

create table study_session_category (
  session_id uuid not null,
  campaign_id uuid not null,
  category_key text not null,
  constraint study_session_category_pkey PRIMARY KEY (session_id, category_key),
  constraint study_session_category_campaign_id_category_key_fkey FOREIGN KEY (campaign_id, category_key) REFERENCES category(campaign_id, key),
  constraint study_session_category_session_id_fkey FOREIGN KEY (session_id) REFERENCES study_session(id)
);
alter table study_session_category enable row level security;
create policy study_session_category_of_viewer on study_session_category to app
  using (EXISTS ( SELECT
   FROM study_session
  WHERE (study_session.id = study_session_category.session_id)));
grant insert, select on study_session_category to app;

create table submission (
  id uuid not null,
  filing_id uuid not null,
  number smallint not null,
  unit_id uuid not null,
  content jsonb not null,
  submitted_at timestamp with time zone not null default clock_timestamp(),
  submitted_by uuid,
  constraint submission_pkey PRIMARY KEY (id),
  constraint submission_is_numbered_in_its_filing UNIQUE (filing_id, number),
  constraint submission_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint submission_submitted_by_fkey FOREIGN KEY (submitted_by) REFERENCES person(id),
  constraint submission_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
);
alter table submission enable row level security;
create policy submission_of_viewer on submission to app
  using (unit_id IN ( SELECT viewer_led_units() AS viewer_led_units));
grant insert, select on submission to app;

create table succession (
  from_unit_id uuid not null,
  to_unit_id uuid not null,
  on_date date not null,
  constraint succession_pkey PRIMARY KEY (from_unit_id, to_unit_id),
  constraint succession_from_unit_id_fkey FOREIGN KEY (from_unit_id) REFERENCES unit(id),
  constraint succession_to_unit_id_fkey FOREIGN KEY (to_unit_id) REFERENCES unit(id),
  constraint unit_does_not_succeed_itself CHECK ((from_unit_id <> to_unit_id))
);
CREATE INDEX succession_by_successor ON public.succession USING btree (to_unit_id);
alter table succession enable row level security;
create policy succession_of_viewer on succession for select to app
  using (from_unit_id IN ( SELECT unit.id
   FROM unit));
grant select on succession to app;

create table topic (
  id uuid not null,
  campaign_id uuid not null,
  resolution_id uuid not null,
  name text not null,
  "position" smallint not null,
  constraint topic_pkey PRIMARY KEY (id),
  constraint topic_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint topic_resolution_id_fkey FOREIGN KEY (resolution_id) REFERENCES resolution(id)
);
CREATE INDEX topic_by_campaign ON public.topic USING btree (campaign_id);
CREATE INDEX topic_by_resolution ON public.topic USING btree (resolution_id);
alter table topic enable row level security;
create policy topic_of_viewer on topic to app
  using (campaign_id IN ( SELECT viewer_campaigns() AS viewer_campaigns));
grant insert, select, update on topic to app;

create table unit (
  id uuid not null,
  code text not null,
  kind text not null,
  name text not null,
  organisation_name text,
  symbol text,
  place text,
  during daterange not null default '[-infinity,)'::daterange,
  search text not null generated always as (fold(((code || ' '::text) || name))) stored,
  version integer not null default 1,
  constraint unit_pkey PRIMARY KEY (id),
  constraint unit_code_is_unique UNIQUE (code),
  constraint unit_kind_fkey FOREIGN KEY (kind) REFERENCES unit_kind(key),
  constraint unit_code_is_plain CHECK ((code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text)),
  constraint unit_exists_some_day CHECK ((NOT isempty(during))),
  constraint unit_has_a_name CHECK (((btrim(name) <> ''::text) AND (name = NORMALIZE(name, NFC))))
);
CREATE INDEX unit_search ON public.unit USING gin (search gin_trgm_ops);
alter table unit enable row level security;
create policy unit_of_viewer on unit to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = unit.id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_named_tops() AS viewer_named_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (id IN ( SELECT viewer_places() AS viewer_places)));
grant select on unit to app;

create table unit_ancestor (
  unit_id uuid not null,
  ancestor_id uuid not null,
  depth smallint not null,
  during daterange not null,
  standing daterange not null,
  constraint unit_ancestor_pkey PRIMARY KEY (unit_id, ancestor_id, during),
  constraint unit_ancestor_ancestor_id_fkey FOREIGN KEY (ancestor_id) REFERENCES unit(id),
  constraint unit_ancestor_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
);
CREATE INDEX unit_ancestor_by_ancestor ON public.unit_ancestor USING btree (ancestor_id, depth) INCLUDE (unit_id, standing);
alter table unit_ancestor enable row level security;
create policy unit_ancestor_is_read_by_all on unit_ancestor for select to app
  using true;
grant select on unit_ancestor to app;

create table unit_kind (
  key text not null,
  has_members boolean not null,
  "position" smallint not null,
  constraint unit_kind_pkey PRIMARY KEY (key),
  constraint unit_kind_position_key UNIQUE ("position")
);
alter table unit_kind enable row level security;
create policy unit_kind_is_read_by_all on unit_kind for select to app
  using true;
grant select on unit_kind to app;

create table unit_parent (
  unit_id uuid not null,
  parent_id uuid not null,
  during daterange not null default '[-infinity,)'::daterange,
  constraint unit_parent_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES unit(id),
  constraint unit_parent_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint parenthood_lasts_some_day CHECK ((NOT isempty(during))),
  constraint unit_is_not_its_own_parent CHECK ((unit_id <> parent_id)),
  constraint unit_has_one_parent_a_day EXCLUDE USING gist (unit_id WITH =, during WITH &&)
);
CREATE INDEX unit_parent_by_parent ON public.unit_parent USING btree (parent_id);
alter table unit_parent enable row level security;
create policy unit_parent_of_viewer on unit_parent to app
  using (unit_id IN ( SELECT unit.id
   FROM unit));
grant select on unit_parent to app;

CREATE OR REPLACE FUNCTION public.audit_hash(previous bytea, entry audit_entry)
 RETURNS bytea
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select sha256(previous || convert_to(
    jsonb_build_array(entry.id, extract(epoch from entry.at), entry.actor_id, entry.on_behalf_of, entry.action, entry.unit_id,
      entry.subject_type, entry.subject_id, entry.detail)::text, 'UTF8'))
$function$;

CREATE OR REPLACE FUNCTION public.begin_counts(campaign uuid, people uuid[], units uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  counted uuid[];
begin
  perform pg_advisory_xact_lock(hashtextextended(campaign::text || unit.id::text, 0))
  from (select unnest(units) as id order by 1) as unit;
  select array_agg(locked.id) into counted
  from (
    select person.id
    from person
    where person.id = any (people)
      or person.id in (
        select roster.person_id from roster
        where roster.campaign_id = campaign and roster.superseded_at is null and roster.unit_id = any (units))
    order by person.id
    for no key update
  ) as locked;
  counted := coalesce(counted, '{}');
  insert into count_pending (transaction, campaign_id, people, units, steps)
  select pg_current_xact_id(), campaign, counted, units,
         array_agg((step.indicator, step.dimension, step.unit_id, step.on_day, step.delta)::count_step)
  from count_steps(campaign, counted, units) as step;
end $function$;
grant execute on function begin_counts(uuid,uuid[],uuid[]) to app;

CREATE OR REPLACE FUNCTION public.broken_seal()
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  previous bytea := '\x';
  seal record;
  expected bigint := 1;
begin
  for seal in
    select audit_seal.position, audit_seal.hash, audit_entry as entry
    from audit_seal join audit_entry on audit_entry.id = audit_seal.entry_id order by audit_seal.position
  loop
    if seal.position <> expected or seal.hash <> audit_hash(previous, seal.entry) then return expected; end if;
    previous := seal.hash;
    expected := expected + 1;
  end loop;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.campaign_completions(campaign uuid, people uuid[], known_at timestamp with time zone)
 RETURNS TABLE(person_id uuid, studied_on date, kind text, national_on date)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select completion.person_id,
         max(completion.studied_on),
         (array_agg(completion.kind order by completion.studied_on desc, completion.resolution_id))[1],
         case when count(completion.national_on) = (select count(*) from resolution where resolution.campaign_id = campaign)
           then max(completion.national_on) end
  from study_completions(campaign, people, known_at) as completion
  group by completion.person_id
  having count(*) = (select count(*) from resolution where resolution.campaign_id = campaign)
$function$;

CREATE OR REPLACE FUNCTION public.count_days(campaign uuid, unit uuid, indicators text[], dimensions text[])
 RETURNS TABLE(indicator text, dimension text, on_day date, delta bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform demand_figures_of(array[unit]);
  return query
  select value.indicator, value.dimension, value.on_day, sum(value.delta)::bigint
  from (
    select count_kept.indicator, count_kept.dimension, count_kept.on_day, count_kept.whole as delta
    from count_kept
    where count_kept.campaign_id = campaign and count_kept.unit_id = unit
      and count_kept.indicator = any (indicators) and count_kept.dimension = any (dimensions)
    union all
    select spread.indicator, spread.dimension, spread.on_day, spread.whole
    from spread_counts((
      select array_agg((count_increment.indicator, count_increment.dimension, count_increment.unit_id, count_increment.on_day, count_increment.delta)::count_step)
      from count_increment
      where count_increment.campaign_id = campaign
        and count_increment.indicator = any (indicators) and count_increment.dimension = any (dimensions)
    )) as spread
    where spread.unit_id = unit
  ) as value
  group by value.indicator, value.dimension, value.on_day
  having sum(value.delta) <> 0;
end $function$;
grant execute on function count_days(uuid,uuid,text[],text[]) to app;

CREATE OR REPLACE FUNCTION public.count_steps(campaign uuid, people uuid[] DEFAULT NULL::uuid[], units uuid[] DEFAULT NULL::uuid[], known_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF count_step
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select steps.* from study_steps(campaign, people, known_at) as steps where people is not null or units is null
  union all
  select steps.* from declaration_steps(campaign, units, known_at) as steps where units is not null or people is null
  union all
  select steps.* from head_count_steps(campaign, units, known_at) as steps where units is not null or people is null
$function$;

CREATE OR REPLACE FUNCTION public.count_values(campaign uuid, units uuid[], as_of date)
 RETURNS TABLE(unit_id uuid, indicator text, dimension text, own bigint, whole bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform demand_figures_of(units);
  return query
  select value.unit_id, value.indicator, value.dimension, sum(value.own)::bigint, sum(value.whole)::bigint
  from (
    select count_kept.unit_id, count_kept.indicator, count_kept.dimension, count_kept.own, count_kept.whole
    from count_kept
    where count_kept.campaign_id = campaign and count_kept.unit_id = any (units) and count_kept.on_day <= as_of
    union all
    select unit_ancestor.ancestor_id, count_increment.indicator, count_increment.dimension,
           case when unit_ancestor.depth = 0 then count_increment.delta else 0 end, count_increment.delta
    from count_increment
    join unit_ancestor on unit_ancestor.unit_id = count_increment.unit_id
      and unit_ancestor.ancestor_id = any (units) and unit_ancestor.during @> as_of
    where count_increment.campaign_id = campaign and count_increment.on_day <= as_of
  ) as value
  group by value.unit_id, value.indicator, value.dimension
  having sum(value.own) <> 0 or sum(value.whole) <> 0;
end $function$;
grant execute on function count_values(uuid,uuid[],date) to app;

CREATE OR REPLACE FUNCTION public.count_values_known(campaign uuid, units uuid[], as_of date, known_at timestamp with time zone)
 RETURNS TABLE(unit_id uuid, indicator text, dimension text, own bigint, whole bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform demand_figures_of(units);
  return query
  select unit_ancestor.ancestor_id, step.indicator, step.dimension,
         coalesce(sum(step.delta) filter (where unit_ancestor.depth = 0), 0)::bigint, sum(step.delta)::bigint
  from count_steps(campaign, null, null, known_at) as step
  join unit_ancestor on unit_ancestor.unit_id = step.unit_id
    and unit_ancestor.ancestor_id = any (units) and unit_ancestor.during @> as_of
  where step.on_day <= as_of
  group by unit_ancestor.ancestor_id, step.indicator, step.dimension
  having sum(step.delta) <> 0;
end $function$;
grant execute on function count_values_known(uuid,uuid[],date,timestamp with time zone) to app;

CREATE OR REPLACE FUNCTION public.declaration_steps(campaign uuid, units uuid[] DEFAULT NULL::uuid[], known_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF count_step
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with said as materialized (
    select declaration.unit_id, declaration.declared_on, declaration_part.category_key, declaration_part.studied
    from declaration
    join declaration_part on declaration_part.declaration_id = declaration.id
    where declaration.campaign_id = campaign
      and (units is null or declaration.unit_id = any (units))
      and declaration.recorded_at <= known_at
      and (declaration.superseded_at is null or declaration.superseded_at > known_at)
  ), run as materialized (
    select roster.unit_id, roster.category_key, roster.during
    from roster
    where roster.campaign_id = campaign and roster.must_study
      and roster.unit_id in (select said.unit_id from said)
      and roster.recorded_at <= known_at
      and (roster.superseded_at is null or roster.superseded_at > known_at)
  ), turn as (
    -- days on which what counts may change
    select said.unit_id, said.category_key, said.declared_on from said
    union
    select parts.unit_id, parts.category_key, said.declared_on
    from (select distinct said.unit_id, said.category_key from said) as parts
    join said on said.unit_id = parts.unit_id
    union
    select run.unit_id, run.category_key, bound.day
    from run
    cross join lateral (values (lower(run.during)), (upper(run.during))) as bound (day)
    where bound.day >= (select min(said.declared_on) from said where said.unit_id = run.unit_id)
  ), reached as (
    select turn.unit_id, turn.category_key, turn.declared_on,
           least(
             coalesce((
               select part.studied from said as part
               where part.unit_id = turn.unit_id and part.category_key = turn.category_key
                 and part.declared_on = (
                   select max(latest.declared_on) from said as latest
                   where latest.unit_id = turn.unit_id and latest.declared_on <= turn.declared_on)), 0),
             (select count(*) from run
              where run.unit_id = turn.unit_id and run.category_key = turn.category_key and run.during @> turn.declared_on)) as studied
    from turn
  ), rise as (
    select reached.unit_id, reached.declared_on, reached.category_key,
           reached.studied - lag(reached.studied, 1, 0::bigint) over (
             partition by reached.unit_id, reached.category_key order by reached.declared_on) as delta
    from reached
  ), part as (
    select 'studied' as indicator, dimension.value as dimension, rise.unit_id, rise.declared_on, rise.delta
    from rise
    cross join lateral (values (''), ('category:' || rise.category_key), ('kind:declared')) as dimension (value)
    union all
    select 'studied', 'resolution:' || resolution.code || part.value, rise.unit_id, rise.declared_on, rise.delta
    from rise
    cross join several_resolutions(campaign) as resolution
    cross join lateral (values (''), ('|category:' || rise.category_key), ('|kind:declared')) as part (value)
    union all
    select 'studied-declared', '', rise.unit_id, rise.declared_on, rise.delta
    from rise
  )
  select part.indicator, part.dimension, part.unit_id, part.declared_on, sum(part.delta)::bigint
  from part
  group by part.indicator, part.dimension, part.unit_id, part.declared_on
  having sum(part.delta) <> 0
$function$;

CREATE OR REPLACE FUNCTION public.demand_figures_of(units uuid[])
 RETURNS void
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if current_setting('role') = 'app' and exists (select unnest(units) except select viewer_figure_units_among(units)) then
    raise exception 'figures of this unit are not the viewer''s' using errcode = 'insufficient_privilege';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.finish_counts(campaign uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  pending count_pending;
begin
  delete from count_pending
  where count_pending.transaction = pg_current_xact_id() and count_pending.campaign_id = campaign
  returning count_pending.* into strict pending;
  insert into count_increment (campaign_id, indicator, dimension, unit_id, on_day, delta)
  select campaign, step.indicator, step.dimension, step.unit_id, step.on_day, sum(step.delta)
  from (
    select now.indicator, now.dimension, now.unit_id, now.on_day, now.delta
    from count_steps(campaign, pending.people, pending.units) as now
    union all
    select before.indicator, before.dimension, before.unit_id, before.on_day, -before.delta
    from unnest(pending.steps) as before
  ) as step
  group by step.indicator, step.dimension, step.unit_id, step.on_day
  having sum(step.delta) <> 0;
end $function$;
grant execute on function finish_counts(uuid) to app;

CREATE OR REPLACE FUNCTION public.fold(words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN replace(lower(regexp_replace(NORMALIZE(words, NFD), '[\u0300-\u036f]'::text, ''::text, 'g'::text)), 'đ'::text, 'd'::text);
grant execute on function fold(text) to app;

CREATE OR REPLACE FUNCTION public.fold_counts()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  folded bigint;
begin
  perform pg_advisory_xact_lock(hashtext('fold_counts'));
  with taken as (
    delete from count_increment returning campaign_id, indicator, dimension, unit_id, on_day, delta
  ), step as (
    select taken.campaign_id, taken.indicator, taken.dimension, taken.unit_id, taken.on_day, sum(taken.delta)::bigint as delta, count(*) as rows
    from taken
    group by taken.campaign_id, taken.indicator, taken.dimension, taken.unit_id, taken.on_day
  ), by_campaign as (
    select step.campaign_id,
           array_agg((step.indicator, step.dimension, step.unit_id, step.on_day, step.delta)::count_step) filter (where step.delta <> 0) as steps,
           sum(step.rows) as rows
    from step
    group by step.campaign_id
  ), written as (
    insert into count_kept (campaign_id, unit_id, indicator, dimension, on_day, own, whole)
    select by_campaign.campaign_id, spread.unit_id, spread.indicator, spread.dimension, spread.on_day, spread.own, spread.whole
    from by_campaign
    cross join lateral spread_counts(by_campaign.steps) as spread
    on conflict (campaign_id, unit_id, indicator, dimension, on_day)
    do update set own = count_kept.own + excluded.own, whole = count_kept.whole + excluded.whole
  )
  select coalesce(sum(by_campaign.rows), 0) into folded from by_campaign;
  return folded;
end $function$;

CREATE OR REPLACE FUNCTION public.freeze_roster(campaign uuid, as_of date, actor uuid, via text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
grant execute on function freeze_roster(uuid,date,uuid,text) to app;

CREATE OR REPLACE FUNCTION public.head_count_steps(campaign uuid, units uuid[] DEFAULT NULL::uuid[], known_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF count_step
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select 'non-member-attendances', dimension.value, head_count.unit_id, sitting.held_on, sum(head_count.people)::bigint
  from head_count
  join sitting on sitting.id = head_count.sitting_id
  join study_session on study_session.id = sitting.session_id
  cross join lateral (values (''), ('kind:' || head_count.kind)) as dimension (value)
  where head_count.campaign_id = campaign
    and (units is null or head_count.unit_id = any (units))
    and head_count.recorded_at <= known_at
    and (head_count.superseded_at is null or head_count.superseded_at > known_at)
    and (study_session.cancelled_at is null or study_session.cancelled_at > known_at)
  group by dimension.value, head_count.unit_id, sitting.held_on
  having sum(head_count.people) <> 0
$function$;

CREATE OR REPLACE FUNCTION public.keep_audit_entry()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if tg_op <> 'INSERT' then
    raise exception 'the record of what was done is only added to' using errcode = 'insufficient_privilege';
  end if;
  insert into audit_pending (entry_id) values (new.id);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.lay_ancestors(units uuid[] DEFAULT NULL::uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  touched uuid[];
begin
  if units is not null then
    select array_agg(distinct reached.id) into touched
    from (
      with recursive beneath as (
        select unnest(units) as id
        union
        select unit_parent.unit_id from beneath join unit_parent on unit_parent.parent_id = beneath.id
      )
      select beneath.id from beneath
    ) as reached;
    delete from unit_ancestor where unit_ancestor.unit_id = any (touched);
  else
    delete from unit_ancestor;
  end if;

  insert into unit_ancestor (unit_id, ancestor_id, depth, during, standing)
  with recursive climb as (
    select unit.id as unit_id, unit.id as ancestor_id, 0 as depth, unit.during
    from unit
    where touched is null or unit.id = any (touched)
    union all
    select climb.unit_id, unit_parent.parent_id, climb.depth + 1, climb.during * unit_parent.during
    from climb
    join unit_parent on unit_parent.unit_id = climb.ancestor_id and unit_parent.during && climb.during
    where climb.depth < 64
  )
  select climb.unit_id, climb.ancestor_id, climb.depth, climb.during,
         case when upper(climb.during) is not distinct from upper(unit.during) then daterange(lower(climb.during), null) else climb.during end
  from climb
  join unit on unit.id = climb.unit_id;

  if exists (select from unit_ancestor where depth > 0 and unit_id = ancestor_id) then
    raise exception 'a unit would stand above itself' using errcode = 'check_violation', constraint = 'tree_has_no_cycle';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.like_filings(filing uuid)
 RETURNS TABLE(indicator text, units bigint, median double precision, deviation double precision)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if current_setting('role') = 'app' and not exists (
    select from filing as own where own.id = like_filings.filing and own.unit_id in (select viewer_led_units())
  ) then
    raise exception 'this filing is not the viewer''s' using errcode = 'insufficient_privilege';
  end if;
  return query
  with latest as (
    select distinct on (submission.filing_id) submission.content
    from filing as own
    join unit on unit.id = own.unit_id
    join filing as other on other.round_id = own.round_id and other.id <> own.id and not other.is_consolidated
      and other.state in ('submitted', 'accepted')
    join unit as alike on alike.id = other.unit_id and alike.kind = unit.kind
    join submission on submission.filing_id = other.id
    where own.id = like_filings.filing
    order by submission.filing_id, submission.number desc
  ), ratio as (
    select figure.value ->> 'key' as indicator, (figure.value ->> 'numerator')::double precision / (latest.content ->> 'expected')::double precision as value
    from latest
    cross join lateral jsonb_array_elements(latest.content -> 'figures') as figure (value)
    where (latest.content ->> 'expected')::double precision > 0
  ), middle as (
    select ratio.indicator, count(*) as units, percentile_cont(0.5) within group (order by ratio.value) as median
    from ratio
    group by ratio.indicator
    having count(*) >= 5
  )
  select middle.indicator, middle.units, middle.median, percentile_cont(0.5) within group (order by abs(ratio.value - middle.median))
  from middle
  join ratio on ratio.indicator = middle.indicator
  group by middle.indicator, middle.units, middle.median;
end $function$;
grant execute on function like_filings(uuid) to app;

CREATE OR REPLACE FUNCTION public.lock_people(people uuid[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select person.id from person where person.id = any (people) order by person.id for no key update
$function$;
grant execute on function lock_people(uuid[]) to app;

CREATE OR REPLACE FUNCTION public.marked_people(session uuid)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select coalesce(array_agg(distinct mark.person_id), '{}')
  from mark
  join sitting on sitting.id = mark.sitting_id
  where sitting.session_id = session and mark.superseded_at is null
$function$;
grant execute on function marked_people(uuid) to app;

CREATE OR REPLACE FUNCTION public.office_holder_name(person uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select person.name
  from person
  where person.id = $1
    and (person.id = viewer_person() or exists (
      select from office
      where office.person_id = person.id
        and (office.unit_id in (select viewer_places()) or exists (
          select from unit_ancestor
          where unit_ancestor.unit_id = office.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_named_tops()))
            and unit_ancestor.standing @> (select viewer_today())))))
$function$;
grant execute on function office_holder_name(uuid) to app;

CREATE OR REPLACE FUNCTION public.preview_roster(campaign uuid, as_of date)
 RETURNS TABLE(people bigint, expected bigint, exempt bigint, writers bigint, units bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
grant execute on function preview_roster(uuid,date) to app;

CREATE OR REPLACE FUNCTION public.questions_about(campaign uuid, unit uuid, key text, narrowed text)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select count(*)
  from question
  where question.campaign_id = questions_about.campaign and question.unit_id = questions_about.unit and question.indicator = questions_about.key
    and questions_about.narrowed in ('', question.part)
$function$;
grant execute on function questions_about(uuid,uuid,text,text) to app;

CREATE OR REPLACE FUNCTION public.receipt_number()
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return (select audit_entry.id from audit_entry
          where audit_entry.id = currval(pg_get_serial_sequence('audit_entry', 'id')) and audit_entry.at = now());
exception when object_not_in_prerequisite_state then
  return null;
end $function$;
grant execute on function receipt_number() to app;

CREATE OR REPLACE FUNCTION public.recount(campaign uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if current_setting('role') = 'app' and not exists (
    select from campaign as own where own.id = recount.campaign and own.unit_id in (select viewer_led_units())
  ) then
    raise exception 'this campaign is not the viewer''s to count' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(hashtext('fold_counts'));
  lock table count_increment in share row exclusive mode; -- changes under way append after us, or are waited for
  delete from count_increment where campaign_id = campaign;
  delete from count_kept where campaign_id = campaign;
  insert into count_kept (campaign_id, unit_id, indicator, dimension, on_day, own, whole)
  select campaign, spread.unit_id, spread.indicator, spread.dimension, spread.on_day, spread.own, spread.whole
  from spread_counts((
    select array_agg((steps.indicator, steps.dimension, steps.unit_id, steps.on_day, steps.delta)::count_step)
    from (
      select step.indicator, step.dimension, step.unit_id, step.on_day, sum(step.delta)::bigint as delta
      from count_steps(campaign) as step
      group by step.indicator, step.dimension, step.unit_id, step.on_day
    ) as steps
  )) as spread;
end $function$;
grant execute on function recount(uuid) to app;

CREATE OR REPLACE FUNCTION public.refuse_change_of_seal()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'what is sealed is only added to' using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_truncate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the record of what was done is only added to' using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.roster_people(campaign uuid, unit uuid, as_of date)
 RETURNS TABLE(person_id uuid, name text, given_name text, middle_name text, family_name text, born_on date, category_key text, must_study boolean, exempt_reason text, studied_on date, kind text, national_on date)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with run as (
    select roster.person_id, roster.category_key, roster.must_study, roster.exempt_reason
    from roster
    where roster.campaign_id = campaign and roster.unit_id = unit and roster.superseded_at is null and roster.during @> as_of
      and unit in (select viewer_people_units())
  )
  select run.person_id, person.name, person.given_name, person.middle_name, person.family_name, person.born_on,
         run.category_key, run.must_study, run.exempt_reason,
         case when completion.studied_on <= as_of then completion.studied_on end,
         case when completion.studied_on <= as_of then completion.kind end,
         case when completion.national_on <= as_of then completion.national_on end
  from run
  join person on person.id = run.person_id
  left join campaign_completions(campaign, (select array_agg(run.person_id) from run), 'infinity') as completion
    on completion.person_id = run.person_id
$function$;
grant execute on function roster_people(uuid,uuid,date) to app;

CREATE OR REPLACE FUNCTION public.seal_audit(most integer DEFAULT 5000)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  previous bytea;
  last bigint;
  entry audit_entry;
  sealed integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtext('seal_audit')) then return 0; end if;
  select audit_seal.position, audit_seal.hash into last, previous from audit_seal order by audit_seal.position desc limit 1;
  previous := coalesce(previous, '\x'::bytea);
  last := coalesce(last, 0);
  for entry in
    with taken as (
      delete from audit_pending
      where entry_id in (select audit_pending.entry_id from audit_pending order by audit_pending.entry_id limit most)
      returning entry_id
    )
    select audit_entry.* from taken join audit_entry on audit_entry.id = taken.entry_id order by audit_entry.id
  loop
    previous := audit_hash(previous, entry);
    last := last + 1;
    insert into audit_seal (position, entry_id, hash) values (last, entry.id, previous);
    sealed := sealed + 1;
  end loop;
  return sealed;
end $function$;

CREATE OR REPLACE FUNCTION public.sessions_held(campaign uuid, unit uuid, as_of date)
 RETURNS TABLE(kind text, sessions bigint, venues bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform demand_figures_of(array[unit]);
  return query
  select study_session.kind,
         count(*) filter (where study_session.part_of is null),
         count(*) filter (where study_session.part_of is not null)
  from study_session
  where study_session.campaign_id = campaign
    and study_session.cancelled_at is null
    and study_session.unit_id in (
      select unit_ancestor.unit_id from unit_ancestor where unit_ancestor.ancestor_id = unit and unit_ancestor.during @> as_of)
    and study_session.id in (select sitting.session_id from sitting where sitting.campaign_id = campaign and sitting.held_on <= as_of)
  group by study_session.kind;
end $function$;
grant execute on function sessions_held(uuid,uuid,date) to app;

CREATE OR REPLACE FUNCTION public.several_resolutions(campaign uuid)
 RETURNS TABLE(id uuid, code text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select resolution.id, resolution.code
  from resolution
  where resolution.campaign_id = campaign
    and (select count(*) from resolution as each_one where each_one.campaign_id = campaign) > 1
$function$;

CREATE OR REPLACE FUNCTION public.sitting_tallies(sittings uuid[])
 RETURNS TABLE(sitting_id uuid, status text, people bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select mark.sitting_id, mark.status, count(*)
  from mark
  join sitting on sitting.id = mark.sitting_id
  where mark.sitting_id = any (sittings) and mark.superseded_at is null
    and sitting.unit_id in (select viewer_figure_units())
  group by mark.sitting_id, mark.status
$function$;
grant execute on function sitting_tallies(uuid[]) to app;

CREATE OR REPLACE FUNCTION public.spread_counts(steps count_step[])
 RETURNS TABLE(unit_id uuid, indicator text, dimension text, on_day date, own bigint, whole bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select spread.unit_id, spread.indicator, spread.dimension, spread.on_day, sum(spread.own)::bigint, sum(spread.whole)::bigint
  from (
    select unit_ancestor.ancestor_id as unit_id, step.indicator, step.dimension,
           greatest(step.on_day, lower(unit_ancestor.during)) as on_day,
           case when unit_ancestor.depth = 0 then step.delta else 0 end as own, step.delta as whole
    from unnest(steps) as step
    join unit_ancestor on unit_ancestor.unit_id = step.unit_id
      and (upper_inf(unit_ancestor.during) or upper(unit_ancestor.during) > step.on_day)
    union all
    select unit_ancestor.ancestor_id, step.indicator, step.dimension, upper(unit_ancestor.during),
           case when unit_ancestor.depth = 0 then -step.delta else 0 end, -step.delta
    from unnest(steps) as step
    join unit_ancestor on unit_ancestor.unit_id = step.unit_id
      and not upper_inf(unit_ancestor.during) and upper(unit_ancestor.during) > step.on_day
  ) as spread
  group by spread.unit_id, spread.indicator, spread.dimension, spread.on_day
$function$;

CREATE OR REPLACE FUNCTION public.study_completions(campaign uuid, people uuid[], known_at timestamp with time zone)
 RETURNS TABLE(person_id uuid, resolution_id uuid, studied_on date, kind text, national_on date)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with attended as (
    select mark.person_id, sitting_topic.topic_id, sitting.held_on, sitting.starts_at, sitting.id as sitting_id, study_session.kind,
           row_number() over (
             partition by mark.person_id, sitting_topic.topic_id
             order by sitting.held_on, sitting.starts_at nulls last, sitting.id) as nth,
           min(sitting.held_on) filter (where study_session.kind = 'national_conference') over (
             partition by mark.person_id, sitting_topic.topic_id) as national_on
    from mark
    join sitting on sitting.id = mark.sitting_id
    join study_session on study_session.id = sitting.session_id
    join sitting_topic on sitting_topic.sitting_id = sitting.id
    where mark.campaign_id = campaign
      and mark.status in ('present', 'late')
      and (people is null or mark.person_id = any (people))
      and mark.recorded_at <= known_at
      and (mark.superseded_at is null or mark.superseded_at > known_at)
      and (study_session.cancelled_at is null or study_session.cancelled_at > known_at)
  ), wanted as (
    select topic.resolution_id, count(*) as topics
    from topic
    where topic.campaign_id = campaign
    group by topic.resolution_id
  )
  select attended.person_id, topic.resolution_id,
         max(attended.held_on),
         (array_agg(attended.kind order by attended.held_on desc, attended.starts_at desc nulls last, attended.sitting_id))[1],
         case when count(attended.national_on) = min(wanted.topics) then max(attended.national_on) end
  from attended
  join topic on topic.id = attended.topic_id
  join wanted on wanted.resolution_id = topic.resolution_id
  where attended.nth = 1
  group by attended.person_id, topic.resolution_id
  having count(*) = min(wanted.topics)
$function$;

CREATE OR REPLACE FUNCTION public.study_steps(campaign uuid, people uuid[] DEFAULT NULL::uuid[], known_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF count_step
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with run as materialized (
    select roster.person_id, roster.unit_id, roster.must_study, roster.must_write, roster.exempt_reason,
           'category:' || roster.category_key as category,
           lower(roster.during) as from_day,
           case when upper_inf(roster.during) then null else upper(roster.during) end as until_day,
           exists (
             select from declaration
             where declaration.campaign_id = campaign and declaration.unit_id = roster.unit_id
               and declaration.recorded_at <= known_at
               and (declaration.superseded_at is null or declaration.superseded_at > known_at)
           ) as is_declared
    from roster
    where roster.campaign_id = campaign
      and (people is null or roster.person_id = any (people))
      and roster.recorded_at <= known_at
      and (roster.superseded_at is null or roster.superseded_at > known_at)
  ), studied as materialized (
    select completion.person_id, completion.studied_on, completion.national_on, 'kind:' || completion.kind as kind
    from campaign_completions(campaign, people, known_at) as completion
  ), held as (
    -- what each run holds, from which day on
    select 'expected' as indicator, dimension.value as dimension, run.unit_id, run.from_day, run.until_day
    from run
    cross join lateral (values (''), (run.category)) as dimension (value)
    where run.must_study
    union all
    select 'on-roster', '', run.unit_id, run.from_day, run.until_day
    from run
    union all
    select 'exempt', dimension.value, run.unit_id, run.from_day, run.until_day
    from run
    cross join lateral (values (''), ('reason:' || run.exempt_reason)) as dimension (value)
    where not run.must_study
    union all
    select 'must-write', '', run.unit_id, run.from_day, run.until_day
    from run
    where run.must_write
    union all
    select 'studied', dimension.value, run.unit_id, greatest(run.from_day, studied.studied_on), run.until_day
    from run
    join studied on studied.person_id = run.person_id
    cross join lateral (values (''), (run.category), (studied.kind)) as dimension (value)
    where run.must_study and not run.is_declared
    union all
    select 'studied', 'resolution:' || resolution.code || part.value, run.unit_id,
           greatest(run.from_day, completion.studied_on), run.until_day
    from run
    join study_completions(campaign, people, known_at) as completion on completion.person_id = run.person_id
    join several_resolutions(campaign) as resolution on resolution.id = completion.resolution_id
    cross join lateral (values (''), ('|' || run.category), ('|kind:' || completion.kind)) as part (value)
    where run.must_study and not run.is_declared
    union all
    select 'studied-at-national-conference', dimension.value, run.unit_id, greatest(run.from_day, studied.national_on), run.until_day
    from run
    join studied on studied.person_id = run.person_id
    cross join lateral (values (''), (run.category)) as dimension (value)
    where run.must_study and studied.national_on is not null
  ), step as (
    select held.indicator, held.dimension, held.unit_id, held.from_day as on_day, 1 as delta
    from held
    where held.until_day is null or held.from_day < held.until_day
    union all
    select held.indicator, held.dimension, held.unit_id, held.until_day, -1
    from held
    where held.from_day < held.until_day
    union all
    select 'attendances', '', mark.unit_id, sitting.held_on, 1
    from mark
    join sitting on sitting.id = mark.sitting_id
    join study_session on study_session.id = sitting.session_id
    where mark.campaign_id = campaign
      and mark.status in ('present', 'late')
      and (people is null or mark.person_id = any (people))
      and mark.recorded_at <= known_at
      and (mark.superseded_at is null or mark.superseded_at > known_at)
      and (study_session.cancelled_at is null or study_session.cancelled_at > known_at)
  )
  select step.indicator, step.dimension, step.unit_id, step.on_day, sum(step.delta)::bigint
  from step
  group by step.indicator, step.dimension, step.unit_id, step.on_day
  having sum(step.delta) <> 0
$function$;

CREATE OR REPLACE FUNCTION public.viewer_campaigns()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select campaign.id
  from campaign
  where campaign.unit_id in (select viewer_figure_units_among((select array_agg(running.unit_id) from campaign as running)))
    or campaign.unit_id in (
      select unit_ancestor.ancestor_id
      from viewer_tops() as top (unit_id)
      join unit_ancestor on unit_ancestor.unit_id = top.unit_id
      where unit_ancestor.standing @> (select viewer_today()))
$function$;
grant execute on function viewer_campaigns() to app;

CREATE OR REPLACE FUNCTION public.viewer_chain()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select distinct unit_ancestor.ancestor_id
  from (
    select membership.unit_id from membership
    where membership.person_id = viewer_person() and membership.during @> (select viewer_today())
    union
    select held.unit_id from viewer_offices() as held where held.role not in ('administrator', 'inspector')
  ) as own
  join unit_ancestor on unit_ancestor.unit_id = own.unit_id
  where unit_ancestor.standing @> (select viewer_today())
$function$;
grant execute on function viewer_chain() to app;

CREATE OR REPLACE FUNCTION public.viewer_draft_filings()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select filing.id from filing where filing.unit_id in (select viewer_office_units())
$function$;
grant execute on function viewer_draft_filings() to app;

CREATE OR REPLACE FUNCTION public.viewer_figure_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today())
  union all
  select viewer_chain()
$function$;
grant execute on function viewer_figure_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_figure_units_among(units uuid[])
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select asked.id
  from unnest(units) as asked (id)
  where asked.id in (select viewer_chain())
    -- `limit` keeps the planner from listing everything beneath the tops first
    or (
      select true from unit_ancestor
      where unit_ancestor.unit_id = asked.id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
        and unit_ancestor.standing @> (select viewer_today())
      limit 1)
$function$;
grant execute on function viewer_figure_units_among(uuid[]) to app;

CREATE OR REPLACE FUNCTION public.viewer_led_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today())
$function$;
grant execute on function viewer_led_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_named_tops()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select viewer_tops()
  union
  select held.unit_id from viewer_offices() as held where held.role = 'administrator'
$function$;
grant execute on function viewer_named_tops() to app;

CREATE OR REPLACE FUNCTION public.viewer_office_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select held.unit_id from viewer_offices() as held where held.role in ('city_officer', 'secretary', 'deputy', 'clerk')
$function$;
grant execute on function viewer_office_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_offices()
 RETURNS TABLE(unit_id uuid, role text)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;
grant execute on function viewer_offices() to app;

CREATE OR REPLACE FUNCTION public.viewer_people()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;
grant execute on function viewer_people() to app;

CREATE OR REPLACE FUNCTION public.viewer_people_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;
grant execute on function viewer_people_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_person()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('app.viewer'::text, true), ''::text))::uuid;
grant execute on function viewer_person() to app;

CREATE OR REPLACE FUNCTION public.viewer_places()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select viewer_chain()
  union
  select unit_ancestor.ancestor_id
  from viewer_named_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.unit_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today())
$function$;
grant execute on function viewer_places() to app;

CREATE OR REPLACE FUNCTION public.viewer_profile()
 RETURNS TABLE(name text, role text, unit_id uuid, unit_name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 2
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select person.name, office.role, office.unit_id, unit.name
  from person
  left join office on office.person_id = person.id and office.during @> viewer_today()
  left join unit on unit.id = office.unit_id
  left join unit_kind on unit_kind.key = unit.kind
  where person.id = viewer_person()
  order by unit_kind.position, office.id
$function$;
grant execute on function viewer_profile() to app;

CREATE OR REPLACE FUNCTION public.viewer_today()
 RETURNS date
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('app.today'::text, true), ''::text))::date;
grant execute on function viewer_today() to app;

CREATE OR REPLACE FUNCTION public.viewer_tops()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select held.unit_id from viewer_offices() as held where held.role in ('city_officer', 'secretary', 'deputy', 'clerk')
  union
  select inspection_assignment.unit_id from inspection_assignment
  where inspection_assignment.person_id = viewer_person() and inspection_assignment.during @> (select viewer_today())
$function$;
grant execute on function viewer_tops() to app;

CREATE OR REPLACE FUNCTION public.viewer_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_named_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today())
  union all
  select viewer_places()
$function$;
grant execute on function viewer_units() to app;
