"""The nouns of DESIGN section 3 as frozen dataclasses, and the error tree. Imports nothing of the project."""
