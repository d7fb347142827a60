"""Reports for people: self-contained HTML, nothing fetched."""

from inspector.adapters.report.evaluation import evaluation_html

__all__ = ["evaluation_html"]
