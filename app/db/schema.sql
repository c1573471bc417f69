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
CREATE TRIGGER account_session_is_over AFTER DELETE ON public.account_session FOR EACH ROW EXECUTE FUNCTION tell_session_over();
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

create table acknowledgement (
  id uuid not null,
  request_id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  depth text not null,
  answered_on date not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  superseded_at timestamp with time zone,
  recorded_by uuid not null,
  source text not null,
  on_behalf_of uuid,
  constraint acknowledgement_pkey PRIMARY KEY (id),
  constraint acknowledgement_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint acknowledgement_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint acknowledgement_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint acknowledgement_request_id_fkey FOREIGN KEY (request_id) REFERENCES acknowledgement_request(id),
  constraint acknowledgement_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint acknowledgement_depth_is_known CHECK ((depth = ANY (ARRAY['received'::text, 'read'::text, 'can_say'::text])))
);
CREATE INDEX acknowledgement_by_person ON public.acknowledgement USING btree (person_id);
CREATE INDEX acknowledgement_by_unit ON public.acknowledgement USING btree (request_id, unit_id) WHERE (superseded_at IS NULL);
CREATE UNIQUE INDEX person_acknowledges_once ON public.acknowledgement USING btree (request_id, person_id) WHERE (superseded_at IS NULL);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.acknowledgement FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table acknowledgement enable row level security;
create policy acknowledgement_is_given_by_oneself on acknowledgement for insert to app
  with check ((person_id = viewer_person()) AND (request_id IN ( SELECT viewer_asked_request_ids() AS viewer_asked_request_ids)) AND (unit_id IN ( SELECT viewer_answering_units() AS viewer_answering_units)));
create policy acknowledgement_is_keyed_in_by_the_cell on acknowledgement for insert to app
  with check ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) AND (depth <> 'can_say'::text) AND (EXISTS ( SELECT
   FROM membership
  WHERE ((membership.person_id = acknowledgement.person_id) AND (membership.unit_id = acknowledgement.unit_id) AND (membership.during @> ( SELECT viewer_today() AS viewer_today))))));
create policy acknowledgement_is_superseded_where_it_was_given on acknowledgement for update to app
  using ((person_id = viewer_person()) OR (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)));
create policy acknowledgement_of_viewer on acknowledgement for select to app
  using ((person_id = viewer_person()) OR (unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)));
grant insert, select on acknowledgement to app;
grant update (superseded_at) on acknowledgement to app;

create table acknowledgement_request (
  id uuid not null,
  unit_id uuid not null,
  version_id uuid,
  document_id uuid,
  depth text not null,
  whom text not null,
  categories text[] not null default '{}'::text[],
  before_id uuid,
  keeps_before boolean not null default false,
  due_on date not null,
  asked_on date not null,
  closed_at timestamp with time zone,
  version integer not null default 1,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid not null,
  source text not null,
  on_behalf_of uuid,
  constraint acknowledgement_request_pkey PRIMARY KEY (id),
  constraint acknowledgement_request_before_id_fkey FOREIGN KEY (before_id) REFERENCES acknowledgement_request(id),
  constraint acknowledgement_request_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id),
  constraint acknowledgement_request_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint acknowledgement_request_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint acknowledgement_request_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint acknowledgement_request_version_id_fkey FOREIGN KEY (version_id) REFERENCES material_version(id),
  constraint acknowledgement_depth_is_known CHECK ((depth = ANY (ARRAY['received'::text, 'read'::text, 'can_say'::text]))),
  constraint acknowledgement_is_asked_of_somebody CHECK ((whom = ANY (ARRAY['members'::text, 'heads'::text]))),
  constraint acknowledgement_is_due_after_it_is_asked CHECK ((due_on >= asked_on)),
  constraint acknowledgement_is_of_one_thing CHECK (((version_id IS NULL) <> (document_id IS NULL))),
  constraint heads_have_no_category CHECK (((whom = 'members'::text) OR (categories = '{}'::text[]))),
  constraint only_a_later_request_keeps_earlier_answers CHECK (((NOT keeps_before) OR (before_id IS NOT NULL)))
);
CREATE UNIQUE INDEX document_is_asked_once ON public.acknowledgement_request USING btree (document_id, unit_id) WHERE ((document_id IS NOT NULL) AND (closed_at IS NULL));
CREATE UNIQUE INDEX version_is_asked_once ON public.acknowledgement_request USING btree (version_id, unit_id) WHERE ((version_id IS NOT NULL) AND (closed_at IS NULL));
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.acknowledgement_request FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table acknowledgement_request enable row level security;
create policy acknowledgement_is_asked_for_ones_unit on acknowledgement_request for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy acknowledgement_request_is_closed_in_its_unit on acknowledgement_request for update to app
  using (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy acknowledgement_request_of_viewer on acknowledgement_request for select to app
  using ((unit_id IN ( SELECT viewer_chain() AS viewer_chain)) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = acknowledgement_request.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))));
grant insert, select on acknowledgement_request to app;
grant update (due_on, closed_at, version) on acknowledgement_request to app;

create table acknowledgement_sentence (
  acknowledgement_id uuid not null,
  person_id uuid not null,
  unit_id uuid,
  sentence text not null,
  constraint acknowledgement_sentence_pkey PRIMARY KEY (acknowledgement_id),
  constraint acknowledgement_sentence_acknowledgement_id_fkey FOREIGN KEY (acknowledgement_id) REFERENCES acknowledgement(id),
  constraint acknowledgement_sentence_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint acknowledgement_sentence_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint acknowledgement_sentence_is_one CHECK (((length(btrim(sentence)) >= 1) AND (length(btrim(sentence)) <= 500)))
);
alter table acknowledgement_sentence enable row level security;
create policy acknowledgement_sentence_is_ones_own on acknowledgement_sentence for insert to app
  with check ((person_id = viewer_person()) AND (EXISTS ( SELECT
   FROM acknowledgement
  WHERE ((acknowledgement.id = acknowledgement_sentence.acknowledgement_id) AND (acknowledgement.person_id = viewer_person()) AND (acknowledgement.depth = 'can_say'::text)))) AND ((unit_id IS NULL) OR (EXISTS ( SELECT
   FROM membership
  WHERE ((membership.person_id = viewer_person()) AND (membership.unit_id = acknowledgement_sentence.unit_id) AND (membership.during @> ( SELECT viewer_today() AS viewer_today)))))));
create policy acknowledgement_sentence_is_read_as_a_paper on acknowledgement_sentence for select to app
  using ((person_id = viewer_person()) OR (unit_id IN ( SELECT viewer_paper_units() AS viewer_paper_units)));
grant insert, select on acknowledgement_sentence to app;

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
  constraint helper_is_named_by_another CHECK ((recorded_by <> helper_id)),
  constraint acting_is_named_once EXCLUDE USING gist (helper_id WITH =, helped_id WITH =, during WITH &&) WHERE ((ended_at IS NULL))
);
CREATE INDEX acting_by_helped ON public.acting USING btree (helped_id);
CREATE INDEX acting_by_helper ON public.acting USING btree (helper_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.acting FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table acting enable row level security;
create policy acting_is_ended_by_those_concerned on acting for update to app
  using ((helper_id = viewer_person()) OR (helped_id = viewer_person()) OR (unit_id IN ( SELECT viewer_naming_units() AS viewer_naming_units)) OR (EXISTS ( SELECT
   FROM membership
  WHERE ((membership.person_id = acting.helped_id) AND (membership.during @> ( SELECT viewer_today() AS viewer_today)) AND (membership.unit_id IN ( SELECT viewer_naming_units() AS viewer_naming_units))))));
create policy acting_is_named_for_others on acting for insert to app
  with check ((recorded_by = viewer_person()) AND (helper_id <> viewer_person()) AND (EXISTS ( SELECT
   FROM membership
  WHERE ((membership.person_id = acting.helped_id) AND (membership.unit_id = acting.unit_id) AND (membership.during @> ( SELECT viewer_today() AS viewer_today))))) AND ((helped_id = viewer_person()) OR (unit_id IN ( SELECT viewer_naming_units() AS viewer_naming_units))));
create policy acting_is_not_chained on acting as restrictive to app
  using ((( SELECT viewer_acting() AS viewer_acting) IS NULL) OR (helped_id = viewer_person()));
create policy acting_of_viewer on acting for select to app
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
  constraint amendment_is_not_answered_by_who_asked CHECK ((((answered_by <> person_id) AND (answered_by <> asked_by)) OR (outcome = 'withdrawn'::text))),
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
create policy audit_entry_of_a_document_of_viewer on audit_entry as restrictive for select to app
  using ((subject_type <> 'document'::text) OR (EXISTS ( SELECT
   FROM document
  WHERE (document.id =
        CASE
            WHEN (audit_entry.subject_type = 'document'::text) THEN (audit_entry.subject_id)::uuid
            ELSE NULL::uuid
        END))));
create policy audit_entry_of_a_material_of_viewer on audit_entry as restrictive for select to app
  using ((subject_type <> 'material'::text) OR (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) OR ((action <> ALL (ARRAY['material.added'::text, 'material.written'::text])) AND (EXISTS ( SELECT
   FROM material
  WHERE (material.id =
        CASE
            WHEN (audit_entry.subject_type = 'material'::text) THEN (audit_entry.subject_id)::uuid
            ELSE NULL::uuid
        END)))));
create policy audit_entry_of_an_answer_of_viewer on audit_entry as restrictive for select to app
  using ((action <> 'acknowledgement.given'::text) OR (actor_id = viewer_person()) OR (actor_id = ( SELECT viewer_acting() AS viewer_acting)) OR (unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)));
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

create table booklet_question (
  id uuid not null,
  version_id uuid not null,
  "position" smallint not null,
  part text,
  question text not null,
  answer text not null,
  search tsvector not null generated always as ((setweight(to_tsvector('simple'::regconfig, plain_words(question)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, plain_words(answer)), 'B'::"char"))) stored,
  constraint booklet_question_pkey PRIMARY KEY (id),
  constraint booklet_question_stands_in_one_place UNIQUE (version_id, "position"),
  constraint booklet_question_version_id_fkey FOREIGN KEY (version_id) REFERENCES material_version(id),
  constraint booklet_question_has_words CHECK (((btrim(question) <> ''::text) AND (btrim(answer) <> ''::text)))
);
CREATE INDEX booklet_question_search ON public.booklet_question USING gin (search);
alter table booklet_question enable row level security;
create policy booklet_question_is_kept_in_its_unit on booklet_question for insert to app
  with check (EXISTS ( SELECT
   FROM material_version
  WHERE ((material_version.id = booklet_question.version_id) AND (material_version.unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)))));
create policy booklet_question_is_read_with_its_version on booklet_question for select to app
  using (EXISTS ( SELECT
   FROM material_version
  WHERE (material_version.id = booklet_question.version_id)));
grant insert, select on booklet_question to app;

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

create table calendar_link (
  person_id uuid not null,
  hash bytea not null,
  made_at timestamp with time zone not null default now(),
  constraint calendar_link_pkey PRIMARY KEY (person_id),
  constraint calendar_link_is_unique UNIQUE (hash),
  constraint calendar_link_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint calendar_link_hash_is_sha256 CHECK ((octet_length(hash) = 32))
);
alter table calendar_link enable row level security;
create policy calendar_link_of_viewer on calendar_link to app
  using ((person_id = viewer_person()) AND (( SELECT viewer_acting() AS viewer_acting) IS NULL));
grant delete, insert, select, update on calendar_link to app;

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
  using ((id IN ( SELECT viewer_campaigns() AS viewer_campaigns)) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = campaign.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))));
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

create table clause_answer (
  id uuid not null,
  clause_id uuid not null,
  by_document_id uuid not null,
  by_clause_id uuid,
  unit_id uuid not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  source fact_source not null,
  on_behalf_of uuid,
  constraint clause_answer_pkey PRIMARY KEY (id),
  constraint clause_is_answered_once_by_each UNIQUE NULLS NOT DISTINCT (clause_id, by_document_id, by_clause_id),
  constraint answering_clause_is_of_its_document FOREIGN KEY (by_clause_id, by_document_id) REFERENCES document_clause(id, document_id) ON DELETE CASCADE,
  constraint clause_answer_by_document_id_fkey FOREIGN KEY (by_document_id) REFERENCES document(id) ON DELETE CASCADE,
  constraint clause_answer_clause_id_fkey FOREIGN KEY (clause_id) REFERENCES document_clause(id) ON DELETE CASCADE,
  constraint clause_answer_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint clause_answer_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint clause_answer_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
);
CREATE INDEX clause_answer_by_clause ON public.clause_answer USING btree (by_clause_id) WHERE (by_clause_id IS NOT NULL);
CREATE INDEX clause_answer_by_document ON public.clause_answer USING btree (by_document_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.clause_answer FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table clause_answer enable row level security;
create policy clause_answer_is_kept_by_its_unit on clause_answer to app
  using ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) AND (EXISTS ( SELECT
   FROM document
  WHERE ((document.id = clause_answer.by_document_id) AND (document.unit_id = clause_answer.unit_id)))) AND (EXISTS ( SELECT
   FROM document_clause
  WHERE (document_clause.id = clause_answer.clause_id))));
create policy clause_answer_of_viewer on clause_answer for select to app
  using (EXISTS ( SELECT
   FROM document
  WHERE (document.id = clause_answer.by_document_id)));
grant delete, insert, select, update on clause_answer to app;

create table committee_term (
  id uuid not null,
  unit_id uuid not null,
  name text not null,
  during daterange not null,
  version integer not null default 1,
  constraint committee_term_pkey PRIMARY KEY (id),
  constraint committee_term_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint committee_term_begins CHECK (((NOT isempty(during)) AND (NOT lower_inf(during)))),
  constraint committee_term_has_a_name CHECK ((btrim(name) <> ''::text)),
  constraint committee_has_one_term_a_day EXCLUDE USING gist (unit_id WITH =, during WITH &&)
);
CREATE TRIGGER committee_term_takes_in_documents AFTER INSERT OR UPDATE OF during ON public.committee_term FOR EACH ROW EXECUTE FUNCTION term_takes_in_documents();
alter table committee_term enable row level security;
create policy committee_term_is_kept_by_its_unit on committee_term to app
  using (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units))
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy committee_term_of_viewer on committee_term for select to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = committee_term.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_chain() AS viewer_chain)));
grant insert, select, update on committee_term to app;

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

create table document (
  id uuid not null,
  unit_id uuid not null,
  issuer_id uuid,
  issuer_name text,
  campaign_id uuid,
  type text not null,
  grammar text not null,
  number integer,
  symbol text,
  series text not null default ''::text,
  term_id uuid,
  series_year smallint,
  abstract text not null,
  urgency text not null default 'normal'::text,
  issued_on date,
  received_on date,
  place text,
  signer_name text,
  signer_position text,
  signed_as text,
  text text,
  state text not null default 'draft'::text,
  author_id uuid,
  version integer not null default 1,
  recorded_at timestamp with time zone not null default now(),
  recorded_by uuid,
  on_behalf_of uuid,
  source fact_source not null,
  issued_at timestamp with time zone,
  issued_by uuid,
  withdrawn_at timestamp with time zone,
  withdrawn_by uuid,
  withdrawn_reason text,
  search tsvector not null default ''::tsvector,
  constraint document_pkey PRIMARY KEY (id),
  constraint document_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id),
  constraint document_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint document_issued_by_fkey FOREIGN KEY (issued_by) REFERENCES person(id),
  constraint document_issuer_id_fkey FOREIGN KEY (issuer_id) REFERENCES unit(id),
  constraint document_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint document_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint document_term_id_fkey FOREIGN KEY (term_id) REFERENCES committee_term(id),
  constraint document_type_fkey FOREIGN KEY (type) REFERENCES document_type(key),
  constraint document_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint document_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES person(id),
  constraint document_grammar_is_known CHECK ((grammar = ANY (ARRAY['party'::text, 'state'::text]))),
  constraint document_has_an_abstract CHECK (((length(btrim(abstract)) >= 1) AND (length(btrim(abstract)) <= 2000))),
  constraint document_has_one_issuer CHECK (((issuer_id IS NULL) <> (issuer_name IS NULL))),
  constraint document_issuer_has_a_name CHECK ((btrim(issuer_name) <> ''::text)),
  constraint document_number_is_one CHECK (((number >= 1) AND (number <= 99999))),
  constraint document_state_is_known CHECK ((state = ANY (ARRAY['draft'::text, 'issued'::text, 'withdrawn'::text]))),
  constraint document_text_is_of_a_size CHECK ((length(text) <= 500000)),
  constraint document_urgency_is_known CHECK ((urgency = ANY (ARRAY['normal'::text, 'urgent'::text, 'very_urgent'::text, 'express'::text]))),
  constraint document_withdrawn_says_why CHECK (((state = 'withdrawn'::text) = ((withdrawn_at IS NOT NULL) AND (btrim(COALESCE(withdrawn_reason, ''::text)) <> ''::text)))),
  constraint draft_has_no_number CHECK (((state <> 'draft'::text) OR (number IS NULL))),
  constraint draft_is_ones_own CHECK (((state <> 'draft'::text) OR (issuer_id = unit_id))),
  constraint issued_document_has_its_day CHECK (((state = 'draft'::text) OR ((issued_on IS NOT NULL) AND (issued_at IS NOT NULL)))),
  constraint own_document_is_numbered CHECK (((state = 'draft'::text) OR (issuer_id IS DISTINCT FROM unit_id) OR (number IS NOT NULL) OR (author_id IS NOT NULL))),
  constraint personal_plan_is_of_ones_unit CHECK (((author_id IS NULL) OR (issuer_id = unit_id)))
);
CREATE INDEX document_by_campaign ON public.document USING btree (campaign_id);
CREATE INDEX document_by_day ON public.document USING btree (issued_on DESC, id) WHERE (state <> 'draft'::text);
CREATE INDEX document_by_issuer ON public.document USING btree (issuer_id);
CREATE INDEX document_by_unit ON public.document USING btree (unit_id, issued_on DESC);
CREATE UNIQUE INDEX document_is_registered_once ON public.document USING btree (unit_id, COALESCE((issuer_id)::text, fold(issuer_name)), type, number, issued_on) WHERE ((issuer_id IS DISTINCT FROM unit_id) AND (state = 'issued'::text) AND (number IS NOT NULL));
CREATE UNIQUE INDEX document_number_is_used_once ON public.document USING btree (unit_id, series, term_id, series_year, number) NULLS NOT DISTINCT WHERE ((issuer_id = unit_id) AND (state <> 'draft'::text) AND (number IS NOT NULL));
CREATE INDEX document_search ON public.document USING gin (search);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.document FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
CREATE TRIGGER document_finds_its_series BEFORE INSERT OR UPDATE ON public.document FOR EACH ROW EXECUTE FUNCTION document_finds_its_series();
alter table document enable row level security;
create policy document_is_kept_in_its_unit on document for update to app
  using (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units))
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy document_is_written_in_its_unit on document for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy document_of_viewer on document for select to app
  using ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) OR (author_id = viewer_person()) OR ((state <> 'draft'::text) AND (author_id IS NULL) AND ((unit_id IN ( SELECT viewer_chain() AS viewer_chain)) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = document.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (id IN ( SELECT viewer_received_documents() AS viewer_received_documents)))) OR ((state <> 'draft'::text) AND (author_id IS NOT NULL) AND (unit_id IN ( SELECT viewer_people_units() AS viewer_people_units))));
create policy draft_is_discarded_in_its_unit on document for delete to app
  using ((state = 'draft'::text) AND (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)));
create policy draft_is_not_borrowed on document as restrictive for select to app
  using ((state <> 'draft'::text) OR (( SELECT viewer_acting() AS viewer_acting) IS NULL));
grant delete, insert, select, update on document to app;

create table document_body (
  document_id uuid not null,
  unit_id uuid not null,
  blocks jsonb not null,
  tasks jsonb not null default '[]'::jsonb,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  source fact_source not null,
  on_behalf_of uuid,
  constraint document_body_pkey PRIMARY KEY (document_id),
  constraint document_body_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE CASCADE,
  constraint document_body_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint document_body_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint document_body_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint document_body_is_a_list CHECK (((jsonb_typeof(blocks) = 'array'::text) AND (jsonb_typeof(tasks) = 'array'::text))),
  constraint document_body_is_of_a_size CHECK (((length((blocks)::text) <= 600000) AND (length((tasks)::text) <= 200000)))
);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.document_body FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table document_body enable row level security;
create policy document_body_is_kept_by_its_unit on document_body to app
  using ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) AND (EXISTS ( SELECT
   FROM document
  WHERE ((document.id = document_body.document_id) AND (document.unit_id = document_body.unit_id)))));
create policy document_body_of_viewer on document_body for select to app
  using (EXISTS ( SELECT
   FROM document
  WHERE (document.id = document_body.document_id)));
grant delete, insert, select, update on document_body to app;

create table document_clause (
  id uuid not null,
  document_id uuid not null,
  unit_id uuid not null,
  key text not null,
  text text not null,
  "position" integer not null,
  depth smallint not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  source fact_source not null,
  on_behalf_of uuid,
  constraint document_clause_pkey PRIMARY KEY (id),
  constraint clause_is_known_with_its_document UNIQUE (id, document_id),
  constraint clause_is_named_once_a_document UNIQUE (document_id, key),
  constraint document_clause_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE CASCADE,
  constraint document_clause_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint document_clause_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint document_clause_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint clause_depth_is_of_the_grammar CHECK (((depth >= 1) AND (depth <= 5))),
  constraint clause_has_a_text CHECK (((btrim(text) <> ''::text) AND (length(text) <= 2000))),
  constraint clause_key_is_of_the_grammar CHECK (((key ~ '^(?=.)([IVXL]+(?=$|[.]))?([.]?[0-9]{1,3}([.][0-9]{1,3}){0,2})?([.]?[abcdđeghiklmnopqrstuvxy])?$'::text) AND (key !~ '^[.a-zđ]'::text)))
);
CREATE INDEX document_clause_by_unit ON public.document_clause USING btree (unit_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.document_clause FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table document_clause enable row level security;
create policy document_clause_is_kept_by_its_unit on document_clause to app
  using ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) AND (EXISTS ( SELECT
   FROM document
  WHERE ((document.id = document_clause.document_id) AND (document.unit_id = document_clause.unit_id)))));
create policy document_clause_of_viewer on document_clause for select to app
  using (EXISTS ( SELECT
   FROM document
  WHERE (document.id = document_clause.document_id)));
grant delete, insert, select, update on document_clause to app;

create table document_correction (
  id uuid not null,
  document_id uuid not null,
  unit_id uuid not null,
  of_version integer not null,
  changes jsonb not null,
  reason text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  on_behalf_of uuid,
  source fact_source not null,
  constraint document_correction_pkey PRIMARY KEY (id),
  constraint document_is_corrected_once_a_version UNIQUE (document_id, of_version),
  constraint document_correction_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id),
  constraint document_correction_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint document_correction_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint document_correction_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint correction_changes_something CHECK (((jsonb_typeof(changes) = 'array'::text) AND (changes <> '[]'::jsonb))),
  constraint correction_reason_is_short CHECK ((length(reason) <= 300))
);
CREATE INDEX document_correction_by_unit ON public.document_correction USING btree (unit_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.document_correction FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table document_correction enable row level security;
create policy document_correction_of_viewer on document_correction for select to app
  using (EXISTS ( SELECT
   FROM document
  WHERE (document.id = document_correction.document_id)));
create policy document_is_corrected_in_its_unit on document_correction for insert to app
  with check ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) AND (EXISTS ( SELECT
   FROM document
  WHERE ((document.id = document_correction.document_id) AND (document.unit_id = document_correction.unit_id) AND (document.state = 'issued'::text)))));
grant insert, select on document_correction to app;

create table document_file (
  id uuid not null,
  document_id uuid not null,
  file_sha256 bytea not null,
  name text not null,
  kind text not null,
  recorded_at timestamp with time zone not null default now(),
  recorded_by uuid,
  on_behalf_of uuid,
  source fact_source not null,
  superseded_at timestamp with time zone,
  superseded_by uuid,
  constraint document_file_pkey PRIMARY KEY (id),
  constraint document_file_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE CASCADE,
  constraint document_file_file_sha256_fkey FOREIGN KEY (file_sha256) REFERENCES file(sha256),
  constraint document_file_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint document_file_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint document_file_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES document_file(id),
  constraint document_file_has_a_name CHECK (((length(btrim(name)) >= 1) AND (length(btrim(name)) <= 255))),
  constraint document_file_kind_is_known CHECK ((kind = ANY (ARRAY['scan'::text, 'signed'::text, 'text'::text, 'annex'::text])))
);
CREATE INDEX document_file_by_document ON public.document_file USING btree (document_id);
CREATE INDEX document_file_by_file ON public.document_file USING btree (file_sha256);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.document_file FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table document_file enable row level security;
create policy document_file_is_kept_by_its_unit on document_file to app
  using (EXISTS ( SELECT
   FROM document
  WHERE ((document.id = document_file.document_id) AND (document.unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)))));
create policy document_file_of_viewer on document_file for select to app
  using ((superseded_at IS NULL) AND (EXISTS ( SELECT
   FROM document
  WHERE (document.id = document_file.document_id))));
grant insert, select, update on document_file to app;

create table document_recipient (
  id uuid not null default gen_random_uuid(),
  document_id uuid not null,
  unit_id uuid,
  name text not null,
  "position" smallint not null default 0,
  is_beneath boolean not null default false,
  is_one_of_them boolean not null default false,
  received_at timestamp with time zone,
  received_by uuid,
  constraint document_recipient_pkey PRIMARY KEY (id),
  constraint document_recipient_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE CASCADE,
  constraint document_recipient_received_by_fkey FOREIGN KEY (received_by) REFERENCES person(id),
  constraint document_recipient_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint document_recipient_has_a_name CHECK ((btrim(name) <> ''::text)),
  constraint units_alone_receive CHECK (((received_at IS NULL) OR (unit_id IS NOT NULL)))
);
CREATE UNIQUE INDEX document_goes_to_a_unit_once ON public.document_recipient USING btree (document_id, unit_id) WHERE (unit_id IS NOT NULL);
CREATE INDEX document_recipient_by_document ON public.document_recipient USING btree (document_id, "position");
CREATE INDEX document_recipient_by_unit ON public.document_recipient USING btree (unit_id);
CREATE TRIGGER received_copy_stays BEFORE DELETE ON public.document_recipient FOR EACH ROW EXECUTE FUNCTION refuse_to_forget_receipt();
alter table document_recipient enable row level security;
create policy document_is_received_by_its_recipient on document_recipient for update to app
  using ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) AND (EXISTS ( SELECT
   FROM document
  WHERE ((document.id = document_recipient.document_id) AND (document.state <> 'draft'::text)))));
create policy document_recipient_is_kept_by_its_unit on document_recipient to app
  using (EXISTS ( SELECT
   FROM document
  WHERE ((document.id = document_recipient.document_id) AND (document.unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)))));
create policy document_recipient_of_viewer on document_recipient for select to app
  using (EXISTS ( SELECT
   FROM document
  WHERE (document.id = document_recipient.document_id)));
grant delete, insert, select on document_recipient to app;
grant update ("position", is_one_of_them, received_at, received_by) on document_recipient to app;

create table document_relation (
  from_id uuid not null,
  kind text not null,
  to_id uuid not null,
  constraint document_relation_pkey PRIMARY KEY (from_id, kind, to_id),
  constraint document_relation_from_id_fkey FOREIGN KEY (from_id) REFERENCES document(id) ON DELETE CASCADE,
  constraint document_relation_to_id_fkey FOREIGN KEY (to_id) REFERENCES document(id),
  constraint document_relates_to_another CHECK ((from_id <> to_id)),
  constraint document_relation_kind_is_known CHECK ((kind = ANY (ARRAY['answers'::text, 'carries_out'::text, 'amends'::text, 'replaces'::text, 'based_on'::text])))
);
CREATE INDEX document_relation_by_target ON public.document_relation USING btree (to_id, kind);
CREATE TRIGGER document_relations_have_no_circle AFTER INSERT ON public.document_relation FOR EACH ROW EXECUTE FUNCTION refuse_relation_circle();
alter table document_relation enable row level security;
create policy document_relation_is_kept_by_its_unit on document_relation to app
  using ((EXISTS ( SELECT
   FROM document
  WHERE ((document.id = document_relation.from_id) AND (document.unit_id IN ( SELECT viewer_office_units() AS viewer_office_units))))) AND (EXISTS ( SELECT
   FROM document
  WHERE (document.id = document_relation.to_id))));
create policy document_relation_of_viewer on document_relation for select to app
  using ((EXISTS ( SELECT
   FROM document
  WHERE (document.id = document_relation.from_id))) AND (EXISTS ( SELECT
   FROM document
  WHERE (document.id = document_relation.to_id))));
grant delete, insert, select on document_relation to app;

create table document_type (
  key text not null,
  name text not null,
  english text not null,
  party text not null,
  state text not null,
  "position" smallint not null,
  constraint document_type_pkey PRIMARY KEY (key),
  constraint document_type_position_key UNIQUE ("position")
);
alter table document_type enable row level security;
create policy document_type_is_read_by_all on document_type for select to app
  using true;
grant select on document_type to app;

create table document_type_rule (
  id uuid not null default gen_random_uuid(),
  unit_kind text not null,
  type text not null,
  basis text not null,
  instead text[] not null,
  during daterange not null,
  constraint document_type_rule_pkey PRIMARY KEY (id),
  constraint document_type_rule_type_fkey FOREIGN KEY (type) REFERENCES document_type(key),
  constraint document_type_rule_unit_kind_fkey FOREIGN KEY (unit_kind) REFERENCES unit_kind(key),
  constraint document_type_is_ruled_once_a_day EXCLUDE USING gist (unit_kind WITH =, type WITH =, during WITH &&)
);
alter table document_type_rule enable row level security;
create policy document_type_rule_is_read_by_all on document_type_rule for select to app
  using true;
grant select on document_type_rule to app;

create table document_upload (
  id uuid not null,
  person_id uuid not null,
  file_sha256 bytea not null,
  name text not null,
  suggested jsonb not null,
  brought_at timestamp with time zone not null default now(),
  constraint document_upload_pkey PRIMARY KEY (id),
  constraint document_upload_file_sha256_fkey FOREIGN KEY (file_sha256) REFERENCES file(sha256),
  constraint document_upload_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
CREATE INDEX document_upload_by_file ON public.document_upload USING btree (file_sha256);
CREATE INDEX document_upload_by_person ON public.document_upload USING btree (person_id);
alter table document_upload enable row level security;
create policy document_upload_is_ones_own on document_upload to app
  using (person_id = viewer_person())
  with check (person_id = viewer_person());
grant delete, insert, select on document_upload to app;

create table duty (
  id uuid not null default gen_random_uuid(),
  rule_id uuid not null,
  campaign_id uuid not null,
  unit_id uuid not null,
  kind text not null,
  role text,
  period text not null default ''::text,
  due_on date,
  detail jsonb not null,
  laid_on date not null,
  done_on date,
  done_what text,
  done_by uuid,
  waived_at timestamp with time zone,
  waived_by uuid,
  waived_for_unit_id uuid,
  waived_reason text,
  dropped_on date,
  escalated_on date,
  version integer not null default 1,
  constraint duty_pkey PRIMARY KEY (id),
  constraint duty_is_laid_once UNIQUE NULLS NOT DISTINCT (rule_id, unit_id, role, period),
  constraint duty_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint duty_kind_fkey FOREIGN KEY (kind) REFERENCES duty_kind(key),
  constraint duty_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES duty_rule(id),
  constraint duty_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint duty_waived_by_fkey FOREIGN KEY (waived_by) REFERENCES person(id),
  constraint duty_waived_for_unit_id_fkey FOREIGN KEY (waived_for_unit_id) REFERENCES unit(id),
  constraint duty_is_done_by_a_record CHECK ((num_nulls(done_on, done_what, done_by) = ANY (ARRAY[0, 3]))),
  constraint duty_is_dropped_while_open CHECK (((dropped_on IS NULL) OR ((done_on IS NULL) AND (waived_at IS NULL)))),
  constraint duty_is_waived_with_a_reason CHECK ((((waived_at IS NULL) = (waived_reason IS NULL)) AND (btrim(waived_reason) <> ''::text)))
);
CREATE INDEX duty_by_unit ON public.duty USING btree (unit_id, campaign_id) INCLUDE (kind, due_on, done_on, waived_at, dropped_on);
CREATE INDEX duty_late_by_day ON public.duty USING btree (due_on) WHERE ((done_on IS NULL) AND (waived_at IS NULL) AND (dropped_on IS NULL) AND (escalated_on IS NULL));
CREATE INDEX duty_open_by_unit ON public.duty USING btree (unit_id, due_on) WHERE ((done_on IS NULL) AND (waived_at IS NULL) AND (dropped_on IS NULL));
alter table duty enable row level security;
create policy duty_is_waived_from_above on duty for update to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = duty.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR ((role IS NOT NULL) AND (unit_id IN ( SELECT viewer_headed_units() AS viewer_headed_units))))
  with check ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = duty.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_office_units() AS viewer_office_units))) AND (unit_ancestor.depth > 0)))) OR (EXISTS ( SELECT
   FROM duty_rule
  WHERE ((duty_rule.id = duty.rule_id) AND (duty_rule.unit_id IN ( SELECT viewer_office_units() AS viewer_office_units))))));
create policy duty_of_viewer on duty for select to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = duty.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR ((role IS NOT NULL) AND (unit_id IN ( SELECT viewer_headed_units() AS viewer_headed_units))));
grant select on duty to app;
grant update (waived_at, waived_by, waived_for_unit_id, waived_reason, version) on duty to app;

create table duty_kind (
  key text not null,
  fulfilled_by text not null,
  "position" smallint not null,
  constraint duty_kind_pkey PRIMARY KEY (key),
  constraint duty_kind_position_key UNIQUE ("position")
);
alter table duty_kind enable row level security;
create policy duty_kind_is_read_by_all on duty_kind for select to app
  using true;
grant select on duty_kind to app;

create table duty_laying (
  id uuid not null default gen_random_uuid(),
  rule_id uuid not null,
  reason text not null,
  day date not null,
  units integer not null,
  units_done integer not null default 0,
  after_unit uuid,
  added integer not null default 0,
  moved integer not null default 0,
  dropped integer not null default 0,
  restored integer not null default 0,
  kept integer not null default 0,
  started_at timestamp with time zone not null default clock_timestamp(),
  started_by uuid,
  on_behalf_of uuid,
  ended_at timestamp with time zone,
  constraint duty_laying_pkey PRIMARY KEY (id),
  constraint duty_laying_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint duty_laying_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES duty_rule(id),
  constraint duty_laying_started_by_fkey FOREIGN KEY (started_by) REFERENCES person(id),
  constraint duty_laying_reason_is_known CHECK ((reason = ANY (ARRAY['made'::text, 'changed'::text, 'ended'::text, 'organisation'::text])))
);
CREATE INDEX duty_laying_by_rule ON public.duty_laying USING btree (rule_id, started_at);
CREATE UNIQUE INDEX rule_is_laid_once_at_a_time ON public.duty_laying USING btree (rule_id) WHERE (ended_at IS NULL);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.duty_laying FOR EACH ROW EXECUTE FUNCTION keep_both_names('started_by');
alter table duty_laying enable row level security;
create policy duty_laying_of_viewer on duty_laying to app
  using (EXISTS ( SELECT
   FROM duty_rule
  WHERE (duty_rule.id = duty_laying.rule_id)));
grant select on duty_laying to app;

create table duty_rule (
  id uuid not null,
  campaign_id uuid not null,
  unit_id uuid not null,
  basis_id uuid,
  kind text not null,
  title text not null,
  role text,
  kinds text[] not null default '{}'::text[],
  depth_from smallint not null default 1,
  depth_to smallint,
  own_members boolean not null default false,
  detail jsonb not null default '{}'::jsonb,
  due_mode text not null,
  due_on date,
  due_days smallint,
  due_monthday smallint,
  from_on date,
  until_on date,
  late_notice_days smallint,
  state text not null default 'laying'::text,
  laid_over text,
  version integer not null default 1,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  source fact_source not null,
  on_behalf_of uuid,
  constraint duty_rule_pkey PRIMARY KEY (id),
  constraint duty_rule_basis_id_fkey FOREIGN KEY (basis_id) REFERENCES document(id),
  constraint duty_rule_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint duty_rule_kind_fkey FOREIGN KEY (kind) REFERENCES duty_kind(key),
  constraint duty_rule_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint duty_rule_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint duty_rule_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint duty_rule_depths_are_in_order CHECK (((depth_from = ANY (ARRAY[0, 1])) AND (depth_to >= depth_from))),
  constraint duty_rule_detail_is_an_object CHECK ((jsonb_typeof(detail) = 'object'::text)),
  constraint duty_rule_due_is_whole CHECK (
CASE due_mode
    WHEN 'day'::text THEN (due_on IS NOT NULL)
    WHEN 'after_basis'::text THEN ((basis_id IS NOT NULL) AND ((due_days >= 0) AND (due_days <= 1000)))
    WHEN 'after_superior'::text THEN ((due_days >= 0) AND (due_days <= 1000))
    WHEN 'monthly'::text THEN (((due_monthday >= 1) AND (due_monthday <= 31)) AND (from_on <= until_on) AND (until_on < (from_on + 3700)))
    ELSE false
END),
  constraint duty_rule_has_a_title CHECK (((btrim(title) <> ''::text) AND (length(title) <= 300))),
  constraint duty_rule_late_notice_is_some_days CHECK (((late_notice_days >= 1) AND (late_notice_days <= 365))),
  constraint duty_rule_role_is_known CHECK ((role = 'secretary'::text)),
  constraint duty_rule_state_is_known CHECK ((state = ANY (ARRAY['laying'::text, 'active'::text, 'ended'::text])))
);
CREATE INDEX duty_rule_by_basis ON public.duty_rule USING btree (basis_id) WHERE (basis_id IS NOT NULL);
CREATE INDEX duty_rule_by_campaign ON public.duty_rule USING btree (campaign_id);
CREATE INDEX duty_rule_by_unit ON public.duty_rule USING btree (unit_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.duty_rule FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table duty_rule enable row level security;
create policy duty_rule_is_changed_in_its_unit on duty_rule for update to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = duty_rule.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_ordering_units() AS viewer_ordering_units)))
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy duty_rule_is_made_in_its_unit on duty_rule for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy duty_rule_of_viewer on duty_rule for select to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = duty_rule.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_ordering_units() AS viewer_ordering_units)));
grant insert, select, update on duty_rule to app;

create table duty_urge (
  id uuid not null default gen_random_uuid(),
  campaign_id uuid,
  unit_id uuid not null,
  by_unit_id uuid not null,
  owed jsonb not null,
  note text,
  is_again boolean not null default false,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  on_behalf_of uuid,
  constraint duty_urge_pkey PRIMARY KEY (id),
  constraint duty_urge_by_unit_id_fkey FOREIGN KEY (by_unit_id) REFERENCES unit(id),
  constraint duty_urge_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint duty_urge_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint duty_urge_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint duty_urge_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint duty_urge_note_is_of_a_size CHECK (((length(note) >= 1) AND (length(note) <= 1000)))
);
CREATE INDEX duty_urge_by_unit ON public.duty_urge USING btree (unit_id, recorded_at);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.duty_urge FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table duty_urge enable row level security;
create policy duty_urge_of_viewer on duty_urge for select to app
  using (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = duty_urge.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))));
create policy unit_is_urged_in_ones_own_name on duty_urge for insert to app
  with check ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = duty_urge.unit_id) AND (unit_ancestor.ancestor_id = duty_urge.by_unit_id) AND (unit_ancestor.depth > 0)))) AND (by_unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)));
grant insert, select on duty_urge to app;

create table evidence (
  id uuid not null,
  filing_id uuid not null,
  name text not null,
  content_type text not null,
  sha256 bytea not null,
  size_bytes integer not null,
  content bytea,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid,
  handed_up_at timestamp with time zone,
  on_behalf_of uuid,
  file_sha256 bytea,
  constraint evidence_pkey PRIMARY KEY (id),
  constraint evidence_file_sha256_fkey FOREIGN KEY (file_sha256) REFERENCES file(sha256),
  constraint evidence_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filing(id),
  constraint evidence_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint evidence_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint evidence_file_is_its_own CHECK ((file_sha256 = sha256)),
  constraint evidence_is_of_a_size CHECK ((((size_bytes >= 1) AND (size_bytes <= 10485760)) AND ((content IS NULL) OR (size_bytes = octet_length(content))))),
  constraint evidence_lies_in_one_place CHECK (((content IS NULL) <> (file_sha256 IS NULL))),
  constraint evidence_type_is_allowed CHECK ((content_type = ANY (ARRAY['application/pdf'::text, 'image/jpeg'::text, 'image/png'::text])))
);
CREATE INDEX evidence_by_file ON public.evidence USING btree (file_sha256);
CREATE INDEX evidence_by_filing ON public.evidence USING btree (filing_id);
CREATE INDEX evidence_to_move ON public.evidence USING btree (id) WHERE (file_sha256 IS NULL);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.evidence FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table evidence enable row level security;
create policy evidence_of_viewer on evidence to app
  using (((handed_up_at IS NOT NULL) AND (filing_id IN ( SELECT filing.id
   FROM filing))) OR (filing_id IN ( SELECT viewer_draft_filings() AS viewer_draft_filings)));
grant insert, select on evidence to app;
grant update (handed_up_at) on evidence to app;

create table file (
  sha256 bytea not null,
  size_bytes bigint not null,
  media_type text not null,
  stored_at timestamp with time zone not null default clock_timestamp(),
  used_at timestamp with time zone not null default clock_timestamp(),
  constraint file_pkey PRIMARY KEY (sha256),
  constraint file_is_named_by_a_sha256 CHECK ((octet_length(sha256) = 32)),
  constraint file_is_of_a_size CHECK ((size_bytes > 0))
);
CREATE INDEX file_by_use ON public.file USING btree (used_at);
alter table file enable row level security;
create policy file_through_document_file on file for select to app
  using (EXISTS ( SELECT
   FROM document_file
  WHERE (document_file.file_sha256 = file.sha256)));
create policy file_through_document_upload on file for select to app
  using (EXISTS ( SELECT
   FROM document_upload
  WHERE (document_upload.file_sha256 = file.sha256)));
create policy file_through_evidence on file for select to app
  using (EXISTS ( SELECT
   FROM evidence
  WHERE (evidence.file_sha256 = file.sha256)));
grant select on file to app;

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

create table import_basis (
  import_id uuid not null,
  seen pg_snapshot not null,
  as_of date not null,
  server_since timestamp with time zone not null default pg_postmaster_start_time(),
  seen_at timestamp with time zone not null default clock_timestamp(),
  constraint import_basis_pkey PRIMARY KEY (import_id),
  constraint import_basis_import_id_fkey FOREIGN KEY (import_id) REFERENCES import(id) ON DELETE CASCADE
);
alter table import_basis enable row level security;

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
CREATE TRIGGER change_is_noted AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.inspection_assignment FOR EACH STATEMENT EXECUTE FUNCTION note_organisation_change();
alter table inspection_assignment enable row level security;
create policy inspection_assignment_is_not_borrowed on inspection_assignment as restrictive to app
  using (( SELECT viewer_acting() AS viewer_acting) IS NULL);
create policy inspection_assignment_of_viewer on inspection_assignment to app
  using ((unit_id IN ( SELECT viewer_led_units() AS viewer_led_units)) OR (person_id = viewer_person()));
grant select on inspection_assignment to app;

create table look_up (
  person_id uuid not null,
  on_day date not null,
  found_id uuid not null,
  constraint look_up_pkey PRIMARY KEY (person_id, on_day, found_id),
  constraint look_up_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
alter table look_up enable row level security;

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

create table material (
  id uuid not null,
  unit_id uuid not null,
  campaign_id uuid not null,
  kind text not null,
  title text not null,
  reach_by date,
  published_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  withdrawn_because text,
  version integer not null default 1,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid not null,
  source text not null,
  search text not null generated always as (fold(title)) stored,
  on_behalf_of uuid,
  constraint material_pkey PRIMARY KEY (id),
  constraint material_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint material_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint material_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint material_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint material_has_a_title CHECK (((length(btrim(title)) >= 1) AND (length(btrim(title)) <= 300))),
  constraint material_kind_is_known CHECK ((kind = ANY (ARRAY['outline'::text, 'booklet'::text, 'slides'::text, 'recording'::text, 'other'::text]))),
  constraint withdrawn_material_says_why CHECK (((withdrawn_at IS NULL) = (withdrawn_because IS NULL)))
);
CREATE INDEX material_by_campaign ON public.material USING btree (campaign_id, unit_id);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.material FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table material enable row level security;
create policy material_is_changed_in_its_unit on material for update to app
  using (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy material_is_made_for_ones_unit on material for insert to app
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy material_of_viewer on material for select to app
  using ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) OR ((published_at IS NOT NULL) AND ((unit_id IN ( SELECT viewer_chain() AS viewer_chain)) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = material.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))))));
grant insert, select on material to app;
grant update (kind, title, reach_by, published_at, withdrawn_at, withdrawn_because, version) on material to app;

create table material_copy (
  id uuid not null,
  material_id uuid not null,
  version_id uuid not null,
  campaign_id uuid not null,
  from_unit_id uuid not null,
  unit_id uuid not null,
  sent integer not null,
  sent_on date not null,
  reach_by date,
  received integer,
  received_on date,
  note text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  superseded_at timestamp with time zone,
  recorded_by uuid not null,
  source text not null,
  on_behalf_of uuid,
  constraint material_copy_pkey PRIMARY KEY (id),
  constraint material_copy_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id),
  constraint material_copy_from_unit_id_fkey FOREIGN KEY (from_unit_id) REFERENCES unit(id),
  constraint material_copy_material_id_fkey FOREIGN KEY (material_id) REFERENCES material(id),
  constraint material_copy_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint material_copy_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint material_copy_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint material_copy_version_id_fkey FOREIGN KEY (version_id) REFERENCES material_version(id),
  constraint material_copy_comes_after_it_went CHECK ((received_on >= sent_on)),
  constraint material_copy_count_is_plausible CHECK ((((sent >= 1) AND (sent <= 1000000)) AND ((received >= 0) AND (received <= 1000000)))),
  constraint material_copy_goes_to_another CHECK ((from_unit_id <> unit_id)),
  constraint material_copy_is_received_whole CHECK (((received IS NULL) = (received_on IS NULL))),
  constraint material_copy_note_is_short CHECK ((length(note) <= 500))
);
CREATE INDEX material_copy_by_campaign ON public.material_copy USING btree (campaign_id, unit_id) WHERE (superseded_at IS NULL);
CREATE INDEX material_copy_by_sender ON public.material_copy USING btree (material_id, from_unit_id) WHERE (superseded_at IS NULL);
CREATE UNIQUE INDEX unit_has_one_line_of_copies ON public.material_copy USING btree (version_id, unit_id) WHERE (superseded_at IS NULL);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.material_copy FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table material_copy enable row level security;
create policy material_copy_is_superseded_by_either_end on material_copy for update to app
  using ((from_unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) OR (unit_id IN ( SELECT viewer_receiving_units() AS viewer_receiving_units)));
create policy material_copy_is_told_by_either_end on material_copy for insert to app
  with check (((from_unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) OR (unit_id IN ( SELECT viewer_receiving_units() AS viewer_receiving_units))) AND (EXISTS ( SELECT
   FROM material
  WHERE ((material.id = material_copy.material_id) AND (material.published_at IS NOT NULL)))) AND (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = material_copy.unit_id) AND (unit_ancestor.ancestor_id = material_copy.from_unit_id) AND (unit_ancestor.depth >= 1)))));
create policy material_copy_of_viewer on material_copy for select to app
  using (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = material_copy.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))));
grant insert, select on material_copy to app;
grant update (superseded_at) on material_copy to app;

create table material_version (
  id uuid not null,
  material_id uuid not null,
  unit_id uuid not null,
  number smallint not null,
  text text not null default ''::text,
  address text,
  file_sha256 bytea,
  file_name text,
  file_type text,
  change_note text,
  published_at timestamp with time zone,
  published_on date,
  version integer not null default 1,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  recorded_by uuid not null,
  on_behalf_of uuid,
  constraint material_version_pkey PRIMARY KEY (id),
  constraint material_version_is_numbered_once UNIQUE (material_id, number),
  constraint material_version_file_sha256_fkey FOREIGN KEY (file_sha256) REFERENCES file(sha256),
  constraint material_version_material_id_fkey FOREIGN KEY (material_id) REFERENCES material(id),
  constraint material_version_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint material_version_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint material_version_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint later_material_version_says_what_is_new CHECK (((number = 1) OR (published_at IS NULL) OR (btrim(COALESCE(change_note, ''::text)) <> ''::text))),
  constraint material_file_has_a_name CHECK ((((file_sha256 IS NULL) = (file_name IS NULL)) AND ((file_sha256 IS NULL) = (file_type IS NULL)))),
  constraint material_version_is_of_a_size CHECK (((length(text) <= 1000000) AND (length(change_note) <= 2000) AND (length(address) <= 1000))),
  constraint material_version_is_published_on_a_day CHECK (((published_at IS NULL) = (published_on IS NULL))),
  constraint material_version_number_is_positive CHECK ((number > 0))
);
CREATE UNIQUE INDEX material_has_one_draft ON public.material_version USING btree (material_id) WHERE (published_at IS NULL);
CREATE INDEX material_version_by_file ON public.material_version USING btree (file_sha256) WHERE (file_sha256 IS NOT NULL);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.material_version FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table material_version enable row level security;
create policy material_draft_is_changed_in_its_unit on material_version for update to app
  using ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) AND (published_at IS NULL))
  with check (unit_id IN ( SELECT viewer_office_units() AS viewer_office_units));
create policy material_version_is_made_for_ones_unit on material_version for insert to app
  with check ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) AND (EXISTS ( SELECT
   FROM material
  WHERE ((material.id = material_version.material_id) AND (material.unit_id = material_version.unit_id)))));
create policy material_version_of_viewer on material_version for select to app
  using ((unit_id IN ( SELECT viewer_office_units() AS viewer_office_units)) OR ((published_at IS NOT NULL) AND (EXISTS ( SELECT
   FROM material
  WHERE (material.id = material_version.material_id)))));
grant insert, select on material_version to app;
grant update (text, address, file_sha256, file_name, file_type, change_note, published_at, published_on, version) on material_version to app;

create table member_change (
  id uuid not null,
  person_id uuid,
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
  constraint member_change_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE SET NULL,
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
CREATE TRIGGER change_is_noted AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.membership FOR EACH STATEMENT EXECUTE FUNCTION note_organisation_change();
CREATE TRIGGER last_memberships_are_kept_when_added AFTER INSERT ON public.membership REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_last_memberships();
CREATE TRIGGER last_memberships_are_kept_when_changed AFTER UPDATE ON public.membership REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_last_memberships();
CREATE TRIGGER last_memberships_are_kept_when_removed AFTER DELETE ON public.membership REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_last_memberships();
alter table membership enable row level security;
create policy membership_of_viewer on membership for select to app
  using ((unit_id IN ( SELECT viewer_people_units() AS viewer_people_units)) OR (person_id = viewer_person()) OR (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = membership.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))));
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

create table notice (
  id uuid not null default gen_random_uuid(),
  person_id uuid not null,
  kind text not null,
  about_type text not null,
  about_id uuid,
  unit_id uuid,
  facts jsonb not null default '{}'::jsonb,
  path text not null,
  is_required boolean not null,
  is_urgent boolean not null,
  by_office boolean not null,
  merge_key text,
  occasion integer not null default 1,
  made_at timestamp with time zone not null default now(),
  read_at timestamp with time zone,
  digest_id uuid,
  constraint notice_pkey PRIMARY KEY (id),
  constraint notice_digest_is_a_delivery FOREIGN KEY (digest_id) REFERENCES notice_delivery(id) ON DELETE SET NULL,
  constraint notice_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint notice_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint notice_is_of_a_size CHECK ((((length(kind) >= 1) AND (length(kind) <= 60)) AND ((length(about_type) >= 1) AND (length(about_type) <= 60)) AND (pg_column_size(facts) <= 8000) AND (length(merge_key) <= 200))),
  constraint notice_path_is_of_this_site CHECK (((path ~ '^/([^/\\].*)?$'::text) AND (length(path) <= 500)))
);
CREATE INDEX notice_by_age ON public.notice USING btree (made_at);
CREATE INDEX notice_by_digest ON public.notice USING btree (digest_id) WHERE (digest_id IS NOT NULL);
CREATE INDEX notice_by_person ON public.notice USING btree (person_id, made_at DESC);
CREATE UNIQUE INDEX notice_is_merged_until_read ON public.notice USING btree (person_id, merge_key) WHERE ((read_at IS NULL) AND (merge_key IS NOT NULL));
CREATE INDEX notice_unread ON public.notice USING btree (person_id) WHERE (read_at IS NULL);
alter table notice enable row level security;
create policy notice_is_not_borrowed on notice as restrictive to app
  using ((( SELECT viewer_acting() AS viewer_acting) IS NULL) OR (NOT by_office));
create policy notice_of_viewer on notice to app
  using (person_id = viewer_person());
grant select on notice to app;
grant update (read_at) on notice to app;

create table notice_address (
  id uuid not null,
  person_id uuid not null,
  address text not null,
  language text not null default 'vi'::text,
  asked_at timestamp with time zone not null default now(),
  confirmed_at timestamp with time zone,
  constraint notice_address_pkey PRIMARY KEY (id),
  constraint person_has_one_notice_address UNIQUE (person_id),
  constraint notice_address_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint notice_address_is_plain CHECK (((address ~ '^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$'::text) AND (length(address) <= 254))),
  constraint notice_address_language_is_known CHECK ((language = ANY (ARRAY['vi'::text, 'en'::text])))
);
CREATE TRIGGER notice_address_is_confirmed AFTER INSERT ON public.notice_address FOR EACH ROW EXECUTE FUNCTION ask_for_confirmation();
alter table notice_address enable row level security;
create policy notice_address_of_viewer on notice_address to app
  using ((person_id = viewer_person()) AND (( SELECT viewer_acting() AS viewer_acting) IS NULL));
grant delete, select on notice_address to app;
grant insert (id, person_id, address, language) on notice_address to app;
grant update (language) on notice_address to app;

create table notice_choice (
  person_id uuid not null,
  scope text not null default 'all'::text,
  digest_hour smallint not null default 7,
  quiet_from smallint not null default 22,
  quiet_to smallint not null default 6,
  kinds jsonb not null default '{}'::jsonb,
  version integer not null default 1,
  constraint notice_choice_pkey PRIMARY KEY (person_id),
  constraint notice_choice_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint notice_hours_are_of_a_day CHECK ((((digest_hour >= 0) AND (digest_hour <= 23)) AND ((quiet_from >= 0) AND (quiet_from <= 23)) AND ((quiet_to >= 0) AND (quiet_to <= 23)))),
  constraint notice_scope_is_known CHECK ((scope = ANY (ARRAY['all'::text, 'required'::text])))
);
alter table notice_choice enable row level security;
create policy notice_choice_of_viewer on notice_choice to app
  using ((person_id = viewer_person()) AND (( SELECT viewer_acting() AS viewer_acting) IS NULL));
grant insert, select, update on notice_choice to app;

create table notice_delivery (
  id uuid not null default gen_random_uuid(),
  purpose text not null,
  person_id uuid not null,
  notice_id uuid,
  occasion integer not null default 1,
  webhook_id uuid,
  address_id uuid,
  digest_on date,
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  made_at timestamp with time zone not null default now(),
  not_before timestamp with time zone not null default now(),
  since timestamp with time zone not null default now(),
  claimed_by uuid,
  problem text,
  constraint notice_delivery_pkey PRIMARY KEY (id),
  constraint notice_delivery_address_id_fkey FOREIGN KEY (address_id) REFERENCES notice_address(id) ON DELETE SET NULL,
  constraint notice_delivery_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES notice(id) ON DELETE CASCADE,
  constraint notice_delivery_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint notice_delivery_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhook(id) ON DELETE CASCADE,
  constraint delivery_has_what_it_needs CHECK ((((purpose = ANY (ARRAY['notice'::text, 'webhook'::text])) = (notice_id IS NOT NULL)) AND ((purpose = 'webhook'::text) = (webhook_id IS NOT NULL)) AND ((purpose = 'digest'::text) = (digest_on IS NOT NULL)))),
  constraint delivery_purpose_is_known CHECK ((purpose = ANY (ARRAY['notice'::text, 'digest'::text, 'confirm'::text, 'webhook'::text]))),
  constraint delivery_state_is_known CHECK ((state = ANY (ARRAY['waiting'::text, 'queued'::text, 'sending'::text, 'sent'::text, 'dead'::text, 'dropped'::text, 'held'::text])))
);
CREATE INDEX notice_delivery_by_person ON public.notice_delivery USING btree (person_id, made_at);
CREATE INDEX notice_delivery_by_webhook ON public.notice_delivery USING btree (webhook_id, made_at DESC) WHERE (webhook_id IS NOT NULL);
CREATE INDEX notice_delivery_dead ON public.notice_delivery USING btree (since) WHERE (state = ANY (ARRAY['dead'::text, 'held'::text]));
CREATE INDEX notice_delivery_unsettled ON public.notice_delivery USING btree (state, not_before) WHERE (state = ANY (ARRAY['waiting'::text, 'queued'::text, 'sending'::text]));
CREATE UNIQUE INDEX notice_goes_once_to_a_webhook_an_occasion ON public.notice_delivery USING btree (webhook_id, notice_id, occasion) WHERE (purpose = 'webhook'::text);
CREATE UNIQUE INDEX notice_is_mailed_once_an_occasion ON public.notice_delivery USING btree (notice_id, occasion) WHERE (purpose = 'notice'::text);
CREATE UNIQUE INDEX person_has_one_digest_a_day ON public.notice_delivery USING btree (person_id, digest_on) WHERE (purpose = 'digest'::text);
alter table notice_delivery enable row level security;
create policy notice_delivery_of_viewer on notice_delivery for select to app
  using ((webhook_id IN ( SELECT webhook.id
   FROM webhook)) OR ((webhook_id IS NULL) AND (person_id = viewer_person()) AND (( SELECT viewer_acting() AS viewer_acting) IS NULL)));
grant select on notice_delivery to app;

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
CREATE TRIGGER change_is_noted AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.office FOR EACH STATEMENT EXECUTE FUNCTION note_organisation_change();
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

create table organisation_change (
  transaction xid8 not null default pg_current_xact_id(),
  recorded_at timestamp with time zone not null default clock_timestamp(),
  constraint organisation_change_pkey PRIMARY KEY (transaction)
);
CREATE INDEX organisation_change_by_time ON public.organisation_change USING btree (recorded_at);
alter table organisation_change enable row level security;

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
CREATE INDEX person_by_birth ON public.person USING btree (born_on, fold(name)) INCLUDE (name);
CREATE INDEX person_by_card ON public.person USING btree (card_key(card_number)) INCLUDE (card_number);
CREATE INDEX person_by_name ON public.person USING btree (given_name COLLATE "vi-x-icu", middle_name COLLATE "vi-x-icu", family_name COLLATE "vi-x-icu", born_on, id) WHERE (merged_into IS NULL);
CREATE INDEX person_by_phone ON public.person USING btree (phone_key(phone)) INCLUDE (phone);
CREATE INDEX person_search ON public.person USING gin (((' '::text || search)) gin_trgm_ops);
CREATE TRIGGER change_is_noted AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.person FOR EACH STATEMENT EXECUTE FUNCTION note_organisation_change();
alter table person enable row level security;
create policy person_is_added_by_keeper on person for insert to app
  with check (EXISTS ( SELECT viewer_kept_units() AS viewer_kept_units));
create policy person_is_changed_by_keeper on person for update to app
  using ((id IN ( SELECT viewer_kept_people() AS viewer_kept_people)) OR (EXISTS ( SELECT
   FROM (membership
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = membership.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((membership.person_id = person.id) AND (membership.is_last OR (membership.during @> ( SELECT viewer_today() AS viewer_today))) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))) OR ((EXISTS ( SELECT
   FROM (office
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = office.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((office.person_id = person.id) AND (office.during @> ( SELECT viewer_today() AS viewer_today)) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))) AND is_kept_by_office(id)))
  with check ((id IN ( SELECT viewer_kept_people() AS viewer_kept_people)) OR (EXISTS ( SELECT
   FROM (membership
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = membership.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((membership.person_id = person.id) AND (membership.is_last OR (membership.during @> ( SELECT viewer_today() AS viewer_today))) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))) OR ((EXISTS ( SELECT
   FROM (office
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = office.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((office.person_id = person.id) AND (office.during @> ( SELECT viewer_today() AS viewer_today)) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))) AND is_kept_by_office(id)));
create policy person_of_viewer on person for select to app
  using ((id IN ( SELECT viewer_people() AS viewer_people)) OR ((ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops) <> '{}'::uuid[]) AND (COALESCE(( SELECT true
   FROM (membership
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = membership.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((membership.person_id = person.id) AND (membership.is_last OR (membership.during @> ( SELECT viewer_today() AS viewer_today))) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops))))
 LIMIT 1), false) OR ((EXISTS ( SELECT
   FROM (office
     JOIN unit_ancestor ON (((unit_ancestor.unit_id = office.unit_id) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))))
  WHERE ((office.person_id = person.id) AND (office.during @> ( SELECT viewer_today() AS viewer_today)) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops)))))) AND is_kept_by_office(id)))));
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
CREATE TRIGGER merge_gives_back AFTER UPDATE OF undone_at ON public.person_merge FOR EACH ROW WHEN (((old.undone_at IS NULL) AND (new.undone_at IS NOT NULL))) EXECUTE FUNCTION merge_takes_along();
CREATE TRIGGER merge_takes_along AFTER INSERT ON public.person_merge FOR EACH ROW EXECUTE FUNCTION merge_takes_along();
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
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = report_form.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_chain() AS viewer_chain)) OR (EXISTS ( SELECT
   FROM report_round
  WHERE (report_round.form_id = report_form.id))));
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
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = report_round.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_tops() AS viewer_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_chain() AS viewer_chain)) OR (EXISTS ( SELECT
   FROM filing
  WHERE (filing.round_id = report_round.id))));
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
CREATE TRIGGER change_is_noted AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.setting FOR EACH STATEMENT EXECUTE FUNCTION note_organisation_change();
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
CREATE TRIGGER change_is_noted AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.succession FOR EACH STATEMENT EXECUTE FUNCTION note_organisation_change();
alter table succession enable row level security;
create policy succession_is_added_by_keeper on succession for insert to app
  with check ((from_unit_id IN ( SELECT viewer_tended_units() AS viewer_tended_units)) AND ((to_unit_id IN ( SELECT viewer_tended_units() AS viewer_tended_units)) OR (to_unit_id IN ( SELECT viewer_parenting_units() AS viewer_parenting_units))));
create policy succession_of_viewer on succession for select to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = succession.from_unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_named_tops() AS viewer_named_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (from_unit_id IN ( SELECT viewer_places() AS viewer_places)));
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
CREATE INDEX unit_by_name ON public.unit USING btree (kind, name COLLATE "vi-x-icu", code);
CREATE INDEX unit_search ON public.unit USING gin (search gin_trgm_ops);
CREATE TRIGGER change_is_noted AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.unit FOR EACH STATEMENT EXECUTE FUNCTION note_organisation_change();
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
CREATE TRIGGER change_is_noted AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.unit_ancestor FOR EACH STATEMENT EXECUTE FUNCTION note_organisation_change();
alter table unit_ancestor enable row level security;
create policy unit_ancestor_is_read_by_all on unit_ancestor for select to app
  using true;
grant select on unit_ancestor to app;

create table unit_ending (
  id uuid not null,
  unit_id uuid not null,
  successor_id uuid,
  from_day date not null,
  children uuid[] not null,
  was jsonb not null,
  became jsonb not null,
  rosters_before uuid[] not null,
  rosters_after uuid[] not null,
  changes uuid[] not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  undone_at timestamp with time zone,
  constraint unit_ending_pkey PRIMARY KEY (id),
  constraint unit_ending_successor_id_fkey FOREIGN KEY (successor_id) REFERENCES unit(id),
  constraint unit_ending_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
);
CREATE INDEX unit_ending_by_successor ON public.unit_ending USING btree (successor_id) WHERE (successor_id IS NOT NULL);
CREATE INDEX unit_ending_by_unit ON public.unit_ending USING btree (unit_id);
alter table unit_ending enable row level security;
create policy unit_ending_of_keeper on unit_ending for select to app
  using (unit_id IN ( SELECT viewer_tended_units() AS viewer_tended_units));
grant select (id, unit_id, successor_id, from_day, recorded_at, undone_at) on unit_ending to app;

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
CREATE TRIGGER change_is_noted AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.unit_parent FOR EACH STATEMENT EXECUTE FUNCTION note_organisation_change();
alter table unit_parent enable row level security;
create policy unit_parent_is_added_by_keeper on unit_parent for insert to app
  with check ((parent_id IN ( SELECT viewer_parenting_units() AS viewer_parenting_units)) AND ((unit_id IN ( SELECT viewer_tended_units() AS viewer_tended_units)) OR (NOT (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE (unit_ancestor.unit_id = unit_parent.unit_id))))));
create policy unit_parent_is_changed_by_keeper on unit_parent for update to app
  using (parent_id IN ( SELECT viewer_parenting_units() AS viewer_parenting_units))
  with check (parent_id IN ( SELECT viewer_parenting_units() AS viewer_parenting_units));
create policy unit_parent_of_viewer on unit_parent for select to app
  using ((EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = unit_parent.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_named_tops() AS viewer_named_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today))))) OR (unit_id IN ( SELECT viewer_places() AS viewer_places)));
grant insert, select, update on unit_parent to app;

create table webhook (
  id uuid not null,
  unit_id uuid not null,
  name text not null,
  url text not null,
  kinds text[] not null,
  secret_sealed text not null,
  is_on boolean not null default true,
  recorded_at timestamp with time zone not null default now(),
  recorded_by uuid not null,
  version integer not null default 1,
  on_behalf_of uuid,
  constraint webhook_pkey PRIMARY KEY (id),
  constraint webhook_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES person(id),
  constraint webhook_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id),
  constraint webhook_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint webhook_is_of_a_size CHECK ((((length(name) >= 1) AND (length(name) <= 100)) AND ((length(url) >= 8) AND (length(url) <= 500))))
);
CREATE TRIGGER both_names_are_kept BEFORE INSERT ON public.webhook FOR EACH ROW EXECUTE FUNCTION keep_both_names('recorded_by');
alter table webhook enable row level security;
create policy webhook_of_viewer on webhook to app
  using (EXISTS ( SELECT
   FROM unit_ancestor
  WHERE ((unit_ancestor.unit_id = webhook.unit_id) AND (unit_ancestor.ancestor_id = ANY (ARRAY( SELECT viewer_administered_tops() AS viewer_administered_tops))) AND (unit_ancestor.standing @> ( SELECT viewer_today() AS viewer_today)))));
grant delete, insert on webhook to app;
grant select (id, unit_id, name, url, kinds, is_on, recorded_at, recorded_by, version, on_behalf_of) on webhook to app;
grant update (name, url, kinds, secret_sealed, is_on, version) on webhook to app;

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

CREATE OR REPLACE FUNCTION public.acknowledgement_asked(request uuid)
 RETURNS TABLE(person_id uuid, unit_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select asked.person_id, asked.unit_id
  from (
    select membership.person_id, membership.unit_id, membership.category_key
    from acknowledgement_request as request
    join unit_ancestor on unit_ancestor.ancestor_id = request.unit_id and unit_ancestor.standing @> (select viewer_today())
    -- by its bounds: asked as a range, each of thousands of units searched the index over everybody's days
    join membership on membership.unit_id = unit_ancestor.unit_id and membership.status <> 'exempt'
      and lower(membership.during) <= (select viewer_today()) and coalesce(upper(membership.during), 'infinity') > (select viewer_today())
    where request.id = acknowledgement_asked.request and request.whom = 'members'
    union all
    select distinct on (office.person_id) office.person_id, office.unit_id, null
    from acknowledgement_request as request
    join unit_ancestor on unit_ancestor.ancestor_id = request.unit_id and unit_ancestor.depth > 0 and unit_ancestor.standing @> (select viewer_today())
    join office on office.unit_id = unit_ancestor.unit_id and office.role = 'secretary' and office.during @> (select viewer_today())
    where request.id = acknowledgement_asked.request and request.whom = 'heads'
  ) as asked
  cross join (select acknowledgement_request.categories, acknowledgement_request.keeps_before, acknowledgement_request.before_id
    from acknowledgement_request where acknowledgement_request.id = acknowledgement_asked.request) as wanted
  where case
    when wanted.keeps_before then
      asked.category_key = any (wanted.categories) or not exists (
        select from acknowledgement
        where acknowledgement.request_id = wanted.before_id and acknowledgement.person_id = asked.person_id and acknowledgement.superseded_at is null)
    else wanted.categories = '{}' or asked.category_key = any (wanted.categories) end
$function$;

CREATE OR REPLACE FUNCTION public.acknowledgement_counts(request uuid, units uuid[])
 RETURNS TABLE(unit_id uuid, asked bigint, done bigint, begun bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with seen as materialized (
    select viewer_figure_units_among(units) as unit_id
  ), cell as materialized (
    select asked.unit_id, count(*) as asked,
           count(*) filter (where depth_rank(given.depth) >= depth_rank(wanted.depth)) as done,
           count(*) filter (where depth_rank(given.depth) < depth_rank(wanted.depth)) as begun
    from acknowledgement_asked(request) as asked
    cross join (select acknowledgement_request.depth from acknowledgement_request where acknowledgement_request.id = acknowledgement_counts.request) as wanted
    left join acknowledgement as given on given.request_id = acknowledgement_counts.request and given.person_id = asked.person_id and given.superseded_at is null
    group by asked.unit_id
  )
  select unit_ancestor.ancestor_id, sum(cell.asked)::bigint, sum(cell.done)::bigint, sum(cell.begun)::bigint
  from cell
  join unit_ancestor on unit_ancestor.unit_id = cell.unit_id and unit_ancestor.standing @> (select viewer_today())
  join seen on seen.unit_id = unit_ancestor.ancestor_id
  group by unit_ancestor.ancestor_id
$function$;
grant execute on function acknowledgement_counts(uuid,uuid[]) to app;

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

CREATE OR REPLACE FUNCTION public.administered_letters()
 RETURNS TABLE(id uuid, purpose text, state text, attempts integer, made_at timestamp with time zone, since timestamp with time zone, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select notice_delivery.id, notice_delivery.purpose, notice_delivery.state, notice_delivery.attempts, notice_delivery.made_at, notice_delivery.since, notice_delivery.problem
  from notice_delivery
  where notice_delivery.webhook_id is null and notice_delivery.state in ('dead', 'held')
    and exists (select viewer_administered_tops()) and is_administered(notice_delivery.person_id)
  order by notice_delivery.since desc
  limit 200
$function$;
grant execute on function administered_letters() to app;

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

CREATE OR REPLACE FUNCTION public.ask_for_confirmation()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if (select count(*) from notice_delivery
      where notice_delivery.person_id = new.person_id and notice_delivery.purpose = 'confirm' and notice_delivery.made_at > now() - interval '1 day') >= 5 then
    raise exception 'too many letters to confirm an address' using errcode = 'check_violation', constraint = 'address_is_confirmed_five_times_a_day';
  end if;
  insert into notice_delivery (purpose, person_id, address_id) values ('confirm', new.person_id, new.id);
  perform pg_notify('notice_delivery', '');
  return null;
end $function$;

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

CREATE OR REPLACE FUNCTION public.begin_comparison(wanted uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform demand_own_import(wanted);
  insert into import_basis (import_id, seen, as_of) values (wanted, pg_current_snapshot(), viewer_today())
  on conflict (import_id) do update
  set seen = excluded.seen, as_of = excluded.as_of, server_since = excluded.server_since, seen_at = excluded.seen_at;
end $function$;
grant execute on function begin_comparison(uuid) to app;

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

CREATE OR REPLACE FUNCTION public.begin_laying(rule_id uuid, reason text, day date, actor uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  begun uuid;
begin
  if current_setting('role') = 'app' and not exists (
    select from duty_rule where duty_rule.id = begin_laying.rule_id and duty_rule.unit_id in (select viewer_office_units())
  ) then
    raise exception 'this rule is not the viewer''s to lay' using errcode = 'insufficient_privilege';
  end if;
  update duty_laying set ended_at = clock_timestamp() where duty_laying.rule_id = begin_laying.rule_id and duty_laying.ended_at is null;
  insert into duty_laying (rule_id, reason, day, units, started_by)
  select duty_rule.id, begin_laying.reason, begin_laying.day, (select count(*) from units_to_lay(duty_rule.id, null)), actor
  from duty_rule
  where duty_rule.id = begin_laying.rule_id
  returning duty_laying.id into strict begun;
  return begun;
end $function$;
grant execute on function begin_laying(uuid,text,date,uuid) to app;

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

CREATE OR REPLACE FUNCTION public.begun_words(typed text)
 RETURNS tsquery
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select to_tsquery('simple', string_agg(quote_literal(word.text) || case when word.nth = word.words then ':*' else '' end, ' & '))
  from (
    select lexeme.text, lexeme.nth, count(*) over () as words
    from regexp_split_to_table(plain_words(typed), ' ') with ordinality as lexeme (text, nth)
    where lexeme.text <> ''
  ) as word
$function$;
grant execute on function begun_words(text) to app;

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

CREATE OR REPLACE FUNCTION public.campaign_day(told campaign, day date)
 RETURNS date
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select case when day > greatest(told.study_to, told.data_day) + 60 then told.data_day else day end
$function$;
grant execute on function campaign_day(campaign,date) to app;

CREATE OR REPLACE FUNCTION public.card_key(card_number text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN NULLIF(upper(regexp_replace(card_number, '[^0-9A-Za-z]'::text, ''::text, 'g'::text)), ''::text);
grant execute on function card_key(text) to app;

CREATE OR REPLACE FUNCTION public.cards_taken(keys text[])
 RETURNS TABLE(key text, id uuid, is_hidden boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  hidden uuid[];
begin
  if not exists (select viewer_kept_units() union all select viewer_appointed_units()) then return; end if;
  with seen as materialized (
    select viewer_people_units() as unit_id
    union
    select unit_ancestor.unit_id from unit_ancestor
    where unit_ancestor.ancestor_id in (select viewer_administered_tops()) and unit_ancestor.standing @> (select viewer_today())
  ), elsewhere as materialized (
    select person.id
    from unnest(keys) as asked (key)
    join person on card_key(person.card_number) = asked.key
    where not exists (
      select from membership
      where membership.person_id = person.id and membership.unit_id in (select seen.unit_id from seen)
        and (membership.is_last or membership.during @> (select viewer_today())))
  )
  select array_agg(elsewhere.id) into hidden
  from elsewhere
  where elsewhere.id not in (select viewer_people()) and not is_kept_by_office(elsewhere.id);
  perform count_look_ups(hidden, '{}');
  return query
  select distinct asked.key, person.id, person.id = any (coalesce(hidden, '{}'))
  from unnest(keys) as asked (key)
  join person on card_key(person.card_number) = asked.key;
end $function$;
grant execute on function cards_taken(text[]) to app;

CREATE OR REPLACE FUNCTION public.cells_reached(campaign uuid, units uuid[], by_day date)
 RETURNS TABLE(unit_id uuid, cells integer, reached integer, last_on date)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_nestloop TO 'off'
AS $function$
#variable_conflict use_column
declare
  seen uuid[] := array(select viewer_figure_units_among(units));
begin
  return query
  select cell.top_id, count(*)::int, count(arrival.on_day)::int, max(arrival.on_day)
  from (
    select placed.ancestor_id as top_id, placed.unit_id
    from unit_ancestor as placed
    join unit on unit.id = placed.unit_id and unit.kind = 'cell'
    where placed.ancestor_id = any (seen) and placed.standing @> by_day
  ) as cell
  left join (
    select got.unit_id, min(got.on_day) as on_day
    from (
      select document_recipient.unit_id, case when document_recipient.received_at is null then document.issued_on else greatest(document.issued_on, deployment_day(document_recipient.received_at)) end as on_day
      from document
      join document_recipient on document_recipient.document_id = document.id
      where document.campaign_id = campaign and document.state = 'issued' and document_recipient.unit_id is not null
      union all
      select document.unit_id, document.issued_on
      from document
      where document.campaign_id = campaign and document.state = 'issued' and document.author_id is null
    ) as got
    where got.on_day <= by_day
    group by got.unit_id
  ) as arrival on arrival.unit_id = cell.unit_id
  group by cell.top_id;
end $function$;
grant execute on function cells_reached(uuid,uuid[],date) to app;

CREATE OR REPLACE FUNCTION public.change_membership(change uuid, person uuid, kind text, from_day date, unit uuid, status text, category text, exempt text, reason text, via text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  previous jsonb;
  last membership;
  why text := exempt;
  goes_on boolean;
begin
  perform from person as own where own.id = person for no key update;
  -- A unit that is being ended is waited for: it takes along those who belonged by then, and nobody comes afterwards.
  perform from unit as own
  where own.id = change_membership.unit or own.id in (select membership.unit_id from membership where membership.person_id = person and upper_inf(membership.during))
  order by own.id for share;
  previous := memberships_of(person);
  select membership.* into last from membership where membership.person_id = person order by lower(membership.during) desc limit 1;
  goes_on := last.id is not null and (upper_inf(last.during) or upper(last.during) > from_day);
  if current_setting('role') = 'app' and not (
    (last.id is null and unit in (select viewer_kept_units())) or person in (select viewer_kept_people()) or is_administered(person)
  ) then
    raise exception 'this person is not the viewer''s to keep' using errcode = 'insufficient_privilege';
  end if;
  -- An exemption that goes on is carried along; one that begins, ends or gets another reason is the cell's to decide, also of who comes back.
  if current_setting('role') = 'app' and unit is not null and unit not in (select viewer_exempting_units())
    and (case when goes_on then (status = 'exempt') <> (last.status = 'exempt') else status = 'exempt' end
      or goes_on and status = 'exempt' and exempt is distinct from last.exempt_reason and exempt is not null)
  then
    raise exception 'this exemption is not the viewer''s to decide' using errcode = 'insufficient_privilege';
  end if;
  if goes_on and status = 'exempt' and exempt is null and last.status = 'exempt' then why := last.exempt_reason; end if;
  if unit is not null and not exists (select from unit as own where own.id = change_membership.unit and own.during @> from_day and upper_inf(own.during)) then
    raise exception 'the unit does not stand from that day on' using errcode = 'check_violation', constraint = 'membership_is_in_a_standing_unit';
  end if;
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

CREATE OR REPLACE FUNCTION public.count_look_ups(people uuid[], units uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  new_people uuid[];
  new_units uuid[];
begin
  if coalesce(cardinality(people), 0) + coalesce(cardinality(units), 0) = 0 then return; end if;
  perform pg_advisory_xact_lock(hashtext('look up'), hashtext(viewer_person()::text)); -- two at once count together
  with told as (
    insert into look_up (person_id, on_day, found_id)
    select viewer_person(), viewer_today(), asked.id
    from unnest(people || units) as asked (id)
    on conflict do nothing
    returning look_up.found_id
  )
  select array_agg(told.found_id) filter (where told.found_id = any (people)), array_agg(told.found_id) filter (where told.found_id = any (units))
  into new_people, new_units
  from told;
  if (select count(*) from look_up where look_up.person_id = viewer_person() and look_up.on_day = viewer_today())
    > (select (setting.value)::int from setting where setting.key = 'look_ups_a_day') then
    raise exception 'too many exact numbers were looked up today' using errcode = 'check_violation', constraint = 'look_ups_a_day_are_limited';
  end if;
  if new_people is not null or new_units is not null then
    insert into audit_entry (actor_id, action, subject_type, subject_id, detail)
    values (viewer_person(), 'number.looked_up', 'person', viewer_person()::text,
      jsonb_strip_nulls(jsonb_build_object('people', to_jsonb(new_people), 'units', to_jsonb(new_units))));
  end if;
end $function$;
grant execute on function count_look_ups(uuid[],uuid[]) to app;

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
  union all
  select steps.* from material_steps(campaign, units, known_at) as steps where units is not null or people is null
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

CREATE OR REPLACE FUNCTION public.counted_indicators(campaign uuid)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select indicator.key
  from indicator
  where not indicator.is_declared
    and (indicator.key <> 'reached-in-time' or exists (select from material_copy where material_copy.campaign_id = campaign and material_copy.reach_by is not null))
$function$;
grant execute on function counted_indicators(uuid) to app;

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

CREATE OR REPLACE FUNCTION public.deployment_day(instant timestamp with time zone)
 RETURNS date
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select (instant at time zone (select setting.value #>> '{}' from setting where setting.key = 'time_zone'))::date
$function$;
grant execute on function deployment_day(timestamp with time zone) to app;

CREATE OR REPLACE FUNCTION public.depth_rank(depth text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE depth WHEN 'received'::text THEN 1 WHEN 'read'::text THEN 2 WHEN 'can_say'::text THEN 3 ELSE NULL::integer END;
grant execute on function depth_rank(text) to app;

CREATE OR REPLACE FUNCTION public.document_finds_its_series()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if tg_op = 'UPDATE' and old.state <> 'draft' and (
    new.state = 'draft' or (old.state = 'withdrawn' and new.state <> 'withdrawn')
    or (new.unit_id, new.issuer_id is not distinct from new.unit_id) is distinct from (old.unit_id, old.issuer_id is not distinct from old.unit_id)
    -- a plan's author may be the other entry of one person
    or (new.author_id is distinct from old.author_id and not exists (
      select from person_merge where (person_merge.kept_id, person_merge.gone_id) in ((new.author_id, old.author_id), (old.author_id, new.author_id))))
    or ((new.issuer_id, new.issuer_name, new.campaign_id, new.type, new.grammar, new.number, new.symbol, new.abstract, new.urgency, new.issued_on, new.received_on, new.place,
         new.signer_name, new.signer_position, new.signed_as, new.text)
        is distinct from
        (old.issuer_id, old.issuer_name, old.campaign_id, old.type, old.grammar, old.number, old.symbol, old.abstract, old.urgency, old.issued_on, old.received_on, old.place,
         old.signer_name, old.signer_position, old.signed_as, old.text)
      -- what a correction tells of this very version, before it is made
      and (new.version <> old.version + 1 or not exists (
        select from document_correction where document_correction.document_id = old.id and document_correction.of_version = old.version)))
  ) then
    raise exception 'what was issued stays as it was issued' using errcode = 'check_violation', constraint = 'issued_document_stays';
  end if;
  new.series := document_series(new.grammar, new.type, new.symbol);
  new.term_id := null;
  new.series_year := null;
  if new.issuer_id = new.unit_id and new.grammar = 'party' then
    new.term_id := (select committee_term.id from committee_term where committee_term.unit_id = new.unit_id and committee_term.during @> new.issued_on);
  elsif new.issuer_id = new.unit_id then
    new.series_year := extract(year from new.issued_on);
  end if;
  new.search :=
    setweight(to_tsvector('simple', plain_words(coalesce(new.number::text || ' ' || lpad(new.number::text, greatest(2, length(new.number::text)), '0'), '') || ' ' || new.series || ' ' || new.abstract)), 'A')
    || setweight(to_tsvector('simple', plain_words(
      (select document_type.name from document_type where document_type.key = new.type)
      || ' ' || coalesce(new.issuer_name, (select unit.name from unit where unit.id = new.issuer_id), '')
      || ' ' || coalesce(new.signer_name, '') || ' ' || coalesce(new.place, ''))), 'B')
    || setweight(to_tsvector('simple', plain_words(left(coalesce(new.text, ''), 200000))), 'D');
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.document_fulfilments(ids uuid[], day date)
 RETURNS TABLE(duty_id uuid, done_on date, done_what text, done_by uuid)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select distinct on (duty.id) duty.id, document.issued_on, 'document', document.id
  from duty
  join document on document.issuer_id = duty.unit_id and document.campaign_id = duty.campaign_id and document.state = 'issued'
    and document.type = duty.detail ->> 'type' and document.author_id is null
    and document.issued_on >= coalesce((duty.detail ->> 'from')::date, '-infinity')
    and (duty.period = '' or to_char(document.issued_on, 'YYYY-MM') = duty.period)
  where duty.id = any (ids)
  order by duty.id, document.issued_on, document.id;
end $function$;

CREATE OR REPLACE FUNCTION public.document_series(grammar text, type text, symbol text)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (SELECT CASE WHEN ((document_series.grammar = 'party'::text) AND (document_series.symbol = 'ĐH'::text)) THEN 'ĐH'::text WHEN (document_series.grammar = 'party'::text) THEN ((document_type.party || '/'::text) || COALESCE(document_series.symbol, ''::text)) WHEN (document_type.state = ''::text) THEN split_part(COALESCE(document_series.symbol, ''::text), '-'::text, 1) ELSE ((document_type.state || '-'::text) || COALESCE(document_series.symbol, ''::text)) END AS "case" FROM document_type WHERE (document_type.key = document_series.type));
grant execute on function document_series(text,text,text) to app;

CREATE OR REPLACE FUNCTION public.document_unit_name(document uuid, unit uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit.name
  from unit
  join document on document.id = document_unit_name.document and unit.id in (document.unit_id, document.issuer_id)
  where unit.id = document_unit_name.unit
    and (document.unit_id in (select viewer_office_units()) or document.id in (select viewer_received_documents()))
$function$;
grant execute on function document_unit_name(uuid,uuid) to app;

CREATE OR REPLACE FUNCTION public.documents_with_words(words text)
 RETURNS TABLE(id uuid, rank real)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 500
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select document.id, ts_rank(document.search, asked.query)
  from (
    select to_tsquery('simple', string_agg(case when word ~ '^[0-9]+$' then word else word || ':*' end, ' & ')) as query
    from regexp_split_to_table(btrim(plain_words(words)), ' ') as word
    where word <> ''
  ) as asked
  join document on document.search @@ asked.query
$function$;
grant execute on function documents_with_words(text) to app;

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
 SET jit TO 'off'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashagg TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
  with carded as materialized (
    select card_key(person.card_number) as key from person group by card_key(person.card_number) having count(*) > 1
  ), born as materialized (
    select person.born_on, fold(person.name) as name from person group by person.born_on, fold(person.name) having count(*) > 1
  ), phoned as materialized (
    select phone_key(person.phone) as key from person group by phone_key(person.phone) having count(*) > 1
  ), alike as materialized (
    select person.id, 'card' as by, 1 as rank, card_key(person.card_number) as key from carded join person on card_key(person.card_number) = carded.key
    union all
    select person.id, 'birth', 2, born.born_on || born.name
    from born join person on person.born_on = born.born_on and fold(person.name) = born.name
    union all
    select person.id, 'phone', 3, phone_key(person.phone) from phoned join person on phone_key(person.phone) = phoned.key
  ), seen as materialized ( -- each person is asked about once, in however many pairs
    select person.id
    from (select distinct alike.id from alike) as person
    where (person.id in (select viewer_people()) or is_administered(person.id))
      and exists (select from membership where membership.person_id = person.id)
  ), shown as materialized (
    select alike.id, alike.by, alike.rank, alike.key from alike where alike.id in (select seen.id from seen)
  )
  select distinct on (one.id, other.id) one.id, other.id, one.by
  from shown as one
  join shown as other on other.rank = one.rank and other.key = one.key and one.id < other.id
  where not exists (select from person_distinct where person_distinct.one_id = one.id and person_distinct.other_id = other.id)
  order by one.id, other.id, one.rank
$function$;
grant execute on function duplicate_pairs() to app;

CREATE OR REPLACE FUNCTION public.duty_changes(rule duty_rule, day date, units uuid[] DEFAULT NULL::uuid[])
 RETURNS TABLE(change text, duty_id uuid, unit_id uuid, period text, due_on date, was_due_on date, detail jsonb)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select case
           when own.id is null then 'add'
           when own.done_on is not null or own.waived_at is not null then 'kept'
           when wanted.unit_id is null then case when own.dropped_on is null then 'drop' else 'gone' end
           when own.dropped_on is not null then 'restore'
           when own.due_on is distinct from wanted.due_on or own.detail <> wanted.detail then 'move'
           else 'same'
         end,
         own.id, coalesce(wanted.unit_id, own.unit_id), coalesce(wanted.period, own.period), wanted.due_on, own.due_on, wanted.detail
  from wanted_duties(rule, day, units) as wanted
  full join (
    select duty.id, duty.unit_id, duty.period, duty.due_on, duty.detail, duty.done_on, duty.waived_at, duty.dropped_on
    from duty
    where duty.rule_id = rule.id and (units is null or duty.unit_id = any (units))
  ) as own on own.unit_id = wanted.unit_id and own.period = wanted.period;
end $function$;

CREATE OR REPLACE FUNCTION public.duty_fulfilments(ids uuid[], day date)
 RETURNS TABLE(duty_id uuid, done_on date, done_what text, done_by uuid)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  of_kind record;
begin
  for of_kind in
    select duty_kind.fulfilled_by, array_agg(duty.id) as ids
    from duty join duty_kind on duty_kind.key = duty.kind
    where duty.id = any (duty_fulfilments.ids)
    group by duty_kind.fulfilled_by
  loop
    return query execute format('select found.* from %I($1, $2) as found', of_kind.fulfilled_by) using of_kind.ids, day;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.duty_ground(rule duty_rule, day date)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select md5(concat_ws(' ', day::text, (select document.issued_on::text from document where document.id = rule.basis_id and document.state <> 'draft'),
    (select count(*) || ' ' || sum(hashtextextended(unit_ancestor.unit_id::text || unit_ancestor.depth || unit_ancestor.during || unit.kind, 0))
     from unit_ancestor join unit on unit.id = unit_ancestor.unit_id
     where unit_ancestor.ancestor_id = rule.unit_id)))
$function$;

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

CREATE OR REPLACE FUNCTION public.empty_parts(document uuid)
 RETURNS TABLE(nth integer, heading text, is_nameless boolean)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with part as (
    select block.nth, block.value ->> 'kind' in ('heading', 'clause', 'point') as is_numbered, block.value ->> 'kind' as kind, btrim(coalesce(block.value ->> 'text', '')) as words
    from document_body
    cross join jsonb_array_elements(document_body.blocks) with ordinality as block (value, nth)
    where document_body.document_id = empty_parts.document
  ), placed as (
    select part.nth, part.is_numbered, part.kind, part.words, count(*) filter (where part.is_numbered) over (order by part.nth) as section
    from part
  )
  select min(placed.nth)::integer, max(placed.words) filter (where placed.is_numbered), coalesce(bool_or(placed.is_numbered and placed.words = ''), false)
  from placed
  group by placed.section
  having coalesce(bool_or(placed.is_numbered and placed.words = ''), false)
    or (coalesce(bool_or(placed.kind in ('paragraph', 'basis') and placed.words = ''), false) and not coalesce(bool_or(placed.kind in ('paragraph', 'basis') and placed.words <> ''), false))
  order by 1
$function$;
grant execute on function empty_parts(uuid) to app;

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

CREATE OR REPLACE FUNCTION public.end_stale_sessions(which uuid[], today date, office_hours integer, office_idle_minutes integer, member_hours integer)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  ended bigint;
begin
  delete from account_session
  using account
  where account.id = account_session.account_id and (which is null or account_session.id = any (which))
    and case
      when exists (select from office where office.person_id = account.person_id and office.during @> today)
        or exists (select from inspection_assignment where inspection_assignment.person_id = account.person_id and inspection_assignment.during @> today)
      then account_session.created_at < now() - make_interval(hours => office_hours) or account_session.used_at < now() - make_interval(mins => office_idle_minutes)
      else account_session.created_at < now() - make_interval(hours => member_hours) end;
  get diagnostics ended = row_count;
  return ended;
end $function$;

CREATE OR REPLACE FUNCTION public.end_unit(ending uuid, unit uuid, successor uuid, from_day date, reason text, via text)
 RETURNS TABLE(members bigint, units bigint, campaigns bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  listed record;
  each_row record;
  children uuid[];
  was jsonb;
  rosters_before uuid[] := '{}';
  rosters_after uuid[] := '{}';
  changes uuid[] := '{}';
  made uuid[];
begin
  if current_setting('role') = 'app' and not (
    unit in (select viewer_tended_units())
    and (successor is null or successor in (select viewer_tended_units()) or successor in (select viewer_parenting_units()))
  ) then
    raise exception 'this unit is not the viewer''s to end' using errcode = 'insufficient_privilege';
  end if;
  members := 0; units := 0; campaigns := 0;
  -- In the order in which rolls and changes of people lock: campaigns, people, and the unit itself further down.
  for listed in select campaign.id from campaign where campaign.opened_on is not null and campaign.data_day >= from_day order by campaign.id loop
    perform pg_advisory_xact_lock(hashtextextended(listed.id::text || touched.id::text, 0))
    from (select unnest(array[unit, successor]) as id order by 1) as touched
    where touched.id is not null;
  end loop;
  perform lock_people(array(
    select membership.person_id from membership
    where membership.unit_id = end_unit.unit and (upper_inf(membership.during) or upper(membership.during) > from_day)
    union
    select roster.person_id from roster
    join campaign on campaign.id = roster.campaign_id and campaign.opened_on is not null and campaign.data_day >= from_day
    where roster.unit_id in (end_unit.unit, successor) and roster.superseded_at is null));
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
      with added as (
        insert into roster (campaign_id, person_id, unit_id, category_key, must_study, must_write, exempt_reason, during, reason, recorded_by, source)
        select each_row.campaign_id, each_row.person_id, part.unit_id, each_row.category_key, each_row.must_study, each_row.must_write,
               each_row.exempt_reason, part.during, end_unit.reason, viewer_person(), via
        from (values
          (each_row.unit_id, each_row.during * daterange(null, from_day)),
          (coalesce(successor, each_row.unit_id), each_row.during * daterange(from_day, null))
        ) as part (unit_id, during)
        where not isempty(part.during)
        returning roster.id
      )
      select array_agg(added.id) into made from added;
      rosters_before := rosters_before || each_row.id;
      rosters_after := rosters_after || made;
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
  was := standing_of_unit(unit, children);
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
    if successor is null then -- somebody came while this was under way
      raise exception 'somebody has to take over' using errcode = 'check_violation', constraint = 'ended_unit_has_a_successor';
    end if;
    if lower(each_row.during) >= from_day then
      update membership set unit_id = successor, version = membership.version + 1 where membership.id = each_row.id;
    else
      update membership set during = each_row.during * daterange(null, from_day), version = membership.version + 1 where membership.id = each_row.id;
      insert into membership (id, person_id, unit_id, during, status, exempt_reason, category_key)
      values (gen_random_uuid(), each_row.person_id, successor, each_row.during * daterange(from_day, null), each_row.status, each_row.exempt_reason, each_row.category_key);
    end if;
    changes := changes || gen_random_uuid();
    insert into member_change (id, person_id, kind, unit_id, to_unit_id, from_day, reason, before, after, recorded_by, source)
    values (changes[cardinality(changes)], each_row.person_id, 'succeeded', unit, successor, from_day, end_unit.reason, each_row.previous, memberships_of(each_row.person_id), viewer_person(), via);
    update person set version = person.version + 1 where person.id = each_row.person_id;
    members := members + 1;
  end loop;
  insert into unit_ending (id, unit_id, successor_id, from_day, children, was, became, rosters_before, rosters_after, changes)
  values (ending, unit, successor, from_day, children, was, standing_of_unit(unit, children), rosters_before, rosters_after, changes);
  return next;
end $function$;
grant execute on function end_unit(uuid,uuid,uuid,date,text,text) to app;

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

CREATE OR REPLACE FUNCTION public.files_come_through(attaching regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  plain text := (select relname from pg_class where oid = attaching);
begin
  execute format('create index if not exists %I on %s (file_sha256)', plain || '_by_file', attaching);
  execute format('create policy %I on file for select to app using (exists (select from %s where %s.file_sha256 = file.sha256))', 'file_through_' || plain, attaching, attaching);
end $function$;

CREATE OR REPLACE FUNCTION public.find_people(words text[], most integer, skip integer)
 RETURNS TABLE(person_id uuid, total bigint, is_more boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 50
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET jit TO 'off'
AS $function$
declare
  few constant integer := 1500;
  cap constant integer := 500;
  patterns text[];
  longest text;
  found uuid[];
  tops uuid[] := array(select viewer_administered_tops());
begin
  select array_agg('% ' || replace(replace(replace(fold(word), '\', '\\'), '%', '\%'), '_', '\_') || '%' order by length(word) desc)
  into patterns
  from unnest(words) as word;
  if patterns is null then return; end if;
  longest := patterns[1];
  found := array(
    select person.id from person
    where ' ' || person.search like longest and ' ' || person.search like all (patterns) and person.merged_into is null
    limit few + 1);
  if cardinality(found) <= few then
    found := array(
      with mine as materialized (select viewer_people() as id)
      select alike.id
      from unnest(found) as alike (id)
      where alike.id in (select mine.id from mine)
        -- `limit` keeps the planner from listing everybody beneath the tops first
        or (tops <> '{}' and coalesce((
            select true from membership
            join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
            where membership.person_id = alike.id and (membership.is_last or membership.during @> viewer_today())
            limit 1),
          (select false from membership where membership.person_id = alike.id limit 1), -- asked first, as nearly everybody belongs somewhere
          is_kept_by_office(alike.id))));
  else
    found := array(
      select viewer_people()
      union
      (select membership.person_id
       from unit_ancestor
       join membership on membership.unit_id = unit_ancestor.unit_id and (membership.is_last or membership.during @> viewer_today())
       where unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
       limit few + 1)
      union
      (select office.person_id
       from unit_ancestor
       join office on office.unit_id = unit_ancestor.unit_id and office.during @> viewer_today()
       where unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
         and not exists (select from membership where membership.person_id = office.person_id) and is_kept_by_office(office.person_id)
       limit few + 1));
    if cardinality(found) <= few then
      found := array(
        select person.id from person
        where person.id = any (found) and ' ' || person.search like all (patterns) and person.merged_into is null);
    else
      found := array(select walk_people(patterns, tops, cap + 1));
    end if;
  end if;
  return query
  select person.id, least(cardinality(found), cap)::bigint, cardinality(found) > cap
  from person
  where person.id = any (found)
  order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.born_on, person.id
  limit least(most, cap - skip) offset least(skip, cap);
end $function$;
grant execute on function find_people(text[],integer,integer) to app;

CREATE OR REPLACE FUNCTION public.find_units(words text[], most integer)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 50
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET jit TO 'off'
AS $function$
declare
  few constant integer := 1500;
  patterns text[];
  longest text;
  found uuid[];
  of_kind text;
  tops uuid[] := array(select viewer_named_tops());
begin
  select array_agg('%' || replace(replace(replace(fold(word), '\', '\\'), '%', '\%'), '_', '\_') || '%' order by length(word) desc)
  into patterns
  from unnest(words) as word;
  if patterns is null then return; end if;
  longest := patterns[1];
  found := array(select unit.id from unit where unit.search like longest and unit.search like all (patterns) limit few + 1);
  if cardinality(found) <= few then
    found := array(
      select alike.id
      from unnest(found) as alike (id)
      where coalesce((
          select true from unit_ancestor
          where unit_ancestor.unit_id = alike.id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
          limit 1),
        alike.id in (select viewer_places())));
  else
    found := array(
      select viewer_places()
      union
      (select unit_ancestor.unit_id from unit_ancestor
       where unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> viewer_today()
       limit few + 1));
    if cardinality(found) <= few then
      found := array(select unit.id from unit where unit.id = any (found) and unit.search like all (patterns));
    else
      found := '{}';
      for of_kind in select unit_kind.key from unit_kind order by unit_kind.position loop
        found := found || array(select walk_units(patterns, of_kind, tops, most - cardinality(found)));
        exit when cardinality(found) >= most;
      end loop;
    end if;
  end if;
  return query
  select unit.id
  from unit
  join unit_kind on unit_kind.key = unit.kind
  where unit.id = any (found)
  order by unit_kind.position, unit.name collate "vi-x-icu", unit.code
  limit most;
end $function$;
grant execute on function find_units(text[],integer) to app;

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

CREATE OR REPLACE FUNCTION public.first_owed_beneath(top uuid, day date, shown uuid, most integer)
 RETURNS TABLE(unit_id uuid, duty_id uuid, title text, period text, due_on date, is_late boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
begin
  if current_setting('role') = 'app' and not is_led_by_viewer(top) then return; end if;
  return query
  with told as materialized (select told_campaigns.* from told_campaigns(first_owed_beneath.day, shown))
  select child.unit_id, owed.id, owed.title, owed.period, owed.due_on, coalesce(owed.is_late, false)
  from unit_ancestor as child
  cross join lateral (
    select duty.id, duty_rule.title, duty.period, duty.due_on, duty.due_on < told.day as is_late
    from told
    join duty on duty.campaign_id = told.campaign_id and duty.unit_id = child.unit_id
    join duty_rule on duty_rule.id = duty.rule_id
    where duty.dropped_on is null and duty.waived_at is null and coalesce(duty.done_on > told.done_by, true)
    order by duty.due_on nulls last, duty_rule.title, duty.id
    limit most
  ) as owed
  where child.ancestor_id = top and child.depth = 1 and child.standing @> first_owed_beneath.day
  order by child.unit_id, owed.due_on nulls last, owed.title, owed.id;
end $function$;
grant execute on function first_owed_beneath(uuid,date,uuid,integer) to app;

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

CREATE OR REPLACE FUNCTION public.held_rows_of_documents()
 RETURNS TABLE(item text, row_id uuid, unit text, detail jsonb, since date, until date, recorded_at timestamp with time zone, recorded_by text, source text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with fact (position, item, row_id, unit_id, detail, since, recorded_at, recorder, source) as (
    select 1, 'plan', document.id, document.unit_id,
           jsonb_build_object('abstract', document.abstract, 'state', document.state), document.issued_on, document.recorded_at, document.recorded_by, document.source::text
    from document
    where document.author_id = viewer_person()
    union all
    select 2, 'acknowledgement', given.id, given.unit_id,
           jsonb_build_object('title', coalesce(material.title, document.abstract), 'depth', given.depth, 'sentence', said.sentence, 'replacedAt', given.superseded_at),
           given.answered_on, given.recorded_at, given.recorded_by, given.source
    from acknowledgement as given
    join acknowledgement_request as request on request.id = given.request_id
    left join acknowledgement_sentence as said on said.acknowledgement_id = given.id
    left join material_version on material_version.id = request.version_id
    left join material on material.id = material_version.material_id
    left join document on document.id = request.document_id
    where given.person_id = viewer_person()
    union all
    select 3, 'address', notice_address.id, null, jsonb_build_object('value', notice_address.address, 'confirmedAt', notice_address.confirmed_at), null, notice_address.asked_at, null, null
    from notice_address
    where notice_address.person_id = viewer_person() and viewer_acting() is null
    union all
    select 4, 'choice', null, null, jsonb_build_object('scope', notice_choice.scope, 'hour', notice_choice.digest_hour, 'from', notice_choice.quiet_from, 'to', notice_choice.quiet_to), null, null, null, null
    from notice_choice
    where notice_choice.person_id = viewer_person() and viewer_acting() is null
    union all
    select 5, 'calendar', null, null, '{}', null, calendar_link.made_at, null, null
    from calendar_link
    where calendar_link.person_id = viewer_person() and viewer_acting() is null
    union all
    select 6, 'notice', notice.id, notice.unit_id, jsonb_build_object('kind', notice.kind, 'readAt', notice.read_at), null, notice.made_at, null, null
    from notice
    where notice.person_id = viewer_person() and (viewer_acting() is null or not notice.by_office)
  )
  select fact.item, fact.row_id, unit.name, fact.detail, fact.since, null::date, fact.recorded_at,
         case when fact.recorder is not null then coalesce(acting_name(fact.recorder), '') end, fact.source
  from fact
  left join unit on unit.id = fact.unit_id
  order by fact.position, fact.recorded_at desc nulls last, fact.row_id
$function$;
grant execute on function held_rows_of_documents() to app;

CREATE OR REPLACE FUNCTION public.hold_file(hash bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select pg_advisory_xact_lock_shared(('x' || encode(substr(hash, 1, 8), 'hex'))::bit(64)::bigint)
$function$;
grant execute on function hold_file(bytea) to app;

CREATE OR REPLACE FUNCTION public.hold_request(request uuid)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select acknowledgement_request.closed_at is null from acknowledgement_request where acknowledgement_request.id = hold_request.request for share
$function$;
grant execute on function hold_request(uuid) to app;

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
  or is_kept_by_office(person)
$function$;
grant execute on function is_administered(uuid) to app;

CREATE OR REPLACE FUNCTION public.is_comparison_current(wanted uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select exists (
    select from import_basis
    join import on import.id = import_basis.import_id and import.person_id = viewer_person()
    where import_basis.import_id = wanted and import_basis.as_of = viewer_today()
      and import_basis.server_since = pg_postmaster_start_time() and import_basis.seen_at > clock_timestamp() - interval '7 days'
      and not exists (
        select from organisation_change
        where not pg_visible_in_snapshot(organisation_change.transaction, import_basis.seen)))
$function$;
grant execute on function is_comparison_current(uuid) to app;

CREATE OR REPLACE FUNCTION public.is_kept(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select is_administered(person) or person in (select viewer_kept_people())
$function$;
grant execute on function is_kept(uuid) to app;

CREATE OR REPLACE FUNCTION public.is_kept_by_office(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select is_unplaced(person) and (
    select coalesce(bool_and(exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = office.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
        and unit_ancestor.standing @> (select viewer_today()))), false)
    from office
    where office.person_id = person and office.during @> (select viewer_today()))
$function$;
grant execute on function is_kept_by_office(uuid) to app;

CREATE OR REPLACE FUNCTION public.is_led_by_viewer(unit uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = unit and unit_ancestor.ancestor_id in (select viewer_tops()) and unit_ancestor.standing @> viewer_today())
$function$;
grant execute on function is_led_by_viewer(uuid) to app;

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
 SET work_mem TO '64MB'
 SET jit TO 'off'
AS $function$
declare
  joined integer;
begin
  perform demand_own_import(wanted);
  create temporary table joining on commit drop as
  select import_row.position, (import_row.plan ->> 'id')::uuid as person_id, gen_random_uuid() as membership_id,
         gen_random_uuid() as change_id, (import_row.plan ->> 'unitId')::uuid as unit_id, (import_row.plan ->> 'since')::date as from_day,
         field.*
  from import_row
  cross join lateral jsonb_to_record(import_row.fields) as field ("name" text, "cardNumber" text, "bornOn" date, "gender" text, "phone" text, "status" text,
    "exemptReason" text, "categoryKey" text)
  where import_row.import_id = wanted and import_row.verdict = 'new';
  if exists (select from joining where joining.unit_id is null or joining.unit_id not in (select viewer_kept_units())) then
    raise exception 'these members are not the viewer''s to keep' using errcode = 'insufficient_privilege';
  end if;
  if exists (select from joining where joining.status = 'exempt' and joining.unit_id not in (select viewer_exempting_units())) then
    raise exception 'these exemptions are not the viewer''s to decide' using errcode = 'insufficient_privilege';
  end if;
  perform from unit where unit.id in (select joining.unit_id from joining) order by unit.id for share; -- one that is being ended is waited for
  if exists (select from joining join unit on unit.id = joining.unit_id where not unit.during @> joining.from_day or not upper_inf(unit.during)) then
    raise exception 'the unit does not stand from that day on' using errcode = 'check_violation', constraint = 'membership_is_in_a_standing_unit';
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
        and (place.is_last or place.during @> (select viewer_today())))
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

CREATE OR REPLACE FUNCTION public.lay_chunk(laying uuid, most integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  now duty_laying;
  chunk uuid[];
  did record;
begin
  select duty_laying.* into now from duty_laying where duty_laying.id = laying and duty_laying.ended_at is null for update skip locked;
  if not found then return false; end if;
  select array_agg(next.id) into chunk
  from (select unit.id from units_to_lay(now.rule_id, now.after_unit) as unit (id) order by unit.id limit most) as next;
  if chunk is null then
    update duty_laying set ended_at = clock_timestamp(), units_done = duty_laying.units where duty_laying.id = laying;
    update duty_rule
    set state = case when duty_rule.state = 'laying' then 'active' else duty_rule.state end, laid_over = duty_ground(duty_rule, now.day)
    where duty_rule.id = now.rule_id;
    return false;
  end if;
  select lay_duties.* into did from lay_duties(now.rule_id, now.day, chunk);
  update duty_laying
  set units_done = duty_laying.units_done + cardinality(chunk), after_unit = chunk[cardinality(chunk)],
      added = duty_laying.added + did.added, moved = duty_laying.moved + did.moved, dropped = duty_laying.dropped + did.dropped,
      restored = duty_laying.restored + did.restored, kept = duty_laying.kept + did.kept
  where duty_laying.id = laying;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.lay_duties(rule_id uuid, day date, units uuid[])
 RETURNS TABLE(added bigint, moved bigint, dropped bigint, restored bigint, kept bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  asked duty_rule;
  touched uuid[];
begin
  select duty_rule.* into strict asked from duty_rule where duty_rule.id = lay_duties.rule_id;
  -- what is open now may be done by the time it is written: hold it first
  perform from duty where duty.rule_id = asked.id and duty.unit_id = any (units) order by duty.id for no key update;
  with change as materialized (
    select changes.* from duty_changes(asked, day, units) as changes where changes.change not in ('same', 'gone')
  ), new as (
    insert into duty (rule_id, campaign_id, unit_id, kind, role, period, due_on, detail, laid_on)
    select asked.id, asked.campaign_id, change.unit_id, asked.kind, asked.role, change.period, change.due_on, change.detail, day
    from change
    where change.change = 'add'
    on conflict on constraint duty_is_laid_once do nothing
    returning duty.id
  ), again as (
    update duty
    set due_on = change.due_on, detail = change.detail, dropped_on = null, version = duty.version + 1,
        escalated_on = case when change.due_on is distinct from duty.due_on then null else duty.escalated_on end
    from change
    where duty.id = change.duty_id and change.change in ('move', 'restore')
    returning duty.id
  ), off as (
    update duty
    set dropped_on = day, version = duty.version + 1
    from change
    where duty.id = change.duty_id and change.change = 'drop'
    returning duty.id
  )
  select array(select new.id from new union all select again.id from again),
         (select count(*) from new),
         (select count(*) from change where change.change = 'move'),
         (select count(*) from off),
         (select count(*) from change where change.change = 'restore'),
         (select count(*) from change where change.change = 'kept')
  into touched, added, moved, dropped, restored, kept;
  perform settle_duties_by_id(touched, day);
  return next;
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

CREATE OR REPLACE FUNCTION public.make_notices(kind text, people uuid[], units uuid[], roles text[], about_type text, about_id uuid, unit_id uuid, facts jsonb, path text, is_required boolean, is_urgent boolean, merge_key text, on_day date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  day date := coalesce(on_day, viewer_today(), deployment_day(now()));
  made uuid[];
begin
  with recursive place (unit_id) as (
    select unnest(units)
    union
    select succession.to_unit_id from place join succession on succession.from_unit_id = place.unit_id and succession.on_date <= day
  ), recipient as (
    select each_one.person_id, bool_and(each_one.by_office) as by_office
    from (
      select unnest(people) as person_id, false as by_office
      union all
      select office.person_id, true
      from place
      join office on office.unit_id = place.unit_id and office.role = any (roles) and office.during @> day
      where office.person_id is distinct from coalesce(viewer_acting(), viewer_person())
    ) as each_one
    join person on person.id = each_one.person_id and person.merged_into is null
    group by each_one.person_id
  ), kept as (
    insert into notice as earlier (person_id, kind, about_type, about_id, unit_id, facts, path, is_required, is_urgent, by_office, merge_key)
    select recipient.person_id, make_notices.kind, make_notices.about_type, make_notices.about_id, make_notices.unit_id, coalesce(make_notices.facts, '{}'),
           make_notices.path, make_notices.is_required, make_notices.is_urgent, recipient.by_office, make_notices.merge_key
    from recipient
    order by recipient.person_id -- two who tell the same people lock them in one order
    on conflict (person_id, merge_key) where read_at is null and merge_key is not null
    do update set kind = excluded.kind, about_type = excluded.about_type, about_id = excluded.about_id, unit_id = excluded.unit_id, facts = excluded.facts,
      path = excluded.path, is_required = excluded.is_required, is_urgent = excluded.is_urgent, by_office = excluded.by_office,
      made_at = excluded.made_at, digest_id = null,
      -- said again before it went anywhere, it goes out once
      occasion = earlier.occasion + case when exists (
        select from notice_delivery as gone
        where gone.notice_id = earlier.id and gone.occasion = earlier.occasion and gone.state <> 'waiting') then 1 else 0 end
    returning earlier.id
  )
  select array_agg(kept.id) into made from kept;
  if made is null then return 0; end if;

  perform put_out_notices(made, day);
  return cardinality(made);
end $function$;
grant execute on function make_notices(text,uuid[],uuid[],text[],text,uuid,uuid,jsonb,text,boolean,boolean,text,date) to app;

CREATE OR REPLACE FUNCTION public.make_notices_of_units(kind text, told jsonb, roles text[], about_type text, about_id uuid, is_required boolean, is_urgent boolean, by_office boolean, once_key text, but_person uuid, on_day date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  made uuid[];
begin
  with target as materialized (
    select (one.value ->> 'unit')::uuid as unit_id, one.value -> 'facts' as facts, one.value ->> 'path' as path, one.nth
    from jsonb_array_elements(told) with ordinality as one (value, nth)
  ), recipient as (
    select distinct on (office.person_id) office.person_id, target.unit_id, target.facts, target.path
    from target
    join office on office.unit_id = target.unit_id and office.role = any (roles) and office.during @> on_day
    join person on person.id = office.person_id and person.merged_into is null
    where office.person_id is distinct from but_person
      and not exists (select from notice as earlier where earlier.person_id = office.person_id and earlier.merge_key = once_key)
    order by office.person_id, target.nth
  ), kept as (
    insert into notice (person_id, kind, about_type, about_id, unit_id, facts, path, is_required, is_urgent, by_office, merge_key)
    select recipient.person_id, make_notices_of_units.kind, make_notices_of_units.about_type, make_notices_of_units.about_id, recipient.unit_id, recipient.facts,
           recipient.path, make_notices_of_units.is_required, make_notices_of_units.is_urgent, make_notices_of_units.by_office, once_key
    from recipient
    order by recipient.person_id
    on conflict (person_id, merge_key) where read_at is null and merge_key is not null do nothing
    returning notice.id
  )
  select array_agg(kept.id) into made from kept;
  if made is null then return 0; end if;
  perform put_out_notices(made, on_day);
  return cardinality(made);
end $function$;

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

CREATE OR REPLACE FUNCTION public.material_steps(campaign uuid, units uuid[] DEFAULT NULL::uuid[], known_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone)
 RETURNS SETOF count_step
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with span as materialized (
    select copy.unit_id,
           min(copy.received_on) filter (where copy.received > 0 and copy.received_on <= copy.reach_by) as from_day,
           min(copy.reach_by + 1) filter (where not coalesce(copy.received > 0 and copy.received_on <= copy.reach_by, false)) as until_day
    from material_copy as copy
    where copy.campaign_id = campaign and copy.reach_by is not null
      and (units is null or copy.unit_id = any (units))
      and copy.recorded_at <= known_at
      and (copy.superseded_at is null or copy.superseded_at > known_at)
    group by copy.unit_id
  ), reached as (
    select roster.unit_id, greatest(lower(roster.during), span.from_day) as from_day,
           least(case when upper_inf(roster.during) then null else upper(roster.during) end, span.until_day) as until_day
    from span
    join roster on roster.campaign_id = campaign and roster.unit_id = span.unit_id and roster.must_study
    where span.from_day is not null
      and roster.recorded_at <= known_at
      and (roster.superseded_at is null or roster.superseded_at > known_at)
  ), step as (
    select reached.unit_id, reached.from_day as on_day, 1 as delta
    from reached
    where reached.until_day is null or reached.from_day < reached.until_day
    union all
    select reached.unit_id, reached.until_day, -1
    from reached
    where reached.from_day < reached.until_day
  )
  select 'reached-in-time', '', step.unit_id, step.on_day, sum(step.delta)::bigint
  from step
  group by step.unit_id, step.on_day
  having sum(step.delta) <> 0
$function$;

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
  before := before || jsonb_build_object('amendments', move_amendments(gone, keep), 'answers', move_answers(gone, keep));
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

CREATE OR REPLACE FUNCTION public.merge_takes_along()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if tg_op = 'INSERT' then
    update person_merge
    set moved = new.moved || jsonb_build_object('notices', move_notices(new.gone_id, new.kept_id), 'plans', move_plans(new.gone_id, new.kept_id))
    where person_merge.id = new.id;
  else
    perform return_notices(new.moved -> 'notices', new.gone_id, new.kept_id);
    update document set author_id = new.gone_id
    where document.author_id = new.kept_id
      and document.id in (select (plan.value #>> '{}')::uuid from jsonb_array_elements(coalesce(new.moved -> 'plans', '[]')) as plan);
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.move_amendments(gone uuid, keep uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  moved jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('id', theirs.id, 'rests', theirs.outcome is null and exists (
    select from amendment as own
    where own.person_id = keep and own.outcome is null and own.item = theirs.item and own.row_id is not distinct from theirs.row_id))), '[]')
  into moved
  from amendment as theirs
  where theirs.person_id = gone and (theirs.answered_by is distinct from keep or theirs.outcome = 'withdrawn');
  update amendment
  set outcome = 'withdrawn', answered_at = clock_timestamp(), answered_by = viewer_person(), version = amendment.version + 1
  from jsonb_to_recordset(moved) as was (id uuid, rests boolean)
  where amendment.id = was.id and was.rests;
  update amendment set person_id = keep, version = amendment.version + 1
  from jsonb_to_recordset(moved) as was (id uuid)
  where amendment.id = was.id;
  return moved;
end $function$;

CREATE OR REPLACE FUNCTION public.move_answers(gone uuid, keep uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  moved uuid[];
begin
  select coalesce(array_agg(theirs.id), '{}') into moved
  from acknowledgement as theirs
  where theirs.person_id = gone and theirs.superseded_at is null
    and not exists (
      select from acknowledgement as own
      where own.request_id = theirs.request_id and own.person_id = keep and own.superseded_at is null);
  update acknowledgement set person_id = keep where acknowledgement.id = any (moved);
  update acknowledgement_sentence set person_id = keep where acknowledgement_sentence.acknowledgement_id = any (moved);
  return to_jsonb(moved);
end $function$;

CREATE OR REPLACE FUNCTION public.move_notices(gone uuid, keep uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  moved uuid[];
  address uuid;
  chosen boolean;
  linked timestamptz;
begin
  -- what the kept person has unread under the same key says the same: theirs stays where it is
  select coalesce(array_agg(theirs.id), '{}') into moved
  from notice as theirs
  where theirs.person_id = gone and not (theirs.read_at is null and theirs.merge_key is not null and exists (
    select from notice as own where own.person_id = keep and own.read_at is null and own.merge_key = theirs.merge_key));
  update notice_choice set person_id = keep
  where notice_choice.person_id = gone and not exists (select from notice_choice as own where own.person_id = keep);
  chosen := found;
  update notice_address set person_id = keep
  where notice_address.person_id = gone and not exists (select from notice_address as own where own.person_id = keep)
  returning notice_address.id into address;
  update calendar_link set person_id = keep
  where calendar_link.person_id = gone and not exists (select from calendar_link as own where own.person_id = keep)
  returning calendar_link.made_at into linked;
  -- a daily letter that had not gone out is nobody's now: what it had is for the next one of the kept person
  update notice_delivery set state = 'dropped', since = clock_timestamp()
  where notice_delivery.person_id = gone and notice_delivery.purpose = 'digest' and notice_delivery.state in ('waiting', 'queued', 'held', 'dead');
  update notice
  set person_id = keep,
      digest_id = (select letter.id from notice_delivery as letter where letter.id = notice.digest_id and letter.state in ('sent', 'sending'))
  where notice.id = any (moved);
  update notice_delivery set person_id = keep where notice_delivery.notice_id = any (moved) or (notice_delivery.purpose = 'confirm' and notice_delivery.address_id = address);
  perform pg_notify('notice', keep::text);
  return jsonb_build_object('notices', to_jsonb(moved), 'chosen', chosen, 'address', address, 'linked', linked);
end $function$;

CREATE OR REPLACE FUNCTION public.move_plans(gone uuid, keep uuid)
 RETURNS jsonb
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with moved as (
    update document set author_id = keep where document.author_id = gone returning document.id
  )
  select coalesce(jsonb_agg(moved.id), '[]') from moved
$function$;

CREATE OR REPLACE FUNCTION public.note_organisation_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into organisation_change default values on conflict do nothing;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.notice_mail_mode(scope text, kinds jsonb, kind text, is_required boolean, is_urgent boolean)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select case
    when not is_required and scope = 'required' then 'none'
    when is_required and kinds ->> kind = 'none' then 'digest'
    else coalesce(kinds ->> kind, case when is_urgent then 'now' else 'digest' end)
  end
$function$;
grant execute on function notice_mail_mode(text,jsonb,text,boolean,boolean) to app;

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

CREATE OR REPLACE FUNCTION public.owed_beneath(top uuid, day date, shown uuid DEFAULT NULL::uuid)
 RETURNS TABLE(unit_id uuid, campaign_id uuid, is_own boolean, kind text, wanted bigint, done bigint, late bigint, today bigint, next_due date, oldest_due date)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$ -- a plan for any unit and day takes twice as long at a city as one for this
declare
  told record;
begin
  if current_setting('role') = 'app' and not is_led_by_viewer(top) then return; end if;
  for told in select told_campaigns.* from told_campaigns(owed_beneath.day, shown) loop
    return query
    select child.unit_id, duty.campaign_id, beneath.depth = 0, duty.kind, count(*), count(*) filter (where duty.done_on <= told.done_by),
           count(*) filter (where duty.due_on < told.day and coalesce(duty.done_on > told.done_by, true)),
           count(*) filter (where duty.due_on = told.day and coalesce(duty.done_on > told.done_by, true)),
           min(duty.due_on) filter (where duty.due_on >= told.day and coalesce(duty.done_on > told.done_by, true)),
           min(duty.due_on) filter (where duty.due_on < told.day and coalesce(duty.done_on > told.done_by, true))
    from unit_ancestor as child
    join unit_ancestor as beneath on beneath.ancestor_id = child.unit_id and beneath.standing @> owed_beneath.day
    join duty on duty.unit_id = beneath.unit_id and duty.campaign_id = told.campaign_id and duty.dropped_on is null and duty.waived_at is null
    where child.ancestor_id = top and child.depth = 1 and child.standing @> owed_beneath.day
    group by child.unit_id, duty.campaign_id, beneath.depth = 0, duty.kind;
  end loop;
end $function$;
grant execute on function owed_beneath(uuid,date,uuid) to app;

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

CREATE OR REPLACE FUNCTION public.people_by_card(card_numbers text[])
 RETURNS TABLE(key text, id uuid, name text, is_hidden boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  hidden uuid[];
begin
  if not exists (select viewer_appointed_units() union all select viewer_administered_tops()) then return; end if;
  select array_agg(distinct person.id) into hidden
  from unnest(card_numbers) as asked (number)
  join person on card_key(person.card_number) = card_key(asked.number)
  where not exists (select from person as other where card_key(other.card_number) = card_key(asked.number) and other.id <> person.id)
    and person.id not in (select viewer_people()) and not is_administered(person.id);
  perform count_look_ups(hidden, '{}');
  return query
  select distinct card_key(person.card_number), person.id, person.name, person.id = any (coalesce(hidden, '{}'))
  from unnest(card_numbers) as asked (number)
  join person on card_key(person.card_number) = card_key(asked.number)
  where not exists (select from person as other where card_key(other.card_number) = card_key(asked.number) and other.id <> person.id);
end $function$;
grant execute on function people_by_card(text[]) to app;

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

CREATE OR REPLACE FUNCTION public.personal_plan_fulfilments(ids uuid[], day date)
 RETURNS TABLE(duty_id uuid, done_on date, done_what text, done_by uuid)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select distinct on (duty.id) duty.id, document.issued_on, 'document', document.id
  from duty
  join document on document.issuer_id = duty.unit_id and document.campaign_id = duty.campaign_id and document.state = 'issued'
    and document.issued_on >= coalesce((duty.detail ->> 'from')::date, '-infinity')
  join office on office.person_id = document.author_id and office.unit_id = duty.unit_id and office.role = duty.role and office.during @> document.issued_on
  where duty.id = any (ids)
  order by duty.id, document.issued_on, document.id;
end $function$;

CREATE OR REPLACE FUNCTION public.phone_key(phone text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN NULLIF(regexp_replace(regexp_replace(phone, '[^0-9]'::text, ''::text, 'g'::text), '^(84(?=[0-9]{9,10}$)|0)'::text, ''::text), ''::text);
grant execute on function phone_key(text) to app;

CREATE OR REPLACE FUNCTION public.plain_words(words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN regexp_replace(fold(words), '[^a-z0-9]+'::text, ' '::text, 'g'::text);
grant execute on function plain_words(text) to app;

CREATE OR REPLACE FUNCTION public.preview_duties(rule jsonb, day date)
 RETURNS TABLE(change text, duties bigint, units bigint, first jsonb)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  asked duty_rule := jsonb_populate_record(null::duty_rule, rule);
begin
  if current_setting('role') = 'app' and not exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = asked.unit_id and unit_ancestor.ancestor_id in (select viewer_tops()) and unit_ancestor.standing @> viewer_today())
    or asked.basis_id is not null and not exists (
      select from document
      where document.id = asked.basis_id and document.state <> 'draft' and document.author_id is null
        and (current_setting('role') <> 'app'
          or document.unit_id in (select viewer_office_units())
          or document.unit_id in (select viewer_chain())
          or document.id in (select viewer_received_documents())
          or exists (
            select from unit_ancestor
            where unit_ancestor.unit_id = document.unit_id and unit_ancestor.ancestor_id in (select viewer_tops()) and unit_ancestor.standing @> viewer_today())))
  then
    raise exception 'this rule is not the viewer''s to make' using errcode = 'insufficient_privilege';
  end if;
  return query
  with changed as materialized (
    select duty_changes.* from duty_changes(asked, day) where duty_changes.change <> 'gone'
  ), named as (
    select changed.*, unit.code, unit.name, unit_kind.position, above.name as above,
           row_number() over (partition by changed.change order by unit_kind.position, unit.name collate "vi-x-icu", unit.id, changed.period) as nth
    from changed
    join unit on unit.id = changed.unit_id
    join unit_kind on unit_kind.key = unit.kind
    left join unit_ancestor on unit_ancestor.unit_id = unit.id and unit_ancestor.depth = 1 and unit_ancestor.standing @> day
    left join unit as above on above.id = unit_ancestor.ancestor_id
  )
  select named.change, count(*), count(distinct named.unit_id),
         jsonb_agg(jsonb_build_object('code', named.code, 'name', named.name, 'above', named.above, 'period', named.period, 'dueOn', named.due_on, 'wasDueOn', named.was_due_on)
           order by named.nth) filter (where named.nth <= 20)
  from named
  group by named.change;
end $function$;
grant execute on function preview_duties(jsonb,date) to app;

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

CREATE OR REPLACE FUNCTION public.put_out_notices(made uuid[], day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into notice_delivery (purpose, person_id, notice_id, occasion)
  select 'notice', notice.person_id, notice.id, notice.occasion
  from notice
  join notice_address on notice_address.person_id = notice.person_id and notice_address.confirmed_at is not null
  left join notice_choice on notice_choice.person_id = notice.person_id
  where notice.id = any (made)
    and notice_mail_mode(coalesce(notice_choice.scope, 'all'), coalesce(notice_choice.kinds, '{}'), notice.kind, notice.is_required, notice.is_urgent) = 'now'
  on conflict do nothing;

  if exists (select from webhook where webhook.is_on) then
    insert into notice_delivery (purpose, person_id, notice_id, occasion, webhook_id)
    select 'webhook', notice.person_id, notice.id, notice.occasion, webhook.id
    from notice
    join unit_ancestor on unit_ancestor.unit_id = notice.unit_id and unit_ancestor.standing @> day
    join webhook on webhook.unit_id = unit_ancestor.ancestor_id
    where notice.id = any (made) and webhook.is_on and (webhook.kinds = '{}' or notice.kind = any (webhook.kinds))
    on conflict do nothing;
  end if;

  -- heard at the commit, and only then
  if cardinality(made) > 100 then perform pg_notify('notice', '*');
  else perform pg_notify('notice', notice.person_id::text) from notice where notice.id = any (made);
  end if;
  perform pg_notify('notice_delivery', '');
end $function$;

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

CREATE OR REPLACE FUNCTION public.refuse_relation_circle()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtext('document_relation'));
  if exists (
    with recursive reached as (
      select new.to_id as id
      union
      select document_relation.to_id from reached join document_relation on document_relation.from_id = reached.id
    )
    select from reached where reached.id = new.from_id
  ) then
    raise exception 'a document would stand on itself' using errcode = 'check_violation', constraint = 'document_relations_have_no_circle';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_to_forget_receipt()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.received_at is not null then
    raise exception 'a unit has received it' using errcode = 'check_violation', constraint = 'received_copy_stays';
  end if;
  return old;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_truncate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the record of what was done is only added to' using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.report_fulfilments(ids uuid[], day date)
 RETURNS TABLE(duty_id uuid, done_on date, done_what text, done_by uuid)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select distinct on (duty.id) duty.id, deployment_day(filing.submitted_at), 'filing', filing.id
  from duty
  join filing on filing.unit_id = duty.unit_id and not filing.is_consolidated and filing.state in ('submitted', 'accepted', 'sealed')
  join report_round on report_round.id = filing.round_id
    and (report_round.id = (duty.detail ->> 'roundId')::uuid
      or (report_round.form_id = (duty.detail ->> 'formId')::uuid
        and (duty.period = '' or to_char(deployment_day(report_round.due_at), 'YYYY-MM') = duty.period)))
  where duty.id = any (ids) and filing.submitted_at is not null
  order by duty.id, filing.submitted_at, filing.id
$function$;

CREATE OR REPLACE FUNCTION public.resend_deliveries(chosen uuid[])
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with again as (
    update notice_delivery set state = 'waiting', attempts = 0, not_before = now(), since = now()
    where notice_delivery.id = any (chosen) and notice_delivery.state in ('dead', 'held') and viewer_acting() is null
      and (notice_delivery.webhook_id is null and is_administered(notice_delivery.person_id) or exists (
        select from webhook
        join unit_ancestor on unit_ancestor.unit_id = webhook.unit_id and unit_ancestor.standing @> (select viewer_today())
        where webhook.id = notice_delivery.webhook_id and unit_ancestor.ancestor_id in (select viewer_administered_tops())))
    returning notice_delivery.id
  ), told as (
    select pg_notify('notice_delivery', '') where exists (select from again)
  )
  select count(again.id)::integer from again left join told on true
$function$;
grant execute on function resend_deliveries(uuid[]) to app;

CREATE OR REPLACE FUNCTION public.return_amendments(moved jsonb, gone uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update amendment
  set person_id = gone, version = amendment.version + 1,
      outcome = case when not was.rests then amendment.outcome end,
      answered_at = case when not was.rests then amendment.answered_at end,
      answered_by = case when not was.rests then amendment.answered_by end
  from jsonb_to_recordset(moved) as was (id uuid, rests boolean)
  where amendment.id = was.id
$function$;

CREATE OR REPLACE FUNCTION public.return_answers(moved jsonb, gone uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  back uuid[] := array(select jsonb_array_elements_text(coalesce(moved, '[]'))::uuid);
begin
  update acknowledgement set person_id = gone where acknowledgement.id = any (back);
  update acknowledgement_sentence set person_id = gone where acknowledgement_sentence.acknowledgement_id = any (back);
end $function$;

CREATE OR REPLACE FUNCTION public.return_notices(moved jsonb, gone uuid, keep uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  back uuid[] := array(select jsonb_array_elements_text(coalesce(moved -> 'notices', '[]'))::uuid);
begin
  update notice set person_id = gone where notice.id = any (back) and notice.person_id = keep;
  update notice_delivery set person_id = gone where notice_delivery.notice_id = any (back);
  -- what was given anew since is the kept person's
  update notice_choice set person_id = gone where notice_choice.person_id = keep and (moved ->> 'chosen')::boolean;
  update notice_address set person_id = gone where notice_address.id = (moved ->> 'address')::uuid and notice_address.person_id = keep;
  update notice_delivery set person_id = gone where notice_delivery.purpose = 'confirm' and notice_delivery.address_id = (moved ->> 'address')::uuid;
  update calendar_link set person_id = gone where calendar_link.person_id = keep and calendar_link.made_at = (moved ->> 'linked')::timestamptz;
  perform pg_notify('notice', each_one::text) from unnest(array[keep, gone]) as each_one;
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
    select office.unit_id from office where office.person_id = whom and office.during @> (select viewer_today()) and is_kept_by_office(whom)
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

CREATE OR REPLACE FUNCTION public.settle_duties(units uuid[], campaign uuid, kinds text[], day date)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  follows record;
begin
  for follows in
    select duty_rule.id, array_agg(distinct child.unit_id) as children
    from duty_rule
    join unit_ancestor as child on child.ancestor_id = any (settle_duties.units) and child.depth = 1
    join unit_ancestor as within on within.unit_id = child.unit_id and within.ancestor_id = duty_rule.unit_id
    where duty_rule.campaign_id = settle_duties.campaign and duty_rule.due_mode = 'after_superior' and duty_rule.state <> 'ended' and 'document' = any (settle_duties.kinds)
    group by duty_rule.id
    order by duty_rule.id
  loop
    perform lay_duties(follows.id, day, follows.children);
  end loop;
  return settle_duties_by_id((
    select coalesce(array_agg(duty.id), '{}')
    from duty
    where duty.campaign_id = settle_duties.campaign and duty.kind = any (settle_duties.kinds) and duty.dropped_on is null
      and (duty.unit_id = any (settle_duties.units) or (duty.kind = 'study' and duty.unit_id in (
        select unit_ancestor.ancestor_id from unit_ancestor where unit_ancestor.unit_id = any (settle_duties.units) and unit_ancestor.depth > 0)))
  ), day);
end $function$;
grant execute on function settle_duties(uuid[],uuid,text[],date) to app;

CREATE OR REPLACE FUNCTION public.settle_duties_by_id(ids uuid[], day date)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  changed bigint;
begin
  if cardinality(ids) = 0 then return 0; end if;
  perform from duty where duty.id = any (ids) order by duty.id for no key update;
  update duty
  set done_on = told.done_on, done_what = told.done_what, done_by = told.done_by, version = duty.version + 1
  from (
    select own.id, found.done_on, found.done_what, found.done_by
    from duty as own
    left join duty_fulfilments(ids, day) as found on found.duty_id = own.id
    where own.id = any (ids) and own.dropped_on is null
  ) as told
  where duty.id = told.id
    and (duty.done_on, duty.done_what, duty.done_by) is distinct from (told.done_on, told.done_what, told.done_by);
  get diagnostics changed = row_count;
  return changed;
end $function$;

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
  with asked as materialized (
    select sitting.id, sitting.unit_id from sitting where sitting.id = any (sittings)
  )
  select mark.sitting_id, mark.status, count(*)
  from mark
  join asked on asked.id = mark.sitting_id
  where mark.superseded_at is null and asked.unit_id in (select viewer_figure_units_among(array(select distinct asked.unit_id from asked)))
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

CREATE OR REPLACE FUNCTION public.standing_of_unit(unit uuid, children uuid[])
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select jsonb_build_object(
    'during', (select own.during::text from unit as own where own.id = unit),
    'parents', (
      select coalesce(jsonb_agg(to_jsonb(unit_parent) order by unit_parent.unit_id, lower(unit_parent.during)), '[]')
      from unit_parent where unit_parent.unit_id = any (unit || children)),
    'offices', (select coalesce(jsonb_agg(to_jsonb(office) order by office.id), '[]') from office where office.unit_id = unit))
$function$;

CREATE OR REPLACE FUNCTION public.study_completions(campaign uuid, people uuid[], known_at timestamp with time zone)
 RETURNS TABLE(person_id uuid, resolution_id uuid, studied_on date, kind text, national_on date)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
begin
  return query
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
  having count(*) = min(wanted.topics);
end $function$;

CREATE OR REPLACE FUNCTION public.study_fulfilments(ids uuid[], day date)
 RETURNS TABLE(duty_id uuid, done_on date, done_what text, done_by uuid)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with asked as materialized (
    select duty.id, duty.campaign_id, duty.unit_id, coalesce(duty.detail ->> 'measure', 'all') as measure from duty where duty.id = any (ids)
  ), counted as materialized (
    select distinct asked.campaign_id, asked.unit_id from asked where asked.measure = 'all'
  ), step as (
    select count_kept.campaign_id, count_kept.unit_id, count_kept.on_day, count_kept.indicator, count_kept.whole as delta
    from counted
    join count_kept on count_kept.campaign_id = counted.campaign_id and count_kept.unit_id = counted.unit_id
      and count_kept.indicator in ('studied', 'expected') and count_kept.dimension = '' and count_kept.on_day <= day
    union all
    select counted.campaign_id, counted.unit_id, count_increment.on_day, count_increment.indicator, count_increment.delta
    from count_increment
    join unit_ancestor on unit_ancestor.unit_id = count_increment.unit_id and unit_ancestor.during @> day
    join counted on counted.campaign_id = count_increment.campaign_id and counted.unit_id = unit_ancestor.ancestor_id
    where count_increment.indicator in ('studied', 'expected') and count_increment.dimension = '' and count_increment.on_day <= day
  ), by_day as (
    select step.campaign_id, step.unit_id, step.on_day,
           sum(step.delta) filter (where step.indicator = 'studied') as studied,
           sum(step.delta) filter (where step.indicator = 'expected') as expected
    from step
    group by step.campaign_id, step.unit_id, step.on_day
  ), reached as (
    select by_day.campaign_id, by_day.unit_id, by_day.on_day,
           sum(coalesce(by_day.expected, 0)) over run > 0
             and sum(coalesce(by_day.studied, 0)) over run >= sum(coalesce(by_day.expected, 0)) over run as is_whole
    from by_day
    window run as (partition by by_day.campaign_id, by_day.unit_id order by by_day.on_day)
  ), ended as (
    select reached.campaign_id, reached.unit_id, coalesce(max(reached.on_day) filter (where not reached.is_whole), '-infinity') as last_missing
    from reached
    group by reached.campaign_id, reached.unit_id
  ), whole as (
    select reached.campaign_id, reached.unit_id, min(reached.on_day) as on_day
    from reached
    join ended on ended.campaign_id = reached.campaign_id and ended.unit_id = reached.unit_id and reached.on_day > ended.last_missing
    group by reached.campaign_id, reached.unit_id
  ), taught as (
    select asked.id, sitting_topic.topic_id, min(sitting.held_on) as held_on,
           (array_agg(sitting.id order by sitting.held_on, sitting.id))[1] as sitting_id
    from asked
    join sitting on sitting.campaign_id = asked.campaign_id and sitting.unit_id = asked.unit_id and sitting.held_on <= day
    join study_session on study_session.id = sitting.session_id and study_session.cancelled_at is null
    join sitting_topic on sitting_topic.sitting_id = sitting.id
    where asked.measure = 'held'
      and exists (select from mark where mark.sitting_id = sitting.id and mark.superseded_at is null and mark.status in ('present', 'late'))
    group by asked.id, sitting_topic.topic_id
  ), held as (
    select asked.id, max(taught.held_on) as held_on, (array_agg(taught.sitting_id order by taught.held_on desc, taught.sitting_id))[1] as sitting_id
    from asked
    join taught on taught.id = asked.id
    group by asked.id, asked.campaign_id
    having count(*) = (select count(*) from topic where topic.campaign_id = asked.campaign_id)
  )
  select asked.id, whole.on_day, 'campaign', asked.campaign_id
  from asked
  join whole on whole.campaign_id = asked.campaign_id and whole.unit_id = asked.unit_id
  where asked.measure = 'all'
  union all
  select asked.id,
         coalesce(held.held_on, declared.declared_on),
         case when held.id is null then 'declaration' else 'sitting' end,
         coalesce(held.sitting_id, declared.id)
  from asked
  left join held on held.id = asked.id
  left join lateral (
    select declaration.id, declaration.declared_on from declaration
    where declaration.campaign_id = asked.campaign_id and declaration.unit_id = asked.unit_id and declaration.superseded_at is null
      and declaration.declared_on <= day
    order by declaration.declared_on, declaration.id
    limit 1
  ) as declared on true
  where asked.measure = 'held' and (held.id is not null or declared.id is not null)
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

CREATE OR REPLACE FUNCTION public.sweep_accounts()
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  swept bigint := 0;
  part bigint;
begin
  delete from account_session where account_session.expires_at < now();
  get diagnostics part = row_count; swept := swept + part;
  delete from account_verification where account_verification.expires_at < now();
  get diagnostics part = row_count; swept := swept + part;
  delete from account_pending_sign_in where account_pending_sign_in.expires_at < now();
  get diagnostics part = row_count; swept := swept + part;
  delete from oidc_attempt where oidc_attempt.expires_at < now();
  get diagnostics part = row_count; swept := swept + part;
  delete from sign_in_attempt where sign_in_attempt.at < now() - interval '1 day';
  get diagnostics part = row_count; swept := swept + part;
  delete from account_code where greatest(account_code.expires_at, account_code.used_at, account_code.voided_at) < now() - interval '90 days';
  get diagnostics part = row_count; swept := swept + part;
  delete from account_browser where account_browser.seen_at < now() - interval '1 year';
  get diagnostics part = row_count; swept := swept + part;
  delete from look_up where look_up.on_day < current_date - 30;
  get diagnostics part = row_count; swept := swept + part;
  return swept;
end $function$;

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

CREATE OR REPLACE FUNCTION public.tell_session_over()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform pg_notify('session_over', old.id::text);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.term_takes_in_documents()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  update document set version = document.version
  where document.unit_id = coalesce(new.unit_id, old.unit_id) and document.issuer_id = document.unit_id and document.grammar = 'party'
    and document.term_id is distinct from (
      select committee_term.id from committee_term where committee_term.unit_id = document.unit_id and committee_term.during @> document.issued_on);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.told_campaigns(day date, shown uuid)
 RETURNS TABLE(campaign_id uuid, day date, done_by date)
 LANGUAGE sql
 STABLE ROWS 2
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select campaign.id, campaign_day(campaign, told_campaigns.day),
         case when campaign_day(campaign, told_campaigns.day) < campaign_day(campaign, viewer_today()) then campaign_day(campaign, told_campaigns.day) else 'infinity' end
  from campaign
  where campaign.id = shown or campaign_day(campaign, viewer_today()) = viewer_today()
$function$;
grant execute on function told_campaigns(date,uuid) to app;

CREATE OR REPLACE FUNCTION public.unattached_files(before timestamp with time zone)
 RETURNS SETOF bytea
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  attached text := (
    select string_agg(format('and not exists (select from %s where %1$s.%I = file.sha256)', reference.conrelid::regclass, pg_attribute.attname), ' ')
    from pg_constraint as reference
    join pg_attribute on pg_attribute.attrelid = reference.conrelid and pg_attribute.attnum = reference.conkey[1]
    where reference.contype = 'f' and reference.confrelid = 'file'::regclass);
begin
  return query execute format('select file.sha256 from file where file.used_at < $1 %s limit 1000', attached) using before;
end $function$;

CREATE OR REPLACE FUNCTION public.undo_end_unit(ending uuid, via text)
 RETURNS TABLE(members bigint, units bigint, campaigns bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  done unit_ending;
  listed record;
  touched uuid[];
begin
  select unit_ending.* into done from unit_ending where unit_ending.id = ending for update;
  if done.id is null or (current_setting('role') = 'app' and not (
    done.unit_id in (select viewer_tended_units())
    and (done.successor_id is null or done.successor_id in (select viewer_tended_units()) or done.successor_id in (select viewer_parenting_units()))
  )) then
    raise exception 'this end is not the viewer''s to undo' using errcode = 'insufficient_privilege';
  end if;
  campaigns := 0;
  select array_remove(array[done.unit_id, done.successor_id], null) into touched;
  -- locks in the order of end_unit
  for listed in select distinct roster.campaign_id as id from roster where roster.id = any (done.rosters_before) order by 1 loop
    perform pg_advisory_xact_lock(hashtextextended(listed.id::text || one.id::text, 0)) from (select unnest(touched) as id order by 1) as one;
  end loop;
  perform lock_people(array(
    select member_change.person_id from member_change where member_change.id = any (done.changes)
    union
    select roster.person_id from roster where roster.id = any (done.rosters_before)));
  if exists (select from roster where roster.id = any (done.rosters_after) and roster.superseded_at is not null) then
    raise exception 'a roster was changed since' using errcode = 'check_violation', constraint = 'unit_is_as_its_end_left_it';
  end if;
  for listed in
    select roster.campaign_id as id, array_agg(distinct roster.person_id) as people from roster
    where roster.id = any (done.rosters_before) group by roster.campaign_id order by roster.campaign_id
  loop
    perform begin_counts(listed.id, listed.people, touched);
    update roster set superseded_at = clock_timestamp() where roster.id = any (done.rosters_after) and roster.campaign_id = listed.id;
    insert into roster (campaign_id, person_id, unit_id, category_key, must_study, must_write, exempt_reason, during, reason, recorded_by, source)
    select was.campaign_id, was.person_id, was.unit_id, was.category_key, was.must_study, was.must_write, was.exempt_reason, was.during, was.reason, viewer_person(), via
    from roster as was
    where was.id = any (done.rosters_before) and was.campaign_id = listed.id;
    perform finish_counts(listed.id);
    campaigns := campaigns + 1;
  end loop;

  perform begin_tree(done.unit_id || done.children);
  if done.undone_at is not null or standing_of_unit(done.unit_id, done.children) <> done.became
    or exists (select from unit as own where own.id = done.successor_id and not upper_inf(own.during))
    or exists (
      select from member_change
      where member_change.id = any (done.changes) and (member_change.undone_at is not null or memberships_of(member_change.person_id) <> member_change.after)
    )
  then
    raise exception 'something else was done since' using errcode = 'check_violation', constraint = 'unit_is_as_its_end_left_it';
  end if;
  delete from unit_parent where unit_parent.unit_id = any (done.unit_id || done.children);
  insert into unit_parent select row.* from jsonb_populate_recordset(null::unit_parent, done.was -> 'parents') as row;
  update unit as own set during = (done.was ->> 'during')::daterange, version = own.version + 1 where own.id = done.unit_id;
  perform finish_tree();
  delete from succession where succession.from_unit_id = done.unit_id and succession.to_unit_id = done.successor_id;

  update office set during = row.during, version = office.version + 1
  from jsonb_populate_recordset(null::office, done.was -> 'offices') as row
  where row.id = office.id and row.during <> office.during;
  insert into office
  select row.* from jsonb_populate_recordset(null::office, done.was -> 'offices') as row
  where not exists (select from office where office.id = row.id);
  for listed in select member_change.id, member_change.person_id, member_change.before from member_change where member_change.id = any (done.changes) loop
    delete from membership where membership.person_id = listed.person_id;
    insert into membership select row.* from jsonb_populate_recordset(null::membership, listed.before) as row;
    update member_change set undone_at = clock_timestamp(), undone_by = viewer_person() where member_change.id = listed.id;
    update person set version = person.version + 1 where person.id = listed.person_id;
  end loop;
  update unit_ending set undone_at = clock_timestamp() where unit_ending.id = ending;
  members := cardinality(done.changes);
  units := cardinality(done.children);
  return next;
end $function$;
grant execute on function undo_end_unit(uuid,text) to app;

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
  if current_setting('role') = 'app' and done.kind in ('exempted', 'resumed') and done.unit_id not in (select viewer_exempting_units()) then
    raise exception 'this exemption is not the viewer''s to decide' using errcode = 'insufficient_privilege';
  end if;
  perform from person where person.id = done.person_id for no key update;
  if done.undone_at is not null or memberships_of(done.person_id) <> done.after or not units_stand_for(done.before) or exists (
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
      update member_change set reason = null, before = '[]', after = '[]' where member_change.person_id = done.person_id;
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
    or memberships_of(done.gone_id) <> '[]' or offices_of(done.gone_id) <> '[]' or not units_stand_for(was -> 'memberships')
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

  perform return_amendments(was -> 'amendments', done.gone_id);
  perform return_answers(was -> 'answers', done.gone_id);
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
 RETURNS TABLE(id uuid, name text, kind text, has_members boolean, is_hidden boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select unit.id, unit.name, unit.kind, unit_kind.has_members, unit.id not in (select viewer_units())
  from unit
  join unit_kind on unit_kind.key = unit.kind
  where unit.code = unit_by_code.code and unit.during @> as_of and exists (select viewer_kept_units() union all select viewer_parenting_units());
  perform count_look_ups('{}', array(
    select unit.id from unit
    where unit.code = unit_by_code.code and unit.during @> as_of and unit.id not in (select viewer_units())
      and exists (select viewer_kept_units() union all select viewer_parenting_units())));
end $function$;
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

CREATE OR REPLACE FUNCTION public.units_stand_for(memberships jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform from unit
  where unit.id in (select was.unit_id from jsonb_populate_recordset(null::membership, memberships) as was)
  order by unit.id for share;
  return not exists (
    select from jsonb_populate_recordset(null::membership, memberships) as was
    join unit on unit.id = was.unit_id
    where not upper_inf(unit.during) and (upper_inf(was.during) or upper(was.during) > upper(unit.during)));
end $function$;

CREATE OR REPLACE FUNCTION public.units_to_lay(rule_id uuid, after_unit uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from unit_ancestor
  where unit_ancestor.ancestor_id = (select duty_rule.unit_id from duty_rule where duty_rule.id = units_to_lay.rule_id)
    and (after_unit is null or unit_ancestor.unit_id > after_unit)
  union
  select duty.unit_id from duty where duty.rule_id = units_to_lay.rule_id and (after_unit is null or duty.unit_id > after_unit)
$function$;

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

CREATE OR REPLACE FUNCTION public.use_file(hash bytea, size bigint, type text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  insert into file (sha256, size_bytes, media_type) values (hash, size, type)
  on conflict (sha256) do update set used_at = clock_timestamp()
$function$;
grant execute on function use_file(bytea,bigint,text) to app;

CREATE OR REPLACE FUNCTION public.use_session(used uuid, today date, office_hours integer, office_idle_minutes integer, member_hours integer, is_use boolean)
 RETURNS TABLE(is_over boolean, must_enrol boolean)
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if end_stale_sessions(array[used], today, office_hours, office_idle_minutes, member_hours) > 0 then
    return query select true, false;
    return;
  end if;
  update account_session set used_at = now() where is_use and account_session.id = used and account_session.used_at < now() - interval '1 minute';
  return query select false, exists (
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
  select is_administered(person)
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

CREATE OR REPLACE FUNCTION public.viewer_answering_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select asked.unit_id from viewer_asked_requests() as asked
$function$;
grant execute on function viewer_answering_units() to app;

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

CREATE OR REPLACE FUNCTION public.viewer_asked_request_ids()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select asked.request_id from viewer_asked_requests() as asked
$function$;
grant execute on function viewer_asked_request_ids() to app;

CREATE OR REPLACE FUNCTION public.viewer_asked_requests()
 RETURNS TABLE(request_id uuid, unit_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select distinct on (request.id) request.id, place.unit_id
  from (
    select membership.unit_id, 'members' as whom, membership.category_key
    from membership
    where membership.person_id = viewer_person() and membership.during @> (select viewer_today()) and membership.status <> 'exempt'
    union all
    select office.unit_id, 'heads', null
    from office
    where office.person_id = viewer_person() and office.role = 'secretary' and office.during @> (select viewer_today()) and viewer_acting() is null
  ) as place
  join unit_ancestor on unit_ancestor.unit_id = place.unit_id and unit_ancestor.standing @> (select viewer_today())
  join acknowledgement_request as request on request.unit_id = unit_ancestor.ancestor_id and request.whom = place.whom and request.closed_at is null
    and (request.whom = 'members' or unit_ancestor.depth > 0)
  where case
    when request.keeps_before then
      place.category_key = any (request.categories) or not exists (
        select from acknowledgement
        where acknowledgement.request_id = request.before_id and acknowledgement.person_id = viewer_person() and acknowledgement.superseded_at is null)
    else request.categories = '{}' or place.category_key = any (request.categories) end
$function$;
grant execute on function viewer_asked_requests() to app;

CREATE OR REPLACE FUNCTION public.viewer_campaigns()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select campaign.id
  from campaign
  where campaign.unit_id in (select viewer_figure_units_among((select array_agg(running.unit_id) from campaign as running)))
    or campaign.unit_id in (
      select unit_ancestor.ancestor_id
      from viewer_tops() as top (unit_id)
      join unit_ancestor on unit_ancestor.unit_id = top.unit_id
      where unit_ancestor.standing @> (select viewer_today()));
end $function$;
grant execute on function viewer_campaigns() to app;

CREATE OR REPLACE FUNCTION public.viewer_chain()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select distinct unit_ancestor.ancestor_id
  from (
    select membership.unit_id from membership
    where membership.person_id = viewer_person() and membership.during @> (select viewer_today())
    union
    select held.unit_id from viewer_offices() as held where held.role not in ('administrator', 'inspector')
  ) as own
  join unit_ancestor on unit_ancestor.unit_id = own.unit_id
  where unit_ancestor.standing @> (select viewer_today());
end $function$;
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

CREATE OR REPLACE FUNCTION public.viewer_exempting_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select held.unit_id from viewer_offices() as held where held.role in ('secretary', 'deputy')
$function$;
grant execute on function viewer_exempting_units() to app;

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
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select asked.id
  from unnest(units) as asked (id)
  where asked.id in (select viewer_chain())
    -- `limit` keeps the planner from listing everything beneath the tops first
    or (
      select true from unit_ancestor
      where unit_ancestor.unit_id = asked.id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
        and unit_ancestor.standing @> (select viewer_today())
      limit 1);
end $function$;
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

CREATE OR REPLACE FUNCTION public.viewer_headed_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 2
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select office.unit_id from office where office.person_id = viewer_person() and office.role = 'secretary' and office.during @> (select viewer_today())
$function$;
grant execute on function viewer_headed_units() to app;

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
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select viewer_tops()
  union
  select held.unit_id from viewer_offices() as held where held.role = 'administrator';
end $function$;
grant execute on function viewer_named_tops() to app;

CREATE OR REPLACE FUNCTION public.viewer_naming_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.depth <= 1 and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('secretary', 'deputy', 'clerk') and viewer_acting() is null
$function$;
grant execute on function viewer_naming_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_office_units()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select held.unit_id from viewer_offices() as held where held.role in ('city_officer', 'secretary', 'deputy', 'clerk');
end $function$;
grant execute on function viewer_office_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_offices()
 RETURNS TABLE(unit_id uuid, role text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  with recursive held (unit_id, role) as (
    select office.unit_id, office.role
    from office
    where office.person_id = viewer_person() and office.during @> (select viewer_today()) and viewer_acting() is null
    union
    select succession.from_unit_id, held.role
    from held
    join succession on succession.to_unit_id = held.unit_id and succession.on_date <= (select viewer_today())
  )
  select held.unit_id, held.role from held;
end $function$;
grant execute on function viewer_offices() to app;

CREATE OR REPLACE FUNCTION public.viewer_ordering_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select viewer_chain()
  union
  select unit_ancestor.ancestor_id
  from viewer_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.unit_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today())
$function$;
grant execute on function viewer_ordering_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_paper_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select held.unit_id from viewer_offices() as held where held.role in ('secretary', 'deputy')
$function$;
grant execute on function viewer_paper_units() to app;

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
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
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
    and unit_ancestor.standing @> (select viewer_today()) and viewer_acting() is null;
end $function$;
grant execute on function viewer_people_units() to app;

CREATE OR REPLACE FUNCTION public.viewer_person()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('app.viewer'::text, true), ''::text))::uuid;
grant execute on function viewer_person() to app;

CREATE OR REPLACE FUNCTION public.viewer_places()
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 8
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select viewer_chain()
  union
  select unit_ancestor.ancestor_id
  from viewer_named_tops() as top (unit_id)
  join unit_ancestor on unit_ancestor.unit_id = top.unit_id
  where unit_ancestor.standing @> (select viewer_today());
end $function$;
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

CREATE OR REPLACE FUNCTION public.viewer_received_documents()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 200
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select document_recipient.document_id
  from document_recipient
  where document_recipient.unit_id in (select viewer_office_units())
$function$;
grant execute on function viewer_received_documents() to app;

CREATE OR REPLACE FUNCTION public.viewer_receiving_units()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.depth <= 1 and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('secretary', 'deputy', 'clerk')
$function$;
grant execute on function viewer_receiving_units() to app;

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
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 4
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return query
  select held.unit_id from viewer_offices() as held where held.role in ('city_officer', 'secretary', 'deputy', 'clerk')
  union
  select inspection_assignment.unit_id from inspection_assignment
  where inspection_assignment.person_id = viewer_person() and inspection_assignment.during @> (select viewer_today()) and viewer_acting() is null;
end $function$;
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

CREATE OR REPLACE FUNCTION public.walk_people(patterns text[], tops uuid[], most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 500
 SET search_path TO 'public', 'pg_temp'
 SET enable_bitmapscan TO 'off'
 SET enable_seqscan TO 'off'
 SET enable_sort TO 'off'
 SET jit TO 'off'
AS $function$
  select person.id
  from person
  where ' ' || person.search like all (patterns) and person.merged_into is null
    and (person.id in (select viewer_people()) or coalesce((
        select true from membership
        join unit_ancestor on unit_ancestor.unit_id = membership.unit_id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> (select viewer_today())
        where membership.person_id = person.id and (membership.is_last or membership.during @> (select viewer_today()))
        limit 1),
      (select false from membership where membership.person_id = person.id limit 1), is_kept_by_office(person.id)))
  order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.born_on, person.id
  limit most
$function$;

CREATE OR REPLACE FUNCTION public.walk_units(patterns text[], of_kind text, tops uuid[], most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 50
 SET search_path TO 'public', 'pg_temp'
 SET enable_bitmapscan TO 'off'
 SET enable_seqscan TO 'off'
 SET enable_sort TO 'off'
 SET jit TO 'off'
AS $function$
  select unit.id
  from unit
  where unit.kind = of_kind and unit.search like all (patterns)
    and coalesce((
        select true from unit_ancestor
        where unit_ancestor.unit_id = unit.id and unit_ancestor.ancestor_id = any (tops) and unit_ancestor.standing @> (select viewer_today())
        limit 1),
      unit.id in (select viewer_places()))
  order by unit.name collate "vi-x-icu", unit.code
  limit most
$function$;

CREATE OR REPLACE FUNCTION public.wanted_duties(rule duty_rule, day date, units uuid[] DEFAULT NULL::uuid[])
 RETURNS TABLE(unit_id uuid, period text, due_on date, detail jsonb)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if rule.state = 'ended' then return; end if;
  return query
  with basis as (
    select document.issued_on from document where document.id = rule.basis_id and document.state <> 'draft'
  ), term as (
    select '' as period,
           case rule.due_mode when 'day' then rule.due_on when 'after_basis' then (select basis.issued_on + rule.due_days from basis) end as due_on
    where rule.due_mode <> 'monthly'
    union all
    -- months are laid ahead until the end of the next
    select to_char(month, 'YYYY-MM'), due.on_day
    from generate_series(date_trunc('month', rule.from_on), least(rule.until_on, day + interval '1 month'), interval '1 month') as month
    cross join lateral (
      select (month::date + least(rule.due_monthday, extract(day from month + interval '1 month - 1 day')::int) - 1) as on_day) as due
    where rule.due_mode = 'monthly' and due.on_day between rule.from_on and rule.until_on
  ), candidate as (
    select beneath.unit_id, beneath.during, beneath.depth, term.period,
           case when rule.due_mode = 'after_superior' then (
             select case
               when above.ancestor_id = rule.unit_id and rule.basis_id is not null then (select basis.issued_on from basis)
               else (
                 select min(document.issued_on) from document
                 where document.issuer_id = above.ancestor_id and document.campaign_id = rule.campaign_id and document.state = 'issued' and document.author_id is null
                   and document.type = coalesce(rule.detail ->> 'superiorType', rule.detail ->> 'type'))
             end + rule.due_days
             from unit_ancestor as above
             where above.unit_id = beneath.unit_id and above.depth = 1 and above.during @> least(day, coalesce(upper(beneath.during), 'infinity') - 1)
           ) else term.due_on end as due_on
    from unit_ancestor as beneath
    join unit on unit.id = beneath.unit_id
    join unit_kind on unit_kind.key = unit.kind
    cross join term
    where beneath.ancestor_id = rule.unit_id
      and beneath.depth >= rule.depth_from and (rule.depth_to is null or beneath.depth <= rule.depth_to)
      and (units is null or beneath.unit_id = any (units))
      and case when cardinality(rule.kinds) = 0 then unit_kind.has_members else unit.kind = any (rule.kinds) end
  )
  select candidate.unit_id, candidate.period, candidate.due_on,
         rule.detail || case when rule.basis_id is null then '{}' else coalesce((select jsonb_build_object('from', basis.issued_on) from basis), '{}') end
  from candidate
  where candidate.during @> least(day, coalesce(candidate.due_on, day))
    and (not rule.own_members or exists (
      select from membership
      where membership.unit_id = candidate.unit_id and membership.during @> least(day, coalesce(candidate.due_on, day))));
end $function$;
