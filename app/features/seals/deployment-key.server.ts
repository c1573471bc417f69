import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { asSystem, type Db } from '../../db/open.ts'
import type { Log } from '../../platform/log.ts'
import { fingerprintOf } from './verify-archive.server.ts'

/** Signs as this deployment. The private half never leaves the function. */
export type DeploymentKey = { publicKey: string; fingerprint: string; sign: (content: Uint8Array) => Uint8Array }

/** The Ed25519 key of this deployment, made once a database; only the system reads it. */
export async function deploymentKey(db: Db, log: Log): Promise<DeploymentKey> {
  const stored = await asSystem(db, log, 'the key that signs archives of sealed reports', async (tx) => {
    const find = () => tx.selectFrom('deployment_secret').select('value').where('key', '=', name).executeTakeFirst()
    const found = await find()
    if (found) return found.value
    const value = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    await tx.insertInto('deployment_secret').values({ key: name, value }).onConflict((conflict) => conflict.doNothing()).execute()
    return (await find())!.value // another process may have been quicker
  })
  const key = createPrivateKey(stored)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  return { publicKey, fingerprint: fingerprintOf(publicKey), sign: (content) => new Uint8Array(sign(null, content, key)) }
}

const name = 'seal-key'
