"""LuxTrust, eID and eIDAS as stand-ins that speak OpenID Connect and believe whatever they are told: for demo and tests alone."""
