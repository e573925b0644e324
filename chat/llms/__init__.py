"""Language models opened by one spec string."""
