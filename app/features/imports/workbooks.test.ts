import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { organisation } from '../../../tests/people.ts'
import { bring, carryOut } from './imports.fixture.ts'
import { importWords } from './imports.messages.ts'
import { messyWorkbooks } from './workbooks.fixture.ts'

const { db } = await testDatabase()
const { viewer } = await organisation(db)

describe('workbooks as offices keep them', () => {
  test.each(messyWorkbooks)('$name', async ({ name, kind, unit, file, good, bad, refused, notes }) => {
    const brought = await bring(db, viewer.ngoc, { kind, unitCode: unit }, await file(), name)
    if (refused) {
      expect(brought.head.state).toBe('refused')
      expect(brought.head.refusal?.vi).toBe(importWords.in('vi')(refused as 'fileLocked'))
      return
    }
    expect(brought.head.refusal).toBeNull()
    expect(brought.bad).toEqual(bad ?? [])
    if (notes) expect(brought.head.counts!.notes).toMatchObject(notes)
    if (bad) return
    expect(brought.head.counts).toMatchObject({ new: good })
    expect((await carryOut(db, viewer.ngoc, brought)).head).toMatchObject({ state: 'imported', refusal: null })
    const again = await bring(db, viewer.ngoc, { kind, unitCode: unit }, await file(), name)
    expect(again.bad).toEqual([])
    expect(again.head.counts).toMatchObject({ new: 0, changed: 0, unchanged: good })
  })
})
