-- A person, what the person belongs to, and what the person holds are three things.
create table person (
  id uuid primary key,
  name text not null,
  card_number text,
  born_on date,
  gender text,
  phone text,
  given_name text not null generated always as (regexp_replace(name, '^.* ', '')) stored,
  middle_name text not null generated always as (
    case when name ~ ' .* ' then regexp_replace(regexp_replace(name, '^[^ ]* ', ''), ' [^ ]*$', '') else '' end) stored,
  family_name text not null generated always as (case when name ~ ' ' then regexp_replace(name, ' .*$', '') else '' end) stored,
  search text not null generated always as (fold(name || coalesce(' ' || card_number, ''))) stored,
  version integer not null default 1,
  constraint person_card_number_is_unique unique (card_number),
  constraint person_name_is_clean check (name <> '' and name = normalize(regexp_replace(btrim(name), '\s+', ' ', 'g'), nfc)),
  constraint person_gender_is_known check (gender in ('female', 'male'))
);
create index person_search on person using gin (search gin_trgm_ops);

create table membership (
  id uuid primary key,
  person_id uuid not null references person (id),
  unit_id uuid not null references unit (id),
  during daterange not null,
  status text not null default 'in_post',
  exempt_reason text,
  category_key text, -- participant category; campaigns say which they use
  version integer not null default 1,
  constraint membership_status_is_known check (status in ('in_post', 'exempt', 'probationary')),
  constraint membership_exemption_has_reason check ((status = 'exempt') = (exempt_reason is not null)),
  constraint person_belongs_to_one_unit_a_day exclude using gist (person_id with =, during with &&),
  constraint membership_lasts_some_day check (not isempty(during))
);
create index membership_by_unit on membership (unit_id);

create table office (
  id uuid primary key,
  person_id uuid not null references person (id),
  unit_id uuid not null references unit (id),
  role text not null,
  title text, -- as printed, where it is not the role's own name: Phó Trưởng ban Tuyên giáo
  during daterange not null,
  constraint office_role_is_known check (
    role in ('city_officer', 'secretary', 'deputy', 'clerk', 'inspector', 'administrator')),
  constraint office_is_held_once exclude using gist (person_id with =, unit_id with =, role with =, during with &&),
  constraint unit_has_one_secretary_a_day exclude using gist (unit_id with =, during with &&) where (role = 'secretary')
);
create index office_by_person on office (person_id);
create index office_by_unit on office (unit_id);

-- An inspector sees what is assigned, for as long as it is assigned.
create table inspection_assignment (
  id uuid primary key,
  person_id uuid not null references person (id),
  unit_id uuid not null references unit (id),
  during daterange not null,
  constraint assignment_ends check (not upper_inf(during))
);
create index inspection_assignment_by_person on inspection_assignment (person_id);
