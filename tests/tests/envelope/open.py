"""An owner with joserfc: makes a key, or opens the envelopes of a folder with it."""

import json
import sys
from pathlib import Path

from joserfc import jwe
from joserfc.errors import DecodeError
from joserfc.jwk import ECKey

what, folder = sys.argv[1], Path(sys.argv[2])

if what == "make":
    key = ECKey.generate_key("P-256")
    (folder / "public.json").write_text(json.dumps(key.as_dict(private=False)))
    (folder / "private.json").write_text(json.dumps(key.as_dict(private=True)))
else:
    key = ECKey.import_key(json.loads((folder / "private.json").read_text()))
    for sealed in folder.glob("*.jwe"):
        read = "null"
        try:
            found = jwe.decrypt_compact(sealed.read_text(), key, algorithms=["ECDH-ES", "A256GCM"])
            assert found.protected["cty"] == "application/json", found.protected
            read = found.plaintext.decode()
        except DecodeError:
            pass
        sealed.with_suffix(".json").write_text(read)
