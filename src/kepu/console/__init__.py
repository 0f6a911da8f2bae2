"""The back office inside Wagtail's admin: queues, dashboards, reports."""
