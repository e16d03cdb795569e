// A root agent, its child, and a grandchild that may do less still: OAuth from Node.
//
// Needs `npm install oauth4webapi dpop`, and nothing of Postern's. Reads TOKEN_URL, REQUEST_URL and
// ROOT_TOKEN (an access token of your OIDC issuer) from the environment.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as dpop from 'dpop';
import * as oauth from 'oauth4webapi';

const { TOKEN_URL, REQUEST_URL, ROOT_TOKEN } = process.env;
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const SPAWN_TICKET = 'urn:postern:token-type:spawn_ticket';

// Only for an emulator on loopback; drop it for a deployment, which speaks TLS.
const loopback = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(TOKEN_URL);
const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...loopback });
const server = await oauth.processDiscoveryResponse(issuer, discovered);

// Nobody registers agents: a token or a ticket is what they come with.
const client = { client_id: 'unregistered' };
const unauthenticated = () => {};

/** What may be read, as `authorization_details` (RFC 9396). */
const rights = (...tables) => [
  { type: 'postgres', locations: ['shop'], actions: ['select'], objects: tables.map((t) => `public.${t}`) },
];

/** A key of its own, and the token that it got for it. */
class Agent {
  /** Becomes somebody: `POST /token` (RFC 8693). */
  static async exchange(subject, kind, wanted) {
    const agent = new Agent();
    agent.keys = await oauth.generateKeyPair('ES256');
    const form = new URLSearchParams({
      subject_token: subject,
      subject_token_type: kind,
      resource: `${REQUEST_URL}/v1`,
    });
    if (wanted) form.set('authorization_details', JSON.stringify(wanted));
    const options = { DPoP: oauth.DPoP(client, agent.keys), ...loopback };
    const once = async () => oauth.processGenericTokenEndpointResponse(server, client,
      await oauth.genericTokenEndpointRequest(server, client, unauthenticated, EXCHANGE, form, options));
    const granted = await once().catch((error) => {
      if (oauth.isDPoPNonceError(error)) return once();
      throw error;
    });
    assert.equal(granted.token_type, 'dpop');
    agent.token = granted.access_token;
    return agent;
  }

  /** Sends JSON with a proof for exactly this body (RFC 9449, and `bdh` of Postern's). */
  async post(url, value) {
    const body = JSON.stringify(value);
    const bdh = createHash('sha256').update(body).digest('base64url');
    let answer, nonce;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const proof = await dpop.generateProof(this.keys, url, 'POST', nonce, this.token, { bdh });
      const headers = { 'content-type': 'application/json', authorization: `DPoP ${this.token}`, dpop: proof };
      answer = await fetch(url, { method: 'POST', headers, body });
      const fresh = answer.headers.get('dpop-nonce');
      if (answer.ok || !fresh || fresh === nonce) break;
      nonce = fresh;
    }
    return answer;
  }

  spawn(label, wanted) {
    return this.post(`${TOKEN_URL}/v1/spawn`, { label, authorization_details: wanted });
  }

  query(statement) {
    return this.post(`${REQUEST_URL}/v1/query`, { target: 'shop', statement });
  }
}

async function expect(answer, status, word = '') {
  const text = await answer.text();
  assert.ok(answer.status === status && text.includes(word),
    `${answer.url}: not ${status} ${word}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const root = await Agent.exchange(ROOT_TOKEN, ACCESS_TOKEN, rights('orders', 'customers'));
console.log('root: has a token of its own, bound to its key');

let { ticket } = await expect(await root.spawn('reads-orders', rights('orders')), 201);
const child = await Agent.exchange(ticket, SPAWN_TICKET);
let { rows } = await expect(await child.query('SELECT item, amount FROM orders WHERE id = 7'), 200);
console.log(`child: may read orders, and reads ${rows.length}`);
await expect(await child.query('SELECT name FROM customers WHERE id = 7'), 403, 'policy/rights');
console.log('child: may not read customers');

await expect(await child.spawn('wider', rights('customers')), 400, 'invalid_authorization_details');
console.log('grandchild: refused, it would have had more than its parent');

const narrow = [{ ...rights('orders')[0], max_rows: 1 }];
({ ticket } = await expect(await child.spawn('narrower', narrow), 201));
const grandchild = await Agent.exchange(ticket, SPAWN_TICKET);
({ rows } = await expect(await grandchild.query('SELECT item FROM orders WHERE id < 10'), 200));
console.log(`grandchild: reads orders one by one, here ${rows.length}`);
assert.equal(rows.length, 1, 'its bound was not kept');
