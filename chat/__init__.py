"""A conversation about a news archive: from a question to a checked answer."""

import sys

# OpenVINO reports its use to Google Analytics as soon as it is imported, unless this package of its cannot be.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
