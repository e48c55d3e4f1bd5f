# SPDX-License-Identifier: Apache-2.0
"""What Spark 3.5's Python client lacks of Spark 4's: policies of retries, and the end of what a Ctrl-C leaves running.

Imported where pyspark has no `pyspark.sql.connect.client.retries`.
"""

from __future__ import annotations

import contextlib
import functools
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from pyspark.sql.connect.client import SparkConnectClient, core
from pyspark.sql.connect.client.reattach import RetryException

_by_pyspark = core.Retrying


class RetryPolicy:
    """Whether to try again, and after how many milliseconds."""

    def __init__(
        self,
        *,
        max_retries: int | None = None,
        initial_backoff: int = 50,
        max_backoff: int = 1000,
        backoff_multiplier: float = 2.0,
        jitter: int = 0,
        min_jitter_threshold: int = 0,
    ) -> None:
        self.max_retries = max_retries
        self.initial_backoff = initial_backoff
        self.max_backoff = max_backoff
        self.backoff_multiplier = backoff_multiplier
        self.jitter = jitter
        self.min_jitter_threshold = min_jitter_threshold

    def can_retry(self, exception: BaseException) -> bool:
        raise NotImplementedError

    def to_state(self) -> RetryPolicyState:
        return RetryPolicyState(self)


class RetryPolicyState:
    """The tries of one call."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._tries = 0
        self._wait = float(policy.initial_backoff)

    def can_retry(self, exception: BaseException) -> bool:
        return self._policy.can_retry(exception)

    def next_attempt(self) -> int | None:
        """Milliseconds to wait; None: that was enough."""
        policy = self._policy
        if policy.max_retries is not None and self._tries >= policy.max_retries:
            return None
        self._tries += 1
        wait, self._wait = self._wait, min(float(policy.max_backoff), self._wait * policy.backoff_multiplier)
        return int(wait + (random.uniform(0, policy.jitter) if wait >= policy.min_jitter_threshold else 0))


class DefaultPolicy(RetryPolicy):
    """What pyspark itself tries again."""

    def can_retry(self, exception: BaseException) -> bool:
        return bool(SparkConnectClient.retry_exception(exception))


class _Attempt:
    """One try, as `with attempt:`; `failed_with` is what may be tried again."""

    def __init__(self, state: RetryPolicyState) -> None:
        self._state = state
        self.failed_with: BaseException | None = None

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: Any, exception: BaseException | None, _traceback: Any) -> bool:
        if exception is None or not (isinstance(exception, RetryException) or self._state.can_retry(exception)):
            return False
        self.failed_with = exception
        return True


def _retrying(
    can_retry: Callable[..., bool], policy: RetryPolicy | None = None, **timing: Any
) -> Iterator[Any] | core.Retrying:
    """Stands where pyspark makes its Retrying of the client's `_retry_policy`."""
    return _by_pyspark(can_retry=can_retry, **timing) if policy is None else _tries(policy.to_state())


def _tries(state: RetryPolicyState) -> Iterator[_Attempt]:
    while True:
        attempt = _Attempt(state)
        yield attempt
        if attempt.failed_with is None:
            return
        wait = state.next_attempt()
        if wait is None:
            raise attempt.failed_with
        time.sleep(wait / 1000)


core.Retrying = _retrying


def set_retry_policies(client: SparkConnectClient, policies: list[RetryPolicy]) -> None:
    (policy,) = policies
    client._retry_policy = {"policy": policy}


def _interrupting(run: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    @functools.wraps(run)
    def watched(self: SparkConnectClient, request: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        try:
            yield from run(self, request, *args, **kwargs)
        except KeyboardInterrupt:
            if "policy" in self._retry_policy and request.operation_id:  # else it is no client of ours
                with contextlib.suppress(Exception):  # what the user did is what is said
                    self.interrupt_operation(request.operation_id)
            raise

    return watched


SparkConnectClient._execute_and_fetch_as_iterator = _interrupting(SparkConnectClient._execute_and_fetch_as_iterator)
