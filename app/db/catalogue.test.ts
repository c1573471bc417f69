import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../tests/database.ts'

const { pool } = await testDatabase()

const ours = (catalogue: string) =>
  `not exists (select from pg_depend where pg_depend.objid = ${catalogue}.oid and pg_depend.classid = '${catalogue}'::regclass and pg_depend.deptype = 'e')`

const rules = {
  'a table without row-level security': `
    select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity`,
  'a table that app may read or write without a policy': `
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and (has_any_column_privilege('app', pg_class.oid, 'select, insert, update') or has_table_privilege('app', pg_class.oid, 'delete'))
      and not exists (select from pg_policy where polrelid = pg_class.oid)`,
  'a table that belongs to app, for whom its policies would not count': `
    select relname from pg_class where relnamespace = 'public'::regnamespace and pg_get_userbyid(relowner) = 'app'`,
  'a view that does not see as its reader': `
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and ${ours('pg_class')}
      and (relkind = 'm' or relkind = 'v' and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on'], false))`,
  'a security definer function without a fixed search path': `
    select proname from pg_proc
    where pronamespace = 'public'::regnamespace and prosecdef
      and not exists (select from unnest(proconfig) as setting where setting like 'search_path=%')`,
  'a function that everybody may execute': `
    select proname from pg_proc
    where pronamespace = 'public'::regnamespace and ${ours('pg_proc')}
      and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) as acl where acl.grantee = 0)`,
  'a table or column that everybody may use': `
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and ${ours('pg_class')}
      and (exists (select from aclexplode(relacl) as acl where acl.grantee = 0)
        or exists (select from pg_attribute cross join lateral aclexplode(attacl) as acl where attrelid = pg_class.oid and acl.grantee = 0))`,
  'a table that keeps who recorded its rows, without both names when somebody acts for another': `
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'recorded_by' and not attisdropped)
      and not exists (
        select from pg_trigger
        join pg_proc on pg_proc.oid = tgfoid and proname = 'keep_both_names'
        where tgrelid = pg_class.oid and tgenabled <> 'D')`,
  // `unit_id in (select viewer_units())` runs once a statement; the same function beside a column runs once a row.
  // viewer_person() and viewer_today() only read a setting and may stand anywhere.
  'a policy that asks who is looking once for every row': `
    select polname from pg_policy
    cross join lateral (select concat_ws(' ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))) as rule (expression)
    where regexp_replace(rule.expression, '\\( ?SELECT (\\w+\\.)?viewer_\\w+\\(\\)[^()]*\\)', '', 'g') ~ 'viewer_(?!person\\(|today\\()\\w+\\('`,
}

const found = async (rule: keyof typeof rules) => (await pool.query({ text: rules[rule], rowMode: 'array' })).rows.flat()

describe('the schema as migrated', () => {
  test.each(Object.keys(rules) as (keyof typeof rules)[])('has not %s', async (rule) => {
    expect(await found(rule)).toEqual([])
  })
})

describe('a schema that breaks every rule', () => {
  beforeAll(async () => {
    await pool.query(`
      create table bare (id uuid);
      create table open_to_app (id uuid, unit_id uuid);
      alter table open_to_app enable row level security;
      grant select (id) on open_to_app to app;
      create table one_name (id uuid, recorded_by uuid);
      create table of_app (id uuid);
      alter table of_app enable row level security;
      alter table of_app owner to app;
      create view all_people as select person.id from person;
      create function loose() returns void language sql security definer return null;
      grant execute on function loose() to public;
      create table for_all (id uuid, unit_id uuid);
      alter table for_all enable row level security;
      grant select on for_all to public;
      create policy slow_policy on for_all using (exists (select from viewer_units() as seen where seen = unit_id));
      create policy quick_policy on for_all using (unit_id in (select viewer_units()) or id = viewer_person())`)
  })
  test.each([
    ['a table without row-level security', 'bare'],
    ['a table that app may read or write without a policy', 'open_to_app'],
    ['a table that belongs to app, for whom its policies would not count', 'of_app'],
    ['a view that does not see as its reader', 'all_people'],
    ['a security definer function without a fixed search path', 'loose'],
    ['a function that everybody may execute', 'loose'],
    ['a table or column that everybody may use', 'for_all'],
    ['a table that keeps who recorded its rows, without both names when somebody acts for another', 'one_name'],
    ['a policy that asks who is looking once for every row', 'slow_policy'],
  ] as const)('is caught having %s', async (rule, name) => {
    expect(await found(rule)).toContain(name)
  })
  test('a policy in the one form is not caught', async () => {
    expect(await found('a policy that asks who is looking once for every row')).not.toContain('quick_policy')
  })
})
