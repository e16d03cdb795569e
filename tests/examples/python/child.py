"""A root agent, its child, and a grandchild that may do less still: OAuth from Python.

Needs `pip install joserfc requests`, and nothing of Postern's. Reads TOKEN_URL, REQUEST_URL and
ROOT_TOKEN (an access token of your OIDC issuer) from the environment.
"""

import base64
import hashlib
import json
import os
import sys
import time
import uuid
from urllib.parse import urlencode

import requests
from joserfc import jwt
from joserfc.jwk import ECKey

TOKENS, REQUESTS = os.environ["TOKEN_URL"], os.environ["REQUEST_URL"]
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
SPAWN_TICKET = "urn:postern:token-type:spawn_ticket"


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def rights(*tables):
    """What may be read, as `authorization_details` (RFC 9396)."""
    objects = [f"public.{table}" for table in tables]
    return [{"type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": objects}]


class Agent:
    """A key of its own, and the tokens that it gets for it."""

    def __init__(self):
        self.key = ECKey.generate_key("P-256")
        self.token = None

    def proof(self, url, body):
        """Shows that we hold the key, for this one request (RFC 9449)."""
        claims = {"jti": str(uuid.uuid4()), "htm": "POST", "htu": url, "iat": int(time.time())}
        if self.token:
            claims["ath"] = digest(self.token.encode())
        if body is not None:
            claims["bdh"] = digest(body)
        if self.nonce:
            claims["nonce"] = self.nonce
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.as_dict(private=False)}
        return jwt.encode(header, claims, self.key)

    def send(self, url, body, kind, proven):
        """Sends it; once more if the server wants a nonce of its own in the proof."""
        self.nonce = None
        for _ in range(2):
            headers = {"Content-Type": kind, "DPoP": self.proof(url, proven)}
            if self.token:
                headers["Authorization"] = f"DPoP {self.token}"
            answer = requests.post(url, data=body, headers=headers, timeout=30)
            told = answer.text + answer.headers.get("WWW-Authenticate", "")
            if answer.ok or "use_dpop_nonce" not in told:
                break
            self.nonce = answer.headers["DPoP-Nonce"]
        return answer

    def exchange(self, subject, subject_type, wanted=None):
        """Becomes somebody: `POST /token` (RFC 8693)."""
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": subject,
            "subject_token_type": subject_type,
            "resource": f"{REQUESTS}/v1",
        }
        if wanted is not None:
            form["authorization_details"] = json.dumps(wanted)
        form = urlencode(form)
        answer = self.send(f"{TOKENS}/token", form, "application/x-www-form-urlencoded", None)
        granted = expect(answer, 200)
        assert granted["token_type"] == "DPoP", granted["token_type"]
        self.token = granted["access_token"]
        return self

    def post(self, url, value):
        body = json.dumps(value).encode()
        return self.send(url, body, "application/json", body)

    def spawn(self, label, wanted):
        return self.post(f"{TOKENS}/v1/spawn", {"label": label, "authorization_details": wanted})

    def query(self, statement):
        return self.post(f"{REQUESTS}/v1/query", {"target": "shop", "statement": statement})


def expect(answer, status, word=""):
    if answer.status_code != status or word not in answer.text:
        sys.exit(f"{answer.request.url}: not {status} {word}: {answer.status_code} {answer.text}")
    return answer.json()


def main():
    root = Agent().exchange(os.environ["ROOT_TOKEN"], ACCESS_TOKEN, rights("orders", "customers"))
    print("root: has a token of its own, bound to its key")

    ticket = expect(root.spawn("reads-orders", rights("orders")), 201)["ticket"]
    child = Agent().exchange(ticket, SPAWN_TICKET)
    rows = expect(child.query("SELECT item, amount FROM orders WHERE id = 7"), 200)["rows"]
    print(f"child: may read orders, and reads {len(rows)}")
    expect(child.query("SELECT name FROM customers WHERE id = 7"), 403, "policy/rights")
    print("child: may not read customers")

    expect(child.spawn("wider", rights("customers")), 400, "invalid_authorization_details")
    print("grandchild: refused, it would have had more than its parent")

    narrow = [dict(rights("orders")[0], max_rows=1)]
    ticket = expect(child.spawn("narrower", narrow), 201)["ticket"]
    grandchild = Agent().exchange(ticket, SPAWN_TICKET)
    rows = expect(grandchild.query("SELECT item FROM orders WHERE id < 10"), 200)["rows"]
    print(f"grandchild: reads orders one by one, here {len(rows)}")
    if len(rows) != 1:
        sys.exit("its bound was not kept")


main()
