import { BlockList, isIP } from 'node:net'

/** The proxies whose word about where a request comes from is believed. */
export type Trust = { isTrusted: (address: string) => boolean }

/** Reads addresses and ranges such as `10.0.0.0/8`. Throws a sentence for what is neither. */
export function trustOf(proxies: string[]): Trust {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    const most = family === 'ipv6' ? 128 : 32
    const length = bits === undefined ? most : Number(bits)
    if (isIP(address) === 0 || !Number.isInteger(length) || length < 0 || length > most) throw new Error(`"${proxy}" is not an address or a range of addresses; write it like 10.0.0.2 or 10.0.0.0/8.`)
    list.addSubnet(address, length, family)
  }
  return { isTrusted: (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') }
}

/**
 * Where a request really comes from: the other end of the connection, or, when that is a trusted proxy, the last address of
 * X-Forwarded-For that is not one. Whatever stands before it was written by the client and may be invented.
 */
export function clientAddress(peer: string, forwarded: string | undefined, { isTrusted }: Trust): string {
  let at = plain(peer)
  const hops = (forwarded ?? '').split(',').map((hop) => plain(hop.trim())).reverse()
  for (const hop of hops) {
    if (!isTrusted(at) || isIP(hop) === 0) break
    at = hop
  }
  return at
}

/** IPv4 in the dress of IPv6, as a socket for both gives it. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')
