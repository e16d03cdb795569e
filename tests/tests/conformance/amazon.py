"""moto's server with DynamoDB transactions that are atomic. Usage: amazon.py PORT

moto 5.2 puts a copy of the whole table back when a transaction fails, and thereby undoes what other
threads committed meanwhile; and it makes that copy once for every write of a transaction. Here
requests are answered one at a time, and a copy shares its items, which Put replaces but never
changes. Conditions, transactions and errors are moto's own.
"""

import collections
import copy
import sys
import threading

from moto.dynamodb.models.table import Table
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple


def copied(table, _memo):
    twin = copy.copy(table)
    twin.items = collections.defaultdict(dict, {p: dict(rows) for p, rows in table.items.items()})
    return twin


Table.__deepcopy__ = copied

moto = DomainDispatcherApplication(create_backend_app)
alone = threading.Lock()


def one_at_a_time(environ, start_response):
    with alone:
        return moto(environ, start_response)


run_simple(
    "127.0.0.1",
    int(sys.argv[1]),
    one_at_a_time,
    threaded=True,
    request_handler=MotoRequestHandler,
)
