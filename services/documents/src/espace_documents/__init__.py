"""Channel decision, rendering, archive and eDelivery."""
