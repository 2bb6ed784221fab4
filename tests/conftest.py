"""What holds for every test. Random order, blocked sockets and warnings as errors are set in pyproject.toml."""

import os

from hypothesis import HealthCheck, settings

# Before anything imports these libraries: no model hub, and no line on stderr for every LanceDB query.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["LANCEDB_LOG"] = "error"
# Whoever runs the tests may have a key: no test may choose another engine for it, or pay with it.
for name in [name for name in os.environ if name.startswith("ANTHROPIC_")]:
    del os.environ[name]
# Everything is on this machine: no proxy is to be asked for it.
for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
    os.environ.pop(name, None)


# A busy machine is no finding. CI tries the same examples each time, so that a red run can be repeated.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("in_ci", settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("in_ci" if os.environ.get("CI") else "here")
