import { describe, expect, test } from 'vitest'
import { clientAddress, trustOf } from './client-address.ts'

describe('the address of a client', () => {
  const behind = trustOf(['127.0.0.1', '10.0.0.0/8', '::1'])
  const cases = [
    ['nobody is believed without being trusted', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a proxy of ours is believed', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['what the client itself wrote before is not', '127.0.0.1', '1.2.3.4, 198.51.100.1', '198.51.100.1'],
    ['two proxies of ours are passed', '::ffff:127.0.0.1', '1.2.3.4, 198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['without a header it is the proxy', '127.0.0.1', undefined, '127.0.0.1'],
    ['a word that is no address ends the search', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['IPv6', '::1', '2001:db8::7', '2001:db8::7'],
  ] as const
  for (const [what, peer, forwarded, is] of cases) test(`${what}`, () => expect(clientAddress(peer, forwarded, behind)).toBe(is))
})

test('what is no address is named', () => {
  for (const wrong of ['nginx', '10.0.0.0/33', '10.0.0', '::1/200', '10.0.0.0/x']) expect(() => trustOf([wrong])).toThrow(`"${wrong}" is not an address`)
})
