"""moto's server with a Step Functions that runs its machines. Usage: amazon.py PORT FUNCTIONS

moto has Amazon's own rules for states, tokens and time-outs, but for three things. It runs no Lambda
function without Docker: whatever invokes one is passed on to FUNCTIONS, the address of something that
answers `Invoke`. It calls a heart that stops `States.Timeout`, where Amazon has a name for that. And it
takes words for tasks that have ended, where Amazon says `TaskTimedOut`.
"""

import os
import sys
import urllib.error
import urllib.request

port, functions = sys.argv[1:3]
os.environ["MOTO_PORT"] = port

from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.stepfunctions.exceptions import AWSError
from moto.stepfunctions.parser import models  # the interpreter, which takes seconds to load
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback as callback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackConsumerTimeout,
    CallbackEndpoint,
)
from werkzeug.serving import run_simple
from werkzeug.wrappers import Request, Response

default_user_config["stepfunctions"] = {"execute_state_machine": True}
for service in ("sqs", "stepfunctions"):
    create_backend_app(service)
found = callback.StateTaskServiceCallback._from_error


def named(self, env, ex):
    event = found(self, env, ex)
    if isinstance(ex, callback.HeartbeatTimeoutError):
        event.error_name = StatesErrorName(typ=StatesErrorNameType.StatesHeartbeatTimeout)
    return event


callback.StateTaskServiceCallback._from_error = named


class TaskTimedOut(AWSError):
    TYPE = "TaskTimedOut"
    STATUS = 400

    def __init__(self):
        super().__init__("Task Timed Out: 'Provided task does not exist anymore'")


# moto means to raise either, and fails over it.
models.TaskTimedOut = models.TaskDoesNotExist = TaskTimedOut
interrupted = CallbackEndpoint.interrupt_all


def over(self):
    interrupted(self)
    self.report(CallbackConsumerTimeout())


CallbackEndpoint.interrupt_all = over
amazon = DomainDispatcherApplication(create_backend_app)


def served(environ, start_response):
    if environ["PATH_INFO"].startswith("/2015-03-31/functions/"):
        return passed_on(Request(environ))(environ, start_response)
    return amazon(environ, start_response)


def passed_on(ask):
    again = urllib.request.Request(functions + ask.path, data=ask.get_data(), method=ask.method)
    try:
        answer = urllib.request.urlopen(again, timeout=60)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        kept = {k: v for k, v in answer.headers.items() if k.lower().startswith("x-amz")}
        return Response(answer.read(), status=answer.status, headers=kept)


run_simple(
    "127.0.0.1",
    int(port),
    served,
    threaded=True,
    request_handler=MotoRequestHandler,
)
