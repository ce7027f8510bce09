"""The web application: routes put together, health, what strangers may send."""
