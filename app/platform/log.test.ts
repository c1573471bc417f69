import { Writable } from 'node:stream'
import pg from 'pg'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openLog } from './log.ts'

/** The line that is logged of an error. */
function logged(error: unknown): string {
  let text = ''
  const log = openLog('info', new Writable({ write: (chunk: Buffer, _, done) => (void (text += chunk.toString()), done()) }))
  log.error({ err: error }, 'a request failed')
  return text
}

function thrown(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

test('says what failed and where, and nothing that anybody typed', () => {
  const database = Object.assign(new pg.DatabaseError('invalid input syntax for type uuid: "Nguyễn Thị Lan"', 1, 'error'), {
    code: '22P02', severity: 'ERROR', constraint: 'person_card_number_is_unique', detail: 'Key (card_number)=(079123456789) already exists.', where: 'COPY person, line 1: Nguyễn Thị Lan', routine: 'string_to_uuid',
  })
  const parsing = thrown(() => JSON.parse('{"name": Nguyễn Thị Lan 079123456789}'))
  const schema = thrown(() => z.object({ phone: z.string().max(3) }).parse({ phone: '0912345678' }))
  for (const error of [database, parsing, schema, new Error('a failure', { cause: database }), new TypeError('cannot read "Nguyễn Thị Lan"')]) {
    expect(logged(error)).toContain('"stack":"at ')
    expect(logged(error)).not.toMatch(/Nguyễn|079123456789|0912345678/)
  }
  expect(JSON.parse(logged(database))).toMatchObject({ err: { code: '22P02', constraint: 'person_card_number_is_unique', routine: 'string_to_uuid' } })
})

test('keeps the words of an error of our own', () => expect(logged(new Error('There is no font'))).toContain('There is no font'))
