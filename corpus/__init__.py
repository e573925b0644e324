"""News articles: read from files, feeds and pages, dated, and grouped into syndicated copies."""
