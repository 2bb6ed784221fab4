"""Forks of one warm process: the libraries are imported once, and whatever runs then runs in a child of its own, which begins
as clean as a new process.

``serve`` runs command lines so, ``tests.crash.zygote`` replays. A child ends without taking the interpreter down: the
libraries' threads were not forked, and C++ would wait for them.
"""

import gc
import json
import os
import resource
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from functools import partial

import alembic.command
import lancedb
import onnxruntime
import pyarrow as pa
import sqlalchemy.dialects.sqlite.aiosqlite
import tokenizers

import bot.channel_backfill
import bot.chat
import bot.cli
import bot.doctor_run
import bot.figures
import bot.kb_exchange
import bot.kb_stats
import bot.labels
import bot.lookup
import bot.replay
import bot.stats

WARM = (alembic.command, lancedb, onnxruntime, pa, sqlalchemy.dialects.sqlite.aiosqlite, tokenizers)
OURS = (
    bot.channel_backfill,
    bot.chat,
    bot.doctor_run,
    bot.figures,
    bot.kb_exchange,
    bot.kb_stats,
    bot.labels,
    bot.lookup,
    bot.replay,
    bot.stats,
)
LIMIT_S = 120


def forked(work: Callable[[], int | None]) -> int:
    """Run a callable in a child and give its pid; the child never returns, and ends with 1 where the callable raises."""
    gc.freeze()  # what was imported stays: no child looks through it for garbage, nor copies its pages for that
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # LanceDB's, of a fork amidst its work: there is none yet
        pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        ended = work() or 0
        sys.stdout.flush()
        code = ended
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def exit_code(work: Callable[[], int | None]) -> int:
    """Run in a child to its end; the negative number of the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1])


def serve() -> None:
    """Run the command line that each line of standard input asks for, and answer with its exit code; see
    ``tests.scenario.command_line``."""
    with os.fdopen(os.dup(1), "w") as answers:
        for line in iter(sys.stdin.readline, ""):
            asked = json.loads(line)
            answers.write(f"{exit_code(partial(command, **asked))}\n")
            answers.flush()


def command(
    argv: list[str],
    cwd: str,
    environment: dict[str, str],
    files: list[str],
    limit_bytes: int | None,
) -> int:
    """Be the console script: with this environment alone, standard input, output and error from and to three files, which may
    not grow over a limit, and no longer than two minutes. Gives the exit code."""
    signal.alarm(LIMIT_S)
    for descriptor, name in enumerate(files):
        os.dup2(os.open(name, os.O_RDWR), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.argv = argv
    if limit_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
    try:
        bot.cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
