"""The widget: a bubble on an owner's own site, which opens the visitor's page in a frame, on named sites only."""

from core.publish.widget.routes import try_page, try_style, widget_file
from core.publish.widget.snippet import snippet

__all__ = ["snippet", "try_page", "try_style", "widget_file"]
