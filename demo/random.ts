/** Numbers and choices that are the same every time for the same seed and name. */
export type Random = {
  /** From 0 up to, but not including, 1. */
  next(): number
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  chance(share: number): boolean
  pick<Item>(items: readonly Item[]): Item
  shuffled<Item>(items: readonly Item[]): Item[]
}

/** One stream of random numbers; each use has its own name, so that changing one part of the city leaves the others as they are. */
export function randomOf(seed: string, name: string): Random {
  // sfc32, seeded by hashing; small, fast and good enough for names and dates
  let [a, b, c] = [hash(seed, name, 1), hash(seed, name, 2), hash(seed, name, 3)]
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) next()
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    chance: (share) => next() < share,
    pick: (items) => items[Math.floor(next() * items.length)]!,
    shuffled: (items) => {
      const copy = [...items]
      for (let last = copy.length - 1; last > 0; last--) {
        const other = between(0, last)
        ;[copy[last], copy[other]] = [copy[other]!, copy[last]!]
      }
      return copy
    },
  }
}

/** 32 bits of the words; FNV-1a with a last stir. */
export function hash(...words: (string | number)[]): number {
  let value = 0x811c9dc5
  for (const character of words.join('\u0000')) value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** The id of one named thing: the same address after every reload. A UUID of version 8, whose bits are one's own to choose. */
export function idOf(seed: string, kind: string, name: string): string {
  const [first, second, third, fourth] = [1, 2, 3, 4].map((part) => hex(hash(seed, kind, name, part), 8)) as [string, string, string, string]
  return `${first}-${second.slice(0, 4)}-8${second.slice(5)}-8${third.slice(1, 4)}-${third.slice(4)}${fourth}`
}

/** Ids of things without a name, one after the other: in rising order, so that indexes fill from left to right. */
export function idsOf(seed: string, kind: string): () => string {
  const head = hex(hash(seed, kind), 8)
  let count = 0
  return () => {
    count++
    const tail = hex(hash(seed, kind, count), 8)
    return `${head}-${hex(count >>> 12, 4)}-8${hex(count & 0xfff, 3)}-8${tail.slice(0, 3)}-0000${tail}`
  }
}

/** Shares out a whole number by weights; the parts add up to it. */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, right) => left + right, 0)
  const exact = weights.map((weight) => (total * weight) / sum)
  const parts = exact.map(Math.floor)
  const left = total - parts.reduce((one, other) => one + other, 0)
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((one, other) => other.remainder - one.remainder || one.index - other.index)
  for (const { index } of byRemainder.slice(0, left)) parts[index]!++
  return parts
}

/** So many of the items, each the likelier the greater its weight; never one of weight 0. In the order of the items. */
export function choose<Item>(random: Random, items: readonly Item[], count: number, weight: (item: Item) => number): Item[] {
  const drawn = items.flatMap((item, index) => {
    const chance = weight(item)
    return chance > 0 ? [{ item, index, key: -Math.log(1 - random.next()) / chance }] : []
  })
  if (drawn.length < count) throw new Error(`Wanted ${count}, but only ${drawn.length} can be chosen.`)
  return drawn
    .sort((one, other) => one.key - other.key || one.index - other.index)
    .slice(0, count)
    .sort((one, other) => one.index - other.index)
    .map(({ item }) => item)
}

/** A table of weighted words, written `Nguyễn 31, Trần 11`; without a number the weight is 1. */
export function wordsOf(text: string): (random: Random) => string {
  const entries = text.split(',').map((entry) => /^(.+?)(?: ([\d.]+))?$/.exec(entry.trim())!)
  const words = entries.map((entry) => entry[1]!)
  let sum = 0
  const bounds = entries.map((entry) => (sum += Number(entry[2] ?? 1)))
  return (random) => {
    const at = random.next() * sum
    return words[bounds.findIndex((bound) => at < bound)]!
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
