"""The mechanism every service stands on: outbox, relay, inbox, consumer, health, logs, access."""
