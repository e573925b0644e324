"""The texts of the interface: one table a language, and how a count or a day is written in it."""
