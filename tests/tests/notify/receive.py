"""A receiver with standardwebhooks: which messages of a file it believes."""

import json
import sys
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError


def believed(message: dict) -> bool:
    try:
        Webhook(message["key"]).verify(message["body"], message["headers"])
    except WebhookVerificationError:
        return False
    return True


print(json.dumps([believed(message) for message in json.loads(Path(sys.argv[1]).read_text())]))
