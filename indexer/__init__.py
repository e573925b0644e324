"""Everything on disk: stores articles, passages and vectors, keeps the indexes in step, and opens them for search."""

import sys

# OpenVINO reports its use to Google Analytics as soon as it is imported, unless this package of its cannot be.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
