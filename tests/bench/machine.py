"""What the figures depend on besides the code."""

import os
import platform


def cpu_model():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.machine()


def describe(context):
    """`context` is that of snnl-bench."""
    caches = [f"L{c['level']} {c['type'].lower()} {c['size'] // 1024} KiB" for c in context.get("caches", [])]
    return {"cpu": cpu_model(), "cores": os.cpu_count(), "caches": caches, "blas": context.get("blas"),
            "simd": context.get("simd")}
