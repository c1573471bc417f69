import { hash, verify } from '@node-rs/argon2'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
export const passwordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The password as it is kept: argon2id with its salt and parameters. Composed first, since keyboards differ in how they write ế. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), passwordCost)
}

/** Whether it is the password that was hashed. */
export function isPassword(hashed: string, password: string): Promise<boolean> {
  return verify(hashed, password.normalize('NFC'))
}

/** The work of `isPassword` where there is no password to compare with, so that nobody learns so from how long it takes. */
export async function isNoPassword(password: string): Promise<false> {
  await verify(ofNobody, password.normalize('NFC'))
  return false
}
// of 32 random bytes that were thrown away
const ofNobody = '$argon2id$v=19$m=19456,t=2,p=1$Can0JMGG3FlUgMtxASs/kw$MtYEQY13hlnIsC5e5Lzu1tpbMXGoXq/5PlDRwyOS1uk'
