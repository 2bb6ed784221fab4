"""Web pages: what is boilerplate, what is text, and where its headings can be opened."""
