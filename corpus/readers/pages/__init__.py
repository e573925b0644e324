"""Web pages: saved one by one or in an archive of the web."""
