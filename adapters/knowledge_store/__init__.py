"""The knowledge store on LanceDB. ``open_store`` is all that others need; importing this loads nothing heavy."""

from adapters.knowledge_store.opening import open_store

__all__ = ["open_store"]
