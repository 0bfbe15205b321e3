"""The places where a test may kill this service, besides the kernel's."""

from __future__ import annotations

CRASHPOINTS = (
    "notifications.after_claim",
    "notifications.before_handover",
    "notifications.after_handover",
    "notifications.after_mail_sent",
)
"""Letters claimed but nothing fetched; run sealed but not renamed; renamed but no letter settled; mail taken but not noted as sent."""
