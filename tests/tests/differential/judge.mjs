// Judges the cases of a file by jose and by oauth4webapi, each by what the issuer's entry says.
import { readFileSync } from 'node:fs'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'

const told = JSON.parse(readFileSync(process.argv[2], 'utf8'))
// oauth4webapi has no other clock.
Date.now = () => told.now * 1000

const issuers = told.issuers.map((issuer) => ({
  ...issuer,
  keys: jose.createLocalJWKSet(issuer.jwks),
  server: { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/jwks` },
}))

const because = (error) => error.message.split('\n')[0].slice(0, 120)

// jwtVerify with every option that says something the entry says.
async function byJose({ issuer: place, token, proof }) {
  if (proof !== null) return false
  const issuer = issuers[place]
  await jose.jwtVerify(token, issuer.keys, {
    issuer: issuer.issuer,
    audience: told.audience,
    algorithms: issuer.algorithms,
    typ: issuer.typ ?? undefined,
    clockTolerance: issuer.leeway,
    maxTokenAge: issuer.age,
    requiredClaims: ['exp', 'sub'],
    currentDate: new Date(told.now * 1000),
  })
  return null
}

// validateJwtAccessToken: RFC 9068, and RFC 9449 for what is bound.
async function byOauth({ issuer: place, token, proof }) {
  const issuer = issuers[place]
  if (issuer.typ !== 'at+jwt') return false
  const headers = new Headers()
  try {
    headers.set('authorization', `${proof === null ? 'Bearer' : 'DPoP'} ${token}`)
    if (proof !== null) headers.set('dpop', proof)
  } catch {
    // No request can carry it.
    return false
  }
  const request = new Request(told.url, { method: told.method, headers, body: '{}' })
  await oauth.validateJwtAccessToken(issuer.server, request, told.audience, {
    signingAlgorithms: [...issuer.algorithms, 'Ed25519'],
    requireDPoP: proof !== null,
    [oauth.clockTolerance]: issuer.leeway,
    [oauth.customFetch]: async () => Response.json(issuer.jwks),
  })
  return null
}

for (const [name, judge] of [['jose', byJose], ['oauth4webapi', byOauth]]) {
  const verdicts = []
  for (const one of told.cases) verdicts.push(await judge(one).catch(because))
  console.log(name, JSON.stringify(verdicts))
}
