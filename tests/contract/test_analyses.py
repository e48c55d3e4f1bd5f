# SPDX-License-Identifier: Apache-2.0
"""What an AnalyzePlan began in Spark ends when nobody waits for it, which Spark Connect's own Interrupt can't do."""

import signal

import pytest

from spark_ui import SparkUi
from test_gateway_faults import end_who_serves, said
from test_processes import kernel_process

pytestmark = pytest.mark.spark


@pytest.fixture
def daemon(new_daemon):
    daemon = new_daemon()
    daemon.ready("shared")
    return daemon


def analysis(daemon, ui) -> tuple:
    """A kernel that waits for an analysis, and its session, once Spark works on it."""
    kernel = kernel_process(daemon, "analyze_for_long", connection="shared")
    session = said(kernel)["session"]
    ui.wait_for(bool)
    return kernel, session


def test_the_test_would_see_a_job_that_goes_on(daemon):
    """Nobody ends it: it is still there when everything else would have ended it."""
    ui = SparkUi(daemon)
    kernel, _ = analysis(daemon, ui)
    (before,) = ui.jobs()
    with pytest.raises(AssertionError):
        ui.wait_for(lambda jobs: not jobs, seconds=5)
    assert [job["jobId"] for job in ui.jobs()] == [before["jobId"]]
    kernel.kill()
    kernel.wait(20)


@pytest.mark.parametrize("how", ["interrupts the cell", "interrupts it by the command", "kills the kernel"])
def test_a_job_of_an_analysis_ends_when_the_user(daemon, how):
    ui = SparkUi(daemon)
    kernel, session = analysis(daemon, ui)
    if how == "interrupts the cell":
        kernel.send_signal(signal.SIGINT)
        assert said(kernel)["type"] == "KeyboardInterrupt"
    elif how == "interrupts it by the command":
        assert daemon.cli("interrupt", "shared", "--session", session).code == 0
        assert said(kernel)["seconds"] < 20
    else:
        kernel.kill()
    ui.wait_for(lambda jobs: not jobs, seconds=10)
    assert kernel.wait(20) == (-signal.SIGKILL if how == "kills the kernel" else 0)


def test_a_job_ends_whose_kernel_died_while_the_daemon_was_away(daemon):
    ui = SparkUi(daemon)
    kernel, _ = analysis(daemon, ui)
    kernel.send_signal(signal.SIGSTOP)  # so that it doesn't start a daemon
    end_who_serves(daemon, signal.SIGKILL)
    kernel.kill()
    kernel.wait(20)
    assert ui.jobs()
    daemon.start()
    ui.wait_for(lambda jobs: not jobs)


def test_a_job_ends_whose_cell_was_interrupted_while_the_daemon_was_away(daemon):
    ui = SparkUi(daemon)
    kernel, _ = analysis(daemon, ui)
    end_who_serves(daemon, signal.SIGKILL)
    kernel.send_signal(signal.SIGINT)
    assert said(kernel)["type"] == "KeyboardInterrupt"
    ui.wait_for(lambda jobs: not jobs)
    assert kernel.wait(20) == 0


def test_other_analyses_and_queries_go_on(daemon):
    ui = SparkUi(daemon)
    interrupted, _ = analysis(daemon, ui)
    (first,) = [job["jobId"] for job in ui.jobs()]
    kept = kernel_process(daemon, "analyze_for_long", connection="shared")
    query = kernel_process(daemon, "wait_for_the_end", connection="shared", kind="once")
    assert said(kept)["running"] and said(query)["running"]
    others = {job["jobId"] for job in ui.wait_for(lambda jobs: len(jobs) == 3)} - {first}
    interrupted.send_signal(signal.SIGINT)
    assert said(interrupted)["type"] == "KeyboardInterrupt"
    ui.wait_for(lambda jobs: first not in {job["jobId"] for job in jobs})
    assert {job["jobId"] for job in ui.jobs()} == others
    for process in (interrupted, kept, query):
        process.kill()
        process.wait(20)
