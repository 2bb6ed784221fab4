"""A page of figures as a picture. ``draw`` needs matplotlib, which is loaded when it is called."""

from adapters.picture.page import check_file, draw

__all__ = ["check_file", "draw"]
