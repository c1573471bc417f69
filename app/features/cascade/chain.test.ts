import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chainOf, type ChainNode, type Linked, type RelationKind } from './chain.ts'

const shown = ({ document, relation, also, beneath }: ChainNode<Linked>): string =>
  `${document.id}${relation ? ` ${relation}` : ''}${also.map((one) => ` +${one.document.id}`).join('')}${beneath.length > 0 ? ` (${beneath.map(shown).join(', ')})` : ''}`

test('the chain of 2021: directive, guidance, letter and plan of the city, the districts beneath the plan', () => {
  const days: Record<string, string> = { 'CT 01': '2021-03-09', 'HD 03': '2021-03-18', 'CV 123': '2021-03-22', 'KH 17': '2021-03-22', 'KH 14 Ninh Kiều': '2021-03-30', 'CTr 10': '2021-06-14' }
  const documents = Object.entries(days).map(([id, day]) => ({ id, day }))
  const tree = chainOf(documents, [
    { from: 'HD 03', kind: 'carries_out', to: 'CT 01' },
    { from: 'CV 123', kind: 'carries_out', to: 'CT 01' },
    { from: 'KH 17', kind: 'based_on', to: 'HD 03' },
    { from: 'KH 17', kind: 'carries_out', to: 'CT 01' },
    { from: 'KH 14 Ninh Kiều', kind: 'carries_out', to: 'KH 17' },
    { from: 'KH 14 Ninh Kiều', kind: 'based_on', to: 'CV 123' },
    { from: 'CTr 10', kind: 'carries_out', to: 'nowhere' },
  ])
  expect(tree.map(shown)).toEqual(['CT 01 (HD 03 carries_out, CV 123 carries_out, KH 17 carries_out +HD 03 (KH 14 Ninh Kiều carries_out +CV 123))', 'CTr 10'])
})

test('whatever points where, in rings too, each document is drawn once and no relation is lost', () => {
  const id = fc.integer({ min: 0, max: 12 }).map((number) => `d${number}`)
  const kind = fc.constantFrom<RelationKind>('answers', 'carries_out', 'amends', 'replaces', 'based_on')
  const whole = fc.record({
    documents: fc.uniqueArray(fc.record({ id, day: fc.option(fc.integer({ min: 1, max: 28 }).map((day) => `2021-03-${String(day).padStart(2, '0')}`)) }), { selector: (one) => one.id }),
    relations: fc.uniqueArray(fc.record({ from: id, kind, to: id }), { maxLength: 40, selector: (one) => `${one.from} ${one.kind} ${one.to}` }),
  })
  fc.assert(fc.property(whole, ({ documents, relations }) => {
    const drawn: string[] = []
    const pairs = new Set<string>()
    const walk = (node: ChainNode<Linked>, parent: string | null): void => {
      drawn.push(node.document.id)
      if (parent) pairs.add(`${node.document.id} ${parent}`)
      for (const one of node.also) pairs.add(`${node.document.id} ${one.document.id}`)
      for (const child of node.beneath) walk(child, node.document.id)
    }
    for (const root of chainOf(documents, relations)) walk(root, null)
    expect(drawn.toSorted()).toEqual(documents.map((one) => one.id).toSorted())
    const known = new Set(documents.map((one) => one.id))
    expect([...pairs].toSorted()).toEqual([...new Set(relations.filter(({ from, to }) => from !== to && known.has(from) && known.has(to)).map(({ from, to }) => `${from} ${to}`))].toSorted())
  }))
})
