// The issuer at which people sign in: panva's oidc-provider, with its own pages for development.
//
// Anybody may log in by any name; a name such as `dba-1` is in the group before its number. Reads PAGE
// from the environment: the address of the page that people come back to. Prints its address and its
// public keys, as one line of JSON.

import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import * as oidc from 'oidc-provider';

const { PAGE } = process.env;

const server = createServer();
await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
const issuer = `http://localhost:${server.address().port}`;

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const named = (key) => ({ ...key.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' });

const provider = new oidc.Provider(issuer, {
  jwks: { keys: [named(privateKey)] },
  clients: [{
    client_id: 'postern-page',
    token_endpoint_auth_method: 'none',
    redirect_uris: [`${PAGE}/signed-in`],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
    require_auth_time: true,
  }],
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  clientAuthMethods: ['none'],
  acrValues: ['phr'],
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'groups', 'name'] },
  cookies: { keys: ['known-to-this-test-alone'] },
  findAccount: async (_, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, name: `Shift of ${id}`, groups: [id.replace(/-\d+$/, '')] }),
  }),
});

// Access tokens for programs of people, with whatever claims somebody asks for: `/minted?{…}`.
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const minted = (claims) => {
  const signed = `${part({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })}.${part(claims)}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' };
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
};

const pages = provider.callback();
server.on('request', (request, response) => {
  const [path, query] = request.url.split('?');
  if (path !== '/minted') return pages(request, response);
  return response.end(minted({ iss: issuer, ...JSON.parse(decodeURIComponent(query)) }));
});
console.log(JSON.stringify({ issuer, keys: { keys: [named(publicKey)] } }));
