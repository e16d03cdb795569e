// An issuer of somebody else's: panva's oidc-provider, which binds access tokens to keys (DPoP).
//
// Needs `npm install oidc-provider`. Reads from the environment: CERTIFICATE and KEY (PEM files for
// `localhost`), AUDIENCE (whom its tokens are for), CLIENT_SECRET (of the one client, `triage`) and
// MEMBER_OF (its groups, with commas between them). Prints its own address as soon as it listens.

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import * as oidc from 'oidc-provider';

const { CERTIFICATE, KEY, AUDIENCE, CLIENT_SECRET, MEMBER_OF } = process.env;

const server = createServer({ cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) });
await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
const issuer = `https://localhost:${server.address().port}`;

const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const provider = new oidc.Provider(issuer, {
  jwks: { keys: [{ ...signing, kid: 'one', alg: 'ES256', use: 'sig' }] },
  clients: [{
    client_id: 'triage',
    client_secret: CLIENT_SECRET,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
    dpop_bound_access_tokens: true,
  }],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'], dPoPSigningAlgValues: ['ES256'] },
  ttl: { ClientCredentials: 300 },
  extraTokenClaims: async () => ({ groups: MEMBER_OF.split(',') }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true, allowReplay: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: async () => AUDIENCE,
      getResourceServerInfo: async (_, resource) => {
        if (resource !== AUDIENCE) throw new oidc.errors.InvalidTarget();
        return {
          scope: '',
          audience: AUDIENCE,
          accessTokenTTL: 300,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        };
      },
    },
  },
});

server.on('request', provider.callback());
console.log(issuer);
