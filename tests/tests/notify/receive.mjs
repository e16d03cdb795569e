// A receiver with standardwebhooks: which messages of a file it believes.
import { readFileSync } from 'node:fs'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'

const believed = ({ headers, body, key }) => {
  try {
    new Webhook(key).verify(body, headers)
    return true
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false
    throw error
  }
}

console.log(JSON.stringify(JSON.parse(readFileSync(process.argv[2], 'utf8')).map(believed)))
