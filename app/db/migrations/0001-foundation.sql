-- What every later table stands on: the role that readers and writers become, who is looking and on which day,
-- Vietnamese search, and the settings of one deployment.
create extension if not exists btree_gist;
create extension if not exists pg_trgm;

do $$
begin
  if not exists (select from pg_roles where rolname = 'app') then
    create role app nologin;
  end if;
exception when duplicate_object or unique_violation then null; -- another database of this server was migrating too
end $$;
grant app to current_user;
grant usage on schema public to app;
alter default privileges revoke execute on functions from public; -- for one schema alone this would revoke nothing

-- Both are set for one transaction by asViewer; unset they are null, and every rule built on them refuses.
create function viewer_person() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.viewer', true), '')::uuid;

create function viewer_today() returns date
language sql stable parallel safe
return nullif(current_setting('app.today', true), '')::date;

-- Lower case without marks, đ as d: "Hoà", "hòa" and "HOA" are found alike.
create function fold(words text) returns text
language sql immutable strict parallel safe
return replace(lower(regexp_replace(normalize(words, nfd), '[\u0300-\u036f]', '', 'g')), 'đ', 'd');

create table setting (
  key text primary key,
  value jsonb not null
);
-- How many levels above a person's unit may see names; beyond that only counts and reasons.
insert into setting (key, value) values ('people_depth', '1');

alter table setting enable row level security;
create policy setting_is_read_by_all on setting for select to app using (true);
grant select on setting to app;
grant execute on function viewer_person(), viewer_today(), fold(text) to app;
