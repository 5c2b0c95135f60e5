"""The shape of an adapter file. Field names here are the keys that a provincial IT team writes.

All scalars arrive as text; the types of `texts` turn them into what they are. A title is for people, in Chinese and English.
"""

from adapters.spec.adapter import AdapterSpec, DatasetSpec, DriverName
from adapters.spec.answer import AnswerSpec
from adapters.spec.auth import AuthSpec, BasicSpec, CertificateSpec, ExpirySpec, NonceSpec, OAuth2Spec, TimeSpec
from adapters.spec.cipher import CipherSpec
from adapters.spec.detail import DetailSpec
from adapters.spec.drop import AfterSpec, CompleteSpec, MarkerSpec, SplitSpec, VersionsSpec
from adapters.spec.limits import LimitsSpec
from adapters.spec.peer import PeerSpec
from adapters.spec.reached import ReachedSpec, TlsSpec
from adapters.spec.reading import CursorSpec, PagingSpec
from adapters.spec.request import RequestSpec
from adapters.spec.schedule import AgainSpec, ScheduleSpec
from adapters.spec.send import HeldSpec, SendSpec, SentFileSpec
from adapters.spec.sftp import SftpSpec
from adapters.spec.soap import SecuritySpec, SoapSpec
from adapters.spec.target import RetrySpec, TargetSpec

__all__ = [
    "AdapterSpec",
    "AfterSpec",
    "AgainSpec",
    "AnswerSpec",
    "AuthSpec",
    "BasicSpec",
    "CertificateSpec",
    "CipherSpec",
    "CompleteSpec",
    "CursorSpec",
    "DatasetSpec",
    "DetailSpec",
    "DriverName",
    "ExpirySpec",
    "HeldSpec",
    "LimitsSpec",
    "MarkerSpec",
    "NonceSpec",
    "OAuth2Spec",
    "PagingSpec",
    "PeerSpec",
    "ReachedSpec",
    "RequestSpec",
    "RetrySpec",
    "ScheduleSpec",
    "SecuritySpec",
    "SendSpec",
    "SentFileSpec",
    "SftpSpec",
    "SoapSpec",
    "SplitSpec",
    "TargetSpec",
    "TimeSpec",
    "TlsSpec",
    "VersionsSpec",
]
