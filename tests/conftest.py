"""Settings of all tests."""

import os

from hypothesis import settings

# The same examples on every run there: a new counterexample is for a developer to find, not for a release to trip over.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
