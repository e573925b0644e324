"""What a browser meets: the page, its conversations, its server."""
