"""Where a fault's own code stands, by local names in either version of SOAP."""

import pytest
from lxml import etree

from adapters.decode.soap import fault_of
from adapters.soap.fault import fault_codes
from adapters.spec import AnswerSpec

SOAP_11 = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>
<faultstring>x</faultstring><detail><e:errNo xmlns:e="urn:e">7</e:errNo></detail></s:Fault></s:Body></s:Envelope>"""
SOAP_12 = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>
<s:Reason><s:Text xml:lang="zh">x</s:Text></s:Reason><s:Detail><e:f xmlns:e="urn:e"><e:errNo>7</e:errNo></e:f></s:Detail></s:Fault>
</s:Body></s:Envelope>"""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (SOAP_11, "detail/errNo"),
        (SOAP_11, "detail//*[local-name()='errNo']"),
        (SOAP_12, "Detail//errNo"),
        (SOAP_12, "Detail//*[local-name()='errNo']"),
        (SOAP_12, "*[local-name()='Detail']/f/errNo"),
    ],
)
def test_a_faults_own_code_is_found_whatever_namespaces_it_has(text, place):
    fault = fault_of(etree.fromstring(text))
    assert fault_codes(fault, AnswerSpec(fault_code=place))[0] == "7"
