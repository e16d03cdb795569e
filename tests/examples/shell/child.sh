#!/usr/bin/env bash
# A root agent, its child, and a grandchild that may do less still: OAuth from curl and openssl.
#
# Reads TOKEN_URL, REQUEST_URL and ROOT_TOKEN (an access token of your OIDC issuer) from the
# environment.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
umask 077

fail() { printf '%s\n' "$*" >&2; exit 1; }
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
digest() { openssl dgst -sha256 -binary | base64url; }
# The value of a text member, which holds no quotes: tokens, tickets and ids do not.
member() { sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }

# key NAME: a P-256 key, and its public half as a JWK.
key() {
  openssl ecparam -name prime256v1 -genkey -noout -out "$folder/$1.pem"
  # The last 64 bytes of the public key are its two coordinates.
  openssl ec -in "$folder/$1.pem" -pubout -outform DER 2>/dev/null | tail -c 64 >"$folder/$1.xy"
  printf '{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}' \
    "$(head -c 32 "$folder/$1.xy" | base64url)" "$(tail -c 32 "$folder/$1.xy" | base64url)" >"$folder/$1.jwk"
}

# sign NAME: the signature of what stands on standard input, as JWS has it: r and s, 32 bytes each.
# openssl gives two DER integers, which may have a leading zero or lack one.
sign() {
  openssl dgst -sha256 -sign "$folder/$1.pem" | openssl asn1parse -inform DER \
    | sed -n 's/.*INTEGER *:\(-\{0,1\}[0-9A-F]*\)$/\1/p' \
    | while read -r number; do printf '%64s' "$number" | tr ' ' '0'; done \
    | sed 's/../\\x&/g' | { read -r hex || true; printf '%b' "$hex"; } | base64url
}

# proof NAME URL TOKEN BODY-FILE: shows that NAME holds its key, for one request (RFC 9449).
proof() {
  local header claims message
  header="$(printf '{"typ":"dpop+jwt","alg":"ES256","jwk":%s}' "$(cat "$folder/$1.jwk")" | base64url)"
  claims="$(printf '"jti":"%s","htm":"POST","htu":"%s","iat":%s' "$(openssl rand -hex 16)" "$2" "$(date +%s)")"
  [ -z "$3" ] || claims+=",\"ath\":\"$(printf '%s' "$3" | digest)\""
  [ -z "$4" ] || claims+=",\"bdh\":\"$(digest <"$4")\""
  [ ! -s "$folder/nonce" ] || claims+=",\"nonce\":\"$(cat "$folder/nonce")\""
  message="$header.$(printf '{%s}' "$claims" | base64url)"
  printf '%s.%s' "$message" "$(printf '%s' "$message" | sign "$1")"
}

# send STATUS WORD NAME URL TOKEN BODY-FILE CURL-ARGUMENTS…: the answer, which must have this status
# and hold this word. Sent once more if the server wants its nonce in the proof.
send() {
  local status="$1" word="$2" name="$3" url="$4" token="$5" body="$6" got
  shift 6
  rm -f "$folder/nonce"
  for _ in 1 2; do
    got="$(curl -sS -D "$folder/headers" -o "$folder/answer" -w '%{http_code}' \
      -H "DPoP: $(proof "$name" "$url" "$token" "$body")" "$@" "$url")"
    case "$got" in 400 | 401) ;; *) break ;; esac
    tr -d '\r' <"$folder/headers" | sed -n 's/^[Dd][Pp]o[Pp]-[Nn]once: //p' >"$folder/nonce"
    [ -s "$folder/nonce" ] || break
  done
  if [ "$got" != "$status" ] || ! grep -q "$word" "$folder/answer"; then
    fail "$url: not $status $word: $got $(cat "$folder/answer")"
  fi
  cat "$folder/answer"
}

# exchange NAME SUBJECT TYPE RIGHTS: the token that NAME gets, bound to its key (RFC 8693).
exchange() {
  local wanted=()
  [ -z "$4" ] || wanted=(--data-urlencode "authorization_details=$4")
  send 200 '"DPoP"' "$1" "$TOKEN_URL/token" "" "" \
    --data-urlencode "grant_type=urn:ietf:params:oauth:grant-type:token-exchange" \
    --data-urlencode "subject_token=$2" --data-urlencode "subject_token_type=$3" \
    --data-urlencode "resource=$REQUEST_URL/v1" "${wanted[@]}" | member access_token
}

# post STATUS WORD NAME TOKEN URL JSON: the answer; the proof is for exactly this body.
post() {
  printf '%s' "$6" >"$folder/body"
  send "$1" "$2" "$3" "$5" "$4" "$folder/body" \
    -H "Authorization: DPoP $4" -H 'Content-Type: application/json' --data-binary "@$folder/body"
}
spawn() { post "$1" "$2" "$3" "$4" "$TOKEN_URL/v1/spawn" "{\"label\":\"$5\",\"authorization_details\":$6}"; }
query() { post "$1" "$2" "$3" "$4" "$REQUEST_URL/v1/query" "{\"target\":\"shop\",\"statement\":\"$5\"}"; }

access_token='urn:ietf:params:oauth:token-type:access_token'
spawn_ticket='urn:postern:token-type:spawn_ticket'
# What may be read, as authorization_details (RFC 9396).
rights() { printf '[{"type":"postgres","locations":["shop"],"actions":["select"],"objects":[%s]%s}]' "$1" "${2:-}"; }

key root
root="$(exchange root "$ROOT_TOKEN" "$access_token" "$(rights '"public.orders","public.customers"')")"
echo "root: has a token of its own, bound to its key"

key child
ticket="$(spawn 201 ticket root "$root" reads-orders "$(rights '"public.orders"')" | member ticket)"
child="$(exchange child "$ticket" "$spawn_ticket" "")"
query 200 '"rows"' child "$child" "SELECT item, amount FROM orders WHERE id = 7" >/dev/null
echo "child: may read orders, and does"
query 403 policy/rights child "$child" "SELECT name FROM customers WHERE id = 7" >/dev/null
echo "child: may not read customers"

spawn 400 invalid_authorization_details child "$child" wider "$(rights '"public.customers"')" >/dev/null
echo "grandchild: refused, it would have had more than its parent"

key grandchild
ticket="$(spawn 201 ticket child "$child" narrower "$(rights '"public.orders"' ',"max_rows":1')" | member ticket)"
grandchild="$(exchange grandchild "$ticket" "$spawn_ticket" "")"
query 200 '"row_count":1,' grandchild "$grandchild" "SELECT item FROM orders WHERE id < 10" >/dev/null
echo "grandchild: reads orders one by one"
