"""Judges the emulated Key Vault with Microsoft's own clients, whose checks are all left on.

Where things are is in the environment, as on Azure; FIRST and SECOND are the versions of the secret
`orders-db`, FIRST_KEY and SECOND_KEY those of the key `tokens`.
"""

import hashlib
import os

from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)
from azure.identity import ManagedIdentityCredential
from azure.keyvault.keys import KeyClient, KeyCurveName, KeyType
from azure.keyvault.keys.crypto import CryptographyClient, SignatureAlgorithm
from azure.keyvault.secrets import SecretClient

FIRST, SECOND = os.environ["FIRST"], os.environ["SECOND"]
FIRST_KEY, SECOND_KEY = os.environ["FIRST_KEY"], os.environ["SECOND_KEY"]
VAULT = os.environ["VAULT"]
DIGEST = hashlib.sha256(b"a message").digest()


def client(credential=None, kind=SecretClient, of=VAULT):
    credential = credential or ManagedIdentityCredential(client_id=os.environ["AZURE_CLIENT_ID"])
    trusted = os.environ["SSL_CERT_FILE"]
    return kind(of, credential, connection_verify=trusted, retry_total=0)


def signer(key):
    return client(kind=CryptographyClient, of=key)


def expect(error, call, *args):
    try:
        call(*args)
    except error as refusal:
        return refusal
    raise AssertionError(f"no {error.__name__}")


def the_newest_version_is_read(vault):
    secret = vault.get_secret("orders-db")
    assert (secret.value, secret.properties.version) == ("two", SECOND)
    assert secret.properties.enabled and secret.properties.created_on
    assert secret.id == f"{VAULT}secrets/orders-db/{SECOND}", secret.id


def an_older_version_is_read_by_its_name(vault):
    assert vault.get_secret("orders-db", FIRST).value == "one"


def names_do_not_differ_by_case(vault):
    assert vault.get_secret("Orders-DB").value == "two"


def versions_are_listed_without_values(vault):
    listed = list(vault.list_properties_of_secret_versions("orders-db"))
    assert [item.version for item in listed] == [FIRST, SECOND]


def what_is_missing_is_not_found(vault):
    missing = expect(ResourceNotFoundError, vault.get_secret, "payroll-db")
    assert missing.error.code == "SecretNotFound", missing.error.code
    expect(ResourceNotFoundError, vault.get_secret, "orders-db", "0" * 32)


def a_secret_is_set_and_rotated(vault):
    made = vault.set_secret("made-here", "three")
    assert vault.get_secret("made-here").value == "three"
    assert vault.set_secret("made-here", "four").properties.version != made.properties.version
    assert vault.get_secret("made-here", made.properties.version).value == "three"
    assert len(list(vault.list_properties_of_secret_versions("made-here"))) == 2


class MadeUp:
    def get_token(self, *_scopes, **_options):
        from azure.core.credentials import AccessToken

        return AccessToken("made-up", 2**31)


def a_made_up_token_is_refused(_):
    expect(ClientAuthenticationError, client(MadeUp()).get_secret, "orders-db")
    expect(ClientAuthenticationError, client(MadeUp(), KeyClient).get_key, "tokens")
    sign = client(MadeUp(), CryptographyClient, f"{VAULT}keys/tokens/{FIRST_KEY}").sign
    expect(ClientAuthenticationError, sign, SignatureAlgorithm.es256, DIGEST)


def a_key_is_read_without_its_private_half(keys):
    key = keys.get_key("tokens")
    assert (key.key_type, key.key.crv) == (KeyType.ec, KeyCurveName.p_256)
    assert key.id == f"{VAULT}keys/tokens/{SECOND_KEY}", key.id
    assert key.properties.version == SECOND_KEY and key.properties.enabled
    assert len(key.key.x) == len(key.key.y) == 32 and key.key.d is None
    assert set(key.key_operations) == {"sign", "verify"}
    assert keys.get_key("Tokens", FIRST_KEY).properties.version == FIRST_KEY


def what_a_key_signs_verifies_under_its_public_half(keys):
    first, second = keys.get_key("tokens", FIRST_KEY), keys.get_key("tokens", SECOND_KEY)
    for key, other in ((first, second), (second, first)):
        signed = signer(key).sign(SignatureAlgorithm.es256, DIGEST)
        assert signed.key_id == key.id and len(signed.signature) == 64, signed.key_id
        # Done here, by OpenSSL: the client has the public half, and the vault cannot verify.
        for public, good in ((key, True), (other, False)):
            verified = signer(public).verify(SignatureAlgorithm.es256, DIGEST, signed.signature)
            assert verified.is_valid is good


def a_key_signs_by_its_name_alone(keys):
    signed = signer(f"{VAULT}keys/tokens").sign(SignatureAlgorithm.es256, DIGEST)
    newest = keys.get_key("tokens")
    assert signed.key_id == newest.id, signed.key_id
    verified = signer(newest).verify(SignatureAlgorithm.es256, DIGEST, signed.signature)
    assert verified.is_valid


def a_missing_key_is_not_found(keys):
    missing = expect(ResourceNotFoundError, keys.get_key, "orders-db")
    assert missing.error.code == "KeyNotFound", missing.error.code
    expect(ResourceNotFoundError, keys.get_key, "tokens", "0" * 32)
    sign = signer(f"{VAULT}keys/tokens/{'0' * 32}").sign
    expect(ResourceNotFoundError, sign, SignatureAlgorithm.es256, DIGEST)


def only_a_digest_is_signed_and_by_its_algorithm(_):
    sign = signer(f"{VAULT}keys/tokens/{FIRST_KEY}").sign
    for algorithm, digest in (("ES256", DIGEST[1:]), ("ES384", DIGEST), ("RS256", DIGEST)):
        refusal = expect(HttpResponseError, sign, SignatureAlgorithm(algorithm), digest)
        assert (refusal.status_code, refusal.error.code) == (400, "BadParameter")


if __name__ == "__main__":
    with client(kind=KeyClient) as keys:
        for judgement in (
            a_key_is_read_without_its_private_half,
            what_a_key_signs_verifies_under_its_public_half,
            a_key_signs_by_its_name_alone,
            a_missing_key_is_not_found,
            only_a_digest_is_signed_and_by_its_algorithm,
        ):
            judgement(keys)
    with client() as vault:
        for judgement in (
            the_newest_version_is_read,
            an_older_version_is_read_by_its_name,
            names_do_not_differ_by_case,
            versions_are_listed_without_values,
            what_is_missing_is_not_found,
            a_secret_is_set_and_rotated,
            a_made_up_token_is_refused,
        ):
            judgement(vault)
