"""Judges the emulated Key Vault with Microsoft's own client, whose checks are all left on.

Where things are is in the environment, as on Azure; FIRST and SECOND are the versions of `orders-db`.
"""

import os

from azure.core.exceptions import ClientAuthenticationError, ResourceNotFoundError
from azure.identity import ManagedIdentityCredential
from azure.keyvault.secrets import SecretClient

FIRST, SECOND = os.environ["FIRST"], os.environ["SECOND"]


def client(credential=None):
    credential = credential or ManagedIdentityCredential(client_id=os.environ["AZURE_CLIENT_ID"])
    trusted = os.environ["SSL_CERT_FILE"]
    return SecretClient(os.environ["VAULT"], credential, connection_verify=trusted, retry_total=0)


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
    assert secret.id == f"{os.environ['VAULT']}secrets/orders-db/{SECOND}", secret.id


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


def a_made_up_token_is_refused(_):
    class MadeUp:
        def get_token(self, *_scopes, **_options):
            from azure.core.credentials import AccessToken

            return AccessToken("made-up", 2**31)

    expect(ClientAuthenticationError, client(MadeUp()).get_secret, "orders-db")


if __name__ == "__main__":
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
