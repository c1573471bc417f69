-- The register of documents: what a unit issues or registers from outside, its number in a series, what it stands on, its files
-- and who received it.

-- Kinds of documents with their abbreviation in either grammar of numbers; the same as documentTypes of the typesetting.
create table document_type (
  key text primary key,
  name text not null,
  english text not null,
  party text not null,
  state text not null, -- '': the State's letters have none
  position smallint not null unique
);
insert into document_type (key, name, english, party, state, position) values
  ('resolution', 'nghị quyết', 'resolution', 'NQ', 'NQ', 1),
  ('decision', 'quyết định', 'decision', 'QĐ', 'QĐ', 2),
  ('regulation', 'quy định', 'regulation', 'QĐ', 'QyĐ', 3),
  ('directive', 'chỉ thị', 'directive', 'CT', 'CT', 4),
  ('conclusion', 'kết luận', 'conclusion', 'KL', 'KL', 5),
  ('rules', 'quy chế', 'rules', 'QC', 'QC', 6),
  ('circular', 'thông tri', 'circular', 'TT', 'TT', 7),
  ('guidance', 'hướng dẫn', 'guidance', 'HD', 'HD', 8),
  ('notice', 'thông báo', 'notice', 'TB', 'TB', 9),
  ('report', 'báo cáo', 'report', 'BC', 'BC', 10),
  ('plan', 'kế hoạch', 'plan', 'KH', 'KH', 11),
  ('programme', 'chương trình', 'programme', 'CTr', 'CTr', 12),
  ('action_programme', 'chương trình hành động', 'action programme', 'CTr', 'CTr', 13),
  ('project', 'đề án', 'project', 'ĐA', 'ĐA', 14),
  ('scheme', 'phương án', 'scheme', 'PA', 'PA', 15),
  ('submission', 'tờ trình', 'submission', 'TTr', 'TTr', 16),
  ('invitation', 'giấy mời', 'invitation', 'GM', 'GM', 17),
  ('official_letter', 'công văn', 'official letter', 'CV', '', 18),
  ('minutes', 'biên bản', 'minutes', 'BB', 'BB', 19),
  ('copy', 'bản sao', 'copy', 'BS', 'BS', 20);

-- Which kind of unit may not issue which type, from when to when, by which rule, and what it may issue instead. No row: it may.
create table document_type_rule (
  id uuid primary key default gen_random_uuid(),
  unit_kind text not null references unit_kind (key),
  type text not null references document_type (key),
  basis text not null, -- the rule that says so: 66-QĐ/TW
  instead text[] not null,
  during daterange not null,
  constraint document_type_is_ruled_once_a_day exclude using gist (unit_kind with =, type with =, during with &&)
);
insert into document_type_rule (unit_kind, type, basis, instead, during)
select ruled.unit_kind, ruled.type, rule.basis, ruled.instead, rule.during
from (values
  ('commune_committee', 'directive', array['resolution', 'plan', 'official_letter']),
  ('commune_committee', 'circular', array['notice', 'official_letter']),
  ('base_organisation', 'directive', array['resolution', 'plan', 'official_letter']),
  ('base_organisation', 'circular', array['notice', 'official_letter']),
  ('cell', 'directive', array['resolution', 'plan', 'official_letter']),
  ('cell', 'circular', array['notice', 'official_letter']),
  ('cell', 'regulation', array['rules', 'resolution']),
  ('cell', 'guidance', array['plan', 'notice'])
) as ruled (unit_kind, type, instead)
cross join (values
  ('66-QĐ/TW', daterange('2017-02-06', '2026-01-09')),
  ('399-QĐ/TW', daterange('2026-01-09', null))
) as rule (basis, during);

-- A committee's terms: the Party's numbers restart with each.
create table committee_term (
  id uuid primary key,
  unit_id uuid not null references unit (id),
  name text not null,
  during daterange not null,
  version integer not null default 1,
  constraint committee_has_one_term_a_day exclude using gist (unit_id with =, during with &&),
  constraint committee_term_begins check (not isempty(during) and not lower_inf(during)),
  constraint committee_term_has_a_name check (btrim(name) <> '')
);

create table document (
  id uuid primary key,
  unit_id uuid not null references unit (id),  -- whose register holds it
  issuer_id uuid references unit (id),         -- unit_id itself for one's own
  issuer_name text,                            -- an issuer outside the tree
  campaign_id uuid references campaign (id),
  type text not null references document_type (key),
  grammar text not null,
  number integer,
  symbol text,                                 -- TU, ĐU, UBND-VX
  series text not null default '',             -- KH/TU, QĐ-UBND: laid by document_finds_its_series, as the next two
  term_id uuid references committee_term (id),
  series_year smallint,
  abstract text not null,
  urgency text not null default 'normal',
  issued_on date,
  received_on date,                            -- the day one from outside came in
  place text,
  signer_name text,
  signer_position text,
  signed_as text,                              -- T/M BAN THƯỜNG VỤ
  text text,
  state text not null default 'draft',
  author_id uuid references person (id),       -- of a personal plan the head whose plan it is
  version integer not null default 1,
  recorded_at timestamptz not null default now(),
  recorded_by uuid references person (id),
  on_behalf_of uuid references person (id),
  source fact_source not null,
  issued_at timestamptz,                       -- the instant it left the draft, whichever day it bears
  issued_by uuid references person (id),
  withdrawn_at timestamptz,
  withdrawn_by uuid references person (id),
  withdrawn_reason text,
  search tsvector not null default ''::tsvector,
  constraint document_grammar_is_known check (grammar in ('party', 'state')),
  constraint document_urgency_is_known check (urgency in ('normal', 'urgent', 'very_urgent', 'express')),
  constraint document_state_is_known check (state in ('draft', 'issued', 'withdrawn')),
  constraint document_has_one_issuer check ((issuer_id is null) <> (issuer_name is null)),
  constraint document_issuer_has_a_name check (btrim(issuer_name) <> ''),
  constraint document_number_is_one check (number between 1 and 99999),
  constraint document_has_an_abstract check (length(btrim(abstract)) between 1 and 2000),
  constraint document_text_is_of_a_size check (length(text) <= 500000),
  constraint draft_has_no_number check (state <> 'draft' or number is null),
  constraint draft_is_ones_own check (state <> 'draft' or issuer_id = unit_id),
  constraint issued_document_has_its_day check (state = 'draft' or (issued_on is not null and issued_at is not null)),
  constraint own_document_is_numbered check (state = 'draft' or issuer_id is distinct from unit_id or number is not null or author_id is not null),
  constraint personal_plan_is_of_ones_unit check (author_id is null or issuer_id = unit_id),
  constraint document_withdrawn_says_why check ((state = 'withdrawn') = (withdrawn_at is not null and btrim(coalesce(withdrawn_reason, '')) <> ''))
);
-- A number withdrawn stays used. `nulls not distinct`: before a committee has told its terms, its numbers are one series.
create unique index document_number_is_used_once on document (unit_id, series, term_id, series_year, number) nulls not distinct
  where issuer_id = unit_id and state <> 'draft' and number is not null;
create unique index document_is_registered_once on document (unit_id, coalesce(issuer_id::text, fold(issuer_name)), type, number, issued_on)
  where issuer_id is distinct from unit_id and state = 'issued' and number is not null;
create index document_by_unit on document (unit_id, issued_on desc);
create index document_by_issuer on document (issuer_id);
create index document_by_campaign on document (campaign_id);
create index document_by_day on document (issued_on desc, id) where state <> 'draft';
create index document_search on document using gin (search);
select keep_both_names_on('document');

-- What was wrong in the register of a document that is out, and what stands there since: nothing of it changes without such a row. The
-- signed file is not touched.
create table document_correction (
  id uuid primary key,
  document_id uuid not null references document (id),
  unit_id uuid not null references unit (id), -- the document's
  of_version integer not null,                -- the version that was wrong
  changes jsonb not null,                     -- of each field, from what to what
  reason text,
  recorded_at timestamptz not null default clock_timestamp(),
  recorded_by uuid references person (id),
  on_behalf_of uuid references person (id),
  source fact_source not null,
  constraint document_is_corrected_once_a_version unique (document_id, of_version),
  constraint correction_changes_something check (jsonb_typeof(changes) = 'array' and changes <> '[]'),
  constraint correction_reason_is_short check (length(reason) <= 300)
);
create index document_correction_by_unit on document_correction (unit_id);
select keep_both_names_on('document_correction');

-- In which series a number counts. The Party's congress documents are one series whatever their type; the State's letters bear who
-- drafted them after the issuer, which makes no series of its own.
create function document_series(grammar text, type text, symbol text) returns text
language sql stable parallel safe
return (
  select case
    when document_series.grammar = 'party' and document_series.symbol = 'ĐH' then 'ĐH'
    when document_series.grammar = 'party' then document_type.party || '/' || coalesce(document_series.symbol, '')
    when document_type.state = '' then split_part(coalesce(document_series.symbol, ''), '-', 1)
    else document_type.state || '-' || coalesce(document_series.symbol, '') end
  from document_type
  where document_type.key = document_series.type);

-- What may be searched, most telling first: number and abstract, then type, issuer and signer, then the text.
create function document_finds_its_series() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
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
end $$;
-- Words of plain letters and digits, so that 17-KH/TU is three of them.
create function plain_words(words text) returns text
language sql immutable strict parallel safe
return regexp_replace(fold(words), '[^a-z0-9]+', ' ', 'g');
create trigger document_finds_its_series before insert or update on document
  for each row execute function document_finds_its_series();

-- A term told later, or moved, takes in the documents of its days; a number that would then be used twice is refused.
create function term_takes_in_documents() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update document set version = document.version
  where document.unit_id = coalesce(new.unit_id, old.unit_id) and document.issuer_id = document.unit_id and document.grammar = 'party'
    and document.term_id is distinct from (
      select committee_term.id from committee_term where committee_term.unit_id = document.unit_id and committee_term.during @> document.issued_on);
  return null;
end $$;
create trigger committee_term_takes_in_documents after insert or update of during on committee_term
  for each row execute function term_takes_in_documents();

create table document_relation (
  from_id uuid not null references document (id) on delete cascade,
  kind text not null,
  to_id uuid not null references document (id),
  primary key (from_id, kind, to_id),
  constraint document_relation_kind_is_known check (kind in ('answers', 'carries_out', 'amends', 'replaces', 'based_on')),
  constraint document_relates_to_another check (from_id <> to_id)
);
create index document_relation_by_target on document_relation (to_id, kind);

-- Relations lead to what was there before, so that following them ends. One writer at a time: two could close a circle together.
create function refuse_relation_circle() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
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
end $$;
create trigger document_relations_have_no_circle after insert on document_relation
  for each row execute function refuse_relation_circle();

-- A line under "Nơi nhận". A unit of the tree confirms that it received it; "the units directly beneath" become rows of their own on issuing.
create table document_recipient (
  id uuid primary key default gen_random_uuid(),
  document_id uuid not null references document (id) on delete cascade,
  unit_id uuid references unit (id),
  name text not null, -- as printed
  position smallint not null default 0,
  is_beneath boolean not null default false, -- the line that stands for all units directly beneath
  is_one_of_them boolean not null default false, -- a unit that such a line stood for
  received_at timestamptz,
  received_by uuid references person (id),
  constraint document_recipient_has_a_name check (btrim(name) <> ''),
  constraint units_alone_receive check (received_at is null or unit_id is not null)
);
create unique index document_goes_to_a_unit_once on document_recipient (document_id, unit_id) where unit_id is not null;
create index document_recipient_by_unit on document_recipient (unit_id);
create index document_recipient_by_document on document_recipient (document_id, position);

-- Who said that a copy came keeps it: the word can be taken back, the line cannot be taken away under it.
create function refuse_to_forget_receipt() returns trigger
language plpgsql as $$
begin
  if old.received_at is not null then
    raise exception 'a unit has received it' using errcode = 'check_violation', constraint = 'received_copy_stays';
  end if;
  return old;
end $$;
create trigger received_copy_stays before delete on document_recipient
  for each row execute function refuse_to_forget_receipt();

create table document_file (
  id uuid primary key,
  document_id uuid not null references document (id) on delete cascade,
  file_sha256 bytea not null references file (sha256),
  name text not null,
  kind text not null,
  recorded_at timestamptz not null default now(),
  recorded_by uuid references person (id),
  on_behalf_of uuid references person (id),
  source fact_source not null,
  superseded_at timestamptz, -- a file is replaced, never changed
  superseded_by uuid references document_file (id), -- null: taken out
  constraint document_file_kind_is_known check (kind in ('scan', 'signed', 'text', 'annex')),
  constraint document_file_has_a_name check (length(btrim(name)) between 1 and 255)
);
create index document_file_by_document on document_file (document_id);
select keep_both_names_on('document_file');

-- A file on its way into the register, with what its first page seems to say: its bringer's alone, until it is confirmed or a day old.
create table document_upload (
  id uuid primary key,
  person_id uuid not null references person (id) on delete cascade,
  file_sha256 bytea not null references file (sha256),
  name text not null,
  suggested jsonb not null,
  brought_at timestamptz not null default now()
);
create index document_upload_by_person on document_upload (person_id);

-- Documents that one's own units received: asked by the policy of document, which recipients' own policy asks in turn.
create function viewer_received_documents() returns setof uuid
language sql stable security definer rows 200 set search_path = public, pg_temp as $$
  select document_recipient.document_id
  from document_recipient
  where document_recipient.unit_id in (select viewer_office_units())
$$;

-- Documents in which these words stand, each as the beginning of a word, numbers whole; who may see them is said by the policy of document. Asked
-- apart from it, because no index serves a search under row-level security.
create function documents_with_words(words text) returns table (id uuid, rank real)
language sql stable security definer rows 500 set search_path = public, pg_temp as $$
  select document.id, ts_rank(document.search, asked.query)
  from (
    select to_tsquery('simple', string_agg(case when word ~ '^[0-9]+$' then word else word || ':*' end, ' & ')) as query
    from regexp_split_to_table(btrim(plain_words(words)), ' ') as word
    where word <> ''
  ) as asked
  join document on document.search @@ asked.query
$$;

-- The name of the unit that keeps or issues a document the viewer sees: it stands at the document's head, wherever the unit stands.
create function document_unit_name(document uuid, unit uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select unit.name
  from unit
  join document on document.id = document_unit_name.document and unit.id in (document.unit_id, document.issuer_id)
  where unit.id = document_unit_name.unit
    and (document.unit_id in (select viewer_office_units()) or document.id in (select viewer_received_documents()))
$$;

grant execute on function document_series(text, text, text), plain_words(text), document_unit_name(uuid, uuid), viewer_received_documents(), documents_with_words(text) to app;

alter table document_type enable row level security;
create policy document_type_is_read_by_all on document_type for select to app using (true);
alter table document_type_rule enable row level security;
create policy document_type_rule_is_read_by_all on document_type_rule for select to app using (true);

alter table committee_term enable row level security;
create policy committee_term_of_viewer on committee_term for select to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = committee_term.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or unit_id in (select viewer_chain()));
create policy committee_term_is_kept_by_its_unit on committee_term to app
  using (unit_id in (select viewer_office_units())) with check (unit_id in (select viewer_office_units()));

-- A draft is its unit's alone. What was issued is seen by those who received it, by those above and by all beneath; a personal plan by
-- its author and, as papers' states are, by the levels that see the unit's people.
alter table document enable row level security;
create policy document_of_viewer on document for select to app using (
  unit_id in (select viewer_office_units())
  or author_id = viewer_person()
  or (state <> 'draft' and author_id is null and (
    unit_id in (select viewer_chain())
    or exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = document.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
        and unit_ancestor.standing @> (select viewer_today()))
    or id in (select viewer_received_documents())))
  or (state <> 'draft' and author_id is not null and unit_id in (select viewer_people_units())));
create policy document_is_written_in_its_unit on document for insert to app with check (unit_id in (select viewer_office_units()));
create policy document_is_kept_in_its_unit on document for update to app
  using (unit_id in (select viewer_office_units())) with check (unit_id in (select viewer_office_units()));
create policy draft_is_discarded_in_its_unit on document for delete to app
  using (state = 'draft' and unit_id in (select viewer_office_units()));

alter table document_relation enable row level security;
create policy document_relation_of_viewer on document_relation for select to app using (
  exists (select from document where document.id = document_relation.from_id)
  and exists (select from document where document.id = document_relation.to_id));
create policy document_relation_is_kept_by_its_unit on document_relation to app using (
  exists (select from document where document.id = document_relation.from_id and document.unit_id in (select viewer_office_units()))
  and exists (select from document where document.id = document_relation.to_id));

alter table document_recipient enable row level security;
create policy document_recipient_of_viewer on document_recipient for select to app using (
  exists (select from document where document.id = document_recipient.document_id));
create policy document_recipient_is_kept_by_its_unit on document_recipient to app using (
  exists (select from document where document.id = document_recipient.document_id and document.unit_id in (select viewer_office_units())));
create policy document_is_received_by_its_recipient on document_recipient for update to app
  using (unit_id in (select viewer_office_units()) and exists (select from document where document.id = document_recipient.document_id and document.state <> 'draft'));

alter table document_file enable row level security;
-- What was replaced is its keeper's to look up.
create policy document_file_of_viewer on document_file for select to app using (
  superseded_at is null and exists (select from document where document.id = document_file.document_id));
create policy document_file_is_kept_by_its_unit on document_file to app using (
  exists (select from document where document.id = document_file.document_id and document.unit_id in (select viewer_office_units())));

alter table document_correction enable row level security;
create policy document_correction_of_viewer on document_correction for select to app using (
  exists (select from document where document.id = document_correction.document_id));
create policy document_is_corrected_in_its_unit on document_correction for insert to app with check (
  unit_id in (select viewer_office_units())
  and exists (select from document where document.id = document_correction.document_id and document.unit_id = document_correction.unit_id and document.state = 'issued'));

alter table document_upload enable row level security;
create policy document_upload_is_ones_own on document_upload to app
  using (person_id = viewer_person()) with check (person_id = viewer_person());

grant select on document_type, document_type_rule to app;
grant select, insert, update on committee_term, document, document_file to app;
grant select, insert, delete on document_relation, document_recipient to app;
grant update (received_at, received_by, position, is_one_of_them) on document_recipient to app;
grant select, insert on document_correction to app;
grant delete on document to app;
grant select, insert, delete on document_upload to app;

select files_come_through('document_file');
select files_come_through('document_upload');

-- Entries about a document are read by those who see the document: that a unit has begun a draft is that unit's own.
create policy audit_entry_of_a_document_of_viewer on audit_entry as restrictive for select to app using (
  subject_type <> 'document'
  or exists (select from document where document.id = case when audit_entry.subject_type = 'document' then audit_entry.subject_id::uuid end));
