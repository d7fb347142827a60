"""From settings to services: the only place that picks adapters."""
