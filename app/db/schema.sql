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
CREATE TRIGGER account_is_shut_with_all AFTER UPDATE OF is_disabled ON public.account FOR EACH ROW WHEN ((new.is_disabled AND (NOT old.is_disabled))) EXECUTE FUNCTION end_with_account();
alter table account enable row level security;

create table account_browser (
  hash bytea not null,
  account_id uuid not null,
  seen_at timestamp with time zone not null default now(),
  trusted_until timestamp with time zone,
  constraint account_browser_pkey PRIMARY KEY (hash, account_id),
  constraint account_browser_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE
);
CREATE INDEX account_browser_by_account ON public.account_browser USING btree (account_id);
alter table account_browser enable row level security;

create table account_code (
  id uuid not null,
  account_id uuid not null,
  hash bytea not null,
  given_by uuid not null,
  given_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  voided_at timestamp with time zone,
  constraint account_code_pkey PRIMARY KEY (id),
  constraint account_code_is_unique UNIQUE (hash),
  constraint account_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint account_code_given_by_fkey FOREIGN KEY (given_by) REFERENCES person(id),
  constraint account_code_ends_once CHECK (((used_at IS NULL) OR (voided_at IS NULL))),
  constraint account_code_lasts CHECK ((expires_at > given_at))
);
CREATE INDEX account_code_by_account ON public.account_code USING btree (account_id);
CREATE UNIQUE INDEX account_has_one_open_code ON public.account_code USING btree (account_id) WHERE ((used_at IS NULL) AND (voided_at IS NULL));
alter table account_code enable row level security;

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
CREATE UNIQUE INDEX account_has_one_identity_a_provider ON public.account_credential USING btree (account_id, provider) WHERE (provider ~~ 'oidc:%'::text);
CREATE TRIGGER password_is_changed_with_all AFTER UPDATE OF password ON public.account_credential FOR EACH ROW WHEN (((old.provider = 'credential'::text) AND (new.password IS DISTINCT FROM old.password))) EXECUTE FUNCTION end_with_password();
alter table account_credential enable row level security;

create table account_pending_sign_in (
  hash bytea not null,
  account_id uuid not null,
  expires_at timestamp with time zone not null,
  constraint account_pending_sign_in_pkey PRIMARY KEY (hash),
  constraint account_pending_sign_in_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE
);
CREATE INDEX account_pending_sign_in_by_account ON public.account_pending_sign_in USING btree (account_id);
alter table account_pending_sign_in enable row level security;

create table account_recovery_code (
  account_id uuid not null,
  hash bytea not null,
  used_at timestamp with time zone,
  constraint account_recovery_code_pkey PRIMARY KEY (account_id, hash),
  constraint account_recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE
);
alter table account_recovery_code enable row level security;

create table account_second_factor (
  account_id uuid not null,
  secret text not null,
  confirmed_at timestamp with time zone,
  last_step bigint not null default 0,
  constraint account_second_factor_pkey PRIMARY KEY (account_id),
  constraint account_second_factor_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE
);
alter table account_second_factor enable row level security;

create table account_session (
  id uuid not null,
  account_id uuid not null,
  token text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  used_at timestamp with time zone not null default now(),
  acting_id uuid,
  constraint account_session_pkey PRIMARY KEY (id),
  constraint account_session_token_is_unique UNIQUE (token),
  constraint account_session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint account_session_acting_id_fkey FOREIGN KEY (acting_id) REFERENCES acting(id) ON DELETE SET NULL
);
CREATE INDEX account_session_by_account ON public.account_session USING btree (account_id);
alter table account_session enable row level security;

create table account_token (
  id uuid not null,
  account_id uuid not null,
  name text not null,
  prefix text not null,
  hash bytea not null,
  scope text not null,
  ends_on date not null,
  made_at timestamp with time zone not null default now(),
  last_used_on date,
  revoked_at timestamp with time zone,
  revoked_by uuid,
  constraint account_token_pkey PRIMARY KEY (id),
  constraint account_token_is_unique UNIQUE (hash),
  constraint account_token_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint account_token_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES person(id),
  constraint account_token_ends_within_a_year CHECK ((ends_on <= (((made_at AT TIME ZONE 'UTC'::text))::date + 367))),
  constraint account_token_hash_is_sha256 CHECK ((octet_length(hash) = 32)),
  constraint account_token_name_is_of_a_size CHECK (((length(name) >= 1) AND (length(name) <= 60))),
  constraint account_token_scope_is_known CHECK ((scope = ANY (ARRAY['read'::text, 'write'::text])))
);
CREATE INDEX account_token_by_account ON public.account_token USING btree (account_id);
alter table account_token enable row level security;

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

create table acting (
  id uuid not null,
  helper_id uuid not null,
  helped_id uuid not null,
  unit_id uuid not null,
  during daterange not null,
  reason text not null,
  recorded_at timestamp with time zone not null default now(),
  recorded_by uuid not null,
  on_behalf_of uuid,
  source text not null,
  ended_at timestamp with time zone,
  ended_by uuid,
  constraint acting_pkey PRIMARY KEY (id),
  constraint acting_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES person(id),
  constraint acting_helped_id_fkey FOREIGN KEY (helped_id) REFERENCES person(id),
  constraint acting_helper_id_fkey FOREIGN KEY (helper_id) REFERENCES person(id),
  constraint acting_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint acting_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint acting_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint acting_end_has_its_instant CHECK (((ended_by IS NULL) OR (ended_at IS NOT NULL))),
  constraint acting_is_for_another CHECK ((helper_id <> helped_id)),
  constraint acting_lasts_a_year_at_most CHECK (((NOT isempty(during)) AND ((upper(during) - lower(during)) <= 366))),
  constraint acting_reason_is_of_a_size CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint acting_source_is_known CHECK ((source = ANY (ARRAY['page'::text, 'api'::text, 'import'::text, 'offline'::text, 'cli'::text]))),
  constraint acting_is_named_once EXCLUDE USING gist (helper_id WITH =, helped_id WITH =, during WITH &&) WHERE ((ended_at IS NULL))
);
CREATE INDEX acting_by_helped ON public.acting USING btree (helped_id);
CREATE INDEX acting_by_helper ON public.acting USING btree (helper_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.acting FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table acting enable row level security;
create policy acting_is_not_chained on acting as restrictive to app
  using ((( SELECT viewer_acting() AS viewer_acting) IS NULL) OR (helped_id = viewer_person()));
create policy acting_of_viewer on acting to app
  using ((helper_id = viewer_person()) OR (helped_id = viewer_person()) OR (helped_id IN ( SELECT viewer_people() AS viewer_people)));
grant insert, select on acting to app;
grant update (ended_at, ended_by) on acting to app;

create table amendment (
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  item text not null,
  row_id uuid,
  held text not null,
  wanted text not null,
  reason text not null,
  asked_at timestamp with time zone not null default clock_timestamp(),
  asked_by uuid not null,
  due_on date not null,
  outcome text,
  answer text,
  answered_at timestamp with time zone,
  answered_by uuid,
  version integer not null default 1,
  on_behalf_of uuid,
  constraint amendment_pkey PRIMARY KEY (id),
  constraint amendment_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES person(id),
  constraint amendment_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES person(id),
  constraint amendment_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint amendment_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint amendment_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint amendment_is_answered_whole CHECK (((outcome IS NULL) = (answered_at IS NULL))),
  constraint amendment_is_not_answered_by_who_asked CHECK (((answered_by <> person_id) OR (outcome = 'withdrawn'::text))),
  constraint amendment_is_of_a_size CHECK (((length(item) <= 60) AND (length(held) <= 2000) AND ((length(wanted) >= 1) AND (length(wanted) <= 2000)) AND ((length(reason) >= 1) AND (length(reason) <= 2000)) AND (length(answer) <= 2000))),
  constraint amendment_outcome_is_known CHECK ((outcome = ANY (ARRAY['corrected'::text, 'refused'::text, 'withdrawn'::text]))),
  constraint refused_amendment_says_why CHECK (((outcome <> 'refused'::text) OR (btrim(COALESCE(answer, ''::text)) <> ''::text)))
);
CREATE INDEX amendment_by_person ON public.amendment USING btree (person_id, asked_at);
CREATE INDEX amendment_by_unit ON public.amendment USING btree (unit_id, due_on) WHERE (outcome IS NULL);
CREATE UNIQUE INDEX fact_has_one_open_amendment ON public.amendment USING btree (person_id, item, COALESCE(row_id, '00000000-0000-0000-0000-000000000000'::uuid)) WHERE (outcome IS NULL);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.amendment FOR EACH ROW EXECUTE FUNCTION keep_both_names('asked_by');
alter table amendment enable row level security;
create policy amendment_is_answered_in_its_unit on amendment for update to app
  using ((person_id = viewer_person()) OR (unit_id IN ( SELECT viewer_amendment_units() AS viewer_amendment_units)));
create policy amendment_is_asked_for_oneself on amendment for insert to app
  with check (person_id = viewer_person());
create policy amendment_of_viewer on amendment for select to app
  using ((person_id = viewer_person()) OR (unit_id IN ( SELECT viewer_amendment_units() AS viewer_amendment_units)));
grant insert, select on amendment to app;
grant update (outcome, answer, answered_at, answered_by, version) on amendment to app;

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
CREATE TRIGGER audit_entry_is_signed BEFORE INSERT ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION sign_audit_entry();
alter table audit_entry enable row level security;
create policy audit_entry_is_not_borrowed on audit_entry as restrictive for select to app
  using ((( SELECT viewer_acting() AS viewer_acting) IS NULL) OR (on_behalf_of = viewer_person()));
create policy audit_entry_is_ones_own on audit_entry for insert to app
  with check (actor_id = COALESCE(( SELECT viewer_acting() AS viewer_acting), viewer_person()));
create policy audit_entry_of_helped on audit_entry for select to app
  using (on_behalf_of = viewer_person());
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

create table breakdown (
  id uuid not null,
  indicator text not null,
  unit_id uuid not null,
  name text not null,
  is_complete boolean not null,
  constraint breakdown_pkey PRIMARY KEY (id),
  constraint breakdown_is_named_once UNIQUE (indicator, unit_id, name),
  constraint breakdown_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint breakdown_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint breakdown_has_a_name CHECK (((btrim(name) <> ''::text) AND (length(name) <= 300)))
);
alter table breakdown enable row level security;
create policy breakdown_is_added_for_oneself on breakdown for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy breakdown_of_viewer on breakdown for select to app
  using (unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units));
grant insert, select on breakdown to app;

create table breakdown_part (
  indicator text not null,
  breakdown_id uuid not null,
  "position" smallint not null,
  name text not null,
  constraint breakdown_part_pkey PRIMARY KEY (indicator),
  constraint breakdown_part_has_its_place UNIQUE (breakdown_id, "position"),
  constraint breakdown_part_breakdown_id_fkey FOREIGN KEY (breakdown_id) REFERENCES breakdown(id),
  constraint breakdown_part_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint breakdown_part_has_a_name CHECK ((btrim(name) <> ''::text))
);
alter table breakdown_part enable row level security;
create policy breakdown_part_is_added_for_oneself on breakdown_part for insert to app
  with check ((breakdown_id IN ( SELECT breakdown.id
   FROM breakdown
  WHERE (breakdown.unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)))) AND (indicator IN ( SELECT indicator.key
   FROM indicator
  WHERE (indicator.unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)))));
create policy breakdown_part_of_viewer on breakdown_part for select to app
  using (breakdown_id IN ( SELECT breakdown.id
   FROM breakdown));
grant insert, select on breakdown_part to app;

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
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.declaration FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
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
  on_behalf_of uuid,
  constraint evidence_pkey PRIMARY KEY (id),
  constraint evidence_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint evidence_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint evidence_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint evidence_is_of_a_size CHECK ((((size_bytes >= 1) AND (size_bytes <= 10485760)) AND (size_bytes = octet_length(content)))),
  constraint evidence_type_is_allowed CHECK ((content_type = ANY (ARRAY['application/pdf'::text, 'image/jpeg'::text, 'image/png'::text])))
);
CREATE INDEX evidence_by_filing ON public.evidence USING btree (filing_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.evidence FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
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
  using (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = filing.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))));
grant insert, select, update on filing to app;

create table filing_event (
  id uuid not null default gen_random_uuid(),
  filing_id uuid not null,
  unit_id uuid not null,
  kind text not null,
  comment text,
  at timestamp with time zone not null default clock_timestamp(),
  actor_id uuid,
  on_behalf_of uuid,
  constraint filing_event_pkey PRIMARY KEY (id),
  constraint filing_event_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES person(id),
  constraint filing_event_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint filing_event_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint filing_event_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint filing_event_kind_is_known CHECK ((kind = ANY (ARRAY['submitted'::text, 'returned'::text, 'accepted'::text, 'extended'::text, 'consolidated'::text, 'sealed'::text, 'reminded'::text]))),
  constraint return_and_extension_say_why CHECK (((kind <> ALL (ARRAY['returned'::text, 'extended'::text])) OR (btrim(COALESCE(comment, ''::text)) <> ''::text)))
);
CREATE INDEX filing_event_by_filing ON public.filing_event USING btree (filing_id, at);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.filing_event FOR EACH ROW EXECUTE FUNCTION keep_both_names('actor_id');
alter table filing_event enable row level security;
create policy filing_event_of_viewer on filing_event to app
  using (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = filing_event.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))));
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
  on_behalf_of uuid,
  constraint filing_text_pkey PRIMARY KEY (id),
  constraint filing_text_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint filing_text_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint filing_text_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint filing_text_section_id_fkey FOREIGN KEY (section_id) REFERENCES report_form_section(id),
  constraint filing_text_is_of_a_size CHECK ((length(text) <= 50000))
);
CREATE UNIQUE INDEX filing_has_one_current_text ON public.filing_text USING btree (filing_id, section_id) WHERE (superseded_at IS NULL);
CREATE INDEX filing_text_by_filing ON public.filing_text USING btree (filing_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.filing_text FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
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
  on_behalf_of uuid,
  constraint filing_value_pkey PRIMARY KEY (id),
  constraint filing_value_evidence FOREIGN KEY (evidence_id) REFERENCES evidence(id),
  constraint filing_value_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint filing_value_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint filing_value_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint filing_value_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint filing_value_is_a_count CHECK (((value >= 0) AND (value <= 1000000000)))
);
CREATE UNIQUE INDEX filing_has_one_current_value ON public.filing_value USING btree (filing_id, indicator) WHERE (superseded_at IS NULL);
CREATE INDEX filing_value_by_filing ON public.filing_value USING btree (filing_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.filing_value FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table filing_value enable row level security;
create policy filing_value_of_viewer on filing_value to app
  using (filing_id IN ( SELECT viewer_draft_filings() AS viewer_draft_filings));
grant insert, select, update on filing_value to app;

create table guide_hidden (
  person_id uuid not null,
  hidden_at timestamp with time zone not null default now(),
  constraint guide_hidden_pkey PRIMARY KEY (person_id),
  constraint guide_hidden_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
);
alter table guide_hidden enable row level security;
create policy guide_hidden_is_ones_own on guide_hidden to app
  using (person_id = viewer_person())
  with check (person_id = viewer_person());
grant delete, insert, select on guide_hidden to app;

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
  on_behalf_of uuid,
  constraint head_count_pkey PRIMARY KEY (id),
  constraint head_count_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint head_count_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint head_count_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint head_count_sitting_id_fkey FOREIGN KEY (sitting_id) REFERENCES sitting(id),
  constraint head_count_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint head_count_is_a_count CHECK (((people >= 0) AND (people <= 100000))),
  constraint head_count_kind_is_known CHECK ((kind = ANY (ARRAY['civil_servant'::text, 'union_member'::text, 'association_member'::text, 'other'::text])))
);
CREATE INDEX head_count_by_unit ON public.head_count USING btree (campaign_id, unit_id);
CREATE UNIQUE INDEX sitting_has_one_current_head_count_a_kind ON public.head_count USING btree (sitting_id, kind) WHERE (superseded_at IS NULL);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.head_count FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table head_count enable row level security;
create policy head_count_of_viewer on head_count to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = head_count.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_chain() AS viewer_chain)));
grant insert, select, update on head_count to app;

create table import (
  id uuid not null,
  person_id uuid not null,
  kind text not null,
  unit_id uuid,
  effective_on date not null,
  source fact_source not null,
  file_name text not null,
  content bytea,
  state text not null default 'waiting'::text,
  task text not null default 'read'::text,
  attempt integer not null default 0,
  beat_at timestamp with time zone,
  done integer not null default 0,
  total integer not null default 0,
  found jsonb,
  counts jsonb,
  refusal jsonb,
  receipt bigint,
  created_at timestamp with time zone not null default clock_timestamp(),
  ended_at timestamp with time zone,
  constraint import_pkey PRIMARY KEY (id),
  constraint import_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint import_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint import_kind_is_known CHECK ((kind = ANY (ARRAY['members'::text, 'units'::text, 'offices'::text]))),
  constraint import_state_is_known CHECK ((state = ANY (ARRAY['waiting'::text, 'working'::text, 'checked'::text, 'refused'::text, 'imported'::text, 'cancelled'::text]))),
  constraint import_task_is_known CHECK ((task = ANY (ARRAY['read'::text, 'import'::text])))
);
CREATE INDEX import_by_person ON public.import USING btree (person_id, created_at);
CREATE INDEX import_under_way ON public.import USING btree (created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'working'::text]));
alter table import enable row level security;
create policy import_is_not_borrowed on import as restrictive to app
  using (( SELECT viewer_acting() AS viewer_acting) IS NULL);
create policy import_is_ones_own on import to app
  using (person_id = viewer_person())
  with check (person_id = viewer_person());
grant insert, select, update on import to app;

create table import_row (
  import_id uuid not null,
  "position" integer not null,
  sheet text not null,
  number integer not null,
  raw jsonb not null,
  fields jsonb not null,
  verdict text not null,
  problems jsonb not null default '[]'::jsonb,
  notes jsonb not null default '[]'::jsonb,
  plan jsonb,
  constraint import_row_pkey PRIMARY KEY (import_id, "position"),
  constraint import_row_import_id_fkey FOREIGN KEY (import_id) REFERENCES import(id) ON DELETE CASCADE,
  constraint import_row_verdict_is_known CHECK ((verdict = ANY (ARRAY['bad'::text, 'new'::text, 'changed'::text, 'unchanged'::text])))
);
CREATE INDEX import_row_by_verdict ON public.import_row USING btree (import_id, verdict, "position");
alter table import_row enable row level security;
create policy import_row_is_ones_own on import_row to app
  using (import_id IN ( SELECT import.id
   FROM import
  WHERE (import.person_id = viewer_person())))
  with check (import_id IN ( SELECT import.id
   FROM import
  WHERE (import.person_id = viewer_person())));
grant delete, insert, select on import_row to app;

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
  dimensions text[] not null default '{}'::text[],
  constraint indicator_pkey PRIMARY KEY (key),
  constraint indicator_position_key UNIQUE ("position"),
  constraint indicator_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint indicator_dimensions_are_known CHECK ((dimensions <@ ARRAY['resolution'::text, 'category'::text, 'kind'::text, 'reason'::text])),
  constraint indicator_is_counted_or_declared CHECK ((is_declared = (counted_by IS NULL))),
  constraint indicator_key_is_plain CHECK ((key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text)),
  constraint indicator_kind_is_known CHECK ((kind = ANY (ARRAY['count'::text, 'rate'::text]))),
  constraint own_indicator_is_declared_and_named CHECK (((unit_id IS NULL) OR (is_declared AND (btrim(name) <> ''::text)))),
  constraint own_indicator_is_taken_apart_by_breakdowns CHECK (((unit_id IS NULL) OR (dimensions = '{}'::text[]))),
  constraint own_indicator_name_is_of_a_size CHECK ((length(name) <= 300)),
  constraint rate_has_a_base CHECK (((kind = 'rate'::text) = (base IS NOT NULL)))
);
alter table indicator enable row level security;
create policy indicator_is_added_for_oneself on indicator for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy indicator_of_viewer on indicator for select to app
  using ((unit_id IS NULL) OR (unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units)) OR (key IN ( SELECT report_form_indicator.indicator
   FROM report_form_indicator)));
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
create policy inspection_assignment_is_not_borrowed on inspection_assignment as restrictive to app
  using (( SELECT viewer_acting() AS viewer_acting) IS NULL);
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
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.mark FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table mark enable row level security;
create policy mark_of_viewer on mark to app
  using ((unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)) OR (person_id = viewer_person()));
grant insert, select, update on mark to app;

create table member_change (
  id uuid not null,
  person_id uuid not null,
  kind text not null,
  unit_id uuid not null,
  to_unit_id uuid,
  from_day date not null,
  reason text,
  before jsonb not null,
  after jsonb not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  on_behalf_of uuid,
  source fact_source not null,
  undone_at timestamp with time zone,
  undone_by uuid,
  constraint member_change_pkey PRIMARY KEY (id),
  constraint member_change_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint member_change_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint member_change_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint member_change_to_unit_id_fkey FOREIGN KEY (to_unit_id) REFERENCES unit(id),
  constraint member_change_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES person(id),
  constraint member_change_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint member_change_kind_is_known CHECK ((kind = ANY (ARRAY['joined'::text, 'transferred'::text, 'exempted'::text, 'resumed'::text, 'status'::text, 'ended'::text, 'succeeded'::text])))
);
CREATE INDEX member_change_by_person ON public.member_change USING btree (person_id, recorded_at);
CREATE INDEX member_change_by_receiver ON public.member_change USING btree (to_unit_id) WHERE (to_unit_id IS NOT NULL);
CREATE INDEX member_change_by_unit ON public.member_change USING btree (unit_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.member_change FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table member_change enable row level security;
create policy member_change_of_viewer on member_change for select to app
  using ((unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)) OR (to_unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)) OR (person_id = viewer_person()));
grant select (id, person_id, kind, unit_id, to_unit_id, from_day, reason, recorded_at, recorded_by, on_behalf_of, source, undone_at) on member_change to app;

create table membership (
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  during daterange not null,
  status text not null default 'in_post'::text,
  exempt_reason text,
  category_key text,
  version integer not null default 1,
  is_last boolean not null default true,
  constraint membership_pkey PRIMARY KEY (id),
  constraint membership_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint membership_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint membership_exemption_has_reason CHECK (((status = 'exempt'::text) = (exempt_reason IS NOT NULL))),
  constraint membership_lasts_some_day CHECK ((NOT isempty(during))),
  constraint membership_status_is_known CHECK ((status = ANY (ARRAY['in_post'::text, 'exempt'::text, 'probationary'::text]))),
  constraint person_belongs_to_one_unit_a_day EXCLUDE USING gist (person_id WITH =, during WITH &&)
);
CREATE INDEX membership_by_person ON public.membership USING btree (person_id);
CREATE INDEX membership_by_unit ON public.membership USING btree (unit_id);
CREATE TRIGGER last_memberships_are_kept_when_added AFTER INSERT ON public.membership REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_last_memberships();
CREATE TRIGGER last_memberships_are_kept_when_changed AFTER UPDATE ON public.membership REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_last_memberships();
CREATE TRIGGER last_memberships_are_kept_when_removed AFTER DELETE ON public.membership REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_last_memberships();
alter table membership enable row level security;
create policy membership_is_added_by_keeper on membership for insert to app
  with check (((unit_id IN ( SELECT viewer_kept_units() AS viewer_kept_units)) AND is_unplaced(person_id)) OR (person_id IN ( SELECT viewer_kept_people() AS viewer_kept_people)) OR is_administered(person_id));
create policy membership_is_changed_by_keeper on membership for update to app
  using (unit_id IN ( SELECT viewer_kept_units() AS viewer_kept_units))
  with check ((unit_id IN ( SELECT viewer_kept_units() AS viewer_kept_units)) OR (person_id IN ( SELECT viewer_kept_people() AS viewer_kept_people)) OR is_administered(person_id));
create policy membership_of_viewer on membership for select to app
  using ((unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)) OR (person_id = viewer_person()) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = membership.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))));
grant insert, update on membership to app;
grant select (id, person_id, unit_id, during, status, category_key, version, is_last) on membership to app;

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
  version integer not null default 1,
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
create policy office_is_ended_from_above on office for update to app
  using (((role = ANY (ARRAY['secretary'::text, 'deputy'::text, 'clerk'::text])) AND (unit_id IN ( SELECT viewer_appointed_units() AS viewer_appointed_units))) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = office.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops))) AND ((unit_ancestor.depth > 0) OR (NOT (EXISTS ( SELECT
           FROM unit_parent
          WHERE (unit_parent.unit_id = office.unit_id))))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))));
create policy office_is_given_from_above on office for insert to app
  with check ((person_id <> viewer_person()) AND (((role = ANY (ARRAY['secretary'::text, 'deputy'::text, 'clerk'::text])) AND (unit_id IN ( SELECT viewer_appointed_units() AS viewer_appointed_units))) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = office.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops))) AND ((unit_ancestor.depth > 0) OR (NOT (EXISTS ( SELECT
           FROM unit_parent
          WHERE (unit_parent.unit_id = office.unit_id))))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))));
create policy office_is_not_borrowed on office as restrictive to app
  using ((( SELECT viewer_acting() AS viewer_acting) IS NULL) OR (person_id <> viewer_person()));
create policy office_of_viewer on office for select to app
  using ((person_id = viewer_person()) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = office.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_named_tops() AS viewer_named_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_places() AS viewer_places)));
grant insert, select, update on office to app;

create table oidc_attempt (
  state_hash bytea not null,
  nonce text not null,
  code_verifier text not null,
  back_to text not null,
  account_id uuid,
  expires_at timestamp with time zone not null,
  constraint oidc_attempt_pkey PRIMARY KEY (state_hash),
  constraint oidc_attempt_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE
);
alter table oidc_attempt enable row level security;

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
  version integer not null default 1,
  search text not null generated always as (fold((name || COALESCE((((' '::text || card_number) || ' '::text) || card_key(card_number)), ''::text)))) stored,
  merged_into uuid,
  constraint person_pkey PRIMARY KEY (id),
  constraint person_card_number_is_unique UNIQUE (card_number),
  constraint person_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES person(id),
  constraint person_gender_is_known CHECK ((gender = ANY (ARRAY['female'::text, 'male'::text]))),
  constraint person_name_is_clean CHECK (((name <> ''::text) AND (name = NORMALIZE(regexp_replace(btrim(name), '\s+'::text, ' '::text, 'g'::text), NFC))))
);
CREATE INDEX person_by_birth ON public.person USING btree (born_on, fold(name));
CREATE INDEX person_by_card ON public.person USING btree (card_key(card_number));
CREATE INDEX person_by_phone ON public.person USING btree (phone_key(phone));
CREATE INDEX person_search ON public.person USING gin (((' '::text || search)) gin_trgm_ops);
alter table person enable row level security;
create policy person_is_added_by_keeper on person for insert to app
  with check (EXISTS ( SELECT viewer_kept_units() AS viewer_kept_units));
create policy person_is_changed_by_keeper on person for update to app
  using ((id IN ( SELECT viewer_kept_people() AS viewer_kept_people)) OR (EXISTS ( SELECT
   FROM (membership
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = membership.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((membership.person_id = person.id) AND (membership.is_last OR (membership.during @> ( SELECT viewer_today() AS viewer_today))) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))) OR (EXISTS ( SELECT
   FROM (office
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = office.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((office.person_id = person.id) AND (office.during @> ( SELECT viewer_today() AS viewer_today)) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))))
  with check ((id IN ( SELECT viewer_kept_people() AS viewer_kept_people)) OR (EXISTS ( SELECT
   FROM (membership
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = membership.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((membership.person_id = person.id) AND (membership.is_last OR (membership.during @> ( SELECT viewer_today() AS viewer_today))) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))) OR (EXISTS ( SELECT
   FROM (office
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = office.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((office.person_id = person.id) AND (office.during @> ( SELECT viewer_today() AS viewer_today)) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))));
create policy person_of_viewer on person for select to app
  using ((id IN ( SELECT viewer_people() AS viewer_people)) OR (EXISTS ( SELECT
   FROM (membership
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = membership.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((membership.person_id = person.id) AND (membership.is_last OR (membership.during @> ( SELECT viewer_today() AS viewer_today))) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))) OR (EXISTS ( SELECT
   FROM (office
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = office.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((office.person_id = person.id) AND (office.during @> ( SELECT viewer_today() AS viewer_today)) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))));
grant insert, select, update on person to app;

create table person_distinct (
  one_id uuid not null,
  other_id uuid not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  on_behalf_of uuid,
  source fact_source not null,
  constraint person_distinct_pkey PRIMARY KEY (one_id, other_id),
  constraint person_distinct_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint person_distinct_one_id_fkey FOREIGN KEY (one_id) REFERENCES person(id) ON DELETE CASCADE,
  constraint person_distinct_other_id_fkey FOREIGN KEY (other_id) REFERENCES person(id) ON DELETE CASCADE,
  constraint person_distinct_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint distinct_pair_is_in_order CHECK ((one_id < other_id))
);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.person_distinct FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table person_distinct enable row level security;
create policy person_distinct_is_added_by_keeper on person_distinct for insert to app
  with check ((EXISTS ( SELECT
   FROM person
  WHERE (person.id = person_distinct.one_id))) AND (EXISTS ( SELECT
   FROM person
  WHERE (person.id = person_distinct.other_id))));
create policy person_distinct_of_viewer on person_distinct for select to app
  using (EXISTS ( SELECT
   FROM person
  WHERE (person.id = person_distinct.one_id)));
grant insert, select on person_distinct to app;

create table person_merge (
  id uuid not null,
  kept_id uuid not null,
  gone_id uuid not null,
  gone_name text not null,
  unit_id uuid not null,
  reason text,
  moved jsonb not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  on_behalf_of uuid,
  source fact_source not null,
  undone_at timestamp with time zone,
  undone_by uuid,
  constraint person_merge_pkey PRIMARY KEY (id),
  constraint person_merge_gone_id_fkey FOREIGN KEY (gone_id) REFERENCES person(id),
  constraint person_merge_kept_id_fkey FOREIGN KEY (kept_id) REFERENCES person(id),
  constraint person_merge_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint person_merge_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint person_merge_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES person(id),
  constraint person_merge_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint merge_is_of_two CHECK ((kept_id <> gone_id))
);
CREATE INDEX person_merge_by_gone ON public.person_merge USING btree (gone_id);
CREATE INDEX person_merge_by_kept ON public.person_merge USING btree (kept_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.person_merge FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table person_merge enable row level security;
create policy person_merge_of_viewer on person_merge for select to app
  using ((unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = person_merge.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))));
grant select (id, kept_id, gone_id, gone_name, unit_id, reason, recorded_at, recorded_by, on_behalf_of, source, undone_at) on person_merge to app;

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
  on_behalf_of uuid,
  constraint question_pkey PRIMARY KEY (id),
  constraint question_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES person(id),
  constraint question_asked_by_unit_id_fkey FOREIGN KEY (asked_by_unit_id) REFERENCES unit(id),
  constraint question_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint question_escalated_to_unit_id_fkey FOREIGN KEY (escalated_to_unit_id) REFERENCES unit(id),
  constraint question_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint question_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint question_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint question_is_due_after_it_is_asked CHECK ((due_on >= as_of))
);
CREATE INDEX question_about_figure ON public.question USING btree (campaign_id, unit_id, indicator);
CREATE INDEX question_by_asker ON public.question USING btree (asked_by_unit_id) WHERE (closed_at IS NULL);
CREATE INDEX question_by_unit ON public.question USING btree (unit_id) WHERE (closed_at IS NULL);
CREATE INDEX question_left_waiting ON public.question USING btree (due_on) WHERE ((closed_at IS NULL) AND (answered_at IS NULL) AND (escalated_to_unit_id IS NULL));
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.question FOR EACH ROW EXECUTE FUNCTION keep_both_names('asked_by');
alter table question enable row level security;
create policy question_of_viewer on question to app
  using (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = question.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))));
grant insert, select, update on question to app;

create table question_message (
  id uuid not null default gen_random_uuid(),
  question_id uuid not null,
  kind text not null,
  text text not null,
  at timestamp with time zone not null default clock_timestamp(),
  author_id uuid,
  on_behalf_of uuid,
  constraint question_message_pkey PRIMARY KEY (id),
  constraint question_message_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id),
  constraint question_message_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint question_message_question_id_fkey FOREIGN KEY (question_id) REFERENCES question(id),
  constraint question_message_is_of_a_size CHECK (((length(text) <= 5000) AND ((kind = 'closing'::text) OR (btrim(text) <> ''::text)))),
  constraint question_message_kind_is_known CHECK ((kind = ANY (ARRAY['question'::text, 'answer'::text, 'correction'::text, 'escalation'::text, 'closing'::text])))
);
CREATE INDEX question_message_by_question ON public.question_message USING btree (question_id, at);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.question_message FOR EACH ROW EXECUTE FUNCTION keep_both_names('author_id');
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
create policy report_form_is_made_by_its_officers on report_form for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy report_form_is_retired_by_its_officers on report_form for update to app
  using (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy report_form_of_viewer on report_form for select to app
  using ((unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units)) OR (id IN ( SELECT report_round.form_id
   FROM report_round)));
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
  on_behalf_of uuid,
  constraint report_round_pkey PRIMARY KEY (id),
  constraint report_round_is_opened_once UNIQUE (unit_id, form_id, as_of, name),
  constraint report_round_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint report_round_form_id_fkey FOREIGN KEY (form_id) REFERENCES report_form(id),
  constraint report_round_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint report_round_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES person(id),
  constraint report_round_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint report_round_has_a_name CHECK ((btrim(name) <> ''::text))
);
CREATE INDEX report_round_by_unit ON public.report_round USING btree (unit_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.report_round FOR EACH ROW EXECUTE FUNCTION keep_both_names('opened_by');
alter table report_round enable row level security;
create policy report_round_is_changed_by_its_officers on report_round for update to app
  using (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy report_round_is_opened_by_its_officers on report_round for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy report_round_of_viewer on report_round for select to app
  using ((unit_id IN ( SELECT viewer_figure_units() AS viewer_figure_units)) OR (id IN ( SELECT viewer_filed_rounds() AS viewer_filed_rounds)));
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
  on_behalf_of uuid,
  constraint report_seal_pkey PRIMARY KEY (id),
  constraint report_seal_code_is_unique UNIQUE (code),
  constraint report_seal_filing_id_key UNIQUE (filing_id),
  constraint report_seal_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint report_seal_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint report_seal_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint report_seal_sealed_by_fkey FOREIGN KEY (sealed_by) REFERENCES person(id),
  constraint report_seal_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint report_seal_hash_is_sha256 CHECK ((octet_length(hash) = 32))
);
CREATE UNIQUE INDEX report_of_a_day_is_sealed_once ON public.report_seal USING btree (campaign_id, unit_id, as_of) WHERE (filing_id IS NULL);
CREATE INDEX report_seal_by_unit ON public.report_seal USING btree (unit_id, sealed_at);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.report_seal FOR EACH ROW EXECUTE FUNCTION keep_both_names('sealed_by');
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
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.roster FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
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
  on_behalf_of uuid,
  constraint seal_correction_pkey PRIMARY KEY (id),
  constraint seal_correction_indicator_fkey FOREIGN KEY (indicator) REFERENCES indicator(key),
  constraint seal_correction_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint seal_correction_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint seal_correction_seal_id_fkey FOREIGN KEY (seal_id) REFERENCES report_seal(id),
  constraint seal_correction_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint seal_correction_is_a_count CHECK (((numerator >= 0) AND ((denominator IS NULL) OR (denominator >= 0)))),
  constraint seal_correction_is_of_a_size CHECK ((length(reason) <= 1000)),
  constraint seal_correction_says_why CHECK ((btrim(reason) <> ''::text))
);
CREATE INDEX seal_correction_by_seal ON public.seal_correction USING btree (seal_id, recorded_at);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.seal_correction FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
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

create table sign_in_attempt (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default clock_timestamp(),
  key bytea not null,
  address text,
  has_failed boolean not null default false,
  constraint sign_in_attempt_pkey PRIMARY KEY (id)
);
CREATE INDEX sign_in_attempt_by_address ON public.sign_in_attempt USING btree (address, at);
CREATE INDEX sign_in_attempt_by_key ON public.sign_in_attempt USING btree (key, at);
CREATE INDEX sign_in_attempt_by_time ON public.sign_in_attempt USING btree (at);
alter table sign_in_attempt enable row level security;

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
  on_behalf_of uuid,
  constraint study_session_pkey PRIMARY KEY (id),
  constraint study_session_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint study_session_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint study_session_part_of_fkey FOREIGN KEY (part_of) REFERENCES study_session(id),
  constraint study_session_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint study_session_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint study_session_has_a_name CHECK ((btrim(name) <> ''::text)),
  constraint study_session_kind_is_known CHECK ((kind = ANY (ARRAY['national_conference'::text, 'conference'::text, 'class'::text, 'make_up_class'::text])))
);
CREATE INDEX study_session_by_unit ON public.study_session USING btree (campaign_id, unit_id);
CREATE INDEX study_session_by_whole ON public.study_session USING btree (part_of) WHERE (part_of IS NOT NULL);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.study_session FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
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
  on_behalf_of uuid,
  constraint submission_pkey PRIMARY KEY (id),
  constraint submission_is_numbered_in_its_filing UNIQUE (filing_id, number),
  constraint submission_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint submission_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint submission_submitted_by_fkey FOREIGN KEY (submitted_by) REFERENCES person(id),
  constraint submission_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.submission FOR EACH ROW EXECUTE FUNCTION keep_both_names('submitted_by');
alter table submission enable row level security;
create policy submission_of_viewer on submission to app
  using (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = submission.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))));
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
create policy succession_is_added_by_keeper on succession for insert to app
  with check ((from_unit_id IN ( SELECT viewer_tended_units() AS viewer_tended_units)) AND ((to_unit_id IN ( SELECT viewer_tended_units() AS viewer_tended_units)) OR (to_unit_id IN ( SELECT viewer_parenting_units() AS viewer_parenting_units))));
create policy succession_of_viewer on succession for select to app
  using (from_unit_id IN ( SELECT unit.id
   FROM unit));
grant insert, select on succession to app;

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

create table tree_pending (
  transaction xid8 not null,
  units uuid[] not null,
  campaign_id uuid,
  steps count_step[]
);
CREATE INDEX tree_pending_by_transaction ON public.tree_pending USING btree (transaction);
alter table tree_pending enable row level security;

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
create policy unit_is_added_by_keeper on unit for insert to app
  with check (EXISTS ( SELECT viewer_parenting_units() AS viewer_parenting_units));
create policy unit_is_changed_by_keeper on unit for update to app
  using (id IN ( SELECT viewer_tended_units() AS viewer_tended_units))
  with check (id IN ( SELECT viewer_tended_units() AS viewer_tended_units));
create policy unit_of_viewer on unit for select to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = unit.id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_named_tops() AS viewer_named_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (id IN ( SELECT viewer_places() AS viewer_places)));
grant insert, select, update on unit to app;

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
create policy unit_parent_is_added_by_keeper on unit_parent for insert to app
  with check ((parent_id IN ( SELECT viewer_parenting_units() AS viewer_parenting_units)) AND ((unit_id IN ( SELECT viewer_tended_units() AS viewer_tended_units)) OR (NOT (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE (unit_ancestor.unit_id = unit_parent.unit_id))))));
create policy unit_parent_is_changed_by_keeper on unit_parent for update to app
  using (parent_id IN ( SELECT viewer_parenting_units() AS viewer_parenting_units))
  with check (parent_id IN ( SELECT viewer_parenting_units() AS viewer_parenting_units));
create policy unit_parent_of_viewer on unit_parent for select to app
  using (unit_id IN ( SELECT unit.id
   FROM unit));
grant insert, select, update on unit_parent to app;

CREATE OR REPLACE FUNCTION public.account_holder(called text, named text)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select account.person_id
  from account
  join person on person.id = account.person_id
  where account.username = called and fold(person.name) = fold(named) and not account.is_disabled
$function$;
grant execute on function account_holder(text,text) to app;

CREATE OR REPLACE FUNCTION public.account_name_parts(people uuid[])
 RETURNS TABLE(person_id uuid, place bigint, name text, born_year integer, phone text, unit_id uuid, account_id uuid, username text, is_disabled boolean, is_active boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select person.id,
         row_number() over (order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.id),
         person.name, case when person.id in (select viewer_people()) then extract(year from person.born_on)::integer end, person.phone,
         (select belonging.unit_id from person_units(person.id) as belonging (unit_id) order by keeps_accounts_of(belonging.unit_id) desc, belonging.unit_id limit 1),
         account.id, account.display_username, coalesce(account.is_disabled, false),
         exists (
           select from account_credential
           where account_credential.account_id = account.id
             and (account_credential.password is not null or account_credential.provider <> 'credential'))
  from person
  left join account on account.person_id = person.id
  where person.id = any (people) and reason_against_code(person.id) is null
$function$;
grant execute on function account_name_parts(uuid[]) to app;

CREATE OR REPLACE FUNCTION public.account_of(person uuid)
 RETURNS TABLE(person_id uuid, name text, given_name text, middle_name text, family_name text, born_year integer, unit_id uuid, unit_code text, unit_name text, depth integer, offices text[], account_id uuid, username text, state text, code_expires_at timestamp with time zone, has_second_factor boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select someone.*
  from (select place.unit_id from person_units(person) as place (unit_id) where keeps_accounts_of(place.unit_id) order by place.unit_id limit 1) as kept
  cross join lateral account_people(kept.unit_id, null) as someone
  where someone.person_id = person
$function$;
grant execute on function account_of(uuid) to app;

CREATE OR REPLACE FUNCTION public.account_people(top uuid, needle text)
 RETURNS TABLE(person_id uuid, name text, given_name text, middle_name text, family_name text, born_year integer, unit_id uuid, unit_code text, unit_name text, depth integer, offices text[], account_id uuid, username text, state text, code_expires_at timestamp with time zone, has_second_factor boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with word as materialized (
    select '%' || word || '%' as pattern, length(word) as size from unnest(string_to_array(fold(needle), ' ')) as word where word <> ''
  ), found as materialized (
    -- one word by the index of trigrams, the others on what that leaves; nobody reads further than three hundred
    select person.id
    from person
    where needle is not null and person.search like (select word.pattern from word order by word.size desc limit 1)
      and person.search like all (array(select word.pattern from word))
    union
    select account.person_id from account where needle is not null and account.username like '%' || fold(needle) || '%'
    limit 300
  ), held as materialized (
    select membership.person_id, membership.unit_id, 0 as preference
    from found join membership on membership.person_id = found.id and membership.during @> (select viewer_today())
    union all
    select office.person_id, office.unit_id, 1
    from found join office on office.person_id = found.id and office.during @> (select viewer_today())
  ), belonging as (
    select distinct on (belonging.person_id) belonging.person_id, belonging.unit_id, belonging.depth
    from (
      select membership.person_id, place.unit_id, place.depth, 0 as preference
      from unit_ancestor as place
      join membership on membership.unit_id = place.unit_id and membership.during @> (select viewer_today())
      where needle is null and place.ancestor_id = top and place.depth <= 1 and place.standing @> (select viewer_today())
      union all
      select office.person_id, place.unit_id, place.depth, 1
      from unit_ancestor as place
      join office on office.unit_id = place.unit_id and office.during @> (select viewer_today())
      where needle is null and place.ancestor_id = top and place.depth <= 1 and place.standing @> (select viewer_today())
      union all
      select held.person_id, place.unit_id, place.depth, held.preference
      from held
      cross join lateral ( -- `limit` keeps the planner from listing everything beneath the top for each
        select unit_ancestor.unit_id, unit_ancestor.depth
        from unit_ancestor
        where unit_ancestor.unit_id = held.unit_id and unit_ancestor.ancestor_id = top and unit_ancestor.standing @> (select viewer_today())
        limit 1
      ) as place
    ) as belonging
    where belonging.unit_id in (select viewer_account_units())
    order by belonging.person_id, belonging.preference, belonging.depth, belonging.unit_id
  )
  select person.id, person.name, person.given_name, person.middle_name, person.family_name,
         case when person.id in (select viewer_people()) then extract(year from person.born_on)::integer end, -- an administrator sees names and accounts only
         unit.id, unit.code, unit.name, belonging.depth,
         array(select distinct office.role from office
               where office.person_id = person.id and office.during @> (select viewer_today()) and keeps_accounts_of(office.unit_id) order by office.role),
         account.id, account.display_username,
         case when account.id is null then 'none'
           when account.is_disabled then 'shut'
           when exists (
             select from account_credential
             where account_credential.account_id = account.id
               and (account_credential.password is not null or account_credential.provider <> 'credential')) then 'active'
           when code.expires_at > now() then 'waiting'
           else 'lapsed' end,
         code.expires_at,
         exists (select from account_second_factor where account_second_factor.account_id = account.id and account_second_factor.confirmed_at is not null)
  from belonging
  join person on person.id = belonging.person_id
  join unit on unit.id = belonging.unit_id
  left join account on account.person_id = person.id
  left join account_code as code on code.account_id = account.id and code.used_at is null and code.voided_at is null
$function$;
grant execute on function account_people(uuid,text) to app;

CREATE OR REPLACE FUNCTION public.acting_in_force(acting uuid)
 RETURNS TABLE(helped_id uuid, helper_name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select acting.helped_id, person.name
  from acting
  join person on person.id = acting.helper_id
  join account on account.person_id = acting.helper_id and not account.is_disabled
  where acting.id = acting_in_force.acting and acting.helper_id = viewer_person() and viewer_acting() is null
    and acting.during @> (select viewer_today()) and acting.ended_at is null
    and not exists (select from account as own where own.person_id = acting.helped_id and own.is_disabled)
$function$;
grant execute on function acting_in_force(uuid) to app;

CREATE OR REPLACE FUNCTION public.acting_name(person uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select coalesce(office_holder_name($1), (
    select person.name
    from person
    where person.id = $1
      and (person.id in (select viewer_people()) or person.id = viewer_acting() or exists (
        select from acting
        where (acting.helper_id = $1 or acting.helped_id = $1)
          and (acting.helper_id = viewer_person() or acting.helped_id = viewer_person() or acting.helped_id in (select viewer_people()))))))
$function$;
grant execute on function acting_name(uuid) to app;

CREATE OR REPLACE FUNCTION public.add_to_kept(campaign uuid, steps count_step[], sign integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  insert into count_kept (campaign_id, unit_id, indicator, dimension, on_day, own, whole)
  select campaign, spread.unit_id, spread.indicator, spread.dimension, spread.on_day, sign * spread.own, sign * spread.whole
  from spread_counts(steps) as spread
  on conflict (campaign_id, unit_id, indicator, dimension, on_day)
  do update set own = count_kept.own + excluded.own, whole = count_kept.whole + excluded.whole
$function$;

CREATE OR REPLACE FUNCTION public.administered_tokens()
 RETURNS TABLE(id uuid, person_id uuid, person_name text, name text, prefix text, scope text, ends_on date, made_at timestamp with time zone, last_used_on date)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select account_token.id, person.id, person.name, account_token.name, account_token.prefix, account_token.scope, account_token.ends_on,
         account_token.made_at, account_token.last_used_on
  from account_token
  join account on account.id = account_token.account_id
  join person on person.id = account.person_id
  where account_token.revoked_at is null and account_token.ends_on >= (select viewer_today())
    and exists (select from viewer_offices() as held where held.role = 'administrator')
    and administers_account(account.person_id)
  order by person.given_name collate "vi-x-icu", person.name collate "vi-x-icu", account_token.made_at desc
$function$;
grant execute on function administered_tokens() to app;

CREATE OR REPLACE FUNCTION public.administers_account(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select count(*) > 0 and bool_and(exists (
    select from viewer_offices() as held
    join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.unit_id = place.unit_id
    where held.role = 'administrator' and unit_ancestor.standing @> (select viewer_today())))
  from (
    select person_units(person) as unit_id
    union
    select office.unit_id from office where office.person_id = person and lower(office.during) > (select viewer_today())
    union
    select inspection_assignment.unit_id from inspection_assignment
    where inspection_assignment.person_id = person and upper(inspection_assignment.during) > (select viewer_today())
  ) as place
$function$;
grant execute on function administers_account(uuid) to app;

CREATE OR REPLACE FUNCTION public.amendment_asker(amendment_id uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select person.name
  from amendment
  join person on person.id = amendment.person_id
  where amendment.id = amendment_id
    and (amendment.person_id = viewer_person() or amendment.unit_id in (select viewer_amendment_units()))
$function$;
grant execute on function amendment_asker(uuid) to app;

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

CREATE OR REPLACE FUNCTION public.begin_attempt(attempted bytea, from_address text, most integer, most_at_address integer)
 RETURNS TABLE(id bigint, seconds integer)
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  span constant interval := interval '15 minutes';
  free_at timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('attempt'), hashtext(encode(attempted, 'hex')));
  delete from sign_in_attempt where sign_in_attempt.id in (
    select old.id from sign_in_attempt as old where old.at < clock_timestamp() - span order by old.at limit 50 for update skip locked);
  select sign_in_attempt.at + span into free_at
  from sign_in_attempt
  where sign_in_attempt.key = attempted and sign_in_attempt.at > clock_timestamp() - span
  order by sign_in_attempt.at desc offset most - 1 limit 1;
  if free_at is null and from_address is not null then
    select recent.last + span into free_at
    from (
      select max(sign_in_attempt.at) as last
      from sign_in_attempt
      where sign_in_attempt.address = from_address and sign_in_attempt.has_failed and sign_in_attempt.at > clock_timestamp() - span
      group by sign_in_attempt.key
    ) as recent
    order by recent.last desc offset most_at_address - 1 limit 1;
  end if;
  if free_at is not null then
    return query select null::bigint, greatest(1, ceil(extract(epoch from free_at - clock_timestamp()))::integer);
    return;
  end if;
  return query insert into sign_in_attempt (key, address) values (attempted, from_address) returning sign_in_attempt.id, 0;
end $function$;

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

CREATE OR REPLACE FUNCTION public.begin_own_second_factor(sealed text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into account_second_factor (account_id, secret)
  select account.id, sealed from account where account.id = own_account_id()
  on conflict (account_id) do update set secret = excluded.secret where account_second_factor.confirmed_at is null;
  return found;
end $function$;
grant execute on function begin_own_second_factor(text) to app;

CREATE OR REPLACE FUNCTION public.begin_tree(units uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
grant execute on function begin_tree(uuid[]) to app;

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

CREATE OR REPLACE FUNCTION public.card_key(card_number text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN NULLIF(upper(regexp_replace(card_number, '[^0-9A-Za-z]'::text, ''::text, 'g'::text)), ''::text);
grant execute on function card_key(text) to app;

CREATE OR REPLACE FUNCTION public.cards_taken(keys text[])
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select distinct asked.key
  from unnest(keys) as asked (key)
  join person on card_key(person.card_number) = asked.key
  where exists (select viewer_kept_units() union all select viewer_appointed_units())
$function$;
grant execute on function cards_taken(text[]) to app;

CREATE OR REPLACE FUNCTION public.change_membership(change uuid, person uuid, kind text, from_day date, unit uuid, status text, category text, exempt text, reason text, via text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  previous jsonb := memberships_of(person);
  last membership;
  why text := exempt;
begin
  perform from person as own where own.id = person for no key update;
  select membership.* into last from membership where membership.person_id = person order by lower(membership.during) desc limit 1;
  if current_setting('role') = 'app' and not (
    (last.id is null and unit in (select viewer_kept_units())) or person in (select viewer_kept_people()) or is_administered(person)
  ) then
    raise exception 'this person is not the viewer''s to keep' using errcode = 'insufficient_privilege';
  end if;
  if status = 'exempt' and exempt is null and last.status = 'exempt' then why := last.exempt_reason; end if;
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
end $function$;
grant execute on function change_membership(uuid,uuid,text,date,uuid,text,text,text,text,text) to app;

CREATE OR REPLACE FUNCTION public.confirm_own_second_factor(step bigint, recovery text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  own uuid := own_account_id();
begin
  update account_second_factor set confirmed_at = now(), last_step = step
  where account_second_factor.account_id = own and account_second_factor.confirmed_at is null and account_second_factor.last_step < step;
  if not found then return false; end if;
  perform set_own_recovery(recovery);
  return true;
end $function$;
grant execute on function confirm_own_second_factor(bigint,text[]) to app;

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

CREATE OR REPLACE FUNCTION public.demand_own_import(wanted uuid)
 RETURNS void
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if not exists (select from import where import.id = wanted and import.person_id = viewer_person()) then
    raise exception 'this import is not the viewer''s' using errcode = 'insufficient_privilege';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.drop_own_second_factor()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  own uuid := own_account_id();
begin
  delete from account_recovery_code where account_recovery_code.account_id = own;
  update account_browser set trusted_until = null where account_browser.account_id = own;
  delete from account_second_factor where account_second_factor.account_id = own;
  return found;
end $function$;
grant execute on function drop_own_second_factor() to app;

CREATE OR REPLACE FUNCTION public.drop_second_factor(person uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  whose uuid := (select account.id from account where account.person_id = person);
begin
  if whose is null or not administers_account(person) or person = viewer_person() then return null; end if;
  perform end_sessions(array[whose]);
  delete from account_recovery_code where account_recovery_code.account_id = whose;
  delete from account_second_factor where account_second_factor.account_id = whose;
  return found;
end $function$;
grant execute on function drop_second_factor(uuid) to app;

CREATE OR REPLACE FUNCTION public.duplicate_pairs()
 RETURNS TABLE(one_id uuid, other_id uuid, by text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with pair as materialized (
    select one.id as one_id, other.id as other_id, 'card' as by, 1 as rank
    from person as one join person as other on card_key(other.card_number) = card_key(one.card_number) and one.id < other.id
    union all
    select one.id, other.id, 'birth', 2
    from person as one join person as other on other.born_on = one.born_on and fold(other.name) = fold(one.name) and one.id < other.id
    union all
    select one.id, other.id, 'phone', 3
    from person as one join person as other on phone_key(other.phone) = phone_key(one.phone) and one.id < other.id
  ), seen as materialized (
    select viewer_people() as id
  )
  select distinct on (pair.one_id, pair.other_id) pair.one_id, pair.other_id, pair.by
  from pair
  where (pair.one_id in (select seen.id from seen) or is_administered(pair.one_id))
    and (pair.other_id in (select seen.id from seen) or is_administered(pair.other_id))
    and exists (select from membership where membership.person_id = pair.one_id)
    and exists (select from membership where membership.person_id = pair.other_id)
    and not exists (select from person_distinct where person_distinct.one_id = pair.one_id and person_distinct.other_id = pair.other_id)
  order by pair.one_id, pair.other_id, pair.rank
$function$;
grant execute on function duplicate_pairs() to app;

CREATE OR REPLACE FUNCTION public.edit_imported(wanted uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  edited integer;
begin
  perform demand_own_import(wanted);
  create temporary table editing on commit drop as
  select import_row.position, (import_row.plan ->> 'id')::uuid as person_id, import_row.plan ->> 'keptBy' as unit_id,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'name') as name,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'cardNumber') as card_number,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'bornOn') as born_on,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'gender') as gender,
         max(change.value ->> 'to') filter (where change.value ->> 'field' = 'phone') as phone,
         jsonb_agg(column_of.name order by column_of.place) as changed
  from import_row
  cross join lateral jsonb_array_elements(import_row.plan -> 'changes') as change
  join (values ('name', 'name', 1), ('cardNumber', 'card_number', 2), ('bornOn', 'born_on', 3), ('gender', 'gender', 4), ('phone', 'phone', 5))
    as column_of (field, name, place) on column_of.field = change.value ->> 'field'
  where import_row.import_id = wanted and import_row.verdict = 'changed'
  group by import_row.position, import_row.plan;
  if exists (
    select from editing
    where not exists (
      select from membership
      where membership.person_id = editing.person_id and membership.unit_id = editing.unit_id::uuid and membership.unit_id in (select viewer_kept_units())
        and (membership.is_last or membership.during @> viewer_today())) -- who went on elsewhere is kept there, whatever the day of the list
  ) then
    raise exception 'these members are not the viewer''s to keep' using errcode = 'insufficient_privilege';
  end if;
  update person
  set name = coalesce(editing.name, person.name), card_number = coalesce(editing.card_number, person.card_number),
      born_on = coalesce(editing.born_on::date, person.born_on), gender = coalesce(editing.gender, person.gender),
      phone = coalesce(editing.phone, person.phone), version = person.version + 1
  from editing
  where person.id = editing.person_id;
  insert into audit_entry (actor_id, action, unit_id, subject_type, subject_id, detail)
  select viewer_person(), 'person.edited', editing.unit_id::uuid, 'person', editing.person_id::text, jsonb_build_object('changed', editing.changed)
  from editing order by editing.position;
  select count(*) into edited from editing;
  return edited;
end $function$;
grant execute on function edit_imported(uuid) to app;

CREATE OR REPLACE FUNCTION public.end_account_sessions(person uuid)
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select end_sessions(array[account.id]) from account where account.person_id = person and administers_account(person)
$function$;
grant execute on function end_account_sessions(uuid) to app;

CREATE OR REPLACE FUNCTION public.end_own_sessions(ending uuid, keep uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  own uuid := own_account_id();
  ended integer;
begin
  delete from account_session
  where account_session.account_id = own
    and case when ending is null then account_session.id is distinct from keep else account_session.id = ending end;
  get diagnostics ended = row_count;
  if ending is null then
    delete from account_pending_sign_in where account_pending_sign_in.account_id = own;
    update account_browser set trusted_until = null where account_browser.account_id = own;
  end if;
  return ended;
end $function$;
grant execute on function end_own_sessions(uuid,uuid) to app;

CREATE OR REPLACE FUNCTION public.end_sessions(accounts uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  ended integer;
begin
  delete from account_session where account_session.account_id = any (accounts);
  get diagnostics ended = row_count;
  delete from account_pending_sign_in where account_pending_sign_in.account_id = any (accounts);
  update account_browser set trusted_until = null where account_browser.account_id = any (accounts) and account_browser.trusted_until is not null;
  return ended;
end $function$;

CREATE OR REPLACE FUNCTION public.end_unit(unit uuid, successor uuid, from_day date, reason text, via text)
 RETURNS TABLE(members bigint, units bigint, campaigns bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  listed record;
  each_row record;
  children uuid[];
begin
  if current_setting('role') = 'app' and not (
    unit in (select viewer_tended_units())
    and (successor is null or successor in (select viewer_tended_units()) or successor in (select viewer_parenting_units()))
  ) then
    raise exception 'this unit is not the viewer''s to end' using errcode = 'insufficient_privilege';
  end if;
  members := 0; units := 0; campaigns := 0;
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
      insert into roster (campaign_id, person_id, unit_id, category_key, must_study, must_write, exempt_reason, during, reason, recorded_by, source)
      select each_row.campaign_id, each_row.person_id, part.unit_id, each_row.category_key, each_row.must_study, each_row.must_write,
             each_row.exempt_reason, part.during, end_unit.reason, viewer_person(), via
      from (values
        (each_row.unit_id, each_row.during * daterange(null, from_day)),
        (coalesce(successor, each_row.unit_id), each_row.during * daterange(from_day, null))
      ) as part (unit_id, during)
      where not isempty(part.during);
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
    if lower(each_row.during) >= from_day then
      update membership set unit_id = successor, version = membership.version + 1 where membership.id = each_row.id;
    else
      update membership set during = each_row.during * daterange(null, from_day), version = membership.version + 1 where membership.id = each_row.id;
      insert into membership (id, person_id, unit_id, during, status, exempt_reason, category_key)
      values (gen_random_uuid(), each_row.person_id, successor, each_row.during * daterange(from_day, null), each_row.status, each_row.exempt_reason, each_row.category_key);
    end if;
    insert into member_change (id, person_id, kind, unit_id, to_unit_id, from_day, reason, before, after, recorded_by, source)
    values (gen_random_uuid(), each_row.person_id, 'succeeded', unit, successor, from_day, end_unit.reason, each_row.previous, memberships_of(each_row.person_id), viewer_person(), via);
    update person set version = person.version + 1 where person.id = each_row.person_id;
    members := members + 1;
  end loop;
  return next;
end $function$;
grant execute on function end_unit(uuid,uuid,date,text,text) to app;

CREATE OR REPLACE FUNCTION public.end_with_account()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  update account_token set revoked_at = now() where account_token.account_id = new.id and account_token.revoked_at is null;
  update acting set ended_at = now() where new.person_id in (acting.helper_id, acting.helped_id) and acting.ended_at is null;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.end_with_password()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  update account_token set revoked_at = now() where account_token.account_id = new.account_id and account_token.revoked_at is null;
  delete from account_credential where account_credential.account_id = new.account_id and account_credential.provider like 'oidc:%';
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.exempt_reason_of(membership uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select own.exempt_reason
  from membership as own
  where own.id = $1 and own.exempt_reason is not null
    and (own.person_id = viewer_person() or own.unit_id in (select viewer_people_units()))
$function$;
grant execute on function exempt_reason_of(uuid) to app;

CREATE OR REPLACE FUNCTION public.find_people(words text[], most integer, skip integer)
 RETURNS TABLE(person_id uuid, total bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 50
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  patterns text[];
  longest text;
  tops uuid[] := array(select viewer_administered_tops());
begin
  select array_agg('% ' || replace(replace(replace(fold(word), '\', '\\'), '%', '\%'), '_', '\_') || '%' order by length(word) desc)
  into patterns
  from unnest(words) as word;
  if patterns is null then return; end if;
  longest := patterns[1];
  return query
  with alike as materialized (
    select person.id, person.given_name, person.middle_name, person.family_name, person.born_on
    from person
    where ' ' || person.search like longest and ' ' || person.search like all (patterns) and person.merged_into is null
  ), mine as materialized (
    select viewer_people() as id
  ), seen as (
    select alike.* from alike where alike.id in (select mine.id from mine)
    union
    select alike.*
    from alike
    join membership on membership.person_id = alike.id and (membership.is_last or membership.during @> viewer_today())
    join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
    where tops <> '{}'
    union
    select alike.*
    from alike
    join office on office.person_id = alike.id and office.during @> viewer_today()
    join unit_ancestor on unit_ancestor.unit_id = office.unit_id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
    where tops <> '{}'
  ), counted as (
    select seen.*, count(*) over () as total from seen
  )
  select counted.id, counted.total
  from counted
  order by counted.given_name collate "vi-x-icu", counted.middle_name collate "vi-x-icu", counted.family_name collate "vi-x-icu", counted.born_on, counted.id
  limit most offset skip;
end $function$;
grant execute on function find_people(text[],integer,integer) to app;

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

CREATE OR REPLACE FUNCTION public.finish_tree()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
grant execute on function finish_tree() to app;

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

CREATE OR REPLACE FUNCTION public.free_unit_codes(codes text[])
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select asked.code from unnest(codes) as asked (code)
  where not exists (select from unit where unit.code = asked.code) and exists (select viewer_parenting_units())
$function$;
grant execute on function free_unit_codes(text[]) to app;

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

CREATE OR REPLACE FUNCTION public.give_account_codes(rows jsonb, zone text)
 RETURNS TABLE(person_id uuid, expires_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  -- to the end of a day, as it is printed
  until timestamptz := ((now() at time zone zone)::date + 1
    + (select (setting.value)::text::integer from setting where setting.key = 'activation_code_days'))::timestamp at time zone zone;
  given uuid[];
begin
  -- one at a time for one account, in one order
  perform from account
  where account.id in (select row.account_id from jsonb_to_recordset(rows) as row (account_id uuid))
  order by account.id for update;
  given := array(
    select account.id from jsonb_to_recordset(rows) as row (account_id uuid)
    join account on account.id = row.account_id
    where not account.is_disabled and reason_against_code(account.person_id) is null);
  update account_code set voided_at = now()
  where account_code.account_id = any (given) and account_code.used_at is null and account_code.voided_at is null;
  insert into account_code (id, account_id, hash, given_by, expires_at)
  select row.id, row.account_id, decode(row.hash, 'hex'), viewer_person(), until
  from jsonb_to_recordset(rows) as row (id uuid, account_id uuid, hash text)
  where row.account_id = any (given);
  update account_credential set password = null, updated_at = now()
  where account_credential.account_id = any (given) and account_credential.provider = 'credential' and account_credential.password is not null;
  perform end_sessions(given);
  return query select account.person_id, until from account where account.id = any (given);
end $function$;
grant execute on function give_account_codes(jsonb,text) to app;

CREATE OR REPLACE FUNCTION public.gives_what_merges(keep uuid, gone uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

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

CREATE OR REPLACE FUNCTION public.held_rows()
 RETURNS TABLE(item text, row_id uuid, unit text, detail jsonb, since date, until date, recorded_at timestamp with time zone, recorded_by text, source text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with entered as materialized ( -- who last entered what itself does not say so
    select distinct on (audit_entry.subject_id) audit_entry.subject_id, audit_entry.at, audit_entry.actor_id
    from audit_entry
    where audit_entry.subject_type in ('person', 'membership', 'office')
      and audit_entry.subject_id in (
        select viewer_person()::text
        union all select membership.id::text from membership where membership.person_id = viewer_person()
        union all select office.id::text from office where office.person_id = viewer_person())
    order by audit_entry.subject_id, audit_entry.id desc
  ), fact (position, item, row_id, unit_id, detail, since, until, recorded_at, recorder, source) as (
    select entry.position, entry.item, null::uuid, null::uuid, jsonb_build_object('value', entry.value), null::date, null::date, entered.at, entered.actor_id, null::text
    from person
    left join entered on entered.subject_id = person.id::text
    cross join lateral (values
      (1, 'name', person.name), (2, 'born', person.born_on::text), (3, 'gender', person.gender), (4, 'phone', person.phone), (5, 'card', person.card_number)
    ) as entry (position, item, value)
    where person.id = viewer_person() and entry.value is not null
    union all
    select 10, 'membership', membership.id, membership.unit_id, jsonb_build_object('status', membership.status, 'reason', membership.exempt_reason, 'category', membership.category_key),
           lower(membership.during), upper(membership.during), entered.at, entered.actor_id, null
    from membership
    left join entered on entered.subject_id = membership.id::text
    where membership.person_id = viewer_person()
    union all
    select 11, 'office', office.id, office.unit_id, jsonb_build_object('role', office.role, 'title', office.title), lower(office.during), upper(office.during), entered.at, entered.actor_id, null
    from office
    left join entered on entered.subject_id = office.id::text
    where office.person_id = viewer_person()
    union all
    select 12, 'assignment', assigned.id, assigned.unit_id, '{}', lower(assigned.during), upper(assigned.during), null, null, null
    from inspection_assignment as assigned
    where assigned.person_id = viewer_person()
    union all
    select 13, case when acting.helper_id = viewer_person() then 'helping' else 'helped' end, acting.id,
           case when acting.helped_id = viewer_person() then acting.unit_id end, -- where the other belongs is not the helper's to know
           jsonb_build_object('with', acting_name(case when acting.helper_id = viewer_person() then acting.helped_id else acting.helper_id end), 'reason', acting.reason, 'endedAt', acting.ended_at),
           lower(acting.during), upper(acting.during), acting.recorded_at, acting.recorded_by, acting.source
    from acting
    where acting.helper_id = viewer_person() or acting.helped_id = viewer_person()
    union all
    select 14, 'change', change.id, change.unit_id,
           jsonb_build_object('kind', change.kind, 'reason', change.reason, 'to', taker.name, 'undoneAt', change.undone_at),
           change.from_day, null, change.recorded_at, change.recorded_by, change.source::text
    from member_change as change
    left join unit as taker on taker.id = change.to_unit_id
    where change.person_id = viewer_person()
    union all
    select 15, 'merge', merged.id, merged.unit_id, jsonb_build_object('name', merged.gone_name, 'reason', merged.reason, 'undoneAt', merged.undone_at),
           null, null, merged.recorded_at, merged.recorded_by, merged.source::text
    from person_merge as merged
    where merged.kept_id = viewer_person()
    union all
    select 20, 'roster', roster.id, roster.unit_id,
           jsonb_build_object('campaign', campaign.name, 'mustStudy', roster.must_study, 'mustWrite', roster.must_write, 'reason', roster.exempt_reason, 'category', category.name, 'replacedAt', roster.superseded_at),
           lower(roster.during), upper(roster.during), roster.recorded_at, roster.recorded_by, roster.source::text
    from roster
    join campaign on campaign.id = roster.campaign_id
    left join category on category.campaign_id = roster.campaign_id and category.key = roster.category_key
    where roster.person_id = viewer_person()
    union all
    select 21, 'mark', mark.id, sitting.unit_id,
           jsonb_build_object('session', study_session.name, 'campaign', campaign.name, 'status', mark.status, 'reason', mark.reason, 'replacedAt', mark.superseded_at, 'cancelledAt', study_session.cancelled_at),
           sitting.held_on, null, mark.recorded_at, mark.recorded_by, mark.source::text
    from mark
    join sitting on sitting.id = mark.sitting_id
    join study_session on study_session.id = sitting.session_id
    join campaign on campaign.id = mark.campaign_id
    where mark.person_id = viewer_person()
    union all
    select 30, 'amendment', amendment.id, amendment.unit_id,
           jsonb_build_object('item', amendment.item, 'held', amendment.held, 'wanted', amendment.wanted, 'reason', amendment.reason, 'outcome', amendment.outcome, 'answer', amendment.answer),
           null, amendment.due_on, amendment.asked_at, amendment.asked_by, null
    from amendment
    where amendment.person_id = viewer_person()
    union all
    select 40, 'account', account.id, null, jsonb_build_object('username', account.username, 'disabled', account.is_disabled), null, null, account.created_at, null, null
    from account
    where account.person_id = viewer_person()
    union all
    select 41, 'session', account_session.id, null, jsonb_build_object('address', account_session.ip_address, 'browser', account_session.user_agent, 'expiresAt', account_session.expires_at), null, null, account_session.created_at, null, null
    from account_session
    join account on account.id = account_session.account_id
    where account.person_id = viewer_person() and viewer_acting() is null
    union all
    select 42, 'token', account_token.id, null, jsonb_build_object('name', account_token.name, 'scope', account_token.scope, 'revokedAt', account_token.revoked_at), null, account_token.ends_on, account_token.made_at, null, null
    from account_token
    join account on account.id = account_token.account_id
    where account.person_id = viewer_person() and viewer_acting() is null
    union all
    select 43, 'browser', null, null, jsonb_build_object('trustedUntil', account_browser.trusted_until), null, null, account_browser.seen_at, null, null
    from account_browser
    join account on account.id = account_browser.account_id
    where account.person_id = viewer_person() and viewer_acting() is null
    union all
    select 44, 'factor', null, null, '{}', null, null, account_second_factor.confirmed_at, null, null
    from account_second_factor
    join account on account.id = account_second_factor.account_id
    where account.person_id = viewer_person() and viewer_acting() is null and account_second_factor.confirmed_at is not null
    union all
    select 45, 'code', account_code.id, null, jsonb_build_object('usedAt', account_code.used_at), null, null, account_code.given_at, account_code.given_by, null
    from account_code
    join account on account.id = account_code.account_id
    where account.person_id = viewer_person() and viewer_acting() is null
    union all
    select 50, 'import', import.id, import.unit_id, jsonb_build_object('file', import.file_name, 'state', import.state), import.effective_on, null, import.created_at, import.person_id, import.source::text
    from import
    where import.person_id = viewer_person() and viewer_acting() is null
  )
  select fact.item, fact.row_id, unit.name, fact.detail, nullif(fact.since, '-infinity'), fact.until, fact.recorded_at,
         case when fact.recorder is not null then coalesce(acting_name(fact.recorder), '') end, fact.source
  from fact
  left join unit on unit.id = fact.unit_id
  order by fact.position, fact.since desc nulls last, fact.recorded_at desc nulls last, fact.row_id
$function$;
grant execute on function held_rows() to app;

CREATE OR REPLACE FUNCTION public.is_administered(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select exists (
    select from membership
    join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.standing @> (select viewer_today())
    where membership.person_id = person and (membership.is_last or membership.during @> (select viewer_today()))
      and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops())))
  or exists (
    select from office
    join unit_ancestor on unit_ancestor.unit_id = office.unit_id and unit_ancestor.standing @> (select viewer_today())
    where office.person_id = person and office.during @> (select viewer_today())
      and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops())))
$function$;
grant execute on function is_administered(uuid) to app;

CREATE OR REPLACE FUNCTION public.is_kept(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select is_administered(person) or person in (select viewer_kept_people())
$function$;
grant execute on function is_kept(uuid) to app;

CREATE OR REPLACE FUNCTION public.is_unplaced(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select not exists (select from membership where membership.person_id = person)
$function$;
grant execute on function is_unplaced(uuid) to app;

CREATE OR REPLACE FUNCTION public.join_imported(wanted uuid, via text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  joined integer;
begin
  perform demand_own_import(wanted);
  create temporary table joining on commit drop as
  select import_row.position, (import_row.plan ->> 'id')::uuid as person_id, (import_row.plan ->> 'membershipId')::uuid as membership_id,
         (import_row.plan ->> 'changeId')::uuid as change_id, (import_row.plan ->> 'unitId')::uuid as unit_id, (import_row.plan ->> 'since')::date as from_day,
         field.*
  from import_row
  cross join lateral jsonb_to_record(import_row.fields) as field ("name" text, "cardNumber" text, "bornOn" date, "gender" text, "phone" text, "status" text,
    "exemptReason" text, "categoryKey" text)
  where import_row.import_id = wanted and import_row.verdict = 'new';
  if exists (select from joining where joining.unit_id is null or joining.unit_id not in (select viewer_kept_units())) then
    raise exception 'these members are not the viewer''s to keep' using errcode = 'insufficient_privilege';
  end if;
  insert into person (id, name, card_number, born_on, gender, phone, version)
  select joining.person_id, joining.name, joining."cardNumber", joining."bornOn", joining.gender, joining.phone, 2 from joining order by joining.position;
  insert into membership (id, person_id, unit_id, during, status, exempt_reason, category_key)
  select joining.membership_id, joining.person_id, joining.unit_id, daterange(joining.from_day, null), coalesce(joining.status, 'in_post'),
         joining."exemptReason", joining."categoryKey"
  from joining order by joining.position;
  insert into member_change (id, person_id, kind, unit_id, to_unit_id, from_day, before, after, recorded_by, source)
  select joining.change_id, joining.person_id, 'joined', joining.unit_id, joining.unit_id, joining.from_day, '[]', jsonb_build_array(to_jsonb(membership)), viewer_person(), via
  from joining join membership on membership.id = joining.membership_id
  order by joining.position;
  insert into audit_entry (actor_id, action, unit_id, subject_type, subject_id, detail)
  select viewer_person(), 'member.joined', joining.unit_id, 'person', joining.person_id::text, jsonb_build_object('fromDay', joining.from_day, 'change', joining.change_id)
  from joining order by joining.position;
  select count(*) into joined from joining;
  return joined;
end $function$;
grant execute on function join_imported(uuid,text) to app;

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

CREATE OR REPLACE FUNCTION public.keep_both_names()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if viewer_acting() is not null then
    new := jsonb_populate_record(new, jsonb_build_object(tg_argv[0], viewer_acting(), 'on_behalf_of', viewer_person()));
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.keep_both_names_on(facts regclass, who name DEFAULT 'recorded_by'::name)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('alter table %s add column if not exists on_behalf_of uuid references person (id)', facts);
  execute format('create or replace trigger both_names_are_kept before insert on %s for each row execute function keep_both_names(%L)', facts, who);
end $function$;

CREATE OR REPLACE FUNCTION public.keep_last_memberships()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if pg_trigger_depth() > 1 then return null; end if;
  update membership
  set is_last = not membership.is_last
  where membership.person_id in (select touched.person_id from touched)
    and membership.is_last = exists (
      select from membership as later
      where later.person_id = membership.person_id and lower(later.during) >= upper(membership.during));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.keeps_accounts_of(unit uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select exists (
    select from viewer_offices() as held
    join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.unit_id = keeps_accounts_of.unit
    where (held.role = 'administrator' or held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.depth <= 1)
      and unit_ancestor.standing @> (select viewer_today()))
$function$;
grant execute on function keeps_accounts_of(uuid) to app;

CREATE OR REPLACE FUNCTION public.known_members(units uuid[], cards text[], births date[], names text[], as_of date)
 RETURNS TABLE(id uuid, name text, "cardKey" text, "cardNumber" text, "bornOn" date, gender text, phone text, "membershipId" uuid, "unitId" uuid, status text, "exemptReason" text, "categoryKey" text, since date)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with led as materialized (select viewer_people_units() as unit_id),
  seen as materialized (
    select led.unit_id from led
    union
    select unit_ancestor.unit_id from unit_ancestor
    where unit_ancestor.ancestor_id in (select viewer_administered_tops()) and unit_ancestor.standing @> (select viewer_today())
  ),
  asked as materialized (
    select membership.person_id as id from membership where membership.unit_id = any (units) and membership.during @> as_of
    union
    select person.id from unnest(cards) as card (key) join person on card_key(person.card_number) = card.key
    union
    select person.id from unnest(births, names) as birth (born_on, folded) join person on person.born_on = birth.born_on and fold(person.name) = birth.folded
  )
  select person.id, person.name, card_key(person.card_number), person.card_number, person.born_on, person.gender, person.phone,
         membership.id, membership.unit_id, membership.status,
         case when membership.status = 'exempt' and membership.unit_id in (select led.unit_id from led) then membership.exempt_reason end,
         membership.category_key, lower(membership.during)
  from asked
  join person on person.id = asked.id
  left join membership on membership.person_id = person.id and membership.during @> as_of
  where exists (select viewer_kept_units())
    and exists (
      select from membership as place
      where place.person_id = person.id and place.unit_id in (select seen.unit_id from seen)
        and (place.during @> (select viewer_today()) or place.during @> as_of or not exists (
          select from membership as later where later.person_id = person.id and lower(later.during) >= upper(place.during))))
$function$;
grant execute on function known_members(uuid[],text[],date[],text[],date) to app;

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

CREATE OR REPLACE FUNCTION public.listed_person_belongs(person uuid, as_of date)
 RETURNS TABLE(unit_id uuid, since date)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select membership.unit_id, lower(membership.during)
  from membership
  where membership.person_id = person and membership.during @> as_of
    and exists (
      select from roster
      where roster.person_id = person and roster.superseded_at is null and roster.unit_id in (select viewer_people_units()))
$function$;
grant execute on function listed_person_belongs(uuid,date) to app;

CREATE OR REPLACE FUNCTION public.lock_people(people uuid[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select person.id from person where person.id = any (people) order by person.id for no key update
$function$;
grant execute on function lock_people(uuid[]) to app;

CREATE OR REPLACE FUNCTION public.look_alikes(name text, born_on date, card_number text, phone text)
 RETURNS TABLE(person_id uuid, by text)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;
grant execute on function look_alikes(text,date,text,text) to app;

CREATE OR REPLACE FUNCTION public.make_accounts(rows jsonb)
 RETURNS SETOF uuid
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with wanted as (
    select row.id, row.person_id, row.username
    from jsonb_to_recordset(rows) as row (id uuid, person_id uuid, username text)
    where reason_against_code(row.person_id) is null
  ), made as (
    insert into account (id, person_id, username, display_username, name, email)
    select wanted.id, wanted.person_id, wanted.username, wanted.username, person.name, wanted.id || '@account.invalid'
    from wanted join person on person.id = wanted.person_id
    on conflict do nothing
    returning account.id, account.person_id
  ), credential as (
    insert into account_credential (id, account_id, provider, provider_account_id)
    select gen_random_uuid(), made.id, 'credential', made.id from made
  )
  select made.person_id from made
$function$;
grant execute on function make_accounts(jsonb) to app;

CREATE OR REPLACE FUNCTION public.make_own_token(id uuid, name text, prefix text, hash bytea, scope text, ends_on date)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into account_token (id, account_id, name, prefix, hash, scope, ends_on)
  select make_own_token.id, own_account_id(), make_own_token.name, make_own_token.prefix, make_own_token.hash, make_own_token.scope, make_own_token.ends_on
  where own_account_id() is not null
  on conflict on constraint account_token_pkey do nothing;
  return found;
end $function$;
grant execute on function make_own_token(uuid,text,text,bytea,text,date) to app;

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

CREATE OR REPLACE FUNCTION public.memberships_of(person uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select coalesce(jsonb_agg(to_jsonb(membership) order by lower(membership.during)), '[]') from membership where membership.person_id = person
$function$;

CREATE OR REPLACE FUNCTION public.merge_people(merge uuid, keep uuid, gone uuid, reason text, via text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
grant execute on function merge_people(uuid,uuid,uuid,text,text) to app;

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

CREATE OR REPLACE FUNCTION public.office_rank(role text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select coalesce(array_position(array['clerk', 'deputy', 'secretary'], role), 99)
$function$;

CREATE OR REPLACE FUNCTION public.offices_of(person uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select coalesce(jsonb_agg(to_jsonb(office) order by office.id), '[]') from office where office.person_id = person
$function$;

CREATE OR REPLACE FUNCTION public.on_other_roster(campaign uuid, person uuid, as_of date)
 RETURNS TABLE(since date, by_hand boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select lower(roster.during), roster.reason is not null
  from roster
  where roster.campaign_id = campaign and roster.person_id = person and roster.superseded_at is null and roster.during @> as_of
    and exists (
      select from membership
      where membership.person_id = person and membership.during @> as_of and membership.unit_id in (select viewer_people_units()))
$function$;
grant execute on function on_other_roster(uuid,uuid,date) to app;

CREATE OR REPLACE FUNCTION public.own_account()
 RETURNS TABLE(account_id uuid, username text, has_password boolean, password_at timestamp with time zone, secret text, confirmed_at timestamp with time zone, recovery_left integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select account.id, account.display_username, credential.password is not null, credential.updated_at, factor.secret, factor.confirmed_at,
         (select count(*)::integer from account_recovery_code where account_recovery_code.account_id = account.id and account_recovery_code.used_at is null)
  from account
  left join account_credential as credential on credential.account_id = account.id and credential.provider = 'credential'
  left join account_second_factor as factor on factor.account_id = account.id
  where account.id = own_account_id()
$function$;
grant execute on function own_account() to app;

CREATE OR REPLACE FUNCTION public.own_account_history(most integer)
 RETURNS TABLE(at timestamp with time zone, action text, detail jsonb, is_own boolean, actor text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select audit_entry.at, audit_entry.action, audit_entry.detail, audit_entry.actor_id is not distinct from viewer_person(), person.name
  from audit_entry
  left join person on person.id = audit_entry.actor_id
  where audit_entry.subject_type = 'account' and audit_entry.subject_id = viewer_person()::text and own_account_id() is not null
  order by audit_entry.id desc
  limit most
$function$;
grant execute on function own_account_history(integer) to app;

CREATE OR REPLACE FUNCTION public.own_account_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select account.id from account
  where account.person_id = viewer_person()
    and nullif(current_setting('app.acting', true), '') is null and nullif(current_setting('app.token', true), '') is null
$function$;

CREATE OR REPLACE FUNCTION public.own_identity(with_provider text)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select account_credential.created_at from account_credential
  where account_credential.account_id = own_account_id() and account_credential.provider = with_provider and with_provider like 'oidc:%'
$function$;
grant execute on function own_identity(text) to app;

CREATE OR REPLACE FUNCTION public.own_sessions()
 RETURNS TABLE(id uuid, created_at timestamp with time zone, used_at timestamp with time zone, address text, user_agent text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select account_session.id, account_session.created_at, account_session.used_at, account_session.ip_address, account_session.user_agent
  from account_session
  where account_session.account_id = own_account_id() and account_session.expires_at > now()
  order by account_session.used_at desc, account_session.id
$function$;
grant execute on function own_sessions() to app;

CREATE OR REPLACE FUNCTION public.own_tokens()
 RETURNS TABLE(id uuid, name text, prefix text, scope text, ends_on date, made_at timestamp with time zone, last_used_on date, revoked_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select account_token.id, account_token.name, account_token.prefix, account_token.scope, account_token.ends_on, account_token.made_at,
         account_token.last_used_on, account_token.revoked_at
  from account_token
  where account_token.account_id = own_account_id()
  order by account_token.made_at desc, account_token.id
$function$;
grant execute on function own_tokens() to app;

CREATE OR REPLACE FUNCTION public.people_with_account(people uuid[])
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select account.person_id
  from account
  where account.person_id = any (people) and not account.is_disabled and account.person_id in (select viewer_people())
$function$;
grant execute on function people_with_account(uuid[]) to app;

CREATE OR REPLACE FUNCTION public.person_by_card(card_number text)
 RETURNS TABLE(id uuid, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select person.id, person.name
  from person
  where card_key(person.card_number) = card_key($1)
    and not exists (select from person as other where card_key(other.card_number) = card_key($1) and other.id <> person.id)
    and exists (select viewer_appointed_units() union all select viewer_administered_tops())
$function$;
grant execute on function person_by_card(text) to app;

CREATE OR REPLACE FUNCTION public.person_units(person uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 2
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select membership.unit_id from membership where membership.person_id = $1 and membership.during @> (select viewer_today())
  union
  select office.unit_id from office where office.person_id = $1 and office.during @> (select viewer_today())
$function$;

CREATE OR REPLACE FUNCTION public.phone_key(phone text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN NULLIF(regexp_replace(regexp_replace(phone, '[^0-9]'::text, ''::text, 'g'::text), '^(84(?=[0-9]{9,10}$)|0)'::text, ''::text), ''::text);
grant execute on function phone_key(text) to app;

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

CREATE OR REPLACE FUNCTION public.reason_against_code(person uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select case
    when not exists (select from person_units(person) as place (unit_id) where keeps_accounts_of(place.unit_id)) then 'hidden'
    when person = viewer_person() then 'self'
    when administers_account(person) then null
    when exists (
      select from inspection_assignment
      where inspection_assignment.person_id = person and upper(inspection_assignment.during) > (select viewer_today())) then 'higher'
    when exists (
      select from membership
      where membership.person_id = person and membership.during @> (select viewer_today()) and not keeps_accounts_of(membership.unit_id)) then 'higher'
    when exists (
      select from office
      where office.person_id = person and (upper_inf(office.during) or upper(office.during) > (select viewer_today())) -- a code may wait for the day
        and (office.role not in ('secretary', 'deputy', 'clerk') or not exists (
          select from viewer_offices() as held
          join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.unit_id = office.unit_id
          where held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.standing @> (select viewer_today())
            and (unit_ancestor.depth = 1 or unit_ancestor.depth = 0 and office_rank(held.role) >= office_rank(office.role))))) then 'higher'
  end
$function$;
grant execute on function reason_against_code(uuid) to app;

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

CREATE OR REPLACE FUNCTION public.revoke_token(token uuid)
 RETURNS TABLE(person_id uuid, name text)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update account_token set revoked_at = now(), revoked_by = viewer_person()
  from account
  where account_token.id = token and account_token.revoked_at is null and account.id = account_token.account_id
    and viewer_acting() is null and viewer_token() is null
    and (account.id = own_account_id() or administers_account(account.person_id))
  returning account.person_id, account_token.name
$function$;
grant execute on function revoke_token(uuid) to app;

CREATE OR REPLACE FUNCTION public.right_grounds()
 RETURNS TABLE(ground bigint, kind text, role text, title text, unit_id uuid, via uuid, since date, until date)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select row_number() over (order by given.position, given.since, given.unit_id, given.role), given.kind, given.role, given.title, given.unit_id, given.via,
         nullif(given.since, '-infinity'), given.until
  from (
    select 1 as position, 'office' as kind, held.role, own.title, held.unit_id, null::uuid as via, lower(own.during) as since, upper(own.during) as until
    from viewer_offices() as held
    join office as own on own.person_id = viewer_person() and own.unit_id = held.unit_id and own.role = held.role
      and own.during @> (select viewer_today())
    union all
    select 2, 'succession', held.role, null, held.unit_id, taker.to_unit_id, taker.on_date, null
    from viewer_offices() as held
    cross join lateral (
      select succession.to_unit_id, succession.on_date from succession
      where succession.from_unit_id = held.unit_id
        and exists (select from viewer_offices() as own where own.unit_id = succession.to_unit_id and own.role = held.role)
      order by succession.on_date limit 1) as taker
    where not exists (
      select from office where office.person_id = viewer_person() and office.unit_id = held.unit_id and office.role = held.role
        and office.during @> (select viewer_today()))
    union all
    select 3, 'assignment', null, null, inspection_assignment.unit_id, null, lower(inspection_assignment.during), upper(inspection_assignment.during)
    from inspection_assignment
    where inspection_assignment.person_id = viewer_person() and inspection_assignment.during @> (select viewer_today())
      and inspection_assignment.unit_id in (select viewer_tops()) -- whoever acts for a person does not inspect for them
    union all
    select 4, 'membership', membership.status, null, membership.unit_id, null, lower(membership.during), upper(membership.during)
    from membership
    where membership.person_id = viewer_person() and membership.during @> (select viewer_today())
  ) as given
$function$;
grant execute on function right_grounds() to app;

CREATE OR REPLACE FUNCTION public.right_reach()
 RETURNS TABLE(ground bigint, opens text, unit_id uuid, depth smallint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with given as materialized (
    select right_grounds.ground, right_grounds.unit_id,
           right_grounds.kind = 'assignment' as checks,
           right_grounds.kind in ('office', 'succession') and right_grounds.role in ('city_officer', 'secretary', 'deputy', 'clerk') as leads,
           right_grounds.kind in ('office', 'succession') and right_grounds.role = 'administrator' as administers,
           right_grounds.kind = 'membership' as belongs
    from right_grounds()
  ), beneath as (
    select given.ground, given.leads, given.checks, given.administers, unit_ancestor.unit_id, unit_ancestor.depth
    from given
    join unit_ancestor on unit_ancestor.ancestor_id = given.unit_id and unit_ancestor.standing @> (select viewer_today())
    where given.leads or given.checks or given.administers
  ), above as (
    select given.ground, given.leads, given.belongs, unit_ancestor.ancestor_id as unit_id, (-unit_ancestor.depth)::smallint as depth
    from given
    join unit_ancestor on unit_ancestor.unit_id = given.unit_id and unit_ancestor.standing @> (select viewer_today())
    where given.leads or given.checks or given.administers or given.belongs
  ), reach (ground, opens, unit_id, depth) as (
    select beneath.ground, 'name', beneath.unit_id, beneath.depth from beneath
    union
    select above.ground, 'name', above.unit_id, above.depth from above
    union
    select beneath.ground, 'figures', beneath.unit_id, beneath.depth from beneath where beneath.leads or beneath.checks
    union
    select above.ground, 'figures', above.unit_id, above.depth from above where above.leads or above.belongs
    union
    select beneath.ground, 'people', beneath.unit_id, beneath.depth from beneath
    where beneath.checks or (beneath.leads and beneath.depth <= (select (setting.value)::int from setting where setting.key = 'people_depth'))
    union
    select beneath.ground, 'listed', beneath.unit_id, beneath.depth from beneath where beneath.administers
  )
  select reach.ground, reach.opens, reach.unit_id, reach.depth
  from reach
  where case reach.opens
    when 'name' then reach.unit_id in (select viewer_units())
    when 'figures' then reach.unit_id in (select viewer_figure_units())
    when 'listed' then reach.unit_id in (
      select unit_ancestor.unit_id
      from viewer_administered_tops() as top (unit_id)
      join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id and unit_ancestor.standing @> (select viewer_today()))
    else reach.unit_id in (select viewer_people_units()) end
$function$;
grant execute on function right_reach() to app;

CREATE OR REPLACE FUNCTION public.right_to_person(whom uuid)
 RETURNS TABLE(ground bigint, how text, unit_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with reach as materialized (
    select reach.ground, reach.opens, reach.unit_id from right_reach() as reach where reach.opens in ('people', 'listed')
  ), place as materialized ( -- where the person belongs, or did last
    select membership.unit_id
    from membership
    where membership.person_id = whom
      and (membership.during @> (select viewer_today()) or not exists (
        select from membership as later
        where later.person_id = membership.person_id and lower(later.during) >= upper(membership.during)))
  )
  select null::bigint, 'oneself', null::uuid where whom = viewer_person()
  union
  select reach.ground, 'membership', reach.unit_id
  from place
  join reach on reach.unit_id = place.unit_id and reach.opens = 'people'
  where whom in (select viewer_people())
  union
  select reach.ground, 'roster', reach.unit_id
  from roster
  join reach on reach.unit_id = roster.unit_id and reach.opens = 'people'
  where roster.person_id = whom and roster.superseded_at is null and whom in (select viewer_people())
  union
  select reach.ground, 'listed', reach.unit_id
  from (
    select place.unit_id from place
    union
    select office.unit_id from office where office.person_id = whom and office.during @> (select viewer_today())
  ) as part
  join reach on reach.unit_id = part.unit_id and reach.opens = 'listed'
  where exists (select viewer_administered_tops()) and is_administered(whom)
$function$;
grant execute on function right_to_person(uuid) to app;

CREATE OR REPLACE FUNCTION public.right_to_unit(person uuid, unit uuid)
 RETURNS TABLE(ground bigint, opens text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  asking uuid := viewer_person();
begin
  if asking is null or not (person = asking or viewer_administers(person)) then return; end if;
  perform set_config('app.viewer', person::text, true);
  return query select distinct reach.ground, reach.opens from right_reach() as reach where reach.unit_id = right_to_unit.unit;
  perform set_config('app.viewer', asking::text, true);
end $function$;
grant execute on function right_to_unit(uuid,uuid) to app;

CREATE OR REPLACE FUNCTION public.rights_of(person uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  asking uuid := viewer_person();
  told jsonb;
begin
  if asking is null or not (person = asking or viewer_administers(person)) then return null; end if;
  perform set_config('app.viewer', person::text, true);
  select jsonb_build_object(
    'name', (select each_one.name from person as each_one where each_one.id = rights_of.person),
    'grounds', (select coalesce(jsonb_agg(jsonb_build_object('ground', given.ground, 'kind', given.kind, 'role', given.role, 'title', given.title,
        'unitId', given.unit_id, 'viaId', given.via, 'since', given.since, 'until', given.until) order by given.ground), '[]') from right_grounds() as given),
    'reach', (select coalesce(jsonb_agg(jsonb_build_object('ground', each_one.ground, 'opens', each_one.opens, 'units', each_one.units, 'first', each_one.first)), '[]')
      from (
        select reach.ground, reach.opens, count(*) as units,
               (array_agg(reach.unit_id order by abs(reach.depth), unit_kind.position, unit.code))[1:4] as first
        from right_reach() as reach
        join unit on unit.id = reach.unit_id
        join unit_kind on unit_kind.key = unit.kind
        group by reach.ground, reach.opens
      ) as each_one),
    'totals', jsonb_build_object(
      'name', (select count(distinct seen) from viewer_units() as seen),
      'figures', (select count(distinct seen) from viewer_figure_units() as seen),
      'people', (select count(distinct seen) from viewer_people_units() as seen),
      'listed', (select count(distinct reach.unit_id) from right_reach() as reach where reach.opens = 'listed')),
    'campaigns', (select coalesce(jsonb_agg(seen), '[]') from viewer_campaigns() as seen)
  ) into told;
  perform set_config('app.viewer', asking::text, true);
  return told;
end $function$;
grant execute on function rights_of(uuid) to app;

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

CREATE OR REPLACE FUNCTION public.set_account_settings(days integer, roles text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if not exists (
    select from viewer_offices() as held
    where held.role = 'administrator' and not exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = held.unit_id and unit_ancestor.depth > 0 and unit_ancestor.standing @> viewer_today())) then
    return false;
  end if;
  update setting set value = to_jsonb(days) where setting.key = 'activation_code_days';
  update setting set value = jsonb_build_object('roles', to_jsonb(roles), 'since', to_jsonb(now()))
  where setting.key = 'second_factor_required' and setting.value -> 'roles' <> to_jsonb(roles);
  return true;
end $function$;
grant execute on function set_account_settings(integer,text[]) to app;

CREATE OR REPLACE FUNCTION public.set_own_password(hashed text, keep uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  own uuid := own_account_id();
  ended integer;
begin
  update account_credential set password = hashed, updated_at = now()
  where account_credential.account_id = own and account_credential.provider = 'credential';
  delete from account_session where account_session.account_id = own and account_session.id is distinct from keep;
  get diagnostics ended = row_count;
  delete from account_pending_sign_in where account_pending_sign_in.account_id = own;
  update account_browser set trusted_until = null where account_browser.account_id = own;
  update account_code set voided_at = now() where account_code.account_id = own and account_code.used_at is null and account_code.voided_at is null;
  return ended;
end $function$;
grant execute on function set_own_password(text,uuid) to app;

CREATE OR REPLACE FUNCTION public.set_own_recovery(recovery text[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  delete from account_recovery_code where account_recovery_code.account_id = own_account_id();
  insert into account_recovery_code (account_id, hash)
  select account.id, decode(code, 'hex') from account cross join unnest(recovery) as code where account.id = own_account_id()
$function$;
grant execute on function set_own_recovery(text[]) to app;

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

CREATE OR REPLACE FUNCTION public.shut_account(person uuid, is_shut boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  changed uuid;
begin
  if not administers_account(person) or person = viewer_person() then return null; end if;
  update account set is_disabled = is_shut, updated_at = now()
  where account.person_id = person and account.is_disabled <> is_shut
  returning account.id into changed;
  if changed is not null and is_shut then
    perform end_sessions(array[changed]);
    update account_code set voided_at = now() where account_code.account_id = changed and account_code.used_at is null and account_code.voided_at is null;
  end if;
  return changed is not null;
end $function$;
grant execute on function shut_account(uuid,boolean) to app;

CREATE OR REPLACE FUNCTION public.sign_audit_entry()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if viewer_acting() is not null then
    new.actor_id := viewer_acting();
    new.on_behalf_of := viewer_person();
  end if;
  if viewer_token() is not null then
    new.detail := new.detail || jsonb_build_object('token', viewer_token());
  end if;
  return new;
end $function$;

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

CREATE OR REPLACE FUNCTION public.take_import(wanted uuid, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  taken integer;
begin
  perform pg_advisory_xact_lock(hashtext('take_import'));
  if (select count(*) from import where import.state = 'working' and import.beat_at > clock_timestamp() - interval '1 minute') >= most then
    return null;
  end if;
  update import set state = 'working', attempt = import.attempt + 1, beat_at = clock_timestamp(), done = 0
  where import.id = wanted and import.state = 'waiting' and import.person_id = viewer_person()
  returning import.attempt into taken;
  return taken;
end $function$;
grant execute on function take_import(uuid,integer) to app;

CREATE OR REPLACE FUNCTION public.taken_usernames(names text[])
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select account.username from account where account.username = any (names)
$function$;
grant execute on function taken_usernames(text[]) to app;

CREATE OR REPLACE FUNCTION public.undo_member_change(change uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  done member_change;
begin
  select member_change.* into done from member_change where member_change.id = change for update;
  if done.id is null or (current_setting('role') = 'app' and done.unit_id not in (select viewer_kept_units())) then
    raise exception 'this change is not the viewer''s to undo' using errcode = 'insufficient_privilege';
  end if;
  perform from person where person.id = done.person_id for no key update;
  if done.undone_at is not null or memberships_of(done.person_id) <> done.after or exists (
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
      delete from member_change where member_change.person_id = done.person_id;
      delete from person where person.id = done.person_id;
    exception when foreign_key_violation then
      raise exception 'other records name this person' using errcode = 'check_violation', constraint = 'member_is_as_the_change_left_it';
    end;
    return false;
  end if;
  return true;
end $function$;
grant execute on function undo_member_change(uuid) to app;

CREATE OR REPLACE FUNCTION public.undo_merge(merge uuid, via text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
    or memberships_of(done.gone_id) <> '[]' or offices_of(done.gone_id) <> '[]'
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
end $function$;
grant execute on function undo_merge(uuid,text) to app;

CREATE OR REPLACE FUNCTION public.unit_by_code(code text, as_of date)
 RETURNS TABLE(id uuid, name text, kind text, has_members boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit.id, unit.name, unit.kind, unit_kind.has_members
  from unit
  join unit_kind on unit_kind.key = unit.kind
  where unit.code = unit_by_code.code and unit.during @> as_of and exists (select viewer_kept_units() union all select viewer_parenting_units())
$function$;
grant execute on function unit_by_code(text,date) to app;

CREATE OR REPLACE FUNCTION public.unit_sizes(units uuid[], as_of date)
 RETURNS TABLE(unit_id uuid, beneath bigint, members bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_nestloop TO 'off'
AS $function$
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
$function$;
grant execute on function unit_sizes(uuid[],date) to app;

CREATE OR REPLACE FUNCTION public.unlink_own_identity(with_provider text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  delete from account_credential
  where account_credential.account_id = own_account_id() and account_credential.provider = with_provider and with_provider like 'oidc:%';
  return found;
end $function$;
grant execute on function unlink_own_identity(text) to app;

CREATE OR REPLACE FUNCTION public.use_session(used uuid, today date)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  update account_session set used_at = now() where account_session.id = used and account_session.used_at < now() - interval '5 minutes';
  return exists (
    select from account_session
    join account on account.id = account_session.account_id
    join office on office.person_id = account.person_id and office.during @> today
    join setting on setting.key = 'second_factor_required' and setting.value -> 'roles' ? office.role
    where account_session.id = used and account_session.created_at >= (setting.value ->> 'since')::timestamptz
      and not exists (
        select from account_second_factor
        where account_second_factor.account_id = account.id and account_second_factor.confirmed_at is not null));
end $function$;

CREATE OR REPLACE FUNCTION public.viewer_account_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id
  where (held.role = 'administrator' or held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.depth <= 1)
    and unit_ancestor.standing @> (select viewer_today())
$function$;
grant execute on function viewer_account_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_acting()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('app.acting'::text, true), ''::text))::uuid;
grant execute on function viewer_acting() to app;

CREATE OR REPLACE FUNCTION public.viewer_administered_tops()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 2
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select held.unit_id from viewer_offices() as held where held.role = 'administrator'
$function$;
grant execute on function viewer_administered_tops() to app;

CREATE OR REPLACE FUNCTION public.viewer_administers(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select exists (
    select from (
      select membership.unit_id from membership
      where membership.person_id = $1 and (membership.is_last or membership.during @> (select viewer_today()))
      union all
      select office.unit_id from office where office.person_id = $1 and (upper_inf(office.during) or upper(office.during) > (select viewer_today()))
      union all
      select inspection_assignment.unit_id from inspection_assignment
      where inspection_assignment.person_id = $1 and upper(inspection_assignment.during) > (select viewer_today())
    ) as part
    join unit_ancestor on unit_ancestor.unit_id = part.unit_id and unit_ancestor.standing @> (select viewer_today())
    join viewer_offices() as held on held.role = 'administrator' and held.unit_id = unit_ancestor.ancestor_id)
$function$;
grant execute on function viewer_administers(uuid) to app;

CREATE OR REPLACE FUNCTION public.viewer_amendment_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.depth <= 1 and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('secretary', 'deputy', 'clerk')
$function$;
grant execute on function viewer_amendment_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_appointed_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('secretary', 'city_officer')
    and (unit_ancestor.depth = 1 or (unit_ancestor.depth = 0 and not exists (select from unit_parent where unit_parent.unit_id = held.unit_id)))
$function$;
grant execute on function viewer_appointed_units() to app;

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

CREATE OR REPLACE FUNCTION public.viewer_filed_rounds()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select filing.round_id
  from viewer_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id
  join filing on filing.unit_id = unit_ancestor.unit_id
  where unit_ancestor.standing @> (select viewer_today())
$function$;
grant execute on function viewer_filed_rounds() to app;

CREATE OR REPLACE FUNCTION public.viewer_first_steps()
 RETURNS TABLE(has_units boolean, has_people boolean, has_accounts boolean, has_campaign boolean, has_session boolean, has_roll boolean, has_round boolean, has_submission boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
grant execute on function viewer_first_steps() to app;

CREATE OR REPLACE FUNCTION public.viewer_kept_people()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select membership.person_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.standing @> (select viewer_today()) and unit_ancestor.depth <= 1
  join membership on membership.unit_id = unit_ancestor.unit_id
  where held.role in ('secretary', 'deputy', 'clerk')
    and (membership.is_last or membership.during @> (select viewer_today()))
$function$;
grant execute on function viewer_kept_people() to app;

CREATE OR REPLACE FUNCTION public.viewer_kept_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.standing @> (select viewer_today())
  where held.role = 'administrator' or (held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.depth <= 1)
$function$;
grant execute on function viewer_kept_units() to app;

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
    where office.person_id = viewer_person() and office.during @> (select viewer_today()) and viewer_acting() is null
    union
    select succession.from_unit_id, held.role
    from held
    join succession on succession.to_unit_id = held.unit_id and succession.on_date <= (select viewer_today())
  )
  select held.unit_id, held.role from held
$function$;
grant execute on function viewer_offices() to app;

CREATE OR REPLACE FUNCTION public.viewer_parenting_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('administrator', 'city_officer') or (held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.depth = 0)
$function$;
grant execute on function viewer_parenting_units() to app;

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
    and (membership.is_last or membership.during @> (select viewer_today()))
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
    and unit_ancestor.standing @> (select viewer_today()) and viewer_acting() is null
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
  select person.name, held.role, held.unit_id, unit.name
  from person
  left join viewer_offices() as held on true
  left join unit on unit.id = held.unit_id
  left join unit_kind on unit_kind.key = unit.kind
  where person.id = viewer_person()
  order by not unit.during @> (select viewer_today()), unit_kind.position, unit.code, held.role
$function$;
grant execute on function viewer_profile() to app;

CREATE OR REPLACE FUNCTION public.viewer_tended_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with parenting as materialized (select viewer_parenting_units() as unit_id)
  select unit_ancestor.unit_id
  from parenting
  join unit_ancestor on unit_ancestor.ancestor_id = parenting.unit_id and unit_ancestor.depth = 1 and unit_ancestor.standing @> (select viewer_today())
  union
  select parenting.unit_id
  from parenting
  where not exists (select from unit_parent where unit_parent.unit_id = parenting.unit_id)
$function$;
grant execute on function viewer_tended_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_today()
 RETURNS date
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('app.today'::text, true), ''::text))::date;
grant execute on function viewer_today() to app;

CREATE OR REPLACE FUNCTION public.viewer_token()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('app.token'::text, true), ''::text);
grant execute on function viewer_token() to app;

CREATE OR REPLACE FUNCTION public.viewer_tops()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select held.unit_id from viewer_offices() as held where held.role in ('city_officer', 'secretary', 'deputy', 'clerk')
  union
  select inspection_assignment.unit_id from inspection_assignment
  where inspection_assignment.person_id = viewer_person() and inspection_assignment.during @> (select viewer_today()) and viewer_acting() is null
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
