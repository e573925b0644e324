"""Following feeds, sitemaps and folders: what is new in them is added to the archive again and again."""
