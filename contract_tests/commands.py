"""The commands of this package, found by the entry point group `liandan.commands`."""

from contract_tests.demo.command import demo
from contract_tests.mocks.command import mock

__all__ = ["demo", "mock"]
