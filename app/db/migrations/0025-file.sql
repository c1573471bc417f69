-- Files by their content: each lies once, under its hash, on the disk or at an S3 service. Who attaches one has a row of an own table
-- that names the hash; a file is seen through such rows and no other way.
create table file (
  sha256 bytea primary key,
  size_bytes bigint not null,
  media_type text not null, -- read from its bytes
  stored_at timestamptz not null default clock_timestamp(),
  used_at timestamptz not null default clock_timestamp(), -- when it was last attached to something
  constraint file_is_named_by_a_sha256 check (octet_length(sha256) = 32),
  constraint file_is_of_a_size check (size_bytes > 0)
);
create index file_by_use on file (used_at);
alter table file enable row level security;
grant select on file to app;

-- To be called once for each table whose `file_sha256` attaches files: whoever sees a row of it sees the file's size and type.
create function files_come_through(attaching regclass) returns void
language plpgsql as $$
declare
  plain text := (select relname from pg_class where oid = attaching);
begin
  execute format('create index if not exists %I on %s (file_sha256)', plain || '_by_file', attaching);
  execute format('create policy %I on file for select to app using (exists (select from %s where %s.file_sha256 = file.sha256))', 'file_through_' || plain, attaching, attaching);
end $$;

-- What holds a file against the sweep until the transaction ends; the content is put in its place between this and use_file.
create function hold_file(hash bytea) returns void
language sql security definer set search_path = public, pg_temp as $$
  select pg_advisory_xact_lock_shared(('x' || encode(substr(hash, 1, 8), 'hex'))::bit(64)::bigint)
$$;

-- The row of a file whose content is in its place. Nobody is told whether it was there before.
create function use_file(hash bytea, size bigint, type text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into file (sha256, size_bytes, media_type) values (hash, size, type)
  on conflict (sha256) do update set used_at = clock_timestamp()
$$;
grant execute on function hold_file(bytea), use_file(bytea, bigint, text) to app;

-- Files that nothing attaches and that were not used lately, by every reference there is to them.
create function unattached_files(before timestamptz) returns setof bytea
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  attached text := (
    select string_agg(format('and not exists (select from %s where %1$s.%I = file.sha256)', reference.conrelid::regclass, pg_attribute.attname), ' ')
    from pg_constraint as reference
    join pg_attribute on pg_attribute.attrelid = reference.conrelid and pg_attribute.attnum = reference.conkey[1]
    where reference.contype = 'f' and reference.confrelid = 'file'::regclass);
begin
  return query execute format('select file.sha256 from file where file.used_at < $1 %s limit 1000', attached) using before;
end $$;

-- Evidence leaves its table. A migration cannot write files: what is there is moved when the server starts, row by row, and only then
-- can it be read; `content` is empty from then on and is written no more.
alter table evidence add column file_sha256 bytea references file (sha256);
alter table evidence alter column content drop not null;
alter table evidence drop constraint evidence_is_of_a_size;
alter table evidence add constraint evidence_is_of_a_size check (size_bytes between 1 and 10485760 and (content is null or size_bytes = octet_length(content)));
alter table evidence add constraint evidence_lies_in_one_place check ((content is null) <> (file_sha256 is null));
alter table evidence add constraint evidence_file_is_its_own check (file_sha256 = sha256);
create index evidence_to_move on evidence (id) where file_sha256 is null;
select files_come_through('evidence');
