"""The shape of an adapter file. Field names here are the keys that a provincial IT team writes.

All scalars arrive as text; the types of `texts` turn them into what they are. A title is for people, in Chinese and English.
"""

from adapters.spec.adapter import AdapterSpec, DatasetSpec, DriverName
from adapters.spec.answer import AnswerSpec
from adapters.spec.auth import AuthSpec
from adapters.spec.drop import MarkerSpec
from adapters.spec.limits import LimitsSpec
from adapters.spec.peer import PeerSpec
from adapters.spec.reading import CursorSpec, PagingSpec
from adapters.spec.request import RequestSpec
from adapters.spec.soap import SoapSpec
from adapters.spec.target import RetrySpec, TargetSpec

__all__ = [
    "AdapterSpec",
    "AnswerSpec",
    "AuthSpec",
    "CursorSpec",
    "DatasetSpec",
    "DriverName",
    "LimitsSpec",
    "MarkerSpec",
    "PagingSpec",
    "PeerSpec",
    "RequestSpec",
    "RetrySpec",
    "SoapSpec",
    "TargetSpec",
]
