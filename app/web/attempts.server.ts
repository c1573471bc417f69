import { sql } from 'kysely'
import type { Db } from '../db/open.ts'
import type { Keys } from './keys.server.ts'

// Account limits bind first: a hall of two hundred shares one address, a family one phone.
const mostOfOne = 10
const mostAtAddress = 200

/** What is attempted, for whom, from where; from a browser that is known, no address is blamed or shut. */
export type Attempt = { at: string; address: string | null }

/** Under way until it is told how it went; or how long to wait before it may be made. */
export type Attempting = { secondsToWait: 0; failed: () => Promise<void>; succeeded: () => Promise<void> } | { secondsToWait: number }

export type Attempts = { begin(attempt: Attempt): Promise<Attempting> }

/**
 * Counts attempts at a secret within fifteen minutes, in the database: a restart forgives nobody, and several processes count
 * together. One secret may be tried ten times. An address is shut once two hundred different ones failed there and have not
 * succeeded since: two hundred people may mistype, while somebody who tries one password on everybody is stopped.
 */
export function openAttempts({ db, keys }: { db: Db; keys: Keys }): Attempts {
  async function begin({ at, address }: Attempt): Promise<Attempting> {
    const key = keys.mac('attempts', at)
    const from = address && network(address)
    const { rows } = await sql<{ id: number | null; seconds: number }>`select id, seconds from begin_attempt(${key}, ${from}, ${mostOfOne}, ${mostAtAddress})`.execute(db)
    const { id, seconds } = rows[0]!
    if (id === null) return { secondsToWait: seconds }
    return {
      secondsToWait: 0,
      failed: async () => void (await db.updateTable('sign_in_attempt').set({ has_failed: true }).where('id', '=', id).execute()),
      // Failures from elsewhere stay: whoever guesses there is not forgiven because the owner signed in here.
      succeeded: async () => void (await db.deleteFrom('sign_in_attempt').where('key', '=', key).where('address', 'is not distinct from', from).execute()),
    }
  }
  return { begin }
}

/** One IPv6 customer has a whole /64; an IPv4 address that came as IPv6 is itself. */
function network(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const before = head ? head.split(':') : []
  const after = tail ? tail.split(':') : []
  const groups = tail === undefined ? before : [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after]
  return `${groups.slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')}::/64`
}
