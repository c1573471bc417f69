-- The organisation: a tree that is true as of a day.
create table unit_kind (
  key text primary key,
  has_members boolean not null, -- caucuses, commissions and partners have none of their own and stay out of members' bases
  position smallint not null unique
);
insert into unit_kind (key, has_members, position) values
  ('city_committee', true, 1),
  ('district_committee', true, 2),
  ('attached_committee', true, 3),
  ('commune_committee', true, 4),
  ('base_organisation', true, 5),
  ('cell', true, 6),
  ('caucus', false, 7),
  ('commission', false, 8),
  ('partner', false, 9);

create table unit (
  id uuid primary key,
  code text not null,
  kind text not null references unit_kind (key),
  name text not null,              -- the committee: Thành ủy Cần Thơ
  organisation_name text,          -- the organisation it leads, on letterheads of units below: Đảng bộ thành phố Cần Thơ
  symbol text,                     -- issuer in document numbers: TU, QU, ĐU, CB
  place text,                      -- place written before the date of a document
  during daterange not null default '[-infinity,)',
  search text not null generated always as (fold(code || ' ' || name)) stored,
  version integer not null default 1,
  constraint unit_code_is_unique unique (code),
  constraint unit_code_is_plain check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint unit_has_a_name check (btrim(name) <> '' and name = normalize(name, nfc)),
  constraint unit_exists_some_day check (not isempty(during))
);
create index unit_search on unit using gin (search gin_trgm_ops);

create table unit_parent (
  unit_id uuid not null references unit (id),
  parent_id uuid not null references unit (id),
  during daterange not null default '[-infinity,)',
  constraint unit_has_one_parent_a_day exclude using gist (unit_id with =, during with &&),
  constraint unit_is_not_its_own_parent check (unit_id <> parent_id),
  constraint parenthood_lasts_some_day check (not isempty(during))
);
create index unit_parent_by_parent on unit_parent (parent_id);

-- Closure of unit_parent, itself at depth 0: written by lay_ancestors alone.
create table unit_ancestor (
  unit_id uuid not null references unit (id),
  ancestor_id uuid not null references unit (id),
  depth smallint not null,
  during daterange not null,
  standing daterange not null, -- as during; and an abolished unit stands for ever after where it stood on its last day
  primary key (unit_id, ancestor_id, during)
);
-- Rights ask this of every statement, so it carries all they need.
create index unit_ancestor_by_ancestor on unit_ancestor (ancestor_id, depth) include (unit_id, standing);

create table succession (
  from_unit_id uuid not null references unit (id),
  to_unit_id uuid not null references unit (id),
  on_date date not null,
  primary key (from_unit_id, to_unit_id),
  constraint unit_does_not_succeed_itself check (from_unit_id <> to_unit_id)
);
create index succession_by_successor on succession (to_unit_id);

-- Lays the closure anew for these units and everything ever beneath them; null lays the whole tree.
-- A day on which a unit would stand above itself is refused.
create function lay_ancestors(units uuid[] default null) returns void
language plpgsql as $$
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
end $$;
