"""No library that we import reports home."""

import subprocess
import sys

import pytest

_IMPORT = """
import sys
import {package}
import openvino.tools.ovc
print(sys.modules["openvino_telemetry"], openvino.tools.ovc.telemetry_utils.tm.__name__)
"""


@pytest.mark.parametrize("package", ["indexer", "chat"])
def test_openvino_has_nothing_to_report_with(package: str) -> None:
    pytest.importorskip("openvino")
    run = [sys.executable, "-c", _IMPORT.format(package=package)]
    told = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert told.strip() == "None openvino.tools.ovc.telemetry_stub"
