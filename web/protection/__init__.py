"""Between the network and the page: login, limits for each client, bounds of the queue, a log of requests."""
