// An owner with jose: makes a key, or opens the envelopes of a folder with it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as jose from 'jose'

const [what, folder] = process.argv.slice(2)
const at = (name) => join(folder, name)

if (what === 'make') {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true })
  writeFileSync(at('public.json'), JSON.stringify(await jose.exportJWK(publicKey)))
  writeFileSync(at('private.json'), JSON.stringify(await jose.exportJWK(privateKey)))
} else {
  const key = await jose.importJWK(JSON.parse(readFileSync(at('private.json'), 'utf8')), 'ECDH-ES')
  const options = {
    keyManagementAlgorithms: ['ECDH-ES'],
    contentEncryptionAlgorithms: ['A256GCM'],
  }
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.jwe'))) {
    let read = 'null'
    try {
      const sealed = readFileSync(at(name), 'utf8')
      const { plaintext, protectedHeader } = await jose.compactDecrypt(sealed, key, options)
      if (protectedHeader.cty !== 'application/json') throw new Error(protectedHeader.cty)
      read = new TextDecoder('utf-8', { fatal: true }).decode(plaintext)
    } catch (error) {
      if (error.code !== 'ERR_JWE_DECRYPTION_FAILED') throw error
    }
    writeFileSync(at(name.replace('.jwe', '.json')), read)
  }
}
