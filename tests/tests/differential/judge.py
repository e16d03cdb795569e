"""Judges the cases of a file by joserfc, each by what the issuer's entry says."""

import json
import sys
import warnings

from joserfc import jwt
from joserfc.jwk import KeySet

# EdDSA has a new name.
warnings.simplefilter("ignore")


class WrongType(Exception):
    """The header's type, which the library leaves to its callers."""


def judge(issuer, now, audience, token):
    said = jwt.decode(token, issuer["keys"], algorithms=issuer["algorithms"])
    kind = said.header.get("typ", "")
    wanted = [issuer["typ"]] if issuer["typ"] else ["", "JWT"]
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in [
        one.lower() for one in wanted
    ]:
        raise WrongType(kind)
    registry = jwt.JWTClaimsRegistry(
        now=now,
        leeway=issuer["leeway"],
        iss={"essential": True, "value": issuer["issuer"]},
        aud={"essential": True, "value": audience},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    registry.validate(said.claims)


def verdict(told, case):
    if case["proof"] is not None:
        return False
    issuer = told["issuers"][case["issuer"]]
    try:
        judge(issuer, told["now"], told["audience"], case["token"])
    except Exception as error:  # Whatever it raises, it does not believe.
        return type(error).__name__
    return None


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        told = json.load(file)
    for issuer in told["issuers"]:
        issuer["keys"] = KeySet.import_key_set(issuer["jwks"])
    print("joserfc", json.dumps([verdict(told, case) for case in told["cases"]]))


main()
